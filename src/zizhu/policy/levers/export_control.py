"""Export controls on flows of sectors and on sales of nodes."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy.context import Context
from zizhu.policy.control import Control
from zizhu.policy.measure import Change, Names, Share
from zizhu.policy.wedges import Wedges

# A flow cut by 100 % meets this log iceberg cost: e^100, beyond any price in use.
PROHIBITIVE = 100.0


class ExportControl(Control):
    """Make suppliers sell less to users: bars on nodes, a cut of a sector's flow, an iceberg cost.

    On `nodes` of a chain the part `share` of what suppliers sell to users may not be sold (times
    the registered over-compliance, at most all, with `over_compliance`); prices, substitutes and
    learning follow from the chain. With `hoarding` users buy in the year before what the bar will
    take, for the registered cover: V_t = cover sum_i sourcing_i max(barred_(t+1) - barred_t, 0).
    On `sectors`, `cut` limits the flow's value (at producer prices, with world value added as
    numeraire; static runs only) to what is left of the base; the iceberg cost that delivers it is
    solved for and nobody earns it. `cost` raises the iceberg cost directly. `allies` apply the part
    `aligned` of the control. `cuts_ideas` closes users to the suppliers' people and licences as
    well. Own sales are never touched. Tools in place go on serving; a ban on servicing them is not
    modelled.
    """

    acts_through: ClassVar[str] = (
        "barred sales of nodes, hoarding, isolation; iceberg cost of sectors: more is shipped than "
        "arrives, no rent, no revenue"
    )
    known: ClassVar[str] = (
        "controls cost suppliers as well: affected US firms lost 130 bn USD of market value and "
        "left customers that no rule names (F50); buyers under a rule of 2007 did more research "
        "(F51), listed firms patent less (F52), groups as a whole the same (F53); imports of tools "
        "rose before controls bound (F56); dates are in F59, sizes of bars are assumptions; in a "
        "sector model every input can be replaced, so that cutting one raises little: chokepoints "
        "need technology chains"
    )
    interacts: ClassVar[str] = (
        "with `controls_timeline`: bars on the same sales multiply what they leave; with "
        "`lift_controls`: lifts both; with `entity_list`: goods and firms, so that a listed firm "
        "finds fewer substitutes; with `investment_fund`: need makes buyers, and what "
        "cuts ideas slows the catching up that money allows; with `counter_control`: each side "
        "pays for both"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "barred_us_tools",
        "barred_allied_tools",
        "barred_duv",
        "barred_euv",
        "over_compliance",
        "hoarding_cover",
    )
    example: ClassVar[str] = (
        "lever: export_control\nlabel: chip-tools\nsuppliers: [USA, JPN, EU]\nusers: CHN\n"
        "sectors: C28\ncut: 80 %"
    )
    path_example: ClassVar[str] = (
        "lever: export_control\nlabel: chip-tools\nsuppliers: USA\nallies: [JPN, NLD]\n"
        "aligned: 50 %\nusers: CHN\nnodes: [semiconductors/etch, semiconductors/lith_duv]\n"
        "share: 50 %\nover_compliance: true\nhoarding: true\ncuts_ideas: 30 %\nfrom: 2025-01-01"
    )

    is_pressure: ClassVar[bool] = True
    acting: ClassVar[tuple[str, ...]] = ("suppliers", "allies")
    lever: Literal["export_control"] = "export_control"
    suppliers: Names = Field(description="regions that restrict their sales")
    allies: Names | None = Field(
        default=None, description="regions that apply a part of the control"
    )
    aligned: Share | None = Field(
        default=None, description="the part that allies apply; all of it if left out"
    )
    cut: Share | None = Field(default=None, description="share of the flow's value that is cut")
    cost: Change | None = Field(
        default=None,
        description="rise of the iceberg factor: 10 % means 10 percent more is shipped per unit",
    )

    @model_validator(mode="after")
    def _one_of(self) -> ExportControl:
        if (self.sectors is None) == (self.nodes is None):
            raise ValueError("give either sectors or nodes; two measures if it has both")
        if self.sectors is not None and (self.cut is None) == (self.cost is None):
            raise ValueError("give either cut (share of the flow) or cost (iceberg)")
        if self.nodes is not None and (self.cut or self.cost):
            name = "cut" if self.cut else "cost"
            raise ValueError(f"{name}: it acts on sectors; nodes take share")
        if self.aligned is not None and self.allies is None:
            raise ValueError("aligned: it says what allies do; name allies too")
        return self

    def sellers(self, context: Context) -> dict[int, float]:
        """Places of suppliers and allies, and the part of the control that each applies."""
        part = self.aligned.fraction if self.aligned else 1.0
        allies = context.regions(self.allies, field="allies") if self.allies else []
        suppliers = context.regions(self.suppliers, field="suppliers")
        both = sorted({*allies} & {*suppliers})
        if both:
            name = context.world.regions[both[0]]
            raise ScenarioError(
                f"allies: {name} is a supplier already; leave it out of one of them"
            )
        return dict.fromkeys(suppliers, 1.0) | dict.fromkeys(allies, part)

    def on_sectors(self, context: Context) -> Wedges:
        """A limit on the flow, or its iceberg cost."""
        sellers = self.sellers(context)
        mask = context.flow_mask(
            sorted(sellers),
            context.sectors([] if self.sectors is None else self.sectors),
            context.regions(self.users, field="users"),
        )
        part = np.zeros(len(context.world.regions))
        part[list(sellers)] = list(sellers.values())
        mask = mask * part[:, None, None]
        none = context.none()
        cost: Float[np.ndarray, "i k i"] = np.zeros_like(mask)
        if self.cost is not None:
            cost = np.log1p(self.cost.fraction * mask)
        elif self.cut is not None:
            removed = self.cut.fraction * mask
            cost = np.where(removed >= 1, PROHIBITIVE, 0.0)
            limited = (removed > 0) & (removed < 1)
            limit = np.where(limited, np.log1p(-np.where(limited, removed, 0.0)), np.inf)
            none = none._replace(log_flow_limit=limit)
        return none._replace(log_iceberg=none.log_iceberg + cost[..., None])
