"""`zizhu world`: a table of one's own in, checked, summed, updated and out again."""

from __future__ import annotations

import csv
import io
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import zizhu.cli
from zizhu.world import load, open_world, read_csv, save, write_csv


@pytest.fixture
def mine(small, tmp_path) -> Path:
    """The small world as a folder of csv files in the working folder."""
    return write_csv(small, tmp_path / "mine")


@pytest.fixture
def refused(zz, tmp_path):
    """Run a command that must be refused and leave nothing; returns its sentence."""

    def command(*arguments: object) -> str:
        before = sorted(tmp_path.rglob("*"))
        sentence = zz("world", *arguments).complaint
        assert sorted(tmp_path.rglob("*")) == before, "something was written"
        return sentence

    return command


def fits(text: str) -> str:
    assert max(len(line) for line in text.splitlines()) <= 80, text
    return " ".join(text.split())


def test_list_and_show(zz, mine):
    listing = zz("world", "list", columns=100).out
    for name in ("2017", "2022", "(default)"):
        assert name in listing
    page = fits(zz("world", "show", "mine").out)
    assert "GDP, million USD" in page
    assert "North" in page
    assert "made up" in page
    assert "check" in zz("world").out


@pytest.mark.parametrize("kind", ["folder", "file", "name"])
def test_check(zz, small, mine, tmp_path, kind):
    table = {"folder": "mine", "file": "w.nc", "name": "2017"}[kind]
    save(small, tmp_path / "w.nc")
    answer = zz("world", "check", table)
    assert answer.code == 0, answer.err
    page = fits(answer.out)
    assert f"{table}: every identity holds" in page
    assert "output by use equals output by cost" in page
    assert ("bn USD" if kind == "name" else "million USD") in page
    if kind != "name":
        assert f"value added (GDP) {small.gdp.sum():.0f} million USD" in page
        assert "2 regions x 3 sectors" in page


def test_check_of_a_table_that_does_not_add_up(refused, mine):
    path = mine / "value_added.csv"
    rows = list(csv.reader(io.StringIO(path.read_text())))
    rows[2][2] = str(1.1 * float(rows[2][2]))
    path.write_text("\n".join(",".join(row) for row in rows))
    sentence = refused("check", "mine")
    for word in ("value_added.csv", "N C10T12", "off by", "percent of output"):
        assert word in sentence


def test_export_and_import(zz, small, tmp_path):
    save(small, tmp_path / "w.nc")
    answer = zz("world", "export", "w.nc", "out", columns=200)
    assert answer.code == 0, answer.err
    assert "written: out with flows.csv, tariffs.csv, taxes.csv, value_added.csv" in answer.out
    assert "in million USD" in answer.out
    answer = zz("world", "import", "out", "--out", "again.nc")
    assert answer.code == 0, answer.err
    assert "written: again.nc" in fits(answer.out)
    np.testing.assert_array_equal(load("again.nc").intermediate, small.intermediate)
    assert zz("world", "export", "w.nc", "packed", "--gzip").code == 0
    assert (tmp_path / "packed" / "flows.csv.gz").is_file()
    np.testing.assert_array_equal(read_csv("packed").final, small.final)


def test_a_folder_runs(zz, mine, scenario_file):
    text = (
        "title: t\nfocus: N\noptions: {elasticities: uniform, scale: none}\nmeasures:\n"
        "- {lever: tariff, label: a, importers: N, exporters: S, sectors: A, rate: 0 %}\n"
    )
    answer = zz("run", scenario_file(text), "--quick", "--world", "mine")
    assert answer.code == 0, answer.err
    assert "North" in answer.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--merge", "MADE=A,C10T12"],
        ["--sectors", "map.csv"],
        ["--sectors", "map.yaml"],
    ],
)
def test_aggregate(zz, small, mine, tmp_path, arguments):
    (tmp_path / "map.csv").write_text("old,new\nA,MADE\nC10T12,MADE\nG,G\n")
    (tmp_path / "map.yaml").write_text("MADE: [A, C10T12]\nG: G\n")
    answer = zz("world", "aggregate", "mine", *arguments, "--out", "w.nc")
    assert answer.code == 0, answer.err
    assert "aggregated to 2 regions and 2 sectors" in fits(answer.out)
    found = load("w.nc")
    assert (found.name, found.sectors, found.regions) == ("w", ("MADE", "G"), ("N", "S"))
    expected = small.aggregate(sectors={"MADE": ["A", "C10T12"], "G": ["G"]})
    np.testing.assert_array_equal(found.intermediate, expected.intermediate)


def test_merge_of_regions_sectors_and_groups_of_the_world(zz, tmp_path):
    """What is not named stays; a group that the world has a name for stands for its members."""
    merges = ["--merge", "WEST=USA,EU,JPN", "--merge", "MINES=B05_06,B07_08,B09"]
    answer = zz("world", "aggregate", "2022", *merges, "--out", "w.nc")
    assert answer.code == 0, answer.err
    before, found = open_world("2022"), load("w.nc")
    west = {"USA", "JPN", *before.groups["EU"]}
    assert set(found.regions) == {"WEST", *before.regions} - west
    assert len(found.sectors) == len(before.sectors) - 2
    assert found.sectors.index("MINES") == before.sectors.index("B05_06")
    inside = [before.regions.index(region) for region in west]
    assert found.gdp[found.regions.index("WEST")] == pytest.approx(before.gdp[inside].sum())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "mone"], ["world 'mone'", "no such file"]),
        (["import", "mone", "--out", "w.nc"], ["folder mone does not exist"]),
        (["import", "mine"], ["--out"]),
        (["import", "mine", "--out", "w.csv"], ["--out w.csv", "ends in .nc", "w.nc"]),
        (["import", "mine", "--out", "d.nc"], ["--out d.nc", "it is a folder"]),
        (["export", "mine", "mine"], ["folder mine", "not empty", "name a new one"]),
        (["aggregate", "mine", "--out", "w.nc"], ["--regions, --sectors or --merge"]),
        (["aggregate", "mine", "--out", "w.nc", "--merge", "X"], ["'X'", "NEW=OLD,OLD"]),
        (["aggregate", "mine", "--out", "w.nc", "--merge", "X=M"], ["region or sector 'M'"]),
        (
            ["aggregate", "mine", "--out", "w.nc", "--merge", "X=A,C10"],
            ["sector 'C10'", "did you mean C10T12"],
        ),
        (["aggregate", "mine", "--out", "w.nc", "--merge", "G=A,C10T12"], ["G is a sector"]),
        (
            ["aggregate", "mine", "--out", "w.nc", "--merge", "X=A,G", "--merge", "Y=G"],
            ["sector G is in two groups, X and Y"],
        ),
        (
            ["aggregate", "mine", "--out", "w.nc", "--merge", "X=A", "--merge", "X=G"],
            ["X is there already"],
        ),
        (
            ["aggregate", "mine", "--out", "w.nc", "--merge", "X=N", "--regions", "m.csv"],
            ["--regions and by --merge"],
        ),
        (
            ["aggregate", "mine", "--out", "w.nc", "--regions", "m.csv"],
            ["region 'M'", "is not in the world"],
        ),
        (
            ["aggregate", "mine", "--out", "w.nc", "--regions", "short.csv"],
            ["region S is in no group"],
        ),
        (["aggregate", "mine", "--out", "w.nc", "--regions", "no.csv"], ["no.csv", "cannot be"]),
        (["aggregate", "mine", "--out", "w.nc", "--regions", "e.csv"], ["e.csv, line 2", "new"]),
        (["aggregate", "mine", "--out", "w.nc", "--regions", "h.csv"], ["it names no group"]),
        (["aggregate", "mine", "--out", "w.nc", "--regions", "m.yaml"], ["m.yaml, X", "a list"]),
        (["update", "mine", "--to", "none.csv", "--out", "w.nc"], ["none.csv", "cannot be read"]),
        (["update", "mine", "--to", "g.csv", "--out", "w.nc"], ["g.csv, line 2", "region 'M'"]),
        (["margins", "mine", "--by", "gdpp", "--out", "x.csv"], ["column 'gdpp'"]),
    ],
    ids=lambda value: " ".join(value) if value[0] in ("check", "import") else None,
)
def test_refused(refused, mine, tmp_path, arguments, words):
    files = {
        "m.csv": "old,new\nN,X\nM,X\n",
        "short.csv": "old,new\nN,X\n",
        "e.csv": "old,new\nN,\n",
        "h.csv": "old,new\n",
        "m.yaml": "X: {N: S}\n",
        "g.csv": "margin,supplier,value\ngdp,M,5\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "d.nc").mkdir()
    sentence = refused(*arguments)
    missing = [word for word in words if word not in sentence]
    assert not missing, (missing, sentence)


def test_update(zz, small, mine, tmp_path):
    answer = zz(
        "world", "margins", "mine", "--by", "gdp", "--by", "supplier,user", "--out", "m.csv"
    )
    assert answer.code == 0, answer.err
    assert "written: m.csv with 6 sums, in million USD" in fits(answer.out)
    arguments = ("--to", "m.csv", "--year", "2023", "--out", "w.nc")
    answer = zz("world", "update", "mine", *arguments)
    assert answer.code == 0, answer.err
    page = fits(answer.out)
    for words in ("gdp by region", "sales by supplier and user", "missed by, percent of the sums"):
        assert words in page
    assert "changed by +0.00 percent; 0.00 percent of it moved between cells" in page
    found = load("w.nc")
    assert (found.year, found.name) == (2023, "w")
    np.testing.assert_allclose(found.intermediate, small.intermediate, rtol=1e-9)
    rows = (tmp_path / "m.csv").read_text().splitlines()
    rows[1] = f"gdp,N,,,,{1.2 * float(small.gdp[0])!r},,statistics office"
    (tmp_path / "m.csv").write_text("\n".join(rows[:3]))
    assert zz("world", "update", "mine", *arguments).code == 0
    assert load("w.nc").gdp[0] == pytest.approx(1.2 * small.gdp[0], rel=1e-9)
    assert "source: statistics office" in zz("world", "show", "w.nc", columns=100).out


@pytest.mark.parametrize(
    "where", [(sys.modules["zizhu.world.updating.update"], "fit"), (os, "replace")]
)
def test_an_interrupted_update_leaves_what_was_there(refused, mine, monkeypatch, tmp_path, where):
    (tmp_path / "m.csv").write_text("margin,value\nsales,500\n")
    (tmp_path / "w.nc").write_text("what was there")

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(*where, interrupted)
    assert "nothing is half-written" in refused("update", "mine", "--to", "m.csv", "--out", "w.nc")
    assert (tmp_path / "w.nc").read_text() == "what was there"


def test_a_terminal_sees_what_is_done(mine, monkeypatch, tmp_path):
    """On a terminal a line on standard error says what is being done; else there is none."""
    (tmp_path / "m.csv").write_text("margin,value\nsales,500\n")
    shown = io.StringIO()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        zizhu.cli.console, "err", Console(file=shown, force_terminal=True, width=80)
    )
    monkeypatch.setattr(zizhu.cli.console, "out", Console(file=io.StringIO(), width=80))
    monkeypatch.setattr(
        sys, "argv", ["zizhu", "world", "update", "mine", "--to", "m.csv", "--out", "w.nc"]
    )
    with pytest.raises(SystemExit):
        zizhu.cli.main()
    assert "writing" in shown.getvalue()
