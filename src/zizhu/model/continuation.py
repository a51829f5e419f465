"""A shock that is too large to be solved at once, in steps from the base or from another."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.shock import NoShock, Shock

# What solves a part of the shock from a guess: the unknowns and how far they miss.
Attempt = Callable[[float, Float[Array, " d"]], tuple[Float[Array, " d"], float]]

_FIRST_STEP, _LEAST_STEP = 0.5, 1 / 512
_MOST_ATTEMPTS = 60


class Followed(NamedTuple):
    """How far a shock could be followed.

    x         unknowns of the last part that was solved
    part      that part of the shock, from 0 to 1
    steps     parts that were solved on the way, the whole included
    attempts  parts that were tried
    """

    x: Float[Array, " d"]
    part: float
    steps: int
    attempts: int


def part_of(shock: Shock, part: float) -> NoShock:
    """A part of the shock, 0 to 1: wedges in proportion (logs for costs and limits on flows)."""
    scaled = {
        name: part * getattr(shock, name) for name in NoShock._fields if name != "log_flow_limit"
    }
    limit = shock.log_flow_limit
    limited = jnp.isfinite(limit)
    return NoShock(
        **scaled, log_flow_limit=jnp.where(limited, part * jnp.where(limited, limit, 0.0), jnp.inf)
    )


def between(one: NoShock, other: NoShock, part: float) -> NoShock:
    """A shock on the way from one to the other, 0 to 1: wedges in proportion; limits of the other.

    Years of a path have no limits on flows.
    """
    names = [name for name in NoShock._fields if name != "log_flow_limit"]
    both = ((name, getattr(one, name), getattr(other, name)) for name in names)
    return other._replace(**{name: a + part * (b - a) for name, a, b in both})


def follow(
    attempt: Attempt,
    start: Float[Array, " d"],
    largest_residual: float,
    *,
    first_step: float = _FIRST_STEP,
) -> Followed:
    """Solve growing parts of a shock, each from where the ones before it point.

    A step that fails is halved, one that is solved makes the next twice as long. Ends at the whole
    shock, or where a step of 1/512 of it, or the sixtieth attempt, fails.
    """
    done: list[tuple[float, Float[Array, " d"]]] = [(0.0, start)]
    step, attempts = first_step, 0
    while done[-1][0] < 1.0 and step >= _LEAST_STEP and attempts < _MOST_ATTEMPTS:
        attempts += 1
        at, x = done[-1]
        part = min(at + step, 1.0)
        guess = x
        if len(done) > 1:
            before, other = done[-2]
            guess = x + (x - other) * ((part - at) / (at - before))
        found, residual = attempt(part, guess)
        if residual <= largest_residual:
            done.append((part, found))
            step *= 2
        else:
            step = (part - at) / 2
    part, x = done[-1]
    return Followed(x, part, len(done) - 1, attempts)
