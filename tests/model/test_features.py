"""Each wedge alone moves what it should, all together still clear every market."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (
    PUBLIC_USE,
    changes,
    foreign,
    largest_gap,
    random_economy,
    random_elasticities,
    random_limits,
    random_shock,
    reverse,
    unchecked,
)

from zizhu.errors import NotConverged
from zizhu.model import demand
from zizhu.model.anderson import Settings
from zizhu.model.audit import audit
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import Solution, reach, solve
from zizhu.model.shock import NoShock

few = settings(max_examples=10, deadline=None, derandomize=True, database=None)
SEEDS = st.integers(min_value=0, max_value=10_000)
NESTS = {"inputs": 0.6, "value_added": 0.8, "final": 1.5}
SEED = 8
# The measure of most tests: supplier s, sector k, user n.
S, K, N = 1, 3, 0


def answer(
    economy: Economy, elasticities: Elasticities, *, audited: bool = True, **wedges: jax.Array
) -> Solution:
    """Solve and audit a shock given by its wedges."""
    shock = NoShock.of(economy)._replace(**wedges)
    solution = solve(economy, elasticities, shock)
    if audited:
        found = audit(economy, elasticities, shock, solution)
        assert found.largest < 1e-9, found.worst
    return solution


def one(like: jax.Array, where: tuple[int, ...], value: float) -> jax.Array:
    """Zeros but for `value` at one place."""
    return jnp.zeros_like(like).at[where].set(value)


def number(value: float) -> jax.Array:
    """A float64 scalar; a weak type would be compiled anew."""
    return jnp.asarray(value, dtype=jnp.float64)


@pytest.fixture(scope="module")
def economy() -> Economy:
    return random_economy(SEED, tariffs=False, zero_deficits=True)


@pytest.fixture(scope="module")
def elasticities() -> Elasticities:
    return random_elasticities(SEED, scale=False, **NESTS)


@pytest.fixture(scope="module")
def flow0(economy: Economy) -> np.ndarray:
    return np.asarray(demand.base_flow(economy))


def test_tariff(economy: Economy, elasticities: Elasticities, flow0: np.ndarray) -> None:
    found = answer(economy, elasticities, tariff=one(economy.tariff, (S, K, N), 0.2))
    assert found.flow[K, S, N] < 0.8 * flow0[K, S, N]
    assert found.log_sector_price[K, N, 0] > 0
    assert float(found.tariff_revenue[N]) == pytest.approx(0.2 * float(found.flow[K, S, N]))
    assert float(jnp.sum(found.tariff_revenue)) == pytest.approx(float(found.tariff_revenue[N]))
    assert found.log_real_income[S] < 0  # the supplier loses
    assert found.log_wage[N] > found.log_wage[S]


def test_export_tax(economy: Economy, elasticities: Elasticities, flow0: np.ndarray) -> None:
    found = answer(economy, elasticities, export_tax=one(economy.export_tax, (S, K, N), 0.2))
    assert found.flow[K, S, N] < 0.8 * flow0[K, S, N]
    assert found.log_sector_price[K, N, 0] > 0
    revenue = found.export_tax_revenue
    assert float(revenue[S]) == pytest.approx(0.2 * float(found.flow[K, S, N]))
    assert float(jnp.sum(revenue)) == pytest.approx(float(revenue[S]))
    assert found.log_real_income[N] < 0  # the user loses


def test_no_tax_on_own_sales(economy: Economy, elasticities: Elasticities) -> None:
    own = jnp.broadcast_to(1.0 - foreign(economy), economy.tariff.shape)
    found = answer(economy, elasticities, tariff=0.3 * own, export_tax=0.3 * own)
    assert max(np.max(np.abs(logs)) for logs in changes(found).values()) < 1e-12


def test_subsidy(economy: Economy, elasticities: Elasticities) -> None:
    found = answer(economy, elasticities, subsidy=one(economy.subsidy, (N, K), 0.1))
    assert found.log_price[N, K] < found.log_cost[N, K]
    assert found.cost[N, K] > 1.1 * economy.cost[N, K]
    assert float(found.subsidy_cost[N]) == pytest.approx(0.1 * float(found.cost[N, K]))
    assert found.cost[S, K] < economy.cost[S, K]  # the competitor shrinks
    assert found.log_real_income[N] < 0  # without scale economies it is waste


def test_iceberg_by_use(economy: Economy, elasticities: Elasticities, flow0: np.ndarray) -> None:
    found = answer(economy, elasticities, log_iceberg=one(economy.origin_shares, (S, K, N, 0), 0.3))
    assert found.flow[K, S, N] < flow0[K, S, N]
    assert found.log_sector_price[K, N, 0] > 0.01
    assert found.log_sector_price[K, N, 0] > 3 * jnp.max(jnp.abs(found.log_sector_price[K, N, 1:]))
    assert found.log_real_income[N] < 0
    assert float(jnp.max(jnp.abs(found.tariff_revenue))) == 0.0


def test_productivity(economy: Economy, elasticities: Elasticities) -> None:
    found = answer(economy, elasticities, log_productivity=one(economy.cost, (N, K), 0.1))
    assert found.log_price[N, K] - found.log_cost[N, K] == pytest.approx(-0.1)
    assert found.cost[N, K] > economy.cost[N, K]
    assert found.log_real_income[N] > 0


def test_labour(economy: Economy, elasticities: Elasticities) -> None:
    found = answer(economy, elasticities, log_labour=one(economy.income, (N,), 0.1))
    assert found.wage_bill[N] > economy.wage_bill[N]
    assert found.log_wage[N] < 0  # its goods are cheaper relative to the others'
    assert 0.05 < float(found.log_real_income[N]) < 0.1


def test_deficit(economy: Economy, elasticities: Elasticities) -> None:
    gift = 0.05 * float(economy.income[N])
    change = one(economy.income, (N,), gift).at[S].set(-gift)
    found = answer(economy, elasticities, deficit=change)
    assert found.log_real_income[N] > 0.03
    assert found.log_real_income[S] < -0.01
    assert found.log_wage[N] > found.log_wage[S]  # spending falls on own goods


def test_outlay_and_cost_of_public_funds(economy: Economy, elasticities: Elasticities) -> None:
    spent = one(economy.income, (N,), 0.02 * float(economy.income[N]))
    plain = answer(economy, elasticities, outlay=spent)
    dear = answer(economy, replace(elasticities, public_funds=number(1.3)), outlay=spent)
    np.testing.assert_allclose(plain.resource_cost, spent, rtol=1e-12)
    np.testing.assert_allclose(dear.resource_cost, 1.3 * spent, rtol=1e-12)
    # Same mix as all final spending: prices stay, real income falls one for one.
    np.testing.assert_allclose(plain.log_real_income[N], np.log(1 - 0.02), rtol=1e-8)
    np.testing.assert_allclose(dear.log_real_income[N], np.log(1 - 0.026), rtol=1e-8)
    np.testing.assert_allclose(plain.spending, economy.spending(), rtol=1e-9)


def test_cost_of_public_funds_falls_on_new_subsidies_only(
    economy: Economy, elasticities: Elasticities
) -> None:
    dear = replace(elasticities, public_funds=number(1.3))
    rate = one(economy.subsidy, (N, K), 0.1)
    found = answer(economy, dear, subsidy=rate)
    np.testing.assert_allclose(found.resource_cost, 0.3 * found.subsidy_cost, rtol=1e-9)
    lump_sum = answer(economy, elasticities, subsidy=rate)
    assert found.log_real_income[N] < lump_sum.log_real_income[N]


@pytest.mark.parametrize(
    ("name", "elasticity", "sign"),
    [("inputs", 0.3, 1), ("inputs", 2.0, -1), ("final", 0.3, 1), ("final", 2.0, -1)],
)
def test_substitutes_and_complements(
    economy: Economy, elasticities: Elasticities, name: str, elasticity: float, sign: int
) -> None:
    """What becomes dearer takes a larger share of spending among complements, else a smaller."""
    bent = replace(elasticities, **{name: number(elasticity)})
    dear = jnp.zeros_like(economy.origin_shares).at[:, K, N, :].set(0.2)
    found = answer(economy, bent, log_iceberg=dear)
    use = slice(0, 1) if name == "inputs" else slice(1, None)

    def share(spending: jax.Array) -> float:
        return float(jnp.sum(spending[K, N, use]) / jnp.sum(spending[:, N, use]))

    assert sign * (share(found.spending) - share(economy.spending())) > 1e-3


def test_value_added_nest(economy: Economy, elasticities: Elasticities) -> None:
    """Dearer inputs: the share of value added falls among complements, rises among substitutes."""
    dear = jnp.zeros_like(economy.origin_shares).at[..., N, 0].set(0.2)
    for elasticity, sign in ((0.4, -1), (1.0, 0), (2.0, 1)):
        bent = replace(elasticities, value_added=number(elasticity))
        found = answer(economy, bent, log_iceberg=dear)
        change = found.value_added_share[N] - economy.value_added_share[N]
        if sign:
            assert float(jnp.min(sign * change)) > 1e-3
        else:
            np.testing.assert_allclose(change, 0.0, atol=1e-14)


def test_scale_economies(economy: Economy, elasticities: Elasticities) -> None:
    """More demand makes a sector with scale economies cheaper, by psi times its growth."""
    psi = one(elasticities.scale, (K,), 0.1)
    rate = one(economy.subsidy, (N, K), 0.05)
    with_scale = answer(economy, replace(elasticities, scale=psi), subsidy=rate)
    without = answer(economy, elasticities, subsidy=rate)
    assert with_scale.cost[N, K] > without.cost[N, K]
    np.testing.assert_allclose(
        with_scale.log_price[N, K],
        with_scale.log_cost[N, K] + jnp.log(0.95) - 0.1 * with_scale.log_scale[N, K],
        rtol=1e-9,
    )
    size = jnp.log(with_scale.cost[N, K] / economy.cost[N, K]) - with_scale.log_cost[N, K]
    np.testing.assert_allclose(with_scale.log_scale[N, K], size, rtol=1e-9)
    labour = replace(elasticities, scale=psi, scale_of_labour=number(1.0))
    by_labour = answer(economy, labour, subsidy=rate)
    used = jnp.log(
        by_labour.cost * by_labour.value_added_share / (economy.cost * economy.value_added_share)
    )
    np.testing.assert_allclose(by_labour.log_scale, used - by_labour.log_sector_wage, atol=1e-9)
    assert largest_gap(by_labour, with_scale) > 1e-5


def test_home_preference_pays_the_true_price(economy: Economy, elasticities: Elasticities) -> None:
    bias = 0.4
    found = answer(economy, elasticities, home_preference=one(economy.cost, (N, K), bias))
    # By hand: choose as if foreign goods cost e^bias more, pay their true prices.
    theta = float(elasticities.trade[K])
    shares = np.asarray(economy.origin_shares[:, K, N, 1 + PUBLIC_USE])
    price = np.exp(np.asarray(found.log_price[:, K]))
    abroad = np.arange(economy.regions) != N
    seen = shares * (price * np.exp(bias * abroad)) ** -theta
    index = seen.sum() ** (-1 / theta)
    quantities = seen / seen.sum() * index / (price * np.exp(bias * abroad))  # per unit bought
    true_price = np.sum(price * quantities)
    group = 1 + PUBLIC_USE
    np.testing.assert_allclose(np.exp(found.log_sector_price[K, N, group]), true_price, rtol=1e-9)
    np.testing.assert_allclose(
        found.origin_shares[:, K, N, group], price * quantities / true_price, rtol=1e-9
    )
    cheapest = np.sum(shares * price**-theta) ** (-1 / theta)
    cost = (1 - cheapest / true_price) * float(found.spending[K, N, group])
    assert cost > 0
    np.testing.assert_allclose(found.preference_cost[N], cost, rtol=1e-9)
    assert float(jnp.sum(jnp.abs(found.preference_cost))) == pytest.approx(cost)
    # Home sells more to the public buyer, who pays more than the private ones.
    assert found.origin_shares[N, K, N, group] > 1.1 * shares[N]
    private = np.delete(np.asarray(found.log_sector_price[K, N]), group)
    assert float(found.log_sector_price[K, N, group]) > np.max(np.abs(private)) + 1e-3


def test_pooled_uses_share_the_public_buyers_preference(elasticities: Elasticities) -> None:
    """To first order, all uses that prefer a little do what one of them does that prefers much."""
    pooled = random_economy(SEED, pooled=True, tariffs=False, zero_deficits=True)
    apart = pooled.separate_origins()
    small = 1e-4
    wish = jnp.full_like(pooled.cost, small)
    together = answer(pooled, elasticities, home_preference=wish)
    alone = answer(apart, elasticities, home_preference=wish)
    np.testing.assert_allclose(together.log_wage, alone.log_wage, atol=3e-2 * small)
    moved = np.abs(np.asarray(alone.log_wage)).max()
    assert moved > 1e-3 * small
    np.testing.assert_allclose(together.flow, alone.flow, rtol=1e-6)
    still = np.abs(np.asarray(alone.flow) - np.asarray(answer(apart, elasticities).flow)).max()
    assert still > 0


# Everything at once.


@pytest.mark.parametrize("scale_variable", ["composite", "labour"])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_every_feature_at_once(seed: int, scale_variable: str) -> None:
    economy = random_economy(seed, untraded=0.2, absent=((2, 4),))
    elasticities = random_elasticities(
        seed, public_funds=1.3, labour_mobility=1.5, scale_variable=scale_variable, **NESTS
    )
    shock = random_shock(economy, seed)._replace(log_flow_limit=random_limits(economy, seed))
    options = {"bound_labour": True, "limits": True}
    solution = solve(economy, elasticities, shock, **options)
    found = audit(economy, elasticities, shock, solution, **options)
    assert found.largest < 1e-9, found.worst
    for name in ("tariff_revenue", "export_tax_revenue", "subsidy_cost", "preference_cost"):
        assert np.all(np.asarray(getattr(solution, name)) > 0), name
    assert np.sum(np.asarray(solution.log_limit_cost) > 0) > 3
    assert np.max(np.ptp(np.asarray(solution.log_sector_wage), axis=1)) > 0.01


@few
@given(seed=SEEDS)
def test_flow_limits(seed: int) -> None:
    """Just the flow that is allowed, at a cost, and no cost where the limit does not bind."""
    economy = random_economy(seed)
    elasticities = random_elasticities(seed, **NESTS)
    base = np.asarray(demand.base_flow(economy))
    shock = random_shock(economy, seed)._replace(log_flow_limit=random_limits(economy, seed))
    found = solve(economy, elasticities, shock, limits=True, bound_labour=True)
    assert audit(economy, elasticities, shock, found, limits=True, bound_labour=True).largest < 1e-9
    limit = np.asarray(shock.log_flow_limit).transpose(1, 0, 2)
    held = np.asarray(found.log_limit_cost) > 0
    assert held.sum() > 0
    assert np.all(np.isfinite(limit[held]))
    flow = np.asarray(found.flow)
    np.testing.assert_allclose(flow[held], (base * np.exp(limit))[held], rtol=1e-9)
    slack = np.isfinite(limit) & ~held
    assert slack.sum() > 0
    assert np.all(flow[slack] <= (base * np.exp(limit))[slack])
    assert np.all(np.asarray(found.log_limit_cost)[~held] == 0.0)


def test_limits_that_do_not_bind_change_nothing() -> None:
    economy, elasticities = random_economy(SEED), random_elasticities(SEED, **NESTS)
    shock = random_shock(economy, SEED)
    wide = shock._replace(log_flow_limit=jnp.full_like(economy.tariff, 5.0))
    free = solve(economy, elasticities, shock)
    bounded = solve(economy, elasticities, wide, limits=True, bound_labour=True)
    assert float(jnp.max(jnp.abs(bounded.log_limit_cost))) == 0.0
    assert largest_gap(free, bounded) < 1e-9


def test_bound_labour_with_full_mobility_is_mobile_labour() -> None:
    economy = random_economy(SEED)
    shock = random_shock(economy, SEED)
    options = {"bound_labour": True, "limits": True}
    free = solve(economy, random_elasticities(SEED, **NESTS), shock)
    gaps = []
    for mobility in (float("inf"), 1e7, 1e4, 1.0, 0.0):
        elasticities = random_elasticities(SEED, labour_mobility=mobility, **NESTS)
        bound = solve(economy, elasticities, shock, **options)
        assert audit(economy, elasticities, shock, bound, **options).largest < 1e-9
        gaps.append(largest_gap(free, bound))
    assert gaps[0] < 1e-9
    assert gaps[1] < 1e-6
    assert gaps == sorted(gaps)
    assert gaps[-1] > 1e-2
    # Labour that cannot move: in every sector as much as before.
    used = (
        jnp.log(bound.cost * bound.value_added_share / (economy.cost * economy.value_added_share))
        - bound.log_sector_wage
    )
    np.testing.assert_allclose(
        used, jnp.broadcast_to(shock.log_labour[:, None], used.shape), atol=1e-9
    )


# Zeros.


@pytest.mark.parametrize("everything", [False, True])
def test_zeros_stay_zero(everything: bool) -> None:
    """No flow, no output, no use of a sector at all: no NaN, also not in gradients."""
    absent = ((2, 4), (0, 1), (3, 1))
    economy = random_economy(SEED, untraded=0.4, absent=absent)
    none = np.asarray(demand.base_flow(economy)) == 0
    assert none.sum() > 20
    # A region that uses nothing of one sector in one use.
    alpha = economy.final_sector_shares.at[2, 1, 0].set(0.0)
    assert float(jnp.max(jnp.abs(alpha.sum(axis=0) - 1.0))) > 0.01
    economy = replace(economy, final_sector_shares=alpha / alpha.sum(axis=0))
    options = {"bound_labour": everything, "limits": everything}
    elasticities = random_elasticities(SEED, public_funds=1.3, labour_mobility=2.0, **NESTS)
    shock = random_shock(economy, SEED)
    if everything:
        shock = shock._replace(log_flow_limit=random_limits(economy, SEED))
    solution = solve(economy, elasticities, shock, **options)
    assert audit(economy, elasticities, shock, solution, **options).largest < 1e-9
    assert np.all(np.asarray(solution.flow)[none] == 0.0)
    for region, sector in absent:
        assert float(solution.cost[region, sector]) == 0.0
        assert float(solution.log_price[region, sector]) == 0.0
    assert float(solution.spending[2, 1, 1]) == 0.0
    for name, values in solution._asdict().items():
        assert np.all(np.isfinite(np.asarray(values))), name
    weights = jnp.ones(economy.regions)
    gradient = reverse(economy, elasticities, shock, weights, **options)
    for leaf in jax.tree.leaves(gradient):
        assert np.all(np.isfinite(np.asarray(leaf)))
    for region, sector in absent:
        assert float(gradient[1].log_productivity[region, sector]) == 0.0
    assert float(jnp.min(jnp.sum(jnp.abs(gradient[1].log_productivity), axis=1))) > 0.01


# Refusals.


def test_preference_cost_does_not_cancel_where_home_dominates() -> None:
    """Strong preference and elasticity leave hardly any foreign goods: still exact."""
    economy = random_economy(SEED, pooled=False)
    elasticities = Elasticities.of(np.full(economy.sectors, 51.0))
    shock = NoShock.of(economy)
    shock = shock._replace(home_preference=jnp.full_like(shock.home_preference, 2.0))
    solution = solve(economy, elasticities, shock)
    assert audit(economy, elasticities, shock, solution).reported < 1e-9
    assert float(solution.preference_cost.min()) >= 0


def test_no_number_when_scale_is_too_strong() -> None:
    """Far above psi * theta = 1: the sentence says what to try."""
    economy = random_economy(SEED)
    strong = random_elasticities(SEED)
    strong = replace(strong, scale=2.5 / strong.trade)
    with pytest.raises(
        NotConverged,
        match=r"base is unstable \(eigenvalue .*weaker scale elasticities.* deficits rebased",
    ):
        solve(economy, strong, random_shock(economy, SEED))


def test_too_few_iterations_are_made_good_in_steps() -> None:
    economy, elasticities = random_economy(SEED), random_elasticities(SEED)
    shock = random_shock(economy, SEED)
    found, steps = reach(economy, elasticities, shock, settings=Settings(most_iterations=3))
    assert steps > 1
    assert largest_gap(found, solve(economy, elasticities, shock)) < 1e-9


def test_no_number_for_a_deficit_beyond_all_income(economy: Economy) -> None:
    """A region that gives away more than it earns; the solver's floor on income is no answer."""
    elasticities = random_elasticities(SEED, scale=False)
    gift = 1.5 * float(economy.income[N])
    shock = NoShock.of(economy)._replace(deficit=one(economy.income, (N,), -gift).at[S].set(gift))
    with pytest.raises(NotConverged):
        solve(economy, elasticities, shock)


def test_nan_is_not_converged(economy: Economy, elasticities: Elasticities) -> None:
    shock = NoShock.of(economy)._replace(tariff=jnp.full_like(economy.tariff, jnp.nan))
    with pytest.raises(NotConverged):
        solve(economy, elasticities, shock)


# The audit itself.

CORRUPTIONS = ("log_wage", "log_sector_wage", "log_cost", "log_limit_cost", "cost", "income")


@pytest.fixture(scope="module")
def audited() -> tuple[Economy, Elasticities, NoShock, Solution]:
    economy = random_economy(SEED)
    elasticities = random_elasticities(SEED, public_funds=1.3, labour_mobility=1.5, **NESTS)
    shock = random_shock(economy, SEED)._replace(log_flow_limit=random_limits(economy, SEED))
    return (
        economy,
        elasticities,
        shock,
        solve(economy, elasticities, shock, bound_labour=True, limits=True),
    )


@pytest.mark.parametrize("name", CORRUPTIONS)
@pytest.mark.parametrize("size", [1e-2, 1e-6])
def test_the_audit_catches_a_wrong_solution(
    audited: tuple[Economy, Elasticities, NoShock, Solution], name: str, size: float
) -> None:
    *given_, solution = audited
    options = {"bound_labour": True, "limits": True}
    audit(*given_, solution, **options).require(1e-9)
    right = np.asarray(getattr(solution, name))
    place = np.unravel_index(np.argmax(np.abs(right)), right.shape)
    off = size if name.startswith("log_") else size * right[place]
    wrong = solution._replace(**{name: jnp.asarray(right).at[place].add(off)})
    found = audit(*given_, wrong, **options)
    assert found.largest > size / 100
    with pytest.raises(NotConverged, match=r"does not solve its own equations: .* miss by .* try"):
        found.require(1e-9)


@pytest.mark.parametrize("name", ["log_wage", "cost", "income"])
def test_the_audit_catches_nan(
    audited: tuple[Economy, Elasticities, NoShock, Solution], name: str
) -> None:
    *given_, solution = audited
    wrong = solution._replace(**{name: getattr(solution, name) * jnp.nan})
    found = audit(*given_, wrong, bound_labour=True, limits=True)
    with pytest.raises(NotConverged):
        found.require(1e-9)


def test_the_audit_catches_another_shock(
    audited: tuple[Economy, Elasticities, NoShock, Solution],
) -> None:
    """A solution of one question is no solution of any other: every wedge is seen."""
    economy, elasticities, shock, solution = audited
    options = {"bound_labour": True, "limits": True}
    foreign_cell = {"tariff": (S, K, N), "export_tax": (S, K, N), "log_iceberg": (S, K, N, 0)}
    for name in NoShock._fields:
        field = getattr(shock, name)
        if name == "log_flow_limit":
            other = shock._replace(
                log_flow_limit=jnp.where(jnp.isfinite(field), field + 0.1, field)
            )
        else:
            size = float(economy.income[0]) if name in ("deficit", "outlay") else 1.0
            place = foreign_cell.get(name, (0,) * field.ndim)
            other = shock._replace(**{name: field.at[place].add(0.001 * size)})
        assert audit(economy, elasticities, other, solution, **options).largest > 1e-6, name
    # And every elasticity.
    for name in vars(elasticities):
        if name == "scale_of_labour":
            other_elasticities = replace(elasticities, scale_of_labour=number(1.0))
        else:
            changed = getattr(elasticities, name) * 1.01
            other_elasticities = replace(elasticities, **{name: changed})
        found = audit(economy, other_elasticities, shock, solution, **options)
        assert found.largest > 1e-6, name


def test_a_stopped_iteration_fails_the_audit(economy: Economy, elasticities: Elasticities) -> None:
    """The audit needs no residual of the solver: a coarse solution is found out."""
    shock = random_shock(economy, SEED)
    coarse = unchecked(economy, elasticities, shock, settings=Settings(most_iterations=3))
    assert audit(economy, elasticities, shock, coarse).largest > 1e-4
