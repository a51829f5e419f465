"""Backtests of the list: what is scored is never fitted, and days of lockdown are counted."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.laboratory.pace.observed import log_odds, until
from zizhu.laboratory.validation import Runs, foreseen, lockdown
from zizhu.laboratory.validation.foreseen import CHIPS, LATER, ORIGIN, PLAN, spliced


def test_later_years_move_as_output_did():
    series = {one.name: one for one in spliced()}
    assert len(series) == 12
    assert {one.region for one in series.values()} == {"CHN", "USA"}
    for one in series.values():
        assert one.years[-3:] == (ORIGIN, *LATER)
        assert all(0 < share < 100 for share in one.percents)
    (output,) = (
        one
        for one in foreseen.chosen(kind="sector", region="CHN", place="world")
        if one.node == "sector:C26" and one.measure.startswith("output")
    )
    (made,) = (s for s in series.values() if s.node == "sector:C26" and s.region == "CHN")
    moved = dict(zip(output.years, log_odds(np.array(output.percents)), strict=True))
    ours = log_odds(np.array(made.percents[-3:]))
    np.testing.assert_allclose(ours[1:] - ours[0], [moved[y] - moved[ORIGIN] for y in LATER])


def test_nothing_of_later_years_is_known_at_the_origin():
    for one in until(spliced(), ORIGIN):
        assert max(one.years) <= ORIGIN
    (chips,) = until([foreseen._named(CHIPS)], float(PLAN))
    assert chips.years == (2011.0,)
    assert chips.percents == (12.7,)
    # Nor is it in what the posterior is made of.
    assert all(max(s.years) <= ORIGIN for s in until(foreseen.chosen(kind="value_added"), ORIGIN))


def test_working_days_that_fell_away():
    assert lockdown.lost_labour() == pytest.approx((0.8 * 7 + 0.2 * 2) / 39)
    (check,) = lockdown.GROUP.checks(
        {"industry": -15.0, "manufacturing": -15.0, "medicines": -14.0, "electronics": -14.5}
    )
    assert check.parts[0].value == pytest.approx(100 * (1.057 * 0.85 - 1))
    assert check.status == "passed"


@pytest.mark.long
def test_without_lost_days_nothing_happens(monkeypatch):
    monkeypatch.setattr(lockdown, "LOST", 0)
    monkeypatch.setattr(lockdown, "LOST_ELSEWHERE", 0)
    found = lockdown.GROUP.measure(Runs())
    np.testing.assert_allclose(list(found.values()), 0.0, atol=1e-8)
