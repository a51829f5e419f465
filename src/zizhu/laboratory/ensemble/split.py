"""What part of a band each group of draws is: pace, levers, table, structure.

A draw of a group serves several members that differ in all else (`design`), so that the first-order
share of the group in the variance of an answer y (Sobol' 1993; as a ratio of mean squares Fisher
1925, section 40) is the intraclass correlation of members with the same draw,

    S_g = (B - W) / (B + (r - 1) W),    B = sum_l n_l (y_l - y)^2 / (L - 1),
    W = sum_l sum_i (y_li - y_l)^2 / (D - L),    r = (D - sum_l n_l^2 / D) / (L - 1)

with L draws of the group, n_l solved members of draw l, D of all, cut to between 0 and 1. Its
standard error is that of the jackknife that leaves out one draw of the group at a time (Efron and
Stein 1981). What the groups leave is what they do together, and chance: with 64 members an error of
0.1 to 0.2 is usual, so that a small share may be none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from zizhu.laboratory.ensemble.design import GROUPS


class Share(NamedTuple):
    """First-order share of a group in a variance, 0 to 1, and its standard error."""

    share: float
    error: float


def variance_shares(
    values: Float[np.ndarray, " d"], place: Mapping[str, Int[np.ndarray, " d"]]
) -> dict[str, Share]:
    """Share of each group in the variance of an answer; not a number where it cannot be told.

    values  of each member; not a number where it was not solved
    place   by group, the draw that each member takes
    """
    known = np.isfinite(values)
    return {group: _share(values[known], place[group][known]) for group in GROUPS}


def _share(values: Float[np.ndarray, " d"], place: Int[np.ndarray, " d"]) -> Share:
    whole = intraclass(values, place)
    levels = np.unique(place)
    without = [intraclass(values[place != one], place[place != one]) for one in levels]
    number = len(levels)
    if np.isnan(whole) or not np.isfinite(without).all():
        return Share(whole, np.nan)
    spread = (number - 1) / number * np.sum((np.array(without) - np.mean(without)) ** 2)
    return Share(whole, float(np.sqrt(spread)))


def intraclass(values: Float[np.ndarray, " d"], place: Int[np.ndarray, " d"]) -> float:
    """Intraclass correlation S_g, between 0 and 1; not a number where nothing comes again."""
    levels, of = np.unique(place, return_inverse=True)
    number, total = len(levels), len(values)
    if number < 2 or total <= number:
        return float("nan")
    count = np.bincount(of)
    mean = np.bincount(of, values) / count
    between = float(count @ (mean - values.mean()) ** 2) / (number - 1)
    within = float(np.sum((values - mean[of]) ** 2)) / (total - number)
    served = (total - float(count @ count) / total) / (number - 1)
    below = between + (served - 1) * within
    # No variance at all has no parts.
    if not below > 1e-24:
        return float("nan")
    return float(np.clip((between - within) / below, 0.0, 1.0))
