"""R5: what the equilibrium must satisfy whatever the data (exactness oracles)."""

from __future__ import annotations

from dataclasses import replace

import caliendo_parro
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (
    changes,
    forward,
    largest_gap,
    random_economy,
    random_elasticities,
    random_limits,
    random_shock,
    reverse,
    shifted,
    unchecked,
)

from zizhu.model.audit import audit
from zizhu.model.ces import log_ces
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import Solution, solve
from zizhu.model.shock import NoShock

SEEDS = st.integers(min_value=0, max_value=10_000)
few = settings(max_examples=12, deadline=None, derandomize=True, database=None)
NESTS = {"inputs": 0.6, "value_added": 0.8, "final": 1.5}


@few
@given(seed=SEEDS, pooled=st.booleans(), zero_deficits=st.booleans(), links=st.booleans())
def test_no_shock_is_exact(seed: int, pooled: bool, zero_deficits: bool, links: bool) -> None:
    economy = random_economy(seed, pooled=pooled, zero_deficits=zero_deficits, links=links)
    assert bool((np.abs(economy.deficit) < 1e-9).all()) is zero_deficits
    solution = solve(economy, random_elasticities(seed, **NESTS), NoShock.of(economy))
    for name, logs in changes(solution).items():
        assert np.max(np.abs(np.expm1(logs))) < 1e-12, name
    for name in ("cost", "income", "wage_bill", "spending"):
        base = economy.spending() if name == "spending" else getattr(economy, name)
        np.testing.assert_allclose(getattr(solution, name), base, rtol=1e-12)


@few
@given(seed=SEEDS, pooled=st.booleans())
def test_walras_and_every_market(seed: int, pooled: bool) -> None:
    economy = random_economy(seed, pooled=pooled)
    elasticities = random_elasticities(seed, public_funds=1.3, **NESTS)
    shock = random_shock(economy, seed)
    solution = solve(economy, elasticities, shock)
    assert np.max(np.abs(solution.log_real_income)) > 0.01  # the shock did something
    found = audit(economy, elasticities, shock, solution)
    assert found.walras < 1e-9
    assert found.largest < 1e-9, found.worst


@few
@given(seed=SEEDS, unit=st.sampled_from([1e-3, 7.0, 1e6]))
def test_unit_of_account_is_irrelevant(seed: int, unit: float) -> None:
    elasticities = random_elasticities(seed, public_funds=1.3, **NESTS)
    economy, rescaled = random_economy(seed), random_economy(seed, scale=unit)
    np.testing.assert_allclose(rescaled.income, unit * economy.income, rtol=1e-12)
    one = solve(economy, elasticities, random_shock(economy, seed))
    other = solve(rescaled, elasticities, random_shock(rescaled, seed))
    assert largest_gap(one, other) < 1e-9


@few
@given(seed=SEEDS)
def test_cobb_douglas_is_the_limit_of_ces(seed: int) -> None:
    economy = random_economy(seed)
    shock = random_shock(economy, seed)
    exact = solve(economy, random_elasticities(seed), shock)
    near = 1.0 + 1e-7
    nearly = random_elasticities(seed, inputs=near, value_added=near, final=near)
    gap = largest_gap(exact, solve(economy, nearly, shock))
    assert 0.0 < gap < 1e-5


@few
@given(seed=SEEDS)
def test_equals_caliendo_parro(seed: int) -> None:
    """Tariffs only, Cobb-Douglas, pooled origins, constant returns: a solver written apart."""
    economy = random_economy(seed, pooled=True)
    elasticities = random_elasticities(seed, scale=False)
    shock = random_shock(economy, seed)
    shock = NoShock.of(economy)._replace(tariff=shock.tariff, deficit=shock.deficit)
    solution = solve(economy, elasticities, shock)
    wage, price, real_income = caliendo_parro.solve(
        economy, np.asarray(elasticities.trade), np.asarray(shock.tariff), np.asarray(shock.deficit)
    )
    np.testing.assert_allclose(np.exp(solution.log_wage), wage, rtol=1e-7)
    np.testing.assert_allclose(np.exp(solution.log_sector_price[:, :, 0]), price, rtol=1e-7)
    np.testing.assert_allclose(np.exp(solution.log_real_income), real_income, rtol=1e-7)


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("zero_deficits", [True, False])
def test_hulten(links: bool, zero_deficits: bool) -> None:
    """Without distortions the world gains the Domar weight of what becomes more productive.

    The world's real income changes by sum_n (Y_n / Y) d ln W_n: what a region gains from its
    terms of trade another loses. Other elasticities than one do not matter to first order.
    """
    economy = random_economy(5, tariffs=False, links=links, zero_deficits=zero_deficits)
    elasticities = random_elasticities(5, scale=False, **NESTS)
    world = jnp.sum(economy.income)
    _, gradient = reverse(economy, elasticities, NoShock.of(economy), economy.income / world)
    domar = economy.cost / world
    assert float(jnp.max(domar)) > 0.02
    np.testing.assert_allclose(gradient.log_productivity, domar, rtol=1e-5)
    if links:
        # Of one unit of productivity in all sectors more than one unit of income is made.
        assert float(jnp.sum(gradient.log_productivity)) > 1.2


def test_hulten_fails_with_distortions() -> None:
    """The check above can fail: with scale economies and tariffs the weights are others."""
    economy = random_economy(5, tariffs=True)
    world = jnp.sum(economy.income)
    _, gradient = reverse(
        economy, random_elasticities(5), NoShock.of(economy), economy.income / world
    )
    assert float(jnp.max(jnp.abs(gradient.log_productivity * world / economy.cost - 1.0))) > 0.01


# Derivatives. Wedges and elasticities with the size of a typical change.
WEDGES = (
    "tariff",
    "export_tax",
    "subsidy",
    "log_iceberg",
    "log_productivity",
    "log_labour",
    "home_preference",
    "deficit",
    "outlay",
)
POWERS = ("trade", "scale", "inputs", "value_added", "final", "public_funds")


def _direction(
    economy: Economy, point: tuple[Elasticities, NoShock], name: str, seed: int
) -> tuple[Elasticities, NoShock]:
    """Return a random direction in one field, zero in all others."""
    rng = np.random.default_rng([seed, 4])
    still = jax.tree.map(jnp.zeros_like, point)
    if name in NoShock._fields:
        field = getattr(point[1], name)
        draw = rng.normal(size=field.shape)
        if name == "log_flow_limit":
            draw = np.where(np.isfinite(field), draw, 0.0)
        if name in ("deficit", "outlay"):
            draw = draw * np.asarray(economy.income)
        if name == "deficit":
            draw = draw - draw.mean()
        return still[0], still[1]._replace(**{name: jnp.asarray(draw)})
    field = getattr(point[0], name)
    # All of one sign, so that the effects of sectors do not cancel.
    draw = rng.uniform(0.5, 1.5, size=field.shape) * (0.1 if name == "scale" else 1.0)
    return replace(still[0], **{name: jnp.asarray(draw)}), still[1]


def _check_derivative(
    name: str, *, everything: bool, in_reverse: bool = True, in_forward: bool = True
) -> None:
    seed = 11
    economy = random_economy(seed)
    mobility = {"labour_mobility": 1.5} if everything else {}
    elasticities = random_elasticities(seed, public_funds=1.3, **NESTS, **mobility)
    shock = random_shock(economy, seed)
    options = {"bound_labour": everything, "limits": everything}
    if everything:
        shock = shock._replace(log_flow_limit=random_limits(economy, seed))
    weights = jnp.asarray(np.random.default_rng(seed).uniform(0.5, 1.5, size=economy.regions))
    point = (elasticities, shock)
    direction = _direction(economy, point, name, seed)

    def value(step: float) -> float:
        at = shifted(point, direction, step)
        solution = unchecked(economy, *at, **options)
        assert float(solution.residual) < 1e-10
        if everything:
            assert np.sum(np.asarray(solution.log_limit_cost) > 0) > 3  # limits bind
        return float(weights @ solution.log_real_income)

    # Central differences of fourth order, so that a step of 1e-3 leaves solver noise near 1e-8.
    h = 1e-3
    numeric = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
    assert abs(numeric) > 5e-5
    if in_forward:
        along = float(forward(economy, point, direction, weights, **options))
        assert along == pytest.approx(numeric, rel=1e-5, abs=0.0)
    if in_reverse:
        gradient = reverse(economy, *point, weights, **options)
        dotted = sum(
            float(jnp.sum(g * d))
            for g, d in zip(jax.tree.leaves(gradient), jax.tree.leaves(direction), strict=True)
        )
        assert dotted == pytest.approx(numeric, rel=1e-5, abs=0.0)


@pytest.mark.parametrize("name", [*WEDGES, *POWERS])
def test_derivatives(name: str) -> None:
    _check_derivative(name, everything=False, in_forward=False)


EVERYTHING = (*WEDGES, *POWERS, "log_flow_limit", "wage_response")


@pytest.mark.parametrize("name", EVERYTHING)
def test_derivatives_through_flow_limits_and_bound_labour(name: str) -> None:
    _check_derivative(name, everything=True, in_forward=False)


@pytest.mark.long
@pytest.mark.parametrize("name", EVERYTHING)
@pytest.mark.parametrize("everything", [False, True])
def test_derivatives_forward(name: str, everything: bool) -> None:
    if not everything and name not in {*WEDGES, *POWERS}:
        pytest.skip("has no part in the plain equilibrium")
    _check_derivative(name, everything=everything, in_reverse=False)


def test_batch_equals_loop() -> None:
    """Batched over elasticities and shocks, of sizes that take different numbers of iterations."""
    economy = random_economy(3)
    elasticities = random_elasticities(3, **NESTS)
    sizes = [0.0, 0.01, 0.5, 1.0, 1.3]
    shocks = [random_shock(economy, seed, size) for seed, size in enumerate(sizes)]
    thetas = jnp.stack([elasticities.trade * (1.0 + 0.05 * size) for size in sizes])

    def answer(theta: jax.Array, shock: NoShock) -> Solution:
        return unchecked(economy, replace(elasticities, trade=theta), shock)

    # Stored as fields: stacked, they are no longer the arrays that a `Solution` promises.
    names = ("residual", "iterations", "flow", "log_real_income", "log_price", "log_wage", "income")

    def fields(theta: jax.Array, shock: NoShock) -> dict[str, jax.Array]:
        solution = answer(theta, shock)
        return {name: getattr(solution, name) for name in names}

    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *shocks)
    batch = jax.vmap(fields)(thetas, stacked)
    assert len(set(np.asarray(batch["iterations"]).tolist())) > 2
    for number, (theta, shock) in enumerate(zip(thetas, shocks, strict=True)):
        alone = answer(theta, shock)
        for name in ("log_real_income", "log_price", "log_wage"):
            np.testing.assert_allclose(batch[name][number], getattr(alone, name), atol=1e-10)
        for name in ("flow", "income"):
            np.testing.assert_allclose(batch[name][number], getattr(alone, name), rtol=1e-10)


@few
@given(seed=SEEDS)
def test_pooled_equals_separate_when_shares_are_equal(seed: int) -> None:
    pooled = random_economy(seed, pooled=True, common_origins=True)
    separate = random_economy(seed, common_origins=True)
    np.testing.assert_allclose(
        pooled.separate_origins().origin_shares, separate.origin_shares, rtol=1e-12
    )
    np.testing.assert_allclose(
        separate.pool_origins().origin_shares, pooled.origin_shares, rtol=1e-12
    )
    elasticities = random_elasticities(seed, public_funds=1.3, **NESTS)
    # The same wedges in every use, and no home preference: pooled uses have no public buyer.
    shock = random_shock(pooled, seed)._replace(home_preference=jnp.zeros_like(pooled.cost))
    wide = shock._replace(
        log_iceberg=jnp.broadcast_to(shock.log_iceberg, separate.origin_shares.shape)
    )
    one, other = solve(pooled, elasticities, shock), solve(separate, elasticities, wide)
    for name in ("flow", "income", "cost", "spending"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9)
    np.testing.assert_allclose(one.log_real_income, other.log_real_income, atol=1e-10)
    np.testing.assert_allclose(
        one.log_sector_price[:, :, 0], other.log_sector_price[:, :, 2], atol=1e-10
    )


def test_ces_index_at_its_limit() -> None:
    """At power 0: ln P = sum w ln p, d ln P / dr = half the weighted variance of ln p."""
    rng = np.random.default_rng(1)
    weights = jnp.asarray(rng.dirichlet(np.ones(4), size=3))  # n k
    logs = jnp.asarray(rng.normal(size=(3, 4)))

    @jax.jit
    def index(power: float | jax.Array) -> jax.Array:
        return log_ces("nk,nk->n", weights, logs, jnp.asarray(power, dtype=jnp.float64))

    forward_slope, reverse_slope = jax.jit(jax.jacfwd(index)), jax.jit(jax.jacrev(index))
    mean = jnp.sum(weights * logs, axis=1)
    variance = jnp.sum(weights * logs**2, axis=1) - mean**2
    np.testing.assert_allclose(index(0.0), mean, rtol=1e-14)
    np.testing.assert_allclose(forward_slope(0.0), variance / 2, rtol=1e-12)
    np.testing.assert_allclose(reverse_slope(0.0), variance / 2, rtol=1e-12)
    # Continuous: from both sides, in value and in derivative.
    for power in (1e-6, -1e-6):
        np.testing.assert_allclose(index(power), mean + power * variance / 2, atol=1e-11)
        np.testing.assert_allclose(forward_slope(power), variance / 2, rtol=1e-5)
    # And the textbook form away from the limit, also for strong substitutes and complements.
    for power in (-4.0, -0.7, 0.5, 1.0):
        direct = np.log(np.sum(weights * np.exp(power * logs), axis=1)) / power
        np.testing.assert_allclose(index(power), direct, rtol=1e-12)


def test_ces_derivatives_in_prices_are_shares() -> None:
    """Shephard: d ln P / d ln p_k = w_k (p_k / P)^r, at the limit as well."""
    rng = np.random.default_rng(2)
    weights = jnp.asarray(rng.dirichlet(np.ones(4), size=1))
    logs = jnp.asarray(rng.normal(size=(1, 4)))

    def index(prices: jax.Array, power: jax.Array) -> jax.Array:
        return log_ces("nk,nk->n", weights, prices, power)[0]

    slope = jax.jit(jax.grad(index))
    for power in (0.0, 0.6, -1.5):
        shares = weights * np.exp(power * (logs - index(logs, jnp.asarray(power))))
        np.testing.assert_allclose(slope(logs, jnp.asarray(power)), shares, rtol=1e-12)
