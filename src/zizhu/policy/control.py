"""What controls on sales have in common: bars on nodes, ideas cut, stores, over-compliance.

Stores are laid in for what a bar will take of what the baseline's bars leave; `storing` takes out
what other measures bar.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

import numpy as np
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy import barring
from zizhu.policy.action import Action
from zizhu.policy.context import Context
from zizhu.policy.from_static import on_path
from zizhu.policy.measure import Measure, Names, Share
from zizhu.policy.openness import isolation
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.wedges import Wedges


def require_static(**fields: object) -> None:
    """Refuse fields that only a path can act on."""
    for name, given in fields.items():
        if given is not None:
            what = "chains" if name == "nodes" else "ideas that move"
            raise ScenarioError(f"{name}: a static run has no {what}; give `years`")


class Control(Measure):
    """Base of the levers that bar sales of nodes; `suppliers` are theirs to name."""

    users: Names = Field(description="regions that buy less")
    nodes: Names | None = Field(
        default=None,
        description="nodes of chains, `chain/node`, whose sales are barred; a path only",
    )
    sectors: Names | None = Field(default=None, description="sectors or sector groups")
    share: Share | None = Field(
        default=None, description="part of the sales of the nodes that is barred"
    )
    over_compliance: bool = Field(
        default=False,
        description="suppliers bar more than is named: share times parameter over_compliance",
    )
    hoarding: bool = Field(
        default=False, description="users lay in stores of the nodes in the year before"
    )
    cuts_ideas: Share | None = Field(
        default=None,
        description="part of the users' openness to people and ideas of suppliers that is cut",
    )

    @model_validator(mode="after")
    def _nodes_have_a_share(self) -> Control:
        if (self.nodes is None) != (self.share is None):
            raise ValueError("nodes and share go together: give both or neither")
        for name in ("over_compliance", "hoarding"):
            if getattr(self, name) and self.nodes is None:
                raise ValueError(f"{name}: it acts on nodes; name nodes and share too")
        return self

    @abstractmethod
    def sellers(self, context: Context) -> Mapping[int, float]:
        """Places of those who sell less, and the part of the control that each applies."""

    @abstractmethod
    def on_sectors(self, context: Context) -> Wedges:
        """Wedges on flows of sectors, all of them in force at once."""

    def wedges(self, context: Context) -> Wedges:
        """What it does to flows of sectors; nodes and ideas need years."""
        require_static(nodes=self.nodes, cuts_ideas=self.cuts_ideas)
        return self.on_sectors(context)

    def on_path(self, context: PathContext) -> Action:
        """Bars, stores and isolation by year, and what it does to flows of sectors."""
        wedges = context.no_path()
        if self.sectors is not None:
            force = context.in_force(self.start, self.end, self.phase_in)
            wedges = on_path(self.on_sectors(context), force, context)
        barred, remarks = self.bar(context, wedges, self.sellers(context))
        return Action(barred, (), remarks)

    def bar(
        self, context: PathContext, wedges: PathWedges, sellers: Mapping[int, float]
    ) -> tuple[PathWedges, tuple[str, ...]]:
        """Wedges with bars on nodes, stores and isolation; and what a reader should know.

        sellers  place of each and the part of the control that it applies
        """
        force = context.in_force(self.start, self.end, self.phase_in)
        users = context.regions(self.users, field="users")
        remarks: tuple[str, ...] = ()
        if self.nodes is not None and self.share is not None:
            over = context.parameters["over_compliance"] if self.over_compliance else 1.0
            part, remarks = barring.capped(over * self.share.fraction)
            where = barring.flows(context, context.nodes(self.nodes), sellers, users)
            barred = part * force[:, None, None, None] * where
            wedges = wedges._replace(barred=barred)
            if self.hoarding:
                taken = barring.rises(barred) * barring.following(1 - context.barred)
                wedges = wedges._replace(hoarding=barring.laid_in(context, taken))
        if self.cuts_ideas is not None:
            cut = np.zeros_like(wedges.isolation)
            for seller, part in sellers.items():
                if users != [seller]:
                    cut = cut + part * isolation(
                        context, users, [seller], self.cuts_ideas.fraction, force
                    )
            wedges = wedges._replace(isolation=cut)
        return wedges, remarks
