"""How log odds of a sector's share move: reversion, momentum that fades, shocks that last.

With z = log odds less where they revert to, in yearly steps and in units of the cell's own size of
shocks sigma_c,

    x' = (1 - lambda) x + v + e1,    v' = f v + q e2,    z = x + n e3,

x what lasts, v the momentum, n what does not last; e standard normal. Momentum of this form is the
process of `path.sectors` seen whole: what it says of v after a recent change c falls as f^(t-b).
Sizes are drawn around what the level of the share lets expect,

    sigma_c^2 ~ inverse gamma(nu / 2, nu g_c / 2),    ln g_c = alpha + beta u_c + gamma u_c^2,

u_c the cell's mean log odds, standardised, so that a calm cell is known to be calm only as far as
it was observed. sigma is integrated out exactly: a cell's observations are a multivariate t, its
forecasts a t. Letters: c cell, t year.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln
from jaxtyping import Array, Bool, Float

import zizhu.model  # noqa: F401  (switches float64 on)

# Parameters in the order of their vector, each on the scale on which it is unbounded.
NAMES = (
    "log_reversion",
    "logit_fade",
    "log_momentum",
    "log_noise",
    "log_freedom",
    "size",
    "size_slope",
    "size_bend",
)
_LEAST = 1e-6
# Few cells are padded to so many, more to a multiple of the next; years to a multiple too.
_FEW, _CELLS, _GRID = 64, 1280, 18


class Observed(NamedTuple):
    """Cells over a grid of years that ends at the origin.

    z       log odds less their anchor [c,t]
    known   where observed [c,t]; a cell starts where it is first observed
    level   mean log odds, standardised over cells [c]
    weight  of each cell in the fit [c], zero to leave it out
    """

    z: Float[np.ndarray, "c t"]
    known: Bool[np.ndarray, "c t"]
    level: Float[np.ndarray, " c"]
    weight: Float[np.ndarray, " c"]


def padded(seen: Observed) -> Observed:
    """The same with cells that say nothing and years before: few shapes, few programs to compile.

    A grid that begins before anything was observed changes no number; cells of weight zero neither.
    """
    cells, years = seen.z.shape
    more = (_FEW - cells) if cells <= _FEW else -cells % _CELLS
    before = -years % _GRID
    around = ((0, more), (before, 0))
    return Observed(
        np.pad(seen.z, around),
        np.pad(seen.known, around),
        np.pad(seen.level, (0, more)),
        np.pad(seen.weight, (0, more)),
    )


class Filtered(NamedTuple):
    """What is known of every cell at the end of the grid, in units of its size of shocks.

    x, v            means [c]
    pxx, pxv, pvv   covariances [c]
    square, logdet  of one-year surprises [c]
    surprises       how many [c]
    """

    x: Float[Array, " c"]
    v: Float[Array, " c"]
    pxx: Float[Array, " c"]
    pxv: Float[Array, " c"]
    pvv: Float[Array, " c"]
    square: Float[Array, " c"]
    logdet: Float[Array, " c"]
    surprises: Float[Array, " c"]


class Rates(NamedTuple):
    """Parameters on the scale of the equations; `freedom` is nu, `steady` the variance of v."""

    reversion: Float[Array, ""]
    fade: Float[Array, ""]
    momentum: Float[Array, ""]
    noise: Float[Array, ""]
    freedom: Float[Array, ""]
    steady: Float[Array, ""]


def rates(theta: Float[Array, " p"]) -> Rates:
    """Parameters of a vector in the order of `NAMES`; nu is above 2: sizes have a mean."""
    reversion, fade = jnp.exp(theta[0]), jax.nn.sigmoid(theta[1])
    momentum = jnp.exp(theta[2])
    steady = momentum**2 / (1 - fade**2)
    return Rates(reversion, fade, momentum, jnp.exp(theta[3]), 2 + jnp.exp(theta[4]), steady)


def expected_size(theta: Float[Array, " p"], level: Float[Array, " c"]) -> Float[Array, " c"]:
    """g_c: the square of the size of shocks that a cell's level lets expect."""
    return jnp.exp(theta[5] + theta[6] * level + theta[7] * level**2)


def step(state: Filtered, r: Rates) -> Filtered:
    """One year on without an observation."""
    keep = 1 - r.reversion
    return state._replace(
        x=keep * state.x + state.v,
        v=r.fade * state.v,
        pxx=keep**2 * state.pxx + 2 * keep * state.pxv + state.pvv + 1.0,
        pxv=r.fade * (keep * state.pxv + state.pvv),
        pvv=r.fade**2 * state.pvv + r.momentum**2,
    )


def _seen(
    state: Filtered,
    started: Bool[Array, " c"],
    z: Float[Array, " c"],
    known: Bool[Array, " c"],
    r: Rates,
) -> Filtered:
    """State after an observation: the first one places a cell, later ones surprise."""
    noise = r.noise**2
    total = state.pxx + noise
    off = z - state.x
    kx, kv = state.pxx / total, state.pxv / total
    later = known & started
    first = known & ~started

    def pick(
        same: Float[Array, " c"], updated: Float[Array, " c"], placed: Float[Array, " c"]
    ) -> Float[Array, " c"]:
        return jnp.where(later, updated, jnp.where(first, placed, same))

    nothing = jnp.zeros_like(z)
    return Filtered(
        x=pick(state.x, state.x + kx * off, z),
        v=pick(state.v, state.v + kv * off, nothing),
        pxx=pick(state.pxx, (1 - kx) * state.pxx, nothing + noise),
        pxv=pick(state.pxv, (1 - kx) * state.pxv, nothing),
        pvv=pick(state.pvv, state.pvv - kv * state.pxv, nothing + r.steady),
        square=state.square + jnp.where(later, off**2 / total, 0.0),
        logdet=state.logdet + jnp.where(later, jnp.log(total), 0.0),
        surprises=state.surprises + later,
    )


def filtered(theta: Float[Array, " p"], seen: Observed) -> Filtered:
    """Kalman filter over the grid, all cells at once."""
    r = rates(theta)
    cells = seen.z.shape[0]
    zero = jnp.zeros(cells)
    start = Filtered(zero, zero, zero + r.noise**2, zero, zero + r.steady, zero, zero, zero)
    z, known = jnp.asarray(seen.z).T, jnp.asarray(seen.known).T
    state = _seen(start, zero > 0, z[0], known[0], r)

    def year(
        carry: tuple[Filtered, Bool[Array, " c"]], now: tuple[Float[Array, " c"], Bool[Array, " c"]]
    ) -> tuple[tuple[Filtered, Bool[Array, " c"]], None]:
        state, started = carry
        return (_seen(step(state, r), started, *now, r), started | now[1]), None

    (state, _), _ = jax.lax.scan(year, (state, known[0]), (z[1:], known[1:]))
    return state


def cell_likelihoods(theta: Float[Array, " p"], seen: Observed) -> Float[Array, " c"]:
    """Log density of the observations of every cell, its size integrated out."""
    state = filtered(theta, seen)
    nu = rates(theta).freedom
    scale = nu * expected_size(theta, jnp.asarray(seen.level))
    half = (nu + state.surprises) / 2
    found = (
        gammaln(half)
        - gammaln(nu / 2)
        - state.surprises / 2 * jnp.log(jnp.pi * scale)
        - state.logdet / 2
        - half * jnp.log1p(state.square / scale)
    )
    return jnp.where(state.surprises > 0, found, 0.0)


class Ahead(NamedTuple):
    """Student t of every cell at horizons h = 1..H: mean, scale [c,h] and freedom [c]."""

    mean: Float[Array, "c h"]
    scale: Float[Array, "c h"]
    freedom: Float[Array, " c"]


def ahead(theta: Float[Array, " p"], seen: Observed, horizon: int) -> Ahead:
    """What will be observed of z in the years after the grid."""
    state, r = filtered(theta, seen), rates(theta)
    nu = r.freedom + state.surprises
    size = (r.freedom * expected_size(theta, jnp.asarray(seen.level)) + state.square) / nu
    means, spreads = [], []
    for _ in range(horizon):
        state = step(state, r)
        means.append(state.x)
        spreads.append(jnp.sqrt(size * (state.pxx + r.noise**2)))
    return Ahead(jnp.stack(means, axis=1), jnp.stack(spreads, axis=1), nu)


def mean_sizes(theta: Float[Array, " p"], seen: Observed) -> Float[Array, " c"]:
    """Expected square of every cell's size of shocks, after what was observed of it."""
    state, r = filtered(theta, seen), rates(theta)
    top = r.freedom * expected_size(theta, jnp.asarray(seen.level)) + state.square
    return top / jnp.maximum(r.freedom + state.surprises - 2, _LEAST)
