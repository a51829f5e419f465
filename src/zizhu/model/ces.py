"""CES price indices in logs, exact at the Cobb-Douglas limit."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float


def log_ces(
    weights: Float[Array, "..."],
    log_prices: Float[Array, "..."],
    power: Float[Array, ""],
    axis: int,
) -> Float[Array, "..."]:
    """Log of the CES index `[sum w p^r]^(1/r)`, with `sum w = 1` over `axis`, r = `power`.

    Written as `log1p(sum w expm1(r log p)) / r`, accurate for every r that is not zero; at
    r = 0 the value is `sum w log p` exactly, and the second-order term of the expansion in r
    keeps the derivative with respect to r right there as well.
    """
    at_limit = power == 0.0
    safe = jnp.where(at_limit, 1.0, power)
    general = jnp.log1p(jnp.sum(weights * jnp.expm1(safe * log_prices), axis=axis)) / safe
    mean = jnp.sum(weights * log_prices, axis=axis)
    spread = jnp.sum(weights * jnp.square(log_prices), axis=axis) - jnp.square(mean)
    return jnp.where(at_limit, mean + 0.5 * power * spread, general)
