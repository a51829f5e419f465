"""How log odds of a share move, and how likely what was observed is.

For series j (one region's share of one technology under one definition) at years t,

    x_j(t) = x_j(t0) + int_t0^t v_j + sigma_g W_j(t)
    v_j(t) = [alpha_cg + eta delta B_j(t)] / d_j^kappa + gamma G_j(t) + u_j(t)
    y_j(t) = x_j(t) + e_j(t),       Var e = w^2 + rounding^2

B is catching up in the model's law of ability (`law`). G is the growth of the log odds of the
region's part of the world's income: whose economy grows sells more of everything. alpha is what
makers of a group c gain a year beyond that in figures of a kind g, d the difficulty of the node.
u is an Ornstein-Uhlenbeck process of standard deviation S_g that fades at the rate phi_g: momentum,
which is also all policy of the past. W is a random walk: shocks to the share that last. The level
at the first date has a nearly flat prior of variance L^2. Everything is Gaussian, so that

    Cov[x(s), x(t)] = L^2 + S^2/phi^2 [2 phi m + e^(-phi s) + e^(-phi t) - 1 - e^(-phi |t-s|)]
                      + sigma^2 m,        m = min(s, t), s and t since the first date,

and the likelihood, the posterior of each series' pace and its forecasts are in closed form. Shares
of one node in several regions are taken as independent (assumption).
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from zizhu.laboratory.pace.law import Scalar

# Prior standard deviation of the level at the first date, log odds: as good as flat.
_FLAT = 5.0


class Observations(NamedTuple):
    """Series of log odds, filled up to a common length.

    times     [j,t] years since the series' first date
    odds      [j,t] log odds
    rounding  [j,t] standard error of what is printed, log odds
    doubt     [j,t] place of the confidence of the source
    seen      [j,t] whether there is an observation
    follow    [j,t] sum of B over the years since the first date
    growth    [j,t] sum of G over them
    hardness  [j] ln d
    kind      [j] place of the kind of figure
    maker     [j] place of the maker's group
    weight    [j] of the series, 1 over how many tell of the same
    """

    times: Float[Array, "j t"]
    odds: Float[Array, "j t"]
    rounding: Float[Array, "j t"]
    doubt: Int[Array, "j t"]
    seen: Bool[Array, "j t"]
    follow: Float[Array, "j t"]
    growth: Float[Array, "j t"]
    hardness: Float[Array, " j"]
    kind: Int[Array, " j"]
    maker: Int[Array, " j"]
    weight: Float[Array, " j"]


class Numbers(NamedTuple):
    """What is estimated; units are log odds and years.

    follow    delta
    growth    gamma
    hardness  kappa
    drift     [c,g] alpha of each group of makers in each kind of figure
    spread    [g] S of each kind of figure
    fade      [g] phi
    shock     [g] sigma
    error     [w] standard error of a figure, by the confidence of its source
    """

    follow: Float[Array, ""]
    growth: Float[Array, ""]
    hardness: Float[Array, ""]
    drift: Float[Array, "c g"]
    spread: Float[Array, " g"]
    fade: Float[Array, " g"]
    shock: Float[Array, " g"]
    error: Float[Array, " w"]


class Future(NamedTuple):
    """Where series are asked for: [j,f] years since the first date, and sums of B and G to then."""

    times: Float[Array, "j f"]
    follow: Float[Array, "j f"]
    growth: Float[Array, "j f"]


class Moments(NamedTuple):
    """Mean and covariance by series."""

    mean: Float[Array, "j f"]
    covariance: Float[Array, "j f f"]


def drifted(
    by: Numbers, of: Observations, at: Future | Observations, elasticity: Scalar
) -> Float[Array, "j f"]:
    """Expected change of log odds since the first date."""
    lasting = by.drift[of.maker, of.kind][:, None] * at.times
    pushed = elasticity * by.follow * at.follow
    return jnp.exp(-by.hardness * of.hardness)[:, None] * (lasting + pushed) + by.growth * at.growth


def path_covariance(
    by: Numbers, kind: Int[Array, " j"], left: Float[Array, "j s"], right: Float[Array, "j t"]
) -> Float[Array, "j s t"]:
    """Covariance of log odds at two sets of years since the first date, level included."""
    spread, shock = by.spread[kind][:, None, None], by.shock[kind][:, None, None]
    s, t = left[:, :, None], right[:, None, :]
    shared = jnp.minimum(s, t)
    momentum = _integrated(by.fade[kind][:, None, None], s, t, shared)
    return _FLAT**2 + spread**2 * momentum + shock**2 * shared


def _integrated(
    fade: Float[Array, "j 1 1"],
    s: Float[Array, "j s 1"],
    t: Float[Array, "j 1 t"],
    shared: Float[Array, "j s t"],
) -> Float[Array, "j s t"]:
    """Covariance of the integral of a stationary process of variance one that fades."""
    return (
        2 * fade * shared
        + jnp.exp(-fade * s)
        + jnp.exp(-fade * t)
        - 1
        - jnp.exp(-fade * jnp.abs(t - s))
    ) / fade**2


def _pace_covariance(
    by: Numbers, kind: Int[Array, " j"], at: Float[Array, "j f"], times: Float[Array, "j t"]
) -> Float[Array, "j f t"]:
    """Covariance of momentum u at some years with log odds at others."""
    spread = by.spread[kind][:, None, None]
    when, t, fade = at[:, :, None], times[:, None, :], by.fade[kind][:, None, None]
    # int_0^t exp(-fade |when - r|) dr
    before = (jnp.exp(-fade * jnp.maximum(when - t, 0)) - jnp.exp(-fade * when)) / fade
    after = (1 - jnp.exp(-fade * jnp.maximum(t - when, 0))) / fade
    return spread**2 * (before + after)


def _covariance(by: Numbers, of: Observations) -> Float[Array, "j t t"]:
    """Of what was seen; places not seen are alone, with one."""
    both = of.seen[:, :, None] & of.seen[:, None, :]
    noise = by.error[of.doubt] ** 2 + of.rounding**2
    own = jnp.eye(of.times.shape[1])
    covariance = path_covariance(by, of.kind, of.times, of.times) + noise[:, :, None] * own
    return jnp.where(both, covariance, own)


def _rest(by: Numbers, of: Observations, elasticity: Scalar) -> Float[Array, "j t"]:
    """What was seen less what is expected, up to the level."""
    expected = drifted(by, of, of, elasticity)
    return jnp.where(of.seen, of.odds - expected, 0.0)


def log_likelihood(by: Numbers, of: Observations, elasticity: Scalar) -> Float[Array, " j"]:
    """Log density of each series times its weight, the first level with a nearly flat prior."""
    count = of.seen.sum(axis=1)
    fit = _quadratic(_covariance(by, of), _rest(by, of, elasticity))
    return of.weight * (fit - 0.5 * count * jnp.log(2 * jnp.pi))


@jax.custom_vjp
def _quadratic(covariance: Float[Array, "j t t"], rest: Float[Array, "j t"]) -> Float[Array, " j"]:
    """-(1/2) r' K^-1 r - (1/2) ln det K of every series."""
    return _quadratic_forward(covariance, rest)[0]


def _quadratic_forward(
    covariance: Float[Array, "j t t"], rest: Float[Array, "j t"]
) -> tuple[Float[Array, " j"], tuple[Float[Array, "j t t"], Float[Array, "j t"]]]:
    factor = jnp.linalg.cholesky(covariance)
    own = jnp.broadcast_to(jnp.eye(covariance.shape[1]), covariance.shape)
    root = jax.scipy.linalg.solve_triangular(factor, own, lower=True)
    inverse = jnp.einsum("jst,jsu->jtu", root, root)
    weighed = jnp.einsum("jtu,ju->jt", inverse, rest)
    sizes = jnp.log(jnp.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    return -0.5 * (weighed * rest).sum(axis=1) - sizes, (inverse, weighed)


def _quadratic_backward(
    kept: tuple[Float[Array, "j t t"], Float[Array, "j t"]], slope: Float[Array, " j"]
) -> tuple[Float[Array, "j t t"], Float[Array, "j t"]]:
    """d/dK = (1/2) (a a' - K^-1), d/dr = -a with a = K^-1 r: cheaper than through the factor."""
    inverse, weighed = kept
    by_covariance = 0.5 * (weighed[:, :, None] * weighed[:, None, :] - inverse)
    return slope[:, None, None] * by_covariance, -slope[:, None] * weighed


_quadratic.defvjp(_quadratic_forward, _quadratic_backward)


def forecast(by: Numbers, of: Observations, at: Future, elasticity: Scalar) -> Moments:
    """Log odds at other years given what was seen; errors of new figures are not in it."""
    factor = jnp.linalg.cholesky(_covariance(by, of))
    expected = drifted(by, of, at, elasticity)
    cross = path_covariance(by, of.kind, at.times, of.times) * of.seen[:, None, :]
    return _given(
        factor,
        _rest(by, of, elasticity),
        expected,
        cross,
        path_covariance(by, of.kind, at.times, at.times),
    )


def momentum(by: Numbers, of: Observations, at: Float[Array, "j f"], elasticity: Scalar) -> Moments:
    """Momentum u at some years given what was seen, log odds a year."""
    factor = jnp.linalg.cholesky(_covariance(by, of))
    cross = _pace_covariance(by, of.kind, at, of.times) * of.seen[:, None, :]
    between = jnp.exp(-by.fade[of.kind][:, None, None] * jnp.abs(at[:, :, None] - at[:, None, :]))
    prior = by.spread[of.kind][:, None, None] ** 2 * between
    return _given(factor, _rest(by, of, elasticity), jnp.zeros_like(at), cross, prior)


def _given(
    factor: Float[Array, "j t t"],
    rest: Float[Array, "j t"],
    expected: Float[Array, "j f"],
    cross: Float[Array, "j f t"],
    prior: Float[Array, "j f f"],
) -> Moments:
    def solved(values: Float[Array, "j t f"]) -> Float[Array, "j t f"]:
        return jax.scipy.linalg.solve_triangular(factor, values, lower=True)

    weighed = solved(cross.transpose(0, 2, 1))
    residual = solved(rest[..., None])
    mean = expected + (weighed * residual).sum(axis=1)
    return Moments(mean, prior - weighed.transpose(0, 2, 1) @ weighed)
