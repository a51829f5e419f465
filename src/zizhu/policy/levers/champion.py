"""National champions."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.policy import subsidising
from zizhu.policy.action import Action
from zizhu.policy.defaults import fraction
from zizhu.policy.measure import Measure, Names, Rate, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.subsidising import PublicPayer
from zizhu.policy.units import PERCENT, Size


class Champion(Measure):
    """Concentrate a subsidy and public purchases on one firm, and let fewer others in.

    The champion makes the part g of its sector's output at home (`segment`, the registered
    `firm_segment` if left out). The subsidy is a share of its own cost, so that the sector is paid
    g times that rate; it works as a production subsidy, effort on ability included. Public buyers
    prefer it, which counts for the part g of home supplies: g ln(1 + preference). Because others
    are kept out, the sector's productivity falls by `entry_loss`. On nodes of a chain the subsidy
    is money at work (on ability; on plants, capacity) and the preference acts through the public
    share of buyers; the champion makes the whole node there, and what its rivals would have learned
    is not modelled.
    """

    acts_through: ClassVar[str] = (
        "production subsidy, support, effort on abilities in the sector, home preference of public "
        "buyers and less productivity; on "
        "nodes, money at work and preference for home supplies"
    )
    known: ClassVar[str] = (
        "one champion's subsidies rose from 1.1 to 3.5 percent of revenue in two years (F07); "
        "large groups get 1.3 percent, which explains gains of market share and not of "
        "productivity (F09); less entry costs productivity in zones (F94, a sign)"
    )
    pays: ClassVar[str] = "the central government the subsidy, unless `payer` says otherwise"
    interacts: ClassVar[str] = (
        "with `entry_subsidy`, which does the opposite; with `entity_list`: a larger champion is a "
        "larger target; with `local_support` that signals its sector: support adds up and "
        "misallocation grows with its square"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "champion_support",
        "procurement_preference",
        "public_share",
        "firm_segment",
        "champion_entry_loss",
        "production_efficiency",
        "effort_of_production",
    )
    example: ClassVar[str] = (
        "lever: champion\nlabel: carmaker\nregion: CHN\nsectors: C29\nsubsidy: 3.5 %\n"
        "preference: 20 %\nsegment: 10 %"
    )

    lever: Literal["champion"] = "champion"
    region: str = Field(description="region of the champion")
    sectors: Names | None = Field(default=None, description="its sector")
    nodes: Names | None = Field(default=None, description="or its nodes of a chain, `chain/node`")
    subsidy: Rate | None = Field(
        default=None, description="share of its cost; left out: parameter champion_support"
    )
    preference: Rate | None = Field(
        default=None,
        description="advantage with public buyers; left out: parameter procurement_preference",
    )
    segment: Share | None = Field(
        default=None, description="its part of the sector at home; left out: parameter firm_segment"
    )
    entry_loss: Share | None = Field(
        default=None,
        description="productivity lost for want of entry; left out: parameter champion_entry_loss",
    )
    payer: PublicPayer = Field(default="central government", description="who pays the subsidy")

    @model_validator(mode="after")
    def _one_of(self) -> Champion:
        if (self.sectors is None) == (self.nodes is None):
            raise ValueError("give either sectors or nodes")
        if self.nodes is not None and (self.segment or self.entry_loss):
            name = "segment" if self.segment else "entry_loss"
            raise ValueError(f"{name}: on nodes the champion makes all at home; leave {name} out")
        return self

    def on_path(self, context: PathContext) -> Action:
        """Subsidy, preference and lost entry by year, and who pays."""
        region = context.region(self.region)
        force = context.in_force(self.start, self.end, self.phase_in)
        rate = fraction(context, self.subsidy, "champion_support")
        liked = float(np.log1p(fraction(context, self.preference, "procurement_preference")))
        local = context.parameters["local_share"]
        efficiency = context.parameters["production_efficiency"]
        if self.nodes is not None:
            rows = context.nodes(self.nodes)
            size = Size(100 * rate, PERCENT)
            bought = force[:, None, None] * subsidising.paid_to_nodes(
                context, [region], rows, size, day=self.start, split="equal"
            )
            wedges = subsidising.node_wedges(context, bought, efficiency)
            liking = np.zeros_like(wedges.node_preference)
            part = context.parameters["public_share"]
            liking[:, rows, region] = (force * part * liked)[:, None]
            spent = subsidising.MILLION_PER_BILLION * bought.sum(axis=1)
            return Action(
                wedges._replace(node_preference=liking),
                subsidising.payers(spent, self.payer, local),
            )
        sectors = context.sectors([] if self.sectors is None else self.sectors)
        segment = fraction(context, self.segment, "firm_segment")
        size = Size(100 * rate * segment, PERCENT)
        paid = force[:, None, None] * subsidising.paid_to_sectors(
            context, [region], sectors, size, self.start
        )
        useful = subsidising.useful_part(paid, efficiency)
        wedges = subsidising.path_wedges(
            context, paid, useful, context.parameters["effort_of_production"]
        )
        preference, lost = np.zeros_like(paid), np.zeros_like(paid)
        loss = fraction(context, self.entry_loss, "champion_entry_loss")
        preference[:, region, sectors] = (force * segment * liked)[:, None]
        lost[:, region, sectors] = np.log1p(-np.minimum(loss * force, 0.99))[:, None]
        wedges = wedges._replace(home_preference=preference, log_productivity=lost)
        return Action(wedges, subsidising.payers(paid.sum(axis=2), self.payer, local))
