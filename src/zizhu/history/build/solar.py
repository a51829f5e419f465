"""Solar: polysilicon, cells and modules by country of the plant."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zizhu.history.build.rows import CHINA, frame, share_rows
from zizhu.history.reader import Row

_NAMES = {
    "China": CHINA,
    "USA": "USA",
    "Germany": "DEU",
    "Japan": "JPN",
    "SKorea": "KOR",
    "Korea": "KOR",
    "Malaysia": "MYS",
    "India": "IND",
    "Taiwan": "TWN",
    "Vietnam": "VNM",
    "Europe": "EUR",
}
# Zeros of the first year are missing values; the last year repeats the one before, to every digit.
_FIRST, _LAST = 2005, 2021
_PV_ICE = "NREL PV_ICE, share of polysilicon production by country"
_JRC = "European Commission JRC, PV Status Report, as collected by Helveston and others (2022)"
_IEA = "IEA, Solar PV Global Supply Chains (2022), digitised by NREL PV_ICE"


def solar(data: Path) -> pd.DataFrame:
    """Shares of world output: polysilicon 2005-2021, cells 2010-2021, modules 2010-2022.

    Shares of cells and modules by BNEF are of capacity, which before 2015 is far from output; they
    are left out. A zero before a country's first figure may be a missing value and is left out.
    """
    return frame([*_polysilicon(data), *_cells(data), *_modules(data)])


def _polysilicon(data: Path) -> list[Row]:
    raw = pd.read_csv(data / "solar" / "pvice_market_share_polysilicon.csv").set_index("Country")
    table = raw.T.rename(columns=_NAMES)
    table.index = table.index.astype(int)
    table = table.loc[_FIRST:_LAST]
    began = table.where(table > 0).ffill().notna()
    hundred = pd.Series(100.0, index=table.index)
    fields = _fields("solar-grade polysilicon", "polysilicon", _PV_ICE)
    return share_rows(table.where(began), hundred, _known(table), fields)


def _cells(data: Path) -> list[Row]:
    raw = pd.read_csv(data / "solar" / "jhelvy_pv_production_gw_2010_2021.csv")
    table = raw.pivot(index="year", columns="country", values="production_gw")
    world = table.sum(axis=1)
    table = table.rename(columns=_NAMES)
    fields = _fields("solar cells and thin film", "cell", _JRC)
    return share_rows(table, world, _known(table), fields)


def _modules(data: Path) -> list[Row]:
    name = "iea2022_pv_module_production_gw_digitised.csv"
    table = pd.read_csv(data / "solar" / name).set_index("year")
    world = table.sum(axis=1)
    table = table.rename(columns=_NAMES)
    fields = _fields("solar modules", "module", _IEA) | {"note": "read off a figure"}
    return share_rows(table, world, _known(table), fields)


def _known(table: pd.DataFrame) -> list[str]:
    return [name for name in table.columns if name in _NAMES.values()]


def _fields(subject: str, node: str, source: str) -> dict[str, str]:
    return {
        "subject": subject,
        "node": f"solar_pv/{node}",
        "place": "world",
        "basis": "location",
        "measure": "output",
        "kind": "market",
        "source": source,
        "confidence": "medium",
        "note": "",
    }
