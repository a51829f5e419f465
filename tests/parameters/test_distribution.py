"""Draws: reproducible, inside the range, and those of scipy.stats."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from zizhu.errors import ParameterError
from zizhu.parameters import Distribution, parameters

NAMES = list(parameters())
SHARES = st.lists(st.floats(0, 1), min_size=2, max_size=20)
FINE = (np.arange(200_000) + 0.5) / 200_000


@cache
def drawn(**numbers: object) -> Distribution:
    return Distribution.model_validate(numbers)


KINDS = {
    "fixed": drawn(kind="fixed", low=2.0, high=6.0, centre=3.0),
    "uniform": drawn(kind="uniform", low=2.0, high=6.0),
    "triangular": drawn(kind="triangular", low=2.0, high=6.0, centre=3.0),
    "at its end": drawn(kind="triangular", low=2.0, high=6.0, centre=2.0),
    "normal": drawn(kind="normal", low=2.0, high=6.0, centre=3.0, spread=1.0),
    "lognormal": drawn(kind="lognormal", low=2.0, high=6.0, centre=3.0, spread=0.5),
    "from its origin": drawn(
        kind="lognormal", low=2.0, high=6.0, centre=3.0, spread=0.5, origin=2.0
    ),
    "beta": drawn(kind="beta", low=2.0, high=6.0, shape=(2.0, 3.0)),
}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), SHARES)
def test_quantiles_rise_and_stay_inside(name, shares):
    entry = parameters()[name]
    values = entry.distribution.quantile(np.sort(np.array(shares)))
    assert (values[1:] >= values[:-1]).all()  # some are infinite: no differences
    assert (values >= entry.low).all()
    assert (values <= entry.high).all()


@st.composite
def any_distribution(draw: st.DrawFn) -> Distribution:
    kind = draw(st.sampled_from(["triangular", "normal", "lognormal", "beta", "uniform"]))
    low, width = draw(st.floats(0.01, 100)), draw(st.floats(0.01, 100))
    numbers: dict[str, object] = {"kind": kind, "low": low, "high": low + width}
    if kind not in ("uniform", "beta"):
        numbers["centre"] = draw(st.floats(low, low + width))
    if kind in ("normal", "lognormal"):
        numbers["spread"] = draw(st.floats(0.01, 3))
    if kind == "beta":
        numbers["shape"] = (draw(st.floats(0.1, 9)), draw(st.floats(0.1, 9)))
    return Distribution.model_validate(numbers)


@settings(max_examples=300, deadline=None)
@given(any_distribution(), SHARES)
def test_any_distribution_rises_and_stays_inside(found, shares):
    values = found.quantile(np.sort(np.array(shares)))
    assert (np.diff(values) >= 0).all()
    assert (values >= found.low).all()
    assert (values <= found.high).all()
    assert found.low - 1e-9 <= found.mean() <= found.high + 1e-9


def test_quantiles_are_those_of_scipy():
    below, above = -1.0, 3.0
    log_below, log_above = np.log(2 / 3) / 0.5, np.log(2) / 0.5
    peers = {
        "uniform": stats.uniform(2, 4),
        "triangular": stats.triang(0.25, 2, 4),
        "at its end": stats.triang(0, 2, 4),
        "normal": stats.truncnorm(below, above, 3, 1),
        "beta": stats.beta(2, 3, 2, 4),
    }
    for name, peer in peers.items():
        np.testing.assert_allclose(KINDS[name].quantile(FINE), peer.ppf(FINE), rtol=1e-9)
        assert KINDS[name].mean() == pytest.approx(peer.mean(), rel=1e-9)
    standard = stats.truncnorm(log_below, log_above).ppf(FINE)
    np.testing.assert_allclose(KINDS["lognormal"].quantile(FINE), 3 * np.exp(0.5 * standard))


@pytest.mark.parametrize("name", KINDS)
def test_mean_is_that_of_the_draws(name):
    assert KINDS[name].mean() == pytest.approx(KINDS[name].quantile(FINE).mean(), rel=1e-6)


@pytest.mark.parametrize("name", KINDS)
def test_shapes_ends_and_words(name):
    found = KINDS[name]
    assert found.quantile(0.5).shape == ()
    assert found.quantile(np.full((2, 3), 0.5)).shape == (2, 3)
    ends = found.quantile(np.array([0.0, 1.0]))
    np.testing.assert_allclose(ends, [3, 3] if name == "fixed" else [2, 6])
    np.testing.assert_array_equal(found.quantile(FINE[:9]), found.quantile(FINE[:9]))
    assert found.words().startswith(found.kind)


def test_entry_takes_half_to_twice_as_long():
    """One factor for all nodes at once, of median one; the clock of each has its own years."""
    found = parameters()["entry_time"].distribution
    points = found.quantile(np.array([0.1, 0.5, 0.9]))
    expected = np.exp(0.4 * stats.norm.ppf([0.1, 0.5, 0.9]))
    # Cut at the ends of its range, which takes a little more below than above.
    np.testing.assert_allclose(points, expected, atol=0.02)
    assert found.quantile(0.0) == 0.4


@pytest.mark.parametrize("u", [-0.1, 1.1, float("nan")])
def test_quantile_of_no_share(u):
    with pytest.raises(ParameterError, match="outside 0 to 1"):
        KINDS["uniform"].quantile(u)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"kind": "normal", "centre": 3.0}, "needs the number spread"),
        ({"kind": "uniform", "centre": 3.0}, "uniform has no number centre"),
        ({"kind": "beta"}, "needs the number shape"),
        ({"kind": "beta", "shape": (0.0, 1.0)}, "above zero"),
        ({"kind": "triangular", "centre": 7.0}, "centre 7 lies outside its range 2 to 6"),
        ({"kind": "uniform", "high": 2.0}, "is empty"),
        ({"kind": "uniform", "high": float("inf")}, "fixed is right"),
        ({"kind": "lognormal", "centre": 3.0, "spread": 1.0, "origin": 2.5}, "below the range"),
        ({"kind": "normal", "centre": 3.0, "spread": 0.0}, "greater than 0"),
    ],
)
def test_incomplete_distributions(numbers, words):
    with pytest.raises(ValidationError, match=words):
        drawn.__wrapped__(**{"low": 2.0, "high": 6.0, **numbers})
