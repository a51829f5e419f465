"""Codes and names that published tables give their columns of final use.

One table of codes, each with where its meaning is published; `final_uses` reads labels with it.
"""

from __future__ import annotations

import re

from zizhu.world.world import GOVERNMENT, HOUSEHOLD, INVESTMENT

# Columns that are no final use of a region.
EXPORTS, TOTAL, DISCREPANCY = "exports", "total", "discrepancy"

_NON_PROFIT = "Final consumption expenditure by non-profit organisations serving households"

# Direct purchases abroad are bought by residents: household consumption, in the region whose
# residents buy. Valuables (P.53) and inventories (P.52) are parts of gross capital formation
# (System of National Accounts 2008, chapter 10).
_SOURCES: tuple[tuple[str, dict[str, str]], ...] = (
    (
        # OECD Inter-Country Input-Output tables, ReadMe of the 2016, 2018, 2021, 2023 and 2025
        # editions. NPS, INV, DIRP and DISC are those of 2016, P33 that of 2018. DISC balances
        # rows, in a column without a region.
        "OECD ICIO",
        {
            "HFCE": HOUSEHOLD,
            "NPISH": HOUSEHOLD,
            "NPS": HOUSEHOLD,
            "DPABR": HOUSEHOLD,
            "DIRP": HOUSEHOLD,
            "DIRPA": HOUSEHOLD,
            "P33": HOUSEHOLD,
            "GGFC": GOVERNMENT,
            "GFCF": INVESTMENT,
            "INVNT": INVESTMENT,
            "INV": INVESTMENT,
            "VALUABLES": INVESTMENT,
            "EXPO": EXPORTS,
            "EXGR": EXPORTS,
            "DISC": DISCREPANCY,
            "OUT": TOTAL,
            "OUTPUT": TOTAL,
            "TOTAL": TOTAL,
        },
    ),
    (
        # World Input-Output Database, release 2013: columns c37 to c42 (there is no c40), and the
        # names beside them. Timmer and others (2015), Review of International Economics 23(3).
        "WIOD 2013",
        {
            "c37": HOUSEHOLD,
            "c38": HOUSEHOLD,
            "c39": GOVERNMENT,
            "c41": INVESTMENT,
            "c42": INVESTMENT,
            "Final consumption expenditure by households": HOUSEHOLD,
            f"{_NON_PROFIT} (NPISH)": HOUSEHOLD,
            "Final consumption expenditure by government": GOVERNMENT,
            "Gross fixed capital formation": INVESTMENT,
            "Changes in inventories and valuables": INVESTMENT,
            "Total output": TOTAL,
        },
    ),
    (
        # World Input-Output Database, release 2016, sheet of the world table.
        "WIOD 2016",
        {
            "CONS_h": HOUSEHOLD,
            "CONS_np": HOUSEHOLD,
            "CONS_g": GOVERNMENT,
            "INVEN": INVESTMENT,
            "GO": TOTAL,
            "c57": HOUSEHOLD,
            "c58": HOUSEHOLD,
            "c59": GOVERNMENT,
            "c60": INVESTMENT,
            "c61": INVESTMENT,
            _NON_PROFIT: HOUSEHOLD,
        },
    ),
    (
        # European System of Accounts 2010, transactions by institutional sector, as in Eurostat's
        # naio_10 tables, FIGARO and the national tables of the OECD. P3 alone mixes households
        # and government and is therefore not here; `final_uses` takes it for a total where its
        # parts are in the table.
        "Eurostat and FIGARO",
        {
            "P3_S13": GOVERNMENT,
            "P31_S13": GOVERNMENT,
            "P32_S13": GOVERNMENT,
            "P3_S14": HOUSEHOLD,
            "P31_S14": HOUSEHOLD,
            "P3_S14DC": HOUSEHOLD,
            "P3_S15": HOUSEHOLD,
            "P31_S15": HOUSEHOLD,
            "P51": INVESTMENT,
            "P51G": INVESTMENT,
            "P52": INVESTMENT,
            "P53": INVESTMENT,
            "P5M": INVESTMENT,
            "P52_P53": INVESTMENT,
            "P6": EXPORTS,
            "P61": EXPORTS,
            "P62": EXPORTS,
            "P6_B0": EXPORTS,
            "P6_D0": EXPORTS,
            "P6_U2": EXPORTS,
            "P6_U3": EXPORTS,
            "TU": TOTAL,
            "TFU": TOTAL,
        },
    ),
    (
        # EXIOBASE 1 to 3, classification files `finaldemand` of ixi and pxp: names, codes, labels.
        # pymrio's test system has the names of EXIOBASE, but for the last.
        "EXIOBASE",
        {
            "Changes in inventories": INVESTMENT,
            "Changes in valuables": INVESTMENT,
            "Exports: Total (fob)": EXPORTS,
            "Export": EXPORTS,
            "y01": HOUSEHOLD,
            "y02.a": HOUSEHOLD,
            "y02.b": GOVERNMENT,
            "y04": INVESTMENT,
            "y05.a": INVESTMENT,
            "y05.b": INVESTMENT,
            "y06": EXPORTS,
            "F_HOUS": HOUSEHOLD,
            "F_NPSH": HOUSEHOLD,
            "F_GOVE": GOVERNMENT,
            "I_GFCF": INVESTMENT,
            "I_CHIN": INVESTMENT,
            "I_CHVA": INVESTMENT,
            "X_TOTA": EXPORTS,
        },
    ),
    (
        # Eora26 (labels_FD.txt) and GLORIA (ReadMe, sheet `Value added and final demand`), which
        # has the same six.
        "Eora and GLORIA",
        {
            "Household final consumption P.3h": HOUSEHOLD,
            "Non-profit institutions serving households P.3n": HOUSEHOLD,
            "Government final consumption P.3g": GOVERNMENT,
            "Gross fixed capital formation P.51": INVESTMENT,
            "Changes in inventories P.52": INVESTMENT,
            "Acquisitions less disposals of valuables P.53": INVESTMENT,
            "Export to ROW": EXPORTS,
            "Total final use": TOTAL,
        },
    ),
    (
        # Asian Development Bank, multi-regional tables: F1 to F5 by economy.
        "ADB MRIO",
        {
            "F1": HOUSEHOLD,
            "F2": HOUSEHOLD,
            "F3": GOVERNMENT,
            "F4": INVESTMENT,
            "F5": INVESTMENT,
        },
    ),
    (
        # Plain words for the same, in full: the words of the accounts themselves, and ours.
        "words",
        {
            HOUSEHOLD: HOUSEHOLD,
            "households": HOUSEHOLD,
            "household consumption": HOUSEHOLD,
            "household final consumption expenditure": HOUSEHOLD,
            "private consumption": HOUSEHOLD,
            "non-profit institutions serving households": HOUSEHOLD,
            "direct purchases abroad by residents": HOUSEHOLD,
            GOVERNMENT: GOVERNMENT,
            "government consumption": GOVERNMENT,
            "general government final consumption": GOVERNMENT,
            "general government final consumption expenditure": GOVERNMENT,
            "final consumption expenditure of general government": GOVERNMENT,
            INVESTMENT: INVESTMENT,
            "gross capital formation": INVESTMENT,
            "changes in stocks": INVESTMENT,
            "exports": EXPORTS,
            "exports of goods and services": EXPORTS,
            "total": TOTAL,
            "total use": TOTAL,
            "total exports": EXPORTS,
            "discrepancy": DISCREPANCY,
            "statistical discrepancy": DISCREPANCY,
            "statistical discrepancies": DISCREPANCY,
        },
    ),
)


def spelled(label: str) -> str:
    """A label without case, spaces and marks, in which spellings of one name agree."""
    return re.sub(r"[^a-z0-9]", "", label.lower())


# Spelling to household, government, investment, exports, total or discrepancy.
MEANINGS: dict[str, str] = {
    spelled(label): meaning for _, known in _SOURCES for label, meaning in known.items()
}
# The same labels as they are published, by source.
PUBLISHED: dict[str, dict[str, str]] = dict(_SOURCES)
# Sums of other columns where those are in the table too: consumption and capital formation.
SUMS: dict[str, tuple[str, ...]] = {"p3": ("p3s13", "p3s14", "p3s15"), "p5": ("p51g", "p51", "p5m")}
