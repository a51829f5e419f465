"""CES price indices in logs, exact at the Cobb-Douglas limit."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float


def log_ces(
    sum_over: str,
    weights: Float[Array, "..."],
    log_prices: Float[Array, "..."],
    power: Float[Array, ""],
) -> Float[Array, "..."]:
    """Log of the CES index `[sum w p^r]^(1/r)`, r = `power`, weights summing to one.

    `sum_over` is the einsum of weights and prices that sums over the goods of the nest.

    Written as `log1p(sum w expm1(r log p)) / r`, accurate for every r that is not zero; at
    r = 0 the value is `sum w log p` exactly, and the second-order term of the expansion in r
    keeps the derivative with respect to r right there as well.
    """
    at_limit = power == 0.0
    safe = jnp.where(at_limit, 1.0, power)
    goods, index = sum_over.split("->")
    columns = jnp.stack([jnp.expm1(safe * log_prices), log_prices, jnp.square(log_prices)], -1)
    general, mean, square = jnp.moveaxis(jnp.einsum(f"{goods}z->{index}z", weights, columns), -1, 0)
    limit = mean + 0.5 * power * (square - jnp.square(mean))
    return jnp.where(at_limit, limit, jnp.log1p(general) / safe)
