"""WIOD, release 2013, as published: one sheet, four rows of labels under four lines of title."""

from __future__ import annotations

import numpy as np
import pandas as pd
from formats.toy import Toy, toy

SECTORS = (
    "AtB C 15t16 17t18 19 20 21t22 23 24 25 26 27t28 29 30t33 34t35 36t37 E F 50 51 52 H 60 61 62 "
    "63 64 J 70 71t74 L M N O P"
)
USES = {
    "c37": "Final consumption expenditure by households",
    "c38": "Final consumption expenditure by non-profit organisations serving households (NPISH)",
    "c39": "Final consumption expenditure by government",
    "c41": "Gross fixed capital formation",
    "c42": "Changes in inventories and valuables",
}


def write(folder) -> tuple[str, Toy]:
    """`wiot09_row_sep12.xlsx` with three regions; pymrio wants the USA among them."""
    table = toy(("CHN", "USA", "RoW"), SECTORS.split(), tuple(USES), seed=13)
    columns = [
        (code, f"name {code}", region, f"c{at}")
        for region in table.regions
        for at, code in enumerate(table.sectors, 1)
    ]
    uses = [("", name, region, code) for region in table.regions for code, name in USES.items()]
    width = 4 + len(columns) + len(uses) + 1
    rows = [["Mock WIOD Input-Output Table for 2009"], ["3 countries, in current prices"]]
    rows = [row + [None] * (width - 1) for row in rows]
    for level in range(4):
        labels = [one[level] for one in (*columns, *uses)]
        rows.append([*([None] * 4), *labels, "Total output" if level == 1 else None])
    rows[2][0], rows[3][0] = "(industry-by-industry)", "(millions of US$)"
    full = np.hstack([table.z, table.y, table.output[:, None]])
    rows += [[*label, *cells] for label, cells in zip(columns, full.tolist(), strict=True)]
    nothing = [0.0] * (len(uses) + 1)
    zeros = np.zeros(len(columns))
    for name, code, region, cells in (
        ("Total intermediate consumption", "r60", "TOT", table.z.sum(axis=0)),
        ("taxes less subsidies on products", "r99", None, table.taxes),
        ("Cif/ fob adjustments on exports", "r61", None, zeros),
        ("Direct purchases abroad by residents", "r62", None, zeros),
        ("Purchases on the domestic territory by non-residents ", "r63", None, zeros),
        ("Value added at basic prices", "r64", None, 0.99 * table.value_added),
        ("International Transport Margins", None, None, 0.01 * table.value_added),
        ("Output at basic prices", "r69", None, table.output),
    ):
        rows.append([None, name, region, code, *cells.tolist(), *nothing])
    assert all(len(row) == width for row in rows)
    file = folder / "wiot09_row_sep12.xlsx"
    pd.DataFrame(rows).to_excel(file, header=False, index=False)
    return str(file), table
