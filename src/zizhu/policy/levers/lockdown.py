"""Lockdowns."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from zizhu.policy.action import Action
from zizhu.policy.context import MANUFACTURING, SERVICES, Context
from zizhu.policy.defaults import fraction
from zizhu.policy.effective_labour import as_productivity
from zizhu.policy.measure import Change, Measure, Names
from zizhu.policy.path_context import PathContext
from zizhu.policy.wedges import Wedges


class Lockdown(Measure):
    """Keep people from work for a while: manufacturing, services and the rest by their own sizes.

    A size is the fall of effective labour while it lasts; a year has it for the part of its days,
    so that two months at -13 percent are about -2 percent of the year. A sector whose labour does
    the part 1 + f of its work has unit cost higher by its share of value added times that,
    ln T = va ln(1 + f). Sectors that are `spared` go on. In a static run it lasts all year.
    """

    acts_through: ClassVar[str] = "productivity of sectors, by their share of value added"
    known: ClassVar[str] = (
        "Chinese industrial output fell 13.5 percent in January-February 2020, manufacturing "
        "15.7, services 13, retail 20.5, foreign-owned industry 21.4; high technology held up "
        "better (F57)"
    )
    timing: ClassVar[str] = "from day to day between `from` and `to`: name both, it is short"
    interacts: ClassVar[str] = (
        "with `export_control` and `tariff`: each hits less of what the other has stopped; with "
        "`demand_slump`: supply and demand fall together, which the model adds up"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "lockdown_labour",
        "lockdown_manufacturing",
        "lockdown_services",
    )
    phases: ClassVar[bool] = False
    example: ClassVar[str] = (
        "lever: lockdown\nlabel: two-months\nregions: CHN\nspared: C21\nfrom: 2025-01-01\n"
        "to: 2025-02-28\nsource: F57"
    )

    is_pressure: ClassVar[bool] = True
    lever: Literal["lockdown"] = "lockdown"
    regions: Names = Field(description="regions that lock down")
    manufacturing: Change | None = Field(
        default=None, description="fall there; left out: parameter lockdown_manufacturing"
    )
    services: Change | None = Field(
        default=None, description="fall there; left out: parameter lockdown_services"
    )
    rest: Change | None = Field(
        default=None, description="fall in all other sectors; left out: parameter lockdown_labour"
    )
    spared: Names | None = Field(default=None, description="sectors that go on")

    def wedges(self, context: Context) -> Wedges:
        """Log productivity of a year of it."""
        regions = context.regions(self.regions, field="regions")
        lost = as_productivity(context, regions, self._fall(context))
        return context.none()._replace(log_productivity=lost)

    def on_path(self, context: PathContext) -> Action:
        """Log productivity by year, a year having it for the part of its days."""
        regions = context.regions(self.regions, field="regions")
        force = context.in_force(self.start, self.end)
        lost = as_productivity(context, regions, force[:, None] * self._fall(context))
        remarks: tuple[str, ...] = ()
        if self.end is None:
            remarks = ("it has no end, so that it lasts to the end of the path; give `to`",)
        return Action(context.no_path()._replace(log_productivity=lost), (), remarks)

    def _fall(self, context: Context) -> Float[np.ndarray, " k"]:
        fall = np.full(len(context.world.sectors), fraction(context, self.rest, "lockdown_labour"))
        groups = context.sector_groups
        for group, given, name in (
            (MANUFACTURING, self.manufacturing, "lockdown_manufacturing"),
            (SERVICES, self.services, "lockdown_services"),
        ):
            if groups[group]:
                fall[context.sectors(group)] = fraction(context, given, name)
        if self.spared is not None:
            fall[context.sectors(self.spared, field="spared")] = 0.0
        return fall
