"""A solved equilibrium becomes an exact base."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (
    changes,
    largest_gap,
    random_economy,
    random_elasticities,
    random_limits,
    random_shock,
)

from zizhu.model import demand
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import solve
from zizhu.model.rebase import as_base, rebase
from zizhu.model.shock import NoShock

few = settings(max_examples=12, deadline=None, derandomize=True, database=None)
SEEDS = st.integers(min_value=0, max_value=10_000)
NESTS = {"inputs": 0.6, "value_added": 0.8, "final": 1.5}


def assert_fixed_point(
    economy: Economy, elasticities: Elasticities, tolerance: float, **options: bool
) -> None:
    solution = solve(economy, elasticities, NoShock.of(economy), **options)
    for name, logs in changes(solution).items():
        assert np.max(np.abs(logs)) < tolerance, name


def assert_shares_add_up(economy: Economy) -> None:
    for shares in (economy.origin_shares, economy.input_shares, economy.final_sector_shares):
        np.testing.assert_allclose(shares.sum(axis=0), 1.0, rtol=1e-12)
    np.testing.assert_allclose(economy.final_use_shares.sum(axis=1), 1.0, rtol=1e-12)


@few
@given(seed=SEEDS, pooled=st.booleans())
def test_zero_deficits(seed: int, pooled: bool) -> None:
    economy = random_economy(seed, pooled=pooled)
    assert float(jnp.max(jnp.abs(economy.deficit))) > 1.0
    elasticities = random_elasticities(seed, **NESTS)
    balanced = rebase(economy, elasticities, zero_deficits=True)
    np.testing.assert_array_equal(balanced.deficit, 0.0)
    assert_shares_add_up(balanced)
    # Trade balances in the flows themselves, not only in the field.
    flow = np.asarray(demand.base_flow(balanced))
    np.testing.assert_allclose(flow.sum(axis=(0, 1)), flow.sum(axis=(0, 2)), rtol=1e-9)
    assert_fixed_point(balanced, elasticities, 1e-10)
    # The numeraire does not move (to the tolerance of the solver, 1e-11).
    np.testing.assert_allclose(balanced.wage_bill.sum(), economy.wage_bill.sum(), rtol=1e-10)


def test_rebase_keeps_a_consistent_base_and_repairs_another() -> None:
    economy, elasticities = random_economy(4), random_elasticities(4)
    kept = rebase(economy, elasticities)
    np.testing.assert_allclose(kept.cost, economy.cost, rtol=1e-12)
    np.testing.assert_allclose(kept.origin_shares, economy.origin_shares, rtol=1e-12)
    # A table whose outputs do not match its sales: the first solution moves, the second does not.
    off = replace(economy, cost=economy.cost * jnp.linspace(0.98, 1.03, economy.sectors))
    moved = solve(off, elasticities, NoShock.of(off))
    assert max(float(np.max(np.abs(logs))) for logs in changes(moved).values()) > 1e-3
    assert_fixed_point(rebase(off, elasticities), elasticities, 1e-9)


@few
@given(seed=SEEDS, pooled=st.booleans())
def test_as_base_after_a_big_shock_is_a_fixed_point(seed: int, pooled: bool) -> None:
    """All wedges at once, but no outlays, which are no part of a base."""
    economy, elasticities = random_economy(seed, pooled=pooled), random_elasticities(seed, **NESTS)
    shock = random_shock(economy, seed, 1.5)._replace(outlay=jnp.zeros(economy.regions))
    solution = solve(economy, elasticities, shock)
    assert np.max(np.abs(solution.log_real_income)) > 0.03
    after = as_base(economy, shock, solution)
    assert_shares_add_up(after)
    assert_fixed_point(after, elasticities, 1e-9)
    np.testing.assert_allclose(
        after.tariff[0, :, 1], economy.tariff[0, :, 1] + shock.tariff[0, :, 1]
    )


def test_as_base_with_flow_limits_and_bound_labour() -> None:
    seed, options = 6, {"bound_labour": True, "limits": True}
    economy = random_economy(seed)
    elasticities = random_elasticities(seed, labour_mobility=2.0, **NESTS)
    shock = random_shock(economy, seed)._replace(
        outlay=jnp.zeros(economy.regions), log_flow_limit=random_limits(economy, seed)
    )
    solution = solve(economy, elasticities, shock, **options)
    assert np.sum(np.asarray(solution.log_limit_cost) > 0.01) > 3
    after = as_base(economy, shock, solution)
    assert_fixed_point(after, elasticities, 1e-9, **options)


@pytest.mark.parametrize("seed", [0, 1])
def test_two_steps_equal_one(seed: int) -> None:
    """Half of the shock, then the other half from there, is the whole shock at once.

    Holds for every nest and for scale economies, since each is a constant-elasticity function.
    """
    economy, elasticities = random_economy(seed), random_elasticities(seed, **NESTS)
    whole = random_shock(economy, seed)._replace(
        outlay=jnp.zeros(economy.regions), home_preference=jnp.zeros_like(economy.cost)
    )
    half = NoShock(*(0.5 * part for part in whole[:-1]), whole.log_flow_limit)
    first = solve(economy, elasticities, half)
    middle = as_base(economy, half, first)
    second = solve(middle, elasticities, half)
    at_once = solve(economy, elasticities, whole)
    assert largest_gap(at_once, second) > 1e-3
    for name in ("log_wage", "log_real_income", "log_price", "log_final_price", "log_scale"):
        total = getattr(first, name) + getattr(second, name)
        np.testing.assert_allclose(total, getattr(at_once, name), atol=1e-9)
    np.testing.assert_allclose(second.flow, at_once.flow, rtol=1e-8)
