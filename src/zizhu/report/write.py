"""Writing an outcome to a folder, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from zizhu.errors import OutputError
from zizhu.laboratory import Outcome
from zizhu.report.html import report_html
from zizhu.report.tables import csv_tables

if TYPE_CHECKING:
    from zizhu.laboratory.scenario_path.run import ScenarioPath

# Tables that only some outcomes have: those of an earlier run must not stay beside a new one.
_SOMETIMES = ("variants", "drivers")


def check_folder(folder: str | Path) -> Path:
    """Check before any work that `folder` can be written, and leave nothing there.

    Raises `OutputError` with the reason if it cannot.
    """
    target = Path(os.path.expanduser(folder))
    try:
        made = _make(target)
        try:
            with tempfile.TemporaryFile(dir=target):
                pass
        finally:
            _remove_empty(made)
    except OSError as error:
        raise _unwritable(target, error) from error
    return target


def write(outcome: Outcome | ScenarioPath, folder: str | Path) -> list[Path]:
    """Write report.html, outcome.nc, tables/*.csv and manifest.json into `folder`.

    A scenario with years has `path.nc` in the place of `outcome.nc`.

    Everything is written beside first and moved into place at the end, so that an interrupt or a
    full disk leaves what was there. Returns the files. Raises `OutputError`.
    """
    if not isinstance(outcome, Outcome):
        from zizhu.report.scenario_path.write import (  # noqa: PLC0415 (slow; it needs this file)
            write_scenario_path,
        )

        return write_scenario_path(outcome, folder)
    return write_whole(folder, partial(_write_all, outcome), sometimes=_SOMETIMES)


def write_whole(
    folder: str | Path, write_all: Callable[[Path], None], *, sometimes: Iterable[str] = ()
) -> list[Path]:
    """Let `write_all` fill a folder beside, then move its files into place under `folder`.

    Tables named in `sometimes` that it did not write are removed: they are of an earlier run.
    Returns the files. Raises `OutputError` with the reason.
    """
    target = Path(os.path.expanduser(folder))
    made: list[Path] = []
    try:
        made = _make(target)
        beside = Path(tempfile.mkdtemp(prefix=".zizhu-", dir=target))
        try:
            write_all(beside)
            return _move(beside, target, sometimes)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        _remove_empty(made)


def _write_all(outcome: Outcome, folder: Path) -> None:
    (folder / "report.html").write_text(report_html(outcome), encoding="utf-8")
    outcome.dataset.to_netcdf(folder / "outcome.nc", engine="h5netcdf")
    (folder / "tables").mkdir()
    for name, table in csv_tables(outcome).items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False, float_format="%.8g")
    manifest = json.dumps(dict(outcome.manifest), indent=2)
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")


def _move(beside: Path, target: Path, sometimes: Iterable[str]) -> list[Path]:
    """Move every file of `beside` to its place under `target`; returns the places."""
    (target / "tables").mkdir(exist_ok=True)
    written = []
    for file in sorted(path for path in beside.rglob("*") if path.is_file()):
        place = target / file.relative_to(beside)
        os.replace(file, place)
        written.append(place)
    for name in sometimes:
        stale = target / "tables" / f"{name}.csv"
        if stale not in written:
            stale.unlink(missing_ok=True)
    return written


def _make(folder: Path) -> list[Path]:
    """Make a folder with its parents; returns those that were not there, innermost first."""
    made: list[Path] = []
    try:
        made = [place for place in (folder, *folder.parents) if not place.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        _remove_empty(made)
        raise
    return made


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of the folders that are empty."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _unwritable(folder: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        reason = "a file is in the way"
    return OutputError(f"output folder {folder} cannot be written: {reason}")
