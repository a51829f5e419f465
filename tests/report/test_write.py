"""Outcomes reach the disk whole or not at all."""

from __future__ import annotations

import json
import os
import stat

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from zizhu.errors import OutputError
from zizhu.report import check_folder, write

FILES = {
    "report.html",
    "outcome.nc",
    "manifest.json",
    *(f"tables/{name}.csv" for name in ("regions", "sectors", "flows", "definitions")),
}
MORE = {"tables/variants.csv", "tables/drivers.csv"}


def content(folder):
    """Every file below a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_files(quick, tmp_path):
    outcome = quick("decoupling")
    folder = tmp_path / "deep" / "out"
    written = write(outcome, folder)
    assert set(content(folder)) == FILES
    assert {str(path.relative_to(folder)) for path in written} == FILES
    mask = os.umask(0)
    os.umask(mask)
    for path in written:
        assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    with xr.open_dataset(folder / "outcome.nc", engine="h5netcdf") as found:
        assert found.attrs["scenario"] == "decoupling"
        np.testing.assert_array_equal(found.real_income.values, outcome.real_income.values)
        assert found.real_income.attrs["units"] == "percent"
        assert json.loads(found.attrs["manifest"]) == outcome.manifest
    assert json.loads((folder / "manifest.json").read_text()) == outcome.manifest
    regions = pd.read_csv(folder / "tables" / "regions.csv", index_col="code")
    assert regions.real_income["CHN"] == pytest.approx(
        float(outcome.real_income.sel(region="CHN")), rel=1e-7
    )


def test_a_quick_run_leaves_no_tables_of_the_full_one(war, quick, tmp_path):
    write(war, tmp_path)
    (tmp_path / "tables" / "mine.csv").write_text("mine\n")
    assert set(content(tmp_path)) == {*FILES, *MORE, "tables/mine.csv"}
    write(quick("decoupling"), tmp_path)
    assert set(content(tmp_path)) == {*FILES, "tables/mine.csv"}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_in_the_middle_leaves_what_was_there(quick, tmp_path, monkeypatch, error):
    outcome = quick("decoupling")
    old, new = tmp_path / "old", tmp_path / "new" / "deeper"
    write(quick("baseline"), old)
    before = content(old)
    to_csv = pd.DataFrame.to_csv

    def fails(table, path, **options):
        if path.name == "flows.csv":
            path.write_text("half")
            raise error
        return to_csv(table, path, **options)

    monkeypatch.setattr(pd.DataFrame, "to_csv", fails)
    expected = OutputError if isinstance(error, OSError) else KeyboardInterrupt
    for folder in (old, new):
        with pytest.raises(expected) as raised:
            write(outcome, folder)
        if expected is OutputError:
            assert str(raised.value).endswith("cannot be written: No space left on device")
    assert content(old) == before
    assert {path.name for path in old.iterdir()} == {path.split("/")[0] for path in before}
    assert not (tmp_path / "new").exists()


def test_check_folder_leaves_nothing(tmp_path):
    assert check_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "there").mkdir()
    check_folder(tmp_path / "there" / "new")
    assert list((tmp_path / "there").iterdir()) == []


@pytest.mark.parametrize("below", ["", "new", "new/deeper"])
def test_a_file_in_the_way(tmp_path, below, quick):
    (tmp_path / "file").write_text("mine")
    for use in (check_folder, lambda folder: write(quick("baseline"), folder)):
        with pytest.raises(OutputError, match="cannot be written: a file is in the way"):
            use(tmp_path / "file" / below)
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises(OutputError, match="File name too long"):
        check_folder(tmp_path / "new" / ("x" * 300))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
