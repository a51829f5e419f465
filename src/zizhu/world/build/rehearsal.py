"""The builder's ingredients taken from WIOD, where the truth is known: a rehearsal.

From tables of other years the same information is kept that the builder has for 2022, and no
more: trade of the year by good with services pooled; the structure of seven groups of regions five
years before; the official table in eleven groups of sectors two years before; full tables eleven
years before (ten for 2005: WIOD begins in 1995) for some countries, in fewer sectors; GDP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from zizhu.world.build.gdp import gdp_table
from zizhu.world.build.ingredients import Ingredients, Official, Old, Pooled
from zizhu.world.build.wiod import FIRST_YEAR, GOODS, WiodTable, read_wiod

# The regions of our worlds that WIOD has.
_SINGLE = "CHN USA JPN KOR TWN DEU NLD FRA ITA GBR IND IDN AUS CAN MEX BRA RUS TUR ROW"
SINGLE = tuple(_SINGLE.split())
# Stand-ins for the regions of our worlds that the old tables lack (VNM, MYS, THA, CHE ...).
WITHOUT_OLD = ("AUS", "IDN", "TUR")
SEVEN = {"BRA": "BRA", "CHN": "CHN", "IND": "IND", "JPN": "JPN", "USA": "USA"}
OUTSIDE_EUROPE = ("AUS", "CAN", "IDN", "KOR", "MEX", "RUS", "TUR", "TWN", "ROW")
_MANUFACTURES = "17t18 19 20 21t22 23 24 25 26 27t28 29 30t33 34t35 36t37"
# Eleven groups of the official table, as ranges of WIOD's sectors.
ELEVEN = {
    "AGRI_MIN_FOOD": ("AtB", "C", "15t16"),
    "MANUF_EXFOOD": tuple(_MANUFACTURES.split()),
    "UTILITIES": ("E",),
    "CONSTRUCTION": ("F",),
    "TRADE": ("50", "51", "52"),
    "TRANSPORT": ("60", "61", "62", "63"),
    "ACCOM_ICT": ("H", "64"),
    "FIN_REALESTATE": ("J", "70"),
    "PROF_ADMIN_PUBADM": ("71t74", "L"),
    "EDU_HEALTH": ("M", "N"),
    "ARTS_OTHER": ("O", "P"),
}
# Sectors that the old tables do not tell apart, as WIOD joins what our worlds separate.
JOINED = (("24", "25"), ("29", "30t33"), ("34t35", "36t37"))


# Editions of OECD's tables differ: root mean square of ln(cube / official) in 2020, weighted by
# value, of sales at home (0.09 to 0.13) and abroad (0.16 to 0.32) by groups of sectors.
EDITION_NOISE = {"home": 0.12, "abroad": 0.28}
# Value-added shares by group of sectors differ too; by region they do by 0.02 to 0.08, by group
# it is not known (assumption).
VALUE_ADDED_NOISE = 0.05


def other_edition(made_of: Ingredients) -> Ingredients:
    """The same ingredients with an official table that differs as editions differ.

    Sales by supplier, group of sectors and user are multiplied by exp(noise), common to all uses;
    so are value-added shares. The noise is the same in every run and another one each year.
    """
    draw = np.random.default_rng(made_of.year).standard_normal
    official = made_of.official
    count, width = official.value_added.shape
    size = np.full((count, 1, count, 1), EDITION_NOISE["abroad"])
    size[np.arange(count), 0, np.arange(count)] = EDITION_NOISE["home"]
    factor = np.exp(size * draw((count, width, count, 1)))
    shares = official.value_added * np.exp(VALUE_ADDED_NOISE * draw((count, width)))
    changed = replace(
        official,
        intermediate=official.intermediate * factor,
        final=official.final * factor,
        value_added=np.minimum(shares, 0.97),
    )
    return replace(made_of, official=changed)


@dataclass(frozen=True)
class Lags:
    """Years between the table and its sources."""

    pooled: int = 5
    official: int = 2
    old: int = 11


def as_regions(table: WiodTable, every_country: bool) -> dict[str, list[str]]:
    """Our regions in WIOD's countries, or every country on its own."""
    if every_country:
        return {code: [code] for code in table.regions}
    groups = {code: [code] for code in SINGLE}
    groups["REU"] = [code for code in table.regions if code not in SINGLE]
    return groups


def membership(labels: tuple[str, ...], groups: Mapping[str, Sequence[str]]) -> np.ndarray:
    """0/1 [label, group]."""
    return np.array([[float(label in found) for found in groups.values()] for label in labels])


def rehearse(
    folder: str | Path, year: int, *, lags: Lags | None = None, every_country: bool = False
) -> tuple[Ingredients, WiodTable]:
    """Ingredients for a past year, and the true table."""
    ago = lags or Lags()
    tables = {
        lag: read_wiod(folder, max(year - lag, FIRST_YEAR))
        for lag in (0, ago.pooled, ago.official, ago.old)
    }
    regions = as_regions(tables[0], every_country)
    truth = tables[0].pooled(regions)
    labels, sectors = truth.regions, truth.sectors
    then = tables[ago.official].pooled(regions)

    seven = {label: [label] for label in SEVEN}
    outside = [code for code in tables[0].regions if code in OUTSIDE_EUROPE]
    seven["EU"] = [c for c in tables[0].regions if c not in SEVEN and c not in outside]
    seven["ROW"] = outside
    pool = np.array(
        [[float(regions[label][0] in found) for found in seven.values()] for label in labels]
    )
    some = tables[ago.pooled].pooled(seven)
    some_output = some.flows.sum(axis=2)
    pooled = Pooled(
        membership=pool,
        inputs=some.intermediate.sum(axis=0),
        final=some.final.sum(axis=(0, 3)),
        value_added=np.clip(some.value_added / np.maximum(some_output, 1e-9), 0.02, 0.95),
        trade=some.flows,
    )
    groups = membership(sectors, ELEVEN)
    then_output = then.flows.sum(axis=2) @ groups
    consumption = np.array([[1, 0], [1, 0], [0, 1]], dtype=float)
    official = Official(
        membership=groups,
        intermediate=np.einsum("iknj,kK,jJ->iKnJ", then.intermediate, groups, groups),
        final=np.einsum("iknu,kK,uw->iKnw", then.final, groups, consumption),
        value_added=(then.value_added @ groups) / np.maximum(then_output, 1e-9),
        taxes=np.zeros((len(labels), groups.shape[1])),
        final_taxes=np.zeros(len(labels)),
    )
    return (
        Ingredients(
            year=year,
            regions=labels,
            sectors=sectors,
            goods=GOODS,
            trade=_trade(truth),
            trade_then=_trade(then),
            pooled=pooled,
            official=official,
            old=_old(tables[ago.old], labels, regions, sectors),
            gdp=_grown(folder, then, regions, year, year - ago.official),
        ),
        truth,
    )


def _trade(table: WiodTable) -> Float[np.ndarray, "i g i"]:
    flows = table.flows
    return np.concatenate([flows[:, :GOODS], flows[:, GOODS:].sum(axis=1, keepdims=True)], axis=1)


def _old(
    table: WiodTable,
    labels: tuple[str, ...],
    regions: dict[str, list[str]],
    sectors: tuple[str, ...],
) -> Old:
    known = {label: regions[label] for label in labels if label not in (*WITHOUT_OLD, "ROW")}
    known["ROW"] = [c for c in table.regions if not any(c in found for found in known.values())]
    joined = {pair[0]: pair for pair in JOINED}
    second = {pair[1] for pair in JOINED}
    groups = {s: joined.get(s, (s,)) for s in sectors if s not in second}
    sector_groups = membership(sectors, groups)
    old = table.pooled(known, sector_groups)
    country = np.zeros((len(labels), len(known)))
    for n, label in enumerate(labels):
        country[n, list(known).index(label if label in known else "ROW")] = 1.0
    return Old(country, sector_groups, old.uses, old.value_added)


def _grown(
    folder: str | Path, then: WiodTable, regions: dict[str, list[str]], year: int, before: int
) -> Float[np.ndarray, " n"]:
    """Value added of the official year times the growth of GDP; unknown for TWN and the rest."""
    gdp = gdp_table(folder)
    found = np.full(len(then.regions), np.nan)
    for n, label in enumerate(then.regions):
        members = regions[label]
        if label != "ROW" and all((c, y) in gdp for c in members for y in (year, before)):
            growth = sum(gdp[c, year] for c in members) / sum(gdp[c, before] for c in members)
            found[n] = then.value_added[n].sum() * growth
    return found
