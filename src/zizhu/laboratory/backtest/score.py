"""How good forecasts were: CRPS, errors, coverage, signs and pace, by cell.

The continuous ranked probability score of quantiles F at levels a is, for truth y,

    CRPS = 2 mean_a (1[y < F_a] - a) (F_a - y),

twice the mean pinball loss (Gneiting and Raftery 2007, Journal of the American Statistical
Association 102(477); Laio and Tamea 2007), in percent points: for a sure forecast the absolute
error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from zizhu.errors import EvidenceError
from zizhu.laboratory.backtest.forecast import LEVELS, Forecast
from zizhu.laboratory.backtest.origin import Split

# Observed moves of at least so many percent points have a sign worth foreseeing (assumption).
MOVE = 2.0
_RESAMPLES = 1000
# Percent points by which a forecast may differ from the last value and still stand still.
_STILL = 1e-6


@dataclass(frozen=True)
class Scores:
    """Of a forecast of cases.

    cases           how many
    crps            mean, percent points
    absolute_error  median over cases of the distance of the median forecast, percent points
    cover50         part of truths inside the middle 50 percent
    cover80         part inside the middle 80 percent
    moves           cases whose truth lies `MOVE` points or more from the last value
    right_sign      part of them that the median forecast moves the same way; nan without any
    pace_bias       mean of (median forecast - truth) / years ahead, points a year
    over_still      mean CRPS less that of persistence, percent points
    over_still_error  its standard error, bootstrapped by subject; nan with a single subject
    """

    cases: int
    crps: float
    absolute_error: float
    cover50: float
    cover80: float
    moves: int
    right_sign: float
    pace_bias: float
    over_still: float
    over_still_error: float


def crps(forecast: Forecast, truth: Float[np.ndarray, " c"]) -> Float[np.ndarray, " c"]:
    """Of every case, percent points."""
    off = forecast.quantiles - truth[:, None]
    return np.asarray(2 * np.mean(((off > 0) - LEVELS) * off, axis=1))


def covered(
    forecast: Forecast, truth: Float[np.ndarray, " c"], part: float
) -> Float[np.ndarray, " c"]:
    """One where the truth lies inside the middle part, ends included."""
    low, high = forecast.band(part)
    return np.asarray((truth >= low) & (truth <= high), dtype=float)


def cluster_error(values: Float[np.ndarray, " c"], cluster: Sequence[str], seed: int = 15) -> float:
    """Standard error of a mean whose cases come in clusters, by drawing clusters again.

    A single cluster says nothing of it: nan.
    """
    names, member = np.unique(np.asarray(cluster), return_inverse=True)
    if len(names) < 2:
        return float("nan")
    total = np.bincount(member, weights=values)
    count = np.bincount(member)
    chosen = np.random.default_rng(seed).integers(len(names), size=(_RESAMPLES, len(names)))
    means = total[chosen].sum(axis=1) / count[chosen].sum(axis=1)
    return float(means.std(ddof=1))


def score(
    forecast: Forecast,
    split: Split,
    still: Forecast,
    *,
    move: float = MOVE,
    clusters: Sequence[str] | None = None,
) -> Scores:
    """Scores of all cases of a split, beside those of persistence (`still`).

    move      least observed move, percent points, of which the sign is scored
    clusters  of the cases, for the bootstrap; subjects by default

    Raises `EvidenceError` without cases.
    """
    rows = np.arange(len(split.percent))
    group = clusters or split.label("subject")
    return _score(forecast, split, still, rows=rows, move=move, clusters=group)


def _score(
    forecast: Forecast,
    split: Split,
    still: Forecast,
    *,
    rows: np.ndarray,
    move: float,
    clusters: Sequence[str],
) -> Scores:
    if not len(rows):
        raise EvidenceError("nothing was observed after the origin: there is nothing to score")
    said, truth = forecast.take(rows), split.percent[rows]
    before, years = split.before[rows], split.asked.ahead[rows]
    own = crps(said, truth)
    gap = own - crps(still.take(rows), truth)
    moved = np.abs(truth - before) >= move
    # A median that moves by rounding only stands still, and has no sign.
    step = said.median - before
    right = (np.abs(step) > _STILL) & (np.sign(step) == np.sign(truth - before))
    return Scores(
        cases=len(rows),
        crps=float(own.mean()),
        absolute_error=float(np.median(np.abs(said.median - truth))),
        cover50=float(covered(said, truth, 0.5).mean()),
        cover80=float(covered(said, truth, 0.8).mean()),
        moves=int(moved.sum()),
        right_sign=float(right[moved].mean()) if moved.any() else float("nan"),
        pace_bias=float(np.mean((said.median - truth) / years)),
        over_still=float(gap.mean()),
        over_still_error=cluster_error(gap, [clusters[row] for row in rows]),
    )


def score_cells(
    forecasts: Mapping[str, Forecast],
    split: Split,
    by: Sequence[str] = ("kind", "horizon"),
    *,
    still: str = "persistence",
    move: float = MOVE,
    clusters: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Scores by method and cell: columns `method`, those of `by`, then those of `Scores`.

    by     any of name, subject, region, kind, horizon (whole years from the origin)
    still  the method beside which the others are scored
    """
    keys = [
        np.rint(split.horizon).astype(int).tolist() if one == "horizon" else split.label(one)
        for one in by
    ]
    cells = list(zip(*keys, strict=True)) if by else [() for _ in split.percent]
    places: dict[tuple[Any, ...], list[int]] = {}
    for row, cell in enumerate(cells):
        places.setdefault(cell, []).append(row)
    group = clusters or split.label("subject")

    def _cell(one: Forecast, rows: np.ndarray) -> Scores:
        return _score(one, split, forecasts[still], rows=rows, move=move, clusters=group)

    rows = [
        {"method": method, **dict(zip(by, cell, strict=True))}
        | asdict(_cell(one, np.array(places[cell])))
        for method, one in forecasts.items()
        for cell in sorted(places)
    ]
    return pd.DataFrame(rows)
