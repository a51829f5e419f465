"""All equations of the equilibrium, evaluated once at given unknowns."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model import demand
from zizhu.model.ces import log_ces
from zizhu.model.demand import Purchases, Sourcing
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.regional_answer import Domestic
from zizhu.model.unknowns import State

# The floor on income, as a part of the base's, only keeps early iterations positive: where it still
# holds there is no equilibrium.
LEAST_INCOME = 1e-3


class Given(NamedTuple):
    """Everything that stays fixed during the iteration, and may be differentiated."""

    start: State
    economy: Economy
    elasticities: Elasticities
    coefficients: Sourcing
    input_shares: Float[Array, "i k k"]
    subsidy: Float[Array, "i k"]
    log_subsidy: Float[Array, "i k"]
    log_productivity: Float[Array, "i k"]
    log_labour: Float[Array, " i"]
    deficit: Float[Array, " i"]
    outlay: Float[Array, " i"]
    domestic: Domestic


class Market(NamedTuple):
    """One evaluation of all equations at a state."""

    sector_wage: Float[Array, "i k"]
    scale: Float[Array, "i k"]
    price: Float[Array, "i k"]
    sector_price: Float[Array, "k i g"]
    unbiased_price: Float[Array, "k i g"]
    unit_cost: Float[Array, "i k"]
    value_added_share: Float[Array, "i k"]
    final_price: Float[Array, " i"]
    spending: Float[Array, "k i u"]
    bought: Purchases
    production: Float[Array, "i k"]
    wages: Float[Array, " i"]
    wage: Float[Array, " i"]
    income: Float[Array, " i"]
    transfers: Float[Array, " i"]
    resource_cost: Float[Array, " i"]
    coefficients: Sourcing
    attraction: Float[Array, "k i"]
    weight: Float[Array, "k i g"]
    new_sector_wage: Float[Array, "i k"] | None
    limit: Float[Array, "k i i"] | None


def clear(state: State, given: Given) -> Market:
    """Evaluate every equation at `state`: prices, spending, sales, and the unknowns they imply.

    `state` is an equilibrium where the implied unknowns equal it.
    """
    base, el, coefficients = given.economy, given.elasticities, given.coefficients
    theta, psi = el.trade, el.scale
    produced = base.cost > 0
    cost_value = base.cost * jnp.exp(state.production)

    # Unit cost: value added against inputs, inputs of different sectors against each other.
    bend, power = 1.0 - el.value_added, 1.0 - el.inputs
    mobile = jnp.broadcast_to(state.wage[:, None], base.cost.shape)
    sector_wage = mobile if state.sector_wage is None else state.sector_wage
    bundle = log_ces("nkj,kn->nj", given.input_shares, state.input_price, power)
    nest = jnp.stack([base.value_added_share, 1.0 - base.value_added_share])
    unit_cost = log_ces("vnj,vnj->nj", nest, jnp.stack([sector_wage, bundle]), bend)
    value_added_share = base.value_added_share * jnp.exp(bend * (sector_wage - unit_cost))

    # Scale, then producer prices.
    composite = state.production - unit_cost
    labour = bend * (sector_wage - unit_cost) + state.production - sector_wage
    scale = composite + el.scale_of_labour * (labour - composite)
    scale = jnp.where(produced, scale, 0.0)
    price = unit_cost + given.log_subsidy - given.log_productivity - psi * scale
    price = jnp.where(produced, price, 0.0)

    # Users' prices by sector and group of uses.
    attraction, centre = demand.relative_attraction(theta, price)
    if state.limit is not None:
        shrink = jnp.exp(-theta[:, None, None] * state.limit)[..., None]
        region = jnp.arange(base.regions)
        coefficients = coefficients._replace(
            foreign=coefficients.foreign * shrink,
            sales=coefficients.sales * shrink,
            duty=coefficients.duty * shrink,
            export_duty=coefficients.export_duty * shrink,
            home=coefficients.home * shrink[:, region, region],
        )
    sector_price, divisor, unbiased = demand.sector_prices(coefficients, theta, attraction, centre)

    # Spending. The sum over inputs is separable: gamma' = gamma exp(r P) exp(-r Q).
    demanded = (1.0 - value_added_share) * cost_value * jnp.exp(-power * bundle)
    inputs = jnp.einsum("nkj,nj->nk", given.input_shares, demanded).T
    inputs = inputs * jnp.exp(power * state.input_price)
    final_sector_price = sector_price if base.pooled else sector_price[:, :, 1:]
    final_sector_price = jnp.broadcast_to(final_sector_price, base.final_sector_shares.shape)
    use_price = log_ces("knf,knf->nf", base.final_sector_shares, final_sector_price, 1.0 - el.final)
    final_price = jnp.sum(base.final_use_shares * use_price, axis=1)
    final_shares = base.final_sector_shares * jnp.exp(
        (1.0 - el.final) * (final_sector_price - use_price)
    )
    wages = base.wage_bill * jnp.exp(state.wage + given.log_labour)
    income = jnp.maximum(wages + base.income * state.transfers, LEAST_INCOME * base.income)
    subsidies = jnp.sum(given.subsidy * cost_value, axis=1)
    base_subsidies = jnp.sum(base.subsidy * base.cost, axis=1)
    excess = (el.public_funds - 1.0) * (subsidies - base_subsidies + given.outlay)
    resource_cost = given.outlay + excess
    bought_final = (income + resource_cost)[:, None] * base.final_use_shares
    spending = jnp.concatenate([inputs[:, :, None], final_shares * bought_final], axis=2)

    # Sales, factor payments, income.
    grouped = spending.sum(axis=2, keepdims=True) if base.pooled else spending
    weight = grouped / divisor
    bought = demand.purchases(coefficients, attraction, weight)
    production = bought.sales / (1.0 - given.subsidy)
    wage_bill = jnp.sum(value_added_share * production, axis=1)
    excess_demand = jnp.log(wage_bill / base.wage_bill) - given.log_labour - state.wage
    wage = state.wage + excess_demand
    # Numeraire: world value added. By Walras' law one market is redundant, and this pins prices.
    world = jnp.sum(base.wage_bill)
    wage = wage - jnp.log(jnp.sum(base.wage_bill * jnp.exp(wage + given.log_labour)) / world)
    transfers = (
        given.deficit
        + bought.duty
        + bought.export_duty
        - jnp.sum(given.subsidy * production, axis=1)
        - resource_cost
    )

    # Labour bound to its sector (CET): its wage follows the sector's wage bill.
    new_sector_wage = None
    if state.sector_wage is not None:
        kappa = el.wage_response
        bill = bend * (sector_wage - unit_cost) + state.production
        new_sector_wage = (1.0 - kappa) * state.wage[:, None] + kappa * (
            bill - given.log_labour[:, None]
        )

    limit = None
    if state.limit is not None:
        flow = jnp.maximum(demand.flows(coefficients, attraction, weight), 1e-300)
        limited = jnp.isfinite(coefficients.limit)
        # Free flows are masked before any arithmetic: an infinity would make derivatives NaN.
        over = jnp.where(limited, jnp.log(flow) - jnp.where(limited, coefficients.limit, 0.0), 0.0)
        raised = state.limit + over / theta[:, None, None]
        limit = jnp.where(limited, jnp.maximum(raised, 0.0), 0.0)
    return Market(
        sector_wage,
        scale,
        price,
        sector_price,
        unbiased,
        unit_cost,
        value_added_share,
        final_price,
        spending,
        bought,
        production,
        wages,
        wage,
        income,
        transfers / base.income,
        resource_cost,
        coefficients,
        attraction,
        weight,
        new_sector_wage,
        limit,
    )
