"""Reading small languages of spreadsheets: csv files and short yaml files, with clear errors.

Every error names the file, the line and the field, what was found and what would be right.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.reading import read_tree

# Rows between two calls of a progress function.
_REPORT_EVERY = 200_000
# No unit makes a table of larger numbers, and sums of them would have no end.
_LARGEST = 1e100

Progress = Callable[[str], None]


def read_rows(
    path: Path, required: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of every row of a csv or csv.gz file, in the order asked for.

    Columns may come in any order; optional ones that the file lacks are empty strings. Fields are
    separated by commas, semicolons or tabs (judged by the header). Blank rows are skipped.
    """
    try:
        with open_text(path, "rt", "utf-8-sig") as text:
            yield from _rows(path, text, required, optional)
    except UnicodeDecodeError as error:
        raise WorldError(f"{path}: it is not UTF-8 text; save it as `CSV UTF-8`") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise WorldError(f"{path}: it cannot be unpacked (truncated or not gzip)") from error
    except csv.Error as error:
        raise WorldError(f"{path}: it is not a csv file ({error})") from error
    except OSError as error:
        raise WorldError(f"{path}: it cannot be read: {error.strerror or error}") from error


@contextmanager
def open_text(path: Path, mode: str, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Open a text file, packed if its name ends in .gz."""
    if path.suffix == ".gz":
        # Without a time in its header the same content gives the same file.
        with (
            open(path, mode.replace("t", "b")) as raw,
            gzip.GzipFile("", mode.replace("t", "b"), fileobj=raw, mtime=0) as packed,
            io.TextIOWrapper(packed, encoding, newline="") as text,
        ):
            yield text
    else:
        with (
            open(path, mode.replace("t", "b")) as raw,
            io.TextIOWrapper(raw, encoding, newline="") as text,
        ):
            yield text


def _rows(
    path: Path, text: io.TextIOWrapper, required: Sequence[str], optional: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    first = text.readline()
    separator = next((mark for mark in ",;\t" if mark in first), ",")
    reader = csv.reader(chain([first], text), delimiter=separator)
    header = [name.strip().lower() for name in next(reader, [])]
    while header and not header[-1]:
        header.pop()
    wanted = [*required, *optional]
    _check_header(path, header, required, wanted)
    places = [header.index(name) if name in header else -1 for name in wanted]
    width = len(header)
    for row in reader:
        if len(row) != width:
            # Spreadsheets pad rows with empty fields.
            while len(row) > width and not row[-1].strip():
                row.pop()
            if not any(field.strip() for field in row):
                continue
            if len(row) != width:
                comma = " (a decimal comma? write 1.5)" if len(row) > width else ""
                raise WorldError(
                    f"{path}, line {reader.line_num}: {len(row)} fields found, {width} are "
                    f"right: {', '.join(header)}{comma}"
                )
        found = [row[place].strip() if place >= 0 else "" for place in places]
        if any(found):
            yield reader.line_num, found


def _check_header(
    path: Path, header: Sequence[str], required: Sequence[str], wanted: Sequence[str]
) -> None:
    right = ",".join(wanted)
    if not header:
        raise WorldError(f"{path}: it is empty; its first line is {right}")
    for name in header:
        if header.count(name) > 1:
            raise WorldError(f"{path}, line 1: column {quoted(name)} appears twice")
    for name in header:
        if name not in wanted:
            raise WorldError(
                f"{path}, line 1: column {quoted(name)} is unknown{did_you_mean(name, wanted)}"
            )
    for name in required:
        if name not in header:
            raise WorldError(
                f"{path}, line 1: column {quoted(name)} is missing; columns are {right}"
            )


def number(text: str, place: str) -> float:
    """A finite number written with a decimal point; `place` opens the error's sentence."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if abs(value) < _LARGEST and "_" not in text:
        return value
    if not text:
        raise WorldError(f"{place} is empty; a number is right")
    hint = ""
    if text.endswith("%"):
        hint = ", write 0.25 for 25 %"
    elif "," in text:
        hint = ", write 1234.5 for 1,234.5 and 1.5 for 1,5"
    raise WorldError(f"{place} is {quoted(text)}; a number is right{hint}")


@dataclass(frozen=True)
class LongTable:
    """A long csv file: label columns as codes, one number a row.

    labels  by column, its labels in the order in which they first appear
    first   by column, the line on which each label first appears
    codes   by column, the place of each row's label in `labels`
    lines   line number of each row
    """

    path: Path
    labels: dict[str, list[str]]
    first: dict[str, list[int]]
    codes: dict[str, Int[np.ndarray, " rows"]]
    values: Float[np.ndarray, " rows"]
    lines: Int[np.ndarray, " rows"]

    def at(self, column: str, known: Sequence[str], kind: str) -> Int[np.ndarray, " rows"]:
        """Place of each row's label in `known`; an unknown label is refused, nearest named."""
        index = {label: place for place, label in enumerate(known)}
        places = np.empty(len(self.labels[column]), dtype=np.int64)
        for code, label in enumerate(self.labels[column]):
            if label not in index:
                raise WorldError(
                    f"{self.path}, line {self.first[column][code]}, field {column}: {kind} "
                    f"{quoted(label)} is unknown{did_you_mean(label, known)}"
                )
            places[code] = index[label]
        return np.asarray(places[self.codes[column]])

    def row(self, number_of_row: int) -> str:
        """Labels of a row, for a sentence."""
        found = (self.labels[name][self.codes[name][number_of_row]] for name in self.labels)
        return " ".join(found)

    def check_unique(self, cells: Int[np.ndarray, " rows"]) -> None:
        """Refuse two rows of one cell."""
        order = np.argsort(cells, kind="stable")
        twice = np.flatnonzero(cells[order][1:] == cells[order][:-1])
        if twice.size:
            before, again = order[twice[0]], order[twice[0] + 1]
            raise WorldError(
                f"{self.path}, line {self.lines[again]}: {self.row(int(again))} is there already "
                f"in line {self.lines[before]}; one row for each cell is right"
            )


def read_long(
    path: Path, columns: Sequence[str], value: str, progress: Progress | None = None
) -> LongTable:
    """Read a csv file with label columns and one column of numbers."""
    seen: list[dict[str, int]] = [{} for _ in columns]
    first: list[list[int]] = [[] for _ in columns]
    codes = [array("q") for _ in columns]
    values, lines = array("d"), array("q")
    for line, fields in read_rows(path, [*columns, value]):
        for place, label in enumerate(fields[:-1]):
            code = seen[place].get(label)
            if code is None:
                if not label:
                    raise WorldError(
                        f"{path}, line {line}: field {columns[place]} is empty; every field of "
                        f"{', '.join((*columns, value))} is needed"
                    )
                code = seen[place][label] = len(seen[place])
                first[place].append(line)
            codes[place].append(code)
        try:
            cell = float(fields[-1])
        except ValueError:
            cell = math.nan
        # What `float` reads but a spreadsheet does not write (nan, inf, 1_000) is refused too.
        if not abs(cell) < _LARGEST or "_" in fields[-1]:
            cell = number(fields[-1], f"{path}, line {line}: field {value}")
        values.append(cell)
        lines.append(line)
        if progress is not None and len(lines) % _REPORT_EVERY == 0:
            progress(f"reading {path.name}, {len(lines):,} rows")
    return LongTable(
        path,
        {name: list(found) for name, found in zip(columns, seen, strict=True)},
        dict(zip(columns, first, strict=True)),
        {n: np.array(found, dtype=np.int64) for n, found in zip(columns, codes, strict=True)},
        np.array(values, dtype=float),
        np.array(lines, dtype=np.int64),
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """A yaml file that holds a mapping; all scalars are text, so that NO stays Norway."""
    found = read_tree(path, "file", WorldError, nulls=False)
    if not isinstance(found, dict):
        raise WorldError(f"{path}: a mapping of fields such as `name: value` is right")
    return found
