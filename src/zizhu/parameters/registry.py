"""Every number that is not a table, with its unit, range and source."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict

from zizhu.errors import ParameterError, did_you_mean, quoted
from zizhu.parameters.parameter import ROOMS, Parameter
from zizhu.parameters.read import read_all
from zizhu.reading import Day, read_mapping


def _read(name: str) -> dict[str, Any]:
    path = Path(str(files("zizhu.parameters") / name))
    return read_mapping(path, "parameter file", ParameterError, "`source:`")


class ElasticityRow(BaseModel):
    """Trade and scale elasticity of a range of ISIC divisions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    isic: tuple[int, int]
    name: str
    trade: float
    scale: float


class Regime(BaseModel):
    """A named pair of trade and scale elasticities."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    source: str
    date: int
    services: str
    rows: tuple[ElasticityRow, ...]

    def by_sector(
        self, isic: Mapping[str, tuple[int, ...]], sectors: Iterable[str]
    ) -> tuple[Float[np.ndarray, " k"], Float[np.ndarray, " k"]]:
        """Trade and scale elasticities of `sectors`, means over each sector's ISIC divisions.

        Raises `ParameterError` for a sector whose divisions are unknown, unless the regime has one
        value for all.
        """
        pairs = []
        for sector in sectors:
            divisions = isic.get(sector, ())
            if not divisions and len(self.rows) == 1:
                divisions = (self.rows[0].isic[0],)
            found = [
                (row.trade, row.scale)
                for division in divisions
                for row in self.rows
                if row.isic[0] <= division <= row.isic[1]
            ]
            if not found:
                raise ParameterError(
                    f"elasticities {self.name}: sector {sector} has no ISIC divisions that the "
                    "regime covers; give the world's sectors ISIC divisions or use the regime "
                    "uniform"
                )
            pairs.append(np.mean(found, axis=0))
        table = np.array(pairs)
        return table[:, 0], table[:, 1]


@dataclass(frozen=True)
class ExchangeRate:
    """Units of a currency per US dollar at a date, and where the rate is from."""

    currency: str
    date: str
    per_usd: float
    source: str


@lru_cache(maxsize=1)
def parameters() -> dict[str, Parameter]:
    """All scalar parameters by name, in the order of the rooms that use them."""
    folder = Path(str(files("zizhu.parameters") / "values"))
    return read_all(folder / f"{room}.yaml" for room in ROOMS)


@lru_cache(maxsize=1)
def regimes() -> dict[str, Regime]:
    """All elasticity regimes by name."""
    return {name: Regime(name=name, **entry) for name, entry in _read("elasticities.yaml").items()}


def regime(name: str) -> Regime:
    """Look a regime up; raises `ParameterError` with the nearest name."""
    known = regimes()
    if name not in known:
        raise ParameterError(
            f"elasticities: regime {quoted(name)} is unknown{did_you_mean(name, known)}"
        )
    return known[name]


def parameter(word: str, room: str | None = None) -> Parameter:
    """Look a parameter up by name, or by a symbol that only one has (in `room`, if given).

    Raises `ParameterError` with the nearest name, or with the parameters that share the symbol.
    """
    known = of_room(room) if room is not None else parameters()
    if word in known:
        return known[word]
    same = [entry for entry in known.values() if entry.symbol == word]
    if len(same) == 1:
        return same[0]
    if same:
        named = ", ".join(f"{entry.name} ({entry.used_by})" for entry in same)
        raise ParameterError(
            f"parameter symbol {quoted(word)} stands for {named}; give a name or a room"
        )
    elsewhere = parameters().get(word)
    if elsewhere is not None:
        raise ParameterError(f"parameter {word} is used by {elsewhere.used_by}, not by {room}")
    options = [*known, *regimes()] if room is None else [*known]
    raise ParameterError(f"parameter {quoted(word)} is unknown{did_you_mean(word, options)}")


def of_room(room: str) -> dict[str, Parameter]:
    """Parameters that one room of the model uses; raises `ParameterError` for an unknown room."""
    if room not in ROOMS:
        raise ParameterError(
            f"parameters: room {quoted(room)} is unknown{did_you_mean(room, ROOMS)}"
        )
    return {name: entry for name, entry in parameters().items() if entry.used_by == room}


def values(overrides: Mapping[str, Any] | None = None) -> dict[str, float]:
    """All parameter values, some replaced; each replacement must lie in its stated range.

    Raises `ParameterError` for an unknown name, something that is not a number, or a value
    outside the range.
    """
    known = parameters()
    chosen = {name: entry.value for name, entry in known.items()}
    for name, value in (overrides or {}).items():
        if name not in known:
            raise ParameterError(
                f"parameters: {quoted(name)} is unknown{did_you_mean(name, known)}"
            )
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            raise ParameterError(f"parameters: {name} is {quoted(value)}; a number is right")
        entry = known[name]
        if not entry.low <= value <= entry.high:
            raise ParameterError(
                f"parameters: {name} is {value:g}, outside its range {entry.low:g} to "
                f"{entry.high:g} {entry.unit if entry.unit != '1' else ''}".rstrip()
            )
        chosen[name] = float(value)
    return chosen


# Days around a listed one in which its rate is better than the mean of the year.
_NEAR = 183


class _DayRate(BaseModel):
    """The rate of one day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str
    day: Day
    rate: float
    source: str


class _Rates(BaseModel):
    """Units of currencies per US dollar by year, read in a source or recalled, and of some days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    per_usd: dict[str, dict[int, float]]
    recalled_source: str
    recalled: dict[str, dict[int, float]]
    days: tuple[_DayRate, ...]


@lru_cache(maxsize=1)
def _rates() -> _Rates:
    return _Rates(**_read("exchange_rates.yaml"))


def currencies() -> list[str]:
    """Currencies with at least one exchange rate, and the dollar."""
    return ["USD", *_rates().per_usd]


def exchange_rate(currency: str, date: dt.date) -> ExchangeRate:
    """Rate of a listed day within half a year of `date`, or of its year.

    After the last known year the rate of that year goes on, and its source says so. Raises
    `ParameterError` naming the years that are there.
    """
    if currency == "USD":
        return ExchangeRate("USD", str(date.year), 1.0, "definition")
    table = _rates()
    if currency not in table.per_usd:
        raise ParameterError(
            f"currency {quoted(currency)} has no exchange rate"
            f"{did_you_mean(currency, currencies())}"
        )
    near = [
        day
        for day in table.days
        if day.currency == currency and abs((day.day - date).days) <= _NEAR
    ]
    if near:
        best = min(near, key=lambda day: abs((day.day - date).days))
        return ExchangeRate(currency, str(best.day), best.rate, best.source)
    read, recalled = table.per_usd[currency], table.recalled.get(currency, {})
    years = {**recalled, **read}
    last = max(years)
    if date.year < min(years):
        raise ParameterError(
            f"currency {currency} has no exchange rate for {date.year}; rates are known from "
            f"{min(years)} on"
        )
    year = min(date.year, last)
    source = table.source if year in read else table.recalled_source
    if date.year > last:
        source = f"assumption: the rate of {last} goes on ({source})"
    return ExchangeRate(currency, str(year), years[year], source)
