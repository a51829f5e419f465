"""Listed firms against the closed form of their recovery and the balance of their stocks."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zizhu.model.firms import FirmAnswer, Firms, FirmStocks, firm_answer, firm_base, next_firms

YEARS, COUNT = 8, 3
SHAPE = (2, 4)
# The defaults that are proposed for the registry: calibrated to F54.
EXPOSURE, SPEED, DIVERTED, SEGMENT = 0.3, 0.4, 0.5, 0.05


def firms_of(exposure=EXPOSURE, speed=SPEED, diverted=DIVERTED, segment=SEGMENT) -> Firms:
    """Two firms of one sector and one of another."""

    def each(value):
        return jnp.broadcast_to(jnp.asarray(value, dtype=float), (COUNT,))

    return Firms(
        region=jnp.array([0, 0, 1]),
        sector=jnp.array([2, 2, 3]),
        node=jnp.array([0, 1, 0]),
        segment=each(segment),
        exposure=each(exposure),
        diversification=each(speed),
        diverted=each(diverted),
    )


@jax.jit
def walk(firms, listed, home, bought, start=None) -> tuple[FirmStocks, tuple]:
    def year(now, given):
        listed, home, bought = given
        answer = firm_answer(firms, now, listed, home, SHAPE)
        return next_firms(firms, now, listed, home, bought), (now, answer)

    return jax.lax.scan(year, firm_base(firms) if start is None else start, (listed, home, bought))


def steady(value, years: int = YEARS) -> jax.Array:
    return jnp.broadcast_to(jnp.asarray(value, dtype=float), (years, COUNT))


def paths(low: float, high: float):
    return arrays(float, (YEARS, COUNT), elements=st.floats(low, high))


def parts():
    return arrays(float, (COUNT,), elements=st.floats(0, 1))


def test_the_champion_falls_and_recovers():
    """Year one -20 to -35 percent, at least 90 percent in year four, at every likely home share."""
    home = jnp.array([0.0, 0.08, 0.3])
    _, (_, answers) = walk(firms_of(), steady(1.0), steady(home), steady(0.0))
    first, fourth = np.asarray(answers.revenue[0]), np.asarray(answers.revenue[3])
    assert (first >= 0.65).all()
    assert (first <= 0.80).all()
    assert (fourth >= 0.90).all()
    years = np.arange(YEARS)[:, None]
    closed_form = 1 - EXPOSURE * (1 - home) * (1 - SPEED) ** years
    np.testing.assert_allclose(answers.revenue, closed_form, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[paths(0, 1)] * 3), st.tuples(*[parts()] * 3))
def test_balances_and_bounds(wedges, traits):
    """Stock is what was bought less what was drawn; nothing leaves its range."""
    listed, home, bought = wedges
    exposure, speed, diverted = traits
    firms = firms_of(exposure, speed, diverted, segment=0.4)
    end, (stocks, answers) = walk(firms, *map(jnp.asarray, (listed, home, bought)))
    missing = listed * (1 - home) * (1 - np.asarray(stocks.diversified))
    drawn = np.asarray(answers.access) - 1 + missing
    after = np.concatenate([np.asarray(stocks.cover)[1:], np.asarray(end.cover)[None]])
    np.testing.assert_allclose(after, stocks.cover - drawn + bought, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(end.cover, (bought - drawn).sum(0), rtol=1e-12, atol=1e-12)
    assert float(drawn.min()) >= -1e-12
    assert float(after.min()) >= 0
    for part in (stocks.diversified, end.diversified, answers.access, answers.revenue):
        assert float(part.min()) >= -1e-12
        assert float(part.max()) <= 1
    left = np.prod(1 - np.asarray(speed) * listed, axis=0)
    np.testing.assert_allclose(1 - end.diversified, left, rtol=1e-12, atol=1e-12)
    assert float(answers.log_productivity.max()) <= 0
    assert bool(jnp.isfinite(answers.log_productivity).all())
    lost = 0.4 * (1 - diverted) * (1 - np.asarray(answers.revenue))
    np.testing.assert_allclose(
        np.expm1(answers.log_productivity[:, 0, 2]), -lost[:, :2].sum(1), rtol=1e-12, atol=1e-12
    )
    np.testing.assert_allclose(
        np.expm1(answers.log_productivity[:, 1, 3]), -lost[:, 2], rtol=1e-12, atol=1e-12
    )
    elsewhere = np.ones(SHAPE, dtype=bool)
    elsewhere[0, 2] = elsewhere[1, 3] = False
    np.testing.assert_array_equal(np.asarray(answers.log_productivity)[:, elsewhere], 0.0)


def test_unlisted_firms_lose_nothing():
    """Without a listing all is exactly as before, stocks included; what was bought stays."""
    end, (_, answers) = walk(firms_of(), steady(0.0), steady(0.2), steady(0.0).at[0].set(0.5))
    np.testing.assert_array_equal(answers.revenue, 1.0)
    np.testing.assert_array_equal(answers.access, 1.0)
    np.testing.assert_array_equal(answers.log_productivity, 0.0)
    np.testing.assert_array_equal(end.diversified, 0.0)
    np.testing.assert_array_equal(end.cover, 0.5)


def test_a_stock_bridges_the_first_year():
    """A year of stock covers a year of listing; then the firm falls less far than it would have."""
    start = FirmStocks(jnp.zeros(COUNT), jnp.ones(COUNT))
    _, (stocks, answers) = walk(firms_of(), steady(1.0), steady(0.0), steady(0.0), start)
    np.testing.assert_array_equal(answers.revenue[0], 1.0)
    np.testing.assert_array_equal(stocks.cover[1], 0.0)
    np.testing.assert_allclose(answers.revenue[1], 1 - EXPOSURE * (1 - SPEED), rtol=1e-12)


def test_what_was_learned_stays():
    """Off the list revenue is whole at once, and a second listing hurts less."""
    listed = steady(1.0).at[2:5].set(0.0)
    _, (_, answers) = walk(firms_of(), listed, steady(0.0), steady(0.0))
    np.testing.assert_array_equal(answers.revenue[2:5], 1.0)
    np.testing.assert_allclose(answers.revenue[5], 1 - EXPOSURE * (1 - SPEED) ** 2, rtol=1e-12)


def test_a_sector_that_is_one_firm():
    """All of a sector lost leaves a finite productivity and finite slopes."""
    firms = firms_of(exposure=1.0, diverted=0.0, segment=1.0)

    def answer(listed) -> FirmAnswer:
        return firm_answer(firms, firm_base(firms), listed, jnp.zeros(COUNT), SHAPE)

    assert float(answer(jnp.ones(COUNT)).log_productivity.min()) == pytest.approx(np.log(0.01))
    slopes = jax.jacobian(lambda listed: answer(listed).log_productivity)(jnp.ones(COUNT))
    assert bool(jnp.isfinite(slopes).all())


def test_rivals_take_over():
    """What rivals make is no loss of the sector; the firm's own fall is the same."""
    some, all_of_it = (
        firm_answer(firms, firm_base(firms), jnp.ones(COUNT), jnp.zeros(COUNT), SHAPE)
        for firms in (firms_of(), firms_of(diverted=1.0))
    )
    np.testing.assert_array_equal(some.revenue, all_of_it.revenue)
    np.testing.assert_array_equal(all_of_it.log_productivity, 0.0)
    lost = 2 * SEGMENT * (1 - DIVERTED) * EXPOSURE
    np.testing.assert_allclose(some.log_productivity[0, 2], np.log1p(-lost), rtol=1e-12)


def test_no_firms():
    none = Firms(*(one[:0] for one in firms_of()))
    empty = jnp.zeros(0)
    answer = firm_answer(none, firm_base(none), empty, empty, SHAPE)
    np.testing.assert_array_equal(answer.log_productivity, 0.0)
    assert answer.log_productivity.shape == SHAPE
    assert next_firms(none, firm_base(none), empty, empty, empty).cover.shape == (0,)


def test_gradients_and_batches():
    firms = firms_of()

    def lost(listed, home, bought):
        _, (_, answers) = walk(firms, listed, home, bought)
        return answers.log_productivity.sum()

    # Without a listing and a stock the slope in the listing is whole.
    at_rest = jax.grad(lost)(steady(0.0), steady(0.0), steady(0.0))
    np.testing.assert_allclose(at_rest, -SEGMENT * (1 - DIVERTED) * EXPOSURE, rtol=1e-12)
    given = (steady(0.6), steady(0.1), steady(0.05))
    slopes = jax.grad(lost, argnums=(0, 1, 2))(*given)
    assert all(bool(jnp.isfinite(one).all()) for one in slopes)
    step = 1e-6
    numeric = (lost(given[0].at[1, 0].add(step), *given[1:]) - lost(*given)) / step
    np.testing.assert_allclose(slopes[0][1, 0], numeric, rtol=1e-4)
    many = jnp.stack([steady(part) for part in (0.0, 0.5, 1.0)])
    batch = jax.vmap(lost, in_axes=(0, None, None))(many, *given[1:])
    singly = [float(lost(one, *given[1:])) for one in many]
    np.testing.assert_allclose(batch, singly, rtol=1e-13, atol=1e-16)
    assert singly[0] == 0.0 > singly[1] > singly[2]
