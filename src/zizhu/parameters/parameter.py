"""One number that is not in a table, with everything that a referee asks about it."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from zizhu.errors import quoted
from zizhu.parameters.distribution import Distribution, completed

# What a parameter may be measured in; 1 is a pure number.
Unit = Literal[
    "1",
    "percent",
    "percentage point",
    "% of GDP",
    "mn CNY",
    "bn CNY",
    "bn USD",
    "years",
    "calendar year",
    "firms",
]

# The parts of the model that read parameters, in the order in which they are shown.
ROOMS = {
    "equilibrium": "the static equilibrium",
    "knowledge": "how productivity moves: ideas, research, scale, misallocation",
    "sectors": "how a sector's productivity drifts around its region's trend",
    "chains": "technology chains: sourcing, experience, effort, lithography, doubt",
    "talent": "the stock of researchers and engineers",
    "money": "from an announcement to money at work",
    "reaction": "controls answer the push, the push answers controls",
    "levers": "sizes of levers and pressures",
    "indicators": "what paths are judged by: thresholds, shocks and their odds",
}
Room = Literal[
    "equilibrium",
    "knowledge",
    "sectors",
    "chains",
    "talent",
    "money",
    "reaction",
    "levers",
    "indicators",
]

ASSUMPTION = "assumption"
_FACT = r"F[0-9][0-9A-Z]"
_PROOF = re.compile(rf"{ASSUMPTION}|\b{_FACT}\b|\b(?:19|20)\d\d\b")


def _number(given: Any) -> Any:
    if isinstance(given, bool) or math.isnan(_read(given, 0.0)):
        raise ValueError(f"{quoted(given)} found; a number is right")
    return given


def _read(given: Any, otherwise: float = math.nan) -> float:
    """A number or the text of one; `otherwise` for the rest, which pydantic complains about."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return otherwise
    try:
        return float(given)
    except (ValueError, OverflowError):
        return otherwise


def _fact_id(given: str) -> str:
    if not re.fullmatch(_FACT, given):
        raise ValueError(f"{quoted(given)} found; the id of a fact such as F06 is right")
    return given


def _a_source(given: str) -> str:
    if not _PROOF.search(given):
        raise ValueError(
            f"{quoted(given)} found; a publication with its year, the id of a fact such as "
            "F06, or the "
            f"word {ASSUMPTION} with the reason is right"
        )
    return given


def _snake(given: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", given):
        raise ValueError(f"{quoted(given)} found; words in lower case joined by _ are right")
    return given


def _check_range(value: float, low: float, high: float) -> None:
    if not low < high:
        raise ValueError(
            f"field low: the range {low:g} to {high:g} is empty; low must lie below high"
        )
    if not low <= value <= high:
        raise ValueError(f"field value: {value:g} lies outside its range {low:g} to {high:g}")


Number = Annotated[float, BeforeValidator(_number)]
Words = Annotated[str, Field(min_length=1)]


class Parameter(BaseModel):
    """One number: its symbol, unit, value, range, distribution and source.

    value         central value, used unless a scenario says otherwise
    low, high     what a scenario may set
    distribution  how the value is drawn, inside that range
    source        publication, id of a fact with words, or an assumption with its reason
    facts         ids of the facts that the source names
    calibrated    whether the facts were used to set it, so that they cannot test it as well
    used_by       the part of the model that reads it
    date          year of the source
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    name: Annotated[str, AfterValidator(_snake)]
    symbol: Words
    title: Words
    unit: Unit
    value: Number
    low: Number
    high: Number
    distribution: Distribution
    source: Annotated[str, AfterValidator(_a_source)]
    facts: tuple[Annotated[str, AfterValidator(_fact_id)], ...] = ()
    calibrated: bool = False
    used_by: Room
    date: Annotated[int, Field(ge=1900, le=2100)]

    @model_validator(mode="before")
    @classmethod
    def _complete_distribution(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not {"value", "low", "high"} <= set(given):
            return given
        written = (given["value"], given["low"], given["high"])
        value, low, high = map(_read, written)
        # The entry's own range first: the distribution takes over whatever is wrong with it.
        if not any(map(math.isnan, (value, low, high))):
            _check_range(value, low, high)
        if "distribution" not in given:
            return given
        return {**given, "distribution": completed(given["distribution"], *written)}

    @model_validator(mode="after")
    def _inside_its_range(self) -> Parameter:
        _check_range(self.value, self.low, self.high)
        drawn = self.distribution
        if not self.low <= drawn.low <= drawn.high <= self.high:
            raise ValueError(
                f"field distribution: draws between {drawn.low:g} and {drawn.high:g} found; they "
                f"must lie inside the range {self.low:g} to {self.high:g}"
            )
        if not drawn.low <= self.value <= drawn.high:
            raise ValueError(
                f"field distribution: the value {self.value:g} lies outside the draws between "
                f"{drawn.low:g} and {drawn.high:g}"
            )
        if drawn.kind == "fixed" and drawn.centre != self.value:
            raise ValueError(
                f"field distribution: fixed at {drawn.centre:g} found; the value {self.value:g} is "
                "right"
            )
        if self.calibrated and not self.facts:
            raise ValueError("field calibrated: the facts that it was set to are missing")
        return self

    @property
    def assumed(self) -> bool:
        """Whether the source is, or contains, an assumption."""
        return ASSUMPTION in self.source
