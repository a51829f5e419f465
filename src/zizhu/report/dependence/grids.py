"""Tables of an answer about dependence as the terminal shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from zizhu.laboratory import Dependence
from zizhu.laboratory.dependence import Table
from zizhu.report.dependence import words
from zizhu.report.dependence.absent import absent

NAME_WIDTH = 33
Cells = Callable[[Table, int], list[str]]


def grid_of(title: str, first: list[str], others: list[str]) -> Grid:
    """An empty grid: columns of names, then columns of numbers."""
    grid = Grid(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 2 if len(first) + len(others) < 7 else 1, 0, 0),
    )
    for column in first:
        grid.add_column(column, max_width=NAME_WIDTH)  # a longer name takes a second line
    for column in others:
        grid.add_column(column, justify="right", no_wrap=True)
    return grid


def listing(
    answer: Dependence, grid: Grid, name: str, count: int, cells: Cells, *, note: str = ""
) -> RenderableType:
    """The first rows of a table under its title, and a note; a sentence where nothing is there."""
    reason = absent(answer, name)
    if reason:
        return Group(Text(str(grid.title), style="bold"), Text(reason))
    table = answer.tables[name]
    for row in range(min(count, len(table.frame))):
        grid.add_row(*cells(table, row))
    return Group(grid, Text(note, style="dim")) if note else grid


def columns(table: Table, row: int, names: Iterable[str], digits: int = 1) -> list[str]:
    """Numbers of one row."""
    return [words.cell(table, row, name, digits) for name in names]


def leader(table: Table, row: int) -> str:
    """The largest country with its share; a dash where there is none."""
    return f"{table.frame.leader[row]} {words.cell(table, row, 'leader_share')}".strip()


def billions(table: Table, row: int, column: str) -> str:
    """Millions as billions."""
    value = float(table.frame[column].iloc[row]) / 1e3
    return words.number(value, marked=table.marked(row, column))
