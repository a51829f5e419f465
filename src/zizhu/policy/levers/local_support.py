"""Support by local governments."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from zizhu.policy import money_remarks, subsidising
from zizhu.policy.action import Action
from zizhu.policy.context import Context
from zizhu.policy.measure import Cost, Measure, Names
from zizhu.policy.path_context import PathContext
from zizhu.policy.subsidising import PublicPayer
from zizhu.policy.wedges import Wedges

# Instruments of the bundle, and what each works like: a subsidy of production, investment or entry.
_BUNDLE = {
    "local_cash_support": "production",
    "local_tax_support": "investment",
    "local_land_support": "entry",
    "local_credit_support": "investment",
}


class LocalSupport(Measure):
    """Let governments support industry with the usual bundle: cash, tax relief, land, credit.

    `size` is what comes on top of the base year's support. It is divided into cash, tax, land and
    credit as in China in 2023 (2.0, 1.5, 0.5 and 0.4). Cash works as a production subsidy, tax
    relief and credit as an investment subsidy, land as an entry subsidy: with x the mean efficiency
    of the mix, s = x A / (R + x A) and the rest is used without effect. On a path the mean of what
    the instruments spend on ability (`effort_of_production` and so on) is effort in the sectors
    instead of lower cost. Herding: the part
    `local_herding` of the money goes to the sectors that the centre has `signalled`, the rest to
    `sectors`, each by output; nobody signalled, nobody follows.
    """

    acts_through: ClassVar[str] = (
        "production subsidy, support (misallocation), effort on abilities in the sectors, outlay"
    )
    known: ClassVar[str] = (
        "industrial policy is 4.4 percent of GDP and lowers productivity by about 1.2 percent "
        "(F06); about 80 percent of policy documents are local (F17); local bets are heavy-tailed: "
        "one returned 5.5 times, one lost all (F15)"
    )
    pays: ClassVar[str] = (
        "local governments the share `local_share`, the central government the rest"
    )
    interacts: ClassVar[str] = (
        "with every other subsidy on the same sectors: support adds up and the loss by "
        "misallocation grows with its square; with `investment_fund` and `champion`: name their "
        "sectors under `signalled` and local money follows them"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        *_BUNDLE,
        "effort_of_production",
        "effort_of_investment",
        "effort_of_entry",
        "local_share",
        "local_herding",
    )
    example: ClassVar[str] = (
        "lever: local_support\nlabel: bundle\nregions: CHN\nsectors: manufacturing\n"
        "signalled: [C26, C27]\nsize: 0.5 % of GDP"
    )

    lever: Literal["local_support"] = "local_support"
    regions: Names = Field(description="regions whose governments pay")
    sectors: Names = Field(default="manufacturing", description="sectors that get support")
    signalled: Names | None = Field(
        default=None, description="sectors that the centre names, after which others herd"
    )
    size: Cost = Field(description="support in a year on top of that of the base year")
    payer: PublicPayer = Field(
        default="both", description="who pays; both: local governments their usual share"
    )

    def remarks(self, context: Context) -> tuple[str, ...]:
        """Money of another year."""
        return tuple(
            f"{self.label}: {remark}"
            for remark in money_remarks.vintage(self.size, self.start, context)
        )

    def wedges(self, context: Context) -> Wedges:
        """Share of cost paid by governments, and what of the money is wasted."""
        money_remarks.require_one_year(self.size, self.start, self.end)
        paid = self._paid(context)
        return subsidising.static_wedges(context, paid, self._useful(context, paid))

    def on_path(self, context: PathContext) -> Action:
        """Subsidy, support and waste by year, and who pays."""
        force = context.in_force(self.start, self.end, self.phase_in)
        paid = force[:, None, None] * self._paid(context)
        wedges = subsidising.path_wedges(
            context, paid, self._useful(context, paid), self._mean(context, "effort_of_{}")
        )
        remarks = (
            *money_remarks.vintage(self.size, self.start, context),
            *money_remarks.every_year(self.size, self.start, self.end),
        )
        local = context.parameters["local_share"]
        return Action(wedges, subsidising.payers(paid.sum(axis=2), self.payer, local), remarks)

    def _paid(self, context: Context) -> Float[np.ndarray, "*t n k"]:
        regions = context.regions(self.regions, field="regions")

        def to(names: Names, field: str, part: float) -> Float[np.ndarray, "*t n k"]:
            sectors = context.sectors(names, field=field)
            size = replace(self.size, value=part * self.size.value)
            return subsidising.paid_to_sectors(context, regions, sectors, size, self.start)

        if self.signalled is None:
            return to(self.sectors, "sectors", 1.0)
        herd = context.parameters["local_herding"]
        both = to(self.sectors, "sectors", 1 - herd) + to(self.signalled, "signalled", herd)
        return np.asarray(both)

    def _useful(
        self, context: Context, paid: Float[np.ndarray, "*t n k"]
    ) -> Float[np.ndarray, "*t n k"]:
        return np.asarray(paid * self._mean(context, "{}_efficiency"))

    def _mean(self, context: Context, name: str) -> float:
        """Mean over the bundle of the parameter that has a name for each kind of subsidy."""
        chosen = context.parameters
        total = sum(chosen[part] for part in _BUNDLE)
        if not total > 0:
            return chosen[name.format("production")]
        kinds = _BUNDLE.items()
        return sum(chosen[part] * chosen[name.format(kind)] for part, kind in kinds) / total
