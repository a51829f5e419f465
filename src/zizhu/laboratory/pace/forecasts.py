"""Forecasts of observed shares by the estimated process: mixtures over draws of the posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtri

from zizhu.history.series import Series
from zizhu.laboratory.pace.law import Scalar
from zizhu.laboratory.pace.observed import Panel, observed, percent
from zizhu.laboratory.pace.prior import numbers_of
from zizhu.laboratory.pace.process import Future, Moments, Numbers, Observations, forecast
from zizhu.parameters.posterior import Joint

# Draws of the posterior in a mixture, and quantiles of each of them.
_DRAWS, _EACH = 32, 25
_SEED = 15


def forecast_percents(
    series: Sequence[Series],
    posterior: Joint,
    row: Int[np.ndarray, " c"],
    ahead: Float[np.ndarray, " c"],
    parameters: Mapping[str, float],
    *,
    year: float,
) -> Float[np.ndarray, "c d"]:
    """Equally likely values in percent of what a source would print, of each case.

    series  as known at the origin, see `observed.until`
    row     of the series of each case
    ahead   years after its last observation
    year    the origin: until when incomes may be read

    What will be printed has the error of a figure that was read, as the truth it is held against.
    """
    panel = observed(series, parameters, year=year)
    years, place = _asked(panel, row, ahead)
    at, eta = panel.future(years), parameters["chain_sourcing_elasticity"]
    shares = np.empty((len(row), _DRAWS * _EACH))
    steps = ndtri((np.arange(_EACH) + 0.5) / _EACH)
    for draw, point in enumerate(posterior.draws(_DRAWS, _SEED)):
        by = numbers_of(jnp.asarray(point))
        found = _forecast(by, panel.observations, at, eta)
        mean = np.asarray(found.mean)[row, place]
        variance = np.asarray(found.covariance)[row, place, place]
        spread = np.sqrt(np.maximum(variance, 0) + float(by.error[0]) ** 2)
        odds = mean[:, None] + spread[:, None] * steps
        shares[:, draw * _EACH : (draw + 1) * _EACH] = percent(odds)
    return shares


@jax.jit
def _forecast(by: Numbers, of: Observations, at: Future, elasticity: Scalar) -> Moments:
    return forecast(by, of, at, elasticity)


def _asked(
    panel: Panel, row: Int[np.ndarray, " c"], ahead: Float[np.ndarray, " c"]
) -> tuple[Float[np.ndarray, "j f"], Int[np.ndarray, " c"]]:
    """Years by series, filled up with the year after its last, and the place of each case."""
    count = np.zeros(len(panel), dtype=int)
    place = np.zeros(len(row), dtype=int)
    for case, one in enumerate(row):
        place[case] = count[one]
        count[one] += 1
    years = np.repeat(panel.last[:, None] + 1.0, max(1, int(count.max())), axis=1)
    years[row, place] = panel.last[row] + ahead
    return years, place
