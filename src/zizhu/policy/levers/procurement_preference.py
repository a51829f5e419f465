"""Home preference of public buyers."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy.action import Action
from zizhu.policy.context import INTERMEDIATE, Context
from zizhu.policy.defaults import fraction
from zizhu.policy.from_static import on_path
from zizhu.policy.measure import Measure, Names, Rate
from zizhu.policy.path_context import PathContext
from zizhu.policy.wedges import Wedges
from zizhu.world.world import GOVERNMENT


class ProcurementPreference(Measure):
    """Let public buyers treat foreign goods as dearer than they are.

    The buyer chooses as if foreign goods cost `size` more and pays the true price, so that the
    preference costs whatever cheaper goods it passes over. On sectors it acts on final use of the
    government. On `nodes` of a chain it is the log price advantage ln(1 + size) of home supplies
    with the public part of buyers, `public_share`, and with `state_firms` also with the part
    `state_firm_share`; what its buyers put together themselves is refused. How many must buy at
    home, whatever it costs, is the lever `mandate`. Purchases of inputs by state-owned firms are
    not separate in the tables of sectors.
    """

    acts_through: ClassVar[str] = "home preference of public buyers; preference for home nodes"
    known: ClassVar[str] = (
        "China grants domestic products a 20 percent evaluation preference from 1 January 2026, "
        "and foreign-owned makers in the country count as domestic; a rule for state firms is "
        "recalled (F96)"
    )
    pays: ClassVar[str] = (
        "nobody in advance: what the buyers pass over is an outcome (preference_cost), not a plan"
    )
    interacts: ClassVar[str] = (
        "with `investment_fund`, `little_giants`: sales bring experience to whom money made able, "
        "and a preference has little force for who is far behind; with `mandate`: it moves those "
        "whom no quota binds; with `trade_agreement`: it keeps out "
        "what lower tariffs let in; with `export_control`: bars leave less to prefer"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "procurement_preference",
        "public_share",
        "state_firm_share",
    )
    example: ClassVar[str] = (
        "lever: procurement_preference\nlabel: buy-chinese\nregions: CHN\nsectors: goods\n"
        "size: 20 %"
    )

    lever: Literal["procurement_preference"] = "procurement_preference"
    regions: Names = Field(description="regions whose government buys at home first")
    sectors: Names | None = Field(
        default=None, description="sectors or sector groups; goods if no nodes are named"
    )
    nodes: Names | None = Field(
        default=None, description="nodes of chains, `chain/node`, as well or instead; a path only"
    )
    size: Rate | None = Field(
        default=None,
        description="price advantage of home goods; left out: parameter procurement_preference",
    )
    state_firms: bool = Field(
        default=False, description="state-owned firms follow too, in buying nodes"
    )

    @model_validator(mode="after")
    def _state_firms_buy_nodes(self) -> ProcurementPreference:
        if self.state_firms and self.nodes is None:
            raise ValueError(
                "state_firms: tables of sectors do not tell their purchases; name nodes, or leave "
                "state_firms out"
            )
        return self

    def wedges(self, context: Context) -> Wedges:
        """Log price advantage by region and sector."""
        if self.nodes is not None:
            raise ScenarioError("nodes: a static run has no chains; give `years`, or name sectors")
        return self._on_sectors(context)

    def on_path(self, context: PathContext) -> Action:
        """Log price advantage by year, of sectors and of nodes."""
        force = context.in_force(self.start, self.end, self.phase_in)
        wedges = context.no_path()
        if self.nodes is None or self.sectors is not None:
            wedges = on_path(self._on_sectors(context), force, context)
        if self.nodes is None:
            return Action(wedges)
        chosen = context.parameters
        part = chosen["public_share"] + (chosen["state_firm_share"] if self.state_firms else 0.0)
        liking = np.zeros_like(wedges.node_preference)
        regions = context.regions(self.regions, field="regions")
        size = np.log1p(fraction(context, self.size, "procurement_preference"))
        liking[np.ix_(range(len(force)), context.nodes(self.nodes), regions)] = (
            force[:, None, None] * min(part, 1.0) * size
        )
        return Action(wedges._replace(node_preference=liking))

    def _on_sectors(self, context: Context) -> Wedges:
        if GOVERNMENT not in context.uses:
            raise ScenarioError(
                f"world {context.world.name} has no government use; its uses are "
                f"{', '.join(use for use in context.uses if use != INTERMEDIATE)}"
            )
        none = context.none()
        preference = none.home_preference.copy()
        regions = context.regions(self.regions, field="regions")
        size = fraction(context, self.size, "procurement_preference")
        sectors = context.sectors("goods" if self.sectors is None else self.sectors)
        preference[np.ix_(regions, sectors)] = np.log1p(size)
        return none._replace(home_preference=preference)
