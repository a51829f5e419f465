"""Maximum a posteriori by exact gradients, and the normal around it (Laplace).

    theta* = argmax log p(theta) + sum_j log p(y_j | theta),     theta ~ N(theta*, H^-1)

with H the Hessian of minus the log posterior. How far a normal is from the posterior is
measured by importance weights of its own draws: their effective number over their number is near
one if it is close.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from scipy.optimize import minimize

from zizhu.errors import NotConverged
from zizhu.laboratory.pace.law import Scalar
from zizhu.laboratory.pace.observed import Panel
from zizhu.laboratory.pace.prior import NAMES, PRIORS, log_prior, numbers_of
from zizhu.laboratory.pace.process import Observations, log_likelihood
from zizhu.parameters.posterior import Joint

# Largest slope of the log posterior at its top that is taken for none.
_FLAT_ENOUGH = 1e-2
# Slope at which no further step is made: what is printed then does not hang on the last digits.
_SOUGHT = 1e-7
_TRIALS = 200
_STEPS = 5
# Series with at most so many observations are taken together: short ones wait for no long ones.
_LENGTHS = (2, 4, 8, 16)
# Of the unbounded numbers, whose spread is a tenth to one: differences of slopes are good to 1e-8.
_STEP = 1e-4


def _minus_log_likelihood(
    point: Float[Array, " p"], of: Observations, elasticity: Scalar
) -> Float[Array, ""]:
    return -log_likelihood(numbers_of(point), of, elasticity).sum()


def _minus_log_prior(point: Float[Array, " p"]) -> Float[Array, ""]:
    return -log_prior(point)


_likelihood_and_slope = jax.jit(jax.value_and_grad(_minus_log_likelihood))
_prior_and_slope = jax.jit(jax.value_and_grad(_minus_log_prior))


@dataclass(frozen=True)
class _Target:
    """Minus the log posterior and its exact slope; series of like length are taken together."""

    parts: tuple[Observations, ...]
    elasticity: float

    @classmethod
    def of(cls, panel: Panel, elasticity: float) -> _Target:
        """The target of a panel."""
        count = np.asarray(panel.observations.seen.sum(axis=1))
        bins = np.digitize(count, _LENGTHS, right=True)
        parts = [_rows(panel.observations, np.flatnonzero(bins == one)) for one in np.unique(bins)]
        return cls(tuple(parts), elasticity)

    def __call__(self, point: np.ndarray) -> tuple[float, np.ndarray]:
        at = jnp.asarray(point)
        found = [_likelihood_and_slope(at, part, self.elasticity) for part in self.parts]
        found.append(_prior_and_slope(at))
        values, slopes = zip(*found, strict=True)
        return float(np.sum(values)), np.sum(slopes, axis=0)


def _rows(of: Observations, rows: np.ndarray) -> Observations:
    """Some series, as long as the longest of them."""
    longest = int(np.asarray(of.seen)[rows].sum(axis=1).max())
    return Observations(*(leaf[rows][:, :longest] if leaf.ndim > 1 else leaf[rows] for leaf in of))


def _curvature(target: _Target, point: np.ndarray) -> np.ndarray:
    """Hessian by central differences of exact slopes, made symmetric."""
    steps = _STEP * np.eye(len(point))
    rows = [(target(point + one)[1] - target(point - one)[1]) / (2 * _STEP) for one in steps]
    return np.asarray(np.array(rows) + np.array(rows).T) / 2


def fit(panel: Panel, elasticity: float, *, start: Float[np.ndarray, " p"] | None = None) -> Joint:
    """The posterior of the process's numbers given a panel, and nothing but it.

    Raises `NotConverged` if the top is not found or is none.
    """
    target = _Target.of(panel, elasticity)
    first = np.array([one.mean for one in PRIORS.values()]) if start is None else start
    options = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-4}
    found = minimize(target, first, jac=True, method="L-BFGS-B", options=options)
    top, curvature = _newton(target, found.x)
    value, slope = target(top)
    steepest = float(np.abs(slope).max())
    if steepest > _FLAT_ENOUGH or np.linalg.eigvalsh(curvature).min() <= 0:
        raise NotConverged(
            f"pace: the posterior has no top where it was sought; slope {steepest:.1e}"
        )
    joint = Joint(
        names=NAMES,
        logs=tuple(one.log for one in PRIORS.values()),
        mean=top,
        covariance=np.linalg.inv(curvature),
        prior_mean=np.array([one.mean for one in PRIORS.values()]),
        prior_spread=np.array([one.spread for one in PRIORS.values()]),
        fit={
            "series": float(len(panel)),
            "observations": float(panel.observations.seen.sum()),
            "largest slope": steepest,
        },
    )
    points = joint.draws(_TRIALS, 0)
    away = points - top
    normal = 0.5 * np.einsum("dp,pq,dq->d", away, curvature, away)
    weight = normal - (np.array([target(one)[0] for one in points]) - value)
    weight = np.exp(weight - weight.max())
    effective = float(weight.sum() ** 2 / (weight**2).sum() / _TRIALS)
    return replace(joint, fit={**joint.fit, "effective part of draws": effective})


def _newton(target: _Target, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A few steps that make the slope vanish, each only if it does not climb; and the Hessian."""
    for _ in range(_STEPS):
        value, slope = target(point)
        curvature = _curvature(target, point)
        if np.abs(slope).max() < _SOUGHT:
            break
        trial = point - np.linalg.solve(curvature, slope)
        if not target(trial)[0] <= value:
            break
        point = trial
    return point, curvature
