"""Public research money."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.policy import money_remarks
from zizhu.policy.action import Action, Payer, Spending
from zizhu.policy.measure import Cost, Measure, Names, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.researching import research_wedges


class ResearchSpending(Measure):
    """Spend more on research, all of it real: laboratories, institutes, grants.

    The model's research effort is R = (1 + M / M0)^x talent^y, of which productivity follows with
    the elasticity 0.124 at a quarter of the distance a year. M0 grows with GDP in the baseline, so
    that new money M_t counts as M_t GDP_0 / GDP_t. The part `basic` is basic research, which the
    central government pays for (assumption); the model has one kind of research, so that the part
    changes who pays and not what the money does. The baseline's growth of productivity was measured
    in years in which research rose already; `trend` says how much of the yearly rise that is. Of
    money that rises to `size` over phase_in, trend x phase_in of it is in the baseline, stands in
    the ledger as such, and moves nothing; only the rest counts. That some projects are chosen badly
    (F13) is in the elasticity.
    """

    acts_through: ClassVar[str] = (
        "research: real money, which moves productivity of the region and makers' own research at "
        "every node"
    )
    known: ClassVar[str] = (
        "doubling real research raises productivity by about 9 percent (F11); China spends 2.69 "
        "percent of GDP, of which 6.91 percent on basic research (F20); state firms do too much of "
        "it (F13)"
    )
    timing: ClassVar[str] = (
        "money from day to day between `from` and `to`, rising over phase_in; productivity follows "
        "by a quarter of the distance a year"
    )
    pays: ClassVar[str] = "`payer`, by default the central government"
    interacts: ClassVar[str] = (
        "with `talent_pipeline`, `talent_recruitment`, `brain_drain`: money and talent multiply, "
        "so that together they bring more than the sum; with `research_tax_credit` and "
        "`intellectual_property`: the second brings less, the effect being in logs; with "
        "`export_control`: ideas that are cut are not made up for by it"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "research_intensity",
        "research_trend",
        "basic_research_share",
        "research_elasticity",
        "research_money_exponent",
        "research_speed",
    )
    example: ClassVar[str] = (
        "lever: research_spending\nlabel: laboratories\nregions: CHN\nsize: 0.3 % of GDP\n"
        "basic: 20 %\npayer: local governments"
    )

    lever: Literal["research_spending"] = "research_spending"
    regions: Names = Field(description="regions that pay and do the research")
    size: Cost = Field(description="real research in a year on top of the baseline's")
    trend: Cost | None = Field(
        default=None,
        description="yearly rise, over phase_in, that the years of the baseline's growth had too",
    )
    basic: Share | None = Field(
        default=None, description="part of it that is basic research, paid by the centre"
    )
    payer: Payer = Field(default="central government", description="who pays for the rest")

    @model_validator(mode="after")
    def _trend_of_a_rise(self) -> ResearchSpending:
        if self.trend is None:
            return self
        if not self.phase_in:
            raise ValueError("trend: it is a rise in a year; give the years of phase_in too")
        if (self.trend.kind, self.trend.currency) != (self.size.kind, self.size.currency):
            raise ValueError(f"trend: '{self.trend}' and size '{self.size}' differ in their unit")
        return self

    @property
    def known_part(self) -> float:
        """Part of the money that only goes on as in the years of the baseline's growth, 0 to 1."""
        if self.trend is None or not self.size.value:
            return 0.0
        return min(self.trend.value * self.phase_in / self.size.value, 1.0)

    def on_path(self, context: PathContext) -> Action:
        """Real research by year beyond its trend, and who pays."""
        force = context.in_force(self.start, self.end, self.phase_in)
        regions = context.regions(self.regions, field="regions")
        money = np.zeros_like(context.gdp)
        spending = []
        basic = self.basic.fraction if self.basic else 0.0
        for region in regions:
            money[:, region] = force * context.by_year(self.size, region, self.start)
            payers: dict[Payer, float] = {"central government": basic}
            payers[self.payer] = payers.get(self.payer, 0.0) + 1 - basic
            spending += [
                Spending(payer, region, part * share * money[:, region], before=known)
                for payer, part in payers.items()
                for share, known in ((1 - self.known_part, False), (self.known_part, True))
                if part * share > 0
            ]
        remarks = (
            *money_remarks.vintage(self.size, self.start, context),
            *money_remarks.every_year(self.size, self.start, self.end),
        )
        wedges = research_wedges(context, (1 - self.known_part) * money)
        return Action(wedges, tuple(spending), (*remarks, *self._of_trend()))

    def _of_trend(self) -> tuple[str, ...]:
        """What of the money the baseline has."""
        if not self.known_part:
            return ()
        if self.known_part == 1:
            return (
                "it rises no faster than research did before, so that the baseline has all of it",
            )
        return (f"the baseline has {100 * self.known_part:.0f} % of it, the trend of research",)
