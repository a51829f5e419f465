"""Reading small languages of spreadsheets: csv files and short yaml files, with clear errors.

Every error names the file, the line and the field, what was found and what would be right.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
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
from zizhu.world.labels import look_alikes, names_a_sum
from zizhu.world.sheets.numbers import Numbers

# Rows between two calls of a progress function.
_REPORT_EVERY = 200_000

Progress = Callable[[str], None]


def read_rows(
    path: Path, required: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of every row of a csv or csv.gz file, in the order asked for.

    Columns may come in any order; optional ones that the file lacks are empty strings. Fields are
    separated by commas, semicolons or tabs (judged by the header). Blank rows are skipped.
    """
    with _told(path), open_text(path, "rt", "utf-8-sig") as text:
        yield from _rows(path, text, required, optional)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Faults of a file as one sentence each."""
    try:
        yield
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


def separator_of(path: Path) -> str:
    """What separates the fields of a csv file: a comma, a semicolon or a tab."""
    with _told(path), open_text(path, "rt", "utf-8-sig") as text:
        return _header_line(text)[1]


def _header_line(text: io.TextIOWrapper) -> tuple[str, str, int]:
    """The line of column names, the separator, and how many lines stand before it."""
    first = text.readline()
    # A hint that spreadsheets write for each other; it names what the header shows as well.
    hint = re.fullmatch(r'"?sep=(.)"?', first.strip(), re.IGNORECASE)
    skipped = int(hint is not None)
    first = text.readline() if skipped else first
    return first, next((mark for mark in ",;\t" if mark in first), ","), skipped


def _rows(
    path: Path, text: io.TextIOWrapper, required: Sequence[str], optional: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    first, separator, skipped = _header_line(text)
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
                    f"{path}, line {reader.line_num + skipped}: {len(row)} fields found, {width} "
                    f"are right: {', '.join(header)}{comma}"
                )
        found = [row[place].strip() if place >= 0 else "" for place in places]
        if any(found):
            yield reader.line_num + skipped, found


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

    def check_labels(self, column: str, kind: str) -> None:
        """Refuse labels that are one in two spellings, and rows of sums."""
        labels, lines = self.labels[column], self.first[column]
        alike = look_alikes(labels)
        if alike is not None:
            before, again = (lines[labels.index(label)] for label in alike)
            raise WorldError(
                f"{self.path}, line {again}, field {column}: {quoted(alike[1])} differs from "
                f"{quoted(alike[0])} of line {before} by case or spaces only; write one {kind} one "
                "way"
            )
        total = names_a_sum(kind, labels)
        if total is not None:
            raise WorldError(
                f"{self.path}, line {lines[labels.index(total)]}, field {column}: {quoted(total)} "
                "names "
                f"a sum or a row of the accounts, not a {kind}; leave its rows and columns out"
            )

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
    path: Path,
    columns: Sequence[str],
    value: str,
    progress: Progress | None = None,
    *,
    decimal: str | None = None,
    advice: str = "write numbers with a decimal point",
) -> LongTable:
    """Read a csv file with label columns and one column of numbers.

    `decimal` is the mark of its decimals, point or comma; without it the file tells (see
    `Numbers`), and where it does not the error ends in `advice`.
    """
    read = Numbers(path, value, separator_of(path), decimal)
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
        values.append(read.read(fields[-1], line, len(values)))
        lines.append(line)
        if progress is not None and len(lines) % _REPORT_EVERY == 0:
            progress(f"reading {path.name}, {len(lines):,} rows")
    read.settle(values, advice)
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
