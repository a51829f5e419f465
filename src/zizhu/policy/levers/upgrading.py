"""Old industries: better, or kept."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.policy import subsidising
from zizhu.policy.action import Action, Spending
from zizhu.policy.context import Context
from zizhu.policy.measure import Change, Cost, Measure, Names, Rate
from zizhu.policy.path_context import PathContext
from zizhu.policy.wedges import Wedges


class Upgrading(Measure):
    """Make old sectors more productive, keep them by subsidy, or both.

    `size` changes the productivity of the sectors, ln T by ln(1 + size); what that costs a year is
    `cost`, of which the part `effort_of_upgrading` is effort on abilities in the sectors and the
    rest is used up (no source ties cost to size). `keep` is a production subsidy at that share of
    cost, so that simple industry does not leave: it works with `production_efficiency` and counts
    as support. The sizes are assumptions: no fact is known.
    """

    acts_through: ClassVar[str] = (
        "productivity; effort on abilities in the sectors; outlay; production subsidy and support "
        "for `keep`"
    )
    known: ClassVar[str] = (
        "nothing on sizes, which are assumptions; upgrade subsidies of listed firms had no "
        "positive effect on productivity (F10)"
    )
    pays: ClassVar[str] = (
        "local governments the share `local_share`, the central government the rest, of `cost` and "
        "`keep`"
    )
    interacts: ClassVar[str] = (
        "with `productivity` on the same sectors: gains add up in logs; with every subsidy: "
        "support adds up and the loss by misallocation grows with its square; with "
        "`workforce_decline`: labour kept in old sectors is missing in new ones"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "production_efficiency",
        "effort_of_upgrading",
        "local_share",
    )
    example: ClassVar[str] = (
        "lever: upgrading\nlabel: textiles\nregions: CHN\nsectors: [C13T15, C31T33]\nsize: 2 %\n"
        "cost: 0.02 % of GDP\nkeep: 1 %"
    )

    lever: Literal["upgrading"] = "upgrading"
    regions: Names = Field(description="regions whose industry it is")
    sectors: Names = Field(description="sectors or sector groups")
    size: Change | None = Field(default=None, description="change of productivity")
    cost: Cost | None = Field(default=None, description="public money a year for that")
    keep: Rate | None = Field(default=None, description="share of cost that is paid to keep it")

    @model_validator(mode="after")
    def _any_of(self) -> Upgrading:
        if self.size is None and self.keep is None:
            raise ValueError("give size (productivity), keep (subsidy) or both")
        if self.cost is not None and self.size is None:
            raise ValueError("cost: it pays for size; give size too")
        return self

    def wedges(self, context: Context) -> Wedges:
        """Productivity, subsidy and outlay."""
        regions = context.regions(self.regions, field="regions")
        sectors = context.sectors(self.sectors)
        found = context.none()
        if self.keep is not None:
            paid = subsidising.paid_to_sectors(context, regions, sectors, self.keep, self.start)
            useful = subsidising.useful_part(paid, context.parameters["production_efficiency"])
            found = subsidising.static_wedges(context, paid, useful)
        gain, outlay = np.zeros_like(found.log_productivity), found.outlay.copy()
        for region in regions:
            gain[region, sectors] = np.log1p(self.size.fraction) if self.size else 0.0
            if self.cost is not None:
                outlay[region] += subsidising.amount_of(context, self.cost, region, self.start)
        return found._replace(log_productivity=gain, outlay=outlay)

    def on_path(self, context: PathContext) -> Action:
        """Productivity, subsidy, support and outlay by year, and who pays."""
        regions = context.regions(self.regions, field="regions")
        sectors = context.sectors(self.sectors)
        force = context.in_force(self.start, self.end, self.phase_in)
        begun = context.in_force(self.start, self.end)
        found, local = context.no_path(), context.parameters["local_share"]
        spending: tuple[Spending, ...] = ()
        if self.keep is not None:
            paid = begun[:, None, None] * subsidising.paid_to_sectors(
                context, regions, sectors, self.keep, self.start
            )
            useful = subsidising.useful_part(paid, context.parameters["production_efficiency"])
            # What keeps an industry as it is makes nobody abler.
            found = subsidising.path_wedges(context, paid, useful, 0.0)
            spending = subsidising.payers(paid.sum(axis=2), "both", local)
        gain, outlay = np.zeros_like(context.cost), np.zeros_like(context.gdp)
        for region in regions:
            rise = np.log1p(self.size.fraction) if self.size else 0.0
            gain[:, region, sectors] = (force * rise)[:, None]
            if self.cost is not None:
                outlay[:, region] = begun * context.by_year(self.cost, region, self.start)
        part = context.parameters["effort_of_upgrading"]
        effort = subsidising.effort_in(context, regions, sectors, part * outlay)
        found = found._replace(
            log_productivity=gain,
            outlay=found.outlay + (1 - part) * outlay,
            sector_effort=found.sector_effort + effort,
        )
        return Action(found, (*spending, *subsidising.payers(outlay, "both", local)))
