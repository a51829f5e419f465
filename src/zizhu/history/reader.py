"""Tables of the panel: reading their rows, and joining the rows of a series."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd

from zizhu.errors import HistoryError, did_you_mean, quoted, short
from zizhu.history.series import (
    BASES,
    CONFIDENCES,
    KINDS,
    PLACES,
    Basis,
    Confidence,
    Kind,
    Place,
    Series,
)

COLUMNS = (
    "subject",
    "node",
    "region",
    "place",
    "basis",
    "measure",
    "kind",
    "year",
    "percent",
    "source",
    "confidence",
    "note",
)
_MAY_BE_EMPTY = ("node", "note")
_WORDS = {"place": PLACES, "basis": BASES, "kind": KINDS, "confidence": CONFIDENCES}
_REGION = re.compile(r"[A-Z]{3}|EU")
_NODE = re.compile(r"[a-z0-9_]+/[a-z0-9_]+|sector:[A-Z0-9_]+")
_FIRST_YEAR, _LAST_YEAR = 1900.0, 2100.0


@dataclass(frozen=True)
class Row:
    """An observation; fields as the columns of a table."""

    subject: str
    node: str
    region: str
    place: str
    basis: str
    measure: str
    kind: str
    year: float
    percent: float
    source: str
    confidence: str
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What makes two observations ones of the same series."""
        return (self.subject, self.node, self.region, self.place, self.basis, self.measure)


def read_table(path: Path) -> tuple[Row, ...]:
    """The rows of a table in the panel's format.

    Lines that start with `#` are its source and licence. Raises `HistoryError` naming file, row
    and column, what was found and what would be right.
    """
    place = f"history table {short(Path(path.name))}"
    try:
        frame = pd.read_csv(path, comment="#", dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise HistoryError(f"{place} cannot be read: {error}") from error
    missing = [name for name in COLUMNS if name not in frame.columns]
    strange = [name for name in frame.columns if name not in COLUMNS]
    if missing:
        raise HistoryError(f"{place} has no column {missing[0]}; {', '.join(COLUMNS)} are right")
    if strange:
        hint = did_you_mean(strange[0], COLUMNS)
        raise HistoryError(f"{place}: column {quoted(strange[0])} is unknown{hint}")
    # Rows are counted as a reader of the file counts them, without heads.
    rows = frame.to_dict("records")
    return tuple(
        _row(cast(dict[str, str], row), f"{place}, row {n}") for n, row in enumerate(rows, 1)
    )


def _row(raw: dict[str, str], place: str) -> Row:
    for column in COLUMNS:
        if not raw[column].strip() and column not in _MAY_BE_EMPTY:
            raise HistoryError(f"{place}, column {column}: it is empty")
    for column, words in _WORDS.items():
        if raw[column] not in words:
            raise HistoryError(
                f"{place}, column {column}: {quoted(raw[column])} is unknown"
                f"{did_you_mean(raw[column], words)}"
            )
    _matches(_REGION, raw["region"], f"{place}, column region", "a code such as CHN or EU")
    if raw["node"]:
        right = "chain/node such as semiconductors/etch, or a sector such as sector:C26"
        _matches(_NODE, raw["node"], f"{place}, column node", right)
    texts = {c: raw[c].strip() for c in COLUMNS if c not in ("year", "percent")}
    return Row(
        year=_number(raw["year"], _FIRST_YEAR, _LAST_YEAR, f"{place}, column year"),
        percent=_number(raw["percent"], 0.0, 100.0, f"{place}, column percent"),
        **texts,
    )


def _matches(pattern: re.Pattern[str], text: str, place: str, right: str) -> None:
    if not pattern.fullmatch(text):
        raise HistoryError(f"{place}: {quoted(text)} is none; {right} is right")


def _number(text: str, least: float, most: float, place: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise HistoryError(
            f"{place}: {quoted(text)} is not right; a number from {least:g} to {most:g} is"
        )
    return value


def join(rows: Iterable[Row]) -> tuple[Series, ...]:
    """Rows as series, in the order in which their first rows stand.

    Raises `HistoryError` where a series has a year twice, or rows of two kinds.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    names = _names(list(groups))
    return tuple(_series(names[key], found) for key, found in groups.items())


def _series(name: str, rows: Sequence[Row]) -> Series:
    ordered = sorted(rows, key=lambda row: row.year)
    first = ordered[0]
    years = [row.year for row in ordered]
    twice = [year for year, count in Counter(years).items() if count > 1]
    if twice:
        raise HistoryError(
            f"history series {short(name)}: year {twice[0]:g} stands twice; one row a year is "
            "right, or another measure for another definition"
        )
    kinds = _distinct(row.kind for row in ordered)
    if len(kinds) > 1:
        raise HistoryError(
            f"history series {short(name)}: kinds {kinds[0]} and {kinds[1]}; one is right"
        )
    confidences = tuple(cast(Confidence, row.confidence) for row in ordered)
    return Series(
        name=name,
        subject=first.subject,
        node=first.node,
        region=first.region,
        place=cast(Place, first.place),
        basis=cast(Basis, first.basis),
        measure=first.measure,
        kind=cast(Kind, first.kind),
        source="; ".join(_distinct(row.source for row in ordered)),
        confidence=max(confidences, key=CONFIDENCES.index),
        note="; ".join(_distinct(row.note.rstrip(".") for row in ordered if row.note)),
        years=tuple(years),
        percents=tuple(row.percent for row in ordered),
        confidences=confidences,
    )


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _names(keys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], str]:
    """A readable name of each series: as few of its fields as tell it from all others.

    Subject, region and place first; then how it is counted; then node and measure.
    """
    orders = ((0, 2, 3), (0, 2, 3, 4), (0, 2, 3, 4, 5), (0, 2, 3, 4, 5, 1))
    names: dict[tuple[Any, ...], str] = {}
    waiting = list(keys)
    for order in orders:
        made = {key: _slug([key[at] for at in order]) for key in waiting}
        taken = Counter(made.values()) + Counter(names.values())
        names |= {key: name for key, name in made.items() if taken[name] == 1}
        waiting = [key for key in waiting if key not in names]
    names |= {key: f"{_slug(list(key))}_{n}" for n, key in enumerate(waiting, 1)}
    return names


def _slug(words: Sequence[str]) -> str:
    return ".".join(re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_") for word in words)
