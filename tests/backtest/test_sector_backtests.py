"""Backtests of sectors: nothing seen that is scored, and the shipped tables are what comes out."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from calibration_2017 import data_folder

from zizhu.history.sectors import sector_series
from zizhu.history.series import log_odds
from zizhu.laboratory.backtest import sector_posterior
from zizhu.laboratory.backtest.forecast import Forecast
from zizhu.laboratory.backtest.naive import METHODS, PERSISTENCE, forecast, naive_forecasts
from zizhu.laboratory.backtest.origin import cut
from zizhu.laboratory.backtest.score import score_cells
from zizhu.laboratory.backtest.sector_cells import anchors, cells_of
from zizhu.laboratory.backtest.sector_tables import (
    MODEL,
    PROCESS,
    STILL,
    TABLES,
    group_table,
    sector_table,
    shipped_table,
)
from zizhu.laboratory.backtest.sectors import (
    SECTOR_EDGE,
    KindModel,
    learn,
    process_forecast,
    rolling,
    sector_forecast,
)

REGIONS = ("CHN", "USA", "DEU", "JPN", "KOR", "IND", "POL")


def small(wild=None):
    """Seven countries, exports and home shares; with other numbers after 2005 if `wild`."""
    found = [
        one
        for one in sector_series("wiod")
        if one.region in REGIONS and one.kind != "output" and one.sector in ("29", "30t33", "24")
    ]
    if wild is None:
        return found
    return [
        dataclasses.replace(one, percents=np.where(one.years > 2005, wild, one.percents))
        for one in found
    ]


@pytest.fixture(scope="module")
def clean():
    return cut(small(), 2005, edge=SECTOR_EDGE)


@pytest.fixture(scope="module")
def learnt(clean):
    return learn(clean.past)


def test_fits_and_forecasts_cannot_see_what_is_scored(clean, learnt):
    """Wild values after the origin change no bit of parameters, weights or forecasts."""
    dirty = cut(small(99.0), 2005, edge=SECTOR_EDGE)
    assert not np.allclose(clean.percent, dirty.percent)
    now, then = learnt, learn(dirty.past)
    for kind, model in now.items():
        assert model.weight == then[kind].weight
        np.testing.assert_array_equal(model.fit.cells.theta, then[kind].fit.cells.theta)
        np.testing.assert_array_equal(model.fit.country.theta, then[kind].fit.country.theta)
        np.testing.assert_array_equal(model.fit.cells.covariance, then[kind].fit.cells.covariance)
    np.testing.assert_array_equal(
        sector_forecast(now, clean.past, clean.asked).quantiles,
        sector_forecast(then, dirty.past, dirty.asked).quantiles,
    )


def test_weights_lead_from_standing_still_to_the_process(clean, learnt):
    split = clean

    def at(weight):
        models = {kind: KindModel(one.fit, weight) for kind, one in learnt.items()}
        return sector_forecast(models, split.past, split.asked).quantiles

    still = forecast(PERSISTENCE, split.past, split.asked).quantiles
    moving = process_forecast(
        {kind: one.fit for kind, one in learnt.items()}, split.past, split.asked
    )
    np.testing.assert_allclose(at(0.0), still)
    np.testing.assert_allclose(at(1.0), moving.quantiles)
    np.testing.assert_allclose(at(0.5), (still + moving.quantiles) / 2)
    assert (np.diff(at(0.5), axis=1) >= 0).all()


def test_doubt_about_parameters_widens(clean, learnt):
    split = clean
    fits = {kind: one.fit for kind, one in learnt.items()}
    sure = process_forecast(fits, split.past, split.asked, doubt=False)
    unsure = process_forecast(fits, split.past, split.asked)

    def width(one: Forecast):
        low, high = (log_odds(end, 1e-9) for end in one.band(0.8))
        return (high - low).mean()

    assert width(unsure) > width(sure)


def test_two_parts_are_the_whole(clean):
    past = clean.past
    cells = cells_of(past, "exports")
    odds = np.array([past.odds[row] for row in cells.row])
    country = (cells.country.z + cells.level[:, None])[cells.member]
    np.testing.assert_allclose(country + cells.anchor[:, None] + cells.seen.z, odds, atol=1e-12)
    # What moves all sectors of a country alike is the country's.
    lifted = [
        dataclasses.replace(
            one,
            percents=100 / (1 + np.exp(-log_odds(one.percents, 1e-9) - 0.3 * (one.years > 2000))),
        )
        if one.region == "CHN"
        else one
        for one in small()
    ]
    other = cells_of(cut(lifted, 2005, edge=SECTOR_EDGE).past, "exports")
    np.testing.assert_allclose(other.seen.z[:, -1], cells.seen.z[:, -1], atol=0.05)
    china = cells.region.index("CHN")
    assert other.level[other.member[china]] - cells.level[cells.member[china]] == pytest.approx(
        0.3, abs=0.05
    )


def test_anchors_add():
    region = [r for r in "abcdef" for _ in range(3)]
    sector = ["x", "y", "z"] * 6
    level = np.add.outer(np.arange(6.0), [0.0, 10.0, 20.0]).ravel()
    np.testing.assert_allclose(anchors(level, region, sector), level, atol=1e-9)
    np.testing.assert_allclose(anchors(level[:6], region[:6], sector[:6]), [10] * 3 + [11] * 3)


def test_rolling_origins_lie_in_the_later_half(clean):
    past = clean.past
    assert [split.past.origin for split in rolling(past)] == [2000, 2002, 2004]
    assert all(split.year.max() <= 2005 for split in rolling(past))


@pytest.mark.parametrize("name", TABLES)
def test_shipped_scores(name):
    table = shipped_table(name)
    assert {MODEL, PROCESS, STILL, *(one.name for one in METHODS)} <= set(table.method)
    assert (table.crps > 0).all()
    assert table[["cover50", "cover80", "won", "won_all"]].stack().between(0, 1).all()
    assert (table[table.method == STILL][["over_still", "won"]] == 0).all().all()
    keys = ["panel", "kind", "horizon"]
    still = table[table.method == STILL].set_index(keys).crps
    model = table[table.method == MODEL].set_index(keys)
    np.testing.assert_allclose(model.crps - still, model.over_still, atol=2e-4)


def test_shipped_scores_of_naive_methods_come_out_again():
    """The quick part of the table, from the shipped panel."""
    split = cut(sector_series("wiod"), 2005, edge=SECTOR_EDGE)
    found = score_cells(
        naive_forecasts(split.past, split.asked), split, clusters=split.label("region")
    )
    table = shipped_table("sectors")
    right = table[(table.panel == "wiod") & table.method.isin([one.name for one in METHODS])]
    both = found.merge(right, on=["method", "kind", "horizon"], suffixes=("", "_shipped"))
    assert len(both) == len(right) == len(found)
    for column in ("crps", "absolute_error", "cover80", "pace_bias", "over_still"):
        np.testing.assert_allclose(both[column], both[f"{column}_shipped"], atol=2e-4)


@pytest.mark.long
@pytest.mark.parametrize(("name", "table"), [("sectors", sector_table), ("groups", group_table)])
def test_shipped_scores_come_out_again(name, table):
    pd.testing.assert_frame_equal(table(), shipped_table(name), atol=2e-3, rtol=1e-3)


def test_shipped_posterior():
    draws = sector_posterior.shipped_draws()
    assert draws.shape == (sector_posterior.DRAWS, 4)
    path = sector_posterior.table_path("sector_posterior")
    table = pd.read_csv(path, comment="#").set_index("parameter")
    assert list(table.index) == list(draws.columns) == list(sector_posterior.PARAMETERS)
    off = (draws.mean() - table["mean"]) / (table["sd"] / 16)
    assert (off.abs() < 4).all()
    assert draws.sector_fade.between(0, 1).all()
    assert (draws[["sector_reversion", "sector_shock"]] > 0).all().all()


@pytest.mark.long
def test_shipped_posterior_comes_out_again(tmp_path):
    sector_posterior.build(data_folder("icio_cube"), tmp_path)
    for name in ("sector_posterior", "sector_draws"):
        found = pd.read_csv(tmp_path / f"{name}.csv", comment="#")
        right = pd.read_csv(sector_posterior.table_path(name), comment="#")
        pd.testing.assert_frame_equal(found, right, rtol=1e-2, atol=1e-3)
