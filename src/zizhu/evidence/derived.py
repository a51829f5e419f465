"""The small tables that `zizhu.evidence.build` derives, read with their source and licence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from zizhu.errors import EvidenceError, did_you_mean, quoted
from zizhu.evidence.entries import shipped
from zizhu.history.moves_table import PRESS, moves_table
from zizhu.history.panel import table_files

# Kept by the panel of observed shares, and derived from it: no number stands twice.
_MOVES = "observed_moves"


@dataclass(frozen=True)
class Derived:
    """A derived table with where it is from and what may be done with it."""

    name: str
    frame: pd.DataFrame
    source: str
    licence: str


def derived_names() -> list[str]:
    """Names of the derived tables."""
    return sorted([_MOVES, *(file.stem for file in shipped("tables").glob("*.csv"))])


@lru_cache(maxsize=8)
def derived(name: str) -> Derived:
    """Read a derived table; raises `EvidenceError` with the nearest name."""
    if name not in derived_names():
        raise EvidenceError(
            f"derived table {quoted(name)} is unknown{did_you_mean(name, derived_names())}"
        )
    path = shipped(f"tables/{name}.csv")
    if name == _MOVES:
        (path,) = [file for file in table_files() if file.stem == PRESS]
    notes = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("# "):
                break
            key, _, text = line[2:].partition(":")
            notes[key] = text.strip()
    frame = moves_table() if name == _MOVES else pd.read_csv(path, comment="#")
    return Derived(name, frame, notes["source"], notes["licence"])
