"""Amounts that a text states in two currencies, checked at the exchange rate of their date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, model_validator

from zizhu.errors import ParameterError, ScenarioError
from zizhu.parameters import ExchangeRate, exchange_rate
from zizhu.policy.units import MONEY, Size, parse_size
from zizhu.reading import Day

# A stated conversion may be this far from the dated rate, in percent: rates move within a year
# and amounts are rounded. What is further off is a slip.
TOLERANCE = 3.0
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)


def _money(text: object) -> Size:
    try:
        return parse_size(text, MONEY)
    except ScenarioError as error:
        raise ValueError(str(error)) from error


def _middle(given: object) -> object:
    """A date, or the middle of a year where only the year is given."""
    if isinstance(given, str) and _YEAR.fullmatch(given):
        return dt.date(int(given), 7, 1)
    return given


Money = Annotated[Size, BeforeValidator(_money), PlainSerializer(str)]


class Conversion(BaseModel):
    """One amount stated in two currencies: `amount` and what the text makes of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    amount: Money
    stated: Money
    date: Annotated[Day, BeforeValidator(_middle)]

    @model_validator(mode="after")
    def _check(self) -> Conversion:
        if self.amount.currency == self.stated.currency:
            raise ValueError(
                f"amount and stated are both in {self.amount.currency}; a conversion has two "
                "currencies"
            )
        if self.amount.value <= 0 or self.stated.value <= 0:
            raise ValueError("amount and stated must be above zero")
        try:
            self.dated_rate()
        except ParameterError as error:
            raise ValueError(str(error)) from error
        return self

    def implied_rate(self) -> float:
        """Units of the amount's currency for one of the stated currency, by the text."""
        return self.amount.value / self.stated.value

    def dated_rate(self) -> float:
        """The same by the exchange rates of the date; raises `ParameterError` without one."""
        here = exchange_rate(str(self.amount.currency), self.date).per_usd
        return here / exchange_rate(str(self.stated.currency), self.date).per_usd

    def rates(self) -> list[ExchangeRate]:
        """The exchange rates that the dated rate is made of; the dollar has none."""
        both = [exchange_rate(str(size.currency), self.date) for size in (self.amount, self.stated)]
        return [rate for rate in both if rate.currency != "USD"]


@dataclass(frozen=True)
class CheckedConversion:
    """A stated conversion beside the dated exchange rate.

    entry      id of the fact or claim
    implied    units of the first currency for one of the second, by the text
    dated      the same by the exchange rate of the date
    deviation  100 (implied / dated - 1), percent
    rate_date  year or day of the exchange rate
    source     of the exchange rate
    own        whether the exchange rate was taken from this very entry, which checks nothing
    """

    entry: str
    amount: str
    stated: str
    date: dt.date
    implied: float
    dated: float
    deviation: float
    rate_date: str
    source: str
    own: bool = False

    @property
    def off(self) -> bool:
        """Whether the deviation is above the tolerance of 3 percent."""
        return abs(self.deviation) > TOLERANCE

    @property
    def mark(self) -> str:
        """What the check says, in two or three words."""
        if self.own:
            return "its own rate"
        return f"above {TOLERANCE:g}" if self.off else "holds"

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**vars(self), "date": str(self.date), "off": self.off, "mark": self.mark}


class _Converts(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def conversions(self) -> tuple[Conversion, ...]: ...


def check_conversions(*entries: Mapping[str, _Converts]) -> list[CheckedConversion]:
    """Every conversion that the `entries` state, beside the exchange rate of its date.

    Facts and claims are both mappings that it takes. Raises nothing: a conversion without a rate
    is refused when its file is read.
    """
    every: Iterable[_Converts] = (one for group in entries for one in group.values())
    return [_checked(one.id, conversion) for one in every for conversion in one.conversions]


def _checked(entry: str, one: Conversion) -> CheckedConversion:
    implied, dated, rates = one.implied_rate(), one.dated_rate(), one.rates()
    return CheckedConversion(
        entry,
        str(one.amount),
        str(one.stated),
        one.date,
        implied,
        dated,
        100 * (implied / dated - 1),
        ", ".join(dict.fromkeys(rate.date for rate in rates)),
        "; ".join(f"{rate.source} ({rate.currency} {rate.date})" for rate in rates),
        any(re.match(rf"{re.escape(entry)}\b", rate.source) for rate in rates),
    )
