"""Forecasts that know no economics: what a model has to beat.

Each method gives a centre in percent points or log odds and says how the square of its error grows
with the horizon, as in a random walk whose drift is known from a window of m years (Farmer and
Lafond 2016, Research Policy 45(3)):

    persistence             last value                        h
    linear drift            + own points a year               h + h^2 / m
    logit drift, own        + own log odds a year             h + h^2 / m
    logit drift, pooled     + mean log odds a year            h
    logistic                own S-curve, ceiling 100          h + h^2 / m

The size of errors is learnt from the method's own: every earlier observation is an origin, all that
followed up to the true origin is foreseen from what was known then, and errors over the root of
their growth are pooled by kind. The spread is such that 80 percent of them lay inside the 80
percent band: a quantile, because a few log odds of tiny shares would decide a mean of squares.
A series observed once has no drift of its own, and stands still.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri

from zizhu.errors import EvidenceError
from zizhu.history.series import log_odds
from zizhu.laboratory.backtest.forecast import Forecast, logit_normal, normal_points
from zizhu.laboratory.backtest.origin import Asked, Past

# Part of past errors that the spread is set to hold.
_HELD = 0.8
# Histories of a region and kind that make a pooled speed; with fewer, all of the kind do.
_FEW = 3
# Observations through which a line can go and be wrong.
_LINE = 3
# Least spread, log odds or points a root year: a panel that stood still is not sure for ever.
_LEAST = 1e-3

Centre = Callable[[Past, Asked], Float[np.ndarray, " c"]]


@dataclass(frozen=True)
class Naive:
    """A method: its centre, whether in log odds, whether its drift is its own."""

    name: str
    centre: Centre
    odds: bool
    own: bool

    def growth(self, past: Past, asked: Asked) -> Float[np.ndarray, " c"]:
        """Growth of the squared error: 1 a year ahead if the drift is not its own."""
        h = asked.ahead
        if not self.own:
            return np.asarray(h)
        span = past.span[asked.row]
        return np.asarray(h + np.divide(h**2, span, out=np.zeros_like(h), where=span > 0))


def forecast(method: Naive, past: Past, asked: Asked) -> Forecast:
    """What a method says of the cases asked, from the past alone.

    Raises `EvidenceError` if no history has two observations, so that nothing tells its error.
    """
    spread = spreads(method, past)
    kind = [past.kinds[row] for row in asked.row]
    size = np.array([spread.get(one, spread[""]) for one in kind], dtype=float)
    sd = size * np.sqrt(method.growth(past, asked))
    centre = method.centre(past, asked)
    return logit_normal(centre, sd) if method.odds else normal_points(centre, sd)


def spreads(method: Naive, past: Past) -> dict[str, float]:
    """Standard deviation a root year by kind, and of all kinds together under the empty name."""
    errors: dict[str, list[Float[np.ndarray, " c"]]] = defaultdict(list)
    for split in past.inner:
        truth = log_odds(split.percent, past.edge) if method.odds else split.percent
        error = np.abs(truth - method.centre(split.past, split.asked))
        error = error / np.sqrt(method.growth(split.past, split.asked))
        kinds = np.array(split.label("kind"))
        for kind in sorted(set(kinds)):
            errors[str(kind)].append(error[kinds == kind])
        errors[""].append(error)
    if not errors:
        raise EvidenceError(
            f"{method.name}: no series has two observations up to {past.origin:g}, and the size of "
            "errors cannot be learnt"
        )
    scale = float(ndtri(0.5 + _HELD / 2))
    return {
        kind: max(_LEAST, float(np.quantile(np.concatenate(found), _HELD)) / scale)
        for kind, found in errors.items()
        if kind == "" or sum(map(len, found)) >= _FEW
    }


def cannot_fit(past: Past) -> float:
    """Part of histories too short for an S-curve, which drift instead."""
    return float(np.mean([len(one.years) < _LINE for one in past.histories]))


def _last_odds(past: Past) -> Float[np.ndarray, " s"]:
    return log_odds(past.last, past.edge)


def _persistence(past: Past, asked: Asked) -> Float[np.ndarray, " c"]:
    return np.asarray(_last_odds(past)[asked.row])


def _over_span(past: Past, change: Float[np.ndarray, " s"]) -> Float[np.ndarray, " s"]:
    return np.asarray(np.divide(change, past.span, out=np.zeros_like(change), where=past.span > 0))


def _linear(past: Past, asked: Asked) -> Float[np.ndarray, " c"]:
    first = np.array([one.percents[0] for one in past.histories])
    drift = _over_span(past, past.last - first)
    return np.asarray(np.clip(past.last[asked.row] + asked.ahead * drift[asked.row], 0.0, 100.0))


def _own_drifts(past: Past) -> Float[np.ndarray, " s"]:
    return _over_span(past, np.array([odds[-1] - odds[0] for odds in past.odds]))


def _own(past: Past, asked: Asked) -> Float[np.ndarray, " c"]:
    drift = _own_drifts(past)
    return np.asarray(_last_odds(past)[asked.row] + asked.ahead * drift[asked.row])


def pooled_drifts(past: Past) -> Float[np.ndarray, " s"]:
    """Mean log odds a year of the region and kind of every history, by years observed.

    Where fewer than three histories of a region and kind were observed twice, that of the kind;
    zero where nothing was.
    """
    drift = _own_drifts(past)
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, one in enumerate(past.histories):
        if past.span[row] > 0:
            groups[one.region, one.kind].append(row)
            groups["", one.kind].append(row)

    def mean(rows: list[int]) -> float:
        return float(np.average(drift[rows], weights=past.span[rows]))

    known = {key: mean(rows) for key, rows in groups.items() if len(rows) >= _FEW or key[0] == ""}
    return np.array(
        [
            known.get((one.region, one.kind), known.get(("", one.kind), 0.0))
            for one in past.histories
        ],
        dtype=float,
    )


def _pooled(past: Past, asked: Asked) -> Float[np.ndarray, " c"]:
    drift = pooled_drifts(past)
    return np.asarray(_last_odds(past)[asked.row] + asked.ahead * drift[asked.row])


def _logistic(past: Past, asked: Asked) -> Float[np.ndarray, " c"]:
    """Log odds on a line through all observations (Fisher and Pry 1971), own drift if too few."""
    level, slope = _last_odds(past), _own_drifts(past)
    for row, (one, odds) in enumerate(zip(past.histories, past.odds, strict=True)):
        if len(odds) >= _LINE:
            time = one.years - one.years[-1]
            away = time - time.mean()
            slope[row] = float(away @ odds / (away @ away))
            level[row] = float(odds.mean() - slope[row] * time.mean())
    return np.asarray(level[asked.row] + asked.ahead * slope[asked.row])


PERSISTENCE = Naive("persistence", _persistence, odds=True, own=False)
METHODS = (
    PERSISTENCE,
    Naive("linear drift", _linear, odds=False, own=True),
    Naive("logit drift, own", _own, odds=True, own=True),
    Naive("logit drift, pooled", _pooled, odds=True, own=False),
    Naive("logistic", _logistic, odds=True, own=True),
)


def naive_forecasts(past: Past, asked: Asked) -> dict[str, Forecast]:
    """Every method by name."""
    return {method.name: forecast(method, past, asked) for method in METHODS}
