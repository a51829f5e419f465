"""Home preference of public buyers."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy.context import INTERMEDIATE, Context
from zizhu.policy.measure import Measure, Names, Percent
from zizhu.policy.units import PERCENT, Size
from zizhu.policy.wedges import Wedges
from zizhu.world.world import GOVERNMENT


class ProcurementPreference(Measure):
    """Let public buyers treat foreign goods as dearer than they are.

    The buyer chooses as if foreign goods cost `size` more and pays the true price, so that the
    preference costs whatever cheaper goods it passes over. It acts on final use of the government;
    purchases of inputs by state-owned firms are not separate in the table.
    """

    acts_through: ClassVar[str] = "home preference of public buyers"
    known: ClassVar[str] = (
        "China grants domestic products a 20 percent evaluation preference from 1 January 2026 "
        "(F96)"
    )
    example: ClassVar[str] = (
        "lever: procurement_preference\nlabel: buy-chinese\nregions: CHN\nsectors: goods\n"
        "size: 20 %"
    )

    lever: Literal["procurement_preference"] = "procurement_preference"
    regions: Names = Field(description="regions whose government buys at home first")
    sectors: Names = Field(default="goods", description="sectors or sector groups")
    size: Percent = Field(
        default=Size(20.0, PERCENT), description="price advantage given to home goods"
    )

    @model_validator(mode="after")
    def _not_negative(self) -> ProcurementPreference:
        if self.size.fraction < 0:
            raise ValueError(f"size: '{self.size}' is negative; a preference is 0 % or more")
        return self

    def wedges(self, context: Context) -> Wedges:
        """Log price advantage by region and sector."""
        if GOVERNMENT not in context.uses:
            raise ScenarioError(
                f"world {context.world.name} has no government use; its uses are "
                f"{', '.join(use for use in context.uses if use != INTERMEDIATE)}"
            )
        none = context.none()
        preference = none.home_preference.copy()
        regions = context.regions(self.regions, field="regions")
        preference[np.ix_(regions, context.sectors(self.sectors))] = np.log1p(self.size.fraction)
        return none._replace(home_preference=preference)
