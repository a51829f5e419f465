"""The money a `pymrio.IOSystem` is in, and how its extensions convert into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zizhu.errors import WorldError, quoted
from zizhu.world.published.units import Unit, currency_code, read_unit


@dataclass(frozen=True)
class Money:
    """Millions of `currency` in one unit of the system's tables, and the unit they write."""

    factor: float
    currency: str
    text: str
    said: Unit

    def factor_of(self, text: str) -> float | None:
        """Millions of the currency in one unit of an extension; None if that is no such money.

        No text is the unit of the tables.
        """
        if text in ("", self.text):
            return self.factor
        said = read_unit(text)
        known = None not in (said.factor, self.said.factor, said.currency)
        if not known or said.currency != self.said.currency:
            return None
        # Conversion of the tables into another currency is conversion of the extension as well.
        return self.factor * float(said.factor or 0) / float(self.said.factor or 1)


def money_of(iosystem: Any, factor: float | None, currency: str | None, place: str) -> Money:
    """The system's money as given, or as its one unit says.

    Raises `WorldError` naming only what is missing, or for a currency that its unit contradicts.
    """
    unit = getattr(iosystem, "unit", None)
    found = [] if unit is None else sorted({str(value).strip() for value in unit.iloc[:, 0]})
    text = found[0] if len(found) == 1 else ""
    said = read_unit(text)
    what = f"its unit {quoted(text)}" if text else f"its units {found[:4]}" if found else "its unit"
    given = None if currency is None else currency_code(currency)
    code = given or said.currency
    size = said.factor if factor is None else factor
    missing = []
    if code is None:
        missing.append("currency='USD', or another code")
    if size is None:
        missing.append("factor=1.0, or however many millions of the currency one unit is")
    if code is None or size is None:
        verb = "does" if text or not found else "do"
        state = "is missing" if not found else f"{verb} not say it"
        raise WorldError(f"{place}: {what} {state}; give {', and '.join(missing)}")
    if factor is None and said.currency not in (None, code):
        raise WorldError(
            f"{place}: {what} is in {said.currency}, and currency says {code}; give factor, "
            f"millions of {code} in one unit, to convert it"
        )
    return Money(float(size), code, text, said)
