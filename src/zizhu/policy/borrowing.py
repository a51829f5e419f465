"""Spending beyond or below income: who borrows abroad, who lends.

A region's final spending changes by B_n million, borrowed from the others in proportion to their
GDP Y; the sum over regions is zero:

    deficit_n = B_n  for those named,      deficit_j = -sum B  Y_j / sum Y  for the others

The model counts deficits in shares of world value added, which keeps its base value. Real amounts
of a path are therefore divided by the growth of world GDP, at constant relative prices
(assumption; in the baseline on the shipped world the two are within 4 percent in 2035).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError
from zizhu.policy.context import Context
from zizhu.policy.path_context import PathContext


def gdp_of(context: Context) -> Float[np.ndarray, "*t n"]:
    """GDP in the unit of deficits: of each year with the world's sum of the base year, or base."""
    if not isinstance(context, PathContext):
        return context.world.gdp
    return np.asarray(context.gdp * _deflator(context)[:, None])


def final_spending(context: Context) -> Float[np.ndarray, "*t n"]:
    """Spending of households, governments and investors, in the unit of deficits."""
    spent = context.world.final.sum(axis=(0, 1, 3))
    return np.asarray(gdp_of(context) * spent / context.world.gdp)


def in_unit_of_deficits(
    context: Context, real: Float[np.ndarray, "*t n"]
) -> Float[np.ndarray, "*t n"]:
    """Real million in the unit of deficits."""
    if not isinstance(context, PathContext):
        return real
    return np.asarray(real * _deflator(context)[:, None])


def borrowed(
    context: Context, regions: Sequence[int], amount: Float[np.ndarray, "*t n"]
) -> Float[np.ndarray, "*t n"]:
    """Deficits that pay for the amounts of the regions named, lent by all others.

    Raises `ScenarioError` if nobody is left to lend.
    """
    others = [n for n in range(len(context.world.regions)) if n not in regions]
    if not others:
        raise ScenarioError("regions: all regions of the world cannot borrow at once; name fewer")
    return transferred(context, regions, others, amount)


def transferred(
    context: Context,
    takers: Sequence[int],
    givers: Sequence[int],
    amount: Float[np.ndarray, "*t n"],
) -> Float[np.ndarray, "*t n"]:
    """Deficits of those who take the amount [n], paid by the givers in proportion to their GDP."""
    found = np.zeros_like(amount)
    found[..., list(takers)] = amount[..., list(takers)]
    gdp = gdp_of(context)[..., list(givers)]
    total = found.sum(axis=-1, keepdims=True)
    found[..., list(givers)] -= total * gdp / gdp.sum(axis=-1, keepdims=True)
    return found


def _deflator(context: PathContext) -> Float[np.ndarray, " t"]:
    world = context.gdp.sum(axis=1)
    return np.asarray(world[0] / world)
