"""Eora26 in basic prices: tab-separated files without labels, and label files beside them."""

from __future__ import annotations

import numpy as np
from formats.toy import Toy, toy

SECTORS = (
    "Agriculture|Fishing|Mining and Quarrying|Food & Beverages|Textiles and Wearing Apparel|"
    "Wood and Paper|Petroleum, Chemical and Non-Metallic Mineral Products|Metal Products|"
    "Electrical and Machinery|Transport Equipment|Other Manufacturing|Recycling|"
    "Electricity, Gas and Water|Construction|Maintenance and Repair|Wholesale Trade|Retail Trade|"
    "Hotels and Restraurants|Transport|Post and Telecommunications|"
    "Finacial Intermediation and Business Activities|Public Administration|"
    "Education, Health and Other Services|Private Households|Others|Re-export & Re-import"
)
USES = (
    "Household final consumption P.3h",
    "Non-profit institutions serving households P.3n",
    "Government final consumption P.3g",
    "Gross fixed capital formation P.51",
    "Changes in inventories P.52",
    "Acquisitions less disposals of valuables P.53",
)
PRIMARY = (
    "Compensation of employees D.1",
    "Taxes on production D.29",
    "Subsidies on production D.39",
    "Net operating surplus B.2n",
    "Net mixed income B.3n",
    "Consumption of fixed capital K.1",
)
# Shares of value added with taxes; subsidies are negative.
SHARES = (0.5, 0.1, -0.02, 0.2, 0.12, 0.1)


def write(folder) -> tuple[str, Toy]:
    """A folder for 2010, with the discrepancies of the statistics as a region ROW."""
    table = toy(("CHN", "DEU", "USA"), SECTORS.split("|"), USES, seed=26)
    long = {"CHN": "China", "DEU": "Germany", "USA": "USA"}
    z = np.pad(table.z, (0, 1))
    z[-1, :-1] = 1e-4 * table.output
    y = np.pad(table.y, ((0, 1), (0, len(USES))))
    primary = np.outer(SHARES, np.append(table.value_added + table.taxes, 0.0))
    kinds = [("T", z), ("FD", y), ("VA", primary), ("Q", np.ones((1, z.shape[1])))]
    kinds.append(("QY", np.ones((1, y.shape[1]))))
    for kind, cells in kinds:
        np.savetxt(folder / f"Eora26_2010_bp_{kind}.txt", cells, fmt="%.17g", delimiter="\t")
    labels = {
        "T": [(long[r], r, "Industries", s) for r, s in table.cells]
        + [("Statistical Discrepancies", "ROW", "Statistical Discrepancy", "TOTAL")],
        "FD": [(long[r], r, "Final demand", u) for r, u in table.uses]
        + [("Statistical Discrepancies", "ROW", "Final demand", u) for u in USES],
        "VA": [("Primary Inputs", name) for name in PRIMARY],
        "Q": [("I-GHG-CO2 emissions (Gg)", "Total")],
    }
    for kind, rows in labels.items():
        text = "".join("\t".join(row) + "\n" for row in rows)
        (folder / f"labels_{kind}.txt").write_text(text, encoding="utf-8")
    return str(folder), table
