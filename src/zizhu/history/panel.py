"""The panel: every observed series, from the shipped tables and from what the rooms below hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import pandas as pd

from zizhu.history.reader import Row, join, read_table
from zizhu.history.sector_shares import sector_rows
from zizhu.history.series import DIRECTIONS, Series
from zizhu.history.twins import repeated
from zizhu.history.vintages import vintage_rows


def table_files() -> list[Path]:
    """The shipped tables."""
    return sorted(Path(str(files("zizhu.history") / "tables")).glob("*.csv"))


def _from_tables() -> Iterator[Row]:
    for path in table_files():
        yield from read_table(path)


@lru_cache(maxsize=1)
def _joined() -> tuple[tuple[Series, ...], dict[str, str]]:
    """All series, and those that stand under another name with that name."""
    tables, vintages = list(_from_tables()), list(vintage_rows())
    # A level of one date says nothing new of a chain.
    moving = [one for one in join(vintages) if len(one.years) > 1]
    gone = repeated(join(tables), moving)
    left = {one.key for one in gone}
    stays = {one.key for one in moving} - left
    rows = [row for row in tables if row.key not in left]
    rows += [row for row in vintages if row.key in stays]
    every = join([*rows, *sector_rows()])
    names = {one.key: one.name for one in every}
    return every, {".".join(one.key): names[twin.key] for one, twin in gone.items()}


def observations() -> tuple[Series, ...]:
    """Every series, those of one year in the tables among them: a level, with no move."""
    return _joined()[0]


def left_out() -> dict[str, str]:
    """Series that are left out since another one has their observations, and its name."""
    return dict(_joined()[1])


@lru_cache(maxsize=1)
def panel() -> tuple[Series, ...]:
    """Every series that has two years or more."""
    return tuple(one for one in observations() if len(one.years) > 1)


def series_of(node: str) -> tuple[Series, ...]:
    """Series of the panel of one node, `chain/node` or `sector:C26`; empty where there is none."""
    return tuple(one for one in panel() if one.node == node)


def chosen(
    kind: str | None = None, region: str | None = None, place: str | None = None
) -> tuple[Series, ...]:
    """Series of the panel of a kind, a region and a place; what is None chooses nothing."""
    return tuple(
        one
        for one in panel()
        if kind in (None, one.kind) and region in (None, one.region) and place in (None, one.place)
    )


def counts(series: Iterable[Series], by: str) -> pd.DataFrame:
    """Number of series and where they went, by a field such as `kind` or `region`.

    Columns rises, stands, falls, all; first, last: years.
    """
    rows = [(getattr(one, by), one.direction, one.years[0], one.years[-1]) for one in series]
    table = pd.DataFrame(rows, columns=[by, "went", "from", "to"])
    if table.empty:
        return pd.DataFrame(columns=[*DIRECTIONS, "all", "first", "last"])
    found = pd.crosstab(table[by], table["went"]).reindex(columns=DIRECTIONS, fill_value=0)
    found["all"] = found.sum(axis=1)
    spans = table.groupby(by).agg(first=("from", "min"), last=("to", "max"))
    return found.join(spans).sort_values("all", ascending=False, kind="stable")
