"""Facts: one sourced statement each, with the figures that code may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from zizhu.errors import EvidenceError, did_you_mean, quoted
from zizhu.evidence.conversions import Conversion
from zizhu.evidence.definitions import definitions as known_tags
from zizhu.evidence.entries import Entry, Words, read_entries, shipped
from zizhu.evidence.vocabulary import CONFIDENCES, TOPICS, UNITS, each_of, one_of

T = TypeVar("T", bound=Entry)


class Quantity(BaseModel):
    """A figure of a fact, exactly as its source states it.

    year  what it is about, absent where the fact gives one period for all
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float = Field(allow_inf_nan=False)
    unit: Annotated[str, one_of("unit", UNITS)]
    year: int | None = Field(default=None, ge=1800, le=2100)


class Fact(Entry):
    """A sourced statement.

    use         what a model may take from it
    where       addresses at which it was confirmed
    year        date of the youngest source
    confidence  of its weakest part; `caveat` says the rest
    quantities  figures by name
    licence     only where the source limits what may be done with it
    """

    topic: Annotated[str, one_of("topic", TOPICS)]
    statement: Words
    use: Words
    source: Words
    where: tuple[str, ...] = Field(min_length=1)
    year: int = Field(ge=1900, le=2100)
    confidence: Annotated[str, one_of("confidence", CONFIDENCES)]
    caveat: Words | None = None
    definitions: Annotated[tuple[str, ...], each_of("definition tag", known_tags)] = ()
    quantities: dict[str, Quantity] = Field(default_factory=dict)
    conversions: tuple[Conversion, ...] = ()
    licence: Words | None = None

    def quantity(self, name: str) -> Quantity:
        """A figure by name; raises `EvidenceError` with the nearest name."""
        if name not in self.quantities:
            raise EvidenceError(
                f"fact {self.id} has no quantity {quoted(name)}"
                f"{did_you_mean(name, self.quantities)}"
            )
        return self.quantities[name]


@lru_cache(maxsize=1)
def facts() -> dict[str, Fact]:
    """The shipped facts by id."""
    return load_facts(shipped("facts.yaml"))


def load_facts(path: str | Path) -> dict[str, Fact]:
    """Read a file of facts; raises `EvidenceError` naming file, entry and field."""
    return read_entries(Path(path), Fact, "`F01: {topic: money, ...}`")


def fact(name: str) -> Fact:
    """Look a shipped fact up; raises `EvidenceError` with the nearest id."""
    return look_up("fact", name, facts())


def look_up(what: str, name: str, known: Mapping[str, T]) -> T:
    """Entry by id, however its letters are written; raises `EvidenceError` with the nearest."""
    if name.upper() not in known:
        raise EvidenceError(f"{what} {quoted(name)} is unknown{did_you_mean(name, known)}")
    return known[name.upper()]


def search(found: Iterable[Fact], text: str) -> list[Fact]:
    """Facts that contain every word of `text` in any of their texts."""
    words = text.lower().split()
    return [one for one in found if all(word in _text(one) for word in words)]


def _text(one: Fact) -> str:
    parts = [one.id, one.topic, one.statement, one.use, one.source, one.caveat or ""]
    return " ".join([*parts, *one.definitions, *one.quantities]).lower()
