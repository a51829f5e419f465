"""A shock of one year hurts through chips, and most of it heals."""

from __future__ import annotations

import numpy as np
import pytest
from small_paths import four_by_six

import zizhu as zz
from zizhu.errors import NotConverged

# Plants take four years: those begun in the year after the shock stand in the last one.
YEAR, LAST = 2024, 2029
PLANTS = "semiconductors/fab_adv,semiconductors/fab_mature"


@pytest.fixture(scope="module")
def world():
    """The small world with Taiwan out of the rest."""
    whole, small = zz.open_world("2022"), four_by_six()
    kept = ("C26", "C27", "C28", "C29")
    services = [sector for sector in whole.sectors if sector > "D"]
    goods = [s for s in whole.sectors if s not in (*kept, *services)]
    union = list(whole.groups["EU"])
    rest = [r for r in whole.regions if r not in ("CHN", "USA", "TWN", *union)]
    assert small.sectors == (*kept, "C10T12", "G")
    return whole.aggregate(
        regions={"CHN": ["CHN"], "USA": ["USA"], "TWN": ["TWN"], "EU": union, "ROW": rest},
        sectors={**{s: [s] for s in kept}, "C10T12": goods, "G": services},
    )


def run(world, *wedges):
    return zz.simulate(world, wedges, years=LAST, decompose=())


def barred(seller, buyers, nodes, years):
    return f"barred from={seller} to={buyers} node={nodes} size=100% years={years}"


@pytest.fixture(scope="module")
def hands(world):
    return run(world, f"labour region=TWN size=-50% years={YEAR}")


@pytest.fixture(scope="module")
def cut(world):
    return run(world, barred("TWN", "CHN,USA,EU,ROW", PLANTS, YEAR))


@pytest.fixture(scope="module")
def cut_for_ever(world):
    return run(world, barred("TWN", "CHN,USA,EU,ROW", PLANTS, f"{YEAR}-"))


def effect(found, region, year):
    return float(found.dataset.real_income_effect.sel(region=region, year=year))


def change(found, name, **where):
    here = found.dataset[name].sel(where)
    return float(here.sel(run="scenario") - here.sel(run="baseline"))


@pytest.mark.parametrize("region", ["CHN", "USA", "EU"])
def test_what_happens_to_one_hurts_others_through_chips(hands, cut, region):
    for found in (hands, cut):
        assert effect(found, region, YEAR - 1) == 0
        assert effect(found, region, YEAR) < -0.01
        chips = {"region": region, "year": YEAR, "node": "semiconductors/fab_adv"}
        assert change(found, "node_price", **chips) > 0
        assert change(found, "node_lack", **chips) > 0
        # Of what moves productivity at once, only chains do.
        moved = found.dataset.productivity.sel(region=region, year=YEAR, sector="C26")
        apart = (moved.sel(run="scenario") - moved.sel(run="baseline")).to_series()
        others = apart.drop(["chains", "ceiling"])
        assert apart["chains"] + apart["ceiling"] < 0
        assert others.abs().max() < 1e-9
    assert effect(cut, region, YEAR) < effect(hands, region, YEAR)


@pytest.mark.parametrize("region", ["CHN", "USA", "EU"])
def test_most_of_it_is_gone_after_a_year(hands, cut, region):
    for found in (hands, cut):
        first = effect(found, region, YEAR)
        later = [effect(found, region, year) for year in range(YEAR + 1, LAST + 1)]
        assert min(later) > 0.5 * first
        assert max(map(abs, later)) < 0.5 * abs(first)


def test_nobody_knows_how_long_it_will_last(cut, cut_for_ever):
    """In its first year a cut of a year is one for ever; afterwards only the second goes on."""
    first = {"year": YEAR}
    np.testing.assert_allclose(
        cut.dataset.real_income_effect.sel(first),
        cut_for_ever.dataset.real_income_effect.sel(first),
        rtol=0,
        atol=1e-7,
    )
    for region in ("CHN", "USA", "EU"):
        assert effect(cut_for_ever, region, LAST) < effect(cut, region, LAST)


def test_plants_are_built_where_the_cut_goes_on(cut, cut_for_ever):
    at = {"region": "USA", "year": LAST, "node": "semiconductors/fab_adv"}
    once = change(cut, "node_capacity", **at)
    assert change(cut_for_ever, "node_capacity", **at) > max(0.0, once)
    assert change(cut_for_ever, "node_home_share", **at) > 0


def test_plants_abroad_barred_to_one_cost_that_one_more_than_other_buyers(world):
    found = run(world, barred("USA,TWN,EU,ROW", "CHN", PLANTS, f"{YEAR}-"))
    effects = {r: effect(found, r, LAST) for r in world.regions}
    # Taiwan, which sells most of them, may lose more.
    assert effects["CHN"] < min(effects[other] for other in ("USA", "EU", "ROW")) < 0
    at = {"region": "CHN", "year": YEAR, "node": "semiconductors/fab_mature"}
    assert change(found, "node_home_share", **at) > 0


@pytest.mark.parametrize("years", ["", f" years={YEAR}"], ids=["for good", "a year"])
def test_four_fifths_of_all_productivity_may_be_lost(years):
    """A shock that begins or ends used to send the search of later years astray."""
    found = zz.simulate(
        four_by_six(), f"productivity region=CHN sector=all size=-80%{years}", years=LAST
    )
    effects = found.dataset.real_income_effect.sel(region="CHN").to_series()
    assert effects[YEAR] < -80
    if years:
        assert effects[YEAR + 2] > -20
    # Its parts in the last year are solved as well, and add up.
    total = float(found.decomposition.sel(decomposed_year=LAST, region="CHN").sum("channel"))
    assert np.expm1(total / 100) * 100 == pytest.approx(effects[LAST], abs=1e-8)


def walled(size):
    others = "CHN,USA,EU,ROW"
    return (
        barred("TWN", others, PLANTS, YEAR),
        f"iceberg from=TWN to={others} sector=all size={size}% years={YEAR}",
        f"iceberg from={others} to=TWN sector=all size={size}% years={YEAR}",
    )


def test_who_is_cut_off_both_ways_for_a_year_comes_back(world):
    found = run(world, *walled(100))
    assert effect(found, "TWN", YEAR) < -20
    assert min(effect(found, "TWN", year) for year in range(YEAR + 2, LAST + 1)) > -10


def test_who_can_no_longer_pay_its_surplus_is_named_in_one_sentence(world):
    """Behind a wall Taiwan's exports earn nothing, and its surplus would have to be paid."""
    with pytest.raises(NotConverged) as failed:
        run(world, *walled(900))
    assert str(failed.value) == (
        f"scenario: no equilibrium in {YEAR}: the wages of TWN do not pay for what they must, most "
        "of all its trade surplus, which stays a part of the world's value added; try smaller "
        "wedges or fewer years, or let the surplus fall (wedge `deficit`)"
    )
    # The remedy is one.
    freed = run(world, *walled(900), f"deficit region=TWN size=110bn years={YEAR}")
    assert effect(freed, "TWN", YEAR) < 0
