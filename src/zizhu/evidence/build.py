"""Derived tables of this room: `python -m zizhu.evidence.build DATA` makes them from the sources.

Each is a csv file with its source and licence in lines that start with `#`. They are small and are
shipped, so that tests of claims run without the sources.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from zizhu.errors import EvidenceError
from zizhu.evidence.entries import shipped
from zizhu.history.build.press import observed_moves
from zizhu.indicators import Leontief, value_added_trade
from zizhu.world.build.make import FIRST_CUBE, LAST_CUBE, make_world

# `observed_moves` is made by the panel's room; whoever looks for it looks here.
__all__ = ["TABLES", "build", "observed_moves"]

_GERD = {
    "GERD": "gerd_bn_ppp_usd",
    "GDP": "gdp_bn_ppp_usd",
    "GERD-to-GDP ratio (%)": "percent_of_gdp",
}
# Groups stand beside the countries that they hold; a rank leaves them out.
_GROUPS = ("EU-27",)
_LAST_PATENTS = 2020
_WIOD_YEARS = range(1995, 2012)
_NCSES = "NSF/NCSES, Science and Engineering Indicators"
_PUBLIC = "work of the United States government, public domain"


def research_spending(data: Path) -> pd.DataFrame:
    """R&D spending by country: 1990, 2000, 2010 and 2021.

    gerd_bn_ppp_usd, gdp_bn_ppp_usd  current bn US dollars at purchasing-power parity
    percent_of_gdp                   the former over the latter, as the source prints it
    """
    raw = pd.read_csv(data / "knowledge" / "gerd_by_country.csv")
    raw = raw[raw.gerd_level_1.isin(_GERD) & raw.gerd_level_3.isna()]
    year = raw.gerd_level_2.str.slice(0, 4).astype(int)
    table = raw.assign(
        country=raw.time_period.str.replace(r" \(.*\)$", "", regex=True),
        year=year,
        column=raw.gerd_level_1.map(_GERD),
    ).pivot(index=["country", "year"], columns="column", values="value")
    table = table[list(_GERD.values())].reset_index()
    table["group"] = table.country.isin(_GROUPS).astype(int)
    return table.dropna(subset=["gerd_bn_ppp_usd"])


def knowledge_industries(data: Path) -> pd.DataFrame:
    """Value added of knowledge- and technology-intensive industries, 2002 to 2012, bn US dollars.

    `total` is 1 for sums over industries.
    """
    raw = pd.read_csv(data / "knowledge" / "sector_value_added_2002_2012.csv")
    name = raw.industry.str.replace(r" (industry|industries)$", "", regex=True)
    return pd.DataFrame(
        {
            "industry": name,
            "total": raw.industry.str.startswith("KTI").astype(int),
            "year": raw.year,
            "china": raw.china_va_musd / 1e3,
            "usa": raw.us_va_musd / 1e3,
            "world": raw.world_va_musd / 1e3,
        }
    ).sort_values(["total", "industry", "year"])


def patent_families(data: Path) -> pd.DataFrame:
    """Patent families by year, 1998 to 2020: semiconductors and all fields; China and the world."""
    raw = pd.read_csv(data / "knowledge" / "patent_families_by_field_1998_2020.csv.gz")
    names = {"semiconductors": "semiconductors", "ALL": "all fields"}
    raw = raw[raw.wipo_field.isin(names) & raw.economy.isin(["World", "China", "United States"])]
    raw = raw.assign(field=raw.wipo_field.map(names))
    table = raw.pivot(index=["field", "year"], columns="economy", values="families")
    table = table.rename(columns={"China": "china", "United States": "usa", "World": "world"})
    return table[["china", "usa", "world"]].reset_index()


def patent_fields(data: Path) -> pd.DataFrame:
    """Patent families by field, 2020: China, the United States and the world."""
    raw = pd.read_csv(data / "knowledge" / "patent_families_by_field_1998_2020.csv.gz")
    sums = ("ALL", "UNASSIGNED")
    raw = raw[(raw.year == _LAST_PATENTS) & ~raw.wipo_field.isin(sums)]
    table = raw[raw.economy.isin(["World", "China", "United States"])].pivot(
        index="wipo_field", columns="economy", values="families"
    )
    table = table.rename(columns={"China": "china", "United States": "usa", "World": "world"})
    return table[["china", "usa", "world"]].rename_axis("field").reset_index()


def foreign_value_added(data: Path) -> pd.DataFrame:
    """Foreign value added in Chinese exports, percent: published tables, then our own estimates.

    exports      all, or of electronics (electrical and optical equipment in the older table)
    table        the table that the figure is computed from
    """
    rows = []
    for year in _WIOD_YEARS:
        every, electronics = _foreign_in_wiod(data / "wiod2013" / f"wiod2013_{year}.npz")
        rows += [
            (year, "WIOD 2013", "all", every),
            (year, "WIOD 2013", "electronics", electronics),
        ]
    for year in range(FIRST_CUBE, LAST_CUBE + 1):
        china = value_added_trade(Leontief(make_world(data, year))).sel(region="CHN")
        every = float(china.backward_participation)
        electronics = float(china.sector_backward_participation.sel(sector="C26"))
        rows += [(year, "zizhu", "all", every), (year, "zizhu", "electronics", electronics)]
    return pd.DataFrame(rows, columns=["year", "table", "exports", "percent"])


def _foreign_in_wiod(path: Path) -> tuple[float, float]:
    """Foreign value added in exports of China, all and of electrical and optical equipment."""
    found = np.load(path)
    output = found["X"].astype(float)
    flows, final = found["Z"].astype(float), found["F"].astype(float)
    countries, sectors = list(found["countries"]), list(found["sectors"])
    n, k = len(countries), len(sectors)
    scale = np.where(output > 0, output, 1.0)
    # Value added with taxes and margins, as this table has it: output less inputs.
    value_added: Float[np.ndarray, " ik"] = np.where(output > 0, 1 - flows.sum(axis=0) / scale, 0.0)
    china = countries.index("CHN")
    own = slice(china * k, (china + 1) * k)
    sold = flows[own].reshape(k, n, -1).sum(axis=2) + final[own].reshape(k, n, -1).sum(axis=2)
    exports = sold.sum(axis=1) - sold[:, china]
    unit = np.zeros((n * k, k))
    unit[own] = np.eye(k)
    need = np.linalg.solve(np.eye(n * k) - flows / scale, unit)
    content = (value_added[:, None] * need).reshape(n, k, k).sum(axis=1)
    foreign = content.sum(axis=0) - content[china]
    at = sectors.index("30t33")
    return float(100 * (foreign @ exports) / exports.sum()), float(100 * foreign[at])


TABLES = {
    "research_spending": (
        research_spending,
        f"{_NCSES}, table 10937, from OECD Main Science and Technology Indicators",
        _PUBLIC,
        2,
    ),
    "knowledge_industries": (
        knowledge_industries,
        f"{_NCSES}, tables 6213, 6214, 6233 and 6235 to 6248; China with Hong Kong",
        _PUBLIC,
        3,
    ),
    "patent_families": (
        patent_families,
        f"{_NCSES}, table 5828: INPADOC patent families by WIPO field and economy",
        _PUBLIC,
        0,
    ),
    "patent_fields": (
        patent_fields,
        f"{_NCSES}, table 5828: INPADOC patent families by WIPO field and economy, 2020",
        _PUBLIC,
        0,
    ),
    "foreign_value_added": (
        foreign_value_added,
        "computed from the World Input-Output Database, 2013 release, 1995 to 2011, and from "
        "tables of 2011 to 2022 that zizhu estimates from OECD's Inter-Country Input-Output "
        "tables, 2025 edition",
        "WIOD CC BY 4.0; OECD terms: reuse with attribution",
        2,
    ),
}


def build(data: str | Path) -> list[Path]:
    """Make every table from the sources in `data`; returns the files.

    Raises `EvidenceError` if a source is missing.
    """
    written = []
    for name, (make, source, licence, digits) in TABLES.items():
        try:
            table = make(Path(data))
        except OSError as error:
            raise EvidenceError(f"table {name}: a source is missing in {data}: {error}") from error
        text = table.to_csv(index=False, float_format=f"%.{digits}f", lineterminator="\n")
        path = shipped(f"tables/{name}.csv")
        path.write_text(f"# source: {source}\n# licence: {licence}\n{text}", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m zizhu.evidence.build DATA")
    for file in build(sys.argv[1]):
        sys.stdout.write(f"{file}\n")
