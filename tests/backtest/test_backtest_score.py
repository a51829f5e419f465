"""Scores against closed forms, and what must not change them."""

import numpy as np
import pytest
from backtest_panels import walks
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from zizhu.errors import EvidenceError
from zizhu.laboratory.backtest.forecast import (
    COUNT,
    LEVELS,
    Forecast,
    from_draws,
    logit_normal,
    logit_student,
    normal_points,
)
from zizhu.laboratory.backtest.naive import naive_forecasts
from zizhu.laboratory.backtest.origin import cut
from zizhu.laboratory.backtest.score import cluster_error, covered, crps, score, score_cells

numbers = st.floats(5, 95)


def closed_form(mean, sd, truth):
    """CRPS of a normal (Gneiting and Raftery 2007, equation 5)."""
    z = (truth - mean) / sd
    return sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))


def of_members(values, truth):
    """CRPS of an ensemble whose members weigh alike: E|X-y| - E|X-X'|/2."""
    return np.abs(values - truth).mean() - np.abs(values[:, None] - values[None, :]).mean() / 2


@given(st.floats(40, 60), st.floats(0.5, 5), st.floats(30, 70))
def test_crps_of_a_normal(mean, sd, truth):
    found = crps(normal_points(np.array([mean]), np.array([sd])), np.array([truth]))
    assert found[0] == pytest.approx(closed_form(mean, sd, truth), abs=0.01 * sd)


@given(st.lists(numbers, min_size=COUNT, max_size=COUNT), numbers)
def test_crps_is_that_of_the_quantiles_as_an_ensemble(values, truth):
    values = np.sort(np.array(values))
    found = crps(Forecast(values[None, :]), np.array([truth]))
    assert found[0] == pytest.approx(of_members(values, truth), abs=1e-9)
    assert found[0] >= -1e-12


@given(numbers, numbers)
def test_crps_of_a_sure_forecast_is_the_absolute_error(value, truth):
    sure = normal_points(np.array([value]), np.array([0.0]))
    assert crps(sure, np.array([truth]))[0] == pytest.approx(abs(value - truth), abs=1e-9)


@given(st.floats(30, 50), st.floats(0.1, 4), st.floats(30, 50), st.floats(-10, 10))
def test_crps_moves_with_neither_place_nor_mirror(mean, sd, truth, shift):
    one, y = normal_points(np.array([mean]), np.array([sd])), np.array([truth])
    moved = Forecast(one.quantiles + shift)
    mirrored = Forecast(100 - one.quantiles[:, ::-1])
    assert crps(moved, y + shift)[0] == pytest.approx(crps(one, y)[0], abs=1e-9)
    assert crps(mirrored, 100 - y)[0] == pytest.approx(crps(one, y)[0], abs=1e-9)


def test_crps_is_proper():
    """Whoever says the true distribution scores best on average."""
    truth = 50 + 3 * np.random.default_rng(0).standard_normal(20_000)
    said = {
        sd: crps(normal_points(np.full_like(truth, 50), np.full_like(truth, sd)), truth).mean()
        for sd in (1.5, 3.0, 6.0)
    }
    assert said[3.0] == min(said.values())


def test_bands_and_coverage_of_a_normal():
    one = normal_points(np.full(5000, 50.0), np.full(5000, 4.0))
    low, high = one.band(0.8)
    assert (high - low)[0] == pytest.approx(2 * 4 * norm.ppf(0.9), rel=0.01)
    truth = 50 + 4 * np.random.default_rng(1).standard_normal(5000)
    assert covered(one, truth, 0.8).mean() == pytest.approx(0.8, abs=0.02)
    assert covered(one, truth, 0.5).mean() == pytest.approx(0.5, abs=0.02)
    assert one.band(1.0)[0][0] == one.quantiles[0, 0]


def test_forecasts_rise_and_stay_shares():
    for one in (
        logit_normal(np.array([-3.0, 4.0]), np.array([2.0, 0.1])),
        logit_student(np.array([-3.0]), np.array([2.0]), np.array([3.0])),
        normal_points(np.array([1.0]), np.array([20.0])),
        from_draws(np.random.default_rng(0).uniform(0, 100, (3, 400))),
    ):
        assert (np.diff(one.quantiles, axis=1) >= 0).all()
        assert (one.quantiles >= 0).all()
        assert (one.quantiles <= 100).all()
    assert LEVELS[COUNT // 2] == 0.5


def test_many_degrees_of_freedom_are_normal():
    mean, scale = np.array([0.3]), np.array([0.5])
    many = logit_student(mean, scale, np.array([1e6])).quantiles
    np.testing.assert_allclose(many, logit_normal(mean, scale).quantiles, atol=1e-3)


def test_clusters_widen_the_error_of_a_mean():
    draw = np.random.default_rng(3)
    shared = np.repeat(draw.standard_normal(100), 10)
    alone = cluster_error(shared, [str(n) for n in range(1000)])
    together = cluster_error(shared, [str(n // 10) for n in range(1000)])
    assert alone == pytest.approx(shared.std() / np.sqrt(1000), rel=0.1)
    assert together == pytest.approx(shared.std() / np.sqrt(100), rel=0.15)
    assert np.isnan(cluster_error(shared, ["one"] * 1000))


def test_scores_of_known_forecasts():
    split = cut(walks(4, range(2000, 2013)), 2010)
    still = normal_points(split.before, np.zeros_like(split.before))
    perfect = normal_points(split.percent, np.zeros_like(split.percent))
    found = score(perfect, split, still, move=1.0)
    assert (found.crps, found.absolute_error, found.pace_bias) == pytest.approx((0, 0, 0))
    assert found.right_sign == 1.0
    assert found.over_still == pytest.approx(-np.abs(split.percent - split.before).mean())
    own = score(still, split, still)
    assert (own.over_still, own.over_still_error) == (0.0, 0.0)
    early = normal_points(split.percent + split.asked.ahead, np.zeros_like(split.percent))
    assert score(early, split, still).pace_bias == pytest.approx(1.0)


def test_cells_hold_all_cases():
    split = cut(walks(), 2015)
    forecasts = naive_forecasts(split.past, split.asked)
    cells = score_cells(forecasts, split, ("region", "kind", "horizon"))
    whole = score_cells(forecasts, split, ())
    for method in forecasts:
        part = cells[cells.method == method]
        assert part.cases.sum() == len(split.percent)
        mean = np.average(part.crps, weights=part.cases)
        assert mean == pytest.approx(whole.set_index("method").crps[method])
    assert set(cells.horizon) == {1, 2, 3, 4, 5}
    assert len(score_cells(forecasts, split)) == 5 * 5


def test_nothing_to_score():
    split = cut(walks(2, range(2000, 2006)), 2005)
    nothing = normal_points(np.zeros(0), np.zeros(0))
    with pytest.raises(EvidenceError, match="nothing to score"):
        score(nothing, split, nothing)
