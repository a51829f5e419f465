"""Naive methods: what they say, how sure they are, and that they cannot see what is scored."""

import dataclasses

import numpy as np
import pytest
from backtest_panels import Line, walks
from scipy.special import expit, logit

from zizhu.errors import EvidenceError
from zizhu.laboratory.backtest.naive import (
    METHODS,
    PERSISTENCE,
    cannot_fit,
    forecast,
    naive_forecasts,
    pooled_drifts,
    spreads,
)
from zizhu.laboratory.backtest.origin import Past, cut
from zizhu.laboratory.backtest.score import covered


def line(name, years, percents, region="CHN", kind="market"):
    return Line(name, name, region, kind, np.array(years, float), np.array(percents, float))


def test_cut_keeps_what_was_known():
    split = cut([line("a", [2010, 2013, 2016, 2020], [1, 2, 3, 4])], 2015, 2018)
    assert split.past.histories[0].years.tolist() == [2010, 2013]
    assert (split.asked.ahead[0], split.horizon[0]) == (3.0, 1.0)
    assert (split.year[0], split.percent[0], split.before[0]) == (2016.0, 3.0, 2.0)
    assert len(split.year) == 1


@pytest.mark.parametrize("wild", [0.0, 99.9])
def test_what_is_scored_cannot_be_seen(wild):
    """A wild value after the origin changes no bit of any forecast."""
    lines = walks(12)
    planted = [
        dataclasses.replace(one, percents=np.where(one.years > 2015, wild, one.percents))
        for one in lines
    ]
    clean, dirty = cut(lines, 2015), cut(planted, 2015)
    for now, then in zip(
        naive_forecasts(clean.past, clean.asked).values(),
        naive_forecasts(dirty.past, dirty.asked).values(),
        strict=True,
    ):
        np.testing.assert_array_equal(now.quantiles, then.quantiles)


def test_the_past_is_a_copy():
    lines = walks(2)
    past = cut(lines, 2015).past
    for one in past.histories:
        assert one.years.base is None or len(one.years.base) == len(one.years)
        assert not any(np.shares_memory(one.percents, other.percents) for other in lines)
    assert {field.name for field in dataclasses.fields(Past)} == {"origin", "histories", "edge"}
    for split in past.inner:
        assert max(h.years[-1] for h in split.past.histories) <= split.past.origin
        assert split.year.max() <= past.origin


def test_centres():
    years = np.arange(2000.0, 2011)
    odds = -2 + 0.1 * (years - 2000)
    lines = [line(str(n), years, 100 * expit(odds)) for n in range(3)]
    split = cut(lines, 2006)
    said = naive_forecasts(split.past, split.asked)
    truth = split.percent
    for name in ("logit drift, own", "logit drift, pooled", "logistic"):
        np.testing.assert_allclose(said[name].median, truth, rtol=1e-9)
    np.testing.assert_allclose(said["persistence"].median, split.before)
    first, last = 100 * expit(-2.0), split.before[0]
    step = (last - first) / 6
    np.testing.assert_allclose(
        said["linear drift"].median, last + step * split.asked.ahead, rtol=1e-9
    )


def test_one_observation_stands_still_and_short_ones_drift():
    lines = [line("one", [2010, 2012], [20, 30]), *walks(6, range(2005, 2013))]
    split = cut(lines, 2010)
    said = naive_forecasts(split.past, split.asked)
    for name in ("linear drift", "logit drift, own", "logistic"):
        assert said[name].median[0] == pytest.approx(20)
    assert cannot_fit(split.past) == pytest.approx(1 / 7)


def test_pooled_speed_is_of_region_and_kind():
    years = [2000, 2010]

    def moved(name, odds, region, kind="market"):
        return line(name, years, 100 * expit(np.array([0.0, odds])), region, kind)

    lines = [moved(f"c{n}", 1.0, "CHN") for n in range(3)]
    lines += [moved("u", -1.0, "USA"), moved("p", 0.5, "USA", "patents")]
    found = pooled_drifts(cut(lines, 2010).past)
    np.testing.assert_allclose(found, [0.1, 0.1, 0.1, 0.05, 0.05], atol=1e-9)


def test_spread_of_random_walks_is_theirs():
    """A random walk is covered as often as its band says, at every horizon."""
    split = cut(walks(400, step=0.2), 2012)
    spread = spreads(PERSISTENCE, split.past)
    assert spread["market"] == pytest.approx(0.2, rel=0.05)
    for method in METHODS[:1] + METHODS[2:4]:
        said = forecast(method, split.past, split.asked)
        for ahead in (1.0, 4.0, 8.0):
            rows = np.flatnonzero(split.asked.ahead == ahead)
            inside = covered(said.take(rows), split.percent[rows], 0.8).mean()
            assert inside == pytest.approx(0.8, abs=0.07), (method.name, ahead)


def test_standing_still_wins_where_nothing_moves():
    split = cut(walks(200, step=0.2), 2012)
    last = logit(split.before / 100)
    said = naive_forecasts(split.past, split.asked)
    np.testing.assert_allclose(logit(said["persistence"].median / 100), last, atol=1e-9)


def test_errors():
    lonely = [line("a", [2010, 2012], [1, 2])]
    split = cut(lonely, 2011)
    with pytest.raises(EvidenceError, match="cannot be learnt"):
        forecast(PERSISTENCE, split.past, split.asked)
    with pytest.raises(EvidenceError, match="no series has 2 observations up to 2011"):
        cut(lonely, 2011, least=2)
    with pytest.raises(EvidenceError, match="years must rise"):
        cut([line("a", [2012, 2010], [1, 2])], 2011)
    with pytest.raises(EvidenceError, match="between 0 and 100"):
        cut([line("a", [2010, 2012], [1, 101])], 2011)
