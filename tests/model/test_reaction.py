"""Escalation against its gain, its fixed point and its caps."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zizhu.model.reaction import (
    ReactionStocks,
    Responses,
    loop_gain,
    next_reaction,
    reaction_base,
)

YEARS, REGIONS = 20, 3


def responses_of(**changes: float) -> Responses:
    defaults = {
        "control": 4.0,
        "push": 0.02,
        "persistence": 0.7,
        "felt_weight": 5.0,
        "control_cap": 1.0,
        "push_cap": 0.1,
        "on": 1.0,
    }
    return Responses(**{name: jnp.asarray(v) for name, v in (defaults | changes).items()})


@jax.jit
def walk(responses, shock, felt):
    def year(now, given):
        after = next_reaction(now, responses, *given)
        return after, after

    return jax.lax.scan(year, reaction_base(shock.shape[1]), (shock, felt))


def steady(size: float, years: int) -> jax.Array:
    return jnp.full((years, REGIONS), float(size))


def test_gain_of_the_defaults():
    assert float(loop_gain(responses_of())) == pytest.approx(4 * 0.02 / 0.09, rel=1e-12)
    assert 0.88 < float(loop_gain(responses_of())) < 0.9


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0.5, 0.75),
    st.floats(0.0, 0.9),
    st.floats(0.5, 5.0),
    st.floats(1e-4, 1e-3),
    st.floats(0.0, 1e-3),
)
def test_fixed_point(persistence, gain, control, shock, felt):
    """The first answer is repeated 1 / (1 - gain) times."""
    room = 1 - persistence
    push = gain * room**2 / control
    # Without caps: what settles is the loop's own.
    responses = responses_of(
        persistence=persistence, control=control, push=push, control_cap=1e9, push_cap=1e9
    )
    np.testing.assert_allclose(loop_gain(responses), gain, rtol=1e-12, atol=1e-15)
    # The slowest root of the loop is d + (1 - d) sqrt(gain), below 0.99 here.
    end, _ = walk(responses, steady(shock, 4000), steady(felt, 4000))
    controls = (shock / room + gain * 5 * felt) / (1 - gain)
    np.testing.assert_allclose(end.controls, controls, rtol=1e-9)
    np.testing.assert_allclose(end.push, push * (controls + 5 * felt) / room, rtol=1e-9, atol=1e-15)
    alone, _ = walk(responses._replace(push=jnp.asarray(0.0)), steady(shock, 4000), steady(0, 4000))
    np.testing.assert_allclose(alone.controls, shock / room, rtol=1e-12)


def test_a_gain_above_one_ends_at_the_caps():
    responses = responses_of(push=0.03)
    assert float(loop_gain(responses)) > 1
    end, _ = walk(responses, steady(0.01, 400), steady(0.0, 400))
    np.testing.assert_allclose(end.controls, 1.0, rtol=1e-12)
    np.testing.assert_allclose(end.push, 0.1, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    arrays(float, (YEARS, REGIONS), elements=st.floats(-1, 1)),
    arrays(float, (YEARS, REGIONS), elements=st.floats(-0.5, 1)),
    st.floats(0, 6),
    st.floats(0, 0.03),
    st.floats(0.5, 0.9),
)
def test_every_year_follows_the_equations(shock, felt, control, push, persistence):
    responses = responses_of(control=control, push=push, persistence=persistence)
    _, path = walk(responses, jnp.asarray(shock), jnp.asarray(felt))
    before = [np.concatenate([np.zeros((1, REGIONS)), np.asarray(one)[:-1]]) for one in path]
    controls = np.clip(persistence * before[0] + control * before[1] + shock, 0, 1)
    pushed = np.clip(persistence * before[1] + push * (before[0] + 5 * felt), 0, 0.1)
    np.testing.assert_allclose(path.controls, controls, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(path.push, pushed, rtol=1e-12, atol=1e-12)
    off, _ = walk(responses._replace(on=jnp.asarray(0.0)), jnp.asarray(shock), jnp.asarray(felt))
    for one in off:
        np.testing.assert_array_equal(one, 0.0)


def test_answers_come_a_year_later():
    """A shock moves controls at once, the push a year later and controls again after two."""
    shock = jnp.zeros((3, 1)).at[0].set(0.1)
    _, path = walk(responses_of(), shock, jnp.zeros((3, 1)))
    np.testing.assert_allclose(path.controls[:, 0], [0.1, 0.07, 0.049 + 4 * 0.002], rtol=1e-12)
    np.testing.assert_allclose(path.push[:, 0], [0.0, 0.002, 0.0014 + 0.0014], rtol=1e-12)


def test_a_shock_fades_without_answers():
    responses = responses_of(control=0.0, push=0.0)
    _, path = walk(responses, steady(0.0, 5).at[0].set(0.4), steady(0.0, 5))
    np.testing.assert_allclose(path.controls[:, 0], 0.4 * 0.7 ** np.arange(5), rtol=1e-12)
    np.testing.assert_array_equal(path.push, 0.0)


def test_gradients_and_batches():
    def reached(responses, shock, felt):
        end, _ = walk(responses, shock, felt)
        return end.controls.sum() + end.push.sum()

    slope = partial(jax.grad(reached, argnums=(0, 1, 2)), responses_of())
    for size in (0.0, 0.01, 0.5):  # at rest, inside, at the caps
        slopes = slope(steady(size, YEARS), steady(0.0, YEARS))
        assert all(bool(jnp.isfinite(one).all()) for one in jax.tree_util.tree_leaves(slopes))
    # At rest the last shock counts whole, though controls lie on their lower end.
    at_rest = slope(steady(0.0, YEARS), steady(0.0, YEARS))
    np.testing.assert_allclose(at_rest[1][-1], 1.0, rtol=1e-12)
    np.testing.assert_allclose(at_rest[2][-1], 0.02 * 5, rtol=1e-12)
    gains = jnp.array([0.0, 2.0, 4.0])
    many = responses_of()._replace(control=gains)
    axes = Responses(*[0 if name == "control" else None for name in Responses._fields])
    batch = jax.vmap(reached, in_axes=(axes, None, None))(
        many, steady(0.01, YEARS), steady(0.0, YEARS)
    )
    singly = [
        float(reached(responses_of(control=float(one)), steady(0.01, YEARS), steady(0.0, YEARS)))
        for one in gains
    ]
    np.testing.assert_allclose(batch, singly, rtol=1e-13)
    assert singly[0] < singly[1] < singly[2]


def test_starts_at_rest():
    start = reaction_base(REGIONS)
    assert isinstance(start, ReactionStocks)
    after = next_reaction(start, responses_of(), jnp.zeros(REGIONS), jnp.zeros(REGIONS))
    np.testing.assert_array_equal(after.controls, 0.0)
    np.testing.assert_array_equal(after.push, 0.0)
