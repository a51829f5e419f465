"""Files of YAML: every complaint names file and line, and what would be right."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from zizhu.errors import ZizhuError, short
from zizhu.reading.tree import MOST_CHARACTERS, Complaint, Tree, tree_of


def read_mapping(path: Path, what: str, error: type[ZizhuError], fields: str) -> dict[str, Any]:
    """Read a YAML file that holds one mapping; `fields` names two that it would have.

    Raises `error` with `what`, the path, the line and what would be right.
    """
    raw = read_tree(path, what, error)
    if not isinstance(raw, dict):
        kinds = ((list, "holds a list"), (str, "holds words only"), (object, "is empty"))
        holds = next(words for kind, words in kinds if isinstance(raw, kind))
        raise error(f"{what} {short(path)}: it {holds}; fields such as {fields} are right")
    return raw


def read_tree(path: Path, what: str, error: type[ZizhuError], *, nulls: bool = True) -> Tree:
    """Read a YAML file, whatever it holds; `nulls` as for `tree_of`."""
    try:
        return tree_of(read_text(path, what, error), nulls=nulls)
    except Complaint as found:
        raise error(f"{what} {short(path)}{found.place}: {found}") from found


def commented_rows(text: str) -> list[dict[str, str]]:
    """Rows of a shipped table: csv with a head, below lines of `#` that say its source."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines))


def read_text(path: Path, what: str, error: type[ZizhuError]) -> str:
    """The text of a file that is no larger than any of ours."""
    try:
        if path.exists() and not path.is_file():
            raise error(f"{what} {short(path)} is not a file; a YAML file is right")
        with path.open("rb") as file:
            raw = file.read(MOST_CHARACTERS + 1)
        if len(raw) > MOST_CHARACTERS:
            most = MOST_CHARACTERS // 10**6
            raise error(f"{what} {short(path)} is larger than {most} MB, too large to read")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as found:
        raise error(f"{what} {short(path)}: it is not UTF-8 text") from found
    except (OSError, ValueError) as found:
        raise error(f"{what} {short(path)} cannot be read as text") from found
