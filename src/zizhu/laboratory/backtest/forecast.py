"""A forecast of shares: predictive quantiles in percent, at the same levels for everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.special import expit, ndtri
from scipy.stats import t as student

COUNT = 99
# Middles of 99 equal parts: the fiftieth is the median.
LEVELS: Float[np.ndarray, " q"] = (2 * np.arange(1, COUNT + 1) - 1) / (2 * COUNT)
_NORMAL: Float[np.ndarray, " q"] = ndtri(LEVELS)


@dataclass(frozen=True)
class Forecast:
    """What a method says of c cases.

    quantiles  percent [c,q] at `LEVELS`, rising along q, between 0 and 100
    """

    quantiles: Float[np.ndarray, "c q"]

    @property
    def median(self) -> Float[np.ndarray, " c"]:
        """The middle quantile, percent."""
        return np.asarray(self.quantiles[:, COUNT // 2])

    def band(self, part: float) -> tuple[Float[np.ndarray, " c"], Float[np.ndarray, " c"]]:
        """Lower and upper end, in percent, of the middle `part` (0.8 for 80 percent).

        Between two levels the quantile is on the straight line, beyond the first and last level it
        is theirs.
        """
        return self._at(0.5 - part / 2), self._at(0.5 + part / 2)

    def take(self, cases: Int[np.ndarray, " d"]) -> Forecast:
        """The forecast of some of the cases, in the order given."""
        return Forecast(self.quantiles[cases])

    def _at(self, level: float) -> Float[np.ndarray, " c"]:
        place = float(np.clip(level * COUNT - 0.5, 0, COUNT - 1))
        low = min(int(place), COUNT - 2)
        part = place - low
        return np.asarray((1 - part) * self.quantiles[:, low] + part * self.quantiles[:, low + 1])


def logit_normal(mean: Float[np.ndarray, " c"], sd: Float[np.ndarray, " c"]) -> Forecast:
    """Shares whose log odds are normal, with mean and standard deviation in log odds."""
    return Forecast(100 * expit(mean[:, None] + sd[:, None] * _NORMAL))


def logit_student(
    mean: Float[np.ndarray, " c"], scale: Float[np.ndarray, " c"], freedom: Float[np.ndarray, " c"]
) -> Forecast:
    """Shares whose log odds follow Student's t: `mean` + `scale` t with so many degrees."""
    # Cases share a few numbers of degrees, and their quantiles are slow to find.
    few, which = np.unique(freedom, return_inverse=True)
    spread = student.ppf(LEVELS[None, :], few[:, None])[which]
    return Forecast(100 * expit(mean[:, None] + scale[:, None] * spread))


def normal_points(mean: Float[np.ndarray, " c"], sd: Float[np.ndarray, " c"]) -> Forecast:
    """Shares that are normal in percent points, cut to what a share can be."""
    return Forecast(np.clip(mean[:, None] + sd[:, None] * _NORMAL, 0.0, 100.0))


def from_draws(percents: Float[np.ndarray, "c d"]) -> Forecast:
    """The quantiles of draws d of every case."""
    return Forecast(np.quantile(percents, LEVELS, axis=1).T)


def between(one: Forecast, other: Forecast, part: float) -> Forecast:
    """Quantiles on the way from one forecast to another: 0 is the first, 1 the second.

    Averages of quantiles keep the shape of what is averaged and are no wider, as averages of
    probabilities would be (Lichtendahl, Grushka-Cockayne and Winkler 2013, Management Science
    59(7)).
    """
    return Forecast((1 - part) * one.quantiles + part * other.quantiles)
