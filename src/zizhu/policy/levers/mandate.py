"""Quotas of home products that buyers must keep."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.policy.action import Action
from zizhu.policy.measure import Measure, Names, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.units import PERCENT, Size


class Mandate(Measure):
    """Have some buyers of a node buy at home, whatever it costs them.

    The part b of the buyers is `bound`, and of what they buy the part q (`quota`) must come from
    home, so that b q of all purchases are taken off the market (wedge `mandate`) as far as home
    makers can serve them; the rest chooses as before. What home supplies cost more is paid by
    those who are bound. Left out, `bound` is the public part of buyers (`public_share`) and, with
    `state_firms`, state-owned firms (`state_firm_share`) too. What no home maker can serve is
    bought abroad: nobody is left without.
    """

    acts_through: ClassVar[str] = "mandate: part of the buyers of nodes that must buy at home"
    known: ClassVar[str] = (
        "state firms are to replace foreign software by 2027 and bids with home products are "
        "preferred since 2026 (F96); since 2025 new chip plants buy half of their tools at home, "
        "with relief where none can serve, and data centres with state money buy home accelerators "
        "only; what part of the buyers a rule binds is an assumption"
    )
    pays: ClassVar[str] = (
        "nobody in advance: what home supplies cost more is an outcome, borne by the bound buyers"
    )
    interacts: ClassVar[str] = (
        "with `procurement_preference`: moves the buyers whom no quota binds; with "
        "`investment_fund`, `little_giants`: money makes able to serve what is bound, and sales "
        "bring experience; with `export_control`: bars leave less that a quota could change"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "public_share",
        "state_firm_share",
        "mandate_tools_bound",
        "mandate_tools_quota",
        "mandate_ai_bound",
    )
    example: ClassVar[str] = (
        "lever: mandate\nlabel: home-software\nregions: CHN\nnodes: [software_stack/database, "
        "software_stack/office]\nbound: 40 %\nquota: 100 %\nfrom: 2023-01-01\nphase_in: 5"
    )

    lever: Literal["mandate"] = "mandate"
    regions: Names = Field(description="regions whose buyers are bound")
    nodes: Names | None = Field(default=None, description="nodes of chains, `chain/node`")
    sectors: Names | None = Field(
        default=None, description="and all nodes that are made in these sectors"
    )
    bound: Share | None = Field(
        default=None,
        description="part of the buyers that is bound; left out: parameter public_share",
    )
    state_firms: bool = Field(
        default=False, description="state-owned firms are bound too; without `bound` only"
    )
    quota: Share = Field(
        default=Size(100.0, PERCENT), description="part of their purchases that must be from home"
    )

    @model_validator(mode="after")
    def _check_targets(self) -> Mandate:
        if self.nodes is None and self.sectors is None:
            raise ValueError("give nodes, sectors or both")
        if self.bound is not None and self.state_firms:
            raise ValueError("state_firms: bound says who is bound already; give one of the two")
        return self

    def on_path(self, context: PathContext) -> Action:
        """Part of the buyers of each node that must buy at home, by year."""
        force = context.in_force(self.start, self.end, self.phase_in)
        rows = {*context.nodes(self.nodes)} if self.nodes is not None else set()
        if self.sectors is not None:
            rows |= {*context.nodes_of(self.sectors)}
        bound = self._bound(context) * self.quota.fraction
        none = context.no_path()
        mandate = np.zeros_like(none.mandate)
        regions = context.regions(self.regions, field="regions")
        where = np.ix_(range(len(force)), sorted(rows), regions)
        mandate[where] = bound * force[:, None, None]
        return Action(none._replace(mandate=mandate))

    def _bound(self, context: PathContext) -> float:
        if self.bound is not None:
            return self.bound.fraction
        chosen = context.parameters
        firms = chosen["state_firm_share"] if self.state_firms else 0.0
        return min(chosen["public_share"] + firms, 1.0)
