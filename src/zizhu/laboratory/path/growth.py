"""Growth of the regions of any world: countries summed with the weights that each quantity needs.

A country lies in the region that `zizhu.chains.regions.region_of` says. Y is GDP of 2022 in
current dollars, K = Y times the capital-output ratio, W = Y times the labour share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.chains.regions import region_of
from zizhu.errors import ChainError
from zizhu.world import World
from zizhu.world.classification import EUROPEAN_UNION
from zizhu.world.growth import EURO_AREA, OTHER, WORLD, Country, GrowthTables, growth_tables

LEADER = "USA"
# A log point behind the leader adds this much a year to expected productivity (assumption; about
# what Kremer, Willis and You 2021 find for incomes since 2007, as recalled).
CATCH_UP = 0.0075
# Weight of a region's own 2009-2019 against that expectation (assumption).
OWN_WEIGHT = 0.5
# Weight of the outlook against both: none, so that baselines can be compared with it.
OUTLOOK_WEIGHT = 0.0
# An outlook of a region is known if it covers this part of its GDP (assumption).
COVERED = 0.5
# Members of the European Union that do not use the euro have their own outlook or none.
_NO_EURO = ("BGR", "CZE", "DNK", "HUN", "POL", "ROU", "SWE")

Vector = Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Growth:
    """What moves the regions of a world, one value a region [n]; rates are logarithms a year.

    labour_share          of labour in income, weights Y (Penn World Table, 2019)
    capital_output        K / Y, years (Penn World Table, 2019, national prices)
    depreciation          part of capital a year, weights K (Penn World Table, 2019)
    capital_growth        2014-2019, weights K (Penn World Table, national prices)
    past_tfp_growth       2009-2019, weights Y (Penn World Table): productivity with schooling,
                          see `_productivity`; noisy, and low for China, whose GDP the Penn World
                          Table lets grow by 4.9 percent a year
    tfp_growth            the trend ahead with schooling, see `productivity_trend` (assumption);
                          GDP then grows by tfp + labour share x labour + (1 - labour share) x
                          capital, labour in heads
    labour_growth         population aged 15-64, 2022-2035, weights W (United Nations 2022): labour
                          counts by what it earns, so a poor country moves its region less than by
                          heads
    employment            million people, sum (Penn World Table, 2019)
    output_per_worker     log of the region's over that of the USA, purchasing-power parity (Penn
                          World Table, 2019)
    gdp                   million current dollars of 2022, sum (World Bank; Taiwan IMF)
    research_spending     million current dollars, sum (OECD by NCSES, 2021; elsewhere GDP of 2022
                          times an intensity recalled from OECD and UNESCO, or 0.3 percent, an
                          assumption)
    outlook_gdp_growth    real GDP around 2030, weights Y (IMF, recalled); not a number where the
                          countries with an outlook make up less than half of the region's GDP
    filled                what no country of the region has, and the world's mean stands in for
    """

    regions: tuple[str, ...]
    labour_share: Vector
    capital_output: Vector
    depreciation: Vector
    capital_growth: Vector
    past_tfp_growth: Vector
    tfp_growth: Vector
    labour_growth: Vector
    employment: Vector
    output_per_worker: Vector
    gdp: Vector
    research_spending: Vector
    outlook_gdp_growth: Vector
    filled: tuple[str, ...] = ()


def growth_of(
    world: World, tables: GrowthTables | None = None, *, outlook_weight: float = OUTLOOK_WEIGHT
) -> Growth:
    """Growth of a world's regions; the recalled outlook counts by `outlook_weight`.

    A region that holds no country, of a made-up world, gets the world's means.
    """
    given = growth_tables() if tables is None else tables
    sums = _Sums(world, given)
    gdp, pay = sums.gdp, sums.pay
    labour_share = sums.mean("labour_share", lambda one: one.labour_share, gdp)
    capital_output = sums.mean("capital_output", lambda one: one.capital_output_ratio, gdp)
    working_age, expected = given.outlook.working_age.values, given.outlook.gdp_growth.values
    past = sums.mean("past_tfp_growth", _productivity, gdp)
    labour = sums.mean(
        "labour_growth", lambda one: _part(working_age.get(one.country, working_age[WORLD])), pay
    )
    leader = given.countries[LEADER]
    per_worker = np.log(
        sums.mean(
            "output_per_worker", lambda one: one.output_per_worker, lambda one: one.employment
        )
    ) - np.log(leader.output_per_worker or np.nan)
    outlook = sums.covered(lambda one: _outlook(one, expected))
    trend = productivity_trend(
        past,
        per_worker,
        labour_share * (outlook - labour),
        _productivity(leader) or 0.0,
        outlook_weight,
    )
    return Growth(
        regions=world.regions,
        labour_share=labour_share,
        capital_output=capital_output,
        depreciation=sums.mean("depreciation", lambda one: one.depreciation, _capital),
        capital_growth=sums.mean("capital_growth", lambda one: one.capital_growth, _capital),
        past_tfp_growth=past,
        tfp_growth=trend,
        labour_growth=labour,
        employment=sums.total("employment", lambda one: one.employment),
        output_per_worker=per_worker,
        gdp=sums.total("gdp", gdp),
        research_spending=sums.total("research_spending", lambda one: _research(one, given)),
        outlook_gdp_growth=outlook,
        filled=tuple(sums.filled),
    )


def productivity_trend(
    past: Vector,
    per_worker: Vector,
    needed: Vector,
    leader: float,
    outlook_weight: float = OUTLOOK_WEIGHT,
) -> Vector:
    """Productivity growth ahead, a year [n] (assumption).

        trend = max(0, (1 - w) (past + leader + CATCH_UP max(0, -per_worker)) / 2 + w needed)

    `past` is 2009-2019, `per_worker` the log of output per worker over the leader's, `leader` the
    leader's own past growth, `needed` = labour share (outlook - labour): what the outlook of GDP
    takes where capital grows as fast as GDP. w is `outlook_weight`, 0 where a
    region has no outlook.

    Ten years of one region are noise, so they count half. The other half falls as a region
    catches up: a plain world mean would hand the leader's growth to all and keep China, whose
    measured past is negative, at nothing. Below zero the past is mostly oil prices and slack, and
    no region is taken to forget for good.
    """
    expected = leader + CATCH_UP * np.maximum(-per_worker, 0.0)
    own = OWN_WEIGHT * past + (1 - OWN_WEIGHT) * expected
    known = np.isfinite(needed)
    weight = np.where(known, outlook_weight, 0.0)
    trend = (1 - weight) * own + weight * np.where(known, needed, 0.0)
    return np.asarray(np.maximum(trend, 0.0))


def _productivity(one: Country) -> float | None:
    """Past growth of output that capital and heads do not explain, 2009-2019.

    Schooling goes with productivity: the source measures one as what the other leaves, so that
    the errors of the two cancel (Brazil, Singapore).
    """
    if one.tfp_growth is None or one.human_capital_growth is None or one.labour_share is None:
        return None
    return one.tfp_growth + one.labour_share * one.human_capital_growth


def _part(percent: float) -> float:
    return percent / 100


def _outlook(one: Country, expected: dict[str, float]) -> float | None:
    """Outlook of a country; a member of the euro without its own has the euro area's."""
    euro = one.country in EUROPEAN_UNION and one.country not in _NO_EURO
    percent = expected.get(one.country, expected.get(EURO_AREA) if euro else None)
    return None if percent is None else float(np.log1p(_part(percent)))


def _research(one: Country, given: GrowthTables) -> float | None:
    if one.research_spending is not None:
        return one.research_spending
    intensity = given.outlook.research_intensity.values
    share = _part(intensity.get(one.country, intensity[OTHER]))
    return None if one.gdp_2022 is None else share * one.gdp_2022


def _capital(one: Country) -> float | None:
    if one.gdp_2022 is None or one.capital_output_ratio is None:
        return None
    return one.gdp_2022 * one.capital_output_ratio


Figure = Callable[[Country], float | None]


class _Sums:
    """Sums over the countries of each region, and over all for a region that has none."""

    def __init__(self, world: World, tables: GrowthTables) -> None:
        self.regions = world.regions
        # In a made-up world without a rest of the world, a country may lie nowhere.
        self.place: dict[str, int] = {}
        for country in tables.countries:
            try:
                region = region_of(country, world.regions)
            except ChainError:
                continue
            self.place[country] = world.regions.index(region)
        self.countries = tuple(tables.countries.values())
        self.filled: list[str] = []
        shares = [one.labour_share for one in self.countries if one.labour_share is not None]
        self._usual_share = float(np.mean(shares)) if shares else 0.5
        # What a made-up region is of the world: its part of value added.
        self._part = world.gdp / world.gdp.sum()

    @staticmethod
    def gdp(one: Country) -> float | None:
        """GDP of 2022, the weight of what belongs to income."""
        return one.gdp_2022

    def pay(self, one: Country) -> float | None:
        """Income of labour, the weight of what belongs to labour."""
        share = self._usual_share if one.labour_share is None else one.labour_share
        return None if one.gdp_2022 is None else one.gdp_2022 * share

    def mean(self, name: str, figure: Figure, weight: Figure) -> Vector:
        """Weighted mean by region over the countries that have the figure and its weight."""
        top, bottom = np.zeros(len(self.regions)), np.zeros(len(self.regions))
        world_top, world_bottom = 0.0, 0.0
        for _, at, value, size in self._pairs(figure, weight):
            world_top, world_bottom = world_top + value * size, world_bottom + size
            if at is not None:
                top[at] += value * size
                bottom[at] += size
        self._note(name, bottom == 0)
        usual = world_top / world_bottom if world_bottom > 0 else np.nan
        return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), usual)

    def total(self, name: str, figure: Figure) -> Vector:
        """Sum by region; a region without any gets its part of the world's."""
        found, world = np.zeros(len(self.regions)), 0.0
        for _, at, value, _ in self._pairs(figure, lambda _: 1.0):
            world += value
            if at is not None:
                found[at] += value
        self._note(name, found == 0)
        return np.where(found > 0, found, world * self._part)

    def covered(self, figure: Figure) -> Vector:
        """Mean by region weighted by GDP; not a number where too little of it has the figure."""
        top, bottom, all_of_it = (np.zeros(len(self.regions)) for _ in range(3))
        for one, at, size, _ in self._pairs(self.gdp, lambda _: 1.0):
            value = figure(one)
            if at is None:
                continue
            all_of_it[at] += size
            if value is not None:
                top[at] += value * size
                bottom[at] += size
        enough = (bottom > 0) & (bottom >= COVERED * all_of_it)
        return np.where(enough, top / np.where(enough, bottom, 1.0), np.nan)

    def _pairs(
        self, figure: Figure, weight: Figure
    ) -> Iterable[tuple[Country, int | None, float, float]]:
        for one in self.countries:
            value, size = figure(one), weight(one)
            if value is not None and size is not None:
                yield one, self.place.get(one.country), value, size

    def _note(self, name: str, missing: np.ndarray) -> None:
        self.filled += [f"{name} {self.regions[at]}" for at in np.flatnonzero(missing)]
