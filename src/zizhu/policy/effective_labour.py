"""Less labour in some sectors: what it does to unit cost where labour can move.

A sector whose workers do the part 1 + f of their work has its labour augmented by ln(1 + f), which
moves unit cost by the share of value added:

    ln T_nk changes by  va_nk ln(1 + f_k)

If f is the same in all sectors, real income moves by ln(1 + f) as if the region had that much less
labour.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from zizhu.policy.context import Context


def value_added_share(context: Context) -> Float[np.ndarray, "n k"]:
    """Part of output that is value added, in the table."""
    world = context.world
    output = world.output
    share = np.divide(world.value_added, output, out=np.zeros_like(output), where=output > 0)
    return np.asarray(share)


def as_productivity(
    context: Context, regions: Sequence[int], change: Float[np.ndarray, "*t k"]
) -> Float[np.ndarray, "*t n k"]:
    """Log productivity of regions whose sectors' effective labour changes by fractions."""
    share = np.zeros_like(context.world.output)
    share[list(regions)] = value_added_share(context)[list(regions)]
    return np.asarray(share * np.log1p(change)[..., None, :])
