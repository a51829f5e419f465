"""Clusters of firms."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from zizhu.policy import subsidising
from zizhu.policy.action import Action, Spending
from zizhu.policy.context import Context
from zizhu.policy.measure import Change, Cost, Measure, Names
from zizhu.policy.path_context import PathContext
from zizhu.policy.wedges import Wedges


class Cluster(Measure):
    """Bring firms of named sectors closer together: zones, parks, clusters.

    `size` is the change of density. Productivity moves with its log times `cluster_elasticity`, and
    unit cost with its log times `cluster_congestion` (rents, wages, roads):

        ln T changes by (cluster_elasticity - cluster_congestion) ln(1 + size)

    `cost` is what the zones cost governments in a year; no source has it per point of density. The
    part `effort_of_clusters` of it is effort on the abilities of makers in the sectors, by output.
    """

    acts_through: ClassVar[str] = (
        "density (productivity by agglomeration), less congestion; effort on abilities in the "
        "sectors; outlay"
    )
    known: ClassVar[str] = (
        "wages rise by 0.10 to 0.12 of a rise of density in China, three times the West (F93); "
        "zones raised output and productivity, by entry more than by incumbents (F94); the "
        "Yangtze delta gains a tenth of a point of GDP a year (F91), so that net gains are small"
    )
    pays: ClassVar[str] = "local governments `cost`, nothing if it is left out"
    interacts: ClassVar[str] = (
        "with `entry_subsidy`: entry is what makes zones work (F94), which the model does not "
        "have; with `local_support`: both raise output of the same sectors, and scale adds to "
        "both"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "cluster_elasticity",
        "cluster_congestion",
        "effort_of_clusters",
    )
    example: ClassVar[str] = (
        "lever: cluster\nlabel: zones\nregions: CHN\nsectors: [C26, C27]\nsize: 20 %"
    )

    lever: Literal["cluster"] = "cluster"
    regions: Names = Field(description="regions in which firms move together")
    sectors: Names = Field(description="sectors or sector groups")
    size: Change = Field(description="change of density")
    cost: Cost | None = Field(default=None, description="public money a year for it")

    def wedges(self, context: Context) -> Wedges:
        """Net log change of productivity, and the outlay."""
        elasticity = context.parameters["cluster_elasticity"]
        net = elasticity - context.parameters["cluster_congestion"]
        none = context.none()
        outlay = none.outlay.copy()
        for region in context.regions(self.regions, field="regions"):
            if self.cost is not None:
                outlay[region] = subsidising.amount_of(context, self.cost, region, self.start)
        return none._replace(log_productivity=net * self._denser(context), outlay=outlay)

    def on_path(self, context: PathContext) -> Action:
        """Log density, congestion, and what it costs, by year."""
        force = context.in_force(self.start, self.end, self.phase_in)
        density = force[:, None, None] * self._denser(context)
        none = context.no_path()
        outlay = np.zeros_like(none.outlay)
        spending = []
        for region in context.regions(self.regions, field="regions"):
            if self.cost is None:
                continue
            # Money is spent while the measure is in force, not as density rises.
            paid = context.in_force(self.start, self.end) * context.by_year(
                self.cost, region, self.start
            )
            outlay[:, region] = paid
            spending.append(Spending("local governments", region, paid))
        congestion = -context.parameters["cluster_congestion"] * density
        part = context.parameters["effort_of_clusters"]
        wedges = none._replace(
            density=density,
            log_productivity=congestion,
            outlay=(1 - part) * outlay,
            sector_effort=subsidising.effort_in(
                context,
                context.regions(self.regions, field="regions"),
                context.sectors(self.sectors),
                part * outlay,
            ),
        )
        free = () if self.cost else ("what it costs is not named, so that it costs nothing",)
        return Action(wedges, tuple(spending), free)

    def _denser(self, context: Context) -> Float[np.ndarray, "n k"]:
        found = np.zeros_like(context.world.output)
        regions = context.regions(self.regions, field="regions")
        found[np.ix_(regions, context.sectors(self.sectors))] = np.log1p(self.size.fraction)
        return found
