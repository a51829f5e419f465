"""The shipped scenarios say what they are and where their numbers come from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from calibration_2017 import SOURCE_FILE, data_folder
from lever_contexts import context

from zizhu.policy import compile_wedges, context_of, load_scenario, scenario_names
from zizhu.policy.compile_path import compile_path
from zizhu.world import open_world


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenario_is_documented_and_compiles(name):
    """A static one compiles on every shipped world, a path on the newest."""
    found = load_scenario(name)
    world = open_world(found.world)
    assert 10 < len(found.title) < 90
    assert len(found.context) > 80
    assert found.focus in world.regions
    if found.years is None:
        assert found.variants
        for year in ("2017", "2022"):
            compile_wedges(found, open_world(year))
    else:
        assert found.world == "2022"
        ours = replace(context(), groups=context_of(found, world).groups)
        compiled = compile_path(found, ours)
        assert set(compiled.by_measure) == {measure.label for measure in found.measures}
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
    with np.load(data_folder() / SOURCE_FILE) as data:
        sectors = map(str, data["sectors"])
        published = dict(zip(sectors, 100 * data[table], strict=False))
    found = load_scenario(scenario)
    only = found.model_copy(
        update={"measures": tuple(m for m in found.measures if m.label == label)}
    )
    exporter, importer = map(world.regions.index, cell)
    wedges = compile_wedges(only, world)
    got = 100 * wedges.tariff[exporter, :, importer]
    taxed = [sector for sector, rate in zip(world.sectors, got, strict=True) if rate]
    # Both parts of a split sector carry the rate of the whole.
    parts = {part: whole for whole, members in world.groups.items() for part in members}
    names = [parts.get(sector, sector) for sector in taxed]
    assert set(names) == {sector for sector, rate in published.items() if rate}
    assert len(taxed) == 24
    np.testing.assert_allclose(got[got != 0], [published[name] for name in names], atol=5.1e-5)
    assert np.count_nonzero(wedges.tariff) == 24
