"""Demand at home: its level, and consumer subsidies."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field, model_validator

from zizhu.policy import borrowing, money_remarks, subsidising
from zizhu.policy.action import Action
from zizhu.policy.context import Context
from zizhu.policy.measure import Cost, Measure, Names, Rate
from zizhu.policy.path_context import PathContext
from zizhu.policy.units import Size
from zizhu.policy.wedges import Wedges


class DemandPolicy(Measure):
    """Raise demand at home: by spending more than is earned, or by subsidies to buyers.

    `size` is final spending on top of income. All labour is at work in the model, so that it has to
    be borrowed abroad: the region's deficit rises by `size`, and the others lend in proportion to
    their GDP. Households, government and investment share it as they did. On a path it is paid back
    after `to`, in equal parts over the years that are left and without interest (assumption);
    without `to` it is not, and real income counts what is borrowed as a gain. A static run always
    does. The ledger has what is spent, and not what is paid back, so that nothing counts twice.

    `subsidy` is a share of the cost of home-made goods of `sectors`, paid for what is sold at home
    (to firms as well as to consumers). It is a production subsidy at the rate s with an export tax
    s / (1 - s), which leaves export prices where they were; imports get none. Of the money A the
    part x = `production_efficiency` works and the rest is used without effect:
    s = x A / (R + x A) with R the output, of which the part sold at home is paid for.
    """

    acts_through: ClassVar[str] = (
        "deficit (level); production subsidy with an export tax (subsidy of what is sold at home)"
    )
    known: ClassVar[str] = (
        "support of electric vehicles was 11 percent of their sales in 2023, above 40 before 2017 "
        "(F08); the goods surplus of China was nearly 1 tn USD in 2024, in years in which demand "
        "at home was to lead (F98)"
    )
    timing: ClassVar[str] = (
        "in force from day to day between `from` and `to`, rising over phase_in; what is borrowed "
        "is paid back in the years after `to`"
    )
    pays: ClassVar[str] = "the central government, unless `payer` says otherwise: level and subsidy"
    interacts: ClassVar[str] = (
        "with `production_subsidy` on the same sectors: rates add up and so does the export tax, "
        "misallocation grows with its square; with `tariff`: both move buyers from imports to home "
        "goods; with `demand_slump`: they offset each other"
    )
    sizes: ClassVar[tuple[str, ...]] = ("consumer_support", "production_efficiency")
    example: ClassVar[str] = (
        "lever: demand_policy\nlabel: consumers\nregions: CHN\nsectors: C29\nsubsidy: 5 %\n"
        "size: 0.5 % of GDP"
    )

    lever: Literal["demand_policy"] = "demand_policy"
    regions: Names = Field(description="regions whose demand is raised")
    size: Cost | None = Field(
        default=None, description="final spending in a year on top of income, borrowed abroad"
    )
    sectors: Names | None = Field(default=None, description="sectors whose buyers are subsidised")
    subsidy: Rate | None = Field(
        default=None, description="share of cost of home-made goods sold at home"
    )
    payer: subsidising.PublicPayer = Field(default="central government", description="who pays")

    @model_validator(mode="after")
    def _any_of(self) -> DemandPolicy:
        if self.size is None and self.subsidy is None:
            raise ValueError("give size (level of spending), subsidy (of sectors) or both")
        if (self.sectors is None) != (self.subsidy is None):
            raise ValueError("sectors and subsidy go together: give both or neither")
        return self

    def remarks(self, context: Context) -> tuple[str, ...]:
        """Money of another year."""
        return tuple(
            f"{self.label}: {remark}"
            for remark in money_remarks.vintage(self.size, self.start, context)
        )

    def wedges(self, context: Context) -> Wedges:
        """Deficits, subsidies and export taxes."""
        if self.size is not None:
            money_remarks.require_one_year(self.size, self.start, self.end)
        none, regions = context.none(), context.regions(self.regions, field="regions")
        found = none
        if self.size is not None:
            amount = self._amount(context, regions, self.size)
            found = none._replace(deficit=borrowing.borrowed(context, regions, amount))
        if self.sectors is None or self.subsidy is None:
            return found
        paid = self._paid(context, regions, self.subsidy)
        useful = subsidising.useful_part(paid, context.parameters["production_efficiency"])
        wedges = subsidising.static_wedges(context, paid, useful)
        home = _sold_at_home(context)
        return found._replace(
            subsidy=wedges.subsidy,
            outlay=(home * (paid - useful)).sum(axis=1),
            export_tax=_offset(context, wedges.subsidy[None])[0],
        )

    def on_path(self, context: PathContext) -> Action:
        """Deficits, subsidies, export taxes and support by year, and who pays."""
        force = context.in_force(self.start, self.end, self.phase_in)
        regions = context.regions(self.regions, field="regions")
        spent = np.zeros_like(context.gdp)
        wedges = context.no_path()
        remarks: tuple[str, ...] = ()
        if self.size is not None:
            spent += force[:, None] * self._amount(context, regions, self.size)
            real, remark = borrowing.settled(context, spent, self.end)
            unit = borrowing.in_unit_of_deficits(context, real)
            wedges = wedges._replace(deficit=borrowing.borrowed(context, regions, unit))
            remarks = (
                *money_remarks.vintage(self.size, self.start, context),
                *money_remarks.every_year(self.size, self.start, self.end),
                f"{remark}; the ledger has what is spent",
            )
        if self.subsidy is not None:
            paid = force[:, None, None] * self._paid(context, regions, self.subsidy)
            useful = subsidising.useful_part(paid, context.parameters["production_efficiency"])
            acting = subsidising.path_wedges(context, paid, useful, 0.0)
            home = _sold_at_home(context)
            wedges = wedges._replace(
                subsidy=acting.subsidy,
                support=home * acting.support,
                outlay=(home * (paid - useful)).sum(axis=2),
                export_tax=_offset(context, acting.subsidy),
            )
            spent += (home * paid).sum(axis=2)
        local = context.parameters["local_share"]
        return Action(
            wedges,
            subsidising.payers(spent, self.payer, local),
            remarks,
            borrowers=tuple(regions) if self.size is not None else (),
        )

    def _amount(
        self, context: Context, regions: list[int], size: Size
    ) -> Float[np.ndarray, "*t n"]:
        """Real million of a year of full force."""
        amount = np.zeros_like(borrowing.gdp_of(context))
        for region in regions:
            amount[..., region] = subsidising.amount_of(context, size, region, self.start)
        return amount

    def _paid(
        self, context: Context, regions: list[int], subsidy: Size
    ) -> Float[np.ndarray, "*t n k"]:
        """Money for all output; only what is sold at home is paid for."""
        sectors = context.sectors([] if self.sectors is None else self.sectors)
        return subsidising.paid_to_sectors(context, regions, sectors, subsidy, self.start)


def _sold_at_home(context: Context) -> Float[np.ndarray, "n k"]:
    """Part of each sector's sales that its own region buys, in the table."""
    flows = context.world.flows
    own = np.einsum("iki->ik", flows)
    total = flows.sum(axis=2)
    return np.asarray(np.divide(own, total, out=np.zeros_like(own), where=total > 0))


def _offset(context: Context, subsidy: Float[np.ndarray, "t n k"]) -> Float[np.ndarray, "t n k n"]:
    """Export tax that takes the subsidy back at the border."""
    abroad = 1 - np.eye(len(context.world.regions))
    return np.asarray((subsidy / (1 - subsidy))[..., None] * abroad[None, :, None, :])
