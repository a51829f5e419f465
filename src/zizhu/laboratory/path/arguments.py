"""What a user asks of a path, read and checked: years, switches, controls, years to explain.

Every complaint is one sentence that says what was found and what would be right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from zizhu.errors import ScenarioError, did_you_mean, quoted, short
from zizhu.laboratory.path.run import LAST_YEAR
from zizhu.model.path_inputs import Structure
from zizhu.parameters import regime, regimes

# A path is as long as its outlook of labour and people's patience (assumption).
MOST_YEARS = 60
Years = int | tuple[int, int] | Sequence[int]
Switches = str | Mapping[str, bool | str] | Iterable[str]
_ON = {"on": True, "off": False}


@dataclass(frozen=True)
class Choices:
    """How the model is put together.

    switches      of `zizhu.model.path_inputs.Structure`, those that were given
    scale         of sectors: `dynamic` (gains build up), `static` (at once) or `none`
    elasticities  named regime
    origins       `pooled` or `separate` shares of origin by use
    """

    switches: Mapping[str, bool] = field(default_factory=dict)
    scale: str = "dynamic"
    elasticities: str = "lashkaripour-lugovskyy"
    origins: str = "pooled"


def choices_of(given: Switches) -> Choices:
    """Read `ideas=off`, `scale=static`, ... from texts or a mapping."""
    named = {
        "scale": ("dynamic", "static", "none"),
        "elasticities": tuple(regimes()),
        "origins": ("pooled", "separate"),
    }
    switches: dict[str, bool] = {}
    chosen: dict[str, str] = {}
    for name, value in _pairs(given):
        if name in named:
            if not isinstance(value, str) or value not in named[name]:
                if name == "elasticities" and isinstance(value, str):
                    regime(value)
                raise ScenarioError(
                    f"structure: {name} is {quoted(value)}; {' or '.join(named[name])} is right"
                )
            chosen[name] = value
        elif name in Structure._fields:
            on = _ON.get(value) if isinstance(value, str) else value
            if not isinstance(on, bool):
                raise ScenarioError(f"structure: {name} is {quoted(value)}; on or off is right")
            switches[name] = on
        else:
            known = [*Structure._fields, *named]
            raise ScenarioError(f"structure: {quoted(name)} is unknown{did_you_mean(name, known)}")
    return Choices(switches, **chosen)


def _pairs(given: Switches) -> Iterable[tuple[str, object]]:
    if isinstance(given, Mapping):
        return [(str(name), value) for name, value in given.items()]
    found: dict[str, object] = {}
    for text in [given] if isinstance(given, str) else given:
        name, equals, value = str(text).partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not value:
            raise ScenarioError(
                f"structure: {quoted(text)} is not name=value; ideas=off is an example"
            )
        if name in found:
            raise ScenarioError(f"structure: {name} appears twice; give it once")
        found[name] = value
    return found.items()


def years_of(given: Years | None, first: int) -> tuple[int, ...]:
    """Years of a path from the world's year: from the last one, or from the first and the last."""
    if given is None:
        given = max(LAST_YEAR, first)
    numbers = list(given) if isinstance(given, Sequence) else [given]
    if not numbers or not all(isinstance(n, int) and not isinstance(n, bool) for n in numbers):
        raise ScenarioError(
            f"years: {quoted(given)} is no span of years; ({first}, {LAST_YEAR}) is right"
        )
    start = first if isinstance(given, int) else numbers[0]
    end = numbers[-1]
    if len(numbers) > 2 and any(b - a != 1 for a, b in pairwise(numbers)):
        raise ScenarioError(f"years: {quoted(given)} leaves years out; ({start}, {end}) is right")
    if not dt.MINYEAR <= first <= dt.MAXYEAR:
        raise ScenarioError(f"years: the world's year is {first}; a path starts in a real year")
    if end < start:
        raise ScenarioError(f"years: the last year {short(end)} lies before the first, {start}")
    if start != first:
        raise ScenarioError(f"years: the path starts in {start}; the world's year {first} is right")
    if end - start >= MOST_YEARS:
        raise ScenarioError(
            f"years: {short(end)} is {short(end - start)} years after {start}; "
            f"{start + MOST_YEARS - 1} or earlier is right"
        )
    return tuple(range(start, end + 1))


def date_of(given: str | dt.date | None) -> dt.date | None:
    """Day until which the timeline of export controls is known."""
    if isinstance(given, dt.datetime):
        return given.date()
    if given is None or isinstance(given, dt.date):
        return given
    try:
        return dt.date.fromisoformat(given)
    except (TypeError, ValueError):
        raise ScenarioError(
            f"controls: {quoted(given)} is no date; 2025-12-31 is an example"
        ) from None


def decomposed_years(given: int | Iterable[int] | None, years: Sequence[int]) -> tuple[int, ...]:
    """Years whose real income is explained: the last one unless others, or none, are named."""
    if given is None:
        return (years[-1],)
    asked = list(given) if isinstance(given, Iterable) else [given]
    for year in asked:
        if isinstance(year, bool) or year not in years:
            raise ScenarioError(
                f"decompose: {quoted(year)} is not a year of the path, {years[0]} to {years[-1]}"
            )
    return tuple(sorted(set(asked)))
