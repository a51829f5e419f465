"""Money from announcement to work against its balances and the life of one commitment."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zizhu.model.money import money_base, next_money

YEARS, NODES, REGIONS = 15, 2, 3
RATIO, LEAKAGE = jnp.asarray(0.43), jnp.asarray(0.2)


@jax.jit
def walk(stocks, commitment, ratio=RATIO, leakage=LEAKAGE):
    def year(now, announced):
        after, at_work = next_money(now, announced, ratio, leakage)
        return after, (after, at_work)

    return jax.lax.scan(year, stocks, commitment)


def one_off(size: float, years: int = YEARS):
    return jnp.zeros((years, NODES, REGIONS)).at[0, 0, 1].set(size)


@settings(max_examples=40, deadline=None)
@given(
    arrays(float, (YEARS, NODES, REGIONS), elements=st.floats(0, 500)),
    st.sampled_from([(1, 0), (1, 2), (5, 2), (10, 2), (10, 0)]),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_balances(commitment, shape, ratio, leakage):
    """No dollar is lost: announced, scheduled, paid, waiting, deployed, leaked, at work."""
    life, lag = shape
    start = money_base(NODES, REGIONS, life, lag)
    _, (after, at_work) = walk(
        start, jnp.asarray(commitment), jnp.asarray(ratio), jnp.asarray(leakage)
    )
    close = partial(np.testing.assert_allclose, rtol=1e-12, atol=1e-12)
    close(after.committed, np.cumsum(commitment, axis=0))
    close(ratio * after.committed, after.paid + after.instalments.sum(1))
    close(after.paid, after.deployed + after.waiting.sum(1))
    close(after.deployed, after.leaked + jnp.cumsum(at_work, axis=0))
    close(after.leaked, leakage * after.deployed)
    slack = 1e-9  # rounding, of sums up to 7500
    assert bool((after.committed >= after.paid - slack).all())
    assert bool((after.paid >= after.deployed - slack).all())
    assert bool((after.deployed >= after.leaked - slack).all())
    for field in (*after, at_work):
        assert float(field.min(initial=0.0)) >= 0
    assert after.instalments.shape == (YEARS, life, NODES, REGIONS)
    assert after.waiting.shape == (YEARS, lag, NODES, REGIONS)


@pytest.mark.parametrize(("life", "lag"), [(10, 2), (5, 2), (1, 0), (3, 4)])
def test_life_of_one_commitment(life, lag):
    """ratio C is paid in equal parts over its life, and at work, net of leakage, a lag later."""
    size = 47.5
    start = money_base(NODES, REGIONS, life, lag)
    end, (after, at_work) = walk(start, one_off(size))
    expected = np.zeros(YEARS)
    expected[lag : lag + life] = 0.8 * 0.43 * size / life
    np.testing.assert_allclose(at_work[:, 0, 1], expected, rtol=1e-12, atol=1e-15)
    paid = 0.43 * size * np.minimum(np.arange(1, YEARS + 1) / life, 1)
    np.testing.assert_allclose(after.paid[:, 0, 1], paid, rtol=1e-12)
    np.testing.assert_allclose(end.paid[0, 1], 0.43 * size, rtol=1e-12)
    np.testing.assert_allclose(end.deployed[0, 1], 0.43 * size, rtol=1e-12)
    np.testing.assert_allclose(at_work.sum(), 0.8 * 0.43 * size, rtol=1e-12)
    assert float(jnp.abs(end.instalments).max()) == 0.0
    # Nothing reaches another node or region.
    assert float(at_work.sum()) == float(at_work[:, 0, 1].sum())


def test_without_commitments_nothing_moves():
    start = money_base(NODES, REGIONS, 10, 2)
    end, (_, at_work) = walk(start, jnp.zeros((YEARS, NODES, REGIONS)))
    for field in (*end, at_work):
        np.testing.assert_array_equal(field, 0.0)


def test_funds_of_earlier_years_go_on():
    """A path that starts later, from the stocks of an earlier one, is the same path."""
    commitment = one_off(20.0).at[4, 1, 2].set(30.0)
    start = money_base(NODES, REGIONS, 5, 2)
    end, (_, at_work) = walk(start, commitment)
    middle, _ = walk(start, commitment[:6])
    end_again, (_, later) = walk(middle, commitment[6:])
    np.testing.assert_array_equal(at_work[6:], later)
    for one, other in zip(end, end_again, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("life", "lag"), [(0, 2), (5, -1)])
def test_impossible_shapes(life, lag):
    with pytest.raises(ValueError, match="life is"):
        money_base(NODES, REGIONS, life, lag)


def test_gradients_and_batches():
    commitment = one_off(40.0)
    start = money_base(NODES, REGIONS, 5, 2)

    def total(commitment, ratio, leakage):
        _, (_, at_work) = walk(start, commitment, ratio, leakage)
        return at_work.sum()

    slopes = jax.grad(total, argnums=(0, 1, 2))(commitment, RATIO, LEAKAGE)
    np.testing.assert_allclose(slopes[0][0], 0.8 * 0.43, rtol=1e-12)
    # What is announced in the last years of the path is not yet at work.
    np.testing.assert_allclose(slopes[0][-3], 0.8 * 0.43 / 5, rtol=1e-12)
    np.testing.assert_array_equal(slopes[0][-2:], 0.0)
    np.testing.assert_allclose(slopes[1], 0.8 * 40, rtol=1e-12)
    np.testing.assert_allclose(slopes[2], -0.43 * 40, rtol=1e-12)
    ratios = jnp.array([0.3, 0.43, 0.6])
    batch = jax.vmap(total, in_axes=(None, 0, None))(commitment, ratios, LEAKAGE)
    np.testing.assert_allclose(batch, 0.8 * 40 * ratios, rtol=1e-12)
