"""A measure: which lever, on whom, how much, since when, and on what authority."""

from __future__ import annotations

import re
from abc import ABC
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from zizhu.errors import ScenarioError, quoted
from zizhu.policy.action import Action
from zizhu.policy.context import Context
from zizhu.policy.from_static import on_path
from zizhu.policy.path_context import PathContext
from zizhu.policy.units import GDP, MONEY, PERCENT, POINTS, Size, parse_size
from zizhu.policy.wedges import Wedges
from zizhu.reading import Day

Names = str | list[str]


def _reader(*allowed: str) -> BeforeValidator:
    def read(text: object) -> Size:
        try:
            return parse_size(text, *allowed)
        except ScenarioError as error:
            raise ValueError(str(error)) from error

    return BeforeValidator(read)


def _schema(*examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "examples": list(examples)})


def _text(size: object) -> object:
    # A union asks its first branch to write the other branches' values too: sizes by sector.
    return {key: str(one) for key, one in size.items()} if isinstance(size, dict) else str(size)


_AsText = PlainSerializer(_text)

Percent = Annotated[Size, _reader(PERCENT), _AsText, _schema("20 %")]
Points = Annotated[Size, _reader(POINTS), _AsText, _schema("25 percentage points")]
Amount = Annotated[Size, _reader(GDP, MONEY), _AsText, _schema("1 % of GDP", "344 bn CNY")]
RateOrMoney = Annotated[
    Size,
    _reader(PERCENT, GDP, MONEY),
    _AsText,
    _schema("5 %", "1 % of GDP", "344 bn CNY"),
]


# What a registered parameter's text ends with where a plain number is wanted (`=NAME`).
_COUNTED = ("years", "firms", "1")


def _bare(given: object) -> object:
    """The number of `20 years`, as a parameter writes itself; anything else is left to pydantic."""
    words = given.split() if isinstance(given, str) else []
    return words[0] if len(words) == 2 and words[1] in _COUNTED else given


Years = Annotated[float, BeforeValidator(_bare)]
Count = Annotated[float, BeforeValidator(_bare)]


def _above_minus_one(size: Size) -> Size:
    if size.fraction <= -1:
        raise ValueError(f"'{size}' takes away more than everything; it must be above -100 %")
    return size


def _share(size: Size) -> Size:
    if not 0 <= size.fraction <= 1:
        raise ValueError(f"'{size}' is not a share; it must lie between 0 % and 100 %")
    return size


def _not_negative(size: Size) -> Size:
    if size.value < 0:
        least = "0 %" if size.kind == PERCENT else "0"
        raise ValueError(f"'{size}' is negative; {least} or more is right")
    return size


Change = Annotated[Percent, AfterValidator(_above_minus_one)]
Share = Annotated[Percent, AfterValidator(_share)]
Cost = Annotated[Amount, AfterValidator(_not_negative)]
Rate = Annotated[Percent, AfterValidator(_not_negative)]

_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


class Measure(BaseModel, ABC):
    """Base of every lever's measure: `lever` names the lever, the rest is its schema.

    label   name within the scenario, for overrides: lower case, digits and dashes
    from, to  dates between which the measure is in force (a static run has it in force)
    source  publication, fact id or `assumption`, of its size
    note    how the source was read, and what is assumed beside the size
    phase_in  years over which it reaches its full size on a path
    adds    say true if the measure deliberately adds to another one on the same target

    A lever says what it does in a static run (`wedges`), on a path (`on_path`), or both; without
    `on_path` its static wedges are in force from year to year.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    # What the lever is, for `zizhu levers`: how it acts and what is known about its size; when it
    # acts, who pays, and how it meets other levers; an example that works.
    acts_through: ClassVar[str]
    known: ClassVar[str]
    timing: ClassVar[str] = "in force from day to day between `from` and `to`, rising over phase_in"
    pays: ClassVar[str] = "nobody: it uses no public money"
    interacts: ClassVar[str] = "adds to others; nothing known beyond the model's own feedback"
    example: ClassVar[str]
    # Another example, for levers whose first one works in a static run only.
    path_example: ClassVar[str] = ""
    # Whether it presses on others, as a control does, and the fields that name who does it.
    is_pressure: ClassVar[bool] = False
    acting: ClassVar[tuple[str, ...]] = ()
    # Registered parameters that stand for sizes which the measure leaves out.
    sizes: ClassVar[tuple[str, ...]] = ()
    # Whether a size of it can rise over years; money that is announced on a day cannot.
    phases: ClassVar[bool] = True

    lever: str
    label: str = Field(description="name of the measure within its scenario", examples=["us-301"])
    source: str = Field(default="assumption", description="publication, fact id or `assumption`")
    note: str = Field(
        default="",
        description="how the source was read, and what is assumed beside the size",
    )
    start: Day | None = Field(
        default=None,
        alias="from",
        description="in force from; a static run has every measure in force",
    )
    end: Day | None = Field(
        default=None,
        alias="to",
        description="in force until; a static run has every measure in force",
    )
    adds: bool = Field(
        default=False, description="the measure may add to another of its lever on the same target"
    )

    phase_in: Years = Field(
        default=0.0,
        ge=0,
        le=50,
        description="years over which the measure rises to its full size; a path only",
    )

    @model_validator(mode="after")
    def _check_measure(self) -> Measure:
        if self.phase_in and not self.phases:
            raise ValueError(f"phase_in: {self.lever} has its own timing; leave phase_in out")
        if not _LABEL.fullmatch(self.label):
            raise ValueError(
                f"label {quoted(self.label)} may have lower-case letters, digits and dashes only"
            )
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"from {self.start} is after to {self.end}; swap the dates")
        return self

    def presses(self, region: str, context: Context) -> bool:
        """Whether the measure is done to a region and not by it, as one of a group either.

        Raises `ScenarioError` for a region or group that the world does not have.
        """
        acting = {
            place
            for field in self.actors()
            if (names := getattr(self, field))
            for place in context.regions(names, field=field)
        }
        (here,) = context.regions([region], field="region")
        return self.is_pressure and here not in acting

    def actors(self) -> tuple[str, ...]:
        """Fields that name who does it."""
        return self.acting

    def remarks(self, context: Context) -> tuple[str, ...]:  # noqa: ARG002 (for levers to use)
        """What a reader of the result should know about the measure; nothing by default."""
        return ()

    def require(self, context: Context, options: Mapping[str, object]) -> None:
        """Refuse a world or options of the scenario under which the measure has no answer."""

    def wedges(self, context: Context) -> Wedges:  # noqa: ARG002 (for levers to use)
        """Turn the measure into wedges on the world of `context`, all of it in force at once."""
        raise ScenarioError(
            f"lever: {self.lever} acts over years; give the scenario `years`, for example 2035"
        )

    def on_path(self, context: PathContext) -> Action:
        """Turn the measure into wedges and spending by year; its static wedges by default."""
        force = context.in_force(self.start, self.end, self.phase_in)
        return Action(on_path(self.wedges(context), force, context))
