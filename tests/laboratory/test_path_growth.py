"""Growth of regions is the sum of their countries; levels see who is good at what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zizhu.chains.regions import region_of
from zizhu.laboratory.path.growth import Growth, growth_of, productivity_trend
from zizhu.laboratory.path.levels import (
    LARGEST_GAP,
    competitiveness,
    sector_prices,
    technology_levels,
)
from zizhu.parameters import regime
from zizhu.world import World, open_world
from zizhu.world.growth import growth_tables


@pytest.fixture(scope="module")
def shipped() -> World:
    return open_world("2022")


@pytest.fixture(scope="module")
def growth(shipped) -> Growth:
    return growth_of(shipped)


def vectors(growth: Growth) -> dict[str, np.ndarray]:
    return {name: value for name, value in vars(growth).items() if isinstance(value, np.ndarray)}


def test_every_region_has_sensible_figures(growth):
    for name, value in vectors(growth).items():
        assert np.isfinite(value).all(), name
    assert growth.filled == ("labour_share VNM", "past_tfp_growth VNM")
    assert ((growth.labour_share > 0.25) & (growth.labour_share < 0.75)).all()
    assert ((growth.capital_output > 2) & (growth.capital_output < 8)).all()
    assert ((growth.depreciation > 0.03) & (growth.depreciation < 0.08)).all()
    assert ((growth.tfp_growth >= 0) & (growth.tfp_growth < 0.03)).all()
    assert growth.output_per_worker[growth.regions.index("USA")] == pytest.approx(0)
    at = growth.regions.index
    assert growth.labour_growth[at("JPN")] == pytest.approx(-0.0085)
    assert (
        growth.tfp_growth[at("USA")] < growth.tfp_growth[at("CHN")] < growth.tfp_growth[at("IND")]
    )


def test_regions_are_sums_of_their_countries(shipped, growth):
    countries = growth_tables().countries.values()
    for n, region in enumerate(shipped.regions):
        inside = [one for one in countries if region_of(one.country, shipped.regions) == region]
        money = sum(one.gdp_2022 or 0.0 for one in inside)
        people = sum(one.employment or 0.0 for one in inside)
        assert growth.gdp[n] == pytest.approx(money)
        assert growth.employment[n] == pytest.approx(people)
    assert growth.gdp.sum() == pytest.approx(sum(one.gdp_2022 or 0.0 for one in countries))


def test_a_region_of_one_country_has_its_figures(growth):
    germany, at = growth_tables().countries["DEU"], growth.regions.index("DEU")
    assert growth.labour_share[at] == pytest.approx(germany.labour_share)
    assert growth.capital_output[at] == pytest.approx(germany.capital_output_ratio)
    assert growth.depreciation[at] == pytest.approx(germany.depreciation)
    assert growth.research_spending[at] == pytest.approx(germany.research_spending)
    assert growth.outlook_gdp_growth[at] == pytest.approx(np.log(1.007))


def test_coarser_worlds_say_the_same(world, growth):
    """Seven regions: the Union with the United Kingdom holds what its countries held."""
    coarse = growth_of(world)
    assert np.isfinite(coarse.tfp_growth).all()
    assert coarse.filled == ()
    assert coarse.gdp.sum() == pytest.approx(growth.gdp.sum())
    assert coarse.research_spending.sum() == pytest.approx(growth.research_spending.sum())
    # A region called EU holds the United Kingdom, as the classification of chains has it.
    union = [growth.regions.index(code) for code in ("DEU", "NLD", "FRA", "ITA", "REU", "GBR")]
    at = coarse.regions.index("EU")
    assert coarse.gdp[at] == pytest.approx(growth.gdp[union].sum())
    for name in ("labour_share", "capital_output"):
        mean = np.average(getattr(growth, name)[union], weights=growth.gdp[union])
        assert getattr(coarse, name)[at] == pytest.approx(mean)
    capital = growth.gdp * growth.capital_output
    mean = np.average(growth.depreciation[union], weights=capital[union])
    assert coarse.depreciation[at] == pytest.approx(mean)
    pay = growth.gdp * growth.labour_share
    mean = np.average(growth.labour_growth[union], weights=pay[union])
    assert coarse.labour_growth[at] == pytest.approx(mean, abs=1e-5)


def test_a_made_up_world_gets_the_world_s_means(small):
    found = growth_of(small)
    for value in vectors(found).values():
        assert value.shape == (2,)
    assert np.ptp(found.labour_share) == 0
    assert "labour_share N" in found.filled
    assert "research_spending S" in found.filled
    assert np.isnan(found.outlook_gdp_growth).all()
    assert found.gdp[0] / found.gdp[1] == pytest.approx(small.gdp[0] / small.gdp[1])


def test_the_trend_is_half_past_and_half_expectation():
    past, gap = np.array([0.0, 0.02, -0.05]), np.array([0.0, -1.0, 0.5])
    none = np.full(3, np.nan)
    trend = productivity_trend(past, gap, none, 0.006)
    np.testing.assert_allclose(trend, [0.003, (0.02 + 0.0135) / 2, 0.0])
    # The outlook counts only where there is one and where it is asked for.
    needed = np.array([0.013, np.nan, 0.03])
    mixed = productivity_trend(past, gap, needed, 0.006, 0.5)
    np.testing.assert_allclose(mixed, [0.008, trend[1], (0.03 - 0.022) / 2])
    np.testing.assert_array_equal(productivity_trend(past, gap, needed, 0.006), trend)


def gravity(strength: np.ndarray, theta: np.ndarray, tariff: np.ndarray) -> np.ndarray:
    """Sales [i,k,n] that follow the gravity model exactly, with symmetric trade costs."""
    regions = len(strength)
    cost = 1 + 0.3 * np.abs(np.subtract.outer(np.arange(regions), np.arange(regions)))
    price = cost[:, None] * (1 + tariff)
    pull = np.exp(strength)[..., None] * price ** -theta[:, None]
    spending = np.linspace(50, 100, regions)
    return pull / pull.sum(axis=0) * spending / (1 + tariff)


def test_competitiveness_is_recovered_exactly():
    rng = np.random.default_rng(0)
    strength, theta = rng.normal(size=(5, 3)), np.array([4.0, 5.0, 8.0])
    tariff = rng.uniform(0, 0.3, size=(5, 3, 5))
    tariff[np.arange(5), :, np.arange(5)] = 0
    flows = gravity(strength, theta, tariff)
    found = competitiveness(flows, tariff, theta)
    np.testing.assert_allclose(found, strength - strength.mean(axis=0), atol=1e-8)
    # A pair that trades one way or not at all has no say, and the others still agree.
    flows[0, :, 4] = 0
    np.testing.assert_allclose(competitiveness(flows, tariff, theta), found, atol=1e-8)
    prices = sector_prices(flows, tariff, theta, found)
    assert np.isfinite(prices).all()


def test_what_trades_with_nobody_is_not_known():
    flows = np.ones((3, 2, 3))
    flows[2, 0, :2] = flows[:2, 0, 2] = 0
    flows[:, 1] *= np.eye(3)
    found = competitiveness(flows, np.zeros((3, 2, 3)), np.array([5.0, 5.0]))
    np.testing.assert_allclose(found[:2, 0], 0, atol=1e-12)
    assert np.isnan(found[2, 0])
    assert np.isnan(found[:, 1]).all()


def made_up(strength: np.ndarray, theta: np.ndarray) -> tuple[World, Growth]:
    """A world whose sales follow gravity, with wages that are the same everywhere."""
    regions, sectors = strength.shape
    flows = gravity(strength, theta, np.zeros((regions, sectors, regions)))
    uses = np.full((regions, sectors), 0.3 / sectors)
    output = flows.sum(axis=2)
    intermediate = np.empty((regions, sectors, regions, sectors))
    spent = flows.sum(axis=0)  # k n
    wanted = uses[:, :, None] * output[:, None, :] * 0.5  # n k j
    for n in range(regions):
        part = wanted[n] / spent[:, n, None]
        intermediate[:, :, n] = flows[:, :, n, None] * part
    final = (flows - intermediate.sum(axis=3))[..., None]
    world = World(
        name="made up",
        year=2022,
        currency="USD",
        regions=tuple("ABCDE"[:regions]),
        sectors=tuple("KLM"[:sectors]),
        final_uses=("household",),
        intermediate=intermediate,
        final=final,
        value_added=output - intermediate.sum(axis=(0, 1)),
        taxes=np.zeros((regions, sectors)),
        tariff=np.zeros((regions, sectors, regions)),
    )
    same = growth_of(world)
    return world, replace(same, employment=world.gdp, output_per_worker=np.zeros(regions))


def test_a_symmetric_world_has_no_gaps():
    theta = np.array([4.0, 6.0])
    world, growth = made_up(np.zeros((2, 2)), theta)
    np.testing.assert_allclose(technology_levels(world, theta, growth), 0, atol=1e-9)


def test_who_is_better_at_everything_is_higher():
    theta = np.array([4.0, 6.0, 5.0])
    strength = np.zeros((4, 3))
    strength[2] = 1.0
    world, growth = made_up(strength, theta)
    levels = technology_levels(world, theta, growth)
    assert (levels[2] > levels[[0, 1, 3]].max(axis=0) + 0.05).all()
    # Half-way to labour productivity, which is the same everywhere.
    np.testing.assert_allclose(
        levels, technology_levels(world, theta, growth, {"level_shrinkage": 0.0}) / 2
    )
    np.testing.assert_allclose(technology_levels(world, theta, growth, {"level_shrinkage": 1.0}), 0)


def test_dearer_labour_that_sells_as_much_is_better():
    theta = np.array([5.0, 5.0])
    world, growth = made_up(np.zeros((3, 2)), theta)
    workers = growth.employment.copy()
    workers[1] /= 2
    levels = technology_levels(world, theta, replace(growth, employment=workers))
    assert (levels[1] > levels[0] + 0.05).all()


def test_a_low_elasticity_counts_as_four(shipped, growth):
    theta = np.full(len(shipped.sectors), 1.2)
    low, four = (technology_levels(shipped, t, growth) for t in (theta, np.full_like(theta, 4.0)))
    np.testing.assert_array_equal(low, four)


@pytest.mark.parametrize("elasticities", ["lashkaripour-lugovskyy", "bartelme", "caliendo-parro"])
def test_levels_of_the_default_world(shipped, growth, elasticities):
    theta, _ = regime(elasticities).by_sector(shipped.isic, shipped.sectors)
    levels = technology_levels(shipped, theta, growth)
    assert levels.shape == (len(shipped.regions), len(shipped.sectors))
    assert np.isfinite(levels).all()
    assert np.abs(levels).max() <= LARGEST_GAP
    at = shipped.regions.index
    np.testing.assert_allclose(levels[at("USA")], 0, atol=1e-9)
    weight = shipped.output / shipped.output.sum(axis=1, keepdims=True)
    mean = (weight * levels).sum(axis=1)
    assert mean[at("IND")] < mean[at("CHN")] < mean[at("JPN")] < mean[at("USA")]
    # China's goods are nearer the frontier than its services, Germany's cars than its electronics.
    k = shipped.sectors.index
    china, germany = levels[at("CHN")], levels[at("DEU")]
    assert china[k("C26")] > china[k("K")]
    assert germany[k("C29")] > germany[k("C26")]


def test_levels_of_a_coarse_world(world):
    theta, _ = regime("bartelme").by_sector(world.isic, world.sectors)
    levels = technology_levels(world, theta, growth_of(world))
    assert np.isfinite(levels).all()
    assert levels[world.regions.index("CHN")].mean() < -0.3


def test_a_region_that_sells_nothing_has_its_output_per_worker(tables):
    given = tables()
    given["intermediate"][1, 1] = 0
    given["final"][1, 1] = 0
    given["tariff"] = np.zeros((2, 3, 2))
    given["intermediate"][:, :, 1, 1] = 0
    output = given["intermediate"].sum(axis=(2, 3)) + given["final"].sum(axis=(2, 3))
    given["taxes"] = np.zeros((2, 3))
    given["value_added"] = output - given["intermediate"].sum(axis=(0, 1))
    world = World(**given)
    growth = replace(growth_of(world), output_per_worker=np.array([0.0, -0.4]))
    levels = technology_levels(world, np.full(3, 5.0), growth)
    assert np.isfinite(levels).all()
    assert levels[1, 1] == pytest.approx(-0.4)
