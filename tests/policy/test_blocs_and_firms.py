"""Blocs and listed firms come from files; what is wrong in a file is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from zizhu.errors import ScenarioError
from zizhu.policy.blocs import Bloc, blocs, read_blocs
from zizhu.policy.champions import listed_firms, read_listed_firms

BLOC = "title: b\n  members: [CHN]\n  withholds: solar_pv\n  source: assumption\n"
FIRM = "region: CHN\n  sector: C26\n  node: solar_pv/module\n  source: assumption\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "given.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_shipped_blocs_are_apart_and_sourced():
    found = blocs()
    assert set(found) == {"west", "east"}
    assert not set(found["west"].members) & set(found["east"].members)
    assert {one.withholds for one in found.values()} == {"semiconductors", "rare_earths_magnets"}
    assert all("F81" in one.source and "assumption" in one.source for one in found.values())


def test_members_are_regions_or_groups_or_a_group_as_one_region():
    bloc = Bloc(
        name="b", title="b", members=("EU", "JPN", "XYZ"), withholds="solar_pv", source="assumption"
    )
    groups = {"EU": ("DEU", "FRA")}
    assert bloc.regions(("FRA", "JPN", "DEU", "CHN"), groups) == ("DEU", "FRA", "JPN")
    assert bloc.regions(("EU", "CHN"), groups) == ("EU",)
    assert bloc.regions(("CHN",), groups) == ()


def test_shipped_firms_are_sourced():
    (firm,) = listed_firms().values()
    assert (firm.name, firm.region, firm.sector) == ("huawei", "CHN", "C26")
    assert firm.node == "semiconductors/fab_adv"
    assert firm.source.startswith("F54")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 3\n", "fields are right"),
        (f"a:\n  {BLOC}  extra: 1\n", "extra"),
        (f"a:\n  {BLOC.replace('solar_pv', 'solar')}", "'solar' is no chain"),
        (f"a:\n  {BLOC.replace('[CHN]', '[]')}", "members"),
        (f"a:\n  {BLOC}b:\n  {BLOC}", "'CHN' is in bloc a too"),
    ],
)
def test_a_bad_bloc_is_named(tmp_path, text, words):
    with pytest.raises(ScenarioError, match=r"given\.yaml") as caught:
        read_blocs(written(tmp_path, text))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 3\n", "fields are right"),
        (f"A B:\n  {FIRM}", "small letters"),
        (f"a:\n  {FIRM}  extra: 1\n", "extra"),
        (f"a:\n  {FIRM.replace('module', 'modul')}", "'solar_pv/modul' is no node"),
        (f"a:\n  {FIRM.replace('  source: assumption', '')}", "source"),
    ],
)
def test_a_bad_firm_is_named(tmp_path, text, words):
    with pytest.raises(ScenarioError, match=r"given\.yaml") as caught:
        read_listed_firms(written(tmp_path, text))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
