"""Comparative advantage by region and good, measured from trade: the shipped table.

`tables/competitiveness.csv` is built by `zizhu.world.build.competitiveness`; how such numbers move
is estimated by `zizhu.world.build.persistence`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from zizhu.errors import WorldError, quoted

COLUMNS = ("year", "region", "sector", "level", "change")


@dataclass(frozen=True)
class Advantage:
    """Log exports beyond what region, sector and year explain.

    level   ln of the exporter effect, region and sector means taken out
    change  its mean change a year over the three years before
    """

    level: float
    change: float


Table = Mapping[tuple[int, str, str], Advantage]


def read_competitiveness(path: str | Path) -> Table:
    """Read a table by year, region and sector; raises `WorldError` with the line at fault."""
    file = Path(path)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(f"table of competitiveness {file} cannot be read as text") from error
    at = [number for number, line in enumerate(lines, start=1) if not line.startswith("#")]
    rows = csv.reader(lines[number - 1] for number in at)
    head = tuple(next(rows, []))
    if head != COLUMNS:
        raise WorldError(
            f"table of competitiveness {file}: columns {quoted(','.join(head))} found; "
            f"{','.join(COLUMNS)} is right"
        )
    found: dict[tuple[int, str, str], Advantage] = {}
    for number, cells in zip(at[1:], rows, strict=True):
        place = f"table of competitiveness {file}, line {number}"
        try:
            year, region, sector, level, change = cells
            key = (int(year), region, sector)
            advantage = Advantage(float(level), float(change))
        except ValueError as error:
            raise WorldError(
                f"{place}: {quoted(','.join(cells))} found; a year, a region, a sector and two "
                "numbers are right"
            ) from error
        if not (math.isfinite(advantage.level) and math.isfinite(advantage.change)):
            raise WorldError(f"{place}: level and change must be finite numbers")
        if key in found:
            raise WorldError(f"{place}: {region} {sector} in {year} appears twice")
        found[key] = advantage
    return found


@lru_cache(maxsize=1)
def competitiveness_table() -> Table:
    """The shipped table, read once."""
    return read_competitiveness(Path(str(files("zizhu.world") / "tables" / "competitiveness.csv")))
