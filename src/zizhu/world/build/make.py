"""The shipped worlds: ingredients assembled, with tariffs, taxes, errors and notes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.world.build.assemble import Assembled, assemble
from zizhu.world.build.ingredients import Ingredients
from zizhu.world.build.oecd import (
    GOODS,
    OFFICIAL_YEAR,
    OLD_YEAR,
    POOLED_YEAR,
    REGION_NAMES,
    ROWS,
    SECTORS,
    SINGLE,
    read,
    read_cube,
    read_ingredients,
)
from zizhu.world.classification import SECTOR_NAMES, isic_divisions
from zizhu.world.doubt import Doubt
from zizhu.world.history import ALL_SERVICES
from zizhu.world.world import FINAL_USES, World

FIRST_CUBE, LAST_CUBE = 2011, 2022
# The tariff war began in 2018: tables of later years have its tariffs added.
WAR_SINCE = 2018
# Names for several regions and sectors: the European Union, ISIC divisions that are split here.
GROUPS = {
    "EU": ("DEU", "NLD", "FRA", "ITA", "REU"),
    "C24": ("C24A", "C24B"),
    "C30": ("C301", "C302T309"),
}
SOURCE = (
    "OECD Inter-Country Input-Output tables (2025 edition: bilateral sales and tariffs of {year}; "
    f"2023 edition: official table of {OFFICIAL_YEAR} in 11 sectors and structure of "
    f"{POOLED_YEAR} in 7 regions); World Input-Output Database, 2013 release, {OLD_YEAR}; GDP: "
    "World Bank (Taiwan: IMF); war tariffs of 2018-19: Lashkaripour and Lugovskyy (2023)"
)
LICENCE = "OECD terms: reuse with attribution; WIOD CC BY 4.0; GDP table PDDL"


def make_world(folder: str | Path, year: int, doubt: Doubt | None = None) -> World:
    """Build the world of a year (2011 to 2022) from the data folder.

    Raises `WorldError` if a source is missing or margins cannot be met.
    """
    made_of = read_ingredients(folder, year)
    return finish(made_of, assemble(made_of), _tariffs(folder, year), doubt)


def finish(
    made_of: Ingredients,
    table: Assembled,
    tariff: Float[np.ndarray, "i k i"],
    doubt: Doubt | None,
) -> World:
    """Turn an assembled table into a world."""
    width, year = len(made_of.sectors), made_of.year
    # Net taxes on products are those of the official year and may be less than the duties that
    # tariffs imply: duties are the least.
    duties = (table.uses[..., :width] * tariff[..., None]).sum(axis=(0, 1))
    taxes = np.maximum(table.taxes, duties)
    return World(
        name=str(year),
        year=year,
        currency="USD",
        regions=made_of.regions,
        sectors=made_of.sectors,
        final_uses=FINAL_USES,
        intermediate=np.ascontiguousarray(table.uses[..., :width]),
        final=np.ascontiguousarray(table.uses[..., width:]),
        value_added=table.value_added + table.taxes - taxes,
        taxes=taxes,
        tariff=tariff,
        region_names=REGION_NAMES,
        sector_names={code: SECTOR_NAMES[code] for code in SECTORS},
        isic={code: isic_divisions(code) for code in SECTORS},
        source=SOURCE.format(year=year),
        licence=LICENCE,
        notes=_notes(made_of, table, tariff),
        doubt=doubt,
        groups=GROUPS,
    )


def make_history(folder: str | Path) -> xr.Dataset:
    """Flows between our regions by good and all services, for every year of the cube."""
    years = range(FIRST_CUBE, LAST_CUBE + 1)
    flows = np.stack([read_cube(folder, year).trade for year in years])
    return xr.Dataset(
        {
            "flow": (
                ("year", "supplier", "sector", "user"),
                flows.astype(np.float32),
                {
                    "units": "million USD",
                    "definition": "sales to all uses, own sales included, before duties",
                },
            )
        },
        {
            "year": list(years),
            "supplier": list(SINGLE),
            "sector": [*SECTORS[:GOODS], ALL_SERVICES],
            "user": list(SINGLE),
        },
        {
            "source": "OECD Inter-Country Input-Output tables, 2025 edition, summed",
            "licence": "OECD terms: reuse with attribution",
        },
    )


def gdp_differences(folder: str | Path, world: World) -> list[dict[str, object]]:
    """GDP of the world against the World Bank's, by region, in million US dollars.

    GDP is value added, net taxes of producers, and net taxes on final uses at the official rate.
    """
    made_of = read_ingredients(folder, world.year)
    on_final = made_of.official.final_taxes * world.final.sum(axis=(0, 1, 3))
    ours = world.gdp + world.taxes.sum(axis=1) + on_final
    return [
        {
            "year": world.year,
            "region": region,
            "world": float(ours[n]),
            "published": None if np.isnan(made_of.gdp[n]) else float(made_of.gdp[n]),
        }
        for n, region in enumerate(world.regions)
    ]


def own_structure() -> tuple[str, ...]:
    """Regions that are countries of WIOD."""
    without = {"HKG", "CHE", "VNM", "MYS", "SGP", "THA", "PHL", "SAU", "ISR", "ROW"}
    return tuple(code for code in SINGLE if code not in without)


def war_tariffs(folder: str | Path) -> tuple[Float[np.ndarray, " k"], Float[np.ndarray, " k"]]:
    """Additional tariffs of 2018-19 by our sectors: US on China, China on US."""
    data = read(folder, "calibration_2017_7x44.npz")
    goods = list(map(str, data["sectors"]))[: len(data["us_tariff_on_china"])]
    both = []
    for name in ("us_tariff_on_china", "china_tariff_on_us"):
        added = np.zeros(len(SECTORS))
        for k, row in enumerate(ROWS[:GOODS]):
            added[k] = np.mean([data[name][goods.index(code)] for code in row.pooled])
        both.append(added)
    return both[0], both[1]


def _tariffs(folder: str | Path, year: int) -> Float[np.ndarray, "i k i"]:
    tariff = np.zeros((len(SINGLE), len(SECTORS), len(SINGLE)))
    tariff[:, :GOODS] = read_cube(folder, year).tariff
    if year >= WAR_SINCE:
        of_us, of_china = war_tariffs(folder)
        china, us = SINGLE.index("CHN"), SINGLE.index("USA")
        tariff[china, :, us] += of_us
        tariff[us, :, china] += of_china
    return tariff


def _notes(
    made_of: Ingredients, table: Assembled, tariff: Float[np.ndarray, "i k i"]
) -> tuple[str, ...]:
    year = made_of.year
    china, us = SINGLE.index("CHN"), SINGLE.index("USA")
    flows = table.uses.sum(axis=3)[china, :GOODS, us]
    paid = float((flows * tariff[china, :GOODS, us]).sum())
    war = (
        (
            "the US and Chinese additional tariffs of 2018-19 are added to the tariffs of "
            f"{year}; Phase One cuts (February 2020) and products left out (phones, laptops) are "
            f"not in them, so that duties are too high: {paid / 1e3:,.0f} bn USD of US duties on "
            f"Chinese goods, {100 * paid / flows.sum():.0f} percent"
        )
        if year >= WAR_SINCE
        else "tariffs are those before the tariff war of 2018-19"
    )
    uses, origins = (100 * table.then.gaps.get(f"official {n}", 0.0) for n in ("uses", "origins"))
    return (
        f"estimated: sales between regions by good, and of all services together, are those of "
        f"{year}; what is inside (who uses what, which service) is a reconciliation of older "
        "tables; its errors by class of cell were measured on WIOD (see the proof)",
        f"RAS: bilateral sales exact; inputs by sector exact to the value added below; official "
        f"use and origin shares of {OFFICIAL_YEAR} fitted with weight 0.8 (missed by "
        f"{uses:.1f} and {origins:.1f} percent); GDP fitted with weight 0.5",
        f"input structure: seven groups of regions in {POOLED_YEAR}, bent to the country by WIOD "
        f"{OLD_YEAR} where it has the country; {', '.join(_without())} have the structure of the "
        "rest of the world, scaled to their own trade and official table",
        f"services are estimated: 9 official groups of {OFFICIAL_YEAR}, and inside them telecom, "
        "IT, publishing, hotels, finance, real estate and public administration by the shares of "
        f"seven groups of regions in {POOLED_YEAR}",
        "government, household and investment use by product from WIOD 2011; regions without a "
        "table of their own have the mix of its rest of the world (assumption)",
        "steel and other metals, and ships and other transport equipment, have the same input "
        "structure (assumption); rail stock and aircraft share sector C302T309",
        "Hong Kong: goods that only pass through are in part counted as its sales and purchases; "
        "read its links with China together",
        "location is not ownership: sales of foreign-owned plants count where they stand; goods "
        "shipped through Viet Nam, Mexico or Hong Kong count as theirs in the last stage",
        war,
        "tariffs on services in the source are left out: services pay no tariffs at a border",
        "Taiwan's GDP: IMF, rounded (760 bn USD in 2022); in other years value added at its last "
        "share of output",
    )


def _without() -> list[str]:
    return [code for code in SINGLE if code not in own_structure()]
