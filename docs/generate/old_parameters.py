"""What became of every parameter and constant of the chains that stood still.

`old_parameters.csv` beside the pages names each with the value it had, its fate and what has its
place: registered parameters, or fields of chain files as `chain:FIELD`. The list is held against
the registry, so that it cannot go on saying what is no longer so.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from typing import NamedTuple

from generate.fresh import DOCS, write, write_facts
from generate.markdown import table
from zizhu.chains.chain import Chain, Node
from zizhu.parameters import parameters

FILE = DOCS / "old_parameters.csv"
FATES = ("kept", "replaced", "gone")


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
    write("old-parameters.md", table_of(rows))
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
        elif (row.fate == "kept") != (row.name in known):
            found.append(f"{row.name} is {row.fate}, and the registry says otherwise")
        if (row.fate == "replaced") != bool(row.by):
            found.append(f"{row.name} is {row.fate}, which does not go with {' '.join(row.by)!r}")
        if row.fate != "kept" and not row.why:
            found.append(f"{row.name} is {row.fate} without a word why")
        for name in row.by:
            place, _, field = name.partition(":")
            if (place == "chain" and field not in fields) or (not field and name not in known):
                found.append(f"{row.name}: {name} does not exist")
    return found


def table_of(rows: Iterable[Old]) -> str:
    """Everything that changed first, then what was kept."""
    shown = [
        (
            f"`{row.name}`",
            row.was,
            row.fate,
            ", ".join(
                f"`{name.partition(':')[2]}` of the node or chain"
                if name.startswith("chain:")
                else f"`{name}`"
                for name in row.by
            ),
            row.why,
        )
        for row in sorted(rows, key=lambda row: -FATES.index(row.fate))
    ]
    return table(("was", "value", "fate", "in its place", "why"), shown)
