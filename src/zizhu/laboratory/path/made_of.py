"""What measures must know of nodes: whether they are sold, who makes them, what controls name."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from jaxtyping import Bool, Float

from zizhu.laboratory.path.technology import Chains


def traded_nodes(chains: Chains) -> Bool[np.ndarray, " m"]:
    """Whether a node is bought from suppliers, and not put together by its buyer."""
    return np.array([not chains.joined.nodes[name].assembled for name in chains.nodes])


def node_sectors(chains: Chains, known: Collection[str]) -> tuple[str, ...]:
    """Sector whose makers make each node, empty where the chain or the world has none."""
    sectors = (chains.joined.nodes[name].sector for name in chains.nodes)
    return tuple(sector if sector and sector in known else "" for sector in sectors)


def above_threshold(chains: Chains, years: Sequence[int]) -> Float[np.ndarray, "t m"]:
    """Part of demand above what controls name; all of it where the chain says nothing."""
    known = [chains.joined.nodes[name].above for name in chains.nodes]
    return np.array([[one.part(float(year)) if one else 1.0 for one in known] for year in years])
