"""What every builder shares: codes of regions, and rows made from amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

import pandas as pd

from zizhu.history.reader import COLUMNS, Row

CHINA = "CHN"
# The countries and the union of which every table is asked.
REGIONS = (CHINA, "USA", "EU", "JPN", "KOR", "IND")


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as a table with the panel's columns."""
    return pd.DataFrame([asdict(row) for row in rows], columns=list(COLUMNS))


def share_rows(
    amounts: pd.DataFrame, world: pd.Series, regions: Iterable[str], fields: Mapping[str, str]
) -> list[Row]:
    """Shares of the world by year, percent, of every region that has any in some year.

    `amounts` (year, region) and `world` (year) are in one unit; `fields` are those of the rows
    that are the same for all of them.
    """
    rows = []
    for region in regions:
        if region not in amounts or not (amounts[region].fillna(0) > 0).any():
            continue
        percent = 100 * amounts[region] / world
        rows += [
            Row(region=region, year=float(year), percent=float(value), **fields)  # type: ignore[arg-type]
            for year, value in percent.items()
            if pd.notna(value)
        ]
    return rows
