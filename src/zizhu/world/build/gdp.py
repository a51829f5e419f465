"""Gross domestic product of countries (World Bank)."""

from __future__ import annotations

import csv
from pathlib import Path

from zizhu.errors import WorldError


def gdp_table(folder: str | Path) -> dict[tuple[str, int], float]:
    """GDP in million current US dollars by country code and year.

    Raises `WorldError` if the file is missing.
    """
    file = Path(folder) / "gdp_current_usd.csv"
    if not file.is_file():
        raise WorldError(f"{file.name} is not in {file.parent}")
    with file.open(encoding="utf-8") as lines:
        return {
            (row["code"], int(row["year"])): float(row["gdp_usd"]) / 1e6
            for row in csv.DictReader(lines)
            if row["gdp_usd"]
        }
