"""Labour supply."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zizhu.policy.context import Context
from zizhu.policy.measure import Change, Measure, Names
from zizhu.policy.wedges import Wedges


class LabourSupply(Measure):
    """Change the effective labour of regions: lockdown, ageing, migration."""

    acts_through: ClassVar[str] = "labour of the region, all sectors"
    known: ClassVar[str] = (
        "Chinese industrial output fell 13.5 percent in January-February 2020 (F57); secondary "
        "employment fell 4.8 percent from 2018 to 2023, manufacturing employment rose (F58)"
    )
    interacts: ClassVar[str] = (
        "with `workforce_decline` and `lockdown`: adds up in logs; with `talent_pipeline`: "
        "researchers are counted apart"
    )
    sizes: ClassVar[tuple[str, ...]] = ("lockdown_labour", "workforce_decline")
    example: ClassVar[str] = "lever: labour_supply\nlabel: lockdown\nregions: CHN\nsize: -13.5 %"

    lever: Literal["labour_supply"] = "labour_supply"
    regions: Names = Field(description="regions whose labour changes")
    size: Change = Field(description="change of effective labour")

    def wedges(self, context: Context) -> Wedges:
        """Log change of labour."""
        none = context.none()
        labour = none.log_labour.copy()
        labour[context.regions(self.regions, field="regions")] = np.log1p(self.size.fraction)
        return none._replace(log_labour=labour)
