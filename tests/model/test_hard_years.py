"""Years that are hard to solve: where the search starts, how it goes on, and where it must end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from path_worlds import run, small_base, small_case, standing

import zizhu.model.walk as walking
from zizhu.model.anderson import Settings, fixed_point
from zizhu.model.continuation import between
from zizhu.model.equilibrium import base_unknowns
from zizhu.model.guess import starts_of_year
from zizhu.model.market import LEAST_INCOME
from zizhu.model.means import lacking
from zizhu.model.path_inputs import Structure, YearWedges
from zizhu.model.shock import NoShock
from zizhu.model.walk import Start, start_of, walk

# The year of a shock, by place, and how many are walked.
AT, MANY = 2, 8


@pytest.fixture(scope="module")
def start() -> Start:
    case = small_case()
    return start_of(
        small_base(),
        case.rates,
        graduate_lag=case.graduate_lag,
        building_years=case.building_years,
    )


def shocked(name: str, region: int, size: float, until: int = AT + 1) -> YearWedges:
    """What stands, and a shock of one region in some years."""
    values = getattr(standing(), name)
    return standing()._replace(**{name: values.at[AT:until, region].add(size)})


def few(wedges: YearWedges) -> YearWedges:
    return jax.tree.map(lambda values: values[:MANY], wedges)


# A search.


def test_another_start_is_taken_where_one_leads_nowhere():
    def step(x, target):
        # Nothing comes back from below -1.
        return jnp.where(x < -1, 3 * x, 0.5 * x + 0.5 * jnp.tanh(target))

    settings = Settings(tolerance=1e-12, most_iterations=30)
    starts = jnp.array([[-40.0, -40.0], [-20.0, -20.0], [0.1, 2.0]])
    solve = partial(fixed_point, step, settings=settings)
    found = solve(starts, jnp.array([0.2, 0.7]))
    np.testing.assert_allclose(found.x, np.tanh([0.2, 0.7]), atol=1e-11)
    assert 60 < float(found.iterations) < 90
    assert float(solve(starts[:2], jnp.array([0.2, 0.7])).residual) > 1
    # Where the first leads there, the others cost nothing and change nothing.
    alone, first = (solve(one, jnp.array([0.2, 0.7])) for one in (starts[2], starts[::-1]))
    for one, other in zip(alone, first, strict=True):
        np.testing.assert_array_equal(one, other)
    # In a batch each member has a start of its own, and derivatives do not know of any.
    both = jax.vmap(lambda given: solve(given, jnp.array([0.2, 0.7])).x)
    np.testing.assert_allclose(*both(jnp.stack([starts, starts[::-1]])), atol=1e-11)
    slopes = jax.jacobian(lambda target: solve(starts, target).x)(jnp.array([0.2, 0.7]))
    np.testing.assert_allclose(slopes, np.diag(np.cosh([0.2, 0.7]) ** -2.0), atol=1e-9)


def test_a_start_that_is_no_number_is_left():
    def step(x, target):
        return jnp.where(x > 5, jnp.nan, 0.5 * x + 0.5 * target)

    settings = Settings(tolerance=1e-12, most_iterations=20)
    found = fixed_point(step, jnp.array([[9.0], [0.0]]), jnp.array([1.0]), settings)
    np.testing.assert_allclose(found.x, [1.0], atol=1e-11)


def test_years_start_on_the_parabola_unless_it_runs_away():
    economy = small_base().economy
    base = base_unknowns(economy)
    one = jnp.linspace(-1.0, 1.0, base.size)
    smooth = jnp.stack([base + 0.03 * one * t + 0.001 * t**2 for t in (1, 2, 3)])
    starts = starts_of_year(smooth, economy)
    np.testing.assert_allclose(starts[0], base + 0.03 * one * 4 + 0.001 * 16, atol=1e-15)
    np.testing.assert_array_equal(starts[1:], [smooth[2], base])
    jump = jnp.stack([base, base, base + 1.6 * one])
    starts = starts_of_year(jump, economy)
    np.testing.assert_allclose(starts[0], base + (1.6 + 0.3) * one, atol=1e-14)


# A path.


@pytest.mark.parametrize("until", [AT + 1, MANY], ids=["a year", "for good"])
@pytest.mark.parametrize("size", [0.2, 5.0], ids=["fifth", "fivefold"])
def test_a_great_shock_is_solved_in_its_year_and_in_all_that_follow(start, size, until):
    """Parabolas through the year of a shock ran away, and later years found no equilibrium."""
    wedges = shocked("log_productivity", 0, float(np.log(size)), until)
    found = walk(few(wedges), Structure.of(), start).solution
    assert found.residual.max() < 1e-9
    calm = walk(few(standing()), Structure.of(), start).solution
    # The first year after is as easy as the shock, all others nearly as without one.
    easy = calm.iterations[1:].max() + 15
    assert found.iterations[AT + 2 :].max() < easy
    income = found.log_real_income - calm.log_real_income
    assert np.sign(income[AT, 0]) == np.sign(np.log(size))
    assert abs(income[AT, 0]) > 1


def test_the_scan_solves_it_as_well(start):
    wedges = shocked("log_productivity", 0, float(np.log(0.2)))
    scanned = run(wedges).solution
    walked = walk(few(wedges), Structure.of(), start).solution
    np.testing.assert_allclose(
        scanned.log_real_income[:MANY], walked.log_real_income, rtol=0, atol=1e-8
    )


def test_what_no_start_solves_is_followed_from_the_year_before(start, monkeypatch):
    """Searches at once that are given up early; Newton's method finds the same equilibria."""
    wedges = few(shocked("log_labour", 0, -0.7))
    usual = walk(wedges, Structure.of(), start).solution
    assert usual.residual.max() < 1e-9
    monkeypatch.setattr(walking, "SETTINGS", Settings(tolerance=1e-11, most_iterations=3))
    followed = walk(wedges, Structure.of(), start).solution
    assert followed.residual.max() < 1e-9
    np.testing.assert_allclose(followed.log_real_income, usual.log_real_income, rtol=0, atol=1e-8)
    # Evaluations are counted: nine at once, then those of the steps.
    assert (followed.iterations[1:] > 9).all()
    # Under scale economies at once nothing is followed.
    scale = start.base.elasticities.scale + 0.05
    elastic = replace(start.base.elasticities, scale=scale)
    static = start._replace(base=start.base._replace(elasticities=elastic))
    assert walk(wedges, Structure.of(), static).solution.residual[1] > 1e-9


def test_on_the_way_from_one_shock_to_another_all_wedges_move_in_proportion():
    neutral = NoShock.of(small_base().economy)
    rng = np.random.default_rng(4)
    one, other = (
        jax.tree.map(lambda a: a if np.isinf(a).any() else rng.normal(size=a.shape), neutral)
        for _ in range(2)
    )
    for part in (0.0, 0.3, 1.0):
        for a, b, found in zip(one, other, between(one, other, part), strict=True):
            wanted = b if np.isinf(b).any() else (1 - part) * a + part * b
            np.testing.assert_allclose(found, wanted, atol=1e-15)


# Where there is no equilibrium.


def surplus() -> int:
    """The region whose trade surplus is the largest part of its value added."""
    economy = small_base().economy
    return int(np.argmin(np.asarray(economy.deficit / economy.wage_bill)))


def test_who_loses_its_labour_can_no_longer_pay_its_surplus(start):
    """Income falls towards zero as labour does; beyond there is none, and who and why is known."""
    region, economy = surplus(), small_base().economy
    assert economy.deficit[region] < 0
    base_income = float(economy.income[region])
    left: list[float] = []
    for labour in (0.5, 0.25, 0.125):
        found = walk(few(shocked("log_labour", region, np.log(labour))), Structure.of(), start)
        assert found.solution.residual.max() < 1e-9
        solution = jax.tree.map(lambda a: a[AT], found.solution)
        assert lacking(economy, solution, np.zeros(economy.regions)) == ()
        left.append(float(solution.income[region]) / base_income)
    assert left == sorted(left, reverse=True)
    assert left[-1] > LEAST_INCOME
    found = walk(few(shocked("log_labour", region, np.log(0.002))), Structure.of(), start)
    assert found.solution.residual[AT] > 1e-3
    # The years around it are solved.
    assert np.delete(found.solution.residual, AT).max() < 1e-9
    solution = jax.tree.map(lambda a: a[AT], found.solution)
    (only,) = lacking(economy, solution, np.zeros(economy.regions))
    assert only == (region, "surplus")
    # What wages and duties are worth is less than the surplus that they have to pay.
    earned = solution.wage_bill + solution.tariff_revenue + solution.export_tax_revenue
    paid = solution.resource_cost + solution.subsidy_cost - economy.deficit
    assert earned[region] < paid[region]
    assert (np.delete(earned, region) > np.delete(paid, region)).all()
    # Without the surplus there is an equilibrium.
    wedges = shocked("log_labour", region, np.log(0.002))
    balanced = np.asarray(wedges.deficit).copy()
    balanced[AT] -= np.asarray(economy.deficit)
    freed = walk(few(wedges._replace(deficit=jnp.asarray(balanced))), Structure.of(), start)
    assert freed.solution.residual.max() < 1e-9
    assert float(freed.solution.income[AT, region]) > LEAST_INCOME * base_income
