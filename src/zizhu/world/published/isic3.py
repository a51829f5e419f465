"""ISIC Rev. 3 (NACE Rev. 1) divisions and what they are in ISIC Rev. 4.

Source: United Nations Statistics Division, correspondence of ISIC Rev. 3.1 and Rev. 4 by class.
Rev. 3.1 has the divisions of Rev. 3, and 96 and 97 more; NACE Rev. 1 and 1.1 have the same.

An old division gets the new ones that most of its classes lead to, as far as they are of its kind:
goods stay goods. So publishing, which left manufacturing (22) for 58, comes with the software of 72
and not with printing. Repair of machinery (33) and mining support (09) are nobody's main part; they
come with the whole of manufacturing and of mining only.
"""

from __future__ import annotations

SECTIONS_3: dict[str, tuple[int, int]] = {
    "A": (1, 2),
    "B": (5, 5),
    "C": (10, 14),
    "D": (15, 37),
    "E": (40, 41),
    "F": (45, 45),
    "G": (50, 52),
    "H": (55, 55),
    "I": (60, 64),
    "J": (65, 67),
    "K": (70, 74),
    "L": (75, 75),
    "M": (80, 80),
    "N": (85, 85),
    "O": (90, 93),
    "P": (95, 97),
    "Q": (99, 99),
}

TO_REV_4: dict[int, tuple[int, ...]] = {
    1: (1,),
    2: (2,),
    5: (3,),
    10: (5,),
    11: (6,),
    12: (7,),
    13: (7,),
    14: (8,),
    15: (10, 11),
    16: (12,),
    17: (13,),
    18: (14,),
    19: (15,),
    20: (16,),
    21: (17,),
    22: (18,),
    23: (19,),
    24: (20, 21),
    25: (22,),
    26: (23,),
    27: (24,),
    28: (25,),
    29: (28,),
    30: (26,),
    31: (27,),
    32: (26,),
    33: (26,),
    34: (29,),
    35: (30,),
    36: (31, 32),
    37: (38,),
    40: (35,),
    41: (36,),
    45: (41, 42, 43),
    50: (45,),
    51: (46,),
    52: (47, 95),
    55: (55, 56),
    60: (49,),
    61: (50,),
    62: (51,),
    63: (52, 79),
    64: (53, 61),
    65: (64,),
    66: (65,),
    67: (66,),
    70: (68,),
    71: (77,),
    72: (58, 62, 63),
    73: (72,),
    74: (69, 70, 71, 73, 74, 78, 80, 81, 82),
    75: (84,),
    80: (85,),
    85: (75, 86, 87, 88),
    90: (37, 38, 39),
    91: (94,),
    92: (59, 60, 90, 91, 92, 93),
    93: (96,),
    95: (97,),
    96: (98,),
    97: (98,),
    99: (99,),
}

# Divisions that come with a whole section only.
_WHOLE = {(10, 14): (9,), (15, 37): (33,)}
_LAST_GOOD_3, _LAST_GOOD_4 = 37, 33


def rev_4(divisions: tuple[int, ...]) -> tuple[int, ...]:
    """ISIC Rev. 4 divisions of a group of Rev. 3 divisions.

    A group of goods keeps its goods: recycling (37), now a service, goes beside furniture (36).
    """
    found = {new for old in divisions for new in TO_REV_4[old]}
    for (low, high), more in _WHOLE.items():
        if all(old in divisions for old in TO_REV_4 if low <= old <= high):
            found.update(more)
    goods = {new for new in found if new <= _LAST_GOOD_4}
    if goods and max(divisions) <= _LAST_GOOD_3:
        found = goods
    return tuple(sorted(found))
