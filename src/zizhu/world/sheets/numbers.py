"""Numbers as spreadsheets write them, and which mark a csv file writes its decimals with.

A spreadsheet in German, French or Spanish separates fields by semicolons, writes 1,5 for one and a
half and may write 1.080 for one thousand and eighty. One cell cannot tell 1.080 from 1.08: the
other cells of the file can, or the reader must.
"""

from __future__ import annotations

import math
import re
from collections.abc import MutableSequence
from dataclasses import dataclass, field
from pathlib import Path

from zizhu.errors import WorldError, quoted

# No unit makes a table of larger numbers, and sums of them would have no end.
_LARGEST = 1e100

POINT, COMMA = "point", "comma"
MARKS = (POINT, COMMA)

# Thousands in groups, with the mark that is not the decimal one.
_WITH_COMMA = re.compile(
    r"[-+]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d*)?(?:[eE][-+]?\d+)?", re.ASCII
)
# One mark before three digits: thousands or a decimal.
_EITHER = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def number(text: str, place: str) -> float:
    """A finite number written with a decimal point; `place` opens the error's sentence."""
    value = _plain(text)
    if math.isfinite(value):
        return value
    if not text:
        raise WorldError(f"{place} is empty; a number is right")
    hint = ""
    if text.endswith("%"):
        hint = ", write 0.25 for 25 %"
    elif "," in text:
        hint = ", write 1234.5 for 1,234.5 and 1.5 for 1,5"
    raise WorldError(f"{place} is {quoted(text)}; a number is right{hint}")


def _plain(text: str) -> float:
    """What `float` reads and a spreadsheet writes; not a number for inf, 1_000 and the rest."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if abs(value) < _LARGEST and "_" not in text else math.nan


@dataclass
class Numbers:
    """Reads the numbers of a column and finds its decimal mark on the way.

    separator  of the file's fields; where it is a comma, decimals have a point
    given      the mark, where the reader says it

    Cells that both marks allow are not a number until `settle` has heard all others.
    """

    path: Path
    column: str
    separator: str
    given: str | None = None
    _shown: str = ""
    _open: list[tuple[int, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.given is None and self.separator == ",":
            self.given = POINT

    def place(self, line: int) -> str:
        """Where a cell is, for a sentence."""
        return f"{self.path}, line {line}: field {self.column}"

    def read(self, text: str, line: int, row: int) -> float:
        """The number of a cell; `row` is its place in the values that `settle` is given."""
        mark = self.given
        if mark != COMMA and (mark == POINT or "." not in text):
            value = _plain(text)
            if math.isfinite(value):
                return value
        if mark is not None:
            return self._by(mark, text, line)
        if _EITHER.fullmatch(text):
            self._open.append((row, text, line))
            return math.nan
        # Whatever tells a mark: 0.5, 12.25 and 1e3 have a point, 0,5 and 1.080.000 a comma.
        value = _plain(text)
        found = POINT if math.isfinite(value) else COMMA
        value = value if found == POINT else self._by(COMMA, text, line)
        self._shown = f"{quoted(text)} in line {line}"
        self.given = found
        return value

    def _by(self, mark: str, text: str, line: int) -> float:
        if mark == COMMA and _WITH_COMMA.fullmatch(text):
            return number(text.replace(".", "").replace(",", "."), self.place(line))
        if mark == POINT and math.isfinite(value := _plain(text)):
            return value
        if self._shown and (_WITH_COMMA.fullmatch(text) or math.isfinite(_plain(text))):
            raise WorldError(
                f"{self.place(line)} is {quoted(text)}, and {self._shown} is written with a "
                "decimal "
                f"{mark}; write all numbers of the file alike"
            )
        if mark == COMMA and text:
            raise WorldError(
                f"{self.place(line)} is {quoted(text)}; a number with a decimal comma is right, "
                "such as "
                "1234,5 or 1.234,5"
            )
        return number(text, self.place(line))

    def settle(self, values: MutableSequence[float], advice: str) -> None:
        """Put what was left open into `values`; refuse it, with `advice`, if nothing told."""
        for row, text, line in self._open:
            if self.given is None:
                large, small = re.sub("[.,]", "", text), text.replace(",", ".")
                raise WorldError(
                    f"{self.place(line)} is {quoted(text)}, which may be {large} or "
                    f"{float(small):g}: no "
                    f"other number of the file tells; {advice}"
                )
            values[row] = self._by(self.given, text, line)
