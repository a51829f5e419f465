"""The size of a node's world market at the base year, from dated figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zizhu.chains.motion import Market
from zizhu.laboratory.base.errors import MARK, triangle_error


@dataclass(frozen=True)
class MarketSize:
    """World sales at the base year, bn USD, and their relative standard error.

    given    the figure that it rests on
    carried  whether it was moved to the base year by the growth between two figures
    """

    given: Market
    size: float
    error: float
    carried: bool


def market_size(
    figures: Sequence[Market], base_year: int, parameters: Mapping[str, float]
) -> MarketSize | None:
    """Size from the figure nearest to the base year; nothing without figures.

    Between figures of two years it grows at the rate between the two nearest ones. The error is
    that of the confidence, or of the range read as a triangle in logs where that is wider; each
    year of distance adds `market_drift` where no growth is known.
    """
    if not figures:
        return None
    near = sorted(figures, key=lambda one: (abs(one.year - base_year), -one.year))
    given, years = near[0], base_year - near[0].year
    of_range = triangle_error(np.log([given.low, given.value, given.high]))
    error = max(parameters[f"market_error_{MARK[given.confidence]}"], of_range)
    other = next((one for one in near if one.year != given.year), None)
    if years == 0 or other is None:
        aged = np.hypot(error, abs(years) * parameters["market_drift"])
        return MarketSize(given, given.value, float(aged), carried=False)
    growth = np.log(other.value / given.value) / (other.year - given.year)
    return MarketSize(
        given, float(given.value * np.exp(growth * years)), float(error), carried=True
    )
