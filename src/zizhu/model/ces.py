"""CES price indices in logs, exact at the Cobb-Douglas limit."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

_SMALL = 1e-3


def log_ces(
    sum_over: str,
    weights: Float[Array, "..."],
    log_prices: Float[Array, "..."],
    power: Float[Array, ""],
) -> Float[Array, "..."]:
    """Log of the CES index `[sum w p^r]^(1/r)`, r = `power`, weights summing to one.

    `sum_over` is the einsum of weights and prices that sums over the goods of the nest.

    Written as `log1p(r g) / r` with `g = sum w expm1(r log p) / r`: smooth in r through zero,
    where it is `sum w log p`, and accurate to rounding with one sum over goods.
    """
    mean = jnp.einsum(sum_over, weights, log_prices * _expm1_over(power * log_prices))
    return mean * _log1p_over(power * mean)


def _expm1_over(y: Float[Array, "..."]) -> Float[Array, "..."]:
    """Return expm1(y) / y, by its series where y is small."""
    small = jnp.abs(y) < _SMALL
    safe = jnp.where(small, 1.0, y)
    series = 1 + y / 2 * (1 + y / 3 * (1 + y / 4 * (1 + y / 5)))
    return jnp.where(small, series, jnp.expm1(safe) / safe)


def _log1p_over(y: Float[Array, "..."]) -> Float[Array, "..."]:
    """Return log1p(y) / y, by its series where y is small."""
    small = jnp.abs(y) < _SMALL
    safe = jnp.where(small, 1.0, y)
    series = 1 - y * (1 / 2 - y * (1 / 3 - y * (1 / 4 - y * (1 / 5 - y / 6))))
    return jnp.where(small, series, jnp.log1p(safe) / safe)
