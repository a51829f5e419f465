"""Controls in return."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.policy.context import Context
from zizhu.policy.control import Control
from zizhu.policy.measure import Change, Names, Rate
from zizhu.policy.wedges import Wedges


class CounterControl(Control):
    """Answer controls with own ones: on nodes one has, or on sectors by licences or an export tax.

    As `export_control`, with the retaliating `regions` as suppliers: on `nodes` the part `share` of
    their sales to users is barred; on `sectors` either `cost` raises the iceberg factor (delays,
    licences) or `tax` is levied at the border, whose revenue stays with them. Whether the other
    side gives way is not modelled; the `reaction` switch of a path has controls answer the push.
    """

    acts_through: ClassVar[str] = (
        "barred sales of nodes, hoarding, isolation; iceberg cost or export tax of sectors"
    )
    known: ClassVar[str] = (
        "the timeline of controls has those of China by date (F59 has the other side's); how much "
        "they bar is an assumption"
    )
    interacts: ClassVar[str] = (
        "with `export_control`: each side pays for both, and buyers on both sides learn to do "
        "without; with `lift_controls`: names its sellers and buyers too; with `tariff`: an export "
        "tax and a tariff on the same flow multiply"
    )
    sizes: ClassVar[tuple[str, ...]] = ("over_compliance", "hoarding_cover")
    example: ClassVar[str] = (
        "lever: counter_control\nlabel: magnets\nregions: CHN\nusers: [USA, JPN]\n"
        "nodes: [rare_earths_magnets/magnet, rare_earths_magnets/separation]\nshare: 30 %\n"
        "from: 2025-04-04"
    )

    is_pressure: ClassVar[bool] = True
    acting: ClassVar[tuple[str, ...]] = ("regions",)
    lever: Literal["counter_control"] = "counter_control"
    regions: Names = Field(description="regions that retaliate")
    cost: Change | None = Field(
        default=None,
        description="rise of the iceberg factor: 10 % means 10 percent more is shipped per unit",
    )
    tax: Rate | None = Field(default=None, description="export tax added, percent of the price")

    @model_validator(mode="after")
    def _one_of(self) -> CounterControl:
        if (self.sectors is None) == (self.nodes is None):
            raise ValueError("give either sectors or nodes; two measures if it has both")
        if self.sectors is not None and (self.tax is None) == (self.cost is None):
            raise ValueError("give either cost (iceberg) or tax (at the border)")
        if self.nodes is not None and (self.tax or self.cost):
            name = "tax" if self.tax else "cost"
            raise ValueError(f"{name}: it acts on sectors; nodes take share")
        return self

    def sellers(self, context: Context) -> dict[int, float]:
        """Places of those who answer."""
        return dict.fromkeys(context.regions(self.regions, field="regions"), 1.0)

    def on_sectors(self, context: Context) -> Wedges:
        """Iceberg cost or export tax."""
        mask = context.flow_mask(
            context.regions(self.regions, field="regions"),
            context.sectors([] if self.sectors is None else self.sectors),
            context.regions(self.users, field="users"),
        )
        none = context.none()
        if self.tax is not None:
            return none._replace(export_tax=self.tax.fraction * mask)
        cost = np.log1p((self.cost.fraction if self.cost else 0.0) * mask)
        return none._replace(log_iceberg=none.log_iceberg + cost[..., None])
