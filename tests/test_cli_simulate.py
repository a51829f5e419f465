"""`zizhu simulate` from the command line."""

from __future__ import annotations

import json
import shlex

import pytest
import xarray as xr
from small_paths import CONTROLS, LAST, WEDGES, four_by_six

import zizhu.laboratory.path.outcome
import zizhu.report.path.write
from zizhu.policy.wedge_kinds import WEDGES as KINDS
from zizhu.world import save

TARIFF = "tariff from=USA to=CHN sector=C26 size=25%"


@pytest.fixture(scope="module")
def small_world(tmp_path_factory):
    """The small world as a file."""
    file = tmp_path_factory.mktemp("world") / "small.nc"
    save(four_by_six(), file)
    return file


@pytest.fixture
def simulate(zz, small_world):
    """`zizhu simulate` on the small world."""

    def command(*arguments: object, wedges: tuple[str, ...] = (), **options: object):
        given = [part for wedge in wedges for part in ("--wedge", wedge)]
        return zz("simulate", "--world", small_world, "--years", LAST, *given, *arguments)

    return command


def test_an_answer_and_its_files(simulate, tmp_path):
    out = tmp_path / "mine"
    answer = simulate("--controls", CONTROLS, "--output", out, wedges=WEDGES)
    assert answer.code == 0, answer.err
    assert f"China under {len(WEDGES)} wedges and export controls known until" in answer.out
    for part in ("Real income against", "Why: real income of China", "Nodes of technology"):
        assert part in answer.out
    assert "Revenue of listed firms" in answer.out
    assert "Stocks and flows that move" in answer.out
    *page, written = answer.out.splitlines()
    assert max(map(len, page)) <= 80
    assert written.startswith(f"written: {out / 'report.html'}")
    assert (out / "report.html").stat().st_size > 1e6
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["wedges"]["texts"] == list(WEDGES)
    assert manifest["controls"] == CONTROLS
    assert manifest["focus"] == "CHN"
    with xr.open_dataset(out / "path.nc", engine="h5netcdf") as found:
        assert set(found.year.values) == set(range(2022, LAST + 1))
        assert "definition" in found.real_income.attrs
    tables = {file.stem for file in (out / "tables").iterdir()}
    assert {"effects", "regions", "nodes", "decomposition", "firms", "definitions"} <= tables


def test_without_wedges_the_baseline_is_shown(simulate, tmp_path):
    answer = simulate()
    assert answer.code == 0, answer.err
    assert f"The baseline, 2022 to {LAST}, seen from China" in answer.out
    assert "recalled, low confidence" in " ".join(answer.out.split())
    assert "Nodes over time in China" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80
    assert list(tmp_path.iterdir()) == []


def test_json_has_verdict_tables_and_manifest(simulate):
    answer = simulate(
        "--json", "--focus", "USA", "--structure", "ideas=off", "--set", "leakage=0.1",
        "--decompose", LAST - 1, "--decompose", LAST, wedges=(TARIFF,),
    )  # fmt: skip
    found = json.loads(answer.out)
    assert found["focus"] == "USA"
    assert found["verdict"][0].startswith("Real income of ")
    assert found["manifest"]["structure"]["ideas"] is False
    assert found["manifest"]["parameters"]["values"]["leakage"] == 0.1
    rows = found["tables"]["decomposition"]
    last = {row["channel"]: row[str(LAST)] for row in rows}
    assert str(LAST - 1) in rows[0]
    assert last["ideas"] == 0
    assert last["prices"] != 0
    assert {row["region"] for row in found["tables"]["real_income_effect"]} == {
        "CHN", "USA", "EU", "ROW",
    }  # fmt: skip


def test_kinds_of_wedges_are_listed(zz):
    answer = zz("simulate", "--list-wedges")
    assert answer.code == 0, answer.err
    assert max(map(len, answer.out.splitlines())) <= 80
    for name in KINDS:
        assert any(line.startswith(f"{name} ") for line in answer.out.splitlines())
    assert list(json.loads(zz("simulate", "--list-wedges", "--json").out)) == list(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_one_kind_of_wedge_is_explained(zz, name):
    answer = zz("simulate", "--list-wedges", name)
    assert answer.code == 0, answer.err
    text = " ".join(answer.out.split())
    assert shlex.quote(KINDS[name].example) in text
    assert KINDS[name].title in text


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--wedge", "tarif from=USA to=CHN sector=C26 size=25%"], "did you mean tariff?"),
        (["--wedge", "tariff from=USA to=CHN sector=C26"], "size is missing"),
        (["--wedge", "tariff from=USA to=CHN sector=C26 size=25"], "25% may be meant"),
        (["--wedge", f"{TARIFF} years=2050"], "2050 lies outside the path"),
        (["--wedge", f"{TARIFF} to=CHN"], "to appears twice"),
        (["--wedge", ""], "it is empty"),
        (["--wedge", "node_money region=CHN node=etchh size=1bn"], "did you mean etch?"),
        (["--wedge", "listed firm=huawi size=100%"], "did you mean huawei?"),
        (["--wedge", TARIFF, "--focus", "CHNN"], "did you mean CHN?"),
        (["--focus", "DEU"], "no region 'DEU'"),
        (["--world", "2033"], "2033"),
        (["--years", "2021"], "lies before the first"),
        (["--years", "2200"], "or earlier is right"),
        (["--years", "soon"], "should be a valid integer"),
        (["--controls", "yesterday"], "'yesterday' is no date"),
        (["--structure", "idea=off"], "did you mean ideas?"),
        (["--structure", "ideas=maybe"], "on or off is right"),
        (["--structure", "ideas"], "is not name=value"),
        (["--structure", "scale=big"], "dynamic or static or none is right"),
        (["--structure", "elasticities=bartelm"], "did you mean bartelme?"),
        (["--set", "leakage"], "it has no ="),
        (["--set", "leakage=much"], "'much' is not a number"),
        (["--set", "leakge=0.1"], "did you mean leakage?"),
        (["--set", "leakage=7"], "outside its range"),
        (["--decompose", "2021"], "2021 is not a year of the path"),
        (["--decompose", "last"], "should be a valid integer"),
        (["tariff"], "stands alone; a wedge is written --wedge 'tariff ...'"),
        (["--wedges", TARIFF], "no such option"),
    ],
)
def test_wrong_input_is_one_sentence(simulate, tmp_path, arguments, expected):
    assert expected in simulate(*arguments, "--output", "out").complaint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["tarif"], "did you mean tariff?"),
        (["--wedge", TARIFF], "--wedge does not go with --list-wedges"),
        (["--output", "out"], "--output does not go with --list-wedges"),
    ],
)
def test_a_list_takes_nothing_else(zz, tmp_path, arguments, expected):
    assert expected in zz("simulate", "--list-wedges", *arguments).complaint
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused_first(simulate, tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be written" in simulate("--output", tmp_path / "file" / "x").complaint


def test_an_interrupt_leaves_nothing(simulate, tmp_path, monkeypatch):
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(zizhu.laboratory.path.outcome, "simulate_path", stopped)
    complaint = simulate("--output", "out", wedges=(TARIFF,)).complaint
    assert "interrupted; nothing is half-written" in complaint
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_while_writing_leaves_what_was_there(simulate, tmp_path, monkeypatch):
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text("mine")
    monkeypatch.setattr(zizhu.report.path.write.tables, "csv_tables", stopped)
    assert "interrupted" in simulate("--output", "out", wedges=(TARIFF,)).complaint
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["manifest.json"]
    assert (tmp_path / "out" / "manifest.json").read_text() == "mine"
