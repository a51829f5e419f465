"""The lever that docs/adding.md shows works as it stands: one file, nothing else."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from zizhu.policy import Scenario, compile_wedges, json_schema
from zizhu.policy import levers as known_levers
from zizhu.world import open_world

levers_package = sys.modules["zizhu.policy.levers"]
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "export_tax.py"


@pytest.fixture
def with_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    shutil.copy(EXAMPLE, tmp_path)
    monkeypatch.setattr(levers_package, "__path__", [*levers_package.__path__, str(tmp_path)])
    known_levers.cache_clear()
    yield
    known_levers.cache_clear()
    sys.modules.pop("zizhu.policy.levers.export_tax", None)
    vars(levers_package).pop("export_tax", None)


def test_the_example_is_not_shipped_already() -> None:
    assert EXAMPLE.stem not in known_levers()


@pytest.mark.usefixtures("with_example")
def test_example_lever_compiles() -> None:
    world = open_world("2017")
    measure = {
        "lever": "export_tax",
        "label": "rare-earths",
        "exporters": "CHN",
        "importers": ["USA", "JPN"],
        "sectors": "B07_08",
        "size": "20 %",
    }
    scenario = Scenario.model_validate({"name": "x", "title": "x", "measures": [measure]})
    tax = compile_wedges(scenario, world).export_tax
    china, states = world.regions.index("CHN"), world.regions.index("USA")
    assert tax[china, world.sectors.index("B07_08"), states] == pytest.approx(0.2)
    assert np.count_nonzero(tax) == 2


@pytest.mark.usefixtures("with_example")
def test_example_lever_is_in_the_schema() -> None:
    assert "ExportTax" in json_schema()["$defs"]
