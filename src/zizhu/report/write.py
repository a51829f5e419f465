"""Writing an outcome to a folder, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from zizhu.beside import beside, put
from zizhu.errors import OutputError
from zizhu.laboratory import Outcome
from zizhu.netcdf import write_netcdf
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
        with beside(target) as place:
            (place / "file").write_bytes(b" ")
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

    Tables named in `sometimes` that it did not write are removed, and files named with their
    ending: they are of an earlier run.
    Returns the files. Raises `OutputError` with the reason.
    """
    target = Path(os.path.expanduser(folder))
    try:
        with beside(target) as place:
            write_all(place)
            files = {
                path: target / path.relative_to(place)
                for path in sorted(place.rglob("*"))
                if path.is_file()
            }
            named = (
                target / name if "." in name else target / "tables" / f"{name}.csv"
                for name in sometimes
            )
            put(files, [file for file in named if file not in files.values()])
            return list(files.values())
    except OSError as error:
        raise _unwritable(target, error) from error


def _write_all(outcome: Outcome, folder: Path) -> None:
    (folder / "report.html").write_text(report_html(outcome), encoding="utf-8")
    write_netcdf(folder / "outcome.nc", outcome.dataset)
    (folder / "tables").mkdir()
    for name, table in csv_tables(outcome).items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False, float_format="%.8g")
    manifest = json.dumps(dict(outcome.manifest), indent=2)
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")


def _unwritable(folder: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        reason = "a file is in the way"
    return OutputError(f"output folder {folder} cannot be written: {reason}")
