"""A series of the panel: one technology, one country, one way of counting, several years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from jaxtyping import Float

Place = Literal["world", "home"]
Basis = Literal["headquarters", "location", "brand"]
Kind = Literal[
    "market",
    "capacity",
    "mineral",
    "patents",
    "models",
    "trade",
    "value_added",
    "domestic_use",
    "sector",
]
Confidence = Literal["read", "medium", "low", "recalled"]
Direction = Literal["rises", "stands", "falls"]

PLACES: tuple[str, ...] = get_args(Place)
BASES: tuple[str, ...] = get_args(Basis)
KINDS: tuple[str, ...] = get_args(Kind)
# The surest first.
CONFIDENCES: tuple[str, ...] = get_args(Confidence)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

# Sources print tenths of a percent at best: nothing is read beyond.
LEAST, MOST = 0.1, 99.9
# What counts as a move over the whole span of a series (judgement): points, or log odds where a
# share is so small that two points would be a large part of it.
MOVED_POINTS = 2.0
SMALL_SHARE = 10.0
MOVED_ODDS = 0.3


def log_odds(
    percents: Float[np.ndarray, "*shape"], edge: float = LEAST
) -> Float[np.ndarray, "*shape"]:
    """ln(s / (1 - s)) of shares in percent, those nearer to 0 or 100 than `edge` moved to it.

    By default cut to what sources can print.
    """
    share = np.clip(percents, edge, 100 - edge) / 100
    return np.asarray(np.log(share / (1 - share)))


def logit(percent: float) -> float:
    """The same of one share, as a number."""
    return float(log_odds(np.array(percent, dtype=float)))


@dataclass(frozen=True)
class Series:
    """Dated shares of one subject and region under one definition.

    name         readable and unique in the panel
    subject      technology in words, the same for all regions of it
    node         `chain/node`, `sector:C26`, or empty where neither is the same thing
    region       country of the makers (place world), or whose market it is (place home)
    place        world: part of the world's; home: part of the region's purchases met by its makers
    basis        whose a product is: headquarters of the firm, location of the plant, or brand
    measure      what is counted
    source       publishers, titles and years; facts by id; distinct ones joined by a semicolon
    confidence   the weakest of its observations
    years        ascending; 2020.5 is the middle of 2020
    percents     0 to 100, as many as years
    confidences  of each observation: read (in a source or data file), medium (second-hand),
                 low (definitions differ) or recalled (not found again)
    """

    name: str
    subject: str
    node: str
    region: str
    place: Place
    basis: Basis
    measure: str
    kind: Kind
    source: str
    confidence: Confidence
    note: str
    years: tuple[float, ...]
    percents: tuple[float, ...]
    confidences: tuple[Confidence, ...]

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What makes two observations ones of the same series."""
        return (self.subject, self.node, self.region, self.place, self.basis, self.measure)

    def at(self, places: Sequence[int]) -> Series:
        """With the dates at some places only."""

        def kept(values: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(values[place] for place in places)

        return replace(
            self,
            years=kept(self.years),
            percents=kept(self.percents),
            confidences=kept(self.confidences),
        )

    @property
    def span(self) -> float:
        """Years between the first and the last observation; 0 where there is one only."""
        return self.years[-1] - self.years[0]

    @property
    def moved(self) -> float:
        """Change between the first and the last observation, percentage points, signed."""
        return self.percents[-1] - self.percents[0]

    @property
    def pace(self) -> float:
        """Change of the logit a year over the whole span, signed; 0 where there is one year only.

        (ln(s1/(1-s1)) - ln(s0/(1-s0))) / years: a share that wins customers at a constant rate
        against the rest moves along a straight line in the logit.
        """
        return self._odds_moved / self.span if self.span else 0.0

    @property
    def direction(self) -> Direction:
        """Where it went over the whole span.

        It rises where it gains more than 2 points, or more than 0.3 in log odds from below 10
        percent; it falls where the same is so backwards in time; else it stands (judgement).
        """
        if self.moved > MOVED_POINTS or (
            self.percents[0] < SMALL_SHARE and self._odds_moved > MOVED_ODDS
        ):
            return "rises"
        if self.moved < -MOVED_POINTS or (
            self.percents[-1] < SMALL_SHARE and self._odds_moved < -MOVED_ODDS
        ):
            return "falls"
        return "stands"

    @property
    def rises(self) -> bool:
        """Whether it rises; see `direction`."""
        return self.direction == "rises"

    @property
    def falls(self) -> bool:
        """Whether it falls; see `direction`."""
        return self.direction == "falls"

    @property
    def stands(self) -> bool:
        """Whether it neither rises nor falls; see `direction`."""
        return self.direction == "stands"

    @property
    def _odds_moved(self) -> float:
        return logit(self.percents[-1]) - logit(self.percents[0])
