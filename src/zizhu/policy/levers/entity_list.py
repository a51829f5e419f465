"""Firms on a list."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zizhu.policy.action import Action
from zizhu.policy.measure import Measure, Names, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.units import PERCENT, Size


class EntityList(Measure):
    """Bar the inputs of named firms.

    The part `share` of the foreign inputs of each firm is barred while it is listed. In year t of a
    full listing, without stocks and with a constant home share h, its revenue is

        1 - firm_exposure (1 - h) (1 - firm_diversification)^(t - 1)

    of what it would be; rivals in its region take over the part `firm_diverted` of what it loses,
    and its sector loses the rest. What a firm has replaced stays replaced after it is taken off.
    """

    acts_through: ClassVar[str] = "listed: inputs of a firm, its revenue and its sector"
    known: ClassVar[str] = (
        "revenue of one listed champion fell 28.6 percent in the first year and was at 97 percent "
        "in the fourth, the sale of a unit being part of it (F54, to which exposure and speed are "
        "set); listed firms patent less and worse (F52), which is not in the model; 345 Chinese "
        "firms were listed in 2022 (F52)"
    )
    interacts: ClassVar[str] = (
        "with `export_control` on the node of its inputs: the home share that saves it is lower "
        "in short supply and higher later; with `investment_fund` and `procurement_preference` "
        "on that node: the home share rises; with `champion`: it is named by its label and not "
        "made larger"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "firm_exposure",
        "firm_diversification",
        "firm_diverted",
        "firm_segment",
    )
    example: ClassVar[str] = (
        "lever: entity_list\nlabel: listed\nfirms: huawei\nshare: 100 %\nfrom: 2024-01-01"
    )

    is_pressure: ClassVar[bool] = True
    lever: Literal["entity_list"] = "entity_list"
    firms: Names = Field(description="listed firms; all, or names that `zizhu simulate` knows")
    share: Share = Field(
        default=Size(100.0, PERCENT), description="part of their foreign inputs that is barred"
    )

    def on_path(self, context: PathContext) -> Action:
        """Barred part of inputs by year."""
        force = context.in_force(self.start, self.end, self.phase_in)
        none = context.no_path()
        listed = np.zeros_like(none.listed)
        listed[:, context.firms(self.firms)] = (self.share.fraction * force)[:, None]
        return Action(none._replace(listed=listed))
