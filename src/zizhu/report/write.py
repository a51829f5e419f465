"""Writing an outcome to a folder, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from zizhu.errors import OutputError
from zizhu.laboratory import Outcome
from zizhu.report.html import report_html
from zizhu.report.tables import csv_tables


def prepare_folder(folder: str | Path) -> Path:
    """Check before any work that `folder` can be written; raises `OutputError` if not."""
    target = Path(folder).expanduser()
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=target):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"output folder {target} cannot be written: {reason}") from error
    return target


def write(outcome: Outcome, folder: str | Path) -> list[Path]:
    """Write report.html, outcome.nc, tables/*.csv and manifest.json into `folder`.

    Everything is written beside first and moved into place at the end, so that an interrupt or a
    full disk leaves what was there. Returns the files. Raises `OutputError`.
    """
    target = prepare_folder(folder)
    partial = Path(tempfile.mkdtemp(prefix=".zizhu-", dir=target))
    try:
        (partial / "report.html").write_text(report_html(outcome), encoding="utf-8")
        outcome.dataset.to_netcdf(partial / "outcome.nc", engine="h5netcdf")
        (partial / "tables").mkdir()
        for name, table in csv_tables(outcome).items():
            table.to_csv(partial / "tables" / f"{name}.csv", index=False, float_format="%.8g")
        (partial / "manifest.json").write_text(
            json.dumps(dict(outcome.manifest), indent=2), encoding="utf-8"
        )
        (target / "tables").mkdir(exist_ok=True)
        written = []
        for file in sorted(path for path in partial.rglob("*") if path.is_file()):
            place = target / file.relative_to(partial)
            os.replace(file, place)
            written.append(place)
    except OSError as error:
        raise OutputError(
            f"output folder {target} cannot be written: {error.strerror or error}"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return written
