"""Minerals and metals by country of the mine or smelter."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zizhu.errors import HistoryError
from zizhu.history.build.rows import REGIONS, frame, share_rows
from zizhu.history.reader import Row
from zizhu.history.series import LEAST
from zizhu.world.classification import EUROPEAN_UNION

_BGS = "BGS, World Mineral Statistics"
# Commodity and part of it in the source: subject, node, what is counted.
SUBJECTS = {
    ("rare earth oxides", ""): ("rare-earth oxides", "rare_earths_magnets/mine", "tonnes"),
    ("antimony, mine", "metal content"): ("antimony mining", "", "tonnes of metal"),
    ("cobalt, mine", "metal content"): (
        "cobalt mining",
        "batteries_nev/co_mine",
        "tonnes of metal",
    ),
    ("cobalt, refined", ""): ("cobalt refining", "batteries_nev/co_ref", "tonnes"),
    ("copper, mine", "metal content"): ("copper mining", "", "tonnes of metal"),
    ("copper, smelter", ""): ("copper smelting", "", "tonnes"),
    ("copper, refined", ""): ("copper refining", "", "tonnes"),
    ("ferro-alloys", ""): ("ferro-alloys", "", "tonnes of all alloys"),
    ("gallium, primary", ""): ("primary gallium", "", "tonnes"),
    ("germanium metal", ""): ("germanium metal", "", "tonnes"),
    ("graphite", ""): ("natural graphite", "batteries_nev/gr_mine", "tonnes"),
    ("magnesium metal, primary", ""): ("primary magnesium", "", "tonnes"),
    ("manganese ore", "gross weight"): ("manganese ore", "", "tonnes of ore"),
    ("nickel, mine", "metal content"): (
        "nickel mining",
        "batteries_nev/ni_mine",
        "tonnes of metal",
    ),
    ("nickel, smelter/refinery", ""): (
        "nickel smelting and refining",
        "batteries_nev/ni_ref",
        "tonnes",
    ),
    ("platinum group metals, mine", "Platinum content"): (
        "platinum mining",
        "",
        "kilograms of metal",
    ),
    ("platinum group metals, mine", "Palladium content"): (
        "palladium mining",
        "",
        "kilograms of metal",
    ),
    ("tungsten, mine", "metal content"): ("tungsten mining", "", "tonnes of metal"),
}
# Why some are less than read.
_DOUBTS = {
    "germanium metal": "producers that publish no figure are missing from the world's total",
    "manganese ore": "gross weight: Chinese ore has less metal than that of others",
    "nickel smelting and refining": "all nickel, that in pig iron for steel included",
}


def minerals(data: Path) -> pd.DataFrame:
    """Shares of world output in tonnes, 1995-2023.

    The world is the sum of all countries of the source, from the first year in which the largest
    maker has a figure: without it a sum is none. A country without a figure in a year has no
    row: nothing says whether it made none. Series that never reach 0.1 percent are left out.
    Lithium is left out: its minerals are counted in different weights.
    """
    raw = pd.read_csv(data / "minerals" / "bgs_production_1995_2023.csv.gz")
    raw["part"] = raw.erml_sub_commodity.astype(object).fillna("")
    rows: list[Row] = []
    for (commodity, part), (subject, node, unit) in SUBJECTS.items():
        chosen = raw[
            (raw.bgs_commodity_trans == commodity) & raw.part.str.contains(part, regex=False)
        ]
        if chosen.empty:
            raise HistoryError(f"history table minerals: the source has no {commodity} {part}")
        rows += _shares(chosen, subject, node, unit)
    return frame(rows)


def _shares(chosen: pd.DataFrame, subject: str, node: str, unit: str) -> list[Row]:
    european = chosen.country_iso3_code.isin(EUROPEAN_UNION)
    region = chosen.country_iso3_code.mask(european, "EU")
    table = chosen.assign(region=region).pivot_table(
        index="year", columns="region", values="quantity", aggfunc="sum"
    )
    largest = table[table.sum().idxmax()]
    table = table.loc[largest.index[largest > 0].min() :]
    world = table.sum(axis=1)
    rows: list[Row] = []
    for code in REGIONS:
        if code not in table or 100 * (table[code] / world).max() < LEAST:
            continue
        known = table[code].dropna()
        amounts = f"{_amount(known.iloc[0])} in {known.index[0]}, {_amount(known.iloc[-1])} in "
        doubt = _DOUBTS.get(subject, "")
        fields = {
            "subject": subject,
            "node": node,
            "place": "world",
            "basis": "location",
            "measure": f"output in {unit}",
            "kind": "mineral",
            "source": _BGS,
            "confidence": "low" if doubt else "read",
            "note": f"{amounts}{known.index[-1]} {unit}" + (f"; {doubt}" if doubt else ""),
        }
        rows += share_rows(table, world, [code], fields)
    return rows


def _amount(value: float) -> str:
    return f"{value:,.0f}"
