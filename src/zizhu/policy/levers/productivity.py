"""Productivity."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zizhu.policy.context import Context
from zizhu.policy.measure import Change, Measure, Names
from zizhu.policy.wedges import Wedges


class Productivity(Measure):
    """Change the productivity of sectors: unit cost moves by the inverse."""

    acts_through: ClassVar[str] = "productivity of (region, sector), all inputs alike"
    known: ClassVar[str] = (
        "doubling real research raises productivity by about 9 percent (F11); support lowers it by "
        "misallocation (F06)"
    )
    interacts: ClassVar[str] = (
        "with `upgrading`, `cluster` and `research_spending`: gains add up in logs; with every "
        "subsidy of the same sectors: misallocation takes some of it back"
    )
    example: ClassVar[str] = (
        "lever: productivity\nlabel: upgrade-steel\nregions: CHN\nsectors: C24\nsize: 3 %"
    )

    lever: Literal["productivity"] = "productivity"
    regions: Names = Field(description="regions whose producers change")
    sectors: Names = Field(default="all", description="sectors or sector groups")
    size: Change = Field(description="change of productivity")

    def wedges(self, context: Context) -> Wedges:
        """Log change of productivity."""
        none = context.none()
        gain = none.log_productivity.copy()
        regions = context.regions(self.regions, field="regions")
        gain[np.ix_(regions, context.sectors(self.sectors))] = np.log1p(self.size.fraction)
        return none._replace(log_productivity=gain)
