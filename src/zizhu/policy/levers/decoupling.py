"""Two blocs."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy import barring
from zizhu.policy.action import Action
from zizhu.policy.context import Context
from zizhu.policy.control import require_static
from zizhu.policy.defaults import fraction
from zizhu.policy.from_static import on_path
from zizhu.policy.measure import Change, Measure, Names, Points, Share
from zizhu.policy.openness import isolation
from zizhu.policy.path_context import PathContext
from zizhu.policy.wedges import Wedges


class Decoupling(Measure):
    """Put walls between two blocs, both ways: tariffs, trade costs, ideas, nodes of chains.

    `tariff` adds to tariffs on goods (the registered 32 points if left out; write 0 pp for none),
    `cost` raises the iceberg factor, `ideas` cuts each bloc's openness to people and licences of
    the other, and the part `share` of sales of `nodes` is barred. Regions of neither bloc trade
    with both as before. `starts` says which bloc parts from the other: for its regions it is a
    lever of their own, for all others a pressure; left out, it is a pressure on all.
    """

    acts_through: ClassVar[str] = (
        "tariff, iceberg cost, isolation, barred sales of nodes, both ways"
    )
    known: ClassVar[str] = (
        "32 points of extra tariff stand for a full loss of cooperation in Goes and Bekkers "
        "(2022), whose losses are larger where ideas come with trade; an agreement among "
        "neighbours is a small offset (F97)"
    )
    interacts: ClassVar[str] = (
        "with `tariff` and `trade_cost` on the same flows: add up; with `export_control`: bars "
        "on the same sales multiply what they leave; with `trade_agreement` among one bloc: "
        "moves trade further inside"
    )
    sizes: ClassVar[tuple[str, ...]] = ("decoupling_tariff", "idea_diffusion", "catch_up")
    example: ClassVar[str] = (
        "lever: decoupling\nlabel: two-blocs\none: [CHN, RUS]\nother: [USA, EU, JPN]\n"
        "cost: 5 %\nideas: 50 %\nnodes: semiconductors/*\nshare: 50 %\nfrom: 2026-01-01\n"
        "phase_in: 5"
    )

    is_pressure: ClassVar[bool] = True
    lever: Literal["decoupling"] = "decoupling"
    one: Names = Field(description="regions of one bloc")
    other: Names = Field(description="regions of the other bloc")
    starts: Literal["one", "other"] | None = Field(
        default=None,
        description="bloc that parts from the other; left out: a pressure on both alike",
    )
    sectors: Names = Field(default="goods", description="sectors behind tariffs and trade costs")
    tariff: Points | None = Field(
        default=None, description="added tariff; left out: parameter decoupling_tariff"
    )
    cost: Change | None = Field(default=None, description="rise of the iceberg factor")
    ideas: Share | None = Field(default=None, description="part of openness to ideas that is cut")
    nodes: Names | None = Field(default=None, description="nodes of chains, `chain/node`")
    share: Share | None = Field(default=None, description="part of sales of the nodes barred")

    @model_validator(mode="after")
    def _nodes_have_a_share(self) -> Decoupling:
        if (self.nodes is None) != (self.share is None):
            raise ValueError("nodes and share go together: give both or neither")
        if self.tariff is not None and self.tariff.value < 0:
            raise ValueError(f"tariff: '{self.tariff}' is negative; a wall is 0 pp or more")
        return self

    def actors(self) -> tuple[str, ...]:
        """The bloc that starts, if one does."""
        return () if self.starts is None else (self.starts,)

    def wedges(self, context: Context) -> Wedges:
        """Tariffs and iceberg costs between the blocs."""
        require_static(nodes=self.nodes, ideas=self.ideas)
        return self._walls(context)

    def on_path(self, context: PathContext) -> Action:
        """Tariffs, iceberg costs, isolation and bars by year."""
        force = context.in_force(self.start, self.end, self.phase_in)
        one, other = self._blocs(context)
        wedges = on_path(self._walls(context), force, context)
        if self.ideas is not None:
            cut = self.ideas.fraction
            wedges = wedges._replace(
                isolation=isolation(context, one, other, cut, force)
                + isolation(context, other, one, cut, force)
            )
        if self.nodes is not None and self.share is not None:
            rows = context.nodes(self.nodes)
            where = barring.flows(context, rows, dict.fromkeys(one, 1.0), other)
            where = where + barring.flows(context, rows, dict.fromkeys(other, 1.0), one)
            barred = self.share.fraction * force[:, None, None, None] * where
            wedges = wedges._replace(barred=barred)
        return Action(wedges)

    def _walls(self, context: Context) -> Wedges:
        one, other = self._blocs(context)
        sectors = context.sectors(self.sectors)
        mask = context.flow_mask(one, sectors, other) + context.flow_mask(other, sectors, one)
        none = context.none()
        cost = np.log1p(self.cost.fraction) * mask if self.cost else np.zeros_like(mask)
        return none._replace(
            tariff=fraction(context, self.tariff, "decoupling_tariff") * mask,
            log_iceberg=none.log_iceberg + cost[..., None],
        )

    def _blocs(self, context: Context) -> tuple[list[int], list[int]]:
        one = context.regions(self.one, field="one")
        other = context.regions(self.other, field="other")
        for region in one:
            if region in other:
                name = context.world.regions[region]
                raise ScenarioError(f"other: {name} is in both blocs; one or neither is right")
        return one, other
