"""Plants that take years to build: what is asked of them against what they can make."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.chain_state import ChainRates, ChainStocks
from zizhu.model.technology import Technology


def scarcity(
    technology: Technology, stocks: ChainStocks, idle: Float[Array, " n"], rates: ChainRates
) -> Float[Array, "m n"]:
    """Log cost that plants add where more is asked of them than of the world's.

    What was asked last year stands against this year's working capacity; hands that are missing
    this year idle a plant at once. Idle plants sell at a discount that comes to an end.
    """
    plant = technology.plant[:, None] & (technology.world > 0)
    young = 1 - rates.young_yield
    working = stocks.capacity - young * stocks.young
    working = working / (1 - young * (rates.depreciation + technology.trend))
    tight = jnp.log(jnp.where(plant, stocks.asked / working, 1.0)) - jnp.log(
        world_ratio(technology, stocks.asked, working)
    )
    dearer = rates.scarcity * (tight + idle)
    cheaper = rates.discount * jnp.expm1(jnp.minimum(dearer, 0.0) / rates.discount)
    return jnp.where(plant, jnp.where(dearer > 0, dearer, cheaper), 0.0)


def world_ratio(
    technology: Technology, one: Float[Array, "m n"], other: Float[Array, "m n"]
) -> Float[Array, "m 1"]:
    """Ratio of two quantities of plants of the whole world, 1 where there is none."""
    world = technology.world
    some = jnp.where(technology.plant & (world.sum(axis=1) > 0), 1.0, 0.0)[:, None]
    top, below = ((world * values).sum(axis=1, keepdims=True) for values in (one, other))
    return jnp.where(some > 0, top / jnp.where(some > 0, below, 1.0), 1.0)
