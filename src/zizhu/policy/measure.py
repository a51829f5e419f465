"""A measure: which lever, on whom, how much, since when, and on what authority."""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
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

from zizhu.errors import ScenarioError
from zizhu.policy.context import Context
from zizhu.policy.units import GDP, MONEY, PERCENT, POINTS, Size, parse_size
from zizhu.policy.wedges import Wedges

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
RateOrMoney = Annotated[
    Size,
    _reader(PERCENT, GDP, MONEY),
    _AsText,
    _schema("5 %", "1 % of GDP", "344 bn CNY"),
]


def _above_minus_one(size: Size) -> Size:
    if size.fraction <= -1:
        raise ValueError(f"'{size}' takes away more than everything; it must be above -100 %")
    return size


def _share(size: Size) -> Size:
    if not 0 <= size.fraction <= 1:
        raise ValueError(f"'{size}' is not a share; it must lie between 0 % and 100 %")
    return size


Change = Annotated[Percent, AfterValidator(_above_minus_one)]
Share = Annotated[Percent, AfterValidator(_share)]

_LABEL = re.compile(r"^[a-z0-9][a-z0-9-]*$")


class Measure(BaseModel, ABC):
    """Base of every lever's measure: `lever` names the lever, the rest is its schema.

    label   name within the scenario, for overrides: lower case, digits and dashes
    from, to  dates between which the measure is in force (a static run has it in force)
    source  publication, fact id or `assumption`
    adds    say true if the measure deliberately adds to another one on the same target
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    # What the lever is, for `zizhu levers`: how it acts and what is known about its size.
    acts_through: ClassVar[str]
    known: ClassVar[str]
    example: ClassVar[str]

    lever: str
    label: str = Field(description="name of the measure within its scenario", examples=["us-301"])
    source: str = Field(default="assumption", description="publication, fact id or `assumption`")
    start: dt.date | None = Field(
        default=None,
        alias="from",
        description="in force from; a static run has every measure in force",
    )
    end: dt.date | None = Field(
        default=None,
        alias="to",
        description="in force until; a static run has every measure in force",
    )
    adds: bool = Field(
        default=False, description="the measure may add to another of its lever on the same target"
    )

    @model_validator(mode="after")
    def _check_measure(self) -> Measure:
        if not _LABEL.match(self.label):
            raise ValueError(
                f"label {self.label!r} may have lower-case letters, digits and dashes only"
            )
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"from {self.start} is after to {self.end}; swap the dates")
        return self

    def remarks(self, context: Context) -> tuple[str, ...]:  # noqa: ARG002 (for levers to use)
        """What a reader of the result should know about the measure; nothing by default."""
        return ()

    @abstractmethod
    def wedges(self, context: Context) -> Wedges:
        """Turn the measure into wedges on the world of `context`."""
