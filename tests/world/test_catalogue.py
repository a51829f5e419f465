"""Worlds by name, and where the tables of replications are looked for."""

from __future__ import annotations

import pytest

from zizhu.errors import WorldError
from zizhu.world import catalogue, locate, open_world, save
from zizhu.world.classification import SECTOR_NAMES, is_good, is_manufacturing, isic_divisions


def test_the_default_world_ships_and_is_read_once(world):
    assert open_world() is world
    assert open_world("2017") is world
    assert (world.year, world.currency) == (2017, "USD")


def test_a_file_is_a_world_as_well(small, tmp_path):
    assert open_world(save(small, tmp_path / "w.nc")).name == "small"
    renamed = tmp_path / "world.dat"
    (tmp_path / "w.nc").rename(renamed)
    assert open_world(str(renamed)).name == "small"


def test_unknown_world():
    with pytest.raises(
        WorldError, match=r"world '2071' is not in the catalogue.*did you mean 2017"
    ):
        open_world("2071")


def test_catalogue_lists_worlds_and_tables(tmp_path):
    entries = {entry.name: entry for entry in catalogue(tmp_path)}
    assert "7 regions x 44 sectors, 2017 (default)" in entries["2017"].description
    assert entries["cp2015"].kind == "replication input"
    assert entries["cp2015"].location.startswith("not here")
    (tmp_path / "cp2015").mkdir()
    assert {e.name: e.location for e in catalogue(tmp_path)}["cp2015"] == str(tmp_path / "cp2015")


def test_locate_looks_in_the_folder_given_then_in_the_environment(tmp_path, monkeypatch):
    (tmp_path / "here" / "cp2015").mkdir(parents=True)
    assert locate("cp2015", tmp_path / "here") == tmp_path / "here" / "cp2015"
    monkeypatch.setenv("ZIZHU_DATA", str(tmp_path / "here"))
    assert locate("cp2015") == tmp_path / "here" / "cp2015"
    with pytest.raises(WorldError, match=r"give its folder with --data or in ZIZHU_DATA"):
        locate("cp2015", tmp_path)


@pytest.mark.parametrize(
    ("code", "divisions"),
    [
        ("A01_02", (1, 2)),
        ("C10T12", (10, 11, 12)),
        ("C26", (26,)),
        ("D", (35,)),
        ("H49", (49,)),
        ("J58T60", (58, 59, 60)),
        ("A", (1, 2, 3)),
        ("food", ()),
        ("Z", ()),
        ("C2", ()),
    ],
)
def test_isic_divisions(code, divisions):
    assert isic_divisions(code) == divisions


def test_every_sector_of_the_shipped_world_has_its_own_divisions(world):
    every = [division for sector in world.sectors for division in world.isic[sector]]
    assert len(every) == len(set(every))
    assert world.isic == {sector: isic_divisions(sector) for sector in world.sectors}
    assert set(world.sectors) == set(SECTOR_NAMES)
    goods = [sector for sector in world.sectors if is_good(world.isic[sector])]
    makers = [sector for sector in world.sectors if is_manufacturing(world.isic[sector])]
    assert len(goods) == 22
    assert [sector for sector in goods if sector not in makers] == [
        "A01_02",
        "A03",
        "B05_06",
        "B07_08",
        "B09",
    ]
    assert not is_good(())
