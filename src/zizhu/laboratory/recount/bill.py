"""What a measure costs and does with its money, counted again: the parts that levers share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.recount.asked import Asked
from zizhu.policy.units import PERCENT

CENTRE, LOCAL, FUNDS = "central government", "local governments", "state funds and banks"
PUBLIC = (CENTRE, LOCAL, FUNDS)


@dataclass
class Bill:
    """What a measure costs, million a year at prices of the base year.

    paid        by payer and place of the region [t]
    known       of it, what the baseline has, in the same order
    outlay      [t,n] used without effect, before the cost of public funds
    subsidy     [t,n,k] share of cost
    support     [t,n,k] share of output
    node_money  [t,n] bn USD at work on nodes
    effort      [t,n,k] at work on abilities in sectors
    research    [t,n] as the model counts it
    before      the baseline has it
    """

    paid: dict[tuple[str, int], Float[np.ndarray, " t"]] = field(default_factory=dict)
    known: dict[tuple[str, int], Float[np.ndarray, " t"]] = field(default_factory=dict)
    outlay: Any = None
    subsidy: Any = None
    support: Any = None
    node_money: Any = None
    effort: Any = None
    research: Any = None
    before: bool = False

    def charge(self, payer: str, region: int, amount: Float[np.ndarray, " t"]) -> None:
        """Add to what a payer pays; nothing is no entry."""
        if np.any(amount):
            known = self.paid.get((payer, region))
            self.paid[payer, region] = amount if known is None else known + amount


def public(bill: Bill, asked: Asked, payer: str, region: int, amount: Any) -> None:
    """Charge a public payer; both: local governments their usual share."""
    local = asked.parameters["local_share"]
    parts = {CENTRE: 1 - local, LOCAL: local} if payer == "both" else {payer: 1.0}
    for who, part in parts.items():
        if part > 0:
            bill.charge(who, region, part * amount)


def to_sectors(
    bill: Bill,
    asked: Asked,
    amount: Float[np.ndarray, "t n k"],
    useful: float,
    ability: float = 0.0,
) -> None:
    """What money for sectors does: abilities, less cost, waste; all of it is support.

    ability  part that is spent on abilities, on a path
    """
    works = np.where(amount > 0, useful * amount, amount)
    spent = min(ability, useful) if asked.years else 0.0
    bill.effort = np.where(amount > 0, spent * amount, 0.0)
    cost = np.where(asked.cost > 0, asked.cost, 1.0)
    bill.subsidy = (works - bill.effort) / (cost + works - bill.effort)
    bill.support = np.maximum(amount / cost, -asked.parameters["misallocation_base"])
    bill.outlay = (amount - works).sum(axis=2)


def amounts(
    asked: Asked, regions: list[int], sectors: list[int], size: Any, day: Any
) -> Float[np.ndarray, "t n k"]:
    """Money of a full year: a rate of cost, or a sum shared by cost."""
    found = np.zeros_like(asked.cost)
    for region in regions:
        cost = asked.cost[:, region][:, sectors]
        if size.kind == PERCENT:
            rate = size.value / 100
            found[:, region, sectors] = cost * rate / (1 - rate)
        else:
            money = asked.yearly(size, region, day)
            found[:, region, sectors] = money[:, None] * cost / cost.sum(axis=1, keepdims=True)
    return found


def counted(asked: Asked, money: Any) -> tuple[Any, Any]:
    """Research as the model counts it, which grows with GDP anyway, and what that leaves."""
    counted = money * asked.gdp[:1] / asked.gdp
    return counted, money - counted
