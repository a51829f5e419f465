"""Who is exposed at a node: every buyer, if its largest supplier outside is cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.laboratory.bottleneck.case import ChainCase
from zizhu.laboratory.bottleneck.cut import Triple, pack_batch
from zizhu.model.bottleneck import chain_prices_batch


@dataclass(frozen=True)
class Exposure:
    """One buyer at one node.

    weight  its part of world purchases (output of the attached sectors), 0 to 1
    home    part of its purchases from itself
    leader  its largest supplier outside (none if it buys all at home), and the part from there
    rise    of the price that it pays if the leader is cut, before others can stand in
    """

    buyer: str
    weight: float
    home: float
    leader: str
    leader_part: float
    rise: float


def exposures(case: ChainCase, node: str) -> list[Exposure]:
    """All buyers of a node, the highest price rise first, whatever their weight.

    Buyers are the regions of the world. Raises `ChainError` for an unknown node; a node that its
    buyer assembles has no suppliers and gives an empty list.
    """
    row = case.place(node)
    if case.assembled[row]:
        return []
    sourcing = case.sourcing[row]
    buyers = [place for place in range(len(case.regions)) if case.buyers[place] > 0]
    outside = sourcing.copy()
    for buyer in buyers:
        outside[buyer, list(case.members(case.regions[buyer]))] = 0.0
    leaders = outside.argmax(1)
    lists: list[dict[Triple, float]] = [
        {(row, b, int(leaders[b])): 1.0} if outside[b, leaders[b]] > 0 else {} for b in buyers
    ]
    answers = chain_prices_batch(case.links, pack_batch(case, lists))
    price = np.asarray(case.layout.by_node(answers).price)
    found = [
        Exposure(
            buyer=case.regions[b],
            weight=float(case.buyers[b]),
            home=float(1 - outside[b].sum()),
            leader=case.regions[leaders[b]] if outside[b, leaders[b]] > 0 else "",
            leader_part=float(outside[b, leaders[b]]),
            rise=float(np.expm1(price[number, row, b])),
        )
        for number, b in enumerate(buyers)
    ]
    return sorted(found, key=lambda one: -one.rise)
