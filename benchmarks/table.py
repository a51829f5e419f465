"""How results are shown and stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Row, Skipped

WIDTH = 100


def _number(value: float, unit: str) -> str:
    if unit == "s":
        return f"{value:.2f} s" if value >= 1 else f"{1e3 * value:.1f} ms"
    if unit == "bytes":
        return f"{value / 2**20:.0f} MiB"
    return f"{value:.1f} x" if value < 100 else f"{value:.0f} x"


def show(results: Sequence[Row | Skipped], conditions: Mapping[str, str]) -> None:
    """Print a table of at most 100 columns, notes and what was skipped below it."""
    console = Console(width=WIDTH, highlight=False)
    table = Table(title="zizhu benchmarks", box=None, pad_edge=False, header_style="bold")
    for name in ("what", "case"):
        table.add_column(name)
    for name in ("median", "min", "max", "runs", "iter.", "residual"):
        table.add_column(name, justify="right", no_wrap=True)
    notes: list[str] = []
    for row in results:
        if isinstance(row, Skipped):
            continue
        if row.note:
            notes.append(f"{row.what}, {row.case}: {row.note}")
        table.add_row(
            row.what,
            row.case,
            _number(row.value, row.unit),
            "" if row.low is None else _number(row.low, row.unit),
            "" if row.high is None else _number(row.high, row.unit),
            str(row.runs) if row.runs > 1 else "",
            "" if row.iterations is None else f"{row.iterations:.0f}",
            "" if row.residual is None else f"{row.residual:.0e}",
        )
    console.print(table)
    for note in notes:
        console.print(f"  {note}", markup=False)
    for row in results:
        if isinstance(row, Skipped):
            console.print(f"  skipped: {row.what}, {row.case}: {row.reason}", markup=False)
    for name, text in conditions.items():
        console.print(f"  {name}: {text}", markup=False)


def store(file: Path, results: Sequence[Row | Skipped], conditions: Mapping[str, str]) -> None:
    """Write everything as JSON; times in seconds, memory in bytes."""
    document = {
        "conditions": dict(conditions),
        "results": [asdict(row) for row in results if isinstance(row, Row)],
        "skipped": [asdict(row) for row in results if isinstance(row, Skipped)],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
