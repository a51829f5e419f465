"""All chains as one graph: the same product in two chains is one node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.chains import Chain


@dataclass(frozen=True)
class Joined:
    """One graph with the nodes of all chains, named `chain/node`.

    chain    only its graph is meant
    also     what nodes are called in a chain that shares them: `ai/hbm` is `semiconductors/hbm`
    """

    chain: Chain
    also: dict[str, str]

    def cost_shares(self, nodes: Sequence[str]) -> Float[np.ndarray, "p m"]:
        """Part of the unit cost of p that each input m is."""
        at = {name: row for row, name in enumerate(nodes)}
        table = np.zeros((len(nodes), len(nodes)))
        for edge in self.chain.edges:
            table[at[edge.parent], at[edge.input]] += edge.cost_share
        return table


def joined(chains: Sequence[Chain]) -> Joined:
    """Join chains; a node that is another chain's is that one if the chain is there."""
    names = {chain.chain for chain in chains}
    also = {
        f"{chain.chain}/{name}": node.same_as
        for chain in chains
        for name, node in chain.nodes.items()
        if node.same_as and node.same_as.split("/")[0] in names
    }

    def label(chain: Chain, name: str) -> str:
        own = f"{chain.chain}/{name}"
        return also.get(own, own)

    edges = {}
    for chain in chains:
        for edge in chain.edges:
            ends = {"input": label(chain, edge.input), "parent": label(chain, edge.parent)}
            # Inputs of a shared node stand in the chain that it is taken from.
            if ends["parent"] in also.values() and ends["parent"].split("/")[0] != chain.chain:
                continue
            edges[ends["input"], ends["parent"]] = edge.model_copy(update=ends)
    nodes = {
        own: node
        for chain in chains
        for name, node in chain.nodes.items()
        if (own := f"{chain.chain}/{name}") not in also
    }
    reached = _reached(nodes, edges, [f"{chain.chain}/{chain.final}" for chain in chains])
    return Joined(
        chains[0].model_copy(
            update={
                "chain": "all",
                "title": "all chains",
                "nodes": {name: node for name, node in nodes.items() if name in reached},
                "edges": tuple(edge for (input_, _), edge in edges.items() if input_ in reached),
            }
        ),
        also,
    )


def _reached(
    nodes: Iterable[str], edges: Iterable[tuple[str, str]], finals: Sequence[str]
) -> set[str]:
    """Nodes that lead to an end of some chain."""
    inputs: dict[str, list[str]] = {name: [] for name in nodes}
    for input_, parent in edges:
        inputs[parent].append(input_)
    found, front = set(finals), list(finals)
    while front:
        for name in inputs[front.pop()]:
            if name not in found:
                found.add(name)
                front.append(name)
    return found
