"""The process of sector shares against brute force, and what a fit finds again."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import multivariate_t

from zizhu.errors import NotConverged
from zizhu.laboratory.backtest.motion import (
    NAMES,
    Observed,
    ahead,
    cell_likelihoods,
    expected_size,
    mean_sizes,
    padded,
    rates,
)
from zizhu.laboratory.backtest.motion_fit import WIDE, Fit, Prior, fit_motion, named
from zizhu.laboratory.backtest.sector_posterior import natural, pooled, scaled_parameters

THETA = np.array([np.log(0.05), 1.2, np.log(0.4), np.log(0.6), np.log(3.0), -3.0, 0.3, 0.1])
_RNG = np.random.default_rng(4)


def seen_of(z, known=None):
    z = np.asarray(z, dtype=float)
    known = np.ones(z.shape, dtype=bool) if known is None else known
    level = np.linspace(-1, 1, len(z)) if len(z) > 1 else np.zeros(1)
    return Observed(z, known, level, np.ones(len(z)))


def by_hand(theta, steps):
    """Means and covariance of z after the first year, as multiples of z_1 and in units of sigma.

    From states stacked by their moving matrices, not by a filter.
    """
    r = {name: float(value) for name, value in rates(jnp.asarray(theta))._asdict().items()}
    move = np.array([[1 - r["reversion"], 1.0], [0.0, r["fade"]]])
    new = np.diag([1.0, r["momentum"] ** 2])
    start = np.diag([r["noise"] ** 2, r["steady"]])
    power = [np.linalg.matrix_power(move, t) for t in range(steps + 1)]
    covariance = np.zeros((steps, steps))
    for s in range(1, steps + 1):
        for t in range(1, steps + 1):
            found = power[s] @ start @ power[t].T
            for at in range(1, min(s, t) + 1):
                found = found + power[s - at] @ new @ power[t - at].T
            covariance[s - 1, t - 1] = found[0, 0] + (s == t) * r["noise"] ** 2
    return np.array([power[t][0, 0] for t in range(1, steps + 1)]), covariance


def size_of(theta, seen):
    return np.asarray(expected_size(jnp.asarray(theta), jnp.asarray(seen.level)))


@pytest.mark.parametrize("missing", [(), (2,), (1, 4)])
def test_likelihood_is_a_multivariate_t(missing):
    z = _RNG.normal(0, 0.3, (3, 6))
    known = np.ones(z.shape, dtype=bool)
    known[:, list(missing)] = False
    seen = seen_of(np.where(known, z, 0.0), known)
    found = np.asarray(cell_likelihoods(jnp.asarray(THETA), seen))
    slope, covariance = by_hand(THETA, 5)
    keep = np.flatnonzero(known[0, 1:])
    nu = float(rates(jnp.asarray(THETA)).freedom)
    for c, size in enumerate(size_of(THETA, seen)):
        right = multivariate_t.logpdf(
            z[c, 1:][keep],
            slope[keep] * z[c, 0],
            size * covariance[np.ix_(keep, keep)],
            df=nu,
        )
        assert found[c] == pytest.approx(right, abs=1e-9)


def test_forecasts_are_what_normals_say_of_each_other():
    z = _RNG.normal(0, 0.3, (2, 5))
    seen = seen_of(z)
    said = ahead(jnp.asarray(THETA), seen, 3)
    slope, covariance = by_hand(THETA, 7)
    old, new = slice(0, 4), slice(4, 7)
    gain = covariance[new, old] @ np.linalg.inv(covariance[old, old])
    left = covariance[new, new] - gain @ covariance[old, new]
    nu = float(rates(jnp.asarray(THETA)).freedom)
    for c, size in enumerate(size_of(THETA, seen)):
        off = z[c, 1:] - slope[old] * z[c, 0]
        np.testing.assert_allclose(said.mean[c], slope[new] * z[c, 0] + gain @ off, atol=1e-9)
        square = off @ np.linalg.inv(covariance[old, old]) @ off
        scale = (nu * size + square) / (nu + 4)
        np.testing.assert_allclose(said.scale[c] ** 2, scale * np.diag(left), rtol=1e-9)
        assert float(said.freedom[c]) == pytest.approx(nu + 4)


def test_without_momentum_reversion_and_noise_it_is_a_random_walk():
    theta = np.array([-40.0, 0.0, -40.0, -20.0, 1.0, -3.0, 0.0, 0.0])
    seen = seen_of(_RNG.normal(0, 0.3, (2, 6)))
    said = ahead(jnp.asarray(theta), seen, 4)
    np.testing.assert_allclose(said.mean, np.repeat(seen.z[:, -1:], 4, axis=1), atol=1e-6)
    growth = np.asarray(said.scale) / np.asarray(said.scale)[:, :1]
    np.testing.assert_allclose(growth, np.sqrt([[1, 2, 3, 4]] * 2), rtol=1e-6)


def test_padding_and_order_change_nothing():
    z = _RNG.normal(0, 0.3, (4, 6))
    seen, theta = seen_of(z), jnp.asarray(THETA)
    one = np.asarray(cell_likelihoods(theta, seen))
    np.testing.assert_allclose(np.asarray(cell_likelihoods(theta, padded(seen)))[:4], one)
    wide = ahead(theta, padded(seen), 2)
    np.testing.assert_allclose(np.asarray(wide.mean)[:4], ahead(theta, seen, 2).mean)
    mirrored = Observed(-z, seen.known, seen.level, seen.weight)
    np.testing.assert_allclose(np.asarray(cell_likelihoods(theta, mirrored)), one)


def simulated(cells=500, years=14, seed=2):
    """Cells of the process with the rates of `THETA` but sizes that do not depend on level."""
    draw = np.random.default_rng(seed)
    theta = np.concatenate([THETA[:6], [0.0, 0.0]])
    r = {name: float(value) for name, value in rates(jnp.asarray(theta))._asdict().items()}
    nu = r["freedom"]
    sigma = np.sqrt(nu * np.exp(theta[5]) / draw.chisquare(nu, cells))
    x, v = np.zeros(cells), np.sqrt(r["steady"]) * draw.standard_normal(cells)
    z = np.zeros((cells, years))
    for t in range(years):
        z[:, t] = sigma * (x + r["noise"] * draw.standard_normal(cells))
        x, v = (
            (1 - r["reversion"]) * x + v + draw.standard_normal(cells),
            r["fade"] * v + r["momentum"] * draw.standard_normal(cells),
        )
    return theta, seen_of(z)


def test_a_fit_finds_what_was_put_in():
    theta, seen = simulated()
    clusters = [str(n // 10) for n in range(len(seen.z))]
    found = fit_motion(seen, WIDE, clusters)
    assert (np.abs(found.theta - theta) < 3 * found.errors + 0.05).all()
    assert set(named(found.theta)) == set(NAMES)
    alone = fit_motion(seen, WIDE)
    np.testing.assert_allclose(alone.theta, found.theta)
    # No direction is surer than the curvature says.
    assert np.linalg.eigvalsh(found.covariance - alone.covariance).min() > -1e-9


def test_a_fit_of_nothing_is_its_prior():
    seen = seen_of(np.zeros((2, 4)))._replace(weight=np.zeros(2))
    found = fit_motion(seen, WIDE)
    np.testing.assert_allclose(found.theta, WIDE.mean, atol=1e-6)
    np.testing.assert_allclose(found.errors, WIDE.sd, rtol=1e-6)
    again = found.as_prior(np.ones(len(NAMES)))
    np.testing.assert_allclose(again.sd, np.sqrt(WIDE.sd**2 + 1), rtol=1e-6)
    draws = found.draws(2000, seed=1)
    np.testing.assert_allclose(draws.std(axis=0), WIDE.sd, rtol=0.1)


def test_no_number_without_a_best_point():
    seen = seen_of(np.full((2, 4), np.nan))
    with pytest.raises(NotConverged, match="process of sectors"):
        fit_motion(seen, Prior(WIDE.mean, WIDE.sd))


def test_registered_numbers_follow_from_the_process():
    """Momentum and what it misses, from the covariance of all changes, by matrices."""
    _, seen = simulated(cells=20)
    lam, mu, fade, shock = np.asarray(scaled_parameters(jnp.asarray(THETA), seen))
    r = {name: float(value) for name, value in rates(jnp.asarray(THETA))._asdict().items()}
    at = np.arange(-3, 7)
    together = r["steady"] * r["fade"] ** np.abs(at[:, None] - at[None, :])
    changes = together + np.eye(10)
    recent = np.where(at < 0, 1 / 3, 0.0)
    variance = recent @ changes @ recent + 2 * r["noise"] ** 2 / 9
    now = together[3]
    assert mu == pytest.approx((now @ recent) / variance)
    assert (np.exp(lam), fade) == pytest.approx((0.05, 1.2))

    def missed(years):
        ahead_of = np.where((at >= 0) & (at < years), 1.0, 0.0)
        kept = sum(r["fade"] ** j for j in range(years))
        shared = ahead_of @ changes @ recent
        return ahead_of @ changes @ ahead_of - 2 * mu * kept * shared + (mu * kept) ** 2 * variance

    size = float(np.mean(np.asarray(mean_sizes(jnp.asarray(THETA), seen))))
    assert np.exp(2 * shock) == pytest.approx(size * (missed(7) - missed(3)) / 4)


def test_pooling():
    """Alike estimates gain from each other; those that differ keep what they differ by."""
    covariance = np.array([np.diag([0.01, 0.04])] * 2)
    mean, alike, between = pooled(np.array([[1.0, 2.0], [1.0, 2.0]]), covariance)
    np.testing.assert_allclose(mean, [1, 2])
    np.testing.assert_allclose(alike, covariance[0] / 2)
    assert (between == 0).all()
    mean, apart, between = pooled(np.array([[0.0, 2.0], [2.0, 2.0]]), covariance)
    np.testing.assert_allclose(mean, [1, 2])
    assert between[0] == pytest.approx(np.sqrt(2 - 0.01), rel=1e-6)
    assert apart[0, 0] == pytest.approx((0.01 + between[0] ** 2) / 2)
    np.testing.assert_allclose(natural(np.array([[0.0, 0.1, 0.0, 0.0]])), [[1.0, 0.1, 0.5, 1.0]])


def test_draws_of_a_fit_are_the_same_every_time():
    fit = Fit(WIDE.mean, np.diag(WIDE.sd**2))
    np.testing.assert_array_equal(fit.draws(5, 1), fit.draws(5, 1))
