"""How each region answers its own wage, prices and production: the iteration's preconditioner."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model import demand
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities

# Rounds of domestic orders per step of the solver: more do not save iterations.
_ROUNDS = 2


class Domestic(NamedTuple):
    """How each region answers its own wage, prices and production in the base, to first order.

    home                share of each input that the region buys from itself
    scale               scale elasticity
    by_unit_cost        -d log sales / d log unit cost
    inputs              share of inputs in cost
    by_production       d log sales / d log production of the same sector
    links               the same for other sectors, over one less `by_production`
    by_income           d log sales / d (income over base income)
    production_to_wage  d log production / d log wage once prices and sectors have answered
    payments            share of each sector in the region's wage bill
    wage                inverse of d(wage less factor payments) / d wage
    """

    home: Float[Array, "i k"]
    scale: Float[Array, " k"]
    by_unit_cost: Float[Array, "i k"]
    inputs: Float[Array, "i k"]
    by_production: Float[Array, "i k"]
    links: Float[Array, "i k k"]
    by_income: Float[Array, "i k"]
    production_to_wage: Float[Array, "i k"]
    payments: Float[Array, "i k"]
    wage: Float[Array, " i"]


def domestic(economy: Economy, elasticities: Elasticities) -> Domestic:
    """Slopes of every region's own answers in the base, Cobb-Douglas whatever the elasticities."""
    region = jnp.arange(economy.regions)
    flow = demand.base_flow(economy)  # k i n
    sales = flow.sum(axis=2)
    sales = jnp.where(sales > 0, sales, jnp.inf)
    market_size = jnp.maximum(flow.sum(axis=1), 1e-300)
    rivalry = jnp.sum(flow * (1.0 - flow / market_size[:, None, :]), axis=2) / sales  # k i
    by_price = (elasticities.trade[:, None] * rivalry).T
    scale = elasticities.scale
    own = economy.origin_shares[region, :, region]  # n k g
    revenue = sales.T
    value_added = economy.value_added_share
    inputs = jnp.where(economy.cost > 0, 1.0 - value_added, 0.0)
    shares = economy.input_shares.transpose(1, 0, 2)  # n k j
    own_inputs = shares * (inputs * economy.cost)[:, None, :] * (own[:, :, :1] / revenue[..., None])
    final = economy.final_sector_shares * (economy.final_use_shares * economy.income[:, None])
    own_final = own if economy.pooled else own[:, :, 1:]
    by_income = jnp.sum(own_final * final.transpose(1, 0, 2), axis=2) / revenue
    home = own[:, :, 0]
    by_unit_cost = by_price * (1.0 + scale)
    # One more unit of a home input's price, through unit cost, on sales.
    passed_on = (by_unit_cost * inputs)[..., None] * shares.transpose(0, 2, 1)
    links = own_inputs + passed_on * (home * scale)[:, None, :]
    itself = jnp.eye(economy.sectors, dtype=bool)
    by_production = jnp.minimum(by_price * scale + jnp.sum(links * itself, axis=2), 0.9)
    links = jnp.where(itself, 0.0, links) / (1.0 - by_production)[..., None]
    wage_cost = value_added + inputs * jnp.einsum(
        "nkj,nk->nj", shares, home * (1.0 + scale) * value_added
    )
    income = (economy.wage_bill / economy.income)[:, None]
    forced = by_income * income - by_unit_cost * wage_cost
    production_to_wage = _settle(by_production, links, forced)
    payments = value_added * economy.cost / economy.wage_bill[:, None]
    wage = 1.0 - jnp.sum(payments * production_to_wage, axis=1)
    return Domestic(
        home=home,
        scale=scale,
        by_unit_cost=by_unit_cost,
        inputs=inputs,
        by_production=by_production,
        links=links,
        production_to_wage=production_to_wage,
        by_income=by_income,
        payments=payments,
        # Never more than the miss itself: where trade all but stops, base slopes are too small.
        wage=1.0 / jnp.maximum(wage, 1.0),
    )


def answer(
    own: Domestic,
    shares: Float[Array, "i k k"],
    *,
    wage: Float[Array, " i"],
    input_price: Float[Array, "k i"],
    production: Float[Array, "i k"],
    transfers: Float[Array, " i"],
) -> tuple[Float[Array, " i"], Float[Array, "k i"], Float[Array, "i k"]]:
    """Turn the misses of all equations into a move: Newton's step of each region by itself.

    Approximate, with slopes of the base; any invertible map of the misses has the same fixed
    point, and with this one the iteration needs two to three times fewer steps.
    """
    dearer = own.inputs * jnp.einsum("nkj,kn->nj", shares, input_price)
    forced = production + own.by_income * transfers[:, None] - own.by_unit_cost * dearer
    by_production = _settle(own.by_production, own.links, forced)
    rise = own.wage * (wage + jnp.sum(own.payments * (by_production - production), axis=1))
    moved = by_production + own.production_to_wage * rise[:, None]
    wage_cost = (1.0 + own.scale) * (1.0 - own.inputs) * rise[:, None]
    moved_price = input_price + (own.home * (wage_cost - own.scale * moved)).T
    return rise, moved_price, moved


def _settle(
    by_production: Float[Array, "i k"], links: Float[Array, "i k k"], forced: Float[Array, "i k"]
) -> Float[Array, "i k"]:
    """Return production after a few rounds of domestic orders.

    Cheaper than a factorised inverse, and bounded where scale economies make that singular.
    """
    first = forced / (1.0 - by_production)
    settled = first
    for _ in range(_ROUNDS):
        settled = first + jnp.einsum("njk,nk->nj", links, settled)
    return settled
