"""Trade costs that nobody earns."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zizhu.policy.context import Context
from zizhu.policy.measure import Change, Measure, Names
from zizhu.policy.wedges import Wedges


class TradeCost(Measure):
    """Raise or lower the iceberg cost of flows, by use if wanted."""

    acts_through: ClassVar[str] = "iceberg cost: more is shipped than arrives, no rent, no revenue"
    known: ClassVar[str] = (
        "standards, licences, border delays and distrust act like this; sizes are assumptions "
        "unless a source says otherwise"
    )
    interacts: ClassVar[str] = (
        "with `tariff` and `decoupling` on the same flows: factors multiply; with "
        "`trade_agreement`: a cost cut there and raised here add up in logs"
    )
    path_example: ClassVar[str] = (
        "lever: trade_cost\nlabel: split-standards\nsuppliers: [USA, EU]\nusers: CHN\n"
        "sectors: [C26, J62_63]\nsize: 10 %\nfrom: 2025-01-01\nphase_in: 3"
    )
    example: ClassVar[str] = (
        "lever: trade_cost\nlabel: split-standards\nsuppliers: [USA, EU]\nusers: CHN\n"
        "sectors: [C26, J62_63]\nuses: intermediate\nsize: 10 %"
    )

    is_pressure: ClassVar[bool] = True
    lever: Literal["trade_cost"] = "trade_cost"
    suppliers: Names = Field(description="regions that sell")
    users: Names = Field(description="regions that buy")
    sectors: Names = Field(default="all", description="sectors or sector groups")
    uses: Names = Field(default="all", description="intermediate, household, government, ...")
    size: Change = Field(
        description="change of the iceberg factor: 10 % means 10 percent more is shipped per unit"
    )

    def wedges(self, context: Context) -> Wedges:
        """Log change of the iceberg cost."""
        mask = context.flow_mask(
            context.regions(self.suppliers, field="suppliers"),
            context.sectors(self.sectors),
            context.regions(self.users, field="users"),
        )
        none = context.none()
        cost = none.log_iceberg.copy()
        for use in context.use_indices(self.uses):
            cost[..., use] = mask * np.log1p(self.size.fraction)
        return none._replace(log_iceberg=cost)
