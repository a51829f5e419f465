"""Names of the sectors, the ISIC Rev. 4 divisions behind each code, and the European Union."""

from __future__ import annotations

import re

_UNION = (
    "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT "
    "ROU SVK SVN SWE"
)
# Members of the European Union since 2020.
EUROPEAN_UNION = tuple(_UNION.split())

# Sections that a table may use whole, with their ISIC Rev. 4 divisions.
SECTIONS: dict[str, tuple[int, int]] = {
    "A": (1, 3),
    "B": (5, 9),
    "C": (10, 33),
    "D": (35, 35),
    "E": (36, 39),
    "F": (41, 43),
    "G": (45, 47),
    "H": (49, 53),
    "I": (55, 56),
    "J": (58, 63),
    "K": (64, 66),
    "L": (68, 68),
    "M": (69, 75),
    "N": (77, 82),
    "O": (84, 84),
    "P": (85, 85),
    "Q": (86, 88),
    "R": (90, 93),
    "S": (94, 96),
    "T": (97, 98),
}

SECTOR_NAMES: dict[str, str] = {
    "A01_02": "Crops, animals, forestry",
    "A03": "Fishing and aquaculture",
    "B05_06": "Coal, oil and gas extraction",
    "B07_08": "Metal ores and other mining",
    "B09": "Mining support services",
    "C10T12": "Food, beverages, tobacco",
    "C13T15": "Textiles, apparel, leather",
    "C16": "Wood products",
    "C17_18": "Paper and printing",
    "C19": "Refined petroleum and coke",
    "C20": "Chemicals",
    "C21": "Pharmaceuticals",
    "C22": "Rubber and plastics",
    "C23": "Glass, cement, ceramics",
    "C24": "Basic metals",
    "C24A": "Iron and steel",
    "C24B": "Non-ferrous metals",
    "C25": "Fabricated metal products",
    "C26": "Electronics and optics",
    "C27": "Electrical equipment",
    "C28": "Machinery",
    "C29": "Motor vehicles",
    "C30": "Aircraft, ships, rail stock",
    "C301": "Ships and boats",
    "C302T309": "Aircraft, rail stock, other",
    "C31T33": "Furniture, other goods, repair",
    "D": "Electricity and gas",
    "D_E": "Electricity, gas, water",
    "E": "Water and waste",
    "F": "Construction",
    "G": "Wholesale and retail trade",
    "H": "Transport and post",
    "H49": "Land transport and pipelines",
    "H50": "Water transport",
    "H51": "Air transport",
    "H52": "Warehousing, transport support",
    "H53": "Post and courier",
    "I": "Hotels and restaurants",
    "J58T60": "Publishing and broadcasting",
    "J61": "Telecommunications",
    "J62_63": "IT and information services",
    "K": "Finance and insurance",
    "L": "Real estate",
    "M_N": "Professional, admin. services",
    "M": "Professional and technical services",
    "N": "Administrative services",
    "O": "Public administration",
    "P_Q": "Education and health",
    "P": "Education",
    "Q": "Health and social work",
    "R_S": "Arts and other services",
    "R": "Arts and recreation",
    "S": "Other services",
}

_DIVISIONS = re.compile(r"^([A-T])(?:(\d\d)[\dA-Z]?(?:(?:T|_)(\d\d)\d?)?)?$")
_SECTIONS = re.compile(r"^([A-T])(?:T|_)([A-T])$")


def isic_divisions(code: str) -> tuple[int, ...]:
    """ISIC Rev. 4 divisions of an OECD activity code.

    `C10T12`, `A01_02`, `H49` and `D` are divisions and sections, `D_E` several sections; a group
    inside a division (`C301`, `C24A`, `C302T309`) has its division. `T` and `_` both stand for
    "to". An unknown code has no divisions: `()`.
    """
    several = _SECTIONS.match(code)
    if several is not None:
        first, last = several.groups()
        held = [bounds for section, bounds in SECTIONS.items() if first <= section <= last]
        return tuple(division for low, high in held for division in range(low, high + 1))
    match = _DIVISIONS.match(code)
    if match is None:
        return ()
    section, first, last = match.groups()
    if first is None:
        low, high = SECTIONS[section]
    else:
        low, high = int(first), int(last or first)
    return tuple(range(low, high + 1))


def is_good(divisions: tuple[int, ...]) -> bool:
    """Whether a sector produces goods: agriculture, mining and manufacturing (ISIC 01-33)."""
    return bool(divisions) and max(divisions) <= 33


def is_manufacturing(divisions: tuple[int, ...]) -> bool:
    """Whether a sector is manufacturing (ISIC 10-33)."""
    return bool(divisions) and min(divisions) >= 10 and max(divisions) <= 33
