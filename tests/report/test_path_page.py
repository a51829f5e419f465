"""How a path is shown: sentences from numbers, pages that fit, files that say what is in them."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from small_paths import LAST, busy_path, four_by_six, small_path

import zizhu as zz
from zizhu.errors import OutputError
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.path.decompose import CHANNELS
from zizhu.report.path import (
    figures,
    page_html,
    path_json,
    path_page,
    picks,
    tables,
    words,
    write_path,
)

FOCUS = "CHN"


def shown(content: object) -> str:
    printed = io.StringIO()
    Console(file=printed, width=80, highlight=False).print(content)
    return printed.getvalue()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def busy():
    return busy_path()


@pytest.fixture(scope="module")
def still():
    return small_path()


@pytest.mark.parametrize("focus", ["CHN", "USA", "EU", "ROW"])
def test_pages_fit_80_columns(busy, still, focus):
    for outcome in (busy, still):
        text = shown(path_page(outcome, focus))
        assert max(map(len, text.splitlines())) <= 80
        assert "nan" not in text.replace("nand", "")
        assert "…" not in text
        assert "-0.00 " not in text


def test_the_verdict_is_the_dataset(busy):
    text = " ".join(words.verdict(busy, FOCUS))
    for year in picks.middle_and_last(busy):
        value = float(busy.real_income_effect.sel(region=FOCUS, year=year))
        side = "above" if value > 0 else "below"
        assert f"{abs(value):.2f} percent {side}" in text
    parts = busy.decomposition.sel(region=FOCUS, decomposed_year=LAST).to_series()
    largest = str(abs(parts).idxmax())
    assert f"the largest channel is {words._IN_SENTENCE[largest]}, {parts[largest]:+.2f}" in text
    lowest = float(busy.firm_revenue.sel(run=SCENARIO, firm="huawei").min())
    assert f"Huawei, whose inputs are barred, sells {lowest:.0f} percent" in text


def test_small_moves_are_not_told(still):
    assert "within 0.005 percent of the baseline" in words.income(still, FOCUS)
    assert words.why(still, FOCUS) == ""
    assert "nobody else moves" in words.elsewhere(still, FOCUS)


def test_channels_add_up_on_the_page(busy):
    table = picks.decomposed(busy, FOCUS)
    for year in table.columns:
        effect = picks.effect(busy, FOCUS, int(year))
        assert table[year].sum() == pytest.approx(100 * np.log1p(effect / 100), abs=1e-8)
    page = shown(path_page(busy, FOCUS))
    assert re.search(rf"together .*{table[LAST].sum():+.3f}", page)
    assert set(words.CHANNELS) == set(words._IN_SENTENCE) == set(CHANNELS)


def test_every_wedge_is_said(busy):
    sentences = words.done(busy)
    assert len(sentences) == len(busy.manifest["wedges"]["texts"]) + 1
    page = flat(shown(path_page(busy, FOCUS)))
    for sentence in sentences:
        assert sentence in page


def test_nodes_are_those_that_move(busy):
    table = tables.nodes(busy, FOCUS)
    found = busy.dataset.sel(region=FOCUS)
    apart = abs(found.node_home_share.sel(run=SCENARIO) - found.node_home_share.sel(run=BASELINE))
    most = str(apart.max("year").fillna(0.0).idxmax().item())
    assert most in table.index
    assert (busy.dataset.node_counts.sel(node=list(table.index)) != "assembled").all()
    first = table.loc[most]
    last = found.sel(node=most, year=LAST, run=SCENARIO)
    assert first.home_last == float(last.node_home_share)
    assert first.price_last == float(last.node_price)


def test_only_stocks_that_moved_are_shown(busy, still):
    assert tables.stocks(still, FOCUS).empty
    table = tables.stocks(busy, FOCUS)
    told = set(table[table.region == FOCUS].stock)
    assert {"funds announced, bn USD", "added research, bn a year"} <= told
    assert not any("talent" in stock or "answer" in stock for stock in table.stock)
    funds = table[table.stock == "funds announced, bn USD"].iloc[0]
    assert funds[LAST] == pytest.approx(20.0)
    assert funds.baseline == 0


def test_growth_stands_beside_the_outlook(still):
    table = tables.growth(still, FOCUS)
    assert next(iter(table.index)) == FOCUS
    level = 1 + still.real_income.sel(run=BASELINE, region=FOCUS, year=LAST).item() / 100
    whole = table.columns[-2]
    assert whole == f"2022 to {LAST}"
    years = LAST - 2022
    assert table.loc[FOCUS, whole] == pytest.approx(100 * (level ** (1 / years) - 1))
    given = still.path.case.growth
    expected = 100 * np.expm1(given.outlook_gdp_growth[given.regions.index(FOCUS)])
    assert table.loc[FOCUS, "outlook"] == pytest.approx(expected)


def test_one_year_has_a_page():
    outcome = small_path(years=2022)
    page = flat(shown(path_page(outcome, FOCUS)))
    assert "One year is the measured base" in page
    assert "One year is the measured base" in page_html(outcome, FOCUS)


def test_what_it_rests_on_is_said(busy):
    confirmed, every = picks.chain_of(busy).share_counts()
    page = flat(shown(path_page(busy, FOCUS)))
    assert f"{every - confirmed} of {every} supplier shares" in page
    assert f"{busy.dataset.identity.size} identities recomputed" in page
    assert "scale dynamic" in page
    changed = zz.simulate(
        four_by_six(),
        years=2024,
        structure=("ideas=off", "reaction=on"),
        parameters={"leakage": 0.1},
    )
    line = words.settings_line(changed)
    assert "switched off: ideas" in line
    assert "switched on: reaction" in line
    assert "leakage 0.1" in line
    assert any("nobody has estimated" in one for one in words.assumptions(changed))


@pytest.mark.parametrize("which", ["busy", "still"])
def test_page_is_whole_and_loads_nothing(which, request):
    outcome = request.getfixturevalue(which)
    page = page_html(outcome, FOCUS)
    assert page.count("<html") == page.count("</html>") == 1
    body = re.sub(r"<script.*?</script>", "", page[page.index("<body>") :], flags=re.DOTALL)
    assert "src=" not in body
    assert "href=" not in body
    assert ">nan<" not in body
    assert body.count("<div") == body.count("</div>")
    for name in outcome.dataset:
        assert f"<td>{name}</td>" in body


def test_figures_show_the_numbers(busy, still):
    income = figures.real_income(busy, FOCUS)
    values = busy.real_income_effect.sel(region=FOCUS).values
    assert list(income.data[0].y) == pytest.approx(list(values))
    bars = figures.decomposition(busy, FOCUS)
    assert [one.name for one in bars.data] == ["2022", str(LAST)]
    homes = figures.home_shares(busy, FOCUS)
    assert {one.line.dash for one in homes.data} == {"solid", "dot"}
    assert {one.line.dash for one in figures.home_shares(still, FOCUS).data} == {"solid"}
    assert min(figures.firms(busy).data[0].y) == pytest.approx(float(busy.firm_revenue.min()))
    dots = figures.growth(still, FOCUS).data
    assert {one.name for one in dots if one.mode == "markers"} == {
        f"baseline, 2022 to {LAST}",
        "outlook, around 2030",
    }


def test_files_say_units_and_definitions(busy, tmp_path):
    files = write_path(busy, tmp_path / "out", FOCUS)
    names = {file.stem for file in files}
    assert names == {"report", "path", "manifest", *tables.csv_tables(busy, FOCUS)}
    definitions = pd.read_csv(tmp_path / "out" / "tables" / "definitions.csv")
    assert set(definitions.variable) == set(busy.dataset)
    assert definitions.definition.str.len().min() > 10
    regions = pd.read_csv(tmp_path / "out" / "tables" / "regions.csv")
    assert len(regions) == 2 * len(picks.years_of(busy)) * 4
    row = regions.query(f"run == 'scenario' and year == {LAST} and region == 'CHN'").iloc[0]
    wanted = busy.dataset.sel(run=SCENARIO, year=LAST, region="CHN")
    assert row.capital == pytest.approx(float(wanted.capital))
    assert row.outlay_nodes == pytest.approx(float(wanted.outlay.sel(outlay_kind="nodes")))
    nodes = pd.read_csv(tmp_path / "out" / "tables" / "nodes.csv")
    assert set(nodes.region) == {FOCUS}


def test_an_earlier_path_leaves_nothing_behind(busy, still, tmp_path):
    write_path(busy, tmp_path, FOCUS)
    assert (tmp_path / "tables" / "decomposition.csv").is_file()
    write_path(still, tmp_path, FOCUS)
    assert not (tmp_path / "tables" / "decomposition.csv").exists()


def test_nothing_is_left_half_written(busy, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(OutputError, match="No space left"):
        write_path(busy, tmp_path / "out", FOCUS)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("which", ["busy", "still"])
def test_json_is_strict_and_whole(which, request):
    outcome = request.getfixturevalue(which)
    found = json.loads(json.dumps(path_json(outcome, FOCUS), allow_nan=False))
    assert found["verdict"] == words.verdict(outcome, FOCUS)
    assert set(found["audit"]) == {SCENARIO, BASELINE}
    assert set(found["tables"]) == set(tables.shown_tables(outcome, FOCUS))
