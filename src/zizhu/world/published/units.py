"""Money units as parsers of published tables write them: `millions of US$`, `000 USD`, `M.EUR`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Millions in one of each.
_SCALES: dict[str, float] = {
    **dict.fromkeys(("thousand", "thousands", "k", "tsd", "000"), 1e-3),
    **dict.fromkeys(("m", "mm", "mn", "mln", "mio", "mill", "million", "millions", "000000"), 1.0),
    **dict.fromkeys(("bn", "bln", "billion", "billions", "mrd"), 1e3),
    **dict.fromkeys(("tn", "trn", "trillion", "trillions"), 1e6),
    "万": 1e-2,
    "亿": 1e2,
}
# Spellings of currencies whose code is another; a bare dollar or yen sign could be several.
_CURRENCIES: dict[str, str] = {
    **dict.fromkeys(("us$", "us dollar", "us dollars", "u.s. dollars"), "USD"),
    **dict.fromkeys(("€", "euro", "euros"), "EUR"),
    **dict.fromkeys(("rmb", "cn¥", "yuan", "renminbi", "元", "人民币"), "CNY"),
    "£": "GBP",
    "yen": "JPY",
    "a$": "AUD",
    "ca$": "CAD",
    "c$": "CAD",
}
# Words that say nothing of scale or currency.
_CODE = re.compile(r"(?<![A-Za-z])(?P<scale>[MmkK]|[Mm]io|[Bb]n)?(?P<code>[A-Z]{3})\b")
_FILLERS = re.compile(r"\b(?:of|in|current|nominal|basic|prices?)\b|[\u2018\u2019'`()\[\]]")


@dataclass(frozen=True)
class Unit:
    """A unit of money as far as its text says it.

    factor    millions of the currency in one unit; None if the text does not say
    currency  code of three capitals; None if the text does not say
    """

    factor: float | None
    currency: str | None


def currency_code(text: str) -> str:
    """The code of three capitals of a currency; RMB, for one, is CNY."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return _CURRENCIES.get(plain.lower(), plain.upper() if len(plain) == 3 else plain)


def read_unit(text: str) -> Unit:
    """Scale and currency in a unit's text.

    A currency without a scale is one unit of it (`US$` is 1e-6 millions). A text with words that
    are neither, or with a currency sign that could be several, says nothing about what they hide.
    """
    plain = _FILLERS.sub(" ", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"\s+", " ", plain).strip()
    # Longer spellings first, so that `US$` is not a `$` after US.
    currency, rest = None, plain
    for spelling in sorted(_CURRENCIES, key=len, reverse=True):
        found = re.search(_whole(spelling), rest, re.IGNORECASE)
        if found is not None:
            currency = _CURRENCIES[spelling]
            rest = f"{rest[: found.start()]} {rest[found.end() :]}"
            break
    if currency is None:
        # A code of three capitals, alone or straight after a letter of scale (MEUR).
        for found in _CODE.finditer(rest):
            if found["code"].lower() not in _SCALES:
                currency = found["code"]
                rest = f"{rest[: found.start()]} {found['scale'] or ''} {rest[found.end() :]}"
                break
    rest = rest.replace(".", " ").strip().lower()
    rest = re.sub(r"\s+", " ", rest)
    if not rest:
        return Unit(None if currency is None else 1e-6, currency)
    scale = _SCALES.get(rest)
    if scale is None and re.fullmatch(r"\d[\d ,]*", rest):
        scale = float(re.sub(r"[ ,]", "", rest)) / 1e6
    return Unit(scale, currency)


def _whole(spelling: str) -> str:
    """Pattern of a spelling that is not inside a longer word."""
    before = r"(?<![A-Za-z])" if spelling[0].isascii() and spelling[0].isalpha() else ""
    after = r"(?![A-Za-z])" if spelling[-1].isascii() and spelling[-1].isalpha() else ""
    return before + re.escape(spelling) + after
