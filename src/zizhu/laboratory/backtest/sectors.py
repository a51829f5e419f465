"""Forecasts of shares of sectors by the process of `motion`, from what was known at an origin.

Every kind of share (of the world's output, of its exports, home share) has parameters of its own,
for comparative advantage x and for what moves a whole country, C (`sector_cells`). The yearly
model's process of sectors is one of x; C is a random walk here, with what does not last (`STEADY`).
A variant lets countries have momentum too (`DRIFTING`). A forecast goes a part of the way from the
last value that the process says,

    centre = last + w (x_process - x_last) + w_C (C_process - C_last),

both parts chosen by CRPS among 0, 1/4, ... 1 on rolling origins inside the years known: where the
process was worse than standing still it is shrunk towards that. Few origins tell little, so the
smallest parts count whose CRPS is within one standard error of the best, by country (the rule of
Breiman, Friedman, Olshen and Stone 1984 for the size of a tree). The spread is the process's, with
the doubt about its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import jax
import numpy as np
from jaxtyping import Float

from zizhu.laboratory.backtest.forecast import Forecast, logit_student
from zizhu.laboratory.backtest.motion import NAMES, Observed, ahead, padded
from zizhu.laboratory.backtest.motion_fit import WIDE, Fit, Prior, fit_motion
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


@dataclass(frozen=True)
class KindFit:
    """Parameters of the cells and, with enough countries, of the countries of one kind."""

    cells: Fit
    country: Fit | None


@dataclass(frozen=True)
class KindModel:
    """What was learnt of one kind: parameters, and what part of their moves is believed.

    weight          of moves of comparative advantage
    country_weight  of moves of whole countries
    """

    fit: KindFit
    weight: float
    country_weight: float


def fit_kind(past: Past, kind: str, priors: Priors | None = None) -> KindFit:
    """Parameters of one kind of share, from the past alone."""
    start = priors or Priors()
    cells = cells_of(past, kind)
    country = None
    if cells.country is not None:
        clusters = [str(n) for n in range(len(cells.level))]
        country = fit_motion(cells.country, start.country, clusters)
    return KindFit(fit_motion(cells.seen, start.cells, cells.region), country)


def learn(past: Past, priors: Mapping[str, Priors] | None = None) -> dict[str, KindModel]:
    """Parameters and weights of every kind, from the past alone, with wide priors by default."""
    found = {}
    for kind in sorted(set(past.kinds)):
        start = (priors or {}).get(kind)
        found[kind] = KindModel(fit_kind(past, kind, start), *_weights(past, kind, start))
    return found


def rolling(past: Past) -> list[Split]:
    """At most three origins inside the past, spread over the later half of its years."""
    later = past.inner[len(past.inner) // 2 :]
    if len(later) <= _ORIGINS:
        return list(later)
    chosen = np.unique(np.rint(np.linspace(0, len(later) - 1, _ORIGINS)).astype(int))
    return [later[n] for n in chosen]


def inner_scores(
    past: Past, kind: str, priors: Priors | None = None
) -> tuple[dict[tuple[float, float], Float[np.ndarray, " c"]], list[str]]:
    """CRPS of every case of the rolling origins by pair of weights, and the cases' countries."""
    found: dict[tuple[float, float], list[Float[np.ndarray, " c"]]] = {}
    region: list[str] = []
    for split in rolling(past):
        rows = np.flatnonzero([one == kind for one in split.label("kind")])
        if not len(rows):
            continue
        asked = Asked(split.asked.row[rows], split.asked.ahead[rows])
        fit = fit_kind(split.past, kind, priors)
        region += [split.label("region")[row] for row in rows]
        moves = _moves(fit, split.past, kind, asked, doubt=False)
        for pair in product(WEIGHTS, WEIGHTS if fit.country else WEIGHTS[:1]):
            centre = moves.last + pair[0] * moves.cells + pair[1] * moves.country
            said = logit_student(centre, moves.scale, moves.freedom)
            found.setdefault(pair, []).append(crps(said, split.percent[rows]))
    return {pair: np.concatenate(one) for pair, one in found.items()}, region


def _weights(past: Past, kind: str, priors: Priors | None) -> tuple[float, float]:
    """The smallest weights within a standard error of the best; none without an origin to try."""
    found, region = inner_scores(past, kind, priors)
    if not found:
        return 0.0, 0.0
    best = min(found, key=lambda pair: float(found[pair].mean()))

    def as_good(pair: tuple[float, float]) -> bool:
        worse = found[pair] - found[best]
        error = cluster_error(worse, region)
        # One country only: nothing tells how sure the best is, which is taken.
        return pair == best or bool(worse.mean() <= error)

    return min(
        (pair for pair in found if as_good(pair)),
        key=lambda pair: (sum(pair), float(found[pair].mean())),
    )


def sector_forecast(
    models: Mapping[str, KindModel],
    past: Past,
    asked: Asked,
    *,
    doubt: bool = True,
    still: bool = False,
) -> Forecast:
    """Forecast of the cases asked.

    doubt  whether the doubt about parameters widens the spread
    still  whether it stands still, with the spread of the process
    """
    cases = len(asked.row)
    centre, scale, freedom = np.zeros(cases), np.zeros(cases), np.ones(cases)
    kinds = np.array([past.kinds[row] for row in asked.row])
    for kind in sorted(set(kinds)):
        mine = np.flatnonzero(kinds == kind)
        model = models[str(kind)]
        part = Asked(asked.row[mine], asked.ahead[mine])
        moves = _moves(model.fit, past, str(kind), part, doubt=doubt)
        w, w_country = (0.0, 0.0) if still else (model.weight, model.country_weight)
        centre[mine] = moves.last + w * moves.cells + w_country * moves.country
        scale[mine], freedom[mine] = moves.scale, moves.freedom
    return logit_student(centre, scale, freedom)


@dataclass(frozen=True)
class _Moves:
    """Of every case [c]: last log odds, what the process adds, scale and freedom of its t."""

    last: Float[np.ndarray, " c"]
    cells: Float[np.ndarray, " c"]
    country: Float[np.ndarray, " c"]
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
    x_last = (cells.last - cells.level[cells.member] - cells.anchor)[c]
    moved, scale = np.zeros(len(c)), spread[c, h]
    if cells.country is not None and fit.country is not None:
        i = cells.member[c]
        move, wide, free = _ahead(fit.country, cells.country, horizon, doubt)
        moved = move[i, h]
        # Variances add, and the tails are those of the cell.
        added = wide[i, h] ** 2 * free[i] / (free[i] - 2) * (nu[c] - 2) / nu[c]
        scale = np.sqrt(scale**2 + added)
    return _Moves(cells.last[c], mean[c, h] - x_last, moved, scale, nu[c])


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
