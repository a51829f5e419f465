"""Tables in the formats of others: what a file seems to be, and the way to read it."""

from __future__ import annotations

import re
from pathlib import Path

_PARSED = "read it with pymrio and zizhu.World.from_pymrio, or write it as a folder of csv files"
# What the first bytes of a file, or its name, say it is.
_PACKED = ((b"PK\x03\x04", "zip"), (b"7z\xbc\xaf", "7z"), (b"Rar!", "rar"), (b"\x1f\x8b", "gzip"))
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_OF_PROGRAMS = {
    ".rdata": "a file of R",
    ".rda": "a file of R",
    ".rds": "a file of R",
    ".mat": "a file of Matlab",
    ".dta": "a file of Stata",
    ".npz": "a file of NumPy",
    ".npy": "a file of NumPy",
    ".parquet": "a Parquet file",
    ".feather": "a Feather file",
    ".pkl": "a pickle",
    ".gdx": "a file of GAMS",
    ".har": "a file of GEMPACK",
}
# OECD's tables name their rows and columns AUS_A01_02, TLS_..., VA, OUT; others REGION_SECTOR.
_OECD = re.compile(r"[A-Z]{3}_[A-Z]\d\d|[A-Z]{3}_HFCE")


def way_to_read(path: Path) -> str:
    """Where a file is no world file: `; it seems to be ...`, and what to do with it.

    Reads no more than the first 4 kB.
    """
    return f"; it seems to be {_seems(path)}"


def _seems(path: Path) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError:
        return "unreadable"
    end = path.suffix.lower()
    if end in _WORKBOOKS or start.startswith(_OLD_WORKBOOK):
        return (
            "a workbook: save its sheets as `CSV UTF-8` in the layout that `zizhu world import "
            "--help` shows, and give the folder"
        )
    if end in _OF_PROGRAMS:
        return f"{_OF_PROGRAMS[end]}: {_PARSED}"
    if start.startswith(b"\x89HDF") or start.startswith(b"CDF"):
        return "a netCDF or HDF5 file of another program, or a damaged one"
    for mark, name in _PACKED:
        if start.startswith(mark) and not path.name.endswith(".csv.gz"):
            return f"a {name} archive: unpack it, and give the folder or file inside"
    if path.name.endswith(".csv.gz"):
        return _of_csv(path, "")
    text = start.decode("utf-8", errors="replace")
    if "\x00" in text:
        return "binary: a folder of csv files or a world file (.nc) is right"
    if end in (".csv", ".tsv", ".txt"):
        return _of_csv(path, text)
    if end in (".yaml", ".yml"):
        return f"a YAML file: the settings of a table are called world.yaml, beside {_FLOWS}"
    return "text: a folder of csv files or a world file (.nc) is right"


_FLOWS = "flows.csv"


def _of_csv(path: Path, text: str) -> str:
    header = text.partition("\n")[0]
    if (path.parent / "world.yaml").is_file():
        return f"part of a table: give its folder, {path.parent}"
    if _OECD.search(text):
        return f"OECD's published table (a row for each producer): {_PARSED}"
    if header.count(",") > 20 or header.count(";") > 20 or header.count("\t") > 20:
        return f"a table with a column for each user: {_PARSED}"
    return (
        f"one csv file: a table is a folder with world.yaml and {_FLOWS}, see `zizhu world import "
        "--help`"
    )
