"""Whatever is wrong with the input: one clear sentence, exit code 2, nothing half-written.

Each case names the words without which the sentence would not help: the field, what was found
and what would be right.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from processes import heard

import zizhu.laboratory.experiment
from zizhu.world import save, to_dataset

POINTS = "'25 percentage points'"


@pytest.fixture
def refused(zz, tmp_path):
    """Run a command that must be refused; returns its sentence."""

    def command(*arguments, **options) -> str:
        before = sorted(path for path in tmp_path.rglob("*"))
        sentence = zz(*arguments, **options).complaint
        assert sorted(path for path in tmp_path.rglob("*")) == before, "something was written"
        return sentence

    return command


def contains(sentence: str, *words: str) -> None:
    missing = [word for word in words if word not in sentence]
    assert not missing, (missing, sentence)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rum", "decoupling"], ["no such command", "'rum'", "did you mean 'run'"]),
        (["world", "shw", "2017"], ["no such command", "'shw'", "did you mean 'show'"]),
        (["run", "decoupling", "--quik"], ["no such option", "--quik", "--quick"]),
        (["run"], ["missing argument", "scenario", "zizhu --help"]),
        (["run", "decoupling", "--out"], ["--out"]),
        (["run", "decoupling", "more"], ["unexpected extra argument", "more"]),
        (["compare", "decoupling"], ["compare", "at least two"]),
        (["scenarios", "decouplin"], ["scenario 'decouplin'", "did you mean decoupling"]),
        (["levers", "tarif"], ["lever 'tarif'", "did you mean tariff"]),
        (["parameters", "public_fund"], ["parameter 'public_fund'", "did you mean public_funds"]),
        (["parameters", "bartelm"], ["'bartelm'", "did you mean bartelme"]),
        (["replicate", "cp2051"], ["replication 'cp2051'", "did you mean cp2015"]),
        (["replicate", "cp2015", "--data", "."], ["cp2015", "not found", "--data", "ZIZHU_DATA"]),
        (["world", "show", "2071"], ["world '2071'", "did you mean 2017"]),
        (["world", "show", "~nobody-here/w.nc"], ["~nobody-here/w.nc does not exist"]),
        (["world", "check", "."], ["folder .", "world.yaml is missing", "flows.csv"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) and "run" in value else None,
)
def test_commands(refused, arguments, words):
    contains(refused(*arguments), *words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("decouplin", ["scenario 'decouplin'", "did you mean decoupling"]),
        ("none.yaml", ["scenario 'none.yaml'", "neither shipped nor a file", "baseline"]),
        ("", ["an argument: it is empty"]),
        (".", ["scenario '.'", "neither shipped nor a file"]),
        ("x" * 3000, ["neither shipped nor a file"]),
        ("x" * 5000, ["longer than 4,000 characters"]),
        ("~nobody-here/x.yaml", ["neither shipped nor a file"]),
    ],
)
def test_unknown_scenario(refused, name, words):
    contains(refused("run", name), *words)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("options.scale", ["--set 'options.scale'", "write path=value"]),
        ("=zero", ["write path=value"]),
        ("options.scale=[a", ["--set", "cannot be read"]),
        ("options.scale=2018-02-30", ["options.scale", "'2018-02-30' found, 'labour'"]),
        ("options.scale=labor", ["options.scale", "'labor'", "'labour', 'composite' or 'none'"]),
        ("options.scal=labour", ["options.scal", "no such field", "did you mean scale"]),
        ("option.scale=labour", ["option", "no such field", "did you mean options"]),
        ("options=zero", ["options", "'zero' found", "a mapping of fields is right"]),
        ("options.elasticities=bartelm", ["regime 'bartelm'", "did you mean bartelme"]),
        ("measures.west-on-eas.size=3 pp", ["'west-on-eas'", "did you mean west-on-east"]),
        ("measures.west-on-east=3", ["name a field", "measures.LABEL.size"]),
        ("measures.west-on-east.size=30 %", ["west-on-east", "size", "'30 %'", POINTS]),
        ("measures.west-on-east.sizes=30 %", ["west-on-east", "sizes", "did you mean size"]),
        ("measures=3", ["measures: a list is right"]),
        ("parameters.decoupling_tariff=80", ["decoupling_tariff is 80", "10 to 60"]),
        ("parameters.decoupling_tariff=.nan", ["decoupling_tariff is nan", "a number is right"]),
        ("parameters.decoupling_tariff=many", ["parameters.decoupling_tariff", "'many'", "number"]),
        (
            "parameters.decoupling_tarif=30",
            ["'decoupling_tarif'", "did you mean decoupling_tariff"],
        ),
        ("parameters=5", ["parameters", "'5' found", "a mapping of fields is right"]),
        ("elasticities.scale.C26=2", ["psi times theta is 2.47", "C26", "options.cap_scale=true"]),
        ("elasticities.trade.C26=-2", ["elasticities.trade.C26", "-2 found", "above 0"]),
        ("elasticities.scale.C26=11", ["elasticities.scale.C26", "11 found", "between 0 and 10"]),
        ("elasticities.trade.C62=2", ["elasticities.trade.C62", "sector 'C62'", "did you mean"]),
        ("focus=CHX", ["focus", "region 'CHX'", "did you mean CHN"]),
        ("world=2071", ["world '2071'", "did you mean 2017"]),
        ("groups.west=[USA, UK]", ["groups.west", "'UK'", "neither a region nor"]),
        ("groups.CHN=[USA]", ["groups.CHN", "has this name already", "choose another"]),
        ("groups.west=[]", ["importers", "the target is empty"]),
        ("name=../up", ["name", "'../up'", "letters, digits"]),
        ("title=[a]", ["title", "['a'] found", "a text is right"]),
    ],
)
def test_settings(refused, setting, words):
    sentence = refused("run", "decoupling", "--set", setting)
    contains(sentence, *words)
    contains(sentence, "--set" if sentence.startswith("--set") else "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"size": "25 %"}, ["mine", "measure one", "size", "'25 %' is in percent", POINTS]),
        ({"size": "0.25"}, ["size", "'0.25' has no unit", POINTS]),
        ({"size": "'25'"}, ["size", "'25' has no unit", POINTS]),
        ({"size": "25 bn USD"}, ["size", "is in money", POINTS]),
        ({"size": "25 percentage pints"}, ["'percentage pints'", "did you mean percentage points"]),
        ({"size": "2,5 percentage points"}, ["'2,5 percentage points' is not a size", POINTS]),
        ({"size": "-120 percentage points"}, ["size", "below -95 %"]),
        ({"size": ""}, ["give either size", "or rate"]),
        ({"rate": "5 %"}, ["give either size", "or rate"]),
        ({"size": "{C26: 25 %}", "sectors": ""}, ["size.C26", "'25 %' is in percent", POINTS]),
        ({"size": "{C99: 25 pp}", "sectors": ""}, ["size", "sector 'C99'", "did you mean C29"]),
        ({"size": "{goods: 5 pp, C26: 5 pp}", "sectors": ""}, ["size.C26", "has a size already"]),
        ({"size": "{}", "sectors": ""}, ["size: it names no sector"]),
        ({"importers": "US"}, ["measure one", "importers", "region 'US'", "did you mean USA"]),
        ({"importers": "5"}, ["importers", "region '5' is not in world"]),
        ({"importers": "[USA, 5]"}, ["importers", "region '5' is not in world"]),
        ({"exporters": "USA"}, ["the target is empty", "USA", "own sales"]),
        ({"sectors": "C62"}, ["sectors", "sector 'C62'", "did you mean"]),
        ({"sectors": "[]"}, ["sectors: the target is empty", "name at least one sector"]),
        ({"lever": "tarif"}, ["measure one", "lever 'tarif'", "did you mean tariff"]),
        ({"lever": ""}, ["field", "mine"]),
        ({"label": "One One"}, ["label 'One One'", "lower-case letters"]),
        ({"label": ""}, ["measure 1", "label", "missing"]),
        ({"sizes": "5 pp"}, ["field sizes", "did you mean size"]),
        ({"from": "2019-01-01", "to": "2018-01-01"}, ["from 2019-01-01 is after to", "swap"]),
        ({"from": "2018-02-30"}, ["from", "'2018-02-30' is not a date", "2018-07-06"]),
        ({"from": "soon"}, ["from", "'soon' is not a date", "2018-07-06"]),
        ({"size_": "5 pp"}, ["line 10", "field size appears twice"]),
    ],
)
def test_tariff_fields(refused, scenario_file, fields, words):
    contains(refused("run", scenario_file(**fields)), *words)


SUBSIDY = {"lever": "production_subsidy", "regions": "CHN", "importers": "", "exporters": ""}
CONTROL = {
    "lever": "export_control",
    "suppliers": "USA",
    "users": "CHN",
    "importers": "",
    "exporters": "",
    "size": "",
}
PACT = {"lever": "trade_agreement", "importers": "", "exporters": "", "size": ""}
LABOUR = {**SUBSIDY, "lever": "labour_supply", "sectors": ""}
BUYER = {**SUBSIDY, "lever": "procurement_preference"}
COST = {**CONTROL, "lever": "trade_cost", "size": "5 %"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({**SUBSIDY, "size": "95 %"}, ["measure one", "size", "95 % of cost", "90 %"]),
        ({**SUBSIDY, "size": "300 % of GDP"}, ["size", "of cost", "90 %"]),
        ({**SUBSIDY, "size": "-150 %"}, ["size", "-150 % of cost", "between -100 % and 90 %"]),
        ({**SUBSIDY, "size": "5 bn CNX"}, ["unit 'CNX'", "did you mean CNY"]),
        ({**SUBSIDY, "size": "5 bn"}, ["'5 bn' has no unit", "344 bn CNY"]),
        ({**SUBSIDY, "size": "5 pp"}, ["percentage points", "'20 %'", "'2 % of GDP'"]),
        (
            {**SUBSIDY, "size": "5 bn CNY", "from": "2002-01-01"},
            ["measure one", "CNY has no exchange rate for 2002", "from 2005 on"],
        ),
        ({**CONTROL, "cut": "110 %"}, ["cut", "'110 %' is not a share", "between 0 % and 100 %"]),
        ({**CONTROL, "cut": "-5 %"}, ["cut", "'-5 %' is not a share"]),
        ({**CONTROL, "cut": "5 %", "cost": "5 %"}, ["give either cut", "or cost"]),
        ({**CONTROL, "cost": "-100 %"}, ["cost", "'-100 %'", "above -100 %"]),
        ({**PACT, "members": "[CHN]"}, ["members", "at least two regions"]),
        ({**PACT, "members": "CHN"}, ["members", "'CHN' found", "a list such as [A, B]"]),
        ({**PACT, "members": "[CHN, JPM]"}, ["members", "region 'JPM'", "did you mean JPN"]),
        (
            {**PACT, "members": "[CHN, JPN]", "trade_cost_cut": "100 %"},
            ["trade_cost_cut", "below 100 %"],
        ),
        ({**LABOUR, "size": "-100 %"}, ["size", "'-100 %'", "above -100 %"]),
        ({**BUYER, "size": "-5 %"}, ["size", "'-5 %' is negative", "0 % or more"]),
        ({**COST, "uses": "houshold"}, ["uses", "use 'houshold'", "did you mean household"]),
    ],
)
def test_other_levers(refused, scenario_file, fields, words):
    contains(refused("run", scenario_file(**fields)), *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["mine.yaml", "it is empty", "`measures:`"]),
        ("- a\n- b\n", ["mine.yaml", "holds a list", "`title:`"]),
        ("just words", ["mine.yaml", "holds words only"]),
        ("title: [x\nmeasures: }\n", ["mine.yaml, line 2", "not valid YAML"]),
        ("title: x\n\ttab: 1\n", ["mine.yaml, line 2", "not valid YAML"]),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ["mine.yaml", "not UTF-8 text"]),
        (b"title: \x00\n", ["mine.yaml", "not valid YAML"]),
        ("[" * 5000, ["mine.yaml", "nested too deeply"]),
        ("title: x\ntitle: y\n", ["mine.yaml, line 2", "field title appears twice"]),
        ("title: x\n[a]: 2\n", ["mine.yaml, line 2", "cannot name a field"]),
        ("title: x\nworlds: 3\n", ["field worlds", "did you mean world"]),
        ("context: no title\n", ["field title", "it is missing"]),
        ("title: x\nmeasures: 5\n", ["measures: a list is right"]),
        ("title: x\nmeasures: [a]\n", ["measure 1: 'a' is not a mapping"]),
        ("title: x\nvariants: [{nam: v}]\n", ["variants.0.name", "missing"]),
        ("extends: ./mine.yaml\n", ["mine extends itself", "mine extends mine"]),
        ("extends: decouplin\n", ["'decouplin'", "did you mean decoupling"]),
        ("extends: [a]\n", ["extends", "one name or path is right"]),
        (
            "extends: tariff-war-2018\noverrides: {us-on-chin: {size: 3 pp}}\n",
            ["mine.yaml", "'us-on-chin'", "did you mean us-on-china"],
        ),
        (
            "extends: tariff-war-2018\nwithout: [us-on-chin]\n",
            ["mine.yaml", "'us-on-chin'", "did you mean us-on-china"],
        ),
        ("extends: tariff-war-2018\nwithout: [[a]]\n", ["mine.yaml", "['a']"]),
        ("overrides: {a: {}}\n", ["mine.yaml", "say which one with extends"]),
        (
            "title: x\nmeasures:\n"
            "- {lever: labour_supply, label: a, regions: CHN, size: 1 %}\n"
            "- {lever: labour_supply, label: a, regions: USA, size: 1 %}\n",
            ["label a appears twice"],
        ),
        (
            "title: x\nmeasures:\n"
            "- {lever: labour_supply, label: a, regions: CHN, size: 1 %}\n"
            "- {lever: labour_supply, label: b, regions: all, size: 1 %}\n",
            ["measure b", "overlaps with measure a on CHN", "adds: true"],
        ),
        (
            "title: x\nmeasures:\n"
            "- {lever: labour_supply, label: a, regions: CHN, size: =lockdwn}\n",
            ["measure a", "parameter 'lockdwn'", "lockdown_labour"],
        ),
    ],
)
def test_files(refused, scenario_file, text, words):
    contains(refused("run", scenario_file(text)), *words)


def test_two_files_that_extend_each_other(refused, scenario_file):
    scenario_file("extends: b.yaml\n", name="a.yaml")
    scenario_file("extends: a.yaml\n", name="b.yaml")
    contains(refused("run", "a.yaml"), "a extends itself", "a extends b extends a")


def _saved(world, path: Path, change) -> Path:
    change(to_dataset(world).copy(deep=True)).to_netcdf(path, engine="h5netcdf")
    return path


def _cell(table: str, value: float):
    def change(dataset: xr.Dataset) -> xr.Dataset:
        dataset[table][0, 1] = value
        return dataset

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.assign(value_added=d.value_added * 2), ["output by cost", "percent", "at "]),
        (_cell("final", np.nan), ["table final", "not numbers", "N C10T12"]),
        (_cell("intermediate", -5.0), ["table intermediate", "negative", "N C10T12"]),
        (lambda d: d.assign(tariff=d.tariff * 100), ["tariff of 10", "0.25 for 25 percent"]),
        (lambda d: d.drop_vars("tariff"), ["table tariff is missing"]),
        (
            lambda d: d.assign_coords(sector=["A", "A", "G"], using_sector=["A", "A", "G"]),
            ["A appears twice"],
        ),
        (lambda d: d.assign_attrs(zizhu_format="other"), ["zizhu_format", "zizhu-world-1"]),
        (lambda d: d.assign_attrs(year="soon"), ["attribute year", "'soon'"]),
    ],
)
def test_world_files(refused, small, tmp_path, change, words):
    path = _saved(small, tmp_path / "w.nc", change)
    contains(refused("world", "check", path), "w.nc", *words)
    contains(refused("run", "decoupling", "--world", path), "w.nc", *words)


def test_world_file_missing_truncated_or_something_else(refused, small, tmp_path):
    contains(refused("run", "decoupling", "--world", "none.nc"), "none.nc does not exist")
    path = save(small, tmp_path / "w.nc")
    path.write_bytes(path.read_bytes()[:3000])
    contains(refused("run", "decoupling", "--world", path), "w.nc", "cannot be read as netCDF-4")
    path.write_text("supplier,user,value\n")
    contains(refused("run", "decoupling", "--world", path), "w.nc", "cannot be read as netCDF-4")


def test_regime_does_not_know_the_sectors(refused, small, tmp_path):
    path = _saved(small, tmp_path / "w.nc", lambda d: d.assign_attrs(isic="{}"))
    sentence = refused("run", "baseline", "--set", "focus=N", "--world", path)
    contains(sentence, "scenario baseline", "sector A", "ISIC", "the regime", "uniform")


@pytest.mark.parametrize("below", ["", "new/folder"])
def test_output_folder_in_the_way(refused, tmp_path, below):
    (tmp_path / "out").write_text("a file")
    sentence = refused("run", "decoupling", "--quick", "--out", tmp_path / "out" / below)
    contains(sentence, "output folder", "cannot be written: a file is in the way")
    assert (tmp_path / "out").read_text() == "a file"


def test_a_shock_without_equilibrium(refused):
    """Half the labour of the world gone under strong scale of all inputs."""
    sentence = refused(
        "run", "targeted-subsidies", "--quick",
        "--set", "options.scale=composite",
        "--set", "elasticities.scale.C26=0.8",
        "--set", "measures.made-in-china-2025.size=85 %",
    )  # fmt: skip
    contains(sentence, "scenario targeted-subsidies", "no equilibrium found", "try smaller shocks")


def test_a_bug_in_the_middle_of_a_run_is_not_hidden(zz, monkeypatch, tmp_path):
    """What is not an expected failure keeps its traceback: it is ours, not the user's."""

    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(zizhu.laboratory.experiment, "indicators", broken)
    monkeypatch.setattr(sys, "argv", ["zizhu", "run", "decoupling", "--quick"])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ZeroDivisionError):
        zizhu.cli.main()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "where",
    [(zizhu.laboratory.experiment, "indicators"), (pd.DataFrame, "to_csv")],
    ids=["solve", "write"],
)
def test_interrupt(refused, monkeypatch, where):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(*where, interrupted)
    contains(refused("run", "decoupling", "--quick"), "interrupted", "nothing is half-written")


def test_interrupt_of_a_real_process(tmp_path):
    """SIGINT while the equilibrium is solved or compiled."""
    code = (
        "import sys, zizhu.laboratory.experiment as l\n"
        "inner = l.solved_and_audited\n"
        "def solved(*a):\n"
        "    print('solving', flush=True)\n"
        "    for _ in range(10_000): inner(*a)\n"
        "l.solved_and_audited = solved\n"
        "from zizhu.cli import main\n"
        "sys.argv = ['zizhu', 'run', 'decoupling', '--quick']\n"
        "main()\n"
    )
    with heard(signal.SIGINT):
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "JAX_PLATFORMS": "cpu"},
        )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "solving\n"
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        try:
            _, complained = process.communicate(timeout=120)
        finally:
            process.kill()
    assert process.returncode == 2, complained
    assert complained == "error: interrupted; nothing is half-written\n"
    assert list(tmp_path.iterdir()) == []


def test_labour_bound_without_a_mobility(refused):
    contains(refused("run", "decoupling", "--set", "options.labour=bound"), "labour_mobility")


def test_a_variant_cannot_change_the_size_of_a_measure(refused, scenario_file):
    file = scenario_file(
        "extends: decoupling\ntitle: t\nvariants:\n  - name: small\n    title: s\n"
        "    parameters: {decoupling_tariff: 10}\n"
    )
    contains(refused("run", str(file)), "decoupling_tariff", "not a parameter of the model")


def test_two_levers_on_one_flow(refused, scenario_file):
    file = scenario_file(
        "extends: baseline\ntitle: t\nmeasures:\n"
        "  - {lever: tariff, label: a, importers: CHN, exporters: USA, rate: 10 %}\n"
        "  - {lever: trade_agreement, label: b, members: [CHN, USA]}\n"
    )
    contains(refused("run", str(file)), "measure b", "overlaps with measure a")


def test_a_cut_and_a_cost_on_one_flow(refused, scenario_file):
    common = "lever: export_control, suppliers: USA, users: CHN, sectors: C28"
    file = scenario_file(
        "extends: baseline\ntitle: t\nmeasures:\n"
        f"  - {{{common}, label: a, cut: 80 %}}\n  - {{{common}, label: b, cost: 10 %}}\n"
    )
    contains(refused("run", str(file)), "measure b", "overlaps with measure a")


def test_the_money_of_many_years(refused, scenario_file):
    file = scenario_file(
        "extends: baseline\ntitle: t\nmeasures:\n"
        "  - {lever: production_subsidy, label: a, regions: CHN, sectors: C26, "
        "size: 344 bn CNY, from: 2014-01-01, to: 2019-01-01}\n"
    )
    contains(refused("run", str(file)), "amount of one year")
