"""Writing a path to a folder, whole or not at all; the same as JSON."""

from __future__ import annotations

import json
import math
from functools import partial
from pathlib import Path
from typing import Any

from zizhu.laboratory.path.outcome import PathOutcome
from zizhu.report.chains.tables import records
from zizhu.report.path import tables, words
from zizhu.report.path.html import page_html
from zizhu.report.write import write_whole

# Tables that only some paths have: those of an earlier one must not stay beside a new one.
_SOMETIMES = ("decomposition", "firms")


def write_path(outcome: PathOutcome, folder: str | Path, focus: str) -> list[Path]:
    """Write report.html, path.nc, tables/*.csv and manifest.json into `folder`; returns the files.

    Everything is written beside first and moved into place at the end. Raises `OutputError`.
    """
    return write_whole(folder, partial(_write, outcome, focus), sometimes=_SOMETIMES)


def _write(outcome: PathOutcome, focus: str, folder: Path) -> None:
    (folder / "report.html").write_text(page_html(outcome, focus), encoding="utf-8")
    outcome.to_netcdf(folder / "path.nc")
    manifest = json.dumps({**finite(dict(outcome.manifest)), "focus": focus}, indent=2)
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    (folder / "tables").mkdir()
    for name, table in tables.csv_tables(outcome, focus).items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False, float_format="%.8g")


def finite(content: Any) -> Any:
    """Plain data with infinite numbers as words: JSON has none."""
    if isinstance(content, dict):
        return {name: finite(one) for name, one in content.items()}
    infinite = isinstance(content, float) and not math.isfinite(content)
    return str(content) if infinite else content


def path_json(outcome: PathOutcome, focus: str) -> dict[str, Any]:
    """Everything on the page, as it is printed by --json."""
    return {
        "title": words.title(outcome, focus),
        "focus": focus,
        "wedges": words.done(outcome),
        "verdict": words.verdict(outcome, focus),
        "warnings": [str(one) for one in outcome.warnings],
        "notes": list(outcome.notes),
        "audit": {
            run: {name: float(missed) for name, missed in one.by_identity.items()}
            for run, one in outcome.audits.items()
        },
        "manifest": finite(dict(outcome.manifest)),
        "tables": records(tables.shown_tables(outcome, focus)),
    }
