"""Which tables there are, and writing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd

from zizhu.errors import HistoryError, short
from zizhu.history.build.domestic_use import domestic_use
from zizhu.history.build.knowledge import patents, value_added
from zizhu.history.build.minerals import minerals
from zizhu.history.build.models import models
from zizhu.history.build.press import press
from zizhu.history.build.solar import solar
from zizhu.history.build.trade import tools_trade


@dataclass(frozen=True)
class Table:
    """How a table is made, from what, and what may be done with it."""

    make: Callable[[Path], pd.DataFrame]
    source: str
    licence: str


_NCSES = "NSF/NCSES, Science and Engineering Indicators"
_PUBLIC = "work of the United States government, public domain"

TABLES = {
    "press": Table(
        press,
        "single figures from the facts and kinds of pages named in each row; those of F64 are "
        "single values of the CSET/ETO Supply Chain Explorer",
        "figures quoted with their source; CSET/ETO values CC BY-NC 4.0",
    ),
    "solar": Table(
        solar,
        "NREL PV_ICE (polysilicon; modules digitised from IEA, Solar PV Global Supply Chains, "
        "2022); European Commission JRC, PV Status Report, as collected by Helveston and others",
        "PV_ICE BSD-3; the collection MIT; shares computed here",
    ),
    "minerals": Table(
        minerals,
        "British Geological Survey, World Mineral Statistics, 1995 to 2023",
        "copyright UKRI: free reuse with acknowledgement; shares computed here",
    ),
    "patents": Table(
        patents,
        f"{_NCSES}, table 5828: INPADOC patent families by WIPO field and economy",
        _PUBLIC,
    ),
    "models": Table(models, "Epoch AI, Notable AI Models, January 2026", "CC BY 4.0"),
    "tools_trade": Table(
        tools_trade,
        "UN Comtrade, exports to the world by reporter, HS 848620, 903082 and 903141, 2016 to 2020",
        "UN Comtrade: reuse with attribution; shares computed here",
    ),
    "value_added": Table(
        value_added,
        f"{_NCSES}, tables 6213, 6214, 6233 and 6235 to 6245",
        _PUBLIC,
    ),
    "domestic_use": Table(
        domestic_use,
        "National Bureau of Statistics of China, input-output tables of 2002, 2007, 2012, 2017 and "
        "2018",
        "facts of official statistics; ratios computed here",
    ),
}


def text_of(name: str, data: str | Path) -> str:
    """A table as its file has it; numbers with two decimals at most.

    Raises `HistoryError` if a source is missing in `data`.
    """
    table = TABLES[name]
    try:
        made = table.make(Path(data))
    except OSError as error:
        place = short(Path(data))
        raise HistoryError(
            f"history table {name}: a source is missing in {place}: {error}"
        ) from error
    made["year"] = made["year"].map(_plain)
    made["percent"] = made["percent"].map(_plain)
    text = made.to_csv(index=False, lineterminator="\n")
    return f"# source: {table.source}\n# licence: {table.licence}\n{text}"


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def build(data: str | Path) -> list[Path]:
    """Make every table from the sources in `data`; returns the files."""
    folder = Path(str(files("zizhu.history") / "tables"))
    made = {name: text_of(name, data) for name in TABLES}
    for name, text in made.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [folder / f"{name}.csv" for name in made]
