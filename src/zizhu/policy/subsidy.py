"""What the subsidies have in common: a schema, and money that works as well as its instrument."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy import money_remarks, subsidising
from zizhu.policy.action import Action
from zizhu.policy.context import Context
from zizhu.policy.measure import Measure, Names, RateOrMoney
from zizhu.policy.path_context import PathContext
from zizhu.policy.subsidising import PublicPayer
from zizhu.policy.wedges import Wedges


class Subsidy(Measure):
    """Base of the levers that pay producers.

    efficiency  parameter of the instrument: the part of the money that works
    effort      parameter of the part of it that is spent on ability
    """

    efficiency: ClassVar[str]
    effort: ClassVar[str]

    regions: Names = Field(description="regions that pay and receive the subsidy")
    sectors: Names | None = Field(default=None, description="sectors or sector groups")
    nodes: Names | None = Field(
        default=None, description="or nodes of chains, `chain/node`; a path only"
    )
    size: RateOrMoney = Field(
        description="share of cost (of nodes: of what the region makes), or an amount for one year"
    )
    split: Literal["equal", "purchases"] = Field(
        default="equal", description="how nodes share an amount: alike, or as the region buys them"
    )
    payer: PublicPayer = Field(
        default="both", description="who pays; both: local governments their usual share"
    )
    stated: RateOrMoney | None = Field(
        default=None,
        description="the same amount as its source states it in another currency, to be checked",
    )

    @model_validator(mode="after")
    def _check_subsidy(self) -> Subsidy:
        if (self.sectors is None) == (self.nodes is None):
            raise ValueError("give either sectors or nodes")
        if self.nodes is not None and self.size.value < 0:
            raise ValueError(f"size: '{self.size}' is negative; money for nodes is 0 or more")
        money_remarks.check_stated(self.size, self.stated)
        return self

    def remarks(self, context: Context) -> tuple[str, ...]:
        """Money of another year, and a conversion stated by the source that is far off."""
        return tuple(f"{self.label}: {remark}" for remark in self._remarks(context))

    def _remarks(self, context: Context) -> tuple[str, ...]:
        return (
            *money_remarks.vintage(self.size, self.start, context),
            *money_remarks.conversion(self.size, self.stated, self.start, context),
        )

    def wedges(self, context: Context) -> Wedges:
        """Share of cost paid by the government, and what of the money is wasted."""
        if self.sectors is None:
            raise ScenarioError("nodes: a static run has no chains; give `years`, or name sectors")
        money_remarks.require_one_year(self.size, self.start, self.end)
        paid = subsidising.paid_to_sectors(
            context,
            context.regions(self.regions, field="regions"),
            context.sectors(self.sectors),
            self.size,
            self.start,
        )
        useful = subsidising.useful_part(paid, context.parameters[self.efficiency])
        return subsidising.static_wedges(context, paid, useful)

    def on_path(self, context: PathContext) -> Action:
        """Subsidy, support and waste by year, or money at work on nodes; and who pays."""
        regions = context.regions(self.regions, field="regions")
        force = context.in_force(self.start, self.end, self.phase_in)[:, None, None]
        efficiency = context.parameters[self.efficiency]
        if self.nodes is not None:
            rows = context.nodes(self.nodes)
            bought = force * subsidising.paid_to_nodes(
                context, regions, rows, self.size, day=self.start, split=self.split
            )
            wedges = subsidising.node_wedges(context, bought, efficiency)
            spent = subsidising.MILLION_PER_BILLION * bought.sum(axis=1)
        else:
            sectors = context.sectors([] if self.sectors is None else self.sectors)
            paid = force * subsidising.paid_to_sectors(
                context, regions, sectors, self.size, self.start
            )
            useful = subsidising.useful_part(paid, efficiency)
            wedges = subsidising.path_wedges(context, paid, useful, context.parameters[self.effort])
            spent = paid.sum(axis=2)
        local = context.parameters["local_share"]
        remarks = self._remarks(context) + money_remarks.every_year(self.size, self.start, self.end)
        return Action(wedges, subsidising.payers(np.asarray(spent), self.payer, local), remarks)
