"""Cutting a panel at an origin: what fits holds nothing observed later.

Forecasters get a `Past` and what is `Asked` of them. What came out is kept apart, in `Split`, and
no forecaster is given that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from jaxtyping import Float, Int

from zizhu.errors import EvidenceError, quoted
from zizhu.history.series import log_odds

# Percent from 0 or 100 at which log odds are cut, where a panel says nothing else (assumption).
EDGE = 0.1


class SeriesLike(Protocol):
    """A series of observed shares, years rising."""

    @property
    def name(self) -> str:
        """Name, used once in a panel."""

    @property
    def subject(self) -> str:
        """What it is of, the same for all regions: errors of one subject go together."""

    @property
    def region(self) -> str:
        """Whose share."""

    @property
    def kind(self) -> str:
        """What kind of share: speeds and spreads are pooled within."""

    @property
    def years(self) -> Sequence[float] | Float[np.ndarray, " t"]:
        """When observed."""

    @property
    def percents(self) -> Sequence[float] | Float[np.ndarray, " t"]:
        """The share, percent."""


@dataclass(frozen=True)
class History:
    """A series up to an origin: years [t] rising, percents [t]."""

    name: str
    subject: str
    region: str
    kind: str
    years: Float[np.ndarray, " t"]
    percents: Float[np.ndarray, " t"]


@dataclass(frozen=True)
class Asked:
    """What is to be foreseen: case c is a history and how far it lies after its last observation.

    row    number of the history [c]
    ahead  years after the last observation of that history [c]
    """

    row: Int[np.ndarray, " c"]
    ahead: Float[np.ndarray, " c"]


@dataclass(frozen=True, eq=False)
class Past:
    """Histories up to an origin, each with one observation or more; `edge` for log odds, percent.

    Nothing that lies after the origin can be reached from here. Every past is its own: what is
    worked out for one may be remembered by it.
    """

    origin: float
    histories: tuple[History, ...]
    edge: float = EDGE

    @cached_property
    def last(self) -> Float[np.ndarray, " s"]:
        """The last observation of every history, percent."""
        return np.array([one.percents[-1] for one in self.histories])

    @cached_property
    def odds(self) -> tuple[Float[np.ndarray, " t"], ...]:
        """Log odds of every history."""
        return tuple(log_odds(one.percents, self.edge) for one in self.histories)

    @cached_property
    def span(self) -> Float[np.ndarray, " s"]:
        """Years from the first to the last observation of every history."""
        return np.array([one.years[-1] - one.years[0] for one in self.histories])

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Kind of every history."""
        return tuple(one.kind for one in self.histories)

    @cached_property
    def inner(self) -> tuple[Split, ...]:
        """Every earlier year with observations as an origin: what was known then, and came out.

        Of histories observed in that very year, all later observations up to this origin are asked.
        """
        years = sorted({float(year) for one in self.histories for year in one.years})
        found = []
        for year in years:
            now = [one for one in self.histories if year in one.years and one.years[-1] > year]
            if now:
                # The others still teach what is pooled.
                rest = [one for one in self.histories if year not in one.years]
                quiet = [_until(one, year) for one in rest if one.years[0] < year]
                split = cut(now, year, edge=self.edge)
                joined = Past(year, (*split.past.histories, *quiet), self.edge)
                found.append(Split(joined, split.asked, split.year, split.percent))
        return tuple(found)


@dataclass(frozen=True)
class Split:
    """A panel cut in two.

    past     what forecasters may see
    asked    what they are asked [c]
    year     of the observation that answers [c]
    percent  that observation [c]
    """

    past: Past
    asked: Asked
    year: Float[np.ndarray, " c"]
    percent: Float[np.ndarray, " c"]

    @property
    def horizon(self) -> Float[np.ndarray, " c"]:
        """Years from the origin."""
        return np.asarray(self.year - self.past.origin)

    @property
    def before(self) -> Float[np.ndarray, " c"]:
        """The last observation before the origin, percent."""
        return np.asarray(self.past.last[self.asked.row])

    def label(self, name: str) -> list[str]:
        """One of name, subject, region, kind of every case."""
        return [str(getattr(self.past.histories[row], name)) for row in self.asked.row]


def cut(
    series: Sequence[SeriesLike],
    origin: float,
    until: float = np.inf,
    *,
    least: int = 1,
    edge: float = EDGE,
) -> Split:
    """Cut a panel after `origin`; later observations up to `until` are asked.

    Series without `least` observations up to the origin are left out. Series without later ones
    stay in the past, where what is pooled is learnt. Raises `EvidenceError` for a series whose
    years do not rise or whose percents are no shares, or if no history is left.
    """
    histories: list[History] = []
    row: list[int] = []
    ahead: list[float] = []
    year: list[float] = []
    percent: list[float] = []
    for one in series:
        _check(one)
        past = _until(one, origin)
        if len(past.years) < max(1, least):
            continue
        years, percents = np.asarray(one.years, dtype=float), np.asarray(one.percents, dtype=float)
        later = (years > origin) & (years <= until)
        row += [len(histories)] * int(later.sum())
        ahead += list(years[later] - past.years[-1])
        year += list(years[later])
        percent += list(percents[later])
        histories.append(past)
    if not histories:
        raise EvidenceError(f"no series has {max(1, least)} observations up to {origin:g}")
    asked = Asked(np.array(row, dtype=int), np.array(ahead, dtype=float))
    past_of_all = Past(float(origin), tuple(histories), edge)
    return Split(past_of_all, asked, np.array(year, dtype=float), np.array(percent, dtype=float))


def _until(one: SeriesLike, origin: float) -> History:
    """A copy of what is known by `origin`: no view of the whole series stays."""
    years = np.array(one.years, dtype=float)
    known = years <= origin
    percents = np.array(one.percents, dtype=float)[known]
    return History(one.name, one.subject, one.region, one.kind, years[known], percents)


def _check(one: SeriesLike) -> None:
    years, percents = np.asarray(one.years), np.asarray(one.percents)
    if years.shape != percents.shape or not bool((np.diff(years) > 0).all()):
        raise EvidenceError(f"series {quoted(one.name)}: its years must rise, one for each percent")
    if not bool(((percents >= 0) & (percents <= 100)).all()):
        raise EvidenceError(f"series {quoted(one.name)}: every percent must lie between 0 and 100")
