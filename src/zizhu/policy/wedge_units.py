"""Sizes of raw wedges: how people write them, what the arrays hold, how they are shown."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError, quoted
from zizhu.parameters import currencies

_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(.*)", re.DOTALL | re.ASCII)


@dataclass(frozen=True)
class Unit:
    """A unit as people write it and as the arrays hold it.

    name      in words
    right     how a size is written
    scales    what may follow the number, with what it stands for
    store     from the written unit to what the array holds
    factor    by which a value is multiplied to be shown before `shown`
    """

    name: str
    right: str
    scales: Mapping[str, float]
    shown: str
    factor: float = 1.0
    store: Callable[[Float[np.ndarray, " t"]], Float[np.ndarray, " t"]] = np.asarray

    def read(self, text: str) -> float:
        """The number that `text` stands for; raises `ScenarioError` saying what is right."""
        match = _NUMBER.fullmatch(text)
        value = float(match[1]) if match else math.nan
        if not match or not math.isfinite(value):
            raise ScenarioError(f"{quoted(text)} is not a size; write {self.right}")
        suffix = match[2]
        if self.is_money:
            currency = suffix[-3:].upper()
            if currency != "USD" and currency in currencies():
                raise ScenarioError(
                    f"{quoted(text)} is in {currency}; money is in US dollars here, so "
                    "convert it and "
                    f"write {self.right}"
                )
            suffix = suffix[:-3] if currency == "USD" else suffix
            if not suffix and value == 0:
                return 0.0
        if suffix not in self.scales:
            found = f"has the unit {quoted(suffix)}" if suffix else "has no unit"
            raise ScenarioError(f"{quoted(text)} {found}; {self.name} is right: write {self.right}")
        return value * self.scales[suffix]

    def say(self, value: float, *, signed: bool = False) -> str:
        """A value with its unit, for people."""
        number = round(value * self.factor, 9) + 0.0  # no negative zero
        return f"{number:{'+' if signed else ''}.6g}{self.shown}"

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return "bn" in self.scales

    @property
    def is_fraction(self) -> bool:
        """Whether it is a percentage or a plain fraction."""
        return "%" in self.scales


_PERCENT_OR_FRACTION = {"%": 0.01, "": 1.0}
_DOLLARS = {"m": 1e-3, "mn": 1e-3, "bn": 1.0, "tn": 1e3}
_SPANS = {"": 1.0, "y": 1.0, "year": 1.0, "years": 1.0}


def _fraction(shown: str, **changes: Callable[..., Float[np.ndarray, " t"]]) -> Unit:
    name = "a percentage or a fraction"
    return Unit(name, "25% or 0.25", _PERCENT_OR_FRACTION, shown, 100.0, **changes)


def _money(factor: float) -> Unit:
    def store(billions: Float[np.ndarray, " t"]) -> Float[np.ndarray, " t"]:
        return billions * factor

    return Unit("money in US dollars", "10bn, 500m or 1.5tn", _DOLLARS, " bn USD", store=store)


POINTS = _fraction(" percentage points")
PERCENT = _fraction(" percent")
LOG_PERCENT = _fraction(" percent", store=np.log1p)  # held as ln(1 + size)
MILLION_USD = _money(1e3)  # held in million
BILLION_USD = _money(1.0)
TIME = Unit("a number of years", "0.5 or 0.5years", _SPANS, " years")
