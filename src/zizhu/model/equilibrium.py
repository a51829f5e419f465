"""The static equilibrium in exact hats: one fixed point in logs.

Caliendo and Parro (2015) with nested CES, external economies of scale, subsidies, export taxes,
a public buyer with a home preference, sector-bound labour and limits on flows. Equations and
symbols: docs/equilibrium.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.errors import NotConverged
from zizhu.model import demand
from zizhu.model.anderson import Settings, fixed_point
from zizhu.model.ces import log_ces
from zizhu.model.demand import Purchases, Sourcing
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.shock import Shock

DEFAULT_SETTINGS = Settings()


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Solution:
    """An equilibrium; changes are logs of (new / base), values are in the unit of account.

    log_wage            [n] (with sector-bound labour: the index over sectors)
    log_sector_wage     [n,j]
    log_cost            [n,j] unit cost
    log_price           [n,j] producer price
    log_scale           [n,j] the scale variable (composite input or labour)
    log_sector_price    [k,n,g] user price by sector and group of uses
    log_final_price     [n] price of final spending
    log_limit_cost      [k,i,n] log iceberg cost that holds a limited flow at its limit
    value_added_share   [n,j]
    spending            [k,n,u] at user prices, intermediate use first
    flow                [k,i,n] at producer prices before duties, all uses
    cost                [n,j] value of production at cost
    wage_bill           [n]
    income              [n] final spending that yields welfare
    tariff_revenue      [n]
    export_tax_revenue  [n]
    subsidy_cost        [n]
    preference_cost     [n] what the public buyer pays above the cheapest sourcing
    resource_cost       [n] outlays and the excess cost of public funds
    log_real_income     [n] ln of (Y'/Y)/P
    residual, iterations  of the solver (the audit is separate)
    """

    log_wage: Float[Array, " i"]
    log_sector_wage: Float[Array, "i k"]
    log_cost: Float[Array, "i k"]
    log_price: Float[Array, "i k"]
    log_scale: Float[Array, "i k"]
    log_sector_price: Float[Array, "k i g"]
    log_final_price: Float[Array, " i"]
    log_limit_cost: Float[Array, "k i i"]
    value_added_share: Float[Array, "i k"]
    spending: Float[Array, "k i u"]
    flow: Float[Array, "k i i"]
    cost: Float[Array, "i k"]
    wage_bill: Float[Array, " i"]
    income: Float[Array, " i"]
    tariff_revenue: Float[Array, " i"]
    export_tax_revenue: Float[Array, " i"]
    subsidy_cost: Float[Array, " i"]
    preference_cost: Float[Array, " i"]
    resource_cost: Float[Array, " i"]
    log_real_income: Float[Array, " i"]
    residual: Float[Array, ""]
    iterations: Float[Array, ""]


class _Given(NamedTuple):
    """Everything that stays fixed during the iteration, and may be differentiated."""

    economy: Economy
    elasticities: Elasticities
    coefficients: Sourcing
    subsidy: Float[Array, "i k"]
    log_subsidy: Float[Array, "i k"]
    log_productivity: Float[Array, "i k"]
    log_labour: Float[Array, " i"]
    deficit: Float[Array, " i"]
    outlay: Float[Array, " i"]
    wage_damping: Float[Array, " i"]
    sales_boost: Float[Array, "i k"]


class _State(NamedTuple):
    """The unknowns: log changes of wages, unit costs, production at cost, income; limit costs."""

    wage: Float[Array, " i"]
    cost: Float[Array, "i k"]
    production: Float[Array, "i k"]
    income: Float[Array, " i"]
    limit: Float[Array, "k i i"] | None


class _Market(NamedTuple):
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
    wage_bill: Float[Array, " i"]
    wage: Float[Array, " i"]
    income: Float[Array, " i"]
    resource_cost: Float[Array, " i"]
    limit: Float[Array, "k i i"] | None


def _flatten(state: _State) -> Float[Array, " d"]:
    return jnp.concatenate([jnp.ravel(part) for part in state if part is not None])


def _unflatten(x: Float[Array, " d"], regions: int, sectors: int) -> _State:
    cells = regions * sectors
    ends = [regions, regions + cells, regions + 2 * cells, 2 * regions + 2 * cells]
    wage, cost, production, income, limit = jnp.split(x, ends)
    return _State(
        wage,
        cost.reshape(regions, sectors),
        production.reshape(regions, sectors),
        income,
        limit.reshape(sectors, regions, regions) if limit.size else None,
    )


def _market(state: _State, given: _Given) -> _Market:
    base, el, coefficients = given.economy, given.elasticities, given.coefficients
    theta, psi = el.trade, el.scale
    produced = base.cost > 0
    cost_value = base.cost * jnp.exp(state.production)

    # Labour: sector wages follow the sector's wage bill where labour is bound to it (CET).
    kappa, bend = el.wage_response, 1.0 - el.value_added
    sector_wage = (
        (1.0 - kappa) * state.wage[:, None]
        + kappa * (state.production - given.log_labour[:, None] - bend * state.cost)
    ) / (1.0 - kappa * bend)

    # Scale, then producer prices.
    composite = state.production - state.cost
    labour = bend * (sector_wage - state.cost) + state.production - sector_wage
    scale = composite + el.scale_of_labour * (labour - composite)
    scale = jnp.where(produced, scale, 0.0)
    price = state.cost + given.log_subsidy - given.log_productivity - psi * scale

    # Users' prices by sector and group of uses.
    attraction, centre = demand.relative_attraction(theta, price)
    if state.limit is not None:
        shrink = jnp.exp(-theta[:, None, None] * state.limit)[..., None]
        region = jnp.arange(base.regions)
        coefficients = coefficients._replace(
            price=coefficients.price * shrink,
            sales=coefficients.sales * shrink,
            home=coefficients.home * shrink[:, region, region],
        )
    sector_price, divisor, unbiased = demand.sector_prices(coefficients, theta, attraction, centre)

    # Unit cost: value added against inputs, inputs of different sectors against each other.
    input_price = sector_price[:, :, 0]
    bundle = log_ces(base.input_shares, input_price[:, :, None], 1.0 - el.inputs, axis=0)
    nest_weights = jnp.stack([base.value_added_share, 1.0 - base.value_added_share])
    unit_cost = log_ces(nest_weights, jnp.stack([sector_wage, bundle]), bend, axis=0)
    value_added_share = base.value_added_share * jnp.exp(bend * (sector_wage - unit_cost))

    # Spending. The sum over inputs is separable: gamma' = gamma exp(r P) exp(-r Q).
    power = 1.0 - el.inputs
    demanded = (1.0 - value_added_share) * cost_value * jnp.exp(-power * bundle)
    inputs = jnp.einsum("knj,nj->kn", base.input_shares, demanded) * jnp.exp(power * input_price)
    final_sector_price = sector_price if base.pooled else sector_price[:, :, 1:]
    final_sector_price = jnp.broadcast_to(final_sector_price, base.final_sector_shares.shape)
    use_price = log_ces(base.final_sector_shares, final_sector_price, 1.0 - el.final, axis=0)
    final_price = jnp.sum(base.final_use_shares * use_price, axis=1)
    final_shares = base.final_sector_shares * jnp.exp(
        (1.0 - el.final) * (final_sector_price - use_price)
    )
    income = base.income * jnp.exp(state.income)
    subsidies = jnp.sum(given.subsidy * cost_value, axis=1)
    base_subsidies = jnp.sum(base.subsidy * base.cost, axis=1)
    excess = (el.public_funds - 1.0) * (subsidies - base_subsidies + given.outlay)
    resource_cost = given.outlay + excess
    bought_final = (income + resource_cost)[:, None] * base.final_use_shares
    spending = jnp.concatenate([inputs[:, :, None], final_shares * bought_final], axis=2)

    # Sales, factor payments, income.
    grouped = spending.sum(axis=2, keepdims=True) if base.pooled else spending
    bought = demand.purchases(coefficients, attraction, divisor, grouped)
    production = bought.sales / (1.0 - given.subsidy)
    wage_bill = jnp.sum(value_added_share * production, axis=1)
    excess_demand = jnp.log(wage_bill / base.wage_bill) - given.log_labour - state.wage
    wage = state.wage + given.wage_damping * excess_demand
    # Numeraire: world value added. By Walras' law one market is redundant, and this pins prices.
    world = jnp.sum(base.wage_bill)
    wage = wage - jnp.log(jnp.sum(base.wage_bill * jnp.exp(wage + given.log_labour)) / world)
    new_income = (
        base.wage_bill * jnp.exp(wage + given.log_labour)
        + given.deficit
        + bought.duty
        + bought.export_duty
        - jnp.sum(given.subsidy * production, axis=1)
        - resource_cost
    )

    limit = None
    if state.limit is not None:
        flow = jnp.maximum(bought.flow, 1e-300)
        over = jnp.log(flow) - coefficients.limit
        over = jnp.where(jnp.isfinite(coefficients.limit), over, -jnp.inf)
        raised = state.limit + over / theta[:, None, None]
        limit = jnp.where(jnp.isfinite(coefficients.limit), jnp.maximum(raised, 0.0), 0.0)
    return _Market(
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
        wage_bill,
        wage,
        new_income,
        resource_cost,
        limit,
    )


def _step(x: Float[Array, " d"], given: _Given) -> Float[Array, " d"]:
    """One pass through all equations: the map whose fixed point is the equilibrium."""
    base = given.economy
    state = _unflatten(x, base.regions, base.sectors)
    market = _market(state, given)
    produced = base.cost > 0
    ratio = jnp.where(produced, market.production / jnp.where(produced, base.cost, 1.0), 1.0)
    production = jnp.log(jnp.maximum(ratio, 1e-250))
    # Own-scale feedback is solved for along the diagonal, so that psi * theta near one converges.
    production = state.production + given.sales_boost * (production - state.production)
    income = jnp.log(jnp.maximum(market.income, 1e-3 * base.income) / base.income)
    unit_cost = jnp.where(produced, market.unit_cost, 0.0)
    return _flatten(_State(market.wage, unit_cost, production, income, market.limit))


def _given(economy: Economy, elasticities: Elasticities, shock: Shock) -> _Given:
    coefficients = demand.sourcing(economy, elasticities, shock)
    subsidy = economy.subsidy + shock.subsidy
    # Slopes for damping only: how strongly a producer's sales answer its own price in the base.
    flow = demand.base_flow(economy)
    sales = jnp.maximum(flow.sum(axis=2), 1e-300)
    market_size = jnp.maximum(flow.sum(axis=1), 1e-300)
    rivalry = jnp.sum(flow * (1.0 - flow / market_size[:, None, :]), axis=2) / sales  # k i
    slope = elasticities.trade[:, None] * rivalry
    weight = sales / jnp.sum(sales, axis=0)
    damping = 1.0 / (1.0 + jnp.sum(weight * slope, axis=0))
    feedback = elasticities.scale[:, None] * slope
    boost = 1.0 / (1.0 - jnp.minimum(feedback, 0.9))
    return _Given(
        economy=economy,
        elasticities=elasticities,
        coefficients=coefficients,
        subsidy=subsidy,
        log_subsidy=jnp.log1p(-subsidy) - jnp.log1p(-economy.subsidy),
        log_productivity=shock.log_productivity,
        log_labour=shock.log_labour,
        deficit=economy.deficit + shock.deficit,
        outlay=shock.outlay,
        wage_damping=jax.lax.stop_gradient(damping),
        sales_boost=jax.lax.stop_gradient(boost.T),
    )


def equilibrium(
    economy: Economy,
    elasticities: Elasticities,
    shock: Shock,
    *,
    limits: bool = False,
    settings: Settings = DEFAULT_SETTINGS,
) -> Solution:
    """Solve for the equilibrium: pure, to be jitted, batched by `vmap` and differentiated.

    `limits` says whether any flow limit of the shock binds a flow; without it they are ignored.
    The result carries the solver's residual and is NOT checked: `solve` checks it.
    """
    given = _given(economy, elasticities, shock)
    regions, sectors = economy.regions, economy.sectors
    size = 2 * regions + 2 * regions * sectors + (sectors * regions**2 if limits else 0)
    found = fixed_point(_step, jnp.zeros(size), given, settings)
    state = _unflatten(found.x, regions, sectors)
    market = _market(state, given)
    preference_cost = jnp.zeros(regions)
    if economy.public_use is not None and not economy.pooled:
        use = 1 + economy.public_use
        saved = -jnp.expm1(market.unbiased_price[:, :, use] - market.sector_price[:, :, use])
        preference_cost = jnp.sum(saved * market.spending[:, :, use], axis=0)
    cost = economy.cost * jnp.exp(state.production)
    limit = jnp.zeros((sectors, regions, regions)) if state.limit is None else state.limit
    return Solution(
        log_wage=state.wage,
        log_sector_wage=market.sector_wage,
        log_cost=state.cost,
        log_price=market.price,
        log_scale=market.scale,
        log_sector_price=market.sector_price,
        log_final_price=market.final_price,
        log_limit_cost=limit,
        value_added_share=market.value_added_share,
        spending=market.spending,
        flow=market.bought.flow,
        cost=cost,
        wage_bill=economy.wage_bill * jnp.exp(state.wage + given.log_labour),
        income=economy.income * jnp.exp(state.income),
        tariff_revenue=market.bought.duty,
        export_tax_revenue=market.bought.export_duty,
        subsidy_cost=jnp.sum(given.subsidy * cost, axis=1),
        preference_cost=preference_cost,
        resource_cost=market.resource_cost,
        log_real_income=state.income - market.final_price,
        residual=found.residual,
        iterations=found.iterations,
    )


solve_unchecked = partial(jax.jit, static_argnames=("limits", "settings"))(equilibrium)


def solve(
    economy: Economy,
    elasticities: Elasticities,
    shock: Shock,
    *,
    limits: bool = False,
    settings: Settings = DEFAULT_SETTINGS,
    largest_residual: float = 1e-9,
) -> Solution:
    """Solve, and refuse to return anything that is not an equilibrium.

    Raises `NotConverged` with the residual reached and what to try.
    """
    solution = solve_unchecked(economy, elasticities, shock, limits=limits, settings=settings)
    residual = float(solution.residual)
    if not residual <= largest_residual:
        raise NotConverged(
            f"no equilibrium found: residual {residual:.1e} after {int(solution.iterations)} "
            f"iterations, {largest_residual:.0e} is asked; try smaller shocks, a smaller scale "
            "elasticity (psi times theta below 0.9) or deficits rebased to zero"
        )
    return solution
