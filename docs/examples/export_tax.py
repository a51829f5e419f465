"""Export taxes."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from zizhu.policy.context import Context
from zizhu.policy.measure import Change, Measure, Names
from zizhu.policy.wedges import Wedges


class ExportTax(Measure):
    """Tax what exporters sell to importers; the revenue stays with the exporter."""

    acts_through: ClassVar[str] = "export tax: landed price of the flow, revenue to the exporter"
    known: ClassVar[str] = "no estimate is shipped: sizes are assumptions"
    example: ClassVar[str] = (
        "lever: export_tax\nlabel: rare-earths\nexporters: CHN\nimporters: [USA, JPN]\n"
        "sectors: B07_08\nsize: 20 %"
    )

    lever: Literal["export_tax"] = "export_tax"
    exporters: Names = Field(description="regions that levy the tax on their sales")
    importers: Names = Field(description="regions that buy")
    sectors: Names = Field(default="goods", description="sectors or sector groups")
    size: Change = Field(description="rate added, in percent of the price")

    def wedges(self, context: Context) -> Wedges:
        """Change of the export tax on the named flows."""
        mask = context.flow_mask(
            context.regions(self.exporters, field="exporters"),
            context.sectors(self.sectors),
            context.regions(self.importers, field="importers"),
        )
        return context.none()._replace(export_tax=mask * self.size.fraction)
