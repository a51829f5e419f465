"""What every part of a chain is made of: a number with its range, a source, a confidence."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zizhu.reading import Year

Confidence = Literal["high", "medium", "low"]

# What cannot carry more confidence than low.
WEAK = ("recalled", "judgement")
ASSUMPTION = "assumption"


class Part(BaseModel):
    """A part of a chain file: unknown fields are refused, and what was read never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Ranged(Part):
    """A central value with its range, all in the unit that the field states."""

    value: float
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Ranged:
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"value {self.value:g} lies outside its range {self.low:g} to {self.high:g}"
            )
        self._check_limits()
        return self

    def _check_limits(self) -> None:
        """Raise ValueError where the range leaves what the number can mean."""


class Within(Ranged):
    """A range whose ends lie within `limits`."""

    limits: ClassVar[tuple[float, float]] = (0.0, 100.0)

    def _check_limits(self) -> None:
        least, most = self.limits
        for end in (self.low, self.high):
            if not least <= end <= most:
                raise ValueError(f"{end:g} lies outside {least:g} to {most:g}")


class Percent(Within):
    """A central value with its range, percent of something, 0 to 100."""


class Source(Part):
    """Where numbers come from, and whether it was read."""

    authors: str
    year: Year
    title: str
    where: str = Field(description="address, fact id, or words where there is none")
    kind: Literal["page", "repository", "fact", "recalled", "judgement"]


class Sourced(Part):
    """What names the source of its numbers, and how sure they are."""

    source: str = Field(description="id of a source of the file, or `assumption: ...`")
    confidence: Confidence

    @property
    def assumed(self) -> bool:
        """Whether the number is an assumption of ours."""
        return self.source.startswith(ASSUMPTION)
