"""Spending beyond or below income: who borrows abroad, who lends.

A region's final spending changes by B_n million, borrowed from the others in proportion to their
GDP Y; the sum over regions is zero:

    deficit_n = B_n  for those named,      deficit_j = -sum B  Y_j / sum Y  for the others

What a measure that ends has borrowed is paid back in the years of the path after its last one, in
equal parts and without interest (assumption), and what it has lent comes back the same way:

    B_t = - (sum of B until then) / (number of years left)      in every year left

A measure without an end, or whose end no year of the path follows, is not settled in the path: its
reader is told, since income counts what is borrowed.

The model counts deficits in shares of world value added, which keeps its base value. Real amounts
of a path are therefore divided by the growth of world GDP, at constant relative prices
(assumption; in the baseline on the shipped world the two are within 4 percent in 2035).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError
from zizhu.policy.context import Context
from zizhu.policy.path_context import PathContext


def settled(
    context: PathContext, real: Float[np.ndarray, "t n"], end: dt.date | None
) -> tuple[Float[np.ndarray, "t n"], str]:
    """Real amounts that are borrowed (below zero: lent) with what settles them; and a remark.

    end  last day of the measure
    """
    left = [] if end is None else [t for t, year in enumerate(context.years) if year > end.year]
    total = real.sum(axis=0)
    lent = bool(total.sum() < 0)
    amount = (
        f"{'lent' if lent else 'borrowed'} abroad, {abs(total.sum()) / 1e3:,.0f} bn "
        f"{context.world.currency},"
    )
    if not left:
        wrong = "low" if lent else "high"
        return real, (
            f"what is {amount} is not paid back within the path, so that real income is too "
            f"{wrong} by it; a `to` before the last year has it paid back"
        )
    found = real.copy()
    found[left] -= total / len(left)
    first, last = context.years[left[0]], context.years[-1]
    return found, f"what is {amount} is paid back in equal parts in {first} to {last}, no interest"


def gdp_of(context: Context) -> Float[np.ndarray, "*t n"]:
    """GDP in the unit of deficits: of each year with the world's sum of the base year, or base."""
    if not isinstance(context, PathContext):
        return context.world.gdp
    return np.asarray(context.gdp * _deflator(context)[:, None])


def final_spending(context: Context) -> Float[np.ndarray, "*t n"]:
    """Real spending of households, governments and investors, million."""
    spent = context.world.final.sum(axis=(0, 1, 3))
    gdp = context.gdp if isinstance(context, PathContext) else context.world.gdp
    return np.asarray(gdp * spent / context.world.gdp)


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
