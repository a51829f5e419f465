"""A large synthetic technology chain, and cuts of it."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from zizhu.model.bottleneck import Cuts, Links
from zizhu.model.sourcing import home_biased_sourcing

LEVELS, SLOTS, INPUTS, REGIONS = 5, 100, 4, 30
NODES = LEVELS * SLOTS
CUTS, FLOWS = 1_000, 4


def large_chain(seed: int = 0) -> Links:
    """500 nodes in five levels, four inputs each, 30 regions, home bias 5; random, not measured."""
    random = np.random.default_rng(seed)
    inputs = np.zeros((LEVELS, SLOTS, INPUTS), dtype=np.int64)
    tight = np.zeros(inputs.shape)
    for level in range(1, LEVELS):
        for slot in range(SLOTS):
            inputs[level, slot] = random.choice(level * SLOTS, INPUTS, replace=False)
            tight[level, slot] = 0.2
    shares = random.dirichlet(np.full(REGIONS, 0.3), size=NODES)
    buyers = random.dirichlet(np.ones(REGIONS))
    sourcing = home_biased_sourcing(jnp.asarray(shares), jnp.asarray(buyers), jnp.asarray(5.0))
    return Links(
        sourcing=sourcing.reshape(LEVELS, SLOTS, REGIONS, REGIONS),
        inputs=jnp.asarray(inputs),
        tight=jnp.asarray(tight),
        loose=jnp.zeros(inputs.shape),
        elasticity=jnp.full((LEVELS, SLOTS), 0.1),
        trade=jnp.full((LEVELS, SLOTS), 4.0),
        assembled=jnp.zeros((LEVELS, SLOTS), dtype=bool),
        choke=jnp.asarray(25.0),
        preference=jnp.zeros((LEVELS, SLOTS, REGIONS)),
    )


def random_cuts(number: int, seed: int = 1) -> Cuts:
    """Lists of four barred flows each, anywhere in the chain."""
    random = np.random.default_rng(seed)
    shape = (number, FLOWS)
    return Cuts(
        jnp.asarray(random.integers(0, NODES, shape)),
        jnp.asarray(random.integers(0, REGIONS, shape)),
        jnp.asarray(random.integers(0, REGIONS, shape)),
        jnp.ones(shape),
    )
