"""Which tables there are, and writing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd

from zizhu.errors import HistoryError, short
from zizhu.history.build.press import press


@dataclass(frozen=True)
class Table:
    """How a table is made, from what, and what may be done with it."""

    make: Callable[[Path], pd.DataFrame]
    source: str
    licence: str


TABLES = {
    "press": Table(
        press,
        "single figures from the facts and kinds of pages named in each row; those of F64 are "
        "single values of the CSET/ETO Supply Chain Explorer",
        "figures quoted with their source; CSET/ETO values CC BY-NC 4.0",
    ),
}


def text_of(name: str, data: str | Path) -> str:
    """A table as its file has it; numbers with two decimals at most.

    Raises `HistoryError` if a source is missing in `data`.
    """
    table = TABLES[name]
    try:
        made = table.make(Path(data))
    except OSError as error:
        place = short(Path(data))
        raise HistoryError(
            f"history table {name}: a source is missing in {place}: {error}"
        ) from error
    made["year"] = made["year"].map(_plain)
    made["percent"] = made["percent"].map(_plain)
    text = made.to_csv(index=False, lineterminator="\n")
    return f"# source: {table.source}\n# licence: {table.licence}\n{text}"


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def build(data: str | Path) -> list[Path]:
    """Make every table from the sources in `data`; returns the files."""
    folder = Path(str(files("zizhu.history") / "tables"))
    made = {name: text_of(name, data) for name in TABLES}
    for name, text in made.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [folder / f"{name}.csv" for name in made]
