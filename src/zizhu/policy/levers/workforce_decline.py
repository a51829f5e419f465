"""A shrinking workforce."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zizhu.policy.action import Action
from zizhu.policy.defaults import fraction
from zizhu.policy.effective_labour import as_productivity
from zizhu.policy.measure import Change, Measure, Names, Years
from zizhu.policy.path_context import PathContext


class WorkforceDecline(Measure):
    """Let labour of regions fall year by year, beyond what the outlook of the baseline has.

    Labour changes by `size` in a straight line (in logs) over `over` years from `from` and stays
    there. It is all labour of the region, or effective labour of `sectors` only, which raises their
    unit cost by the share of value added (ln T = va ln(1 + size)) and lets people work elsewhere.
    """

    acts_through: ClassVar[str] = "labour of the region, or productivity of named sectors"
    known: ClassVar[str] = (
        "employees of the secondary sector fell 4.8 percent from 2018 to 2023 while those of "
        "services rose 25.6; manufacturing employment rose (F58), so that an industry without "
        "workers is not what was seen; the ageing of the population is in the baseline"
    )
    timing: ClassVar[str] = "in a straight line over `over` years from `from`, and stays"
    interacts: ClassVar[str] = (
        "with `labour_supply`: adds up; with `upgrading` and `productivity`: productivity makes up "
        "for missing people one for one; with `talent_pipeline`: researchers are counted apart"
    )
    sizes: ClassVar[tuple[str, ...]] = ("workforce_decline",)
    phases: ClassVar[bool] = False
    example: ClassVar[str] = (
        "lever: workforce_decline\nlabel: ageing\nregions: CHN\nsize: -4.8 %\nover: 5\nsource: F58"
    )

    is_pressure: ClassVar[bool] = True
    lever: Literal["workforce_decline"] = "workforce_decline"
    regions: Names = Field(description="regions whose labour falls")
    sectors: Names | None = Field(
        default=None, description="sectors whose labour falls; left out: all labour of the region"
    )
    size: Change | None = Field(
        default=None, description="change in all; left out: parameter workforce_decline"
    )
    over: Years = Field(default=5.0, ge=0, le=50, description="years that it takes")

    def on_path(self, context: PathContext) -> Action:
        """Log labour, or log productivity of the sectors, by year."""
        force = context.in_force(self.start, self.end, self.over)
        regions = context.regions(self.regions, field="regions")
        size = fraction(context, self.size, "workforce_decline")
        none = context.no_path()
        if self.sectors is None:
            labour = np.zeros_like(context.gdp)
            labour[:, regions] = (np.log1p(size) * force)[:, None]
            return Action(none._replace(log_labour=labour))
        change = np.zeros(len(context.world.sectors))
        change[context.sectors(self.sectors)] = size
        lost = force[:, None, None] * as_productivity(context, regions, change)
        return Action(none._replace(log_productivity=lost))
