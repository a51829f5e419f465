"""Forecasts of shares of sectors by the process of `motion`, from what was known at an origin.

Every kind of share (of the world's output, of its exports, home share) has parameters of its own,
for comparative advantage x and for what moves a whole country, C (`sector_cells`). The yearly
model's process of sectors is one of x; C is a random walk here, with what does not last (`STEADY`).
A variant lets countries have momentum too (`DRIFTING`).

What is forecast lies between standing still (persistence, dressed with its own past errors) and the
process, quantile by quantile,

    forecast = (1 - w) persistence + w process,

w chosen by CRPS among 0, 1/4, ... 1 on rolling origins inside the years known: where the process
was worse than standing still it is shrunk towards that. Few origins tell little, so the smallest w
counts whose CRPS is within one standard error of the best, by country (the rule of Breiman,
Friedman, Olshen and Stone 1984 for the size of a tree).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import jax
import numpy as np
from jaxtyping import Float

from zizhu.laboratory.backtest.forecast import Forecast, between, logit_student
from zizhu.laboratory.backtest.motion import NAMES, Observed, ahead, padded
from zizhu.laboratory.backtest.motion_fit import WIDE, Fit, Prior, fit_motion
from zizhu.laboratory.backtest.naive import PERSISTENCE, forecast
from zizhu.laboratory.backtest.origin import Asked, Past, Split
from zizhu.laboratory.backtest.score import cluster_error, crps
from zizhu.laboratory.backtest.sector_cells import cells_of

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
# Percent from 0 or 100 at which log odds of sectors are cut: shares of small countries are small.
SECTOR_EDGE = 1e-3
# Rolling origins, in the later half of the years known.
_ORIGINS = 3
_DRAWS, _SEED = 32, 15
# Horizons are worked out up to a multiple of so many years: few programs to compile.
_STEPS = 10
# Rates that a country has none of are held at a ten thousandth a year.
_NONE, _HELD = np.log(1e-4), 1e-2


def _without(*names: str) -> Prior:
    """The wide prior, some rates held at nothing."""
    held = np.array([name in names for name in NAMES])
    return Prior(np.where(held, _NONE, WIDE.mean), np.where(held, _HELD, WIDE.sd))


# Of countries, which revert to nothing: a random walk, or one with momentum.
STEADY = _without("log_reversion", "log_momentum")
DRIFTING = _without("log_reversion")


@dataclass(frozen=True)
class Priors:
    """Of the cells and of the countries of one kind."""

    cells: Prior = WIDE
    country: Prior = STEADY


WIDE_PRIORS = Priors()


@dataclass(frozen=True)
class KindFit:
    """Parameters of the cells and, with enough countries, of the countries of one kind."""

    cells: Fit
    country: Fit | None


@dataclass(frozen=True)
class KindModel:
    """What was learnt of one kind: parameters, and the part of the process in a forecast."""

    fit: KindFit
    weight: float


def fit_kind(past: Past, kind: str, priors: Priors = WIDE_PRIORS) -> KindFit:
    """Parameters of one kind of share, from the past alone."""
    country = _fit_countries(past, kind, priors.country)
    return KindFit(_fit_cells(past, kind, priors.cells), country)


# Variants that differ in what countries do share the rest.
@lru_cache(maxsize=32)
def _fit_cells(past: Past, kind: str, prior: Prior) -> Fit:
    cells = cells_of(past, kind)
    return fit_motion(cells.seen, prior, cells.region)


def _fit_countries(past: Past, kind: str, prior: Prior) -> Fit | None:
    cells = cells_of(past, kind)
    if cells.country is None:
        return None
    return fit_motion(cells.country, prior, [str(n) for n in range(len(cells.level))])


def learn(past: Past, priors: Mapping[str, Priors] | None = None) -> dict[str, KindModel]:
    """Parameters and weight of every kind, from the past alone, with wide priors by default."""
    found = {}
    for kind in sorted(set(past.kinds)):
        start = (priors or {}).get(kind, WIDE_PRIORS)
        found[kind] = KindModel(fit_kind(past, kind, start), _weight(past, kind, start))
    return found


def rolling(past: Past) -> list[Split]:
    """At most three origins inside the past, spread over the later half of its years."""
    later = past.inner[len(past.inner) // 2 :]
    if len(later) <= _ORIGINS:
        return list(later)
    chosen = np.unique(np.rint(np.linspace(0, len(later) - 1, _ORIGINS)).astype(int))
    return [later[n] for n in chosen]


def inner_scores(
    past: Past, kind: str, priors: Priors = WIDE_PRIORS
) -> tuple[dict[float, Float[np.ndarray, " c"]], list[str]]:
    """CRPS of every case of the rolling origins by weight, and the cases' countries."""
    found: dict[float, list[Float[np.ndarray, " c"]]] = {}
    region: list[str] = []
    for split in rolling(past):
        rows = np.flatnonzero([one == kind for one in split.label("kind")])
        if not len(rows):
            continue
        asked = Asked(split.asked.row[rows], split.asked.ahead[rows])
        regions = split.label("region")
        region += [regions[row] for row in rows]
        still = forecast(PERSISTENCE, split.past, asked)
        moving = process_forecast(
            {kind: fit_kind(split.past, kind, priors)}, split.past, asked, doubt=False
        )
        for weight in WEIGHTS:
            said = between(still, moving, weight)
            found.setdefault(weight, []).append(crps(said, split.percent[rows]))
    return {weight: np.concatenate(one) for weight, one in found.items()}, region


def _weight(past: Past, kind: str, priors: Priors) -> float:
    """The smallest weight within a standard error of the best; 0 without an origin to try it on."""
    found, region = inner_scores(past, kind, priors)
    if not found:
        return 0.0
    best = min(found, key=lambda weight: float(found[weight].mean()))

    def as_good(weight: float) -> bool:
        worse = found[weight] - found[best]
        # One country only: nothing tells how sure the best is, which is taken.
        return weight == best or bool(worse.mean() <= cluster_error(worse, region))

    return min(weight for weight in found if as_good(weight))


def sector_forecast(models: Mapping[str, KindModel], past: Past, asked: Asked) -> Forecast:
    """What the model says of the cases asked, from the past alone."""
    weight = {kind: model.weight for kind, model in models.items()}
    part = np.array([weight[past.kinds[row]] for row in asked.row])[:, None]
    still = forecast(PERSISTENCE, past, asked).quantiles
    moving = process_forecast({kind: one.fit for kind, one in models.items()}, past, asked)
    return Forecast((1 - part) * still + part * moving.quantiles)


def process_forecast(
    fits: Mapping[str, KindFit], past: Past, asked: Asked, *, doubt: bool = True
) -> Forecast:
    """What the process alone says; with doubt, that about its parameters widens the spread."""
    cases = len(asked.row)
    centre, scale, freedom = np.zeros(cases), np.zeros(cases), np.ones(cases)
    kinds = np.array([past.kinds[row] for row in asked.row])
    for kind in sorted(set(kinds)):
        mine = np.flatnonzero(kinds == kind)
        part = Asked(asked.row[mine], asked.ahead[mine])
        moves = _moves(fits[str(kind)], past, str(kind), part, doubt=doubt)
        centre[mine], scale[mine], freedom[mine] = moves.centre, moves.scale, moves.freedom
    return logit_student(centre, scale, freedom)


@dataclass(frozen=True)
class _Moves:
    """Centre, scale and freedom of every case's t, in log odds [c]."""

    centre: Float[np.ndarray, " c"]
    scale: Float[np.ndarray, " c"]
    freedom: Float[np.ndarray, " c"]


def _moves(fit: KindFit, past: Past, kind: str, asked: Asked, *, doubt: bool) -> _Moves:
    """What the process says of the cases asked, all of one kind."""
    cells = cells_of(past, kind)
    place = {int(row): c for c, row in enumerate(cells.row)}
    c = np.array([place[int(row)] for row in asked.row])
    # From the origin, where the grid ends, not from the last observation.
    seen_at = np.array([past.histories[int(row)].years[-1] for row in asked.row])
    h = np.rint(seen_at + asked.ahead - past.origin).astype(int) - 1
    horizon = int(h.max()) + 1
    mean, spread, nu = _ahead(fit.cells, cells.seen, horizon, doubt)
    # Of countries, the process is one of moves from their last value.
    centre = mean[c, h] + (cells.level[cells.member] + cells.anchor)[c]
    scale = spread[c, h]
    if cells.country is not None and fit.country is not None:
        i = cells.member[c]
        move, wide, free = _ahead(fit.country, cells.country, horizon, doubt)
        centre = centre + move[i, h]
        # Variances add, and the tails are those of the cell.
        added = wide[i, h] ** 2 * free[i] / (free[i] - 2) * (nu[c] - 2) / nu[c]
        scale = np.sqrt(scale**2 + added)
    return _Moves(centre, scale, nu[c])


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
