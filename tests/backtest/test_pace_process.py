"""The process of the pace: its likelihood, covariance, gradient and forecasts in closed form."""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal

from zizhu.laboratory.pace.prior import NAMES, PRIORS, numbers_of
from zizhu.laboratory.pace.process import (
    Future,
    Observations,
    drifted,
    forecast,
    log_likelihood,
    momentum,
    path_covariance,
)

ETA, FLAT = 4.0, 5.0
TIMES = (np.array([0.0, 1.0, 2.5, 6.0, 7.0]), np.array([0.0, 3.0, 4.0]))


def filled(rows, empty=0.0):
    table = np.full((len(rows), 5), empty)
    for row, values in zip(table, rows, strict=True):
        row[: len(values)] = values
    return table


@pytest.fixture(scope="module")
def series():
    draw = np.random.default_rng(3)
    shapes = [len(times) for times in TIMES]

    def some(size):
        return jnp.asarray(filled([size * draw.standard_normal(n) for n in shapes]))

    return Observations(
        times=jnp.asarray(filled(TIMES)),
        odds=some(1.0),
        rounding=jnp.asarray(filled([0.01 + 0.02 * draw.random(n) for n in shapes], 1.0)),
        doubt=jnp.asarray(filled([draw.integers(3, size=n) for n in shapes])).astype(int),
        seen=jnp.asarray(filled([np.ones(n) for n in shapes])).astype(bool),
        follow=jnp.cumsum(some(0.02) ** 2, axis=1),
        growth=jnp.cumsum(some(0.02), axis=1),
        hardness=jnp.asarray([0.7, 0.0]),
        kind=jnp.asarray([0, 2]),
        maker=jnp.asarray([0, 1]),
        weight=jnp.asarray([1.0, 0.5]),
    )


@pytest.fixture(scope="module")
def point():
    draw = np.random.default_rng(4)
    return jnp.asarray(
        [one.mean + 0.3 * one.spread * draw.standard_normal() for one in PRIORS.values()]
    )


def value(point, name):
    at = float(point[NAMES.index(name)])
    return np.exp(at) if PRIORS[name].log else at


def integrated(s, t, fade):
    """Integral of exp(-fade |a - b|) over a to s and b to t, by quadrature in a."""

    def inner(a):
        ends = [0.0, min(a, t), t]
        return sum(
            quad(lambda b: np.exp(-fade * abs(a - b)), low, high)[0] for low, high in pairwise(ends)
        )

    return quad(inner, 0.0, s, points=[t] if 0 < t < s else None)[0]


def faded(when, t, fade):
    """Integral of exp(-fade |when - r|) over r to t."""
    ends = [0.0, min(when, t), t]
    return sum(
        quad(lambda r: np.exp(-fade * abs(when - r)), low, high)[0] for low, high in pairwise(ends)
    )


def covariance(point, kind, left, right):
    spread, fade, shock = (value(point, f"{word} {kind}") for word in ("spread", "fade", "shock"))
    return np.array(
        [
            [FLAT**2 + spread**2 * integrated(s, t, fade) + shock**2 * min(s, t) for t in right]
            for s in left
        ]
    )


def noise(point, series, row, count):
    errors = np.array([value(point, f"error {word}") for word in ("read", "medium", "low")])
    of = errors[np.asarray(series.doubt)[row, :count]] ** 2
    return np.diag(of + np.asarray(series.rounding)[row, :count] ** 2)


KINDS = ("world", "mineral")


def test_covariance_is_the_integral_of_momentum_and_a_walk(series, point):
    found = path_covariance(numbers_of(point), series.kind, series.times, series.times)
    for row, (times, kind) in enumerate(zip(TIMES, KINDS, strict=True)):
        right = covariance(point, kind, times, times)
        np.testing.assert_allclose(
            np.asarray(found)[row, : len(times), : len(times)], right, rtol=1e-7
        )


def test_drift_is_groups_catching_up_and_growth(series, point):
    by = numbers_of(point)
    found = np.asarray(drifted(by, series, series, ETA))
    for row, who in enumerate(("CHN world", "others mineral")):
        eased = np.exp(-value(point, "hardness") * float(series.hardness[row]))
        right = eased * (
            value(point, f"drift {who}") * np.asarray(series.times[row])
            + ETA * value(point, "follow") * np.asarray(series.follow[row])
        ) + value(point, "growth") * np.asarray(series.growth[row])
        np.testing.assert_allclose(found[row], right, rtol=1e-12)


def test_likelihood_is_that_of_a_normal(series, point):
    by = numbers_of(point)
    mean = np.asarray(drifted(by, series, series, ETA))
    found = np.asarray(log_likelihood(by, series, ETA))
    for row, (times, kind) in enumerate(zip(TIMES, KINDS, strict=True)):
        count = len(times)
        whole = covariance(point, kind, times, times) + noise(point, series, row, count)
        right = multivariate_normal(mean[row, :count], whole).logpdf(
            np.asarray(series.odds)[row, :count]
        )
        assert found[row] == pytest.approx(float(series.weight[row]) * right, rel=1e-8)


def test_what_was_not_seen_changes_nothing(series, point):
    by = numbers_of(point)
    wild = series._replace(odds=jnp.where(series.seen, series.odds, 1e3))
    np.testing.assert_array_equal(log_likelihood(by, wild, ETA), log_likelihood(by, series, ETA))


def test_slopes_are_those_of_finite_differences(series, point):
    def target(at):
        return log_likelihood(numbers_of(at), series, ETA).sum()

    slope = np.asarray(jax.jit(jax.grad(target))(point))
    value_at, step = jax.jit(target), 1e-5
    for place in range(len(point)):
        away = step * jnp.eye(len(point))[place]
        right = float(value_at(point + away) - value_at(point - away)) / (2 * step)
        assert slope[place] == pytest.approx(right, rel=1e-5, abs=1e-6), NAMES[place]


def future():
    ahead = np.array([[8.0, 12.0], [4.0, 9.0]])
    return Future(jnp.asarray(ahead), jnp.asarray(0.01 * ahead), jnp.asarray(0.02 * ahead))


def test_forecasts_are_conditional_normals(series, point):
    by, at = numbers_of(point), future()
    found = forecast(by, series, at, ETA)
    seen, asked = (np.asarray(drifted(by, series, one, ETA)) for one in (series, at))
    for row, (times, kind) in enumerate(zip(TIMES, KINDS, strict=True)):
        count, later = len(times), np.asarray(at.times)[row]
        own = covariance(point, kind, times, times) + noise(point, series, row, count)
        cross = covariance(point, kind, later, times)
        gain = cross @ np.linalg.inv(own)
        rest = np.asarray(series.odds)[row, :count] - seen[row, :count]
        np.testing.assert_allclose(np.asarray(found.mean)[row], asked[row] + gain @ rest, rtol=1e-6)
        right = covariance(point, kind, later, later) - gain @ cross.T
        np.testing.assert_allclose(np.asarray(found.covariance)[row], right, rtol=1e-5)


def test_momentum_is_a_conditional_normal(series, point):
    by, when = numbers_of(point), np.array([[7.0, 2.0], [4.0, 10.0]])
    found = momentum(by, series, jnp.asarray(when), ETA)
    seen = np.asarray(drifted(by, series, series, ETA))
    for row, (times, kind) in enumerate(zip(TIMES, KINDS, strict=True)):
        count = len(times)
        spread, fade = value(point, f"spread {kind}"), value(point, f"fade {kind}")
        own = covariance(point, kind, times, times) + noise(point, series, row, count)
        cross = [[spread**2 * faded(w, t, fade) for t in times] for w in when[row]]
        cross = np.array(cross)
        gain = cross @ np.linalg.inv(own)
        rest = np.asarray(series.odds)[row, :count] - seen[row, :count]
        np.testing.assert_allclose(np.asarray(found.mean)[row], gain @ rest, rtol=1e-6)
        prior = spread**2 * np.exp(-fade * np.abs(when[row][:, None] - when[row]))
        right = prior - gain @ cross.T
        np.testing.assert_allclose(np.asarray(found.covariance)[row], right, rtol=1e-5)
