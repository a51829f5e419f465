"""Writing an answer about dependence to a folder, whole or not at all."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from zizhu.laboratory import Dependence
from zizhu.report.dependence.html import page_html
from zizhu.report.dependence.tables import csv_tables
from zizhu.report.write import write_whole

# Tables that only some answers have: those of an earlier one must not stay beside a new one.
_SOMETIMES = (
    "by_sector",
    "chokepoints",
    "concentration",
    "exposure",
    "history",
    "inputs",
    "losses",
    "markets",
    "origins",
    "products",
    "sectors",
    "self_sufficiency",
    "suppliers",
    "value_added",
)


def write_dependence(answer: Dependence, folder: str | Path) -> list[Path]:
    """Write report.html and tables/*.csv into `folder`; returns the files.

    Everything is written beside first and moved into place at the end. Raises `OutputError`.
    """
    return write_whole(folder, partial(_write_all, answer), sometimes=_SOMETIMES)


def _write_all(answer: Dependence, folder: Path) -> None:
    (folder / "report.html").write_text(page_html(answer), encoding="utf-8")
    (folder / "tables").mkdir()
    for name, table in csv_tables(answer).items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False, float_format="%.8g")
