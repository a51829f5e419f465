"""A fall of final demand."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field, model_validator

from zizhu.policy import borrowing
from zizhu.policy.action import Action
from zizhu.policy.context import Context
from zizhu.policy.measure import Change, Measure, Names
from zizhu.policy.path_context import PathContext
from zizhu.policy.wedges import Wedges


class DemandSlump(Measure):
    """Let regions spend less than they earn: saving rises, and the savings are lent abroad.

    All final spending falls by `size`, that of households, governments and investors alike; the
    region's deficit falls by as much, and the deficits of the others rise in proportion to their
    GDP. On a path the others pay it back after `to`, in equal parts over the years that are left
    and without interest (assumption); without `to` what is lent does not come back. All labour
    stays at work and prices clear all markets: this is a shift of demand from home goods to what
    others buy, not a slump with idle workers.
    """

    acts_through: ClassVar[str] = "deficit: less spending of all kinds at home, more lent abroad"
    timing: ClassVar[str] = (
        "in force from day to day between `from` and `to`, rising over phase_in; paid back in the "
        "years after `to`"
    )
    known: ClassVar[str] = (
        "weak demand at home and a record surplus went together in China in 2024 (F98); sizes are "
        "assumptions"
    )
    interacts: ClassVar[str] = (
        "with `demand_policy`: they offset each other; with `tariff` and `decoupling`: the goods "
        "that are not bought at home meet higher walls"
    )
    example: ClassVar[str] = (
        "lever: demand_slump\nlabel: weak-demand\nregions: CHN\nsize: -3 %\nfrom: 2026-01-01\n"
        "to: 2027-12-31"
    )

    is_pressure: ClassVar[bool] = True
    lever: Literal["demand_slump"] = "demand_slump"
    regions: Names = Field(description="regions that spend less")
    size: Change = Field(description="change of all final spending, below zero")

    @model_validator(mode="after")
    def _falls(self) -> DemandSlump:
        if self.size.fraction >= 0:
            raise ValueError(f"size: '{self.size}' is no fall; a slump is below 0 %")
        return self

    def wedges(self, context: Context) -> Wedges:
        """Deficits that sum to zero."""
        regions = context.regions(self.regions, field="regions")
        less = borrowing.borrowed(context, regions, self._less(context))
        return context.none()._replace(deficit=less)

    def on_path(self, context: PathContext) -> Action:
        """Deficits by year: less spending, and what comes back of it."""
        force = context.in_force(self.start, self.end, self.phase_in)
        regions = context.regions(self.regions, field="regions")
        less = np.zeros_like(context.gdp)
        less[:, regions] = force[:, None] * self._less(context)[:, regions]
        real, remark = borrowing.settled(context, less, self.end)
        unit = borrowing.in_unit_of_deficits(context, real)
        deficit = borrowing.borrowed(context, regions, unit)
        wedges = context.no_path()._replace(deficit=deficit)
        return Action(wedges, (), (remark,), borrowers=tuple(regions))

    def _less(self, context: Context) -> Float[np.ndarray, "*t n"]:
        return np.asarray(self.size.fraction * borrowing.final_spending(context))
