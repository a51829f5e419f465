"""Export controls on flows of sectors (controls on nodes of a chain come with the chains)."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.policy.context import Context
from zizhu.policy.measure import Change, Measure, Names, Share
from zizhu.policy.wedges import Wedges

# A flow cut by 100 % meets this log iceberg cost: e^100, beyond any price in use.
PROHIBITIVE = 100.0


class ExportControl(Measure):
    """Make suppliers sell less to users: a cut of the flow, or an iceberg cost.

    `cut` limits the flow's value (at producer prices, with world value added as numeraire) to what
    is left of the base; the iceberg cost that delivers it is solved for and nobody earns it.
    `cost` raises the iceberg cost directly. Own sales are never touched.
    """

    acts_through: ClassVar[str] = "iceberg cost: more is shipped than arrives, no rent, no revenue"
    known: ClassVar[str] = (
        "controls cost suppliers as well: affected US firms lost 130 bn USD of market value (F50); "
        "in a sector model every input can be replaced, so that cutting one raises little: "
        "chokepoints need technology chains"
    )
    example: ClassVar[str] = (
        "lever: export_control\nlabel: chip-tools\nsuppliers: [USA, JPN, EU]\nusers: CHN\n"
        "sectors: C28\ncut: 80 %"
    )

    lever: Literal["export_control"] = "export_control"
    suppliers: Names = Field(description="regions that restrict their sales")
    users: Names = Field(description="regions that buy less")
    sectors: Names = Field(description="sectors or sector groups")
    cut: Share | None = Field(default=None, description="share of the flow's value that is cut")
    cost: Change | None = Field(
        default=None,
        description="rise of the iceberg factor: 10 % means 10 percent more is shipped per unit",
    )

    @model_validator(mode="after")
    def _one_of(self) -> ExportControl:
        if (self.cut is None) == (self.cost is None):
            raise ValueError("give either cut (share of the flow) or cost (iceberg)")
        return self

    def wedges(self, context: Context) -> Wedges:
        """A limit on the flow, or its iceberg cost."""
        mask = context.flow_mask(
            context.regions(self.suppliers, field="suppliers"),
            context.sectors(self.sectors),
            context.regions(self.users, field="users"),
        )
        none = context.none()
        if self.cost is not None:
            cost = mask * np.log1p(self.cost.fraction)
        elif self.cut is not None and self.cut.fraction < 1:
            limit = np.where(mask > 0, np.log1p(-self.cut.fraction), np.inf)
            return none._replace(log_flow_limit=limit)
        else:
            cost = mask * PROHIBITIVE
        return none._replace(log_iceberg=none.log_iceberg + cost[..., None])
