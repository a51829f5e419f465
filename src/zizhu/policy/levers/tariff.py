"""Import tariffs."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy.context import Context
from zizhu.policy.measure import Measure, Names, Percent, Points
from zizhu.policy.wedges import Wedges


class Tariff(Measure):
    """Raise or set the ad valorem tariff of importers on exporters.

    `size` adds to the tariff in the table (one size for all sectors, or one for each);
    `rate` sets it. Revenue goes to households of the importer. Goods only unless `sectors` says
    otherwise.
    """

    acts_through: ClassVar[str] = "tariff: landed price of the flow, revenue to the importer"
    known: ClassVar[str] = (
        "US tariffs on China of 2018-19 added 4 to 31 percentage points by sector; full "
        "pass-through to landed prices is the usual finding"
    )
    interacts: ClassVar[str] = (
        "with `tariff` of others in return: each side's buyers pay; with `trade_cost` and "
        "`decoupling` on the same flows: factors multiply; with `production_subsidy` abroad: the "
        "tariff keeps out what the subsidy sends"
    )
    example: ClassVar[str] = (
        "lever: tariff\nlabel: us-on-china\nimporters: USA\nexporters: CHN\nsectors: [C26, C27]\n"
        "size: 25 percentage points"
    )

    is_pressure: ClassVar[bool] = True
    acting: ClassVar[tuple[str, ...]] = ("importers",)
    lever: Literal["tariff"] = "tariff"
    importers: Names = Field(description="regions that levy the tariff")
    exporters: Names = Field(description="regions whose sales are taxed")
    sectors: Names = Field(default="goods", description="sectors or sector groups")
    size: Points | dict[str, Points] | None = Field(
        default=None, description="added to the tariff, in percentage points; or one per sector"
    )
    rate: Percent | None = Field(default=None, description="new tariff, in percent")

    @model_validator(mode="after")
    def _one_of(self) -> Tariff:
        if (self.size is None) == (self.rate is None):
            raise ValueError("give either size (added, percentage points) or rate (set, percent)")
        if isinstance(self.size, dict) and self.sectors != "goods":
            raise ValueError("size names the sectors already; leave sectors out")
        if self.size == {}:
            raise ValueError("size: it names no sector")
        return self

    def wedges(self, context: Context) -> Wedges:
        """Change of the tariff on the named flows."""
        importers = context.regions(self.importers, field="importers")
        exporters = context.regions(self.exporters, field="exporters")
        none = context.none()
        change = none.tariff.copy()
        if isinstance(self.size, dict):
            for sector, size in self.size.items():
                only = context.sectors(sector, field="size")
                added = context.flow_mask(exporters, only, importers) * size.fraction
                if (added * change).any():
                    raise ScenarioError(f"size.{sector}: a sector of it has a size already")
                change += added
        else:
            mask = context.flow_mask(exporters, context.sectors(self.sectors), importers)
            if self.size is not None:
                change = mask * self.size.fraction
            elif self.rate is not None:
                change = mask * (self.rate.fraction - context.world.tariff)
        if (context.world.tariff + change < -0.95).any():
            raise ScenarioError("size: the tariff after the cut would be below -95 %")
        return none._replace(tariff=change)
