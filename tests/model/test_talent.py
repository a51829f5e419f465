"""The talent stock against its balances, its steady state and the fate of one cohort."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zizhu.model.talent import (
    TalentRates,
    TalentStocks,
    effective_talent,
    next_talent,
    stationary_places,
    talent_base,
)

YEARS, REGIONS, LAG = 12, 3, 4
HOME = jnp.array([5.0, 2.0, 0.3])


def paths(low: float, high: float):
    return arrays(float, (YEARS, REGIONS), elements=st.floats(low, high))


def per_region(low: float, high: float):
    return arrays(float, (REGIONS,), elements=st.floats(low, high))


def rates_of(
    stay=(0.95, 0.9, 1.0), base_return=(0.02, 0.0, 0.05), retention=0.97, home=HOME
) -> TalentRates:
    stay, base_return = jnp.asarray(stay), jnp.asarray(base_return)
    kept = jnp.asarray(retention)
    places = stationary_places(home, kept, stay, base_return)
    return TalentRates(kept, stay, places, base_return, jnp.asarray(0.27))


def nothing(years: int = YEARS):
    return (jnp.zeros((years, REGIONS)),) * 3


@jax.jit
def walk(stocks, rates, graduates, stay_rate, returnees):
    def year(now, wedges):
        after, flows = next_talent(now, rates, *wedges)
        return after, (now, after, flows)

    return jax.lax.scan(year, stocks, (graduates, stay_rate, returnees))


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(paths(-1.5, 2.0), paths(-1.2, 1.2), paths(-0.2, 1.5)),
    per_region(0.0, 1.0),
    per_region(0.01, 0.2),
    st.floats(0.9, 0.99),
)
def test_balances(measures, stay, base_return, retention):
    """Every head is somewhere, in every year, whatever the measures are."""
    rates = rates_of(stay, base_return, retention)
    start = talent_base(HOME, rates, LAG)
    wedges = [jnp.asarray(one) for one in measures]
    end, (now, after, flows) = walk(start, rates, *wedges)
    close = partial(np.testing.assert_allclose, rtol=1e-12, atol=1e-12)
    close(flows.graduates, flows.stayed + flows.left)
    close(after.home, now.home - flows.retired_home + flows.stayed + flows.returned)
    close(after.abroad, now.abroad - flows.retired_abroad + flows.left - flows.returned)
    heads = retention * (now.home + now.abroad) + flows.graduates
    close(after.home + after.abroad, heads)
    opened = rates.places * np.maximum(1 + measures[0], 0)
    close(after.places.sum(1), now.places.sum(1) - flows.graduates + opened)
    close(flows.graduates[LAG:], opened[:-LAG])
    close(flows.graduates[:LAG], jnp.broadcast_to(rates.places, (LAG, REGIONS)))
    for field in (*after[:3], after.places, *flows):
        assert float(field.min()) >= -1e-12
    assert bool((after.recruited <= after.home * (1 + 1e-12)).all())
    # The same balance over the whole path.
    years = np.arange(YEARS)[::-1]
    whole = retention**YEARS * (start.home + start.abroad)
    whole = whole + (retention ** years[:, None] * flows.graduates).sum(0)
    close(end.home + end.abroad, whole)


@settings(max_examples=25, deadline=None)
@given(per_region(0.1, 1.0), per_region(0.0, 0.2), st.floats(0.9, 0.99))
def test_the_base_is_stationary(stay, base_return, retention):
    rates = rates_of(stay, base_return, retention)
    start = talent_base(HOME, rates, LAG)
    end, _ = walk(start, rates, *nothing())
    for before, after in zip(start, end, strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(end.recruited, 0.0)


def test_steady_state_of_a_new_stay_rate():
    """H* = p (q + x (1 - q) / (1 - r + x)) / (1 - r), reached from any start."""
    rates = rates_of()
    years, change = 2000, jnp.array([-0.3, -0.1, -0.5])
    graduates, _, returnees = nothing(years)
    stay_rate = jnp.broadcast_to(change, (years, REGIONS))
    end, _ = walk(talent_base(HOME, rates, LAG), rates, graduates, stay_rate, returnees)
    stay, retired = rates.stay + change, 1 - rates.retention
    abroad = rates.places * (1 - stay) / (retired + rates.base_return)
    home = (rates.places * stay + rates.base_return * abroad) / retired
    np.testing.assert_allclose(end.abroad, abroad, rtol=1e-12)
    np.testing.assert_allclose(end.home, home, rtol=1e-12)


@pytest.mark.parametrize("lag", [0, 1, 4])
def test_more_places_arrive_after_the_lag(lag):
    rates = rates_of()
    graduates, still, returnees = nothing()
    graduates = graduates.at[0].set(0.1)
    start = talent_base(HOME, rates, lag)
    _, (_, after, flows) = walk(start, rates, graduates, still, returnees)
    expected = np.ones(YEARS)
    expected[lag] = 1.1
    np.testing.assert_allclose(
        flows.graduates, expected[:, None] * rates.places, rtol=1e-12, atol=1e-15
    )
    assert after.places.shape == (YEARS, lag, REGIONS)


def test_recruits_count_more_and_wear_off():
    """One year of recruitment: Z = extra A, then r^t of it; stocks in total are as without it."""
    rates = rates_of()
    graduates, still, returnees = nothing()
    returnees = returnees.at[0].set(0.1)
    start = talent_base(HOME, rates, LAG)
    _, (_, after, flows) = walk(start, rates, graduates, still, returnees)
    kept = float(rates.retention) ** np.arange(YEARS)[:, None]
    np.testing.assert_allclose(after.recruited, kept * 0.1 * start.abroad, rtol=1e-12)
    np.testing.assert_allclose(
        flows.returned[0], (rates.base_return + 0.1) * start.abroad, rtol=1e-12
    )
    worth = jax.vmap(lambda stocks: effective_talent(stocks, rates))(after)
    np.testing.assert_allclose(worth, after.home + 0.27 * after.recruited, rtol=1e-15)
    # Fewer returnees than at the base are no recruits.
    _, (_, fewer, _) = walk(start, rates, graduates, still, -returnees)
    np.testing.assert_array_equal(fewer.recruited, 0.0)
    assert bool((fewer.home[0] <= start.home * (1 + 1e-12)).all())


def test_slopes_at_the_base_are_whole():
    """On the ends of their ranges (all stay, none return) measures have their own slope."""
    rates = rates_of(stay=(1.0, 0.5, 0.5), base_return=(0.0, 0.0, 0.0))

    def after(stay_rate, returnees):
        start = talent_base(HOME, rates, LAG)
        stocks, _ = next_talent(start, rates, jnp.zeros(REGIONS), stay_rate, returnees)
        return effective_talent(stocks, rates)

    by_stay, by_return = jax.jacobian(after, (0, 1))(jnp.zeros(REGIONS), jnp.zeros(REGIONS))
    abroad = talent_base(HOME, rates, LAG).abroad
    np.testing.assert_allclose(np.diag(by_stay), rates.places, rtol=1e-12)
    np.testing.assert_allclose(np.diag(by_return), 1.27 * abroad, rtol=1e-12)


def test_gradients_and_batches():
    rates = rates_of()
    rng = np.random.default_rng(5)
    wedges = [jnp.asarray(rng.uniform(0, 0.02, (4, YEARS, REGIONS))) for _ in range(3)]

    def reached(rates, *wedges):
        end, _ = walk(talent_base(HOME, rates, LAG), rates, *wedges)
        return effective_talent(end, rates).sum()

    batch = jax.vmap(reached, in_axes=(None, 0, 0, 0))(rates, *wedges)
    singly = [float(reached(rates, *(one[case] for one in wedges))) for case in range(4)]
    np.testing.assert_allclose(batch, singly, rtol=1e-13)
    slopes = jax.grad(reached, argnums=(0, 1, 2, 3))(rates, *(one[0] for one in wedges))
    assert all(bool(jnp.isfinite(one).all()) for one in jax.tree_util.tree_leaves(slopes))
    # Places of the last years graduate after the path.
    np.testing.assert_array_equal(slopes[1][-LAG:], 0.0)
    assert float(slopes[1][:-LAG].min()) > 0
    step = 1e-6
    bumped = [wedges[0][0], wedges[1][0].at[2, 0].add(step), wedges[2][0]]
    numeric = (float(reached(rates, *bumped)) - singly[0]) / step
    np.testing.assert_allclose(slopes[2][2, 0], numeric, rtol=1e-6)


def test_no_regions_mix():
    """A measure of one region moves nobody of another."""
    rates = rates_of()
    wedges = [one.at[:, 0].set(0.02) for one in nothing()]
    base, _ = walk(talent_base(HOME, rates, LAG), rates, *nothing())
    end, _ = walk(talent_base(HOME, rates, LAG), rates, *wedges)
    assert isinstance(end, TalentStocks)
    for one, other in zip(end, base, strict=True):
        np.testing.assert_array_equal(one[..., 1:], other[..., 1:])
