"""Dated Chinese shares by technology from facts and the press, as they were collected."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zizhu.history.build.rows import CHINA, frame
from zizhu.history.reader import Row

# What stands elsewhere than the collection has it: node, or first year and percent, and why.
_NO_NODE = ("SiC substrates",)
_FIRST = {"chips made in China": (2011.0, 12.7)}
_SOURCES = {"fabless sales": ("F62", "read")}
_NOTES = {
    "SiC substrates": "the chain has devices, not substrates",
    "chips made in China": "2011 and 2021 are of one vintage; that of 2010 is of an older one",
    "fabless sales": "",
    "all wafer capacity": "2025 is SEMI's forecast of 2024",
}
# Of the shares of 2019 and 2024 in fact F64.
_TWO_METHODS = "methods of 2019 and 2024 differ; shares below 1 were rounded up to 1 in 2019"
# Words of a measure that say whose a product is; firms by headquarters where there are none.
_BASES = {"by location": "location", "by brand": "brand", "imports": "location"}
_CAPACITY = ("all wafer capacity",)


def observed_moves(data: Path) -> pd.DataFrame:
    """Dated Chinese shares by technology, percent; no first year where only a level is known.

    Forecasts are left out.

    market      world: part of the world market; home: part of purchases in China
    node        of a chain, if one is the same thing
    confidence  read (in the source), medium or low (in the press), or recalled
    """
    raw = pd.read_csv(data / "technology_history" / "observed_moves.csv")
    rows = []
    for row in raw.astype(object).where(raw.notna(), "").to_dict("records"):
        item = row["item"]
        if "forecast" in row["source"]:
            continue
        sure, _, note = row["confidence"].partition(":")
        source, sure = _SOURCES.get(item, (row["source"], sure))
        first = _FIRST.get(item, (row["from_year"], row["from_percent"]))
        rows.append(
            {
                "item": item,
                "market": "world" if row["measure"].startswith("world") else "home",
                "measure": row["measure"],
                "from_year": _plain(first[0]),
                "from_percent": _plain(first[1]),
                "to_year": _plain(row["to_year"]),
                "to_percent": _plain(row["to_percent"]),
                "node": "" if item in _NO_NODE else row["node"],
                "source": source,
                "confidence": sure,
                "note": _note(item, source, first[0], note.strip()),
            }
        )
    return pd.DataFrame(rows)


def press(data: Path) -> pd.DataFrame:
    """The same in the panel's format: one row an observation, each once."""
    rows: dict[tuple[str, float], Row] = {}
    for move in observed_moves(data).to_dict("records"):
        ends = [(move["from_year"], move["from_percent"]), (move["to_year"], move["to_percent"])]
        for year, percent in ends:
            if not year:
                continue
            item = move["item"]
            found = Row(
                subject=item,
                node=move["node"],
                region=CHINA,
                place=move["market"],
                basis=_basis(move["measure"]),
                measure=move["measure"],
                kind="capacity" if item in _CAPACITY else "market",
                year=float(year),
                percent=float(percent),
                source=move["source"],
                confidence="recalled" if move["source"] == "recalled" else move["confidence"],
                note=move["note"],
            )
            rows.setdefault((item, found.year), found)
    return frame(rows.values())


def _note(item: str, source: str, first: float | str, note: str) -> str:
    if source == "F64" and first != "":
        return _TWO_METHODS
    return _NOTES.get(item, note)


def _basis(measure: str) -> str:
    return next((basis for words, basis in _BASES.items() if words in measure), "headquarters")


def _plain(value: float | str) -> str:
    """A number in as many digits as the source has; nothing where it has none."""
    return value if isinstance(value, str) else f"{value:g}"
