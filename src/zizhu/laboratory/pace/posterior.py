"""Maximum a posteriori by exact gradients, and the normal around it (Laplace).

    theta* = argmax log p(theta) + sum_j log p(y_j | theta),     theta ~ N(theta*, H^-1)

with H the Hessian of minus the log posterior. How far a normal is from the posterior is
measured by importance weights of its own draws: their effective number over their number is near
one if it is close.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from scipy.optimize import minimize

from zizhu.errors import NotConverged
from zizhu.laboratory.pace.observed import Panel
from zizhu.laboratory.pace.prior import NAMES, PRIORS, log_prior, numbers_of
from zizhu.laboratory.pace.process import Observations, log_likelihood

# Largest slope of the log posterior at its top that is taken for none.
_FLAT_ENOUGH = 1e-2
_TRIALS = 200
_STEPS = 5
# Of the unbounded numbers, whose spread is a tenth to one: differences of slopes are good to 1e-8.
_STEP = 1e-4
# A number whose posterior is as wide as this part of its prior rests on the prior (judgement).
RESTS_ON_PRIOR = 0.8


@dataclass(frozen=True)
class Posterior:
    """A normal in the unbounded space, in the order of `prior.NAMES`.

    slope      largest absolute slope of the log posterior at the mean
    effective  effective number of importance-weighted draws over their number
    series     how many were fitted, and how many observations
    """

    mean: Float[np.ndarray, " p"]
    covariance: Float[np.ndarray, "p p"]
    slope: float
    effective: float
    series: int
    observations: int

    def draws(self, number: int, seed: int) -> Float[np.ndarray, "d p"]:
        """Points drawn from the normal; the same seed gives the same."""
        factor = np.linalg.cholesky(self.covariance)
        normal = np.random.default_rng(seed).standard_normal((number, len(self.mean)))
        return np.asarray(self.mean + normal @ factor.T)

    def contraction(self) -> dict[str, float]:
        """Posterior over prior standard deviation: near 1 where the data say nothing."""
        spread = np.array([one.spread for one in PRIORS.values()])
        return dict(zip(NAMES, map(float, np.sqrt(np.diag(self.covariance)) / spread), strict=True))


def _minus_log_posterior(
    point: Float[Array, " p"], of: Observations, elasticity: float
) -> Float[Array, ""]:
    return -(log_prior(point) + log_likelihood(numbers_of(point), of, elasticity).sum())


_value_and_slope = jax.jit(jax.value_and_grad(_minus_log_posterior))


def _curvature(point: np.ndarray, of: Observations, elasticity: float) -> np.ndarray:
    """Hessian by central differences of exact slopes, made symmetric."""

    def slope(at: np.ndarray) -> np.ndarray:
        return np.asarray(_value_and_slope(jnp.asarray(at), of, elasticity)[1])

    steps = _STEP * np.eye(len(point))
    rows = [(slope(point + one) - slope(point - one)) / (2 * _STEP) for one in steps]
    return np.asarray(np.array(rows) + np.array(rows).T) / 2


def fit(panel: Panel, elasticity: float, *, start: Float[np.ndarray, " p"] | None = None) -> Posterior:
    """The posterior of the process's numbers given a panel, and nothing but it.

    Raises `NotConverged` if the top is not found or is none.
    """
    of = panel.observations
    first = np.array([one.mean for one in PRIORS.values()]) if start is None else start

    def told(point: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = _value_and_slope(jnp.asarray(point), of, elasticity)
        return float(value), np.asarray(slope)

    found = minimize(told, first, jac=True, method="L-BFGS-B", options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-5})
    top = _newton(found.x, of, elasticity)
    value, slope = told(top)
    curvature = _curvature(top, of, elasticity)
    steepest = float(np.abs(slope).max())
    if steepest > _FLAT_ENOUGH or np.linalg.eigvalsh(curvature).min() <= 0:
        raise NotConverged(f"pace: the posterior has no top where it was sought; slope {steepest:.1e}")
    posterior = Posterior(top, np.linalg.inv(curvature), steepest, 1.0, len(panel), int(of.seen.sum()))
    points = posterior.draws(_TRIALS, 0)
    away = points - top
    normal = 0.5 * np.einsum("dp,pq,dq->d", away, curvature, away)
    weight = normal - (np.array([told(one)[0] for one in points]) - value)
    weight = np.exp(weight - weight.max())
    effective = float(weight.sum() ** 2 / (weight**2).sum() / _TRIALS)
    return Posterior(top, posterior.covariance, steepest, effective, len(panel), int(of.seen.sum()))


def _newton(point: np.ndarray, of: Observations, elasticity: float) -> np.ndarray:
    """A few steps that make the slope vanish, each only if it does not climb."""
    for _ in range(_STEPS):
        value, slope = _value_and_slope(jnp.asarray(point), of, elasticity)
        if np.abs(slope).max() < _FLAT_ENOUGH / 10:
            break
        step = np.linalg.solve(_curvature(point, of, elasticity), np.asarray(slope))
        trial = point - step
        if not float(_value_and_slope(jnp.asarray(trial), of, elasticity)[0]) <= float(value):
            break
        point = trial
    return point
