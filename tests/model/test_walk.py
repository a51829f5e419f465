"""A path year by year is the path of the scan, and its programs serve any number of years."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from path_worlds import everything, plus, run, small_base, small_case, standing

import zizhu.model.walk as walking
from zizhu.model.path_inputs import Structure, YearWedges
from zizhu.model.program import Program
from zizhu.model.walk import Start, start_of, walk


@pytest.fixture(scope="module")
def start() -> Start:
    case = small_case()
    return start_of(
        small_base(),
        case.rates,
        graduate_lag=case.graduate_lag,
        building_years=case.building_years,
    )


@pytest.fixture(scope="module")
def wedges() -> YearWedges:
    return plus(standing(), everything(3), 0.2)


def first(wedges: YearWedges, years: int) -> YearWedges:
    return jax.tree.map(lambda values: values[:years], wedges)


def test_a_walk_is_the_scan(start, wedges):
    walked, scanned = walk(wedges, Structure.of(), start), run(wedges)
    ours = jax.tree_util.tree_leaves_with_path(walked._replace(solution=None))
    theirs = jax.tree.leaves(scanned._replace(solution=None))
    assert len(ours) == len(theirs)
    for (name, values), others in zip(ours, theirs, strict=True):
        size = max(1.0, float(np.abs(others).max(initial=0.0)))
        assert np.abs(values - others).max(initial=0.0) < 1e-8 * size, name
    gap = walked.solution.log_real_income - scanned.solution.log_real_income
    assert float(np.abs(gap).max()) < 1e-9
    assert float(np.abs(walked.solution.log_real_income).max()) > 0.1


def test_fewer_years_are_the_first_of_more_by_the_same_programs(start, wedges):
    long = walk(first(wedges, 5), Structure.of(), start)
    programs = (walking._opening_program, walking._solved_program, walking._closing_program)
    known = [one._compiled._cache_size() for one in programs]
    short = walk(first(wedges, 3), Structure.of(learning=False), start)
    short = walk(first(wedges, 3), Structure.of(), start)
    assert [one._compiled._cache_size() for one in programs] == known
    for few, many in zip(jax.tree.leaves(short), jax.tree.leaves(long), strict=True):
        np.testing.assert_array_equal(few, many[:3])


def test_a_program_compiled_ahead_gives_the_same():
    double = Program(lambda values: jnp.exp(values) * 2)
    double.ahead(jnp.zeros(3))
    np.testing.assert_allclose(double(jnp.ones(3)), 2 * np.e)


def test_what_fails_ahead_fails_in_the_call_that_needs_it():
    def refuse(values: jax.Array) -> jax.Array:
        raise ValueError("no such thing")

    refused = Program(refuse)
    refused.ahead(jnp.zeros(3))
    with pytest.raises(ValueError, match="no such thing"):
        refused(jnp.zeros(3))
