"""OECD Inter-Country Input-Output tables: csv files of the editions 2016, 2021 and 2023."""

from __future__ import annotations

import numpy as np
import pandas as pd
from formats.toy import Toy, toy

REV_4 = ("A01_02", "B05_06", "C10T12", "C26", "C29", "D", "F", "H49", "M")
NUMBERS = ("01T02", "05T06", "10T12", "26", "29", "35", "41T43", "49", "69T75")
REV_3 = ("C01T05AGR", "C10T14MIN", "C15T16FOD", "C20WOD", "C24CHM", "C30T33XCEQ", "C31ELQ")
USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
USES_2016 = ("HFCE", "NPS", "GGFC", "GFCF", "INV", "DIRP")


def write(folder, edition) -> tuple[str, Toy]:
    """One csv file; the edition of 2016 has uses before regions and a column of discrepancies."""
    sectors = {2016: REV_3, 2021: NUMBERS, 2023: REV_4}[edition]
    uses = USES_2016 if edition == 2016 else USES
    table = toy(("AUS", "CHN", "USA"), sectors, uses, seed=edition)
    producers = [f"{region}_{sector}" for region, sector in table.cells]
    columns = [
        f"{use}_{region}" if edition == 2016 else f"{region}_{use}" for region, use in table.uses
    ]
    frame = pd.DataFrame(
        np.hstack([table.z, table.y]), index=producers, columns=producers + columns
    )
    if edition == 2016:
        frame["DISC"] = 0.0
        frame.iloc[0, -1] = 1e-3 * table.output[0]
    primary = {
        2016: {"VA+TAXSUB": table.value_added + table.taxes},
        2021: {
            **{
                f"{region}_TAXSUB": table.taxes * (at == 0)
                for at, region in enumerate(table.regions)
            },
            "VALU": table.value_added,
        },
        2023: {"TLS": table.taxes, "VA": table.value_added},
    }[edition]
    for name, cells in primary.items():
        frame.loc[name] = 0.0
        frame.loc[name, producers] = cells
    total = "OUT" if edition != 2021 else "OUTPUT"
    frame.loc[total] = 0.0
    frame.loc[total, producers] = table.output
    if edition != 2016:
        frame["OUT" if edition == 2023 else "TOTAL"] = 0.0
    file = folder / f"ICIO{edition}_2010.csv"
    frame.to_csv(file)
    return str(file), table
