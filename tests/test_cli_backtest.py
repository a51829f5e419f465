"""`zizhu backtest` from the command line, and forecasts beside what was seen."""

from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console

from zizhu.history.find import find
from zizhu.history.panel import panel
from zizhu.laboratory.backtest.foreseen import foreseen
from zizhu.laboratory.backtest.published import NAMES, published
from zizhu.laboratory.backtest.sector_tables import shipped_table
from zizhu.report.backtest import CAVEATS
from zizhu.report.history import history_json, history_page


def plain(text):
    return " ".join(text.split())


def narrow(text):
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    assert "…" not in text


def test_all_tables_in_short(zz):
    answer = zz("backtest")
    assert answer.code == 0, answer.err
    narrow(answer.out)
    bars = [bar for name in NAMES for bar in published(name).bars]
    for name in NAMES:
        assert f"\n{name}: " in f"\n{answer.out}"
        assert CAVEATS[name] in plain(answer.out)
    for bar in bars:
        said = rf"{re.escape(bar.what)} +{bar.value:.2f} +.*{'met' if bar.met else 'missed'}"
        assert re.search(rf"{re.escape(bar.of)} +{said}", answer.out), bar
    met = sum(bar.met for bar in bars)
    assert f"{met} met, {len(bars) - met} missed" in answer.out


@pytest.mark.parametrize("name", NAMES)
def test_one_table_in_full(zz, name):
    answer = zz("backtest", name)
    assert answer.code == 0, answer.err
    narrow(answer.out)
    one = published(name)
    for method in set(one.scores["method"]):
        assert f"\n{method} " in answer.out
    assert CAVEATS[name] in plain(answer.out)
    for _, row in one.scores[one.scores["method"] == "model"].iterrows():
        assert f"{row['cover50'] * 100:.0f}/{row['cover80'] * 100:.0f}" in answer.out
    if "few" in one.scores:
        assert ("fewer than 30 cases" in plain(answer.out)) == bool(one.scores["few"].any())


def test_json_has_every_number(zz):
    found = json.loads(zz("backtest", "--json").out)
    assert tuple(found) == NAMES
    for name in NAMES:
        table = shipped_table(name.replace("-", "_"))
        assert len(found[name]["scores"]) == len(table)
        assert found[name]["scores"][0]["crps"] == table["crps"][0]
        assert [bar["met"] for bar in found[name]["bars"]] == [b.met for b in published(name).bars]
    assert len(found["nodes"]["standing"]) == len(shipped_table("standing"))
    only = json.loads(zz("backtest", "groups", "--json").out)
    assert only == {"groups": found["groups"]}
    assert "NaN" not in zz("backtest", "nodes", "--json").out


@pytest.mark.parametrize("name", ["X", "node", "left_out", "", "nodes; rm", "\x1b[31m"])
def test_other_tables_are_refused_in_one_sentence(zz, name):
    answer = zz("backtest", name)
    assert answer.code == 2
    assert not answer.out
    assert "nodes, left-out, sectors, groups" in plain(answer.err)
    assert len(answer.err.strip().splitlines()) == 1
    assert "\x1b[31m" not in answer.err


def test_history_shows_what_would_have_been_said(zz):
    answer = zz("history", "semiconductors/etch")
    assert answer.code == 0, answer.err
    narrow(answer.out)
    said = [case for one in find("semiconductors/etch") for case in foreseen().get(one.name, ())]
    assert said
    for case in said:
        band = f"{case.p10:.1f} - {case.p50:.1f} - {case.p90:.1f}"
        assert band in answer.out
        assert case.inside or f"{band} !" in answer.out
    assert "known to 2019" in answer.out
    rows = json.loads(zz("history", "semiconductors/etch", "--json").out)
    assert sum(len(row["forecasts"]) for row in rows) == len(said)
    assert "known to 20" not in zz("history", "C26").out


def test_every_page_with_forecasts_fits():
    series = [one for one in panel() if one.name in foreseen()]
    shown = Console(file=io.StringIO(), width=80)
    shown.print(history_page(series, forecasts=foreseen()))
    narrow(shown.file.getvalue())
    rows = history_json(series, forecasts=foreseen())
    assert all(row["forecasts"] for row in rows)
    assert "forecasts" not in history_json(series)[0]
