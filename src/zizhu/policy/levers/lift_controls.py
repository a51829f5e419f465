"""Controls lifted."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zizhu.policy import barring
from zizhu.policy.action import Action
from zizhu.policy.measure import Measure, Names, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.units import PERCENT, Size


class LiftControls(Measure):
    """Let suppliers sell again what was barred: licences, a deal, an end of controls.

    The part `share` of all bars on the sales of the nodes is lifted, those of the base year, of the
    timeline and of other measures alike: what stays barred is barred x (1 - share). What buyers and
    makers have learned under the bars they keep.
    """

    acts_through: ClassVar[str] = "lifted: part of all bars on a flow of a node"
    known: ClassVar[str] = (
        "licences for one accelerator were given case by case from January 2026 (F59); no source "
        "has what lifting does to makers who grew behind the bars"
    )
    interacts: ClassVar[str] = (
        "with `controls_timeline`, `export_control`, `counter_control`: lifts the bars of each; "
        "with `investment_fund` and `procurement_preference`: home makers lose the buyers that "
        "bars gave them and keep what they learned"
    )
    example: ClassVar[str] = (
        "lever: lift_controls\nlabel: deal\nsuppliers: [USA, JPN, NLD]\nusers: CHN\n"
        "nodes: semiconductors/*\nshare: 50 %\nfrom: 2027-01-01"
    )

    is_pressure: ClassVar[bool] = True
    acting: ClassVar[tuple[str, ...]] = ("suppliers",)
    lever: Literal["lift_controls"] = "lift_controls"
    suppliers: Names = Field(description="regions that sell again")
    users: Names = Field(description="regions that buy again")
    nodes: Names = Field(description="nodes of chains, `chain/node`")
    share: Share = Field(
        default=Size(100.0, PERCENT), description="part of the bars that is lifted"
    )

    def on_path(self, context: PathContext) -> Action:
        """Part of all bars lifted, by year."""
        force = context.in_force(self.start, self.end, self.phase_in)
        suppliers = context.regions(self.suppliers, field="suppliers")
        where = barring.flows(
            context,
            context.nodes(self.nodes),
            dict.fromkeys(suppliers, 1.0),
            context.regions(self.users, field="users"),
        )
        lifted = self.share.fraction * force[:, None, None, None] * where
        remarks: tuple[str, ...] = ()
        if not np.any(where * context.controlled):
            remarks = ("the timeline has no control on any of these sales",)
        return Action(context.no_path()._replace(lifted=lifted), (), remarks)
