"""EXIOBASE 3 as published: tab-separated tables, and json files that say how to read them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from formats.toy import Toy, toy

SECTORS = (
    "Cultivation of wheat",
    "Mining of coal and lignite; extraction of peat (10)",
    "Processing of meat cattle",
    "Manufacture of basic iron and steel and of ferro-alloys and first products thereof",
    "Manufacture of machinery and equipment n.e.c. (29)",
    "Production of electricity by wind",
    "Research and development (73)",
)
USES = (
    "Final consumption expenditure by households",
    "Final consumption expenditure by non-profit organisations serving households (NPISH)",
    "Final consumption expenditure by government",
    "Gross fixed capital formation",
    "Changes in inventories",
    "Changes in valuables",
    "Exports: Total (fob)",
)
_WAGES = "Compensation of employees; wages, salaries, & employers' social contributions"
# Shares of value added; taxes on products are on top.
PRIMARY = {
    "Taxes less subsidies on products purchased: Total": None,
    "Other net taxes on production": 0.02,
    f"{_WAGES}: Low-skilled": 0.2,
    f"{_WAGES}: High-skilled": 0.4,
    "Operating surplus: Consumption of fixed capital": 0.18,
    "Operating surplus: Remaining net operating surplus": 0.2,
}


def write(folder) -> tuple[str, Toy]:
    """`IOT_2011_ixi` with its tables and its satellite accounts."""
    table = toy(("CN", "DE", "WA"), SECTORS, USES, seed=3, empty=("Exports: Total (fob)",))
    place = folder / "IOT_2011_ixi"
    satellite = place / "satellite"
    satellite.mkdir(parents=True)
    pd.DataFrame(table.z, index=table.cells, columns=table.cells).to_csv(place / "Z.txt", sep="\t")
    pd.DataFrame(table.y, index=table.cells, columns=table.uses).to_csv(place / "Y.txt", sep="\t")
    pd.DataFrame({"unit": "M.EUR"}, index=table.cells).to_csv(place / "unit.txt", sep="\t")
    rows = [
        table.taxes if share is None else share * table.value_added for share in PRIMARY.values()
    ]
    stressors = pd.Index([*PRIMARY, "CO2 - combustion - air"], name="stressor")
    flows = np.vstack([*rows, np.ones(len(table.output))])
    pd.DataFrame(flows, index=stressors, columns=table.cells).to_csv(satellite / "F.txt", sep="\t")
    pd.DataFrame({"unit": ["M.EUR"] * len(PRIMARY) + ["kg"]}, index=stressors).to_csv(
        satellite / "unit.txt", sep="\t"
    )
    _say(place, "IOSystem", {"Z": (2, 2), "Y": (2, 2), "unit": (2, 1)})
    _say(satellite, "Extension", {"F": (1, 2), "unit": (1, 1)}, name="Satellite Accounts")
    meta = {"description": "", "name": "mock", "system": "ixi", "version": "3.8", "history": []}
    (place / "metadata.json").write_text(json.dumps(meta))
    return str(place), table


def _say(place, kind, tables, **more):
    files = {
        name: {"name": f"{name}.txt", "nr_index_col": str(index), "nr_header": str(header)}
        for name, (index, header) in tables.items()
    }
    (place / "file_parameters.json").write_text(
        json.dumps({"files": files, "systemtype": kind, **more})
    )
