"""A table of the user's own: a folder of csv files that a spreadsheet can write.

    world.yaml       name, year, currency, unit, source and what else is known; see `FIELDS`
    flows.csv        supplier, sector, user, use, value: sales, before tariffs
    value_added.csv  region, sector, value; left out: output less inputs and taxes
    taxes.csv        region, sector, value: net taxes on products, duties on inputs included;
                     left out: the duties
    tariffs.csv      supplier, sector, user, rate as a fraction; left out, or no row: no tariff

`use` is a sector code or a final use. Each csv file may be packed as csv.gz.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from zizhu.errors import WorldError
from zizhu.world.foreign_files import way_to_read
from zizhu.world.sheets.settings import SETTINGS_FILE

FLOWS, VALUE_ADDED, TAXES, TARIFFS = "flows", "value_added", "taxes", "tariffs"
COLUMNS: dict[str, tuple[str, ...]] = {
    FLOWS: ("supplier", "sector", "user", "use", "value"),
    VALUE_ADDED: ("region", "sector", "value"),
    TAXES: ("region", "sector", "value"),
    TARIFFS: ("supplier", "sector", "user", "rate"),
}


def is_csv_world(path: str | Path) -> bool:
    """Whether a path is a folder, or the `world.yaml` of one, and not a world file."""
    return os.path.isdir(path) or Path(path).name == SETTINGS_FILE


def files_of(folder: Path) -> dict[str, Path]:
    """The csv files of a folder by what they hold; a misspelt name is refused."""
    if folder.is_file():
        raise WorldError(f"{folder} is a file, and a folder is asked for{way_to_read(folder)}")
    if not folder.is_dir():
        raise WorldError(f"folder {folder} does not exist")
    if not (folder / SETTINGS_FILE).is_file():
        raise WorldError(
            f"folder {folder}: {SETTINGS_FILE} is missing; a table of one's own is a folder with "
            f"{SETTINGS_FILE} and {FLOWS}.csv (see `zizhu world import --help` for an example)"
        )
    found = {}
    for stem in COLUMNS:
        here = [folder / f"{stem}{end}" for end in (".csv", ".csv.gz")]
        here = [path for path in here if path.is_file()]
        if len(here) > 1:
            raise WorldError(f"{here[0]} and {here[1].name} are both there; keep one of them")
        if here:
            found[stem] = here[0]
    for path in sorted(folder.glob("*.csv*")):
        stem = path.name.split(".")[0]
        near = difflib.get_close_matches(stem.lower(), list(COLUMNS), n=1, cutoff=0.7)
        if near and near[0] not in found:
            raise WorldError(f"{path}: a file of this name is not read; {near[0]}.csv is right")
    if FLOWS not in found:
        raise WorldError(f"folder {folder}: {FLOWS}.csv is missing")
    return found
