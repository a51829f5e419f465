"""The command line: every command answers; a run writes what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version

import pytest

import zizhu as lab
from zizhu.policy import levers
from zizhu.world import save


def test_help_without_a_command(zz):
    for arguments in ((), ("--help",)):
        answer = zz(*arguments)
        assert answer.code == 0
        assert "laboratory for technological self-reliance" in answer.out
        for command in ("run", "compare", "scenarios", "levers", "parameters", "replicate"):
            assert command in answer.out
        assert answer.err == ""
    assert "check" in zz("world").out


def test_version(zz):
    answer = zz("--version")
    assert answer.code == 0
    assert answer.out == f"zizhu {version('zizhu')}\n"


def test_as_a_module(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "zizhu.cli", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"zizhu {version('zizhu')}\n", "")


def test_run_writes_a_report(zz, tmp_path):
    answer = zz("run", "decoupling", "--quick")
    assert answer.code == 0, answer.err
    assert "China loses 1.4" in " ".join(answer.out.split())
    assert "Audit" in answer.out
    folder = tmp_path / "zizhu-out" / "decoupling"
    assert {path.name for path in folder.iterdir()} == {
        "report.html",
        "outcome.nc",
        "manifest.json",
        "tables",
    }
    assert "report.html and 6 more files" in " ".join(answer.out.split())
    assert max(len(line) for line in answer.out.splitlines()) <= 80
    assert answer.err == ""


def test_run_with_settings_and_folder(zz, tmp_path, quick):
    setting = "parameters.decoupling_tariff=20"
    answer = zz("run", "decoupling", "--quick", "--set", setting, "--out", "here/there")
    assert answer.code == 0, answer.err
    manifest = json.loads((tmp_path / "here" / "there" / "manifest.json").read_text())
    assert manifest["parameters"]["values"]["decoupling_tariff"] == 20
    expected = quick("decoupling", setting).manifest["scenario"]["sha256"]
    assert manifest["scenario"]["sha256"] == expected
    assert not (tmp_path / "zizhu-out").exists()


def test_run_twice_writes_the_same_tables(zz, tmp_path):
    for name in ("a", "b"):
        assert zz("run", "decoupling", "--quick", "--out", name).code == 0
    for path in (tmp_path / "a" / "tables").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / "tables" / path.name).read_bytes()
    one, two = (json.loads((tmp_path / n / "manifest.json").read_text()) for n in "ab")
    for manifest in (one, two):
        del manifest["finished"], manifest["seconds"]
    assert one == two


def test_run_a_file_on_a_world_file(zz, world, tmp_path, scenario_file):
    path = save(world, tmp_path / "w.nc")
    answer = zz("run", scenario_file(), "--quick", "--world", path)
    assert answer.code == 0, answer.err
    assert "China loses" in answer.out
    assert (tmp_path / "zizhu-out" / "mine" / "report.html").is_file()


def test_compare(zz, tmp_path):
    answer = zz("compare", "decoupling", "targeted-subsidies", columns=100)
    assert answer.code == 0, answer.err
    assert "targeted-subsidies: world 2022" in answer.out
    assert list(tmp_path.iterdir()) == []


def test_scenarios(zz):
    listing = zz("scenarios").out
    for name in lab.scenario_names():
        assert name in listing
    shown = " ".join(zz("scenarios", "tariff-war-2018").out.split())
    assert "us-on-china" in shown
    assert "by sector (22 values)" in shown
    assert "Ju, Ma, Wang and Zhu" in shown
    assert "=" not in zz("scenarios", "decoupling").out.split("west-on-east")[1]
    schema = json.loads(zz("scenarios", "--schema").out)
    assert schema["properties"]["extends"]


def test_levers(zz):
    listing = zz("levers").out
    for name, schema in levers().items():
        assert name in listing
        page = " ".join(zz("levers", name, columns=100).out.split())
        assert "acts through" in page
        assert f"- {schema.example.splitlines()[0]}" in page


def test_parameters(zz):
    listing = zz("parameters", columns=100).out
    assert "public_funds" in listing
    assert "elasticity regimes: lashkaripour-lugovskyy" in listing
    assumed = zz("parameters", "--assumptions", columns=100).out
    assert "public_funds" in assumed
    assert "final_elasticity" not in assumed
    one = zz("parameters", "public_funds", columns=100).out
    assert "1 to 1.5" in one
    assert "labour_mobility" not in one
    regime = zz("parameters", "bartelme", columns=100).out
    assert "psi*theta" in regime
    assert "10-12" in regime


def test_replicate(zz, monkeypatch):
    assert "optimal-subsidy" in zz("replicate").out
    from zizhu import replications  # noqa: PLC0415

    rows = (replications.Row("gain", 1.31, 1.314),)
    found = replications.Replication("x", "title", "source", rows, {"more": 2.0}, ("remark",))
    monkeypatch.setitem(replications.REPLICATIONS, "cp2015", ("title", lambda _: found))
    answer = zz("replicate", "cp2015")
    assert answer.code == 0
    assert "1 of 1 agree" in answer.out
    assert json.loads(zz("replicate", "cp2015", "--json").out)["computed"] == {"gain": 1.314}
    differs = replications.Replication(
        "x", "t", "s", (replications.Row("gain", 1.31, 1.4),), {}, ()
    )
    monkeypatch.setitem(replications.REPLICATIONS, "cp2015", ("title", lambda _: differs))
    answer = zz("replicate", "cp2015")
    assert answer.code == 1
    assert "differs" in answer.out


def test_a_broken_pipe_is_no_error(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def closed(*_, **__):
        raise BrokenPipeError

    monkeypatch.setattr("zizhu.report.verdict", closed)
    monkeypatch.setattr("sys.argv", ["zizhu", "run", "decoupling", "--quick"])
    with pytest.raises(SystemExit) as stop:
        lab.cli.main()
    assert stop.value.code == 0
