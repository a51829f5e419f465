"""Backtests of technologies: nothing seen that is scored; stored tables are what comes out."""

import dataclasses

import jax
import numpy as np
import pandas as pd
import pytest

from zizhu.history.panel import observations
from zizhu.history.series import Series
from zizhu.laboratory.backtest import node_tables, nodes, published
from zizhu.laboratory.backtest.foreseen import foreseen
from zizhu.laboratory.backtest.node_tables import (
    FEW,
    KEPT,
    TABLES,
    cases_of,
    joined,
    scores_of,
    text_of,
)
from zizhu.laboratory.backtest.nodes import (
    CELLS,
    MODEL,
    NODE_KINDS,
    ORIGINS,
    STILL,
    folds,
    forecasts_at,
    standing,
)
from zizhu.laboratory.backtest.published import NAMES
from zizhu.laboratory.backtest.published import published as published_table
from zizhu.laboratory.backtest.sector_tables import shipped_table, table_path
from zizhu.laboratory.pace import estimate
from zizhu.laboratory.pace.estimate import YEARS, stored, technologies
from zizhu.laboratory.pace.observed import observed, until
from zizhu.laboratory.pace.posterior import fit
from zizhu.laboratory.pace.prior import NAMES as NUMBERS
from zizhu.laboratory.pace.prior import PRIORS
from zizhu.parameters import values
from zizhu.parameters.posterior import text_of as posterior_text

ORIGIN = 2019
# Stored numbers have four digits; the last may fall either way on another machine.
CLOSE = {"rtol": 2e-3, "atol": 2e-3}


def some(wild=None):
    """A part of the panel; with one number for all that came after the origin if `wild`."""
    found = [one for one in technologies() if one.kind in NODE_KINDS][::9]
    if wild is None:
        return found
    return [
        dataclasses.replace(
            one,
            percents=tuple(
                wild if year > ORIGIN else percent
                for year, percent in zip(one.years, one.percents, strict=True)
            ),
        )
        for one in found
    ]


@pytest.fixture(scope="module")
def origin_2022():
    return forecasts_at(2022)


def equal(one, other):
    one, other = jax.tree.leaves(one), jax.tree.leaves(other)
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def test_no_fit_or_forecast_sees_what_is_scored():
    clean, wild = some(), some(99.0)
    split, said = forecasts_at(ORIGIN, clean)
    spoilt, said_of_wild = forecasts_at(ORIGIN, wild)
    assert len(split.percent) > 20
    assert set(spoilt.percent) == {99.0}
    for name, one in said.items():
        np.testing.assert_array_equal(one.quantiles, said_of_wild[name].quantiles, err_msg=name)
    # What the posterior is estimated from.
    inputs = [
        observed(until(of, float(ORIGIN)), values(), year=float(ORIGIN)) for of in (clean, wild)
    ]
    assert equal(inputs[0].observations, inputs[1].observations)
    assert inputs[0].pushes
    assert all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for a, b in zip(inputs[0].pushes, inputs[1].pushes, strict=True)
        for name in ("years", "follow", "growth")
    )


def test_a_posterior_is_of_what_was_known_then(monkeypatch):
    seen = []

    def spy(panel, elasticity):
        seen.append(panel)
        return stored(ORIGIN)

    monkeypatch.setattr(estimate, "fit", spy)
    estimate.posterior_at(float(ORIGIN), some())
    estimate.posterior_at(float(ORIGIN), some(99.0))
    assert equal(seen[0].observations, seen[1].observations)
    assert seen[0].last.max() <= ORIGIN
    # Series of one date say nothing of how shares move.
    assert int(np.asarray(seen[0].observations.seen.sum(axis=1)).min()) >= 2


def test_stored_posteriors_differ_by_what_was_known():
    found = [stored(year) for year in YEARS]
    assert [of.fit["observations"] for of in found] == sorted(
        of.fit["observations"] for of in found
    )
    assert len({of.value("follow") for of in found}) == len(YEARS)
    assert all(of.names == NUMBERS for of in found)


def test_the_stored_tables_are_what_one_origin_gives(origin_2022):
    split, said = origin_2022
    now = scores_of(split, said, by_year=True)
    then = shipped_table("nodes")
    then = then[then["origin"] == 2022]
    keys = ["cell", "horizon", "method"]
    now = now.astype({"horizon": str}).set_index(keys).sort_index()
    then = then.astype({"horizon": str}).set_index(keys).sort_index()
    assert list(now.index) == list(then.index)
    # A truth at the very edge of a band may fall in or out.
    counted = ["cover50", "cover80", "right_sign", "won", "won_all"]
    for column in now.columns:
        if column in counted:
            one_case = 1 / now["subjects" if "won" in column else "cases"]
            gap = (now[column] - then[column]).abs().fillna(0)
            assert (gap <= one_case + 1e-3).all(), column
        else:
            np.testing.assert_allclose(now[column], then[column], err_msg=column, **CLOSE)
    cases, stood = cases_of(2022, split, said), standing(split, said[MODEL])
    kept = shipped_table("node_cases")
    kept = kept[kept["origin"] == 2022].reset_index(drop=True)
    assert list(cases["name"]) == list(kept["name"])
    for column in ("year", "before", "truth", "p10", "p50", "p90", "persistence"):
        np.testing.assert_allclose(cases[column], kept[column], err_msg=column, **CLOSE)
    known = shipped_table("standing")
    known = known[known["origin"] == 2022]["forecast_pace"]
    np.testing.assert_allclose(stood["forecast_pace"], known, **CLOSE)


def test_stored_tables_say_where_they_are_from_and_are_whole():
    for name in TABLES:
        head = table_path(name).read_text(encoding="utf-8").splitlines()[:2]
        assert head[0].startswith("# source: ")
        assert head[1].startswith("# licence: ")
    scores = shipped_table("nodes")
    assert set(scores["origin"]) == set(ORIGINS)
    assert set(scores["cell"]) == set(CELLS)
    empty = scores.columns[scores.isna().any()]
    assert set(empty) <= {"over_still_error", "right_sign", "still_pace"}
    assert (scores["few"] == 1)[scores["cases"] < FEW].all()
    left = shipped_table("left_out")
    assert set(left["cell"]) == {"nodes", "nodes CHN", "nodes others"}
    cases = shipped_table("node_cases")
    assert set(cases["origin"]) == set(KEPT)
    assert (cases["p10"] <= cases["p50"]).all()
    assert (cases["p50"] <= cases["p90"]).all()
    assert (cases["year"] > cases["origin"]).all()
    assert (cases["last"] <= cases["origin"]).all()
    truth = {
        (s.name, y): p for s in observations() for y, p in zip(s.years, s.percents, strict=True)
    }
    for row in cases[::37].itertuples():
        assert row.truth == pytest.approx(truth[row.name, row.year], abs=1e-3)


def test_scores_count_technologies_won_and_what_stood(origin_2022):
    split, said = origin_2022
    table = scores_of(split, said, by_year=True).set_index(["cell", "horizon", "method"])
    own = table.loc[("nodes", "all", MODEL)]
    rows = nodes.members(split)["nodes"]
    truth, before = split.percent[rows], split.before[rows]
    stood = np.abs(truth - before) < 2
    pace = (said[MODEL].median[rows] - before) / split.asked.ahead[rows]
    assert own["still"] == stood.sum()
    assert own["still_pace"] == pytest.approx(pace[stood].mean())
    assert own["subjects"] == len(set(np.array(split.label("subject"))[rows]))
    # Nobody is below itself, and whoever beats all naive methods beats persistence.
    assert table.loc[("nodes", "all", STILL), "won"] == 0
    assert (table["won_all"] <= table["won"]).all()


def test_each_technology_is_left_out_once():
    series = technologies()
    parts = folds(series)
    every = [subject for part in parts for subject in part]
    assert len(every) == len(set(every))
    known = {s.subject for s in series if s.kind in NODE_KINDS and len(s.years) > 1}
    assert set(every) == known


def test_what_is_left_out_is_hidden_but_for_its_first_date(monkeypatch):
    given, shown = [], []

    def posterior(year, series):
        given.extend(series)
        return stored()

    def model(split, known, posterior, year):
        shown.extend(known)
        return nodes.naive_forecasts(split.past, split.asked)[STILL]

    monkeypatch.setattr(nodes, "technologies", some)
    monkeypatch.setattr(nodes, "posterior_at", posterior)
    monkeypatch.setattr(nodes, "model_forecast", model)
    splits, said = nodes.left_out(parts=1)
    hidden = set(folds(some())[0])
    assert hidden
    assert not hidden & {one.subject for one in given}
    assert given
    first = {one.name: one.years[0] for one in technologies()}
    of = [one for one in shown if one.subject in hidden and one.kind in NODE_KINDS]
    assert of
    assert all(one.years == (first[one.name],) for one in of)
    split, forecasts = joined([splits[0], splits[0]], [said[0], said[0]])
    assert len(split.percent) == 2 * len(splits[0].percent)
    assert split.label("name") == 2 * splits[0].label("name")
    np.testing.assert_array_equal(split.before, np.tile(splits[0].before, 2))
    assert set(split.label("subject")) == hidden
    assert forecasts.keys() == said[0].keys()


def simulated(count, years, *, drift, spread, fade, shock, seed=5):
    """Home shares by the process: an autoregression of momentum, exact from year to year."""
    draw = np.random.default_rng(seed)
    found = []
    keep = np.exp(-fade)
    # Covariance of momentum and its integral over a year, given momentum at its start.
    own = spread**2 * (1 - keep**2)
    both = spread**2 * (1 - keep) ** 2 / fade
    sums = spread**2 / fade**2 * (2 * fade - 3 + 4 * keep - keep**2)
    root = np.linalg.cholesky([[own, both], [both, sums]])
    for number in range(count):
        pace, level = spread * draw.standard_normal(), draw.normal(0, 0.5)
        odds = []
        for _ in range(years):
            odds.append(level + 0.02 * draw.standard_normal())
            new = root @ draw.standard_normal(2)
            level += drift + pace * (1 - keep) / fade + new[1] + shock * draw.standard_normal()
            pace = keep * pace + new[0]
        found.append(
            Series(
                name=f"s{number}",
                subject=f"s{number}",
                node="",
                region="CHN",
                place="home",
                basis="headquarters",
                measure="sales",
                kind="market",
                years=tuple(2000.0 + np.arange(years)),
                percents=tuple(100 / (1 + np.exp(-np.array(odds)))),
                source="drawn",
                confidence="read",
                note="",
                confidences=("read",) * years,
            )
        )
    return found


def test_a_small_fit_finds_what_made_its_series():
    right = {"drift CHN home": 0.08, "spread home": 0.12, "fade home": 0.2, "shock home": 0.06}
    series = simulated(60, 14, drift=0.08, spread=0.12, fade=0.2, shock=0.06)
    found = fit(observed(series, values()), values()["chain_sourcing_elasticity"])
    for name, value in right.items():
        away = np.log(found.value(name) / value) if PRIORS[name].log else found.value(name) - value
        assert abs(away) < 3.5 * found.spread(name), name
    for name in ("drift CHN home", "shock home"):
        assert found.rests_on(name) == "data"
    # Of what no series tells nothing is learnt.
    for name in ("drift others patents", "spread mineral", "follow", "error low"):
        place = found.names.index(name)
        assert found.mean[place] == pytest.approx(PRIORS[name].mean, abs=1e-4)
        assert found.contraction(name) == pytest.approx(1, abs=1e-3)
        assert found.rests_on(name) == "prior"
    assert 0 < found.fit["effective part of draws"] <= 1


def test_bars_are_what_the_tables_say():
    for name in NAMES:
        one = published_table(name)
        assert one.bars
        for bar in one.bars:
            assert bar.table == name
            assert isinstance(bar.met, bool)
            assert np.isfinite(bar.value)
    scores = shipped_table("nodes")
    whole = scores[(scores["cell"] == "nodes") & (scores["horizon"] == "all")]
    whole = whole.set_index(["origin", "method"])
    by = {(bar.of, bar.what): bar for bar in published_table("nodes").bars}
    for origin in ORIGINS:
        bar = by[f"from {origin}", "CRPS below persistence"]
        own, still = (whole.loc[(origin, one), "crps"] for one in (MODEL, STILL))
        assert (bar.value, bar.met) == (own, own < still)
        bias = by[f"from {origin}", "mean pace off by less, pt a year"]
        assert bias.met == (abs(whole.loc[(origin, MODEL), "pace_bias"]) < 0.3)
        signs = by[f"from {origin}", "right sign of moves, percent"]
        assert signs.met == (whole.loc[(origin, MODEL), "right_sign"] >= 0.8)


def test_a_bar_that_is_missed_says_so():
    one = published_table("nodes")
    worse = one.scores.copy()
    worse.loc[worse["method"] == MODEL, ["crps", "absolute_error"]] = 99.0
    worse.loc[worse["method"] == MODEL, ["cover80", "right_sign"]] = [0.95, 0.5]
    worse.loc[worse["method"] == MODEL, ["pace_bias", "still_pace"]] = [-0.4, 0.4]
    fast = one.standing.assign(forecast_pace=0.5)
    assert not any(bar.met for bar in published.Published("nodes", worse, fast).bars)
    sectors = published_table("sectors")
    equal_scores = sectors.scores.assign(crps=1.0)
    met = {bar.of: bar.met for bar in dataclasses.replace(sectors, scores=equal_scores).bars}
    # No worse is enough at home, not for shares of the world.
    assert met["OECD, home"]
    assert not met["OECD, output"]


def test_fresh_tables_are_read_as_they_are_written(monkeypatch):
    monkeypatch.setattr(published.sector_tables, "group_table", lambda: shipped_table("groups"))
    fresh = published_table("groups", fresh=True)
    pd.testing.assert_frame_equal(fresh.scores, shipped_table("groups"))


def test_every_stored_forecast_is_found_by_its_series():
    found = foreseen()
    assert sum(map(len, found.values())) == len(shipped_table("node_cases"))
    assert set(found) <= {one.name for one in technologies()}
    inside = np.mean([case.inside for of in found.values() for case in of])
    assert 0.5 < inside < 1


@pytest.mark.long
def test_a_posterior_is_made_again(tmp_path):
    (file,) = estimate.build([2015], tmp_path)
    assert file.name == "pace_2015.csv"
    again = estimate.posterior_at(2015.0)
    # The same to the last digit that is written.
    assert file.read_text(encoding="utf-8").endswith(posterior_text(again, {}))
    spread = np.sqrt(np.diag(again.covariance))
    gap = np.abs(again.mean - stored(2015).mean) / spread
    assert gap.max() < 0.02
    np.testing.assert_allclose(spread, np.sqrt(np.diag(stored(2015).covariance)), rtol=0.02)


@pytest.mark.long
def test_all_tables_are_made_again(tmp_path):
    files = node_tables.build(tmp_path)
    assert [file.stem for file in files] == list(TABLES)
    for file in files:
        now, then = pd.read_csv(file, comment="#"), shipped_table(file.stem)
        assert list(now.columns) == list(then.columns)
        words = [column for column in now if now[column].dtype == object]
        pd.testing.assert_frame_equal(now[words], then[words])
        size = (now[["crps"]] - then[["crps"]]).abs() if "crps" in now else pd.DataFrame([0.0])
        assert float(size.max().max()) < 0.02
    assert text_of(now).startswith("# source: ")
