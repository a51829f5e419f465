"""Forecasts of shares of sectors by the process of `motion`, from what was known at an origin.

Every kind of share (of the world's output, of its exports, home share) has its own parameters. Log
odds revert to what country and sector let expect: their means over the years known, added. A
forecast moves from the last value by a part w of what the process says,

    centre = last + w (process - last),

w chosen by CRPS among 0, 1/4, ... 1 on rolling origins inside the years known: where the process
was worse than standing still it is shrunk towards that. The spread is the process's, with the doubt
about its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Float

from zizhu.laboratory.backtest.forecast import Forecast, logit_student
from zizhu.laboratory.backtest.motion import Observed, ahead, padded
from zizhu.laboratory.backtest.motion_fit import WIDE, Fit, Prior, fit_motion
from zizhu.laboratory.backtest.origin import Asked, Past, Split
from zizhu.laboratory.backtest.score import crps
from zizhu.world.build.competitiveness import demeaned

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
# Percent from 0 or 100 at which log odds of sectors are cut: shares of small countries are small.
SECTOR_EDGE = 1e-3
# Countries without which a sector has no mean of its own.
_COUNTRIES = 5
# Rolling origins, in the later half of the years known.
_ORIGINS = 3
_DRAWS, _SEED = 32, 15
# Horizons are worked out up to a multiple of so many years: few programs to compile.
_STEPS = 10


@dataclass(frozen=True)
class KindModel:
    """What was learnt of one kind of share: parameters, and how far they are trusted."""

    fit: Fit
    weight: float


@dataclass(frozen=True)
class Cells:
    """Histories of one kind as cells of the process.

    row     number of each cell's history [c]
    last    last log odds [c]
    anchor  log odds to which they revert [c]
    seen    for the process
    region  of each cell
    """

    row: np.ndarray
    last: Float[np.ndarray, " c"]
    anchor: Float[np.ndarray, " c"]
    seen: Observed
    region: tuple[str, ...]


def cells_of(past: Past, kind: str) -> Cells:
    """Cells of a kind, on a yearly grid that ends at the origin."""
    row = np.flatnonzero([one == kind for one in past.kinds])
    histories = [past.histories[n] for n in row]
    first = min(one.years[0] for one in histories)
    length = round(past.origin - first) + 1
    odds = np.zeros((len(row), length))
    known = np.zeros((len(row), length), dtype=bool)
    for c, n in enumerate(row):
        at = np.rint(past.histories[n].years - first).astype(int)
        odds[c, at], known[c, at] = past.odds[n], True
    mean = (odds * known).sum(axis=1) / known.sum(axis=1)
    cut = past.edge * (1 + 1e-9)
    inside = [bool(((cut < h.percents) & (h.percents < 100 - cut)).all()) for h in histories]
    spread = float(mean.std()) or 1.0
    anchor = anchors(mean, [h.region for h in histories], [h.subject for h in histories])
    return Cells(
        row=row,
        last=np.array([past.odds[n][-1] for n in row]),
        anchor=anchor,
        # Cells that touch the edge do not move as log odds do: foreseen, but nothing learnt.
        seen=Observed(
            np.where(known, odds - anchor[:, None], 0.0),
            known,
            (mean - mean.mean()) / spread,
            np.array(inside, dtype=float),
        ),
        region=tuple(h.region for h in histories),
    )


def anchors(
    mean: Float[np.ndarray, " c"], region: list[str], sector: list[str]
) -> Float[np.ndarray, " c"]:
    """What region and sector let expect of every cell: means over cells, added.

    With fewer than five regions a sector has no mean of its own, and that of the region counts.
    """
    regions, i = np.unique(region, return_inverse=True)
    sectors, k = np.unique(sector, return_inverse=True)
    if len(regions) < _COUNTRIES:
        by_region = np.bincount(i, weights=mean) / np.bincount(i)
        return np.asarray(by_region[i])
    table = np.full((len(regions), len(sectors)), np.nan)
    table[i, k] = mean
    return np.asarray(mean - demeaned(table)[i, k])


def fit_kind(past: Past, kind: str, prior: Prior = WIDE) -> Fit:
    """Parameters of one kind of share, from the past alone."""
    cells = cells_of(past, kind)
    return fit_motion(cells.seen, prior, cells.region)


def learn(past: Past, priors: Mapping[str, Prior] | None = None) -> dict[str, KindModel]:
    """Parameters and weight of every kind, from the past alone; `WIDE` where no prior is given."""
    found = {}
    for kind in sorted(set(past.kinds)):
        prior = (priors or {}).get(kind, WIDE)
        found[kind] = KindModel(fit_kind(past, kind, prior), _weight(past, kind, prior))
    return found


def rolling(past: Past) -> list[Split]:
    """At most three origins inside the past, spread over the later half of its years."""
    later = past.inner[len(past.inner) // 2 :]
    if len(later) <= _ORIGINS:
        return list(later)
    chosen = np.unique(np.rint(np.linspace(0, len(later) - 1, _ORIGINS)).astype(int))
    return [later[n] for n in chosen]


def _weight(past: Past, kind: str, prior: Prior) -> float:
    """The weight that would have scored best; none without an origin to try it on."""
    total = np.zeros(len(WEIGHTS))
    for split in rolling(past):
        rows = np.flatnonzero([one == kind for one in split.label("kind")])
        if len(rows):
            asked = Asked(split.asked.row[rows], split.asked.ahead[rows])
            fit = fit_kind(split.past, kind, prior)
            for n, weight in enumerate(WEIGHTS):
                model = {kind: KindModel(fit, weight)}
                said = sector_forecast(model, split.past, asked, doubt=False)
                total[n] += crps(said, split.percent[rows]).sum()
    return WEIGHTS[int(np.argmin(total))]


def sector_forecast(
    models: Mapping[str, KindModel],
    past: Past,
    asked: Asked,
    *,
    doubt: bool = True,
    weight: float | None = None,
) -> Forecast:
    """Forecast of the cases asked.

    doubt   whether the doubt about parameters widens the spread
    weight  instead of the learnt one; 0 stands still with the spread of the process
    """
    cases = len(asked.row)
    centre, scale, freedom = np.zeros(cases), np.zeros(cases), np.ones(cases)
    kinds = np.array([past.kinds[row] for row in asked.row])
    for kind in sorted(set(kinds)):
        mine = np.flatnonzero(kinds == kind)
        cells = cells_of(past, str(kind))
        place = {int(row): c for c, row in enumerate(cells.row)}
        c = np.array([place[int(row)] for row in asked.row[mine]])
        # From the origin, where the grid ends, not from the last observation.
        seen_at = np.array([past.histories[int(row)].years[-1] for row in asked.row[mine]])
        h = np.rint(seen_at + asked.ahead[mine] - past.origin).astype(int) - 1
        mean, spread, nu = _ahead(models[str(kind)].fit, cells.seen, int(h.max()) + 1, doubt)
        w = models[str(kind)].weight if weight is None else weight
        still = cells.last[c]
        centre[mine] = still + w * (cells.anchor[c] + mean[c, h] - still)
        scale[mine], freedom[mine] = spread[c, h], nu[c]
    return logit_student(centre, scale, freedom)


_jitted = jax.jit(ahead, static_argnums=2)
_many = jax.jit(jax.vmap(ahead, in_axes=(0, None, None)), static_argnums=2)


def _ahead(
    fit: Fit, seen: Observed, horizon: int, doubt: bool
) -> tuple[Float[np.ndarray, "c h"], Float[np.ndarray, "c h"], Float[np.ndarray, " c"]]:
    """Mean, scale and freedom: with doubt, the variance of means over draws is added."""
    cells = len(seen.z)
    seen, horizon = padded(seen), -(-horizon // _STEPS) * _STEPS
    mean, scale, nu = (np.asarray(one) for one in _jitted(fit.theta, seen, horizon))
    if doubt:
        drawn = _many(fit.draws(_DRAWS, _SEED), seen, horizon)
        within = np.mean(np.asarray(drawn.scale) ** 2, axis=0)
        between = np.var(np.asarray(drawn.mean), axis=0) * ((nu - 2) / nu)[:, None]
        scale = np.sqrt(within + between)
    return mean[:cells], scale[:cells], nu[:cells]
