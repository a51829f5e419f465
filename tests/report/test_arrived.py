"""Where the money arrived, by node: in tables, on the page, in the terminal."""

from __future__ import annotations

import io

import numpy as np
import pytest
from drives import FOCUS, drive, no_drive
from rich.console import Console
from small_paths import LAST

from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.report.scenario_path import more_tables
from zizhu.report.scenario_path.html import page_html
from zizhu.report.scenario_path.terminal import verdict_page
from zizhu.report.scenario_path.write import csv_tables

ETCH = "semiconductors/etch"


def printed(content: object) -> str:
    text = io.StringIO()
    Console(file=text, width=100, highlight=False).print(content)
    return text.getvalue()


def test_effort_is_the_sum_of_where_it_comes_from():
    found = drive().outcome.dataset
    parts = found.node_effort_own + found.node_effort_sector + found.node_money
    np.testing.assert_allclose(found.node_effort, parts, rtol=1e-12, atol=1e-15)
    assert (found.node_effort_sector.sel(run=BASELINE) == 0).all()
    # The subsidy of a sector reaches only the nodes of its region, and some of them.
    given = found.node_effort_sector.sel(run=SCENARIO, year=LAST).sum("node")
    assert given.sel(region=FOCUS) > 0
    assert (given.drop_sel(region=FOCUS) == 0).all()


def test_effort_is_a_multiple_of_the_baseline_in_the_same_year():
    found = drive().outcome.dataset
    usual = found.node_effort.sel(run=BASELINE)
    np.testing.assert_allclose(
        found.node_effort_multiple, found.node_effort / usual.where(usual > 0), rtol=1e-12
    )
    alone = found.node_effort_multiple.sel(run=BASELINE)
    assert (alone.isnull() == (usual == 0)).all()
    assert (alone.where(usual > 0, 1.0) == 1.0).all()
    # Growth of demand is in both runs: without a measure nothing is above one, whatever the year.
    assert (usual.sel(year=LAST).sum("node") > 1.05 * usual.sel(year=2022).sum("node")).any()
    none = no_drive().outcome.dataset.node_effort_multiple.sel(run=SCENARIO)
    np.testing.assert_allclose(none.where(none.notnull(), 1.0), 1.0, rtol=1e-9)


def test_the_table_adds_up_and_the_fund_is_where_it_was_sent():
    table, found = more_tables.arrived(drive()), drive().outcome.dataset.sel(region=FOCUS)
    np.testing.assert_allclose(table.own + table.sector + table.money, table.added, atol=1e-9)
    assert table.index[0] == ETCH
    money = found.node_money.sel(run=SCENARIO) - found.node_money.sel(run=BASELINE)
    assert table.money[ETCH] == pytest.approx(float(money.sel(node=ETCH).sum()))
    assert table.money[ETCH] == pytest.approx(float(money.sum()))
    assert table.use[ETCH] == "abilities"
    multiple = found.node_effort_multiple.sel(node=ETCH, year=LAST)
    assert table.loc[ETCH, f"multiple {LAST}"] == pytest.approx(float(multiple.sel(run=SCENARIO)))
    usual = found.node_effort.sel(run=BASELINE, node=ETCH)
    assert table.base[ETCH] == pytest.approx(float(usual.sum()))
    added = found.node_effort.sel(run=SCENARIO, node=ETCH) - usual
    assert multiple.sel(run=SCENARIO) == pytest.approx(float(1 + (added / usual).sel(year=LAST)))
    assert table.loc[ETCH, f"multiple {LAST}"] > 2
    order = (table.sector + table.money).to_numpy()
    assert (np.diff(order) <= 1e-12).all()


def test_page_terminal_and_files_show_it():
    page, text = page_html(drive()), printed(verdict_page(drive()))
    part = page[page.index('<h2 id="arrived">') : page.index('<h2 id="bought">')]
    money = more_tables.arrived(drive()).money[ETCH]
    assert f"<td>{money:,.2f}</td>" in part
    lines = text.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("Where the money arrived"))
    assert f"{money:,.1f}" in lines[start + 2]
    assert csv_tables(drive())["arrived"].node.iloc[0] == ETCH


def test_without_measures_nothing_arrives():
    assert more_tables.arrived(no_drive()).empty
    assert "No node gets more or less" in page_html(no_drive())
    assert "Where the money arrived" not in printed(verdict_page(no_drive()))
