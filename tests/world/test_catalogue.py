"""Worlds by name, and where the tables of replications are looked for."""

from __future__ import annotations

import pytest

from zizhu.errors import WorldError
from zizhu.world import catalogue, locate, open_world, save
from zizhu.world.classification import (
    SECTIONS,
    SECTOR_NAMES,
    is_good,
    is_manufacturing,
    isic_divisions,
)


@pytest.mark.parametrize("year", [2017, 2022])
def test_shipped_worlds_are_read_once(year):
    world = open_world(str(year))
    assert open_world(str(year)) is world
    assert (world.name, world.year, world.currency) == (str(year), year, "USD")


def test_the_default_world():
    assert open_world() is open_world("2022")


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
    assert entries["2017"].description == "29 regions x 38 sectors, 2017"
    assert entries["2022"].description == "29 regions x 38 sectors, 2022 (default)"
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
        ("C24A", (24,)),
        ("C24B", (24,)),
        ("C301", (30,)),
        ("C302T309", (30,)),
        ("C31T33", (31, 32, 33)),
        ("D_E", (35, 36, 37, 38, 39)),
        # ISIC Rev. 4 has no division 76.
        ("M_N", (69, 70, 71, 72, 73, 74, 75, 77, 78, 79, 80, 81, 82)),
        ("N_M", ()),
        ("P_Q", (85, 86, 87, 88)),
        ("R_S", (90, 91, 92, 93, 94, 95, 96)),
        ("H", (49, 50, 51, 52, 53)),
        ("J58T60", (58, 59, 60)),
        ("A", (1, 2, 3)),
        ("food", ()),
        ("Z", ()),
        ("C2", ()),
    ],
)
def test_isic_divisions(code, divisions):
    assert isic_divisions(code) == divisions


@pytest.mark.parametrize("year", ["2017", "2022"])
def test_divisions_of_the_shipped_sectors(year):
    """Each division is in one sector, but for the two that are split, and none is left out."""
    world = open_world(year)
    assert world.isic == {sector: isic_divisions(sector) for sector in world.sectors}
    # Sectors that are parts of one division count once.
    halves = {"C24B": "C24A", "C302T309": "C301"}
    assert all(world.isic[one] == world.isic[other] for one, other in halves.items())
    whole = [sector for sector in world.sectors if sector not in halves]
    every = [division for sector in whole for division in world.isic[sector]]
    assert len(every) == len(set(every))
    # Households as employers (97, 98) and international bodies (99) are no sectors here.
    assert set(every) == {d for low, high in SECTIONS.values() for d in range(low, high + 1)} - {
        *(4, 34, 97, 98)
    }
    assert world.sector_names == {sector: SECTOR_NAMES[sector] for sector in world.sectors}
    goods = [sector for sector in world.sectors if is_good(world.isic[sector])]
    makers = [sector for sector in world.sectors if is_manufacturing(world.isic[sector])]
    assert len(goods) == 24
    assert [sector for sector in goods if sector not in makers] == [
        "A01_02",
        "A03",
        "B05_06",
        "B07_08",
        "B09",
    ]
    assert not is_good(())
