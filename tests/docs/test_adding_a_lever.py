"""The lever that docs/adding.md shows works as it stands: one file, nothing else."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml

from zizhu.policy import Scenario, compile_wedges, json_schema
from zizhu.policy import levers as known_levers
from zizhu.policy.compile_path import compile_path
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_labels import PathLabels
from zizhu.world import open_world

levers_package = sys.modules["zizhu.policy.levers"]
DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = DOCS / "examples" / "export_subsidy.py"


@pytest.fixture
def with_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    shutil.copy(EXAMPLE, tmp_path)
    monkeypatch.setattr(levers_package, "__path__", [*levers_package.__path__, str(tmp_path)])
    known_levers.cache_clear()
    yield
    known_levers.cache_clear()
    sys.modules.pop("zizhu.policy.levers.export_subsidy", None)
    vars(levers_package).pop("export_subsidy", None)


@pytest.fixture
def path() -> PathContext:
    """A small path made by hand: one node, one firm, output growing by a tenth a year."""
    world = open_world("2017")
    years = (2017, 2018, 2019, 2020)
    grown = 1.1 ** np.arange(len(years))
    regions = len(world.regions)
    labels = PathLabels(world, years, ("chain/node",), ("firm",))
    return PathContext(
        world=world,
        groups=world.groups,
        parameters={"public_funds": 1.0, "unfinanced_outlay_limit": 5.0},
        labels=labels,
        gdp=world.gdp * grown[:, None],
        cost=world.output * grown[:, None, None],
        purchases=np.ones((1, regions)),
        made=np.ones((1, regions)),
        sourcing=np.full((1, regions, regions), 1 / regions),
        barred=np.zeros((len(years), 1, regions, regions)),
        controlled=np.zeros((1, regions, regions)),
        research=np.ones(regions),
        timeline=lambda until, hoarding: labels.none(),  # noqa: ARG005 (of the protocol)
        above=np.ones((len(years), 1)),
        traded=np.ones(1, dtype=bool),
        node_sectors=("",),
    )


def shown() -> list[dict[str, object]]:
    """The measures that the page writes with the lever."""
    page = (DOCS / "adding.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(body) for body in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    found = [block for block in blocks if isinstance(block, dict) and "measures" in block]
    assert len(found) == 2
    return found


def test_the_example_is_not_shipped_already() -> None:
    assert EXAMPLE.stem not in known_levers()


@pytest.mark.usefixtures("with_example")
def test_example_lever_compiles() -> None:
    world = open_world("2017")
    scenario = Scenario.model_validate({"name": "x", "title": "x", **shown()[0]})
    tax = compile_wedges(scenario, world).export_tax
    china, states = world.regions.index("CHN"), world.regions.index("USA")
    assert tax[china, world.sectors.index("B07_08"), states] == pytest.approx(-0.2)
    assert np.count_nonzero(tax) == 2


@pytest.mark.usefixtures("with_example")
def test_example_lever_works_on_a_path(path: PathContext) -> None:
    given = {**shown()[1], "years": 2020}
    scenario = Scenario.model_validate({"name": "x", "title": "x", **given})
    found = compile_path(scenario, path)
    world = path.world
    china, ores = world.regions.index("CHN"), world.sectors.index("B07_08")
    buyers = [world.regions.index(name) for name in ("USA", "JPN")]
    rise = np.array([0, 0.25, 0.75, 1.0])
    for buyer in buyers:
        np.testing.assert_allclose(found.wedges.export_tax[:, china, ores, buyer], -0.2 * rise)
    assert np.count_nonzero(found.wedges.export_tax) == 6
    exports = world.flows[china, ores, buyers].sum()
    np.testing.assert_allclose(
        found.ledger.by_year, 0.2 * rise * exports * 1.1 ** np.arange(4), rtol=1e-12
    )
    assert found.ledger.entries[0].payer == "central government"


@pytest.mark.usefixtures("with_example")
def test_example_lever_is_in_the_schema() -> None:
    assert "ExportSubsidy" in json_schema()["$defs"]
