"""GLORIA, release 059: supply and use in one square of industries and products, labels in xlsx."""

from __future__ import annotations

import numpy as np
import pandas as pd
from formats.eora import PRIMARY, SHARES, USES
from formats.toy import Toy, toy

SECTORS = (
    "Growing wheat",
    "Hard coal",
    "Petroleum extraction",
    "Computers; electronic products; optical and precision instruments",
    "Motor vehicles, trailers and semi-trailers",
    "Electric power generation, transmission and distribution",
    "Finance and insurance",
)


def write(folder) -> tuple[str, Toy]:
    """Folders of tables and of satellite accounts for 2022, and the ReadMe."""
    table = toy(("AUS", "CHN", "USA"), SECTORS, USES, seed=59)
    n, k = len(table.regions), len(SECTORS)
    industry = np.concatenate([np.arange(k) + 2 * k * region for region in range(n)])
    product = industry + k
    t = np.zeros((2 * n * k, 2 * n * k))
    t[industry, product] = table.output
    t[np.ix_(product, industry)] = table.z
    y = np.zeros((2 * n * k, table.y.shape[1]))
    y[product] = table.y
    v = np.zeros((n * len(PRIMARY), 2 * n * k))
    for region in range(n):
        own = slice(region * k, (region + 1) * k)
        rows = slice(region * len(PRIMARY), (region + 1) * len(PRIMARY))
        v[rows, industry[own]] = np.outer(SHARES, (table.value_added + table.taxes)[own])
    tables, satellites = (
        folder / "GLORIA_MRIOs_59_2022",
        folder / "GLORIA_SatelliteAccounts_059_2022",
    )
    for place, kind, cells in (
        (tables, "T", t),
        (tables, "Y", y),
        (tables, "V", v),
        (satellites, "TQ", np.ones((1, t.shape[1]))),
        (satellites, "YQ", np.ones((1, y.shape[1]))),
    ):
        place.mkdir(exist_ok=True)
        name = f"0_120secMother_AllCountries_002_{kind}-Results_2022_059_Markup001(full).csv"
        np.savetxt(place / name, cells, fmt="%.17g", delimiter=",")
    with pd.ExcelWriter(folder / "GLORIA_ReadMe_059.xlsx") as book:
        for sheet, columns in {
            "Regions": {"Region_acronyms": table.regions, "Region_names": table.regions},
            "Sectors": {"Sector_names": SECTORS},
            "Value added and final demand": {
                "Value_added_names": PRIMARY,
                "Final_demand_names": USES,
            },
            "Satellites": {
                "Sat_head_indicator": ["Emissions"],
                "Sat_indicator": ["CO2"],
                "Sat_unit": ["kilotonnes"],
            },
        }.items():
            pd.DataFrame({key: list(cells) for key, cells in columns.items()}).to_excel(
                book, sheet_name=sheet, index=False
            )
    return str(folder), table
