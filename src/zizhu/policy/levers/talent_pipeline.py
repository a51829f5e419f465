"""Places at universities."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zizhu.policy.action import Action, Spending
from zizhu.policy.measure import Change, Measure, Names
from zizhu.policy.path_context import PathContext


class TalentPipeline(Measure):
    """Open or close places for scientists and engineers at universities.

    Places opened change by `size`; they become graduates `graduate_lag` years later, of whom the
    stay rate decides how many work at home, and the stock of people moves by a few percent of
    itself a year. Each place costs in all the years of study: with size a_t and lag T,

        cost_t = places_cost GDP_t (a_t + ... + a_(t-T+1)) / T

    where places_cost is what all places of the base year cost as a share of GDP.
    """

    acts_through: ClassVar[str] = "graduates, after the years of study; outlay"
    known: ClassVar[str] = (
        "China had 1.82 mn first degrees in science and engineering in 2018 and the United States "
        "0.81 mn (F21); doctorates were level and are growing faster (F22); cited work at the top "
        "has passed the world's average (F27); what a place costs is an assumption"
    )
    timing: ClassVar[str] = (
        "places from day to day between `from` and `to`, rising over phase_in; graduates four "
        "years later"
    )
    pays: ClassVar[str] = "the central government, for all years of study"
    interacts: ClassVar[str] = (
        "with `research_spending` and `research_tax_credit`: money and talent multiply; with "
        "`brain_drain`: who leaves was paid for at home; with `talent_recruitment`: adds up"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "places_cost",
        "graduate_lag",
        "talent_retention",
        "home_stay_rate",
        "research_talent_exponent",
    )
    example: ClassVar[str] = (
        "lever: talent_pipeline\nlabel: more-engineers\nregions: CHN\nsize: 20 %\n"
        "from: 2025-09-01\nphase_in: 3"
    )

    lever: Literal["talent_pipeline"] = "talent_pipeline"
    regions: Names = Field(description="regions that open places")
    size: Change = Field(description="change of places opened in a year")

    def on_path(self, context: PathContext) -> Action:
        """Places by year, and the cost of those who study."""
        opened = self.size.fraction * context.in_force(self.start, self.end, self.phase_in)
        years = max(int(context.parameters["graduate_lag"]), 1)
        studying = np.convolve(opened, np.full(years, 1 / years))[: len(opened)]
        none = context.no_path()
        graduates, outlay = np.zeros_like(none.graduates), np.zeros_like(none.outlay)
        spending = []
        for region in context.regions(self.regions, field="regions"):
            cost = context.parameters["places_cost"] / 100 * context.gdp[:, region] * studying
            graduates[:, region], outlay[:, region] = opened, cost
            spending.append(Spending("central government", region, cost))
        return Action(none._replace(graduates=graduates, outlay=outlay), tuple(spending))
