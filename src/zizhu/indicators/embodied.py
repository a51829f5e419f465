"""What is put into a product along its chain, through all tiers, each product once.

Walking up from raw materials, what is in a unit of value of node p made by i, and in what n's users
buy of it, is

    made_piq   =  v_piq + sum_m a_pm bought_miq
    bought_pnq =  sum_i s_pni made_piq

with a the cost shares of inputs and tools at base prices, s the year's sourcing and v what the
maker puts in himself, in as many kinds q as are asked for. What a buyer assembles is bought as its
inputs are. What cannot be had has no maker, so that rows of s then add up to less than one and
nothing is in that part of the product.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int


class Graph(NamedTuple):
    """Who goes into what: places level by level, inputs before what they go into.

    slots      places per level
    inputs     [p,m] cost share of m in p, tools included
    assembled  [m] put together by whoever buys it
    """

    slots: int
    inputs: Float[np.ndarray, "p m"]
    assembled: Bool[np.ndarray, " m"]

    @property
    def levels(self) -> list[slice]:
        """Places of each level, raw materials first."""
        return [
            slice(start, start + self.slots) for start in range(0, len(self.inputs), self.slots)
        ]


def own_value(graph: Graph) -> Float[np.ndarray, " m"]:
    """Part of the value of each node that its maker adds, with the work on what he assembles.

    An assembled node adds nothing then. The work of who assembles the product at the end of a chain
    is nowhere: it is not bought.
    """
    own = 1 - graph.inputs.sum(axis=1)
    for rows in graph.levels:
        work = np.where(graph.assembled[rows], own[rows], 0.0)
        own += graph.inputs[:, rows] @ work
    return np.where(graph.assembled, 0.0, own)


def inside(graph: Graph, value: Float[np.ndarray, "m *q"]) -> Float[np.ndarray, "m *q"]:
    """What is in a unit of each node where everything can be had, wherever it is made."""
    found = np.zeros_like(value)
    for rows in graph.levels:
        found[rows] = value[rows] + graph.inputs[rows, : rows.start] @ found[: rows.start]
    return found


def embodied(
    graph: Graph, shares: Float[np.ndarray, "m n i"], value: Float[np.ndarray, "m i q"]
) -> Float[np.ndarray, "m n q"]:
    """What is in a unit of what each region buys of each node, in one year.

    shares  part of each buyer's purchases from each maker
    value   what each maker puts in himself
    """
    found = np.zeros((*shares.shape[:2], value.shape[2]))
    for rows in graph.levels:
        earlier = found[: rows.start].reshape(rows.start, shares.shape[1] * value.shape[2])
        made = (graph.inputs[rows, : rows.start] @ earlier).reshape(found[rows].shape) + value[rows]
        assembled = graph.assembled[rows, None, None]
        found[rows] = np.where(assembled, made, shares[rows] @ made)
    return found


def members(graph: Graph, finals: Int[np.ndarray, " c"]) -> Bool[np.ndarray, "c m"]:
    """Nodes of each chain: its final product and what goes into it, at any number of steps."""
    found = np.zeros((len(finals), len(graph.inputs)), dtype=bool)
    found[np.arange(len(finals)), finals] = True
    needs = (graph.inputs > 0).astype(float)
    for rows in reversed(graph.levels):
        found |= found[:, rows].astype(float) @ needs[rows] > 0
    return found


def new_part(graph: Graph, kinds: np.ndarray) -> Float[np.ndarray, " m"]:
    """Part of the value of each node that is in no node of the same kind which goes into it.

    kinds  a label by node; purchases times this part count each product of a kind once
    """
    found = np.ones(len(kinds))
    for kind in np.unique(kinds):
        alike = kinds == kind
        # Part of each node's value that comes by way of a node of the kind, itself included.
        through = alike.astype(float)
        for rows in graph.levels:
            behind = graph.inputs[rows, : rows.start] @ through[: rows.start]
            found[rows] = np.where(alike[rows], 1 - behind, found[rows])
            through[rows] = np.where(alike[rows], 1.0, behind)
    return found
