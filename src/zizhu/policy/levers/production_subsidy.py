"""Production subsidies."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy.context import Context
from zizhu.policy.measure import Measure, Names, RateOrMoney
from zizhu.policy.units import GDP, MONEY, PERCENT
from zizhu.policy.wedges import Wedges

# A source's own conversion further off than this is reported.
LARGEST_CONVERSION_GAP = 0.03

DAYS_OF_A_YEAR = 366


class ProductionSubsidy(Measure):
    """Pay a share of the production cost of named sectors out of lump-sum taxes.

    A size in percent is the share of cost. Money or a share of GDP is an amount for one year,
    spread over the sectors in proportion to their output in the table; what it costs in the new
    equilibrium, where output is larger, is reported.
    """

    acts_through: ClassVar[str] = "production subsidy: producer price; cost to the region's income"
    known: ClassVar[str] = (
        "Chinese industrial firms receive about 4.5 percent of revenue (F07); subsidies move "
        "market shares, not productivity (F09, F10)"
    )
    example: ClassVar[str] = (
        "lever: production_subsidy\nlabel: chips\nregions: CHN\nsectors: C26\nsize: 5 %"
    )

    lever: Literal["production_subsidy"] = "production_subsidy"
    regions: Names = Field(description="regions that pay and receive the subsidy")
    sectors: Names = Field(description="sectors or sector groups")
    size: RateOrMoney = Field(description="share of cost, or an amount for one year")

    stated: RateOrMoney | None = Field(
        default=None,
        description="the same amount as its source states it in another currency, to be checked",
    )

    @model_validator(mode="after")
    def _amount_of_one_year(self) -> ProductionSubsidy:
        if self.size.kind != PERCENT and self.start and self.end:
            days = (self.end - self.start).days
            if days > DAYS_OF_A_YEAR:
                raise ValueError(
                    f"size: '{self.size}' from {self.start} to {self.end} is the money of "
                    f"{days / 365:.0f} years; give the amount of one year"
                )
        return self

    @model_validator(mode="after")
    def _stated_is_money(self) -> ProductionSubsidy:
        if self.stated is not None and (self.stated.kind != MONEY or self.size.kind != MONEY):
            raise ValueError("stated checks a conversion: it and size must both be money")
        return self

    def remarks(self, context: Context) -> tuple[str, ...]:
        """A conversion stated by the source that is off by more than 3 percent."""
        year = context.world.year
        if self.size.kind == MONEY and self.start and self.start.year != year:
            vintage: tuple[str, ...] = (
                f"{self.label}: money of {self.start.year} meets output of {year}, not deflated",
            )
        else:
            vintage = ()
        if self.stated is None or self.stated.currency is None:
            return vintage
        date = context.date(self.start)
        ours = self.size.money(self.stated.currency, date)
        gap = self.stated.value / ours - 1
        if abs(gap) <= LARGEST_CONVERSION_GAP:
            return vintage
        return (
            *vintage,
            f"{self.label}: the stated '{self.stated}' is {100 * gap:+.1f} percent off "
            f"'{self.size}' at the exchange rate of {date}",
        )

    def wedges(self, context: Context) -> Wedges:
        """Share of cost paid by the government."""
        none = context.none()
        subsidy = none.subsidy.copy()
        sectors = context.sectors(self.sectors)
        for region in context.regions(self.regions, field="regions"):
            revenue = context.world.output[region, sectors].sum()
            if self.size.kind == PERCENT:
                rate = self.size.fraction
            else:
                amount = self._amount(context, region)
                rate = amount / (revenue + amount)
            if not -1 < rate < 0.9:
                raise ScenarioError(
                    f"size: '{self.size}' is {100 * rate:.0f} % of cost; it must lie between "
                    "-100 % and 90 %"
                )
            subsidy[region, sectors] = rate
        return none._replace(subsidy=subsidy)

    def _amount(self, context: Context, region: int) -> float:
        """Amount for one year, million units of the world's currency."""
        if self.size.kind == GDP:
            return float(self.size.fraction * context.world.gdp[region])
        return self.size.money(context.world.currency, context.date(self.start)) / 1e6
