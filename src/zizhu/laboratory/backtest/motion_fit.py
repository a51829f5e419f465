"""Fitting the process of `motion`: maximum a posteriori by exact gradients, Laplace around it.

Cells of a country move together (its exchange rate, its demand), so that the curvature alone would
be too sure: the covariance is the sandwich H^-1 J H^-1 with scores summed by country (Liang and
Zeger 1986, Biometrika 73(1)), and never smaller in any direction than Laplace's own H^-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from scipy.optimize import minimize

from zizhu.errors import NotConverged
from zizhu.laboratory.backtest.motion import NAMES, Observed, cell_likelihoods, padded

_CLOSE = 1e-3


@dataclass(frozen=True, eq=False)
class Prior:
    """Independent normal of every parameter, in the order and on the scales of `NAMES`."""

    mean: Float[np.ndarray, " p"]
    sd: Float[np.ndarray, " p"]


# All assumptions, wide on purpose: reversion 2 percent a year (a third to three times that within
# one sd), momentum's innovations a seventh of lasting shocks and 0.73 of it left after a year, half
# as much that does not last, sizes that differ by half between like cells, shocks of a tenth in log
# odds (a seventh to seven times).
WIDE = Prior(
    mean=np.array([np.log(0.02), 1.0, np.log(0.15), np.log(0.5), np.log(4.0), -4.6, 0.0, 0.0]),
    sd=np.array([1.0, 1.0, 1.0, 1.0, 0.7, 2.0, 0.5, 0.5]),
)


@dataclass(frozen=True)
class Fit:
    """Best parameters [p] and their covariance [p,p], on the scales of `NAMES`."""

    theta: Float[np.ndarray, " p"]
    covariance: Float[np.ndarray, "p p"]

    @property
    def errors(self) -> Float[np.ndarray, " p"]:
        """Standard deviations."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def draws(self, count: int, seed: int) -> Float[np.ndarray, "d p"]:
        """Parameters drawn from the normal around the best ones."""
        root = np.linalg.cholesky(self.covariance)
        normal = np.random.default_rng(seed).standard_normal((count, len(self.theta)))
        return np.asarray(self.theta + normal @ root.T)

    def as_prior(self, doubt: Float[np.ndarray, " p"]) -> Prior:
        """A prior for another panel, which may differ by `doubt` besides."""
        return Prior(self.theta, np.sqrt(np.diag(self.covariance) + doubt**2))


def _loss(
    theta: Float[Array, " p"],
    seen: Observed,
    mean: Float[Array, " p"],
    sd: Float[Array, " p"],
) -> Float[Array, ""]:
    """Minus the log posterior."""
    data = jnp.sum(jnp.asarray(seen.weight) * cell_likelihoods(theta, seen))
    return jnp.sum(((theta - mean) / sd) ** 2) / 2 - data


_value = jax.jit(jax.value_and_grad(_loss))
_hessian = jax.jit(jax.hessian(_loss))


@jax.jit
def _scores(theta: Float[Array, " p"], seen: Observed) -> Float[Array, "c p"]:
    """Gradient of the likelihood of every cell."""
    jacobian: Float[Array, "c p"] = jax.jacfwd(partial(cell_likelihoods, seen=seen))(theta)
    return jnp.asarray(seen.weight)[:, None] * jacobian


def fit_motion(seen: Observed, prior: Prior = WIDE, clusters: Sequence[str] | None = None) -> Fit:
    """Best parameters and their covariance, clustered where clusters of cells are given.

    Raises `NotConverged` if the search does not end at a best point.
    """
    cells = len(seen.z)
    seen = padded(seen)

    def loss(theta: Float[np.ndarray, " p"]) -> tuple[float, Float[np.ndarray, " p"]]:
        value, slope = _value(theta, seen, prior.mean, prior.sd)
        return float(value), np.asarray(slope, dtype=float)

    found = minimize(loss, prior.mean, jac=True, method="BFGS", options={"gtol": _CLOSE})
    theta = np.asarray(found.x, dtype=float)
    curve = np.asarray(_hessian(theta, seen, prior.mean, prior.sd))
    # Newton's last steps: what the search leaves is far below a standard error.
    for _ in range(3):
        theta = theta - np.linalg.solve(curve, loss(theta)[1])
        curve = np.asarray(_hessian(theta, seen, prior.mean, prior.sd))
    slope = loss(theta)[1]
    if not (np.isfinite(slope).all() and np.abs(slope).max() < _CLOSE * (1 + abs(found.fun))):
        raise NotConverged("process of sectors: no best parameters were found")
    if np.linalg.eigvalsh(curve).min() <= 0:
        raise NotConverged("process of sectors: the best parameters are no maximum")
    inverse = np.linalg.inv(curve)
    if clusters is None:
        return Fit(theta, inverse)
    scores = np.asarray(_scores(theta, seen))[:cells]
    names, member = np.unique(np.asarray(clusters), return_inverse=True)
    sums = np.zeros((len(names), len(theta)))
    np.add.at(sums, member, scores)
    sums -= sums.mean(axis=0)
    middle = sums.T @ sums * len(names) / max(1, len(names) - 1)
    return Fit(theta, _at_least(inverse @ middle @ inverse, inverse))


def _at_least(
    wide: Float[np.ndarray, "p p"], least: Float[np.ndarray, "p p"]
) -> Float[np.ndarray, "p p"]:
    """The first covariance, with no direction narrower than in the second."""
    root = np.linalg.cholesky(least)
    inner = np.linalg.solve(root, np.linalg.solve(root, wide).T)
    value, vector = np.linalg.eigh((inner + inner.T) / 2)
    outer = root @ vector
    return np.asarray(outer @ np.diag(np.maximum(value, 1.0)) @ outer.T)


def named(theta: Float[np.ndarray, " p"]) -> dict[str, float]:
    """A vector by name."""
    return dict(zip(NAMES, map(float, theta), strict=True))
