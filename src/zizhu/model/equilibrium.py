"""The static equilibrium in exact hats: one fixed point in logs.

Caliendo and Parro (2015) with nested CES, external economies of scale, subsidies, export taxes,
a public buyer with a home preference, sector-bound labour and limits on flows. Equations and
symbols: docs/equilibrium.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.errors import NotConverged
from zizhu.model import demand
from zizhu.model.anderson import FixedPoint, Settings, attach, fixed_point
from zizhu.model.ces import log_ces
from zizhu.model.demand import Purchases, Sourcing
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.shock import Shock

DEFAULT_SETTINGS = Settings()

# Rounds of domestic orders per step of the solver: more do not save iterations.
_ROUNDS = 2


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
    unknowns            of the fixed point, to be passed as `solved`
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
    unknowns: Float[Array, " d"]
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
    domestic: _Domestic


class _Domestic(NamedTuple):
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
    parts: list[Any] = []
    start = 0
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
    """One pass through all equations, then the answer of every region to what it finds.

    The map's fixed point is the equilibrium.
    """
    base = given.economy
    state = _unflatten(x, given.start)
    market = _market(state, given)
    produced = base.cost > 0
    ratio = jnp.where(produced, market.production / jnp.where(produced, base.cost, 1.0), 1.0)
    production = jnp.log(jnp.maximum(ratio, 1e-250))
    input_price = market.sector_price[:, :, 0]
    update = _answer(
        given,
        market.wage - state.wage,
        input_price - state.input_price,
        production - state.production,
        market.transfers - state.transfers,
    )
    return _flatten(
        _State(
            state.wage + update[0],
            state.input_price + update[1],
            state.production + update[2],
            market.transfers,
            market.new_sector_wage,
            market.limit,
        )
    )


def _answer(
    given: _Given,
    wage: Float[Array, " i"],
    input_price: Float[Array, "k i"],
    production: Float[Array, "i k"],
    transfers: Float[Array, " i"],
) -> tuple[Float[Array, " i"], Float[Array, "k i"], Float[Array, "i k"]]:
    """Turn the misses of all equations into a move: Newton's step of each region by itself.

    Approximate, with slopes of the base; any invertible map of the misses has the same fixed
    point, and with this one the iteration needs two to three times fewer steps.
    """
    own, shares = given.domestic, given.input_shares
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


def _domestic(economy: Economy, elasticities: Elasticities) -> _Domestic:
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
    return _Domestic(
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


def _given(economy: Economy, elasticities: Elasticities, shock: Shock, start: _State) -> _Given:
    subsidy = economy.subsidy + shock.subsidy
    return _Given(
        start=start,
        economy=economy,
        elasticities=elasticities,
        coefficients=demand.sourcing(economy, elasticities, shock),
        input_shares=economy.input_shares.transpose(1, 0, 2),
        subsidy=subsidy,
        log_subsidy=jnp.log1p(-subsidy) - jnp.log1p(-economy.subsidy),
        log_productivity=shock.log_productivity,
        log_labour=shock.log_labour,
        deficit=economy.deficit + shock.deficit,
        outlay=shock.outlay,
        domestic=jax.lax.stop_gradient(_domestic(economy, elasticities)),
    )


def base_unknowns(economy: Economy, *, bound_labour: bool = False) -> Float[Array, " d"]:
    """The unknowns that solve the base without any shock."""
    return _flatten(_start(economy, bound_labour, limits=False))


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
    solved: Float[Array, " d"] | None = None,
) -> Solution:
    """Solve for the equilibrium: pure, to be jitted, batched by `vmap` and differentiated.

    `bound_labour` makes sector wages follow `elasticities.wage_response`, which is ignored
    otherwise; `limits` likewise for the flow limits of the shock: both add unknowns. `solved` is
    the `unknowns` of a solution of the same problem: nothing is searched, only derivatives are
    attached, which compiles and runs faster.
    The result carries the solver's residual and is NOT checked: `solve` checks it.
    """
    start = _start(economy, bound_labour, limits)
    given = _given(economy, elasticities, shock, start)
    if solved is None:
        found = fixed_point(_step, _flatten(start), given, settings)
    else:
        x = attach(_step, solved, given, settings)
        found = FixedPoint(x, jnp.max(jnp.abs(_step(solved, given) - solved)), jnp.zeros(()))
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
        unknowns=found.x,
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
    solution: Solution = solve_unchecked(
        economy, elasticities, shock, bound_labour=bound_labour, limits=limits, settings=settings
    )
    residual = float(solution.residual)
    if not residual <= largest_residual:
        raise NotConverged(
            f"no equilibrium found: residual {residual:.1e} after {int(solution.iterations)} "
            f"iterations, {largest_residual:.0e} is asked; try smaller shocks, constant "
            "returns or weaker scale elasticities, or deficits rebased to zero"
        )
    return solution
