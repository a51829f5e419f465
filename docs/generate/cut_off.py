"""What it costs when chips stop coming from one region, for a year or for ever."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

import zizhu as zz
from generate.fresh import write
from generate.markdown import table

WHERE, YEAR, BUYER = "TWN", 2027, "CHN"
_PLANTS = ("semiconductors/fab_adv", "semiconductors/fab_mature")
_REGIONS = ("CHN", "USA", "KOR", "JPN", "TWN")
_YEARS = (YEAR, YEAR + 1, 2030, 2035)


def experiments(world: zz.World, nodes: list[str]) -> Mapping[str, tuple[str, ...]]:
    """Wedges by what happens; trade costs of 160 percent are those of F83."""
    others = ",".join(region for region in world.regions if region != WHERE)
    abroad = ",".join(region for region in world.regions if region != BUYER)
    sales = f"barred from={WHERE} to={others} node={','.join(nodes)} size=100% years="
    trade = [
        f"iceberg from={one} to={two} sector=goods size=160% years="
        for one, two in ((WHERE, others), (others, WHERE))
    ]
    plants = f"barred from={abroad} to={BUYER} node={','.join(_PLANTS)} size=100% years={YEAR}-"
    return {
        f"half of {WHERE}'s labour lost for a year": (
            f"labour region={WHERE} size=-50% years={YEAR}",
        ),
        f"{WHERE} sells nothing along chains for a year": (f"{sales}{YEAR}",),
        "the same, and all its trade in goods dear": tuple(
            f"{one}{YEAR}" for one in (sales, *trade)
        ),
        "the same for ever": tuple(f"{one}{YEAR}-" for one in (sales, *trade)),
        f"plants abroad barred to {BUYER} for ever": (plants,),
    }


def cut_off() -> None:
    """The table of the page `scenario_paths.md`."""
    world = zz.open_world("2022")
    baseline = zz.simulate(world, decompose=())
    traded = baseline.dataset["node_counts"] != "assembled"
    nodes = [str(node) for node in baseline.dataset["node"].values[traded.values]]
    rows = []
    for name, wedges in experiments(world, nodes).items():
        found = zz.simulate(world, wedges, decompose=())
        effect = found.dataset["real_income_effect"]
        weights = world.gdp / world.gdp.sum()
        for year in _YEARS:
            here = effect.sel(year=year)
            lost = [f"{float(here.sel(region=region)):.2f}" for region in _REGIONS]
            whole = float(np.asarray(here.values) @ weights)
            rows.append((name if year == YEAR else "", str(year), *lost, f"{whole:.2f}"))
    columns = ("what happens", "year", *_REGIONS, "world")
    write("cut-off.md", table(columns, rows, "lrrrrrrr"))
