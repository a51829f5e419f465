"""From the countries of a chain to the regions of a world: rows sum to one, nobody counts twice."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import zizhu
from zizhu.chains import shipped_chains
from zizhu.chains.chain import OTHER
from zizhu.chains.regions import (
    CODES,
    COUNTRIES,
    EUROPE,
    check_code,
    region_matrix,
    region_of,
    sector_output,
)
from zizhu.errors import ChainError
from zizhu.world.classification import EUROPEAN_UNION

EUROPEAN_REGIONS = {"DEU", "NLD", "FRA", "ITA", "REU", "GBR", "CHE"}
named_codes = st.lists(st.sampled_from(sorted(CODES)), min_size=1, max_size=12, unique=True)


@cache
def shipped() -> zizhu.World:
    return zizhu.open_world("2022")


@cache
def output() -> np.ndarray:
    return sector_output(shipped(), ["C26", "C28"])


def matrix(*named: str) -> np.ndarray:
    return region_matrix(named, shipped().regions, output())


def held(row: np.ndarray) -> set[str]:
    """Regions that a row reaches."""
    return {shipped().regions[number] for number in np.flatnonzero(row)}


def test_codes():
    assert len(COUNTRIES) == 248
    assert {"CHN", "TWN", "HKG", "USA"} <= COUNTRIES
    assert "REU" not in COUNTRIES
    assert {EUROPE, OTHER} == CODES - COUNTRIES
    assert set(EUROPEAN_UNION) <= COUNTRIES
    check_code("CHN", "here")
    with pytest.raises(ChainError, match="here: country 'CHM' is unknown; three-letter ISO codes"):
        check_code("CHM", "here")


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("CHN", "CHN"),
        ("HKG", "HKG"),
        ("NLD", "NLD"),
        ("SWE", "REU"),
        ("AUT", "REU"),
        ("GBR", "GBR"),
        ("AUS", "ANZ"),
        ("NZL", "ANZ"),
        ("COD", "ROW"),
        ("NOR", "ROW"),
    ],
)
def test_region_of_a_country(country, region):
    assert region_of(country, shipped().regions) == region
    assert held(matrix(country)[0]) == {region}


@pytest.mark.parametrize(
    ("country", "regions", "region"),
    [
        ("SWE", ("EU", "ROW"), "EU"),
        ("DEU", ("EU27", "DEU", "ROW"), "DEU"),
        ("GBR", ("EU28", "ROW"), "EU28"),
        ("GBR", ("EU27", "ROW"), "ROW"),
        ("HKG", ("CHN", "ROW"), "CHN"),
        ("TWN", ("CHN", "ROW"), "ROW"),
        ("AUS", ("CHN", "RoW"), "RoW"),
        ("AUS", ("CHN", "WWW"), "WWW"),
    ],
)
def test_region_of_a_country_in_other_worlds(country, regions, region):
    assert region_of(country, regions) == region


@pytest.mark.parametrize("named", [("COD", "CHN"), ("COD",), ("CHN", EUROPE)])
def test_a_world_without_a_rest(named):
    regions = ("CHN", "USA")
    with pytest.raises(ChainError, match=r"country \w{3} lies in no region of this world") as stop:
        region_matrix(named, regions, np.ones(2))
    assert "no rest of the world either" in str(stop.value)
    assert "\n" not in str(stop.value)


def test_a_world_without_a_rest_that_needs_none():
    found = region_matrix(("USA", "CHN", OTHER), ("CHN", "USA", "JPN"), np.ones(3))
    assert found.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


@settings(deadline=None)
@given(named_codes)
def test_rows_sum_to_one(named):
    found = matrix(*named)
    assert found.shape == (len(named), len(shipped().regions))
    assert np.all(found >= 0)
    assert found.sum(axis=1) == pytest.approx(np.ones(len(named)))


@settings(deadline=None)
@given(named_codes)
def test_countries_lie_in_one_region(named):
    for code, row in zip(named, matrix(*named), strict=True):
        if code in shipped().regions:
            assert held(row) == {code}
        if code in COUNTRIES:
            assert held(row) == {region_of(code, shipped().regions)}
            assert row.max() == 1


@settings(deadline=None)
@given(named_codes)
def test_europe_lies_in_europe(named):
    named = [EUROPE, *(code for code in named if code != EUROPE)]
    row = matrix(*named)[0]
    taken = {region_of(code, shipped().regions) for code in set(named) & COUNTRIES}
    assert held(row) == (EUROPEAN_REGIONS - taken or EUROPEAN_REGIONS)


@settings(deadline=None)
@given(named_codes)
def test_the_rest_is_not_where_named_countries_are(named):
    named = [OTHER, *(code for code in named if code != OTHER)]
    row = matrix(*named)[0]
    taken = {region_of(code, shipped().regions) for code in set(named) & COUNTRIES}
    if EUROPE in named:
        taken |= EUROPEAN_REGIONS
    assert held(row) == set(shipped().regions) - taken
    inside = row > 0
    assert row[inside] == pytest.approx(output()[inside] / output()[inside].sum())


@settings(deadline=None)
@given(named_codes)
def test_order_of_names_and_scale_of_output_do_not_matter(named):
    found = matrix(*named)
    assert matrix(*reversed(named))[::-1] == pytest.approx(found)
    scaled = region_matrix(named, shipped().regions, 1e-3 * output())
    assert scaled == pytest.approx(found)


@settings(deadline=None)
@given(named_codes, st.lists(st.floats(0, 1e6), min_size=29, max_size=29))
def test_any_output(named, sizes):
    """Regions without output, even all of them, leave no row empty."""
    assume(sum(sizes) == 0 or sum(sizes) > 1e-200)
    found = region_matrix(named, shipped().regions, np.array(sizes))
    assert found.sum(axis=1) == pytest.approx(np.ones(len(named)))
    assert np.all(found >= 0)


def test_no_output_is_spread_evenly():
    row = region_matrix((OTHER, "CHN"), ("CHN", "USA", "ROW"), np.zeros(3))[0]
    assert row.tolist() == [0, 0.5, 0.5]


def test_when_everything_is_named_the_rest_is_everywhere():
    row = region_matrix((OTHER, "CHN", "COD"), ("CHN", "ROW"), np.array([3.0, 1.0]))[0]
    assert row.tolist() == [0.75, 0.25]


def test_europe_in_shares_of_its_output():
    row = matrix(EUROPE, "DEU")[0]
    places = [shipped().regions.index(region) for region in sorted(EUROPEAN_REGIONS - {"DEU"})]
    assert row[places] == pytest.approx(output()[places] / output()[places].sum())
    assert held(row) == EUROPEAN_REGIONS - {"DEU"}


def test_europe_in_a_world_without_it():
    found = region_matrix((EUROPE, "CHN"), ("CHN", "USA", "ROW"), np.ones(3))
    assert found.sum(axis=1) == pytest.approx([1, 1])


def test_sector_output_counts_sales():
    world = shipped()
    assert sector_output(world, world.sectors) == pytest.approx(
        (world.value_added + world.taxes + world.intermediate.sum((0, 1))).sum(1)
    )
    two = sector_output(world, ["C26"]) + sector_output(world, ["C28"])
    assert output() == pytest.approx(two)
    assert np.all(output() >= 0)


@pytest.mark.parametrize("name", list(shipped_chains()))
def test_every_shipped_share_finds_a_region(name):
    """Shares by country become shares by region of the same sum."""
    for _, block in shipped_chains()[name].blocks():
        shares = np.array(list(block.shares.values()))
        found = shares @ matrix(*block.shares)
        assert found.sum() == pytest.approx(shares.sum())
        assert found[shipped().regions.index("CHN")] == pytest.approx(
            block.shares.get("CHN", 0.0), abs=block.shares.get(OTHER, 0.0)
        )
