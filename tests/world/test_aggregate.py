"""Aggregation keeps sums and duties, and does not depend on the order of steps."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.errors import WorldError
from zizhu.world import aggregate

REGIONS = {"ASIA": ["CHN", "IND", "JPN"], "WEST": ["EU", "USA"], "REST": ["BRA", "ROW"]}


@pytest.fixture(scope="module")
def sectors(world):
    goods = [s for s in world.sectors if s[0] in "ABC"]
    return {"goods": goods, "services": [s for s in world.sectors if s not in goods]}


def test_sums_are_kept(world, sectors):
    small = aggregate(world, regions=REGIONS, sectors=sectors)
    assert small.regions == ("ASIA", "WEST", "REST")
    assert small.sectors == ("goods", "services")
    for table in ("intermediate", "final", "value_added", "taxes"):
        before, after = getattr(world, table).sum(), getattr(small, table).sum()
        np.testing.assert_allclose(after, before, rtol=1e-12)
    asia = [world.regions.index(region) for region in REGIONS["ASIA"]]
    np.testing.assert_allclose(small.gdp[0], world.gdp[asia].sum(), rtol=1e-12)
    np.testing.assert_allclose(small.deficit[0], world.deficit[asia].sum(), rtol=1e-9)
    assert all(identity.holds for identity in small.identities())
    assert not small.pooled_origins
    assert small.isic["goods"][0] == 1
    assert small.isic["goods"][-1] == 33
    assert "aggregated to 3 regions and 2 sectors" in small.notes


def test_tariff_revenue_is_kept_between_groups(world, sectors):
    """Duties between groups are those of their members; within a group there are none."""
    small = aggregate(world, regions=REGIONS, sectors=sectors)
    group = np.array([[r in members for r in world.regions] for members in REGIONS.values()])
    goods = np.array([s in sectors["goods"] for s in world.sectors])
    duties = world.tariff * world.flows
    for a in range(3):
        for b in range(3):
            members = duties[group[a]][:, goods][:, :, group[b]].sum()
            found = (small.tariff * small.flows)[a, 0, b]
            np.testing.assert_allclose(found, 0.0 if a == b else members, rtol=1e-12)


def test_order_of_steps_does_not_matter(world, sectors):
    """Between groups that stay apart, in two steps or in one."""
    first = {"A1": ["CHN", "IND"], "JPN": ["JPN"], "W": ["EU", "USA"], "R": ["BRA", "ROW"]}
    second = {"ASIA": ["A1", "JPN"], "WEST": ["W"], "REST": ["R"]}
    once = aggregate(world, regions=REGIONS, sectors=sectors)
    twice = aggregate(aggregate(aggregate(world, regions=first), sectors=sectors), regions=second)
    assert twice.regions == once.regions
    for table in ("intermediate", "final", "value_added", "taxes", "tariff"):
        np.testing.assert_allclose(
            getattr(twice, table), getattr(once, table), rtol=1e-11, atol=1e-12, err_msg=table
        )


def test_no_groups_change_nothing(small):
    same = aggregate(small)
    for table in ("intermediate", "final", "value_added", "taxes"):
        np.testing.assert_allclose(getattr(same, table), getattr(small, table), rtol=1e-14)
    np.testing.assert_allclose(same.tariff, small.tariff, rtol=1e-14)
    assert same.region_names["N"] == "North"


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"X": ["N", "S"], "Y": ["M"]}, "region 'M' in group Y is not in the world"),
        ({"X": ["N", "S"], "Y": ["S"]}, "region S is in two groups, X and Y"),
        ({"X": ["N"]}, "region S is in no group"),
        ({"X": ["N", "N"], "Y": ["S"]}, "region N is in two groups, X and X"),
    ],
)
def test_errors(small, groups, words):
    with pytest.raises(WorldError, match="aggregation: ") as error:
        aggregate(small, regions=groups)
    assert words in str(error.value)


def test_nearest_label_is_suggested(world):
    with pytest.raises(WorldError, match="did you mean CHN"):
        aggregate(world, regions={"X": ["CHX"]})
    with pytest.raises(WorldError, match=r"sector A01_02 is in no group \(nor are 36 others\)"):
        aggregate(world, sectors={"X": ["C26"]})
