"""Entry subsidies."""

from __future__ import annotations

from typing import ClassVar, Literal

from zizhu.policy.subsidy import Subsidy


class EntrySubsidy(Subsidy):
    """Pay firms to start: land below its price, start-up grants, plants built for them.

    As a production subsidy, but of the money A only the part x = `entry_efficiency` reaches unit
    cost, s = x A / (R + x A) with R the output: it draws in firms too small to be efficient, and
    the fixed costs of many are spent instead of those of few. The rest is used without effect. On a
    path the part `effort_of_entry` of A is spent on ability instead of cost.
    """

    acts_through: ClassVar[str] = (
        "production subsidy for the part that reaches unit cost; outlay for the rest; support; "
        "effort on the abilities of the sector's makers; "
        "on nodes, money at work on ability, or on the capacity of plants"
    )
    known: ClassVar[str] = (
        "in shipbuilding a dollar returned 0.20, because of entry subsidies, which were about 70 "
        "of 90 bn USD (F12); in the tools of local governments entry and land come early (F17)"
    )
    pays: ClassVar[str] = (
        "local governments the share `local_share`, the central government the rest"
    )
    interacts: ClassVar[str] = (
        "with every other subsidy: support adds up and the loss by misallocation grows with its "
        "square; `champion` does the opposite, less entry for more money in one place"
    )
    sizes: ClassVar[tuple[str, ...]] = ("entry_efficiency", "effort_of_entry", "local_share")
    example: ClassVar[str] = (
        "lever: entry_subsidy\nlabel: start-ups\nregions: CHN\nsectors: C302T309\n"
        "size: 0.1 % of GDP"
    )
    efficiency: ClassVar[str] = "entry_efficiency"
    effort: ClassVar[str] = "effort_of_entry"

    lever: Literal["entry_subsidy"] = "entry_subsidy"
