"""Bands in the terminal, on the page and in files."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from drives import FOCUS, four_by_six, quick_drive, scenario
from rich.console import Console

from zizhu.laboratory.ensemble.design import GROUPS
from zizhu.laboratory.ensemble.result import quantile
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.report.scenario_path import bands, words
from zizhu.report.scenario_path.html import page_html
from zizhu.report.scenario_path.terminal import verdict_page
from zizhu.report.scenario_path.write import write_scenario_path

LAST, DRAWS = 2025, 4


@cache
def drawn() -> ScenarioPath:
    return run_path(scenario(years=LAST), world=four_by_six(), quick=True, draws=DRAWS)


def printed(outcome: ScenarioPath, width: int) -> str:
    console = Console(width=width, record=True, file=None, quiet=True)
    console.quiet = False
    with console.capture() as captured:
        console.print(verdict_page(outcome))
    return captured.get()


@pytest.mark.parametrize("width", [80, 100])
def test_terminal_has_the_band_and_cuts_no_word(width):
    text = printed(drawn(), width)
    assert "10-90" in text
    assert str(LAST) in next(line for line in text.splitlines() if "10-90" in line)
    assert "4 pairs" in text
    assert "p: probability of reaching it" in " ".join(text.split())
    assert "history cannot tell momentum from past policy" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= width
    assert "nan" not in text
    assert "10-90" not in printed(quick_drive(), width)


def test_words_say_how_sure_it_is():
    said = bands.sure(drawn())
    assert said.startswith("Of 4 draws ")
    assert said in words.verdict(drawn())
    assert bands.sure(quick_drive()) == ""
    low, high = bands.income(drawn(), LAST)
    assert f"{low:.2f} to {high:.2f}" in words.headline(drawn())
    assert bands.said((np.nan, 1.0)) == ""
    assert bands.short((12.2, 19.7)) == "12-20"


def test_page_shows_bands_or_says_that_there_are_none():
    page = page_html(drawn())
    assert "What the bands are made of" in page
    assert "with probability" in page
    assert f"10 to 90 in {LAST}" in page
    none = page_html(quick_drive())
    assert "No draws were asked for" in none
    assert "What the bands are made of" not in none


def test_files_hold_draws_and_their_quantiles(tmp_path):
    write_scenario_path(drawn(), tmp_path)
    table = pd.read_csv(tmp_path / "tables" / "bands.csv")
    with xr.open_dataset(tmp_path / "ensemble.nc", engine="h5netcdf") as read:
        assert read.sizes["draw"] == DRAWS
        share = read["domestic_share"].sel(run="scenario", battleground="semiconductors", year=LAST)
        row = table[
            (table.variable == "domestic_share")
            & (table["where"] == "semiconductors")
            & (table.run == "scenario")
            & (table.year == LAST)
        ].iloc[0]
        for name, part in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            assert row[name] == pytest.approx(quantile(share.values, part))
    with xr.open_dataset(tmp_path / "ensemble.nc", group="bands", engine="h5netcdf") as read:
        assert list(read["quantile"]) == [0.1, 0.5, 0.9]
    variance = pd.read_csv(tmp_path / "tables" / "variance.csv")
    assert {*GROUPS, "answer", "spread"} <= set(variance.columns)
    known = variance[list(GROUPS)].stack().dropna()
    assert known.between(0, 1).all()
    write_scenario_path(quick_drive(), tmp_path)
    assert not (tmp_path / "ensemble.nc").exists()
    assert not (tmp_path / "tables" / "bands.csv").exists()


def test_cost_of_a_point_and_chance_of_a_gain_are_those_of_the_draws():
    found = drawn().bands
    assert found is not None
    here = found.dataset.sel(battleground="semiconductors", year=LAST)
    share = here["domestic_share"]
    points = (share.sel(run="scenario") - share.sel(run="baseline")).values
    cost = found.dataset["cost_per_point"].sel(battleground="semiconductors").values
    spent = found.dataset["outlay"].values
    gains = points > 0
    np.testing.assert_allclose(cost[gains], spent[gains] / points[gains])
    assert np.isnan(cost[~gains]).all()
    row = bands.board(drawn()).loc["semiconductors"]
    assert row.gains == pytest.approx(np.mean(points > 0.05))
    assert row.p10 <= row.p90
    income = found.dataset["real_income_effect"].sel(region=FOCUS, year=LAST).values
    assert bands.income(drawn(), LAST)[0] == pytest.approx(quantile(income, 0.1))
