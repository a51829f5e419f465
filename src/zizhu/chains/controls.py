"""Export controls and their like: what binds whom at which node, and when."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from zizhu.chains.checks import check_citation
from zizhu.chains.parts import Confidence, Source
from zizhu.chains.regions import COUNTRIES
from zizhu.errors import ChainError, did_you_mean, quoted, short
from zizhu.reading import Day, read_mapping, sentence

# Groups of countries that act together, beside single countries.
GROUPS = ("AUSTRALIA_GROUP", "EU27", "WASSENAAR")
WORLD = "WORLD"
# The instrument of an entry that only suspends others, whose own periods end there.
PAUSE = "suspension"
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def first_day(text: str) -> dt.date:
    """First day of a date that may name a year, a month or a day.

    Raises `ChainError` that shows what was found.
    """
    match = _DATE.fullmatch(text)
    try:
        if match:
            return dt.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        pass
    raise ChainError(f"{quoted(text)} is not a date; write 2024, 2024-12 or 2024-12-02")


def last_day(text: str) -> dt.date:
    """Last day of a date that may name a year, a month or a day."""
    first = first_day(text)
    parts = text.count("-")
    if parts == 2:
        return first
    month = first.month if parts == 1 else 12
    return dt.date(first.year, month, calendar.monthrange(first.year, month)[1])


def _date_text(given: object) -> object:
    """Text that names a year, a month or a day."""
    if isinstance(given, str):
        try:
            first_day(given)
        except ChainError as error:
            raise ValueError(str(error)) from error
    return given


Date = Annotated[str, BeforeValidator(_date_text)]
Names = Annotated[tuple[str, ...], Field(min_length=1)]
Aim = Literal["on_china", "by_china", "within_china", "other"]


class Period(BaseModel):
    """When a control binds; `until` is empty while no end is known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    start: Date = Field(alias="from")
    until: Date | None = None


class Bar(BaseModel):
    """Sales that a control bars, and how much of them.

    size      registered parameter, a part from 0 to 1
    nodes     `chain:node`, or a group of the file
    sellers   who sells less; left out: who makes the control. A rule on foreign products made with
              home technology binds sellers of other countries
    whole     it bars that part of all sales, and not only of those above the threshold that the
              controls name
    replaces  controls whose bars on the same nodes it stands for while it is in force
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: str
    nodes: Names
    sellers: tuple[str, ...] = ()
    whole: bool = False
    replaces: tuple[str, ...] = ()


class Control(BaseModel):
    """One measure that keeps a supplier from a buyer, or marks a node as sensitive.

    `bars` says which sales it takes and by how much; `unsized` why it has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    announced: Date
    periods: tuple[Period, ...]
    issuer: str
    by: Names
    on: Names
    aim: Aim
    instrument: str
    measure: str
    state: Literal[
        "in force",
        "suspended",
        "lifted",
        "replaced",
        "never in force",
        "scheduled",
        "proposed",
        "changed",
    ]
    note: str = ""
    source: str
    confidence: Confidence
    targets: tuple[str, ...]
    bars: tuple[Bar, ...] = ()
    unsized: str = ""

    def binds(self, at: str) -> bool:
        """Whether it is in force on the last day of `at` (a year, a month or a day)."""
        day = last_day(at)
        return any(
            first_day(period.start) <= day
            and (period.until is None or day < first_day(period.until))
            for period in self.periods
        )


class Controls(BaseModel):
    """The timeline of controls with its sources.

    in_force  aims of the controls that a path has in force by itself, on their days; those of other
              aims are on the timeline only, and a scenario has them as its own measures
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: Day
    in_force: tuple[Aim, ...] = ()
    sources: dict[str, Source]
    groups: dict[str, Names] = {}
    controls: dict[str, Control]

    def barred_nodes(self, bar: Bar) -> tuple[str, ...]:
        """Nodes of a bar as `chain:node`, groups written out."""
        return tuple(node for name in bar.nodes for node in self.groups.get(name, (name,)))

    def of_paths(self) -> dict[str, Control]:
        """Controls that a path has in force by itself."""
        return {name: one for name, one in self.controls.items() if one.aim in self.in_force}

    def sizes(self) -> tuple[str, ...]:
        """Registered parameters that say how much bars take."""
        return tuple(sorted({bar.size for one in self.controls.values() for bar in one.bars}))

    def at(self, chain: str, node: str, date: str | None = None) -> dict[str, Control]:
        """Controls that name a node; only those in force on the last day of `date`, if given.

        A pause of other controls keeps nobody out and is no control in force.
        """
        return {
            name: control
            for name, control in self.controls.items()
            if f"{chain}:{node}" in control.targets
            and (date is None or (control.binds(date) and control.instrument != PAUSE))
        }


def load_controls(path: str | Path, nodes: Collection[str] | None = None) -> Controls:
    """Read a controls file; `nodes` are the targets that exist, as `chain:node`.

    Raises `ChainError` naming file, control, field and what would be right.
    """
    file = Path(path)
    place = f"controls file {file.name}"
    raw = read_mapping(file, "controls file", ChainError, "`as_of:` and `controls:`")
    try:
        found = Controls.model_validate(raw)
        for name, control in found.controls.items():
            _check(name, control, found, nodes)
    except ValidationError as error:
        raise ChainError(f"{place}, {sentence(error, Controls)}") from error
    except ChainError as error:
        raise ChainError(f"{place}, {error}") from error
    return found


def _check(name: str, control: Control, every: Controls, nodes: Collection[str] | None) -> None:
    known = COUNTRIES | set(GROUPS)
    for field, codes in (("by", control.by), ("on", control.on)):
        for code in codes:
            if code not in known and not (field == "on" and code == WORLD):
                raise ChainError(
                    f"control {short(name)}, field {field}: {quoted(code)} is unknown; ISO codes, "
                    f"{', '.join(GROUPS)} and (under on) {WORLD} are right"
                )
    check_citation(f"control {short(name)}", control.source, control.confidence, every.sources)
    if control.state == "never in force" and control.periods:
        raise ChainError(
            f"control {short(name)}: it was never in force but has periods; [] is right"
        )
    if not control.targets:
        raise ChainError(f"control {short(name)}: it has no targets; write them as chain:node")
    if control.bars and control.unsized:
        raise ChainError(f"control {short(name)}, unsized: it has bars; one of the two is right")
    _check_bars(name, control, every, nodes)
    for period in control.periods:
        if period.until is not None and first_day(period.until) < first_day(period.start):
            raise ChainError(
                f"control {short(name)}: it ends {period.until}, before it begins {period.start}"
            )
    for target in control.targets:
        if nodes is not None and target not in nodes:
            raise ChainError(
                f"control {short(name)}: target {short(target)} is not a node"
                f"{did_you_mean(target, nodes)}"
            )


def _check_bars(
    name: str, control: Control, every: Controls, nodes: Collection[str] | None
) -> None:
    for bar in control.bars:
        place = f"control {short(name)}, field bars"
        for seller in bar.sellers:
            if seller not in COUNTRIES | set(GROUPS):
                raise ChainError(
                    f"{place}: seller {quoted(seller)} is unknown; ISO codes and "
                    f"{', '.join(GROUPS)} are right"
                )
        for other in bar.replaces:
            if other not in every.controls:
                raise ChainError(
                    f"{place}: control {quoted(other)} is unknown"
                    f"{did_you_mean(other, every.controls)}"
                )
        for node in every.barred_nodes(bar):
            if nodes is not None and node not in nodes:
                raise ChainError(
                    f"{place}: {short(node)} is neither a node nor a group"
                    f"{did_you_mean(node, [*nodes, *every.groups])}"
                )


@lru_cache(maxsize=1)
def controls() -> Controls:
    """The shipped timeline."""
    return load_controls(Path(str(files("zizhu.chains") / "controls.yaml")))
