"""Reading sector labels as activity codes of ISIC Rev. 3 and Rev. 4, and of tables that use them.

`C10T12`, `C31_C32`, `A01_02`, `H49`, `R_S`, `15t16`, `LtQ`, `01T03` and `D` are such codes; NACE
Rev. 1 and 2 and the CPA have the same divisions. In the tables of the OECD before 2023 a letter
without meaning stands before the division: C in the edition of 2016 (Rev. 3), D in those of 2018
and 2021 (Rev. 4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zizhu.world.classification import SECTIONS
from zizhu.world.published.isic3 import SECTIONS_3, TO_REV_4, rev_4

_SECTIONS = {3: SECTIONS_3, 4: {**SECTIONS, "U": (99, 99)}}
_KNOWN = {
    3: frozenset(TO_REV_4),
    4: frozenset(one for low, high in _SECTIONS[4].values() for one in range(low, high + 1)),
}
_TO = r"(?:[Tt_+-]|to)"
_LETTERS = re.compile(rf"^(?:CPA_)?([A-U])(?:{_TO}([A-U]))?$")
_NUMBERS = re.compile(
    rf"^(?:CPA_)?(?P<letter>[A-U]?)(?P<low>\d\d)(?P<part>\d|[A-Z](?![A-Za-z]))?"
    rf"(?:{_TO}(?P<again>[A-U]?)(?P<high>\d\d)\d?)?(?P<name>X\d\d|[A-Z]{{2,}}|X)?$"
)


@dataclass(frozen=True)
class Code:
    """A label that has the form of an activity code.

    section   its letter, or nothing
    low, high first and last division, or sections where `low` is a letter
    part      whether it is a part of one division, as C24A is
    named     whether an abbreviated name follows, as in C15T16FOD
    excepts   whether what has a code of its own is not in it, as in C30T33XCEQ beside C31ELQ
    """

    letter: str
    low: int | str
    high: int | str
    part: bool = False
    named: bool = False
    excepts: bool = False


def code_of(label: str) -> Code | None:
    """A label as an activity code, if it has the form of one."""
    letters = _LETTERS.match(label)
    if letters is not None:
        first, last = letters.groups()
        return Code(first, first, last or first)
    numbers = _NUMBERS.match(label)
    if numbers is None or numbers["again"] not in (None, "", numbers["letter"]):
        return None
    low = int(numbers["low"])
    return Code(
        numbers["letter"],
        low,
        int(numbers["high"] or low),
        part=numbers["part"] is not None,
        named=numbers["name"] is not None,
        excepts=(numbers["name"] or "").startswith("X"),
    )


@dataclass(frozen=True)
class Style:
    """One way in which tables write codes: the revision, and the letter that means nothing."""

    revision: int
    idle_letter: str = ""

    def divisions(self, code: Code) -> tuple[int, ...] | None:
        """Divisions of this revision behind a code; None if the code is none of this style."""
        sections, known = _SECTIONS[self.revision], _KNOWN[self.revision]
        if isinstance(code.low, str) or isinstance(code.high, str):
            if self.idle_letter or code.low not in sections or code.high not in sections:
                return None
            low, high = sections[str(code.low)][0], sections[str(code.high)][1]
        elif self.idle_letter:
            if code.letter != self.idle_letter:
                return None
            low, high = code.low, code.high
        else:
            low, high = code.low, code.high
            if code.named:
                return None
            first, last = sections.get(code.letter, (1, 99) if not code.letter else (99, 0))
            if not first <= low <= high <= last:
                return None
        if low > high or (isinstance(code.low, int) and not {low, high} <= known):
            return None
        return tuple(one for one in range(low, high + 1) if one in known)


STYLES = (Style(4), Style(4, "D"), Style(3), Style(3, "C"))


def read_codes(
    codes: Mapping[str, Code], style: Style, *, strict: bool = True
) -> dict[str, tuple[int, ...]] | None:
    """Divisions of the style's own revision by label.

    Strict: None unless every code is of the style and no division is in two of them, but for parts
    of one division. Otherwise labels that are not of the style are left out.
    """
    found: dict[str, tuple[int, ...]] = {}
    whole: set[int] = set()
    parts: set[int] = set()
    # Codes that leave out what others have come last.
    for label, code in sorted(codes.items(), key=lambda item: item[1].excepts):
        divisions = style.divisions(code)
        if divisions is None:
            if strict:
                return None
            continue
        if code.excepts:
            divisions = tuple(one for one in divisions if one not in whole)
        found[label] = divisions
        if code.part and len(divisions) == 1:
            parts.update(divisions)
        elif strict and whole & set(divisions):
            return None
        else:
            whole.update(divisions)
    return None if strict and whole & parts else found


def in_rev_4(divisions: Mapping[str, tuple[int, ...]], revision: int) -> dict[str, tuple[int, ...]]:
    """Divisions of either revision as those of Rev. 4."""
    if revision == 4:
        return dict(divisions)
    return {label: rev_4(found) for label, found in divisions.items()}


def styles_of(codes: Mapping[str, Code]) -> list[Style]:
    """The styles in which all the codes make sense together.

    A letter is its section wherever that makes sense: `C26` is electronics, as in the OECD's tables
    since 2023, and not the 26 of Rev. 3 that the edition of 2016 had as `C26NMM`.
    """
    fitting = [style for style in STYLES if read_codes(codes, style) is not None]
    return [style for style in fitting if not style.idle_letter] or fitting


def is_evidence(codes: Mapping[str, Code], style: Style) -> bool:
    """Whether codes that make sense together in this style only are enough to go by.

    One letter with a division of its section is (`C26`), or three of them where the letter means
    nothing. Letters alone stand for much else: they are if the sections from A to S are all there,
    which Rev. 3 does not have. Bare numbers are if there are three of them, one of them a range.
    """
    numbers = [code for code in codes.values() if isinstance(code.low, int)]
    lettered = sum(bool(code.letter) for code in numbers)
    if lettered >= (3 if style.idle_letter else 1):
        return True
    if len(numbers) >= 3:
        return any(code.low != code.high for code in numbers)
    names = list(_SECTIONS[style.revision])
    held = {
        name
        for code in codes.values()
        if isinstance(code.low, str)
        for name in names[names.index(code.low) : names.index(str(code.high)) + 1]
    }
    return held >= set("ABCDEFGHIJKLMNOPQRS")
