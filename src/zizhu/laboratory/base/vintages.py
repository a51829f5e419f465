"""How fast one share moved: the slope of its log odds over figures of one definition.

    logit s(t) = a + p t + error,     p by least squares, weights 1 / error^2
    p is shrunk to zero:  p S^2 / (S^2 + e^2),  its error then  S e / sqrt(S^2 + e^2)

with e the standard error of the slope and S the prior spread of paces, so that a share that was
never seen twice has pace zero and error S. The errors are those of levels; what two figures of one
source have in common cancels in their change, so that e is rather too large.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

# Figures further from the base year say little about its pace; so many years (assumption).
_WINDOW = 8
# Figures of one or two years running differ by method and by the business cycle (assumption).
_LEAST_SPAN = 2


class Figure(NamedTuple):
    """A share of one date: its log odds and their standard error."""

    year: int
    odds: float
    error: float


class Pace(NamedTuple):
    """Log odds a year, shrunk, with its error, and what it was measured on."""

    value: float
    error: float
    origin: str


def pace_of_figures(
    figures: Iterable[Figure], base_year: int, spread: float, origin: str
) -> Pace | None:
    """Pace around the base year; nothing if the figures span less than two years.

    spread  prior spread S, log odds a year
    """
    near = [one for one in figures if abs(one.year - base_year) <= _WINDOW]
    years = np.array([one.year for one in near], dtype=float)
    if not near or np.ptp(years) < _LEAST_SPAN:
        return None
    weight = np.array([one.error for one in near]) ** -2.0
    odds = np.array([one.odds for one in near])
    centred = years - weight @ years / weight.sum()
    precision = float(weight @ centred**2)
    slope = float(weight @ (centred * odds)) / precision
    kept = spread**2 / (spread**2 + 1 / precision)
    words = f"{origin}, {int(years.min())} to {int(years.max())}"
    return Pace(slope * kept, float(np.sqrt(kept / precision)), words)
