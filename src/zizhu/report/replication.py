"""A replication as a table."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zizhu.replications import Replication


def _text(value: float, digits: int) -> str:
    if value != 0 and abs(value) < 1e-4:
        return f"{value:.1e}"
    return f"{value:.{digits}f}"


def replication_table(found: Replication) -> RenderableType:
    """Published against computed with differences, and what is reported beside."""
    table = Table(title=found.title, title_justify="left", box=None, pad_edge=False)
    table.add_column("quantity", overflow="fold")
    for column in ("published", "computed", "difference", ""):
        table.add_column(column, justify="right")
    for row in found.rows:
        table.add_row(
            row.quantity,
            _text(row.published, row.digits),
            _text(row.computed, max(row.digits, 4)),
            _text(row.difference, 4),
            Text("agrees", style="green") if row.agrees else Text("differs", style="red"),
        )
    beside = Table(title="\nBeside it", title_justify="left", box=None, pad_edge=False)
    beside.add_column("quantity", overflow="fold")
    beside.add_column("value", justify="right")
    for name, value in found.beside.items():
        beside.add_row(name, _text(value, 4))
    agreeing = sum(row.agrees for row in found.rows)
    notes = [Text(f"- {remark}", style="dim") for remark in found.remarks]
    return Group(
        table,
        beside,
        Text(),
        *notes,
        Text(f"{agreeing} of {len(found.rows)} agree; source: {found.source}", style="bold"),
    )
