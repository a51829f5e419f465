"""Reading the shipped panels of sectors.

A table has the columns kind, region, sector and one per year, in percent; a cell without a number
was not observed. `icio`: 45 countries, 27 goods, 2011 to 2022; `wiod`: 40 countries, 16 goods, 1995
to 2011; `groups`: 21 groups of Chinese sectors in five years. Built by
`python -m zizhu.history.sectors.build DATA`.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from jaxtyping import Float

from zizhu.errors import EvidenceError, quoted

PANELS = ("icio", "wiod", "groups")
HEAD = ("kind", "region", "sector")


@dataclass(frozen=True)
class SectorSeries:
    """One country's share in one sector.

    kind      output, exports (of the world's) or home (part of own purchases met from home)
    region    country
    sector    code of the good, or name of the group
    years     rising [t]
    percents  0 to 100 [t]
    """

    kind: str
    region: str
    sector: str
    years: Float[np.ndarray, " t"]
    percents: Float[np.ndarray, " t"]

    @property
    def name(self) -> str:
        """Kind, country and sector: once in a panel."""
        return f"{self.kind} {self.region} {self.sector}"

    @property
    def subject(self) -> str:
        """The sector: the same for all countries."""
        return self.sector


def table_path(panel: str) -> Path:
    """Where a panel is kept."""
    return Path(str(files("zizhu.history.sectors") / "tables" / f"{panel}.csv.gz"))


@lru_cache(maxsize=len(PANELS))
def sector_series(panel: str) -> tuple[SectorSeries, ...]:
    """Every series of a shipped panel; raises `EvidenceError` for a panel that is not there."""
    if panel not in PANELS:
        raise EvidenceError(f"panel {quoted(panel)} found; {', '.join(PANELS)} are right")
    return read_sectors(table_path(panel))


def read_sectors(path: str | Path) -> tuple[SectorSeries, ...]:
    """Read a panel; raises `EvidenceError` with the file and line at fault."""
    file = Path(path)
    try:
        with gzip.open(file, "rt", encoding="utf-8") as opened:
            lines = opened.read().splitlines()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise EvidenceError(f"panel of sectors {file} cannot be read") from error
    at = [number for number, line in enumerate(lines, start=1) if not line.startswith("#")]
    rows = csv.reader(lines[number - 1] for number in at)
    head = next(rows, [])
    if tuple(head[:3]) != HEAD or not all(year.isdecimal() for year in head[3:]):
        raise EvidenceError(
            f"panel of sectors {file}: columns {quoted(','.join(head))} found; "
            f"{','.join(HEAD)} and years are right"
        )
    years = np.array([float(year) for year in head[3:]])
    found = []
    for number, cells in zip(at[1:], rows, strict=True):
        try:
            kind, region, sector, *shown = cells
            values = np.array([float(cell or "nan") for cell in shown])
            known = np.isfinite(values)
            found.append(SectorSeries(kind, region, sector, years[known], values[known]))
        except (ValueError, IndexError) as error:
            raise EvidenceError(
                f"panel of sectors {file}, line {number}: a kind, a region, a sector and "
                f"{len(years)} percents or nothing are right"
            ) from error
    return tuple(one for one in found if len(one.years))
