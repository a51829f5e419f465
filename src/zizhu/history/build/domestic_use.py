"""How far Chinese use of technology groups is met from China, by the national tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zizhu.history.build.rows import CHINA, frame
from zizhu.history.reader import Row

# Groups that are a sector of the OECD's tables.
_SECTORS = {
    "motor_vehicles_and_parts": "sector:C29",
    "pharmaceuticals": "sector:C21",
    "ships": "sector:C301",
}
_NAMES = {
    "electrical_other_incl_batteries": "transmission gear, batteries and other electrical goods",
    "other_transport_incl_aircraft": "aircraft, motorcycles and other transport equipment",
    "software_it": "software and IT services",
    "general_equipment_all": "general equipment",
    "special_equipment_all": "special equipment",
    "special_equipment_other_and_medical": "medical and other special equipment",
}
_PROCESSING = ("computers", "communication_equipment", "electronic_components", "instruments")


def domestic_use(data: Path) -> pd.DataFrame:
    """(Output - exports) / (output - exports + imports) of 21 groups, percent; 2002 to 2018.

    Where exports exceed output, as of goods that are imported, processed and sold on, the ratio is
    negative and means nothing: it is left out.
    """
    raw = pd.read_csv(data / "domestic_share" / "china_domestic_share_by_group_2002_2018.csv")
    rows = []
    for found in raw.sort_values(["group", "year"]).to_dict("records"):
        percent = 100 * found["domestic_share_of_use"]
        if not 0 <= percent <= 100:
            continue
        group = found["group"]
        note = "borders of sectors move a little between tables"
        if group in _PROCESSING:
            note += "; imports for processing count, what they become is exported: biased down"
        rows.append(
            Row(
                subject=_NAMES.get(group, group.replace("_", " ")),
                node=_SECTORS.get(group, ""),
                region=CHINA,
                place="home",
                basis="location",
                measure="output less exports over that and imports",
                kind="domestic_use",
                year=float(found["year"]),
                percent=percent,
                source=f"NBS, input-output table {found['year']}",
                confidence="read",
                note=note,
            )
        )
    return frame(rows)
