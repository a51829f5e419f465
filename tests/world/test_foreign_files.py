"""Files of others given where a table is asked for: what it is, and the way to read it."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

PARSED = "read it with pymrio and zizhu.World.from_pymrio"


def files(place: Path) -> dict[str, tuple[Path, str]]:
    """Files by kind, and what is said of each."""
    found: dict[str, tuple[Path, str]] = {}

    def add(name: str, content: bytes, words: str) -> None:
        path = place / name
        path.write_bytes(content)
        found[name] = path, words

    oecd = "V1,AUS_A01_02,AUS_A03\nAUS_A01_02,1,2\n"
    add(
        "2019_SML.csv", oecd.encode(), f"OECD's published table (a row for each producer): {PARSED}"
    )
    add(
        "wide.csv",
        (",".join("abcdefghijklmnopqrstuvwxyz") + "\n").encode(),
        "a table with a column for each",
    )
    add("flows.csv", b"supplier,sector,user,use,value\n", "one csv file: a table is a folder with")
    add("table.csv.gz", gzip.compress(b"a,b\n"), "one csv file: a table is a folder with")
    add("WIOT2014.xlsb", b"PK\x03\x04xl", "a workbook: save its sheets as `CSV UTF-8`")
    add("old.bin", b"\xd0\xcf\x11\xe0" + bytes(20), "a workbook")
    add("WIOT2014.RData", b"RDX2", f"a file of R: {PARSED}")
    add("table.npz", b"PK\x03\x04", f"a file of NumPy: {PARSED}")
    add("other.nc", b"\x89HDF\r\n\x1a\n", "a netCDF or HDF5 file of another program, or a damaged")
    add("empty.dat", b"", "text: a folder of csv files or a world file")
    add("binary.dat", bytes(10), "binary: a folder of csv files or a world file")
    add(
        "settings.yaml",
        b"year: 2020\n",
        "a YAML file: the settings of a table are called world.yaml",
    )
    with zipfile.ZipFile(place / "icio.zip", "w") as packed:
        packed.writestr("2019.csv", oecd)
    found["icio.zip"] = place / "icio.zip", "a zip archive: unpack it"
    return found


def test_each_is_told_apart_in_one_sentence(zz, tmp_path: Path) -> None:
    for name, (path, words) in files(tmp_path).items():
        for command in (("check", str(path)), ("import", str(path), "--out", "x.nc")):
            answer = zz("world", *command)
            assert answer.code == 2, name
            assert f"; it seems to be {words}" in answer.complaint, answer.complaint
            assert "Traceback" not in answer.err


def test_a_file_of_a_table_names_its_folder(zz, tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text("year: 2020\ncurrency: EUR\n", encoding="utf-8")
    flows = tmp_path / "flows.csv"
    flows.write_text("supplier,sector,user,use,value\n", encoding="utf-8")
    answer = zz("world", "check", str(flows))
    assert f"part of a table: give its folder, {tmp_path}" in answer.complaint


@pytest.mark.parametrize("command", ["import", "export"])
def test_help_that_promises_an_example_has_one(zz, command: str) -> None:
    answer = zz("world", command, "--help")
    assert answer.code == 0
    example = {"import": "zizhu world import islands --out", "export": "zizhu world export 2022 "}
    assert example[command] in " ".join(answer.out.split())
    assert max(map(len, answer.out.splitlines())) <= 80
