"""The static equilibrium in exact hats: one fixed point in logs.

Caliendo and Parro (2015) with nested CES, external economies of scale, subsidies, export taxes,
a public buyer with a home preference, sector-bound labour and limits on flows. Equations and
symbols: docs/equilibrium.md.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.errors import NotConverged
from zizhu.model import demand
from zizhu.model.anderson import FixedPoint, Settings, attach, fixed_point
from zizhu.model.continuation import follow, part_of
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.market import Given, Market, clear
from zizhu.model.newton import newton
from zizhu.model.regional_answer import answer, domestic
from zizhu.model.shock import Shock
from zizhu.model.unknowns import State, base_state, flatten, unflatten

DEFAULT_SETTINGS = Settings()
_TRY = (
    "try smaller shocks, constant returns or weaker scale elasticities, or deficits rebased to zero"
)


class Solution(NamedTuple):
    """An equilibrium; changes are logs of (new / base), values are in the unit of account.

    The equilibria of a path stand in one solution with the years t as leading axis.

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

    log_wage: Float[Array, "*t i"]
    log_sector_wage: Float[Array, "*t i k"]
    log_cost: Float[Array, "*t i k"]
    log_price: Float[Array, "*t i k"]
    log_scale: Float[Array, "*t i k"]
    log_sector_price: Float[Array, "*t k i g"]
    log_final_price: Float[Array, "*t i"]
    log_limit_cost: Float[Array, "*t k i i"]
    value_added_share: Float[Array, "*t i k"]
    origin_shares: Float[Array, "*t i k i g"]
    input_shares: Float[Array, "*t k i k"]
    spending: Float[Array, "*t k i u"]
    flow: Float[Array, "*t k i i"]
    cost: Float[Array, "*t i k"]
    wage_bill: Float[Array, "*t i"]
    income: Float[Array, "*t i"]
    tariff_revenue: Float[Array, "*t i"]
    export_tax_revenue: Float[Array, "*t i"]
    subsidy_cost: Float[Array, "*t i"]
    preference_cost: Float[Array, "*t i"]
    resource_cost: Float[Array, "*t i"]
    log_real_income: Float[Array, "*t i"]
    unknowns: Float[Array, "*t d"]
    residual: Float[Array, "*t"]
    iterations: Float[Array, "*t"]


def _step(x: Float[Array, " d"], given: Given) -> Float[Array, " d"]:
    """One pass through all equations, then the answer of every region to what it finds.

    The map's fixed point is the equilibrium.
    """
    state = unflatten(x, given.start)
    return _next(state, clear(state, given), given)


def _next(state: State, market: Market, given: Given) -> Float[Array, " d"]:
    """The unknowns after the answer of every region to the equations evaluated at `state`."""
    base = given.economy
    produced = base.cost > 0
    ratio = jnp.where(produced, market.production / jnp.where(produced, base.cost, 1.0), 1.0)
    production = jnp.log(jnp.maximum(ratio, 1e-250))
    input_price = market.sector_price[:, :, 0]
    update = answer(
        given.domestic,
        given.input_shares,
        wage=market.wage - state.wage,
        input_price=input_price - state.input_price,
        production=production - state.production,
        transfers=market.transfers - state.transfers,
    )
    return flatten(
        State(
            state.wage + update[0],
            state.input_price + update[1],
            state.production + update[2],
            market.transfers,
            market.new_sector_wage,
            market.limit,
        )
    )


def _given(economy: Economy, elasticities: Elasticities, shock: Shock, start: State) -> Given:
    subsidy = economy.subsidy + shock.subsidy
    return Given(
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
        domestic=jax.lax.stop_gradient(domestic(economy, elasticities)),
    )


def base_unknowns(economy: Economy, *, bound_labour: bool = False) -> Float[Array, " d"]:
    """The unknowns that solve the base without any shock."""
    return flatten(base_state(economy, bound_labour, limits=False))


def input_shares_after(
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
    guess: Float[Array, "*s d"] | None = None,
) -> Solution:
    """Solve for the equilibrium: pure, to be jitted, batched by `vmap` and differentiated.

    `bound_labour` makes sector wages follow `elasticities.wage_response`, which is ignored
    otherwise; `limits` likewise for the flow limits of the shock: both add unknowns. `solved` is
    the `unknowns` of a solution of the same problem: nothing is searched, only derivatives are
    attached, which compiles and runs faster. `guess` starts the search elsewhere than at the base,
    or at several places one after the other (see `fixed_point`).
    The result carries the solver's residual and is NOT checked: `solve` checks it.
    """
    start = base_state(economy, bound_labour, limits)
    given = _given(economy, elasticities, shock, start)
    if solved is None:
        x, _, iterations = fixed_point(
            _step, flatten(start) if guess is None else guess, given, settings
        )
    else:
        x, iterations = attach(_step, solved, given, settings), jnp.zeros(())
    state = unflatten(x, start)
    market = clear(state, given)
    missed = jax.lax.stop_gradient(_next(state, market, given) - x)
    preference_cost = jnp.zeros(economy.regions)
    if economy.public_use is not None and not economy.pooled:
        use = 1 + economy.public_use
        saved = -jnp.expm1(market.unbiased_price[:, :, use] - market.sector_price[:, :, use])
        preference_cost = jnp.sum(saved * market.spending[:, :, use], axis=0)
    cost = economy.cost * jnp.exp(state.production)
    # Where the floor on income still holds, the state is no equilibrium whatever the map says.
    floored = market.income / economy.income - (market.wages / economy.income + state.transfers)
    residual = jnp.maximum(jnp.max(jnp.abs(missed)), jnp.max(jnp.abs(floored)))
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
        input_shares=input_shares_after(economy, elasticities, state.input_price),
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
        unknowns=x,
        residual=residual,
        iterations=iterations,
    )


solve_unchecked = partial(jax.jit, static_argnames=("bound_labour", "limits", "settings"))(
    equilibrium
)


@partial(jax.jit, static_argnames=("bound_labour", "limits", "settings"))
def by_newton(
    economy: Economy,
    elasticities: Elasticities,
    shock: Shock,
    guess: Float[Array, " d"],
    *,
    bound_labour: bool = False,
    limits: bool = False,
    settings: Settings = DEFAULT_SETTINGS,
) -> FixedPoint:
    """The unknowns by Newton's method from a guess near them; NOT checked, not differentiable."""
    given = _given(economy, elasticities, shock, base_state(economy, bound_labour, limits))
    return newton(_step, guess, given, settings)


class Reached(NamedTuple):
    """A solution, and the number of steps in which its shock was solved (1: at once)."""

    solution: Solution
    steps: int


def reach(
    economy: Economy,
    elasticities: Elasticities,
    shock: Shock,
    *,
    bound_labour: bool = False,
    limits: bool = False,
    settings: Settings = DEFAULT_SETTINGS,
    largest_residual: float = 1e-9,
) -> Reached:
    """Solve at once if that works, else in growing parts of the shock by Newton's method.

    Steps are halved where one fails (see `zizhu.model.continuation`). Refuses to return anything
    that is not an equilibrium: raises `NotConverged` with the residual of the search at once and
    how far the shock could be followed. Where scale economies make the base unstable, nothing is
    followed.
    """
    solution: Solution = solve_unchecked(
        economy, elasticities, shock, bound_labour=bound_labour, limits=limits, settings=settings
    )
    residual = float(solution.residual)
    if residual <= largest_residual:
        return Reached(solution, 1)
    missed = (
        f"no equilibrium found: residual {residual:.1e} after {int(solution.iterations)} "
        f"iterations, {largest_residual:.0e} is asked"
    )
    _require_stable(economy, elasticities, bound_labour, missed)
    evaluations = int(solution.iterations)

    def attempt(part: float, guess: Float[Array, " d"]) -> tuple[Float[Array, " d"], float]:
        nonlocal evaluations
        found = by_newton(
            economy,
            elasticities,
            part_of(shock, part),
            guess,
            bound_labour=bound_labour,
            limits=limits,
            settings=settings,
        )
        evaluations += int(found.iterations)
        return found.x, float(found.residual)

    start = flatten(base_state(economy, bound_labour, limits))
    followed, why = follow(attempt, start, largest_residual), ""
    if followed.part == 1.0:
        solution = solve_unchecked(
            economy,
            elasticities,
            shock,
            bound_labour=bound_labour,
            limits=limits,
            settings=settings,
            solved=followed.x,
        )
        # Where the floor on income held on the way, the map was solved and the model was not.
        if float(solution.residual) <= largest_residual:
            counted = solution._replace(iterations=jnp.asarray(float(evaluations)))
            return Reached(counted, followed.steps)
        # It reads solutions itself.
        from zizhu.model.means import claim_of  # noqa: PLC0415

        claim = claim_of(economy, solution, shock)
        if claim:
            why = f", where a region's wages do not pay for what they must, most of all {claim}"
    raise NotConverged(
        f"{missed}; in steps the shock can be followed to {100 * followed.part:.3g} percent of its "
        f"size{why}; {_TRY}"
    )


def _require_stable(
    economy: Economy, elasticities: Elasticities, bound_labour: bool, missed: str
) -> None:
    """Refuse to follow a shock from a base that scale economies make unstable.

    Newton's method would find the branch that any push leaves, where effects have the wrong sign.
    """
    if not bool(jnp.any(elasticities.scale > 0)):
        return
    # It solves equilibria itself.
    from zizhu.model.stability import scale_eigenvalue  # noqa: PLC0415

    found = float(scale_eigenvalue(economy, elasticities, bound_labour=bound_labour))
    if not found < 1:
        raise NotConverged(
            f"{missed}; under scale economies the base is unstable (eigenvalue {found:.2f}), so "
            f"that the shock is not followed in steps; {_TRY}"
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
    """The solution of `reach`; raises `NotConverged` as it does."""
    return reach(
        economy,
        elasticities,
        shock,
        bound_labour=bound_labour,
        limits=limits,
        settings=settings,
        largest_residual=largest_residual,
    ).solution
