"""Where the search for a year's equilibrium starts.

The solution does not depend on it, nor do derivatives.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.economy import Economy
from zizhu.model.equilibrium import base_unknowns

# Years whose solutions the search of the next starts from.
REMEMBERED = 3
# No log variable is guessed to move further than this in a year.
_FURTHEST = 0.3


def starts_of_year(solved: Float[Array, "r d"], economy: Economy) -> Float[Array, "s d"]:
    """Near the parabola through the last three years, else at last year's solution, or the base.

    The parabola halves the iterations while years go on as they did. A shock that begins or ends
    bends it by several times its size, out to where no search comes back from: the step from last
    year is therefore bounded.
    """
    step = 2 * (solved[2] - solved[1]) - (solved[1] - solved[0])
    longest = jnp.max(jnp.abs(step))
    near = step * (_FURTHEST / jnp.maximum(longest, _FURTHEST))
    return jnp.stack([solved[2] + near, solved[2], base_unknowns(economy)])
