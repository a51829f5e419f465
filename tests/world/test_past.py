"""Small worlds of the past: they sum to what the yearly series say."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.indicators import Leontief
from zizhu.world import open_history, open_world
from zizhu.world.past import PAST_YEARS, open_past, small


@pytest.mark.parametrize("year", PAST_YEARS)
def test_sales_of_goods_are_those_of_the_yearly_series(year):
    world, flow = open_past(year), open_history().flow.sel(year=year)
    assert world.year == year
    goods = [str(one) for one in flow.sector.values if one != "services"]
    alone = [one for one in world.regions if one not in ("EU", "ROW")]
    at = [world.sectors.index(one) for one in goods]
    for supplier in alone:
        for user in alone:
            ours = world.flows[world.regions.index(supplier)][at, world.regions.index(user)]
            theirs = flow.sel(supplier=supplier, user=user, sector=goods).values
            np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-3)
    # Books balance: raises if not.
    Leontief(world)


def test_a_world_summed_to_few_regions_keeps_its_total():
    world = open_world("2017")
    few = small(world)
    assert few.regions == ("CHN", "USA", "JPN", "KOR", "TWN", "EU", "ROW")
    assert few.gdp.sum() == pytest.approx(world.gdp.sum())
    assert few.sectors == world.sectors
