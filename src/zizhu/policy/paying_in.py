"""From a fund's announcement to money at work, in the years of a path.

The same schedule as the model's for nodes (equal instalments), for one announcement C of the year
y0, with a path's parameters:

    paid in   P_t = ratio C / life        for y0 <= t < y0 + life
    deployed  D_t = P_(t - lag)           at work (1 - leakage) D_t, leaked leakage D_t
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float


class Schedule(NamedTuple):
    """Money of each year of a path, in the unit of the commitment."""

    paid: Float[np.ndarray, " t"]
    deployed: Float[np.ndarray, " t"]
    at_work: Float[np.ndarray, " t"]


def schedule(
    years: Sequence[int],
    announced: int,
    commitment: float,
    *,
    ratio: float,
    life: int,
    lag: int,
    leakage: float,
) -> Schedule:
    """What is paid in, deployed and at work in each of the years.

    commitment  announced money, any unit
    ratio       part of it that is paid in
    life, lag   whole years, 1 or more and 0 or more
    leakage     part of deployed money that moves nothing
    """
    since = np.asarray(years) - announced
    instalment = ratio * commitment / life
    paid = np.where((since >= 0) & (since < life), instalment, 0.0)
    deployed = np.where((since >= lag) & (since < life + lag), instalment, 0.0)
    return Schedule(paid, deployed, (1 - leakage) * deployed)
