"""What moves a node over the years: its market, its own growth, research, entry, generations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from zizhu.chains.parts import Part, Percent, Ranged, Sourced, Within
from zizhu.reading import Year

# Growth of a node's own demand is counted from this year.
GROWTH_FROM = 2022

# A moment between two years: 2023.5 is the middle of 2023.
Moment = Annotated[float, Field(ge=1900, le=2200)]


class Market(Ranged, Sourced):
    """Sales of a node in the whole world in one year, bn USD, and what they count."""

    year: Year
    measure: str

    def _check_limits(self) -> None:
        if self.low <= 0:
            raise ValueError(f"{self.low:g} bn USD; a market above 0 is right")


class Times(Within):
    """Multiple of the demand of 2022, beyond what the uses of a node grow."""

    limits: ClassVar[tuple[float, float]] = (0.01, 1000.0)


class Speed(Within):
    """Rate of a logistic, per year."""

    limits: ClassVar[tuple[float, float]] = (0.0, 5.0)


class Growth(Sourced):
    """Demand for a node that grows beyond what its uses grow, a logistic from 1 to `times`."""

    times: Times
    speed: Speed
    note: str = ""

    def factor(self, year: float) -> float:
        """Multiple of the demand of 2022 in a year, K / (1 + (K-1) exp(-r t)), t from 2022."""
        ratio, rate = self.times.value, self.speed.value
        return ratio / (1 + (ratio - 1) * math.exp(-rate * (year - GROWTH_FROM)))


class Research(Percent, Sourced):
    """Research of a node's makers, percent of their sales."""

    note: str = ""


class Entry(Sourced):
    """Clock of a region that does not make a node yet: when its first product may be sold.

    Effort from `start` at the reference `effort`, bn USD a year, reaches a product in the `median`
    year with log-normal spread `spread`, and never before `earliest`.
    """

    region: str
    start: Moment
    median: Moment
    earliest: Moment
    spread: Annotated[float, Field(gt=0, le=3)]
    effort: Annotated[float, Field(gt=0)]
    note: str = ""


class PartAbove(Part):
    """Part of the world's demand above the threshold in one year."""

    year: Year
    percent: Annotated[float, Field(ge=0, le=100)]


def _followed(shares: Sequence[PartAbove]) -> Sequence[PartAbove]:
    """A logistic through several years has no place for nothing and all."""
    if len(shares) > 1 and any(one.percent in (0, 100) for one in shares):
        raise ValueError("0 and 100 percent stand alone; several years lie between them")
    return shares


class Above(Sourced):
    """Part of the world's demand for a node that is above what export controls name.

    `measure` names the threshold. One year holds for all; between and beyond several years the
    part follows a logistic.
    """

    measure: str
    shares: Annotated[tuple[PartAbove, ...], Field(min_length=1), AfterValidator(_followed)]
    note: str = ""

    def part(self, year: float) -> float:
        """Part above the threshold in a year, 0 to 1: linear in log odds between two years.

        Before the first and after the last year the nearest two years are continued.
        """
        known = self.shares
        if len(known) == 1:
            return known[0].percent / 100
        place = sum(one.year <= year for one in known)
        first, last = known[max(0, min(place - 1, len(known) - 2)) :][:2]
        ends = [math.log(one.percent / (100 - one.percent)) for one in (first, last)]
        pace = (ends[1] - ends[0]) / (last.year - first.year)
        return 1 / (1 + math.exp(-ends[0] - pace * (year - first.year)))
