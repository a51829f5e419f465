"""Growth by country: the shipped table of what was, and the outlook of what is expected.

`tables/growth.csv` is built from the Penn World Table (see `zizhu.world.build.growth`);
`outlook.yaml` holds projections with source and status. Every figure that is not there is None.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from zizhu.errors import WorldError
from zizhu.reading import read_mapping, sentence

WORLD, EURO_AREA, OTHER = "WORLD", "EUR", "OTHER"


def _nothing(value: object) -> object:
    return None if value == "" else value


_Share = Annotated[float, Field(gt=0, lt=1)]
_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
# A logarithm a year: what lies beyond one half is percent by mistake.
_Rate = Annotated[float, Field(gt=-0.5, lt=0.5)]
# An empty cell is a figure that the source does not have.
Share = Annotated[_Share | None, BeforeValidator(_nothing)]
Positive = Annotated[_Positive | None, BeforeValidator(_nothing)]
Rate = Annotated[_Rate | None, BeforeValidator(_nothing)]
Percent = Annotated[float, Field(gt=-15, lt=15)]


class Country(BaseModel):
    """One country of the table; rates are logarithms a year, money is in US dollars.

    labour_share           of labour in income, 2019
    capital_output_ratio   capital over yearly output, national prices of 2017, 2019
    depreciation           part of capital a year, 2019
    capital_growth         2014-2019
    employment             million people, 2019
    employment_growth      2014-2019
    output_per_worker      dollars of 2017 at purchasing-power parity, 2019
    tfp_growth             total factor productivity, 2009-2019
    human_capital_growth   schooling and its return, 2009-2019
    gdp_growth_2009_2019, gdp_growth_2014_2019   real
    gdp_2022               million current dollars
    research_spending      million current dollars, 2021
    research_of            whose share of GDP that is: own, or rest of EU
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: str = Field(pattern=r"^[A-Z]{3}$")
    labour_share: Share
    capital_output_ratio: Positive
    depreciation: Share
    capital_growth: Rate
    employment: Positive
    employment_growth: Rate
    output_per_worker: Positive
    tfp_growth: Rate
    human_capital_growth: Rate
    gdp_growth_2009_2019: Rate
    gdp_growth_2014_2019: Rate
    gdp_2022: Positive
    research_spending: Positive
    research_of: Annotated[Literal["own", "rest of EU"] | None, BeforeValidator(_nothing)]


class Projection(BaseModel):
    """One projection: percent by country, with its source and whether that was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    unit: str
    source: str
    status: Literal["read", "recalled"]
    confidence: Literal["high", "medium", "low"]
    values: dict[str, Percent]


class Outlook(BaseModel):
    """What is expected: percent a year by country, and research intensities recalled.

    working_age          population aged 15 to 64, 2022-2035, logarithm a year in percent
    gdp_growth           real GDP in the last year of the outlook; EUR is the euro area
    research_intensity   percent of GDP of countries that the table has no spending for
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    working_age: Projection
    gdp_growth: Projection
    research_intensity: Projection


@dataclass(frozen=True)
class GrowthTables:
    """The table of growth by country, and the outlook."""

    countries: Mapping[str, Country]
    outlook: Outlook


def read_countries(path: str | Path) -> dict[str, Country]:
    """Read a table of growth; raises `WorldError` with the line and what would be right."""
    file = Path(path)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(f"table of growth {file} cannot be read as text") from error
    at = [number for number, line in enumerate(lines, start=1) if not line.startswith("#")]
    rows = csv.reader(lines[number - 1] for number in at)
    fields = next(rows, [])
    if sorted(fields) != sorted(Country.model_fields):
        odd = sorted(set(Country.model_fields) ^ set(fields)) or fields
        raise WorldError(
            f"table of growth {file}: columns must be {', '.join(Country.model_fields)}; "
            f"missing, unknown or twice: {', '.join(odd) or 'all of them'}"
        )
    found: dict[str, Country] = {}
    for number, cells in zip(at[1:], rows, strict=True):
        place = f"table of growth {file}, line {number}"
        if len(cells) != len(fields):
            raise WorldError(f"{place}: {len(cells)} cells found, {len(fields)} are right")
        row: dict[str, Any] = dict(zip(fields, cells, strict=True))
        try:
            country = Country(**row)
        except ValidationError as error:
            raise WorldError(f"{place}: {sentence(error, Country)}") from error
        if country.country in found:
            raise WorldError(f"{place}: country {country.country} appears twice")
        found[country.country] = country
    if not found:
        raise WorldError(f"table of growth {file}: it has no country")
    return found


def read_outlook(path: str | Path) -> Outlook:
    """Read an outlook; raises `WorldError` with the field and what would be right."""
    file = Path(path)
    raw = read_mapping(file, "outlook", WorldError, "working_age and gdp_growth")
    try:
        outlook = Outlook(**raw)
    except ValidationError as error:
        raise WorldError(f"outlook {file}: {sentence(error, Outlook)}") from error
    for block, key in (("working_age", WORLD), ("research_intensity", OTHER)):
        if key not in getattr(outlook, block).values:
            raise WorldError(f"outlook {file}: field {block}.values has no {key}")
    return outlook


@lru_cache(maxsize=1)
def growth_tables() -> GrowthTables:
    """The shipped table and outlook, read once."""
    folder = Path(str(files("zizhu.world")))
    return GrowthTables(
        read_countries(folder / "tables" / "growth.csv"), read_outlook(folder / "outlook.yaml")
    )
