"""The classification of a table's sectors: recognised by evidence, or as its owner says."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.world.published.activity_codes import (
    STYLES,
    Code,
    Style,
    code_of,
    in_rev_4,
    is_evidence,
    read_codes,
    styles_of,
)
from zizhu.world.published.final_use_codes import spelled
from zizhu.world.published.isic3 import rev_4

# What may be said of a table's sectors, and the revision of ISIC or list of names that it means.
CLASSIFICATIONS: dict[str, int | str] = {
    "ISIC4": 4,
    "ISIC3": 3,
    "NACE2": 4,
    "NACE1": 3,
    "OECD": 4,
    "FIGARO": 4,
    "WIOD2016": 4,
    "WIOD2013": 3,
    "EXIOBASE": "EXIOBASE",
    "EORA26": "EORA26",
    "GLORIA": "GLORIA",
    "none": "none",
}
# A list of names is recognised if it has nearly all labels, and so many of them.
_SHARE, _FEWEST = 0.9, 5
_REVISION = {3: "ISIC Rev. 3 (NACE 1)", 4: "ISIC Rev. 4 (NACE 2)"}

Divisions = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Sectors:
    """ISIC Rev. 4 divisions by sector, `()` where they are not known, and how they were found.

    note  a sentence for the notes of the world, or nothing
    """

    divisions: Divisions
    note: str = ""


def read_sectors(sectors: Sequence[str], classification: str | None, place: str) -> Sectors:
    """Divisions of the sectors.

    `classification` is one of `CLASSIFICATIONS`; None recognises those whose labels fit one
    classification only and are enough evidence for it. What fits several gets no divisions and a
    note. Raises `WorldError` for a classification that is unknown or fits no sector.
    """
    if classification is None:
        return _recognised(sectors)
    known = {spelled(name): name for name in CLASSIFICATIONS}
    name = known.get(spelled(classification))
    if name is None:
        raise WorldError(
            f"{place}: classification {quoted(classification)} is unknown"
            f"{did_you_mean(classification, CLASSIFICATIONS)}"
        )
    return _as_said(sectors, name, place)


def _as_said(sectors: Sequence[str], name: str, place: str) -> Sectors:
    what = CLASSIFICATIONS[name]
    if what == "none":
        return Sectors(dict.fromkeys(sectors, ()))
    if isinstance(what, str):
        found = _by_name(sectors, what)
    else:
        codes = _codes(sectors)
        tried = [
            in_rev_4(read_codes(codes, style, strict=False) or {}, style.revision)
            for style in STYLES
            if style.revision == what
        ]
        # WIOD's numbers c1 to c35 and its names are no codes of ISIC.
        tried += [_by_name(sectors, name)] if name == "WIOD2013" else []
        found = max(tried, key=len)
    missing = [sector for sector in sectors if sector not in found]
    if len(missing) == len(sectors):
        raise WorldError(
            f"{place}: classification {name} has no sector such as {quoted(sectors[0])}; "
            f"{', '.join(CLASSIFICATIONS)} are known, and isic gives divisions one by one"
        )
    note = f"sectors read as {name}, as said"
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        note += f"; without divisions: {', '.join(missing[:3])}{more}"
    return Sectors(_filled(sectors, found), note)


def _recognised(sectors: Sequence[str]) -> Sectors:
    for name in ("EXIOBASE", "EORA26", "GLORIA", "WIOD2013"):
        named = _by_name(sectors, name)
        if len(named) >= max(_FEWEST, _SHARE * len(sectors)):
            rivals = [other for other in _names() if other != name]
            if all(len(_by_name(sectors, other)) < len(named) for other in rivals):
                # The numbers c1 to c35 are the first of c1 to c56 of 2016 as well.
                if name == "WIOD2013" and "c1" in sectors and len(sectors) != 35:
                    continue
                return Sectors(
                    _filled(sectors, named), f"sectors recognised as those of {name} by their names"
                )
    codes = _codes(sectors)
    nothing = _filled(sectors, {})
    if not codes:
        return Sectors(nothing)
    fitting = styles_of(codes)
    if len(fitting) == 1 and is_evidence(codes, fitting[0]):
        style = fitting[0]
        found = in_rev_4(read_codes(codes, style) or {}, style.revision)
        note = f"sector codes recognised as {_REVISION[style.revision]}"
        return Sectors(
            _filled(sectors, found), note + (", mapped to Rev. 4" * (style.revision == 3))
        )
    if not fitting:
        return Sectors(nothing, _unclear(codes, "fit neither ISIC Rev. 3 nor Rev. 4"))
    return Sectors(nothing, _unclear(codes, _could_be(fitting)))


def _could_be(fitting: Iterable[Style]) -> str:
    revisions = sorted({style.revision for style in fitting})
    if len(revisions) > 1:
        return "could be ISIC Rev. 3 or Rev. 4"
    return f"could be {_REVISION[revisions[0]]} but are too few to tell"


def _unclear(codes: Mapping[str, Code], why: str) -> str:
    shown = ", ".join(list(codes)[:3])
    return (
        f"sector codes such as {shown} {why}: sectors have no ISIC divisions; say which with "
        "classification (ISIC4, ISIC3), or give isic"
    )


def _codes(sectors: Iterable[str]) -> dict[str, Code]:
    read = {sector: code_of(sector) for sector in sectors}
    return {sector: code for sector, code in read.items() if code is not None}


def _filled(sectors: Iterable[str], found: Mapping[str, tuple[int, ...]]) -> Divisions:
    return {sector: found.get(sector, ()) for sector in sectors}


def _by_name(sectors: Iterable[str], name: str) -> Divisions:
    known = _names()[name]
    found: Divisions = {}
    for sector in sectors:
        # EXIOBASE's codes have their division in them: i27.a, p40.11.
        key = sector[1:3] if name == "EXIOBASE" and _is_exiobase(sector) else spelled(sector)
        if key in known:
            found[sector] = known[key]
    return found


def _is_exiobase(sector: str) -> bool:
    return sector[:1] in "ip" and sector[1:3].isdecimal() and sector[3:4] in ("", ".")


@lru_cache
def _names() -> dict[str, Divisions]:
    """Rev. 4 divisions by list and spelling of the name; see the data file's sources below.

    EXIOBASE: its classification files `sectors` of ixi and pxp, whose codes begin with the division
    of NACE 1.1. Eora26: names of its labels_T.txt, with the ISIC Rev. 3 divisions of Eora's common
    classification (Lenzen and others 2013, Economic Systems Research 25(1)). WIOD: release 2013.
    GLORIA: names of its ReadMe; their divisions are our reading of the names.
    """
    text = (files("zizhu.world.published") / "sector_names.csv").read_text(encoding="utf-8")
    found: dict[str, Divisions] = {}
    for row in csv.DictReader(text.splitlines()):
        divisions = tuple(int(one) for one in row["divisions"].split())
        if row["revision"] == "3":
            divisions = rev_4(divisions) if divisions else ()
        names = found.setdefault(row["scheme"], {})
        names[spelled(row["name"])] = divisions
        if row["scheme"] == "EXIOBASE":
            names[f"{int(row['divisions']):02d}"] = divisions
    return found
