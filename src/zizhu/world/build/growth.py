"""`python -m zizhu.world.build.growth DATA`: the table of growth by country, from its sources.

Rates are logarithms a year: the growth of x from year s to year t is ln(x_t / x_s) / (t - s).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from zizhu.errors import WorldError, ZizhuError
from zizhu.world.build.gdp import gdp_table
from zizhu.world.build.oecd import TAIWAN_GDP
from zizhu.world.classification import EUROPEAN_UNION

SHIPPED = Path(__file__).parents[1] / "tables" / "growth.csv"

HEADER = (
    "source: Penn World Table 10.01 (Feenstra, Inklaar and Timmer 2015), 2019 and growth to 2019, "
    "CC BY 4.0",
    "source: GDP in current US dollars, World Bank by the datasets/gdp package, PDDL; Taiwan 2022: "
    "IMF, rounded",
    "source: share of research in GDP in 2021, NSF/NCSES Science and Engineering Indicators, table "
    "10937, from OECD Main Science and Technology Indicators, public domain",
    "labour_share labsh; capital_output_ratio rnna/rgdpna in national prices of 2017; depreciation "
    "delta, a year; capital_growth rnna, 2014-2019; employment emp, million",
    "output_per_worker cgdpo/emp, US dollars of 2017 at purchasing-power parity; tfp_growth rtfpna "
    "and human_capital_growth hc, 2009-2019",
    "gdp_growth rgdpna; growth rates are logarithms a year; gdp_2022 million current US dollars",
    "research_spending share of 2021 times GDP of 2021, million current US dollars; research_of "
    "own, or rest of EU where only the remainder of the EU-27 is known",
)

# The names of table 10937 that are countries.
_RESEARCHERS = {
    "United States": "USA",
    "China": "CHN",
    "Japan": "JPN",
    "Germany": "DEU",
    "South Korea": "KOR",
    "United Kingdom": "GBR",
    "France": "FRA",
    "Taiwan": "TWN",
    "Russia": "RUS",
    "Italy": "ITA",
    "Canada": "CAN",
    "Turkey": "TUR",
    "Spain": "ESP",
    "Netherlands": "NLD",
}
# Digits after the point: no more than the sources hold.
_DIGITS = {
    "labour_share": 4,
    "capital_output_ratio": 3,
    "depreciation": 4,
    "capital_growth": 5,
    "employment": 4,
    "employment_growth": 5,
    "output_per_worker": 0,
    "tfp_growth": 5,
    "human_capital_growth": 5,
    "gdp_growth_2009_2019": 5,
    "gdp_growth_2014_2019": 5,
    "gdp_2022": 0,
    "research_spending": 0,
}


def growth_table(data: str | Path) -> pd.DataFrame:
    """The table of growth, one row a country of the Penn World Table; columns as in `HEADER`.

    Raises `WorldError` if a source is missing in `data`.
    """
    folder = Path(data) / "knowledge"
    gdp = gdp_table(data)
    try:
        raw = pd.read_csv(folder / "pwt10.01.csv.gz")
        spending = pd.read_csv(folder / "gerd_by_country.csv")
    except OSError as error:
        raise WorldError(f"table of growth: a source is missing in {folder}: {error}") from error
    by_year = {year: raw[raw.year == year].set_index("isocode") for year in (2009, 2014, 2019)}
    last = by_year[2019]

    def growth(column: str, start: int) -> pd.Series[float]:
        ratio = last[column] / by_year[start][column].reindex(last.index)
        return ratio.map(np.log) / (2019 - start)

    table = pd.DataFrame(
        {
            "labour_share": last.labsh,
            "capital_output_ratio": last.rnna / last.rgdpna,
            "depreciation": last.delta,
            "capital_growth": growth("rnna", 2014),
            "employment": last.emp,
            "employment_growth": growth("emp", 2014),
            "output_per_worker": last.cgdpo / last.emp,
            "tfp_growth": growth("rtfpna", 2009),
            "human_capital_growth": growth("hc", 2009),
            "gdp_growth_2009_2019": growth("rgdpna", 2009),
            "gdp_growth_2014_2019": growth("rgdpna", 2014),
            "gdp_2022": [_gdp(gdp, country, 2022) for country in last.index],
        }
    )
    share, of = _research(spending)
    earlier = pd.Series({country: _gdp(gdp, country, 2021) for country in last.index})
    table["research_spending"] = share.reindex(last.index) * earlier
    table = table.round(_DIGITS)
    table["research_of"] = of.reindex(last.index).where(table.research_spending.notna())
    return table.rename_axis("country").sort_index().reset_index()


def _gdp(gdp: dict[tuple[str, int], float], country: str, year: int) -> float:
    if country == "TWN":
        # Only 2022 is known; one year earlier is close enough for a share of GDP (assumption).
        return TAIWAN_GDP[2022]
    return gdp.get((country, year), float("nan"))


def _research(raw: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[str]]:
    """Research as a share of GDP in 2021 by country, and whose share it is."""
    raw = raw[raw.gerd_level_3.isna() & raw.gerd_level_2.str.startswith("2021")]
    name = raw.time_period.str.replace(r" \(.*\)$", "", regex=True)
    found = raw.assign(name=name).pivot(index="name", columns="gerd_level_1", values="value")
    spent, product = found["GERD"], found["GDP"]
    known = [name for name in _RESEARCHERS if name in found.index]
    share = {_RESEARCHERS[name]: float(spent[name] / product[name]) for name in known}
    of = dict.fromkeys(share, "own")
    # What the Union spends beyond its named members, over their product: one share for the rest.
    members = [name for name in known if _RESEARCHERS[name] in EUROPEAN_UNION]
    rest = (spent["EU-27"] - spent[members].sum()) / (product["EU-27"] - product[members].sum())
    for country in EUROPEAN_UNION:
        if country not in share:
            share[country], of[country] = float(rest), "rest of EU"
    return pd.Series(share), pd.Series(of)


def text_of(table: pd.DataFrame) -> str:
    """The table as the text of the shipped file: sources and units on top, then csv."""
    shown = table.copy()
    for column, digits in _DIGITS.items():
        shown[column] = ["" if pd.isna(value) else f"{value:.{digits}f}" for value in table[column]]
    lines = [f"# {line}\n" for line in HEADER]
    return "".join(lines) + shown.to_csv(index=False, lineterminator="\n")


def build(data: str | Path, target: str | Path = SHIPPED) -> Path:
    """Write the table from the sources in `data`; returns the file."""
    path = Path(target)
    path.write_text(text_of(growth_table(data)), encoding="utf-8")
    return path


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m zizhu.world.build.growth DATA [FILE]")
    try:
        build(*sys.argv[1:])
    except ZizhuError as error:
        sys.exit(str(error))
