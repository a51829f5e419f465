"""Tiers of technology chains: what a node is to those who buy it, which chains it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from zizhu.chains.chain import Node
from zizhu.indicators.asked import HEADQUARTERS, LOCATION
from zizhu.indicators.embodied import Graph, inside, members, new_part, own_value

PLANTS, TOOLS, MATERIALS, SOFTWARE = "plants", "tools", "materials", "software"
TIERS = (PLANTS, TOOLS, MATERIALS, SOFTWARE)
TIER_TITLES = {
    PLANTS: "plants and stages",
    TOOLS: "tools",
    MATERIALS: "materials and parts",
    SOFTWARE: "software, licences, skills",
}
# Kinds of value that are followed to whoever buys the final product: what makers add, by how they
# are counted, and what leaves plants that are counted where they stand.
VALUE_KINDS = (HEADQUARTERS, LOCATION, PLANTS)
# The kinds that add up to the value of what is bought.
ADDED = slice(0, 2)


def tier_of(node: Node, *, plant: bool = False) -> str:
    """Tier of a node; none where buyers assemble it.

    plant  its output is bounded by plants that take years to build

    Plants are these and every stage of making that is no skill or licence: refining, cells, fabs,
    packaging, data centres, and other services, none of which is software. Tools are capital.
    Software goes with licences and skills: design, certificates, data. Everything else is a
    material or a part, products that go into others among them.
    """
    if node.assembled:
        return ""
    if node.input in ("licence", "skill"):
        return SOFTWARE
    if plant or node.stage == "stage" or node.input == "service":
        return PLANTS
    if node.input == "capital":
        return TOOLS
    return MATERIALS


class ChainLabels(NamedTuple):
    """What is known of nodes and chains whatever the year: coordinates of a path's tables.

    counts  [m] `location`, `headquarters` or `assembled`
    tier    [m] one of `TIERS`, empty for what buyers assemble
    new     [m] part of a node's value that is in no node of its tier, counted alike, that goes into
            it: purchases times this part count each product of a tier once
    member  [c,m] whether a node goes into the final product of a chain, at any number of steps
    value   [c,v] part of what is bought at the end of a chain by kind of value, see `VALUE_KINDS`
    bought  [c] part of the final product's cost that is bought: its buyer's own work is not
    put_in  [m,v] what the maker of a unit of each node puts in himself, by kind of value
    """

    counts: np.ndarray
    tier: np.ndarray
    new: Float[np.ndarray, " m"]
    member: Bool[np.ndarray, "c m"]
    value: Float[np.ndarray, "c v"]
    bought: Float[np.ndarray, " c"]
    put_in: Float[np.ndarray, "m v"]

    @property
    def coordinates(self) -> dict[str, Any]:
        """Coordinates by name, along `node`, `chain` and `value_kind`."""
        return {
            "node_counts": ("node", self.counts),
            "node_tier": ("node", self.tier),
            "node_new": ("node", self.new),
            "value_kind": list(VALUE_KINDS),
            "chain_member": (("chain", "node"), self.member),
            "chain_value": (("chain", "value_kind"), self.value),
        }


def chain_labels(
    graph: Graph,
    finals: Int[np.ndarray, " c"],
    places: Int[np.ndarray, " m"],
    counts: Sequence[str],
    tiers: Sequence[str],
) -> ChainLabels:
    """Labels from the graph of all chains.

    places  rows of the nodes in the graph, to which `counts` and `tiers` belong
    """
    counted, tier = np.array(counts, dtype=str), np.array(tiers, dtype=str)
    kinds = np.full(len(graph.inputs), "", dtype=object)
    kinds[places] = [f"{one}/{how}" for one, how in zip(tiers, counts, strict=True)]
    new, own = new_part(graph, kinds.astype(str))[places], own_value(graph)[places]
    by_place = counted == LOCATION
    put_in = np.stack(
        [own * (counted == HEADQUARTERS), own * by_place, new * (by_place & (tier == PLANTS))],
        axis=1,
    )
    every = np.zeros((len(graph.inputs), len(VALUE_KINDS)))
    every[places] = put_in
    parts = inside(graph, every)[finals]
    bought = parts[:, ADDED].sum(axis=1)
    value = np.divide(parts, bought[:, None], out=np.zeros_like(parts), where=bought[:, None] > 0)
    member = members(graph, finals)[:, places]
    return ChainLabels(counted, tier, new, member, value, bought, put_in)
