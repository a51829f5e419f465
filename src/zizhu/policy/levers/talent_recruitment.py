"""Recruitment of people from abroad."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.parameters import parameters
from zizhu.policy.action import Action, Spending
from zizhu.policy.measure import Cost, Count, Measure, Names, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.units import MONEY, Size

# The region whose stock abroad is a registered parameter.
_KNOWN = "CHN"


class TalentRecruitment(Measure):
    """Draw people back from abroad with a post and a laboratory.

    A part x of the region's people at work abroad returns in a year on top of the base flow: `size`
    is x, or `people` over the stock abroad. A recruit counts 1 + `returnee_premium` at home,
    because of the laboratory, whose cost is `cost` for each (parameter `recruit_cost` if left out):
    cost_t = people_t x cost, with the stock abroad as it is in the base year.
    """

    acts_through: ClassVar[str] = "returnees, who count more than others; outlay"
    known: ClassVar[str] = (
        "young recruits publish 27 percent more than peers who stayed abroad, explained by funding "
        "and teams; they are at the 15th percentile, those who declined at the 10th (F24); 28 "
        "percent of leading AI researchers work in China (F26)"
    )
    pays: ClassVar[str] = "the central government, once for each recruit"
    interacts: ClassVar[str] = (
        "with `brain_drain`: pressure abroad raises the flow that it adds to, and who left can be "
        "recruited; with `research_spending`: money and talent multiply; with itself: the stock "
        "abroad shrinks, so that later years bring fewer"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "returnee_premium",
        "recruit_cost",
        "talent_abroad",
        "base_return",
        "talent_retention",
    )
    example: ClassVar[str] = (
        "lever: talent_recruitment\nlabel: young-talents\nregions: CHN\npeople: 1000\n"
        "from: 2024-01-01\nto: 2030-12-31"
    )

    lever: Literal["talent_recruitment"] = "talent_recruitment"
    regions: Names = Field(description="regions that draw their people back")
    size: Share | None = Field(
        default=None, description="part of the people abroad that returns in a year on top"
    )
    people: Count | None = Field(default=None, gt=0, description="or people a year")
    stock: Count | None = Field(
        default=None,
        gt=0,
        description="its people at work abroad; left out: parameter talent_abroad, for CHN",
    )
    cost: Cost | None = Field(
        default=None, description="for each recruit, in money; left out: parameter recruit_cost"
    )

    @model_validator(mode="after")
    def _one_of(self) -> TalentRecruitment:
        if (self.size is None) == (self.people is None):
            raise ValueError("give either size (part of the stock abroad) or people (a year)")
        if self.cost is not None and self.cost.kind != MONEY:
            raise ValueError(f"cost: '{self.cost}' is no money; write '3.5 mn CNY'")
        if self.people and self.stock and self.people > self.stock:
            raise ValueError(
                f"people: {self.people:g} a year of {self.stock:g} abroad; fewer than there are is "
                "right"
            )
        return self

    def on_path(self, context: PathContext) -> Action:
        """Returnees by year, and what they cost."""
        force = context.in_force(self.start, self.end, self.phase_in)
        none = context.no_path()
        returnees, outlay = np.zeros_like(none.returnees), np.zeros_like(none.outlay)
        each = self.cost or Size(
            context.parameters["recruit_cost"] * 1e6,
            MONEY,
            parameters()["recruit_cost"].unit.split()[-1],
        )
        spending = []
        for region in context.regions(self.regions, field="regions"):
            stock = self._stock(context, region)
            part = self.size.fraction if self.size else (self.people or 0.0) / stock
            if part > 1:
                raise ScenarioError(
                    f"people: {self.people:g} a year of {stock:g} abroad; fewer than there are is "
                    "right"
                )
            cost = force * part * stock * context.million(each, self.start)
            returnees[:, region], outlay[:, region] = force * part, cost
            spending.append(Spending("central government", region, cost))
        return Action(none._replace(returnees=returnees, outlay=outlay), tuple(spending))

    def _stock(self, context: PathContext, region: int) -> float:
        """People abroad."""
        if self.stock is not None:
            return self.stock
        name = context.world.regions[region]
        if name != _KNOWN:
            raise ScenarioError(
                f"stock: how many people of {name} work abroad is not registered; give stock"
            )
        return 1e3 * context.parameters["talent_abroad"]
