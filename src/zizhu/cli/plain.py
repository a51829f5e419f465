"""Characters that a terminal's encoding lacks, as the nearest that it has.

By what Unicode says of a character, not by lists of characters. One cell stays one cell, so that
columns stay aligned, except for a few letters that have no shorter form.
"""

from __future__ import annotations

import re
import unicodedata

NAME = "zizhu-nearest"

# Where neither a decomposition nor a name helps.
_SINGLE = {
    "\u2026": "~",  # the ellipsis of a cut word
    "\u2044": "/",
    "\u2212": "-",
    "\u00b7": ".",
    "\u2022": "*",
    "\u00d7": "x",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2248": "~",
    "\u00b1": "+-",
    "\u20ac": "EUR",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u00c6": "AE",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u00fe": "th",
    "\u00de": "Th",
    "\u00f0": "d",
    "\u00d0": "D",
    "\u0131": "i",
    "\u00b5": "u",
    "\u03bc": "u",
}
_WORDS = (
    ("RIGHTWARDS", ">"),
    ("LEFTWARDS", "<"),
    ("UPWARDS", "^"),
    ("DOWNWARDS", "v"),
    ("BLOCK", "#"),
    ("BRAILLE", "*"),
    ("BULLET", "*"),
    ("CHECK MARK", "v"),
)
_CATEGORIES = {"Pd": "-", "Zs": " ", "Cf": "", "Mn": ""}
_LETTER = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z]) WITH ")


def nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """Handler of encoding errors (`codecs.register_error`): one character at a time."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character, after = error.object[error.start], error.start + 1
    if "\udc80" <= character <= "\udcff":
        # A byte of a file name that could not be decoded.
        return bytes([ord(character) - 0xDC00]), after
    return plain(character), after


def plain(character: str) -> str:
    """ASCII for a character, `?` where there is none that a reader would know it by.

    >>> "".join(map(plain, "\u2500 \u2192 Citro\u00ebn \u0141\u00f3d\u017a"))
    '- > Citroen Lodz'
    """
    if character.isascii():
        return character
    if character in _SINGLE:
        return _SINGLE[character]
    parts = unicodedata.normalize("NFKD", character)
    kept = "".join(one for one in parts if not unicodedata.combining(one))
    if kept and kept != character:
        return "".join(map(plain, kept))
    name = unicodedata.name(character, "")
    letter = _LETTER.match(name)
    if letter:
        return letter[2].lower() if letter[1] == "SMALL" else letter[2]
    if name.startswith("BOX DRAWINGS"):
        flat, steep = "HORIZONTAL" in name, "VERTICAL" in name
        return "-" if flat and not steep else "|" if steep and not flat else "+"
    for word, replacement in _WORDS:
        if word in name:
            return replacement
    category = unicodedata.category(character)
    if category in ("Pi", "Pf", "Ps", "Pe") and "QUOTATION MARK" in name:
        return "'" if "SINGLE" in name else '"'
    if category in _CATEGORIES:
        return _CATEGORIES[category]
    return "??" if unicodedata.east_asian_width(character) in "WF" else "?"
