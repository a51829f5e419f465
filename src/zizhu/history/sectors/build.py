"""`python -m zizhu.history.sectors.build DATA [FOLDER]`: the panels of sectors from their sources.

Shares of country i in good k of sales X[i,k,n] to n:

    output   X[i,k,.] / X[.,k,.]                    of the world's output
    exports  (X[i,k,.] - X[i,k,i]) / sum of them    of the world's exports
    home     X[i,k,i] / X[.,k,i]                    of own purchases, met from home

Countries of the longer list are chosen by their output of goods in the first year, which no
forecast has to foresee. Percents are kept to five digits.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from zizhu.errors import WorldError, ZizhuError
from zizhu.history.sectors.read import HEAD, PANELS, table_path
from zizhu.world.build.oecd import SERVICES_OF_THE_CUBE, read
from zizhu.world.build.wiod import FIRST_YEAR, GOODS, LAST_YEAR, read_wiod

ICIO_YEARS = range(2011, 2023)
WIOD_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
COUNTRIES = 45
_REST = "ROW"
_GROUPS = Path("domestic_share") / "china_domestic_share_by_group_2002_2018.csv"

SOURCES: Mapping[str, tuple[str, str]] = {
    "icio": (
        "computed from OECD Inter-Country Input-Output tables, 2025 edition, bilateral sales of "
        "goods, 2011 to 2022; the 45 largest makers of goods of 2011",
        "OECD terms: reuse with attribution",
    ),
    "wiod": (
        "computed from the World Input-Output Database, 2013 release (Timmer et al. 2015), 1995 to "
        "2011; 40 countries",
        "CC BY 4.0",
    ),
    "groups": (
        "computed from input-output tables of the National Bureau of Statistics of China, 2002, "
        "2007, 2012, 2017 and 2018; sectors grouped by their Chinese names; home: output less "
        "exports over that and imports; imports for processing count, so that computers, "
        "communication equipment, components and instruments are biased down; borders of sectors "
        "move a little between tables",
        "facts of official statistics; ratios computed here",
    ),
}

Row = tuple[str, str, str, Float[np.ndarray, " t"]]


def shares(sales: Float[np.ndarray, "i k n"]) -> dict[str, Float[np.ndarray, "i k"]]:
    """Output, export and home shares in percent; nan where there is nothing to share."""
    own = np.arange(len(sales))
    home = sales[own, :, own]
    made, bought = sales.sum(axis=2), sales.sum(axis=0).T
    sold = made - home
    return {
        "output": _percent(made, made.sum(axis=0)),
        "exports": _percent(sold, sold.sum(axis=0)),
        "home": _percent(home, bought),
    }


def _percent(
    part: Float[np.ndarray, "i k"], whole: Float[np.ndarray, "..."]
) -> Float[np.ndarray, "i k"]:
    whole = np.broadcast_to(whole, part.shape)
    ratio = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
    return np.asarray(np.clip(100 * ratio, 0.0, 100.0))


def _rows(
    countries: Sequence[str],
    sectors: Sequence[str],
    keep: Iterable[int],
    sales: Sequence[Float[np.ndarray, "i k n"]],
) -> list[Row]:
    yearly = [shares(one) for one in sales]
    found = []
    for kind in yearly[0]:
        values = np.array([one[kind] for one in yearly])
        for i in keep:
            found += [
                (kind, countries[i], sector, values[:, i, k]) for k, sector in enumerate(sectors)
            ]
    return found


def icio_rows(data: str | Path) -> list[Row]:
    """Shares of the largest makers of goods, 2011 to 2022."""
    tables = [read(data, f"icio_cube/icio_cube_{year}.npz") for year in ICIO_YEARS]
    countries, codes = list(map(str, tables[0]["countries"])), list(map(str, tables[0]["sectors"]))
    goods = [k for k, code in enumerate(codes) if code != SERVICES_OF_THE_CUBE]
    sales = [one["trade"].astype(float)[:, goods] for one in tables]
    made = sales[0].sum(axis=(1, 2))
    largest = [i for i in np.argsort(-made) if countries[i] != _REST][:COUNTRIES]
    return _rows(countries, [codes[k] for k in goods], sorted(largest), sales)


def wiod_rows(data: str | Path) -> list[Row]:
    """Shares of 40 countries, 1995 to 2011."""
    tables = [read_wiod(data, year) for year in WIOD_YEARS]
    countries = tables[0].regions
    keep = [i for i, country in enumerate(countries) if country != _REST]
    sales = [one.flows[:, :GOODS] for one in tables]
    return _rows(countries, tables[0].sectors[:GOODS], keep, sales)


def group_rows(data: str | Path) -> list[Row]:
    """Domestic share of use by group of Chinese sectors; a ratio that is no share is left out."""
    file = Path(data) / _GROUPS
    if not file.is_file():
        raise WorldError(f"{_GROUPS} is not in {data}")
    raw = pd.read_csv(file)
    own = raw["output_1e8cny"] - raw["exports_1e8cny"]
    raw["percent"] = 100 * own / (own + raw["imports_1e8cny"])
    wide = raw.pivot_table(index="group", columns="year", values="percent").sort_index()
    wide = wide.where((wide >= 0) & (wide <= 100))
    return [("home", "CHN", str(group), np.asarray(row)) for group, row in wide.iterrows()]


def text_of(panel: str, rows: Sequence[Row], years: Iterable[int]) -> str:
    """A panel as text, with its source and licence."""
    source, licence = SOURCES[panel]
    lines = [f"# source: {source}", f"# licence: {licence}", ",".join((*HEAD, *map(str, years)))]
    for kind, region, sector, values in rows:
        cells = ["" if np.isnan(one) else f"{one:.5g}" for one in values]
        lines.append(",".join((kind, region, sector, *cells)))
    return "\n".join(lines) + "\n"


def texts(data: str | Path) -> dict[str, str]:
    """Every panel as text. Raises `WorldError` if a source is missing in `data`."""
    return {
        "icio": text_of("icio", icio_rows(data), ICIO_YEARS),
        "wiod": text_of("wiod", wiod_rows(data), WIOD_YEARS),
        "groups": text_of("groups", group_rows(data), (2002, 2007, 2012, 2017, 2018)),
    }


def build(data: str | Path, folder: str | Path | None = None) -> list[Path]:
    """Write the panels from the sources in `data`; returns the files, alike at every run."""
    found = texts(data)
    written = []
    for panel in PANELS:
        path = table_path(panel) if folder is None else Path(folder) / table_path(panel).name
        # No time and no name in the packed file: the same bytes every time.
        path.write_bytes(gzip.compress(found[panel].encode(), compresslevel=9, mtime=0))
        written.append(path)
    return written


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m zizhu.history.sectors.build DATA [FOLDER]")
    try:
        build(*sys.argv[1:])
    except ZizhuError as error:
        sys.exit(str(error))
