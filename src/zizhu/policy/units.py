"""Sizes with units: `25 percentage points`, `20 %`, `344 bn CNY`, `2 % of GDP`.

Arithmetic of units is pint's; exchange rates are dated and enter as a pint context.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pint

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.parameters import currencies, exchange_rate
from zizhu.world.published.units import currency_code

_SCALES = {"thousand": 1e3, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "tn": 1e12}
_SCALES |= {"trillion": 1e12}
# Commas separate thousands and nothing else, so that 1,5 is refused instead of read as 15.
_NUMBER = r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d[\d_]*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\d,.])"
_SIZE = re.compile(rf"{_NUMBER} ?(?P<scale>{'|'.join(_SCALES)})? ?(?P<unit>.*)", re.ASCII)
_LONGEST = 80

PERCENT, POINTS, GDP, MONEY = "percent", "percentage points", "% of GDP", "money"

_SPELLINGS = {
    "%": PERCENT,
    "percent": PERCENT,
    "per cent": PERCENT,
    "pp": POINTS,
    "percentage point": POINTS,
    "percentage points": POINTS,
    "% of gdp": GDP,
    "percent of gdp": GDP,
}

_EXAMPLES = {
    PERCENT: "20 %",
    POINTS: "25 percentage points",
    GDP: "2 % of GDP",
    MONEY: "344 bn CNY",
}


@lru_cache(maxsize=1)
def _registry() -> pint.UnitRegistry[Any]:
    # An empty registry: the thousand units of physics take longer to read than a scenario.
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    registry.define("percent = 0.01")
    for currency in currencies():
        registry.define(f"{currency} = [{currency}]")
    return registry


@lru_cache(maxsize=64)
def _context(currency: str, date: dt.date) -> Any:
    rate = exchange_rate(currency, date).per_usd
    context: Any = pint.Context()

    def to_dollars(registry: Any, amount: Any) -> Any:
        return amount / (rate * registry.Quantity(1, currency)) * registry.Quantity(1, "USD")

    def from_dollars(registry: Any, amount: Any) -> Any:
        return amount / registry.Quantity(1, "USD") * (rate * registry.Quantity(1, currency))

    context.add_transformation(f"[{currency}]", "[USD]", to_dollars)
    context.add_transformation("[USD]", f"[{currency}]", from_dollars)
    return context


@dataclass(frozen=True)
class Size:
    """A number with its unit, as written in a scenario.

    kind  percent, percentage points, % of GDP or money
    """

    value: float
    kind: str
    currency: str | None = None

    def __str__(self) -> str:
        if self.kind == MONEY:
            return f"{self.value / 1e9:.12g} bn {self.currency}"
        return f"{self.value:.12g} {'%' if self.kind == PERCENT else self.kind}"

    @property
    def fraction(self) -> float:
        """The size as a fraction: 25 percentage points and 25 % are 0.25."""
        return float(_registry().Quantity(self.value, "percent").to("dimensionless").magnitude)

    def money(self, currency: str, date: dt.date) -> float:
        """Amount in `currency` at the exchange rates of `date`."""
        registry = _registry()
        amount = registry.Quantity(self.value, self.currency)
        with registry.context(_context(str(self.currency), date)):
            dollars = amount.to("USD")
        with registry.context(_context(currency, date)):
            return float(dollars.to(currency).magnitude)


def _words(text: str) -> str:
    """The words with one space between them; no words where no size is as long."""
    words = " ".join(text[: 2 * _LONGEST].split())
    return words if len(words) <= _LONGEST else ""


def parse_size(text: object, *allowed: str) -> Size:
    """Read a size and insist on one of the `allowed` kinds.

    Raises `ScenarioError` that shows what was found and an example of what is right.
    """
    examples = " or ".join(f"'{_EXAMPLES[kind]}'" for kind in allowed)
    if isinstance(text, Size):
        size = text
    elif isinstance(text, str) and (match := _SIZE.fullmatch(_words(text))):
        value = float(match["number"].replace(",", "").replace("_", ""))
        value *= _SCALES.get(match["scale"] or "", 1.0)
        unit = match["unit"]
        kind = _SPELLINGS.get(unit.lower())
        if not math.isfinite(value):
            raise ScenarioError(f"{quoted(text)} is not a size; write {examples}")
        if not unit:
            raise ScenarioError(f"{quoted(text)} has no unit; write {examples}")
        if kind is not None and match["scale"]:
            raise ScenarioError(f"{quoted(text)} is not a size; write {examples}")
        if kind is None and (code := currency_code(unit)) in currencies():
            size = Size(value, MONEY, code)
        elif kind is None:
            known = [*_SPELLINGS, *currencies()]
            raise ScenarioError(
                f"unit {quoted(unit)} in {quoted(text)} is unknown{did_you_mean(unit, known)}"
            )
        else:
            size = Size(value, kind)
    elif isinstance(text, int | float):
        raise ScenarioError(f"{quoted(text)} has no unit; write {examples}")
    else:
        raise ScenarioError(f"{quoted(text)} is not a size; write {examples}")
    if size.kind not in allowed:
        raise ScenarioError(f"'{size}' is in {size.kind}; write {examples}")
    return size
