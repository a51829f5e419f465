"""Plants that take years to build: what is asked of them against what they can make.

    sent_mi      =  sum_n bought_mn s_mni (1 - b_mni) / sum_j s_mnj (1 - b_mnj)
    asked_mi(t)  =  made_mi(t-1) / made0_mi exp(eta0 r_mi(t-1)) sent_mi(t) / sent_mi(t-1)
    r_mi         =  xi ln( asked_mi / working_mi ) less that of the world, + xi idle_i

What was asked of a maker last year, had nothing been scarce, moves at once with bars b that begin
or end: buyers who may not buy from one go to the others. r is what scarce plants add to cost.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.chain_state import ChainRates, ChainStocks
from zizhu.model.technology import Bars, Technology

# Part of base demand below which a maker is taken to be cut off: what is asked of it is then kept.
_LEAST_SENT = 1e-9


def demand_sent(
    technology: Technology, held: Bars, above: Float[Array, "m n"]
) -> Float[Array, "m n"]:
    """Base demand for plants' products as bars send it to makers; zero for what is no plant."""
    plants = technology.plants
    here = Bars(*(values[plants] for values in held))
    table = technology.sourcing[plants] * (
        1 - (1 - here.relief[:, :, None]) * here.part(above[plants])
    )
    left = table.sum(axis=2)
    bought = technology.buyers[plants]
    bought = jnp.where(left > _LEAST_SENT, bought / jnp.maximum(left, _LEAST_SENT), 0.0)
    sent = jnp.einsum("fni,fn->fi", table, bought)
    return jnp.zeros_like(above).at[plants].set(sent)


def asked_now(stocks: ChainStocks, sent: Float[Array, "m n"]) -> Float[Array, "m n"]:
    """What is asked of makers this year at no scarcity, relative to the base year."""
    whole = jnp.maximum(sent.max(axis=1, keepdims=True), _LEAST_SENT)
    moved = (stocks.sent > _LEAST_SENT * whole) & (sent > _LEAST_SENT * whole)
    ratio = jnp.where(moved, sent / jnp.where(moved, stocks.sent, 1.0), 1.0)
    # Who was cut off altogether is asked for a little, so that logarithms stay finite.
    return jnp.maximum(stocks.asked * ratio, _LEAST_SENT)


def scarcity(
    technology: Technology,
    stocks: ChainStocks,
    sent: Float[Array, "m n"],
    idle: Float[Array, " n"],
    rates: ChainRates,
) -> Float[Array, "m n"]:
    """Log cost that plants add where more is asked of them than of the world's.

    Hands that are missing this year idle a plant at once. Idle plants sell at a discount that comes
    to an end.
    """
    asked = asked_now(stocks, sent)
    plant = technology.plant[:, None] & (technology.world > 0)
    young = 1 - rates.young_yield
    working = stocks.capacity - young * stocks.young
    working = working / (1 - young * (rates.depreciation + technology.trend))
    tight = jnp.log(jnp.where(plant, asked / working, 1.0)) - jnp.log(
        world_ratio(technology, asked, working)
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
