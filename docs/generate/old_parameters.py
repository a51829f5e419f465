"""What became of every parameter and constant of the chains that stood still, and what is new.

`old_parameters.csv` beside the pages names each with the value it had, its fate and what has its
place: registered parameters, fields of chain files as `chain:FIELD`, or of the timeline of controls
as `controls:FIELD`. The list is held against the registry, so that it cannot go on saying what is
no longer so; what is new there has its title from the registry.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from generate.fresh import DOCS, write, write_facts
from generate.markdown import table
from zizhu.chains.chain import Chain, Node
from zizhu.chains.controls import Controls
from zizhu.parameters import Parameter, parameters

FILE = DOCS / "old_parameters.csv"
FATES = ("kept", "replaced", "gone", "new")
# In which order the table shows them: what changed comes first.
_ORDER = ("gone", "replaced", "new", "kept")


class Old(NamedTuple):
    """One row; `by` holds names of what has its place."""

    name: str
    was: str
    fate: str
    by: tuple[str, ...]
    why: str


def old_parameters() -> None:
    """The table on the page `parameters.md`."""
    rows = rows_of(FILE.read_text(encoding="utf-8"))
    for complaint in wrong(rows, parameters(), {*Node.model_fields, *Chain.model_fields}):
        raise ValueError(f"{FILE.name}: {complaint}")
    write("old-parameters.md", table_of(rows, parameters()))
    write_facts(
        "old_parameters",
        {f"old_{fate}": str(sum(row.fate == fate for row in rows)) for fate in FATES},
    )


def rows_of(text: str) -> list[Old]:
    """Rows of the file."""
    return [
        Old(row["name"], row["was"], row["fate"], tuple(row["by"].split()), row["why"])
        for row in csv.DictReader(text.splitlines())
    ]


def wrong(rows: Iterable[Old], known: Collection[str], fields: Collection[str]) -> list[str]:
    """What the list says and the registry does not: one sentence each."""
    found, seen = [], set()
    for row in rows:
        if row.name in seen:
            found.append(f"{row.name} appears twice")
        seen.add(row.name)
        if row.fate not in FATES:
            found.append(f"{row.name}: fate {row.fate!r}; {', '.join(FATES)} are right")
        # Constants of the code are in capitals and were never registered.
        elif (row.fate in ("kept", "new")) != (row.name in known):
            found.append(f"{row.name} is {row.fate}, and the registry says otherwise")
        if (row.fate == "replaced") != bool(row.by):
            found.append(f"{row.name} is {row.fate}, which does not go with {' '.join(row.by)!r}")
        if row.fate in ("replaced", "gone") and not row.why:
            found.append(f"{row.name} is {row.fate} without a word why")
        for name in row.by:
            place, _, field = name.partition(":")
            there = {"chain": fields, "controls": Controls.model_fields}
            if field not in there.get(place, ()) if field else name not in known:
                found.append(f"{row.name}: {name} does not exist")
    return found


def table_of(rows: Iterable[Old], known: Mapping[str, Parameter] = MappingProxyType({})) -> str:
    """Everything that changed first, then what was kept.

    known  the registry, for values and titles of what is there
    """
    shown = [
        (
            f"`{row.name}`",
            _value(row, known.get(row.name)),
            row.fate,
            ", ".join(map(_place, row.by)),
            row.why or (known[row.name].title if row.fate == "new" and known else ""),
        )
        for row in sorted(rows, key=lambda row: _ORDER.index(row.fate))
    ]
    return table(("name", "value", "fate", "in its place", "why, or what it is"), shown)


def _value(row: Old, now: Parameter | None) -> str:
    """What it was, and what it is where that differs."""
    if now is None or row.was == str(now.value):
        return row.was
    return f"{row.was}, now {now.value:g}" if row.was else f"{now.value:g}"


def _place(name: str) -> str:
    place, _, field = name.partition(":")
    if not field:
        return f"`{name}`"
    return f"`{field}` of the {'node or chain' if place == 'chain' else 'timeline of controls'}"
