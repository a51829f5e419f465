"""Worlds survive the disk bit for bit; damaged files say what is wrong."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from zizhu.errors import OutputError, WorldError
from zizhu.laboratory import world_hash
from zizhu.world import World, load, save, to_dataset
from zizhu.world.doubt import Doubt, every_class, every_figure

TABLES = ("intermediate", "final", "value_added", "taxes", "tariff")


def _rewritten(world, path, change):
    """A world file with something changed."""
    dataset = change(to_dataset(world).copy(deep=True))
    dataset.to_netcdf(path, engine="h5netcdf")
    return path


@pytest.mark.parametrize("name", ["small", "world"])
def test_round_trip_is_exact(name, request, tmp_path):
    given = request.getfixturevalue(name)
    found = load(save(given, tmp_path / "new" / "w.nc"))
    for table in TABLES:
        np.testing.assert_array_equal(getattr(found, table), getattr(given, table))
    for field in vars(given).keys() - set(TABLES):
        assert getattr(found, field) == getattr(given, field), field
    assert world_hash(found) == world_hash(given)


def test_file_has_an_ordinary_mode_and_nothing_else_is_left(small, tmp_path):
    path = save(small, tmp_path / "w.nc")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    assert [file.name for file in tmp_path.iterdir()] == ["w.nc"]


def test_units_and_definitions_are_in_the_file(small, tmp_path):
    with xr.open_dataset(save(small, tmp_path / "w.nc"), engine="h5netcdf") as dataset:
        for table in TABLES:
            assert dataset[table].attrs["definition"]
        assert dataset["final"].attrs["units"] == "million USD"
        assert dataset["tariff"].attrs["units"] == "1"


def test_interrupted_write_leaves_the_old_file(small, tmp_path, monkeypatch):
    path = save(small, tmp_path / "w.nc")
    before = path.read_bytes()

    write = Path.write_bytes

    def fails(partial, data):
        write(partial, data[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fails)
    with pytest.raises(OutputError, match=r"w\.nc cannot be written: No space left on device"):
        save(small, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["w.nc"]


def test_truncated_file(small, tmp_path):
    path = save(small, tmp_path / "w.nc")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(WorldError, match=r"w\.nc cannot be read as netCDF-4 \(truncated"):
        load(path)


def test_other_kinds_of_file(tmp_path):
    text = tmp_path / "w.nc"
    text.write_text("supplier,user\n")
    with pytest.raises(WorldError, match="cannot be read as netCDF-4"):
        load(text)
    xr.Dataset({"a": 1}).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    with pytest.raises(WorldError, match="zizhu_format is 'missing', 'zizhu-world-1' is expected"):
        load(tmp_path / "other.nc")
    with pytest.raises(WorldError, match="is a folder, not a file"):
        load(tmp_path)
    with pytest.raises(WorldError, match="does not exist"):
        load(tmp_path / "none.nc")


@pytest.mark.parametrize("table", TABLES)
def test_missing_table(small, tmp_path, table):
    path = _rewritten(small, tmp_path / "w.nc", lambda dataset: dataset.drop_vars(table))
    with pytest.raises(WorldError, match=rf"w\.nc: table {table} is missing"):
        load(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.assign(taxes=d.taxes.T), "table taxes has dimensions"),
        (lambda d: d.assign_attrs(zizhu_format="zizhu-world-0"), "'zizhu-world-1' is expected"),
        (lambda d: d.assign_attrs(year="soon"), "attribute year is 'soon'"),
        (lambda d: d.assign_attrs(isic="{"), "attribute isic is '{'"),
        (lambda d: d.assign_attrs(notes="3"), "attribute notes is '3'"),
        (lambda d: d.assign_coords(user=["S", "N"]), "labels of supplier and user differ"),
        (
            lambda d: d.assign_coords(using_sector=["A", "G", "C10T12"]),
            "labels of sector and using_sector differ",
        ),
        (lambda d: d.assign(taxes=d.taxes.astype(str)), "table taxes holds"),
        (lambda d: d.assign(tariff=d.tariff * 100), "looks like percent"),
        (lambda d: d.assign(value_added=d.value_added * 2), "fails by"),
    ],
)
def test_damaged_content(small, tmp_path, change, words):
    path = _rewritten(small, tmp_path / "w.nc", change)
    with pytest.raises(WorldError) as error:
        load(path)
    assert str(error.value).startswith(f"world file {path}: ")
    assert words in str(error.value)


def test_missing_attribute(small, tmp_path):
    def without_licence(dataset):
        del dataset.attrs["licence"]
        return dataset

    path = _rewritten(small, tmp_path / "w.nc", without_licence)
    with pytest.raises(WorldError, match="attribute licence is missing"):
        load(path)


def uses_of(world):
    return np.concatenate([world.intermediate, world.final], axis=3)


@pytest.fixture
def ample(tables):
    """A small world with everything that a file may hold."""
    errors = {one: round(0.1 + 0.01 * n, 2) for n, one in enumerate(every_class())}
    figures = {one: round(0.2 + 0.01 * n, 2) for n, one in enumerate(every_figure())}
    doubt = Doubt(errors, figures, ("S",), "made up")
    return World(**tables(doubt=doubt, groups={"all": ("N", "S"), "stuff": ("A", "C10T12")}))


@pytest.mark.parametrize("compact", [False, True])
def test_groups_and_doubt_survive(ample, tmp_path, compact):
    found = load(save(ample, tmp_path / "w.nc", compact=compact))
    assert found.groups == ample.groups
    assert found.doubt == ample.doubt


@pytest.mark.parametrize("name", ["ample", "world"])
def test_compact_keeps_flows_and_rounds_cells(name, request, tmp_path):
    """Flows as they are; cells within 1 in 256; identities hold; value added takes the rest."""
    given = request.getfixturevalue(name)
    found = load(save(given, tmp_path / "w.nc", compact=True))
    np.testing.assert_allclose(found.flows, given.flows, rtol=1e-14)
    np.testing.assert_array_equal(found.tariff, given.tariff)
    np.testing.assert_array_equal(found.taxes, given.taxes)
    before, after = uses_of(given), uses_of(found)
    assert np.abs(after - before).max() > 0
    np.testing.assert_allclose(after, before, rtol=1 / 256, atol=0)
    np.testing.assert_array_equal(after == 0, before == 0)
    for identity in found.identities():
        assert identity.relative < 1e-12
    moved = np.abs(found.value_added - given.value_added)
    assert (moved <= given.intermediate.sum(axis=(0, 1)) / 256 + 1e-9).all()
    for field in vars(given).keys() - set(TABLES):
        assert getattr(found, field) == getattr(given, field), field


def test_compact_is_smaller(world, tmp_path):
    whole = save(world, tmp_path / "whole.nc").stat().st_size
    assert save(world, tmp_path / "compact.nc", compact=True).stat().st_size < whole / 2


@pytest.mark.parametrize("table", ["flow", "use_share", "value_added", "taxes", "tariff"])
def test_missing_table_of_a_compact_file(small, tmp_path, table):
    path = tmp_path / "w.nc"
    to_dataset(small, compact=True).drop_vars(table).to_netcdf(path, engine="h5netcdf")
    # Without shares it is no compact file: the other layout's first table is missed.
    missed = "intermediate" if table == "use_share" else table
    with pytest.raises(WorldError, match=f"table {missed} is missing"):
        load(path)


def test_uses_of_a_compact_file_begin_with_the_sectors(small, tmp_path):
    dataset = to_dataset(small, compact=True)
    uses = ["government", *dataset.any_use.values[1:]]
    path = tmp_path / "w.nc"
    dataset.assign_coords(any_use=uses).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(WorldError, match="any_use do not begin with the sectors"):
        load(path)


def test_files_without_groups_and_doubt_load(small, tmp_path):
    def as_before(dataset):
        del dataset.attrs["groups"], dataset.attrs["doubt"]
        return dataset

    found = load(_rewritten(small, tmp_path / "w.nc", as_before))
    assert (found.groups, found.doubt) == ({}, None)


@pytest.mark.parametrize("text", ["{", "[]", '{"errors": {}}'])
def test_a_doubt_that_cannot_be_read(small, tmp_path, text):
    path = _rewritten(small, tmp_path / "w.nc", lambda d: d.assign_attrs(doubt=text))
    with pytest.raises(WorldError, match=r"attribute doubt is .* cannot be read"):
        load(path)
