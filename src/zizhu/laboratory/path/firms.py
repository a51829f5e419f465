"""Firms that may be listed: segments of a sector that lean on one node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax.numpy as jnp
import numpy as np

from zizhu.laboratory.path.technology import Chains
from zizhu.model.firms import Firms
from zizhu.policy.champions import ListedFirm, listed_firms
from zizhu.world import World


def champions(world: World, nodes: Sequence[str]) -> dict[str, ListedFirm]:
    """Firms whose region, sector and node exist here, by name."""
    return {
        name: one
        for name, one in listed_firms().items()
        if one.region in world.regions and one.sector in world.sectors and one.node in nodes
    }


def firms_on(
    chosen: Mapping[str, ListedFirm], world: World, chains: Chains, parameters: Mapping[str, float]
) -> Firms:
    """The model's arrays; all firms share the registered exposure, speed and size."""
    at = dict(zip(chains.nodes, chains.places, strict=True))

    def same(name: str) -> jnp.ndarray:
        return jnp.full(len(chosen), float(parameters[name]))

    def places(found: list[int]) -> jnp.ndarray:
        return jnp.asarray(np.array(found, dtype=np.int64))

    return Firms(
        region=places([world.regions.index(one.region) for one in chosen.values()]),
        sector=places([world.sectors.index(one.sector) for one in chosen.values()]),
        node=places([int(at[one.node]) for one in chosen.values()]),
        segment=same("firm_segment"),
        exposure=same("firm_exposure"),
        diversification=same("firm_diversification"),
        diverted=same("firm_diverted"),
    )
