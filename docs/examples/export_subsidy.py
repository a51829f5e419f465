"""Export subsidies."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zizhu.policy.action import Action, Spending
from zizhu.policy.context import Context
from zizhu.policy.from_static import on_path
from zizhu.policy.measure import Measure, Names, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.wedges import Wedges


class ExportSubsidy(Measure):
    """Pay exporters a share of the price of what they sell to importers.

    It is an export tax below zero: tau = -size. Planned spending is size times the table's exports,
    growing with the sector's output in the baseline.
    """

    acts_through: ClassVar[str] = "export tax below zero: landed price of the flow"
    known: ClassVar[str] = "no estimate is shipped: sizes are assumptions"
    pays: ClassVar[str] = "the central government of the exporter"
    interacts: ClassVar[str] = "with `tariff` of the importers on the same flows: factors multiply"
    example: ClassVar[str] = (
        "lever: export_subsidy\nlabel: rare-earths\nexporters: CHN\nimporters: [USA, JPN]\n"
        "sectors: B07_08\nsize: 20 %"
    )

    lever: Literal["export_subsidy"] = "export_subsidy"
    exporters: Names = Field(description="regions that pay for their sales")
    importers: Names = Field(description="regions that buy")
    sectors: Names = Field(default="goods", description="sectors or sector groups")
    size: Share = Field(description="part of the price that is paid")

    def wedges(self, context: Context) -> Wedges:
        """Change of the export tax on the named flows: what a static run needs."""
        mask = context.flow_mask(
            context.regions(self.exporters, field="exporters"),
            context.sectors(self.sectors),
            context.regions(self.importers, field="importers"),
        )
        return context.none()._replace(export_tax=-self.size.fraction * mask)

    def on_path(self, context: PathContext) -> Action:
        """The same in the years in which it is in force, and what it is planned to cost."""
        force = context.in_force(self.start, self.end, self.phase_in)
        static = self.wedges(context)
        exports = (-static.export_tax * context.world.flows).sum(axis=2)
        growth = context.cost / np.where(context.cost[0] > 0, context.cost[0], 1.0)
        paid = force[:, None] * (growth * exports).sum(axis=2)
        spending = tuple(
            Spending("central government", region, paid[:, region])
            for region in context.regions(self.exporters, field="exporters")
        )
        return Action(on_path(static, force, context), spending)
