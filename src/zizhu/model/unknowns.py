"""The unknowns of the equilibrium as one vector."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.economy import Economy


class State(NamedTuple):
    """The unknowns: log changes of wages, prices of inputs and production at cost; transfers.

    Transfers are all income but wages, as a share of base income. Where labour is bound to
    sectors, their wages are unknowns too; where flows are limited, the iceberg costs that hold
    them.
    """

    wage: Float[Array, " i"]
    input_price: Float[Array, "k i"]
    production: Float[Array, "i k"]
    transfers: Float[Array, " i"]
    sector_wage: Float[Array, "i k"] | None
    limit: Float[Array, "k i i"] | None


def flatten(state: State) -> Float[Array, " d"]:
    """One vector of all unknowns that are there."""
    return jnp.concatenate([jnp.ravel(part) for part in state if part is not None])


def unflatten(x: Float[Array, " d"], like: State) -> State:
    """The state behind a vector, with the shapes of `like`."""
    parts: list[Any] = []
    start = 0
    for part in like:
        if part is None:
            parts.append(None)
        else:
            parts.append(x[start : start + part.size].reshape(part.shape))
            start += part.size
    return State(*parts)


def base_state(economy: Economy, bound_labour: bool, limits: bool) -> State:
    """The base: every log change is zero."""
    by_region, by_cell = jnp.zeros(economy.regions), jnp.zeros_like(economy.cost)
    return State(
        wage=by_region,
        input_price=by_cell.T,
        production=by_cell,
        transfers=(economy.income - economy.wage_bill) / economy.income,
        sector_wage=by_cell if bound_labour else None,
        limit=jnp.zeros_like(economy.tariff).transpose(1, 0, 2) if limits else None,
    )
