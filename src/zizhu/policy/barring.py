"""Bars on sales of nodes between regions, and stores laid in before they bind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError
from zizhu.policy.path_context import PathContext


def flows(
    context: PathContext, rows: Sequence[int], sellers: Mapping[int, float], buyers: Sequence[int]
) -> Float[np.ndarray, "m n i"]:
    """What sales of the nodes by the sellers to the buyers are worth counting, 0 elsewhere.

    sellers  place of each and its part, 0 to 1; own sales are never touched

    Raises `ScenarioError` if nothing but own sales is left.
    """
    found = np.zeros_like(context.sourcing)
    for seller, part in sellers.items():
        found[np.ix_(rows, buyers, [seller])] = part
    own = np.arange(len(context.world.regions))
    found[:, own, own] = 0.0
    if not any(seller != buyer for seller in sellers for buyer in buyers):
        region = context.world.regions[buyers[0]]
        raise ScenarioError(
            f"the target is empty: seller and buyer are both {region}, and own sales are never "
            "touched"
        )
    return found


def laid_in(
    context: PathContext, taken: Float[np.ndarray, "t m n n"]
) -> Float[np.ndarray, "t m n"]:
    """Purchases in advance, in years of normal purchases, in the year before a bar rises.

    cover x sum over suppliers of (their part of purchases x the part of it that the rise takes).
    Nothing is laid in during the base year, whose tables have what was.

    taken  part of each flow that the next year's rise takes; a rise of a bar takes only what other
           bars leave
    """
    ahead = context.parameters["hoarding_cover"] * np.einsum(
        "mni,tmni->tmn", context.sourcing, taken
    )
    ahead[0] = 0.0
    return np.asarray(ahead)


def rises(barred: Float[np.ndarray, "t *shape"]) -> Float[np.ndarray, "t *shape"]:
    """By how much a bar rises to the next year, 0 where it falls and in the last year."""
    return np.maximum(np.diff(barred, axis=0, append=barred[-1:]), 0.0)


def following(by_year: Float[np.ndarray, "t *shape"]) -> Float[np.ndarray, "t *shape"]:
    """Values of the next year; the last year's stay."""
    return np.concatenate([by_year[1:], by_year[-1:]])


def capped(part: float) -> tuple[float, tuple[str, ...]]:
    """A barred part no larger than all, and what its reader should know."""
    if part <= 1:
        return part, ()
    return 1.0, (
        f"over-compliance would bar {100 * part:g} % of the sales; all of them are barred",
    )
