"""`margins.csv`: sums that an updated table must have, one a row.

    margin    sales, output, value_added or gdp
    supplier  region that sells; of output, value_added and gdp the producer
    sector    sector that sells; of output and value_added the producer's
    user      region that buys                                               (sales only)
    use       sector or final use that buys, or `intermediate`, or `final`   (sales only)
    value     millions of the world's currency
    weight    1 (or blank) is exact; below 1 the sum is fitted, the nearer to 1 the closer
    source    where the number comes from

A blank column of `sales` is summed over.
"""

from __future__ import annotations

import csv
import os
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.beside import beside, put
from zizhu.errors import OutputError, WorldError, did_you_mean, quoted
from zizhu.world.sheets.numbers import Numbers
from zizhu.world.sheets.rows import read_rows, separator_of
from zizhu.world.world import World

SALES, OUTPUT, VALUE_ADDED, GDP = "sales", "output", "value_added", "gdp"
LABELS = ("supplier", "sector", "user", "use")
INTERMEDIATE, FINAL = "intermediate", "final"
BOTH_SIDES = (INTERMEDIATE, FINAL)
# Columns that each kind of margin needs; sales may fill any.
_FILLED = {OUTPUT: ("supplier", "sector"), VALUE_ADDED: ("supplier", "sector"), GDP: ("supplier",)}
KINDS = (SALES, *_FILLED)
COLUMNS = ("margin", *LABELS, "value", "weight", "source")


@dataclass(frozen=True)
class Wanted:
    """One row: a sum that the table must have. Empty labels are summed over."""

    margin: str
    value: float
    supplier: str = ""
    sector: str = ""
    user: str = ""
    use: str = ""
    weight: float = 1.0
    source: str = ""
    place: str = ""

    @property
    def labels(self) -> tuple[str, str, str, str]:
        """The four labels, in the order of the table's axes."""
        return (self.supplier, self.sector, self.user, self.use)

    @property
    def filled(self) -> tuple[str, ...]:
        """Columns that are filled; `use` says so if it names a whole side of the table."""
        found = [name for name, label in zip(LABELS, self.labels, strict=True) if label]
        if self.use in BOTH_SIDES:
            found[-1] = f"{INTERMEDIATE} or {FINAL}"
        return tuple(found)

    @property
    def name(self) -> str:
        """Name of the margin that the row belongs to."""
        filled = self.filled if self.margin == SALES else ("region", *self.filled[1:])
        by = f" by {' and '.join(filled)}" if filled else " in all"
        fitted = "" if self.weight == 1.0 else f", fitted with weight {self.weight:g}"
        return f"{self.margin}{by}{fitted}"

    @property
    def what(self) -> str:
        """The row in words, for a sentence."""
        words = " ".join(label for label in self.labels if label)
        start = f"{self.place}: " if self.place else "margins, "
        return f"{start}{self.margin} {words}".rstrip()


def read_margins(path: str | Path) -> list[Wanted]:
    """Read a margins file; labels are checked against a world when it is updated."""
    file = Path(os.path.expanduser(path))
    found, values = [], array("d")
    separator = separator_of(file)
    value_of, weight_of = (Numbers(file, name, separator) for name in ("value", "weight"))
    optional = ("supplier", "sector", "user", "use", "weight", "source")
    for line, fields in read_rows(file, ("margin", "value"), optional):
        margin, value, *labels, weight, source = fields
        place = f"{file}, line {line}"
        if margin not in KINDS:
            raise WorldError(
                f"{place}, field margin: {quoted(margin)} is unknown{did_you_mean(margin, KINDS)}"
            )
        values.append(value_of.read(value, line, len(values)))
        row = Wanted(
            margin,
            values[-1],
            **dict(zip(LABELS, labels, strict=True)),
            # A weight is at most one: what a comma or a point may mean in it is no question.
            weight=weight_of.read(weight, line, 0) if weight else 1.0,
            source=source,
            place=place,
        )
        found.append(row)
    value_of.settle(values, "write numbers with a decimal point")
    return [replace(row, value=value) for row, value in zip(found, values, strict=True)]


def check(world: World, rows: Sequence[Wanted]) -> None:
    """Refuse rows that say something impossible, or the same thing twice."""
    known: dict[str, tuple[str, Sequence[str]]] = {
        "supplier": ("region", world.regions),
        "sector": ("sector", world.sectors),
        "user": ("region", world.regions),
        "use": ("use", (*world.sectors, *world.final_uses, *BOTH_SIDES)),
    }
    seen: dict[tuple[str, ...], Wanted] = {}
    for row in rows:
        start = row.place or "margins"
        if row.margin not in KINDS:
            raise WorldError(
                f"{start}: margin {quoted(row.margin)} is unknown{did_you_mean(row.margin, KINDS)}"
            )
        needed = _FILLED.get(row.margin)
        for column, label in zip(LABELS, row.labels, strict=True):
            if needed is not None and bool(label) != (column in needed):
                state = f"is {quoted(label)}, blank is right" if label else "is blank"
                raise WorldError(
                    f"{start}, field {column}: it {state}; {row.margin} fills "
                    f"{' and '.join(needed)}"
                )
            kind, labels = known[column]
            if label in world.groups:
                raise WorldError(
                    f"{start}, field {column}: {label} is a group of {world.name}; give its "
                    "members one by one, or aggregate the world first"
                )
            if label and label not in labels:
                raise WorldError(
                    f"{start}, field {column}: {kind} {quoted(label)} is not in world {world.name}"
                    f"{did_you_mean(label, labels)}"
                )
        if not (np.isfinite(row.value) and row.value >= 0):
            raise WorldError(f"{row.what} is {row.value:g}; a value of 0 or more is right")
        if not 0 < row.weight <= 1:
            raise WorldError(
                f"{start}, field weight: {row.weight:g} found; 1 is exact, above 0 and below 1 is "
                "fitted"
            )
        # Output is what sales by supplier and sector are.
        kind = SALES if row.margin == OUTPUT else row.margin
        key = (kind, *row.labels)
        if key in seen:
            before = seen[key].place.rsplit(", ", 1)[-1] or "an earlier row"
            raise WorldError(f"{row.what} is given already in {before}; one row for each is right")
        seen[key] = row


def own_margins(
    world: World, *by: Sequence[str], kinds: Sequence[str] = (), source: str = ""
) -> list[Wanted]:
    """Rows with the sums that a world has: by columns of `sales`, and of other kinds.

    `own_margins(world, ("supplier", "user"), kinds=["gdp"])` gives trade by pair and every GDP: a
    file to start from.
    """
    table = np.concatenate([world.intermediate, world.final], axis=3)
    axes = (world.regions, world.sectors, world.regions, (*world.sectors, *world.final_uses))
    found = []
    for columns in by:
        for name in columns:
            if name not in LABELS:
                raise WorldError(
                    f"margins: column {quoted(name)} is unknown{did_you_mean(name, LABELS)}"
                )
        kept = [axis for axis, name in enumerate(LABELS) if name in columns]
        sums = np.asarray(table.sum(axis=tuple(axis for axis in range(4) if axis not in kept)))
        found += _rows(SALES, [LABELS[a] for a in kept], [axes[a] for a in kept], sums, source)
    for kind in kinds:
        known = {OUTPUT: world.output, VALUE_ADDED: world.value_added, GDP: world.gdp}
        if kind not in known:
            raise WorldError(f"margins: {quoted(kind)} is unknown{did_you_mean(kind, known)}")
        found += _rows(kind, _FILLED[kind], (world.regions, world.sectors), known[kind], source)
    return found


def _rows(
    margin: str,
    columns: Sequence[str],
    axes: Sequence[Sequence[str]],
    sums: Float[np.ndarray, "..."],
    source: str,
) -> list[Wanted]:
    found = []
    cells = product(*axes[: len(columns)])
    for cell, value in zip(cells, sums.ravel(), strict=True):
        labels: dict[str, Any] = dict(zip(columns, cell, strict=True))
        found.append(Wanted(margin, float(value), source=source, **labels))
    return found


def write_margins(rows: Iterable[Wanted], path: str | Path) -> Path:
    """Write rows as a margins file, whole or not at all. Raises `OutputError`."""
    target = Path(os.path.expanduser(path))
    try:
        with beside(target.absolute().parent) as place:
            file = place / "margins.csv"
            with open(file, "w", encoding="utf-8", newline="") as text:
                writer = csv.writer(text, lineterminator="\n")
                writer.writerow(COLUMNS)
                for row in rows:
                    weight = "" if row.weight == 1.0 else f"{row.weight:g}"
                    fields = (row.margin, *row.labels, repr(row.value), weight, row.source)
                    writer.writerow(fields)
            put({file: target})
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror or error}") from error
    return target
