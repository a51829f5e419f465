"""Patents by field, and value added of knowledge-intensive industries."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zizhu.history.build.rows import CHINA, REGIONS, frame, share_rows
from zizhu.history.reader import Row

_ECONOMIES = {
    "China": CHINA,
    "United States": "USA",
    "EU-27<sup>b</sup>": "EU",
    "Japan": "JPN",
    "South Korea": "KOR",
    "India": "IND",
    "Taiwan": "TWN",
}
# What belongs to no field.
_NO_FIELD = "UNASSIGNED"
# Industries of the source that are a sector of the OECD's tables.
_SECTORS = {
    "chemicals and chemical products": "sector:C20",
    "pharmaceuticals": "sector:C21",
    "computer, electronic, and optical products": "sector:C26",
    "electrical equipment": "sector:C27",
    "machinery and equipment": "sector:C28",
    "motor vehicles, trailers, and semi-trailers": "sector:C29",
}


def patents(data: Path) -> pd.DataFrame:
    """Shares of the world's patent families by field, 1998-2020."""
    raw = pd.read_csv(data / "knowledge" / "patent_families_by_field_1998_2020.csv.gz")
    rows: list[Row] = []
    for field, found in raw[raw.wipo_field != _NO_FIELD].groupby("wipo_field", sort=False):
        table = found.pivot(index="year", columns="economy", values="families")
        world = table["World"]
        table = table.rename(columns=_ECONOMIES)
        name = "all fields" if field == "ALL" else str(field)
        fields = {
            "subject": f"patents: {name}",
            "node": "",
            "place": "world",
            "basis": "headquarters",
            "measure": "INPADOC patent families",
            "kind": "patents",
            "source": "NCSES, table 5828",
            "confidence": "read",
            "note": "",
        }
        rows += share_rows(table, world, [*REGIONS, "TWN"], fields)
    return frame(rows)


def value_added(data: Path) -> pd.DataFrame:
    """Shares of the world's value added by industry, China and the United States, 2002-2012.

    Sums over industries are left out: their parts are there.
    """
    raw = pd.read_csv(data / "knowledge" / "sector_value_added_2002_2012.csv")
    rows: list[Row] = []
    for industry, found in raw[~raw.industry.str.startswith("KTI")].groupby("industry"):
        table = found.set_index("year").sort_index()
        amounts = pd.DataFrame({CHINA: table.china_va_musd, "USA": table.us_va_musd})
        subject = str(industry).removesuffix(" industry")
        fields = {
            "subject": subject,
            "node": _SECTORS.get(subject, ""),
            "place": "world",
            "basis": "location",
            "measure": "value added in current US dollars",
            "kind": "value_added",
            "source": "NCSES, tables 6213 to 6245",
            "confidence": "read",
            "note": "China with Hong Kong",
        }
        rows += share_rows(amounts, table.world_va_musd, amounts.columns, fields)
    return frame(rows)
