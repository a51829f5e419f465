"""A shock that cannot be solved at once is followed in steps, and says so."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from worlds import foreign, random_economy, random_elasticities

from zizhu.errors import NotConverged
from zizhu.model.anderson import Settings
from zizhu.model.audit import audit
from zizhu.model.continuation import follow, part_of
from zizhu.model.equilibrium import reach
from zizhu.model.newton import newton
from zizhu.model.shock import NoShock

BALANCED = {"pooled": True, "tariffs": False, "zero_deficits": True}


def test_newton_solves_what_hardly_moves():
    """A map with slopes next to one, where an iteration would crawl: x is found all the same."""
    slow = 1 - jnp.array([1.0, 1e-3, 1e-6, 1e-8])
    wanted = jnp.array([0.3, -0.2, 0.1, 0.4])

    def step(x, target):
        return slow * x + (1 - slow) * (target + 0.1 * (x - target) ** 2)

    found = newton(step, jnp.zeros(4), wanted, Settings(tolerance=1e-15))
    np.testing.assert_allclose(found.x, wanted, atol=1e-6)
    assert float(found.residual) <= 1e-15


def test_steps_are_halved_where_they_fail_and_doubled_where_they_do_not():
    tried = []

    def attempt(part, guess):
        tried.append(part)
        near = abs(float(guess[0]) - part) < 0.2
        return jnp.array([part]), 0.0 if near else 1.0

    found = follow(attempt, jnp.zeros(1), 1e-9)
    assert tried[:3] == [0.5, 0.25, 0.125]
    assert found.part == 1.0
    assert found.steps == len([one for one in tried if one >= 0.125]) - 2
    assert found.attempts == len(tried)
    np.testing.assert_array_equal(found.x, [1.0])


def test_what_fails_however_small_ends_where_it_fails():
    def attempt(part, guess):
        return guess, 0.0 if part < 0.3 else 1.0

    found = follow(attempt, jnp.zeros(1), 1e-9)
    assert 0.29 < found.part < 0.3
    assert found.attempts < 30


def test_a_part_of_a_shock_scales_every_wedge_and_frees_what_is_free():
    economy = random_economy(1)
    neutral = NoShock.of(economy)
    limit = neutral.log_flow_limit.at[0, 0, 1].set(-2.0)
    shock = neutral._replace(tariff=neutral.tariff + 0.4, log_flow_limit=limit)
    half = part_of(shock, 0.5)
    np.testing.assert_allclose(half.tariff, 0.2)
    assert float(half.log_flow_limit[0, 0, 1]) == -1.0
    assert np.isinf(half.log_flow_limit).sum() == np.isinf(limit).sum()


@pytest.mark.parametrize("cost", [3.0, 8.0])
def test_dear_trade_is_solved_in_steps(cost):
    """Costs of e^3 and e^8 stall the search at once; in steps every market clears."""
    economy = random_economy(11, **BALANCED)
    elasticities = random_elasticities(11, scale=False)
    wall = jnp.broadcast_to(foreign(economy)[..., None], economy.origin_shares.shape)
    shock = NoShock.of(economy)._replace(log_iceberg=cost * wall)
    few = Settings(most_iterations=10)  # the search at once does not get there
    solution, steps = reach(economy, elasticities, shock, settings=few)
    assert steps > 1
    assert float(solution.iterations) > 10
    found = audit(economy, elasticities, shock, solution)
    assert found.largest < 1e-9


def test_a_miss_of_trade_is_a_miss_of_the_region_s_value_added():
    """Balances are judged against value added: so large that a wrong transfer shows."""
    economy = random_economy(3, **BALANCED)
    elasticities = random_elasticities(3, scale=False)
    shock = NoShock.of(economy)
    solution = reach(economy, elasticities, shock).solution
    assert audit(economy, elasticities, shock, solution).trade_balances < 1e-9
    gift = 1e-6 * np.asarray(economy.wage_bill)[0]
    wrong = shock._replace(deficit=shock.deficit.at[0].add(gift))
    missed = audit(economy, elasticities, wrong, solution).trade_balances
    assert missed == pytest.approx(1e-6, rel=1e-3)


def test_no_equilibrium_says_how_far_the_shock_went():
    economy = random_economy(2, pooled=True, tariffs=False)
    elasticities = random_elasticities(2, scale=False)
    wall = jnp.broadcast_to(foreign(economy)[..., None], economy.origin_shares.shape)
    shock = NoShock.of(economy)._replace(log_iceberg=15.0 * wall)
    with pytest.raises(NotConverged, match=r"in steps the shock can be followed to \d+\S* percent"):
        reach(economy, elasticities, shock)
