"""Flows year by year, and the recorded proof."""

from __future__ import annotations

import numpy as np

from zizhu.world import open_history, open_proof, open_world
from zizhu.world.classification import is_good


def test_the_last_year_is_the_world_of_that_year() -> None:
    history, world = open_history(), open_world("2022")
    assert list(history.year.values) == list(range(2011, 2023))
    goods = [s for s in world.sectors if is_good(world.isic[s])]
    flow = history.flow.sel(year=2022)
    assert list(flow.supplier.values) == list(world.regions)
    assert list(flow.sector.values) == [*goods, "services"]
    at = [world.sectors.index(s) for s in goods]
    np.testing.assert_allclose(flow.sel(sector=goods).values, world.flows[:, at], rtol=1e-6)
    rest = [k for k in range(len(world.sectors)) if k not in at]
    np.testing.assert_allclose(
        flow.sel(sector="services").values, world.flows[:, rest].sum(axis=1), rtol=1e-6
    )
    assert flow.attrs["units"] == "million USD"


def test_the_proof_says_what_the_worlds_say() -> None:
    proof, world = open_proof(), open_world("2022")
    assert world.doubt is not None
    for row in proof["figures"]:
        key = (row["figure"], row["kind"], row["partner"], row["structure"])
        assert abs(world.doubt.figures[key] - row["error"]) < 1e-6  # type: ignore[index]
    ours = {(r["region"], r["year"]): r["world"] for r in proof["gdp"]}
    n = world.regions.index("CHN")
    at_least = world.gdp[n] + world.taxes[n].sum()
    assert at_least < ours["CHN", 2022] < 1.1 * at_least


def test_full_information_does_as_well_as_the_prototype() -> None:
    """0.095 with value added known, 0.112 without, 0.198 scaled: a plain prototype of 2005-2010."""
    first = open_proof()["full"][0]
    assert (first["from"], first["to"]) == (2005, 2010)
    assert abs(first["known"]["intermediate"] - 0.095) < 0.01
    assert abs(first["unknown"]["intermediate"] - 0.112) < 0.01
    assert first["known"]["intermediate"] < first["scaled"]["intermediate"] / 2


def test_every_source_is_worth_having() -> None:
    """All sources beat the pooled structure alone by a quarter; a crude rerun gave about 0.3."""
    proof = open_proof()
    by = {(row["sources"], row["year"]): row["intermediate"] for row in proof["degraded"]}
    for year in (2005, 2010, 2011):
        best = by["all sources", year]
        assert best < 0.75 * by["pooled structure and trade only", year]
        for left_out in ("no old tables", "no official table", "old tables, but not for origins"):
            assert best < by[left_out, year]
    assert proof["every_country"]["intermediate"] < 0.3
