"""What measures must know of nodes: whether they are sold, who makes them, what controls name."""

from __future__ import annotations

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from zizhu.laboratory.path.technology import Chains
from zizhu.laboratory.path.traits import sectors_of
from zizhu.world import World


def traded_nodes(chains: Chains) -> Bool[np.ndarray, " m"]:
    """Whether a node is bought from suppliers, and not put together by its buyer."""
    return np.array([not chains.joined.nodes[name].assembled for name in chains.nodes])


def node_sectors(chains: Chains, world: World) -> tuple[str, ...]:
    """Sector whose makers make each node, empty where the chain or the world has none."""
    places = sectors_of(chains.joined, chains.nodes, world)
    return tuple(world.sectors[place] if place >= 0 else "" for place in places)


def above_threshold(chains: Chains, years: Sequence[int]) -> Float[np.ndarray, "t m"]:
    """Part of demand above what controls name in years from the base year on."""
    ladder = chains.technology.ladder
    since = [jnp.asarray(float(year - years[0])) for year in years]
    return np.array([ladder.above(year) for year in since])[:, chains.places]
