"""The shipped scenarios say what they are and where their numbers come from."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from zizhu.policy import compile_wedges, load_scenario, scenario_names
from zizhu.world.build_2017 import SOURCE_FILE
from zizhu.world.catalogue import DATA_VARIABLE


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenario_is_documented_and_compiles(name, world):
    found = load_scenario(name)
    assert 10 < len(found.title) < 80
    assert len(found.context) > 80
    assert found.focus in world.regions
    assert found.variants
    compile_wedges(found, world)
    if name == "baseline":
        assert not found.measures
        return
    assert found.sources
    assert found.measures
    for measure in found.measures:
        assert measure.source


@pytest.mark.parametrize(
    ("scenario", "label", "table", "cell"),
    [
        ("tariff-war-2018", "us-on-china", "us_tariff_on_china", ("CHN", "USA")),
        ("tariff-war-2018-retaliation", "us-on-china", "us_tariff_on_china", ("CHN", "USA")),
        ("tariff-war-2018-retaliation", "china-on-us", "china_tariff_on_us", ("USA", "CHN")),
    ],
)
def test_war_tariffs_are_the_data_s(scenario, label, table, cell, world):
    """To four decimals of a percentage point, sector by sector."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    file = Path(os.environ.get(DATA_VARIABLE) or beside) / SOURCE_FILE
    if not file.is_file():
        pytest.skip(f"{SOURCE_FILE} is not here: set {DATA_VARIABLE}")
    with np.load(file) as data:
        expected, sectors = 100 * data[table], list(map(str, data["sectors"]))
    found = load_scenario(scenario)
    only = found.model_copy(
        update={"measures": tuple(m for m in found.measures if m.label == label)}
    )
    exporter, importer = map(world.regions.index, cell)
    wedges = compile_wedges(only, world)
    got = 100 * wedges.tariff[exporter, :, importer]
    taxed = [sector for sector, rate in zip(world.sectors, got, strict=True) if rate]
    assert len(taxed) == 22
    goods = expected[: len(taxed)] if len(expected) < len(sectors) else expected[expected != 0]
    np.testing.assert_allclose(got[got != 0], goods, atol=5.1e-5)
    assert np.count_nonzero(wedges.tariff) == 22
