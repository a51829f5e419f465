"""Tables of scores as they are published, and the bars that they have to pass.

Bars were set before scores were known. A bar that is missed stays missed, with its number.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from zizhu.errors import EvidenceError, quoted
from zizhu.laboratory.backtest import node_tables, sector_tables
from zizhu.laboratory.backtest.naive import METHODS
from zizhu.laboratory.backtest.nodes import MODEL, STILL
from zizhu.laboratory.backtest.sector_tables import shipped_table

NAMES = ("nodes", "left-out", "sectors", "groups")
LINEAR = "linear drift"
# Bars: points a year, parts, part of truths within the 80 percent band.
MOST_BIAS, LEAST_SIGNS, MOST_RISE = 0.3, 0.8, 0.3
COVERED = (0.7, 0.9)
# What a table is of: columns beside cell, kind and horizon.
OF = {"nodes": "origin", "left-out": "", "sectors": "panel", "groups": "panel"}
_WORLD_SHARES = ("exports", "output")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Bar:
    """One thing that must hold of a table.

    of      which part of the table, in words
    what    what must hold
    value   the number
    beside  what it is held against, in words
    met     whether it holds
    few     whether it rests on few cases
    unsure  whether CRPS differs from that of persistence by less than two standard errors
    """

    table: str
    of: str
    what: str
    value: float
    beside: str
    met: bool
    few: bool = False
    unsure: bool = False


@dataclass(frozen=True)
class Published:
    """Scores of one table, of `nodes` with what was said of shares of almost nothing."""

    name: str
    scores: pd.DataFrame
    standing: pd.DataFrame | None = None

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Every bar of the table."""
        if self.name in ("sectors", "groups"):
            return tuple(_of_sectors(self.name, self.scores))
        return tuple(_of_nodes(self.name, self.scores, self.standing))


def published(name: str, *, fresh: bool = False, progress: Progress = lambda _: None) -> Published:
    """A table by name, stored or computed anew; raises `EvidenceError` for other names."""
    if name not in NAMES:
        raise EvidenceError(
            f"backtest {quoted(name)}: there is no such table; {', '.join(NAMES)} are right"
        )
    if not fresh:
        standing = shipped_table("standing") if name == "nodes" else None
        return Published(name, shipped_table(name.replace("-", "_")), standing)
    if name == "nodes":
        tables = {one: _as_written(of) for one, of in node_tables.node_tables(progress).items()}
        return Published(name, tables["nodes"], tables["standing"])
    if name == "left-out":
        return Published(name, _as_written(node_tables.left_out_table(progress)))
    progress(f"{name}: forecasts from input-output tables")
    make = sector_tables.sector_table if name == "sectors" else sector_tables.group_table
    return Published(name, _as_written(make()))


def _as_written(table: pd.DataFrame) -> pd.DataFrame:
    """As it is read again from its file."""
    return pd.read_csv(io.StringIO(node_tables.text_of(table)), comment="#")


Row = Mapping[str, Any]


def by_method(scores: pd.DataFrame) -> dict[str, Row]:
    """Rows of one cell and horizon by method."""
    found: dict[str, Row] = {}
    for row in scores.to_dict("records"):
        found[str(row["method"])] = {str(key): value for key, value in row.items()}
    return found


def best_other(rows: Mapping[str, Row]) -> str:
    """Of the naive methods but persistence the one with the smallest CRPS."""
    naive = [one.name for one in METHODS if one.name != STILL]
    return min(naive, key=lambda name: float(rows[name]["crps"]))


def _of_nodes(table: str, scores: pd.DataFrame, standing: pd.DataFrame | None) -> Iterator[Bar]:
    """Bars of technologies: those whose market or capacity is counted, all horizons together."""
    here = scores[(scores["cell"] == "nodes") & (scores["horizon"].astype(str) == "all")]
    if "origin" not in here:
        yield from _of_cell(table, "left out", by_method(here), (STILL,))
        return
    for origin, rows in here.groupby("origin", sort=True):
        of = f"from {origin}"
        yield from _of_cell(table, of, by_method(rows), (STILL, LINEAR))
        if standing is not None:
            paces = standing.loc[standing["origin"] == origin, "forecast_pace"]
            rise, few = float(paces.mean()), len(paces) < node_tables.FEW
            what = "rise of Chinese shares < 1 %, pt a year"
            yield Bar(table, of, what, rise, f"{MOST_RISE:g}", rise <= MOST_RISE, few=few)


def _of_cell(table: str, of: str, by: Mapping[str, Row], others: Sequence[str]) -> Iterator[Bar]:
    """Bars of one cell; whoever is known from one date only stands still in a line of its own."""
    model = {key: value for key, value in by[MODEL].items() if not isinstance(value, str)}
    for column, words in (("absolute_error", "median absolute error"), ("crps", "CRPS")):
        for other in others:
            value, limit = float(model[column]), float(by[other][column])
            unsure = column == "crps" and other == STILL and _unsure(model)
            what = f"{words} below {other}"
            yield Bar(table, of, what, value, f"{limit:.2f}", value < limit, unsure=unsure)
    bias, signs, cover = (float(model[c]) for c in ("pace_bias", "right_sign", "cover80"))
    what = "mean pace off by less, pt a year"
    yield Bar(table, of, what, bias, f"{MOST_BIAS:g}", abs(bias) < MOST_BIAS)
    few, least = int(model["moves"]) < node_tables.FEW, 100 * LEAST_SIGNS
    what = "right sign of moves, percent"
    yield Bar(table, of, what, 100 * signs, f"{least:g}", signs >= LEAST_SIGNS, few=few)
    low, high = COVERED
    what, met = "80 percent band holds, percent", low <= cover <= high
    yield Bar(table, of, what, 100 * cover, f"{100 * low:g}-{100 * high:g}", met)
    rise, few = float(model["still_pace"]), int(model["still"]) < node_tables.FEW
    what = "rise of what stood, pt a year"
    yield Bar(table, of, what, rise, f"{MOST_RISE:g}", rise <= MOST_RISE, few=few)


def _of_sectors(table: str, scores: pd.DataFrame) -> Iterator[Bar]:
    """Bars of sectors: CRPS over that of persistence, at the horizon where it is largest."""
    for (panel, kind), rows in scores.groupby(["panel", "kind"], sort=False):
        ratios: list[tuple[float, Row]] = []
        for _, one in rows.groupby("horizon"):
            by = by_method(one)
            ratios.append((float(by[MODEL]["crps"]) / float(by[STILL]["crps"]), by[MODEL]))
        worst, model = max(ratios, key=lambda one: one[0])
        strict = kind in _WORLD_SHARES
        met = worst < 1 if strict else worst <= 1
        yield Bar(
            table,
            f"{WORDS[str(panel)]}, {kind}",
            "CRPS over persistence's, worst horizon",
            worst,
            "below 1" if strict else "1 at most",
            met,
            unsure=_unsure(model),
        )


def _unsure(model: Row) -> bool:
    """Whether CRPS differs from that of persistence by less than two standard errors."""
    return abs(float(model["over_still"])) < 2 * float(model["over_still_error"])


# What the panels of sectors are called.
WORDS = {"icio": "OECD", "wiod": "WIOD", "groups": "China"}
