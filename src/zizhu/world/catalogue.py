"""Which worlds there are, and where the tables of replications lie."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.world.sheets.layout import is_csv_world
from zizhu.world.sheets.reading import read_csv
from zizhu.world.store import load
from zizhu.world.world import World

DEFAULT = "2022"
DATA_VARIABLE = "ZIZHU_DATA"


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue."""

    name: str
    description: str
    kind: str
    location: str


@dataclass(frozen=True)
class InputTable:
    """A published table that a replication reads and that is not ours to ship."""

    name: str
    description: str
    path: str
    where_to_get: str


INPUT_TABLES = {
    "icio": InputTable(
        "icio",
        "sources of the shipped worlds: OECD cubes 2011-2022, tables of 2017 and 2020, WIOD, GDP",
        "icio_cube",
        "OECD Inter-Country Input-Output tables (bilateral sales and tariffs as "
        "icio_cube/icio_cube_YEAR.npz, the official table of 2020 in 11 sectors, the structure of "
        "2017 in 7 regions), WIOD 2013 release (wiod2013/) and World Bank GDP",
    ),
    "cp2015": InputTable(
        "cp2015",
        "Caliendo and Parro (2015): 31 countries x 40 sectors, 1993, with NAFTA tariffs",
        "cp2015",
        "the replication archive of Caliendo and Parro (2015), Review of Economic Studies 82(1), "
        "as long tables trade, value_added, final_consumption, intermediate_consumption, deficit "
        "and theta (.csv.gz)",
    ),
    "campos2023": InputTable(
        "campos2023",
        "Campos and others (2023): trade of 151 countries in 2019, trade costs, expected results",
        "oracles/campos2023",
        "github.com/rolf-campos/geopolitical-fragmentation-and-trade, folders source_data and "
        "results (trade_2019, trade_prod_2018 and tau_hat as .csv.gz)",
    ),
    "fgh2022": InputTable(
        "fgh2022",
        "Felbermayr, Groeschl and Heiland (2022): 44 regions x 50 sectors, 2014, with MFN tariffs",
        "oracles/fgh2022",
        "github.com/ingaheiland/FelbermayrGroeschlHeilandJIE2022: wiod2014_44x50.npz from "
        "simulation/input, counterfactual_tariffs_2014.csv.gz, tables 5 and A2",
    ),
}


def _shipped() -> dict[str, Path]:
    folder = Path(str(files("zizhu.world") / "tables"))
    return {file.stem: file for file in sorted(folder.glob("*.nc"))}


def open_world(name: str | Path | None = None) -> World:
    """Open a world by its catalogue name, or by the path of a world file or of a csv folder.

    The default ships inside. Raises `WorldError` with the nearest name if there is none.
    """
    wanted = str(name or DEFAULT)
    shipped = _shipped()
    if wanted in shipped:
        return _read(shipped[wanted])
    path = Path(os.path.expanduser(wanted))
    if is_csv_world(path):
        return read_csv(path)
    if path.suffix == ".nc" or os.path.exists(path):
        return load(path)
    raise WorldError(
        f"world {quoted(wanted)} is not in the catalogue and no such file exists"
        f"{did_you_mean(wanted, shipped)}"
    )


@lru_cache(maxsize=4)
def _read(path: Path) -> World:
    return load(path)


def catalogue(data: str | Path | None = None) -> list[Entry]:
    """All shipped worlds, then the input tables of replications and whether they are here."""
    entries = []
    for name, path in _shipped().items():
        world = _read(path)
        size = f"{len(world.regions)} regions x {len(world.sectors)} sectors"
        marker = " (default)" if name == DEFAULT else ""
        entries.append(
            Entry(name, f"{size}, {world.year}{marker}", "shipped", "inside the package")
        )
    for table in INPUT_TABLES.values():
        found = _find(table, data)
        location = str(found) if found else f"not here: give --data or set {DATA_VARIABLE}"
        entries.append(Entry(table.name, table.description, "replication input", location))
    return entries


def locate(name: str, data: str | Path | None = None) -> Path:
    """Folder of a replication's input table.

    Looks in `data`, then in the folder named by the environment variable ZIZHU_DATA, then in
    `shared/data` beside a checkout. Raises `WorldError` saying where to get the table.
    """
    table = INPUT_TABLES[name]
    found = _find(table, data)
    if found is None:
        raise WorldError(
            f"the table {name} is not shipped and was not found; give its folder with --data or "
            f"in {DATA_VARIABLE}; it comes from {table.where_to_get}"
        )
    return found


def _find(table: InputTable, data: str | Path | None) -> Path | None:
    if data is not None:
        folders = [Path(os.path.expanduser(data))]
    else:
        folders = []
        if os.environ.get(DATA_VARIABLE):
            folders.append(Path(os.path.expanduser(os.environ[DATA_VARIABLE])))
        checkout = Path(__file__).resolve().parents[3]
        if (checkout / "pyproject.toml").is_file():
            folders.append(checkout.parent / "shared" / "data")
    for folder in folders:
        if os.path.isdir(folder / table.path):
            return folder / table.path
    return None
