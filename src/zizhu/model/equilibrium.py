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
    origin_shares       [i,k,n,g] and input_shares [k,n,j] of the new equilibrium
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
    origin_shares: Float[Array, "i k i g"]
    input_shares: Float[Array, "k i k"]
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

    start: _State
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
    wage_damping: Float[Array, " i"]
    sales_boost: Float[Array, "i k"]


class _State(NamedTuple):
    """The unknowns: log changes of wages, prices of inputs and production at cost; transfers.

    Transfers are all income but wages, as a share of base income. Where labour is bound to
    sectors, their wages are unknowns too; where flows are limited, the iceberg costs that hold
    them.
    """

    wage: Float[Array, " i"]
    input_price: Float[Array, "k i"]
    production: Float[Array, "i k"]
    transfers: Float[Array, " i"]
    sector_wage: Float[Array, "i k"] | None
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


def _flatten(state: _State) -> Float[Array, " d"]:
    return jnp.concatenate([jnp.ravel(part) for part in state if part is not None])


def _unflatten(x: Float[Array, " d"], like: _State) -> _State:
    parts, start = [], 0
    for part in like:
        if part is None:
            parts.append(None)
        else:
            parts.append(x[start : start + part.size].reshape(part.shape))
            start += part.size
    return _State(*parts)


def _start(economy: Economy, bound_labour: bool, limits: bool) -> _State:
    """The base: every log change is zero."""
    by_region, by_cell = jnp.zeros(economy.regions), jnp.zeros_like(economy.cost)
    return _State(
        wage=by_region,
        input_price=by_cell.T,
        production=by_cell,
        transfers=(economy.income - economy.wage_bill) / economy.income,
        sector_wage=by_cell if bound_labour else None,
        limit=jnp.zeros_like(economy.tariff).transpose(1, 0, 2) if limits else None,
    )


def _market(state: _State, given: _Given) -> _Market:
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
            price=coefficients.price * shrink,
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
    # The floor only keeps early iterations positive.
    income = jnp.maximum(wages + base.income * state.transfers, 1e-3 * base.income)
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
    wage = state.wage + given.wage_damping * excess_demand
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


def _step(x: Float[Array, " d"], given: _Given) -> Float[Array, " d"]:
    """One pass through all equations: the map whose fixed point is the equilibrium."""
    base = given.economy
    state = _unflatten(x, given.start)
    market = _market(state, given)
    produced = base.cost > 0
    ratio = jnp.where(produced, market.production / jnp.where(produced, base.cost, 1.0), 1.0)
    production = jnp.log(jnp.maximum(ratio, 1e-250))
    # Own-scale feedback is solved for along the diagonal, so that psi * theta near one converges.
    production = state.production + given.sales_boost * (production - state.production)
    input_price = market.sector_price[:, :, 0]
    return _flatten(
        _State(
            market.wage,
            input_price,
            production,
            market.transfers,
            market.new_sector_wage,
            market.limit,
        )
    )


def _given(economy: Economy, elasticities: Elasticities, shock: Shock, start: _State) -> _Given:
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
        start=start,
        economy=economy,
        elasticities=elasticities,
        coefficients=coefficients,
        input_shares=economy.input_shares.transpose(1, 0, 2),
        subsidy=subsidy,
        log_subsidy=jnp.log1p(-subsidy) - jnp.log1p(-economy.subsidy),
        log_productivity=shock.log_productivity,
        log_labour=shock.log_labour,
        deficit=economy.deficit + shock.deficit,
        outlay=shock.outlay,
        wage_damping=jax.lax.stop_gradient(damping),
        sales_boost=jax.lax.stop_gradient(boost.T),
    )


def _input_shares(
    economy: Economy, elasticities: Elasticities, input_price: Float[Array, "k i"]
) -> Float[Array, "k i k"]:
    """Shares of inputs in intermediate spending, gamma' = gamma p^(1-sigma) over its sum."""
    weight = economy.input_shares * jnp.exp((1.0 - elasticities.inputs) * input_price)[:, :, None]
    total = weight.sum(axis=0)
    return weight / jnp.where(total > 0, total, 1.0)


def equilibrium(
    economy: Economy,
    elasticities: Elasticities,
    shock: Shock,
    *,
    bound_labour: bool = False,
    limits: bool = False,
    settings: Settings = DEFAULT_SETTINGS,
) -> Solution:
    """Solve for the equilibrium: pure, to be jitted, batched by `vmap` and differentiated.

    `bound_labour` makes sector wages follow `elasticities.wage_response`, which is ignored
    otherwise; `limits` likewise for the flow limits of the shock: both add unknowns.
    The result carries the solver's residual and is NOT checked: `solve` checks it.
    """
    start = _start(economy, bound_labour, limits)
    given = _given(economy, elasticities, shock, start)
    found = fixed_point(_step, _flatten(start), given, settings)
    state = _unflatten(found.x, start)
    market = _market(state, given)
    preference_cost = jnp.zeros(economy.regions)
    if economy.public_use is not None and not economy.pooled:
        use = 1 + economy.public_use
        saved = -jnp.expm1(market.unbiased_price[:, :, use] - market.sector_price[:, :, use])
        preference_cost = jnp.sum(saved * market.spending[:, :, use], axis=0)
    cost = economy.cost * jnp.exp(state.production)
    # Where the floor on income still holds, the state is no equilibrium whatever the map says.
    floored = market.income / economy.income - (market.wages / economy.income + state.transfers)
    residual = jnp.maximum(found.residual, jnp.max(jnp.abs(floored)))
    limit = jnp.zeros_like(given.coefficients.limit) if state.limit is None else state.limit
    return Solution(
        log_wage=state.wage,
        log_sector_wage=market.sector_wage,
        log_cost=market.unit_cost,
        log_price=market.price,
        log_scale=market.scale,
        log_sector_price=market.sector_price,
        log_final_price=market.final_price,
        log_limit_cost=limit,
        value_added_share=market.value_added_share,
        origin_shares=demand.origin_shares(market.coefficients, market.attraction),
        input_shares=_input_shares(economy, elasticities, state.input_price),
        spending=market.spending,
        flow=demand.flows(market.coefficients, market.attraction, market.weight),
        cost=cost,
        wage_bill=market.wages,
        income=market.income,
        tariff_revenue=market.bought.duty,
        export_tax_revenue=market.bought.export_duty,
        subsidy_cost=jnp.sum(given.subsidy * cost, axis=1),
        preference_cost=preference_cost,
        resource_cost=market.resource_cost,
        log_real_income=jnp.log(market.income / economy.income) - market.final_price,
        residual=residual,
        iterations=found.iterations,
    )


solve_unchecked = partial(jax.jit, static_argnames=("bound_labour", "limits", "settings"))(
    equilibrium
)


def solve(
    economy: Economy,
    elasticities: Elasticities,
    shock: Shock,
    *,
    bound_labour: bool = False,
    limits: bool = False,
    settings: Settings = DEFAULT_SETTINGS,
    largest_residual: float = 1e-9,
) -> Solution:
    """Solve, and refuse to return anything that is not an equilibrium.

    Raises `NotConverged` with the residual reached and what to try.
    """
    solution = solve_unchecked(
        economy, elasticities, shock, bound_labour=bound_labour, limits=limits, settings=settings
    )
    residual = float(solution.residual)
    if not residual <= largest_residual:
        raise NotConverged(
            f"no equilibrium found: residual {residual:.1e} after {int(solution.iterations)} "
            f"iterations, {largest_residual:.0e} is asked; try smaller shocks, a smaller scale "
            "elasticity (psi times theta below 0.9) or deficits rebased to zero"
        )
    return solution
