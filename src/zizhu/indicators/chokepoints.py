"""Which foreign products a region could miss least: a ranking with its parts and its doubts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
import xarray as xr
from jaxtyping import Bool, Float

from zizhu.errors import ParameterError, WorldError, did_you_mean, quoted
from zizhu.indicators.labelled import Variable, dataset, divide, percent
from zizhu.indicators.leontief import Leontief, system_of
from zizhu.parameters import regime
from zizhu.world import World

COMPONENTS = ("loss", "concentration", "substitution")
_PAIR = ("supplier", "sector")
TOP = 10
# Weights of the sensitivity analysis: tenths, each component at least one.
_TENTHS = 10


def chokepoints(
    world: World | Leontief,
    user: str,
    *,
    elasticities: str = "lashkaripour-lugovskyy",
    weights: Mapping[str, float] | None = None,
) -> xr.Dataset:
    """Rank foreign (supplier i, sector k) pairs by how much user region n depends on them.

    Three components, for all pairs at once:

        loss[i,k]           = 100 (L f_n)[ik] / sum f_n
        concentration[i,k]  = loss[i,k] / sum over i' != n of loss[i',k]
        substitution[k]     = 1 / theta_k

    `loss` is the gross production of (i, k) that final demand of n needs at all tiers, in percent
    of that final demand. It is the first-order loss: the percent by which the cost of what n buys
    finally rises when (i, k) loses productivity, per 100 percent of it, other factor prices given
    (Hulten 1978; Baqaee and Farhi 2024). Large cuts lose more than first order, the more so the
    less can be replaced; that is what the other two stand for. `concentration` is the supplier's
    share of all foreign supply of k at all tiers, 0 to 1: how little there is to turn to. theta is
    the trade elasticity of the named regime.

    Each component is made a percentile rank among the pairs, 0 (least) to 1 (most), ties at their
    mean, and

        score = sum of weight times percentile rank,    rank 1 is the highest score

    weights    of `loss`, `concentration` and `substitution`; made to add up to one. Equal weights
               are the default and an assumption: no source says how the three trade off.
    rank_low, rank_high   the best and worst rank over all weightings in tenths that add up to one,
               each weight at least a tenth (36 of them)
    top_ten    percent of these weightings that put the pair among the first ten

    Own products and pairs that final demand of n does not reach are not a number. Raises
    `WorldError` for an unknown user, `ParameterError` for bad weights or an unknown regime.
    """
    system = system_of(world)
    table = system.world
    if user not in table.regions:
        raise WorldError(
            f"user: region {quoted(user)} is not in world {table.name}"
            f"{did_you_mean(user, table.regions)}"
        )
    chosen = _checked(weights)
    place = table.regions.index(user)
    theta, _ = regime(elasticities).by_sector(table.isic, table.sectors)
    demand = system.final_demand[..., place]
    loss = np.nan_to_num(percent(system.output_by_final_demand[..., place], demand.sum()))
    loss = np.where(np.arange(len(table.regions))[:, None] == place, 0.0, loss)
    reached = loss > 0
    parts = {
        "loss": loss,
        "concentration": divide(loss, loss.sum(axis=0, keepdims=True)),
        "substitution": np.broadcast_to(1 / theta, loss.shape),
    }
    ranks = np.stack([_percentile(parts[name][reached]) for name in COMPONENTS])
    score = chosen @ ranks
    grid = weight_grid() @ ranks
    places = np.stack([_places(row) for row in grid])

    def filled(values: Float[np.ndarray, " p"]) -> Float[np.ndarray, "i k"]:
        return _filled(values, reached)

    stated = ", ".join(f"{name} {one:.3g}" for name, one in zip(COMPONENTS, chosen, strict=True))
    among = "percentile rank among foreign pairs, 0 to 1"
    found = {
        "loss": Variable(
            _PAIR,
            filled(loss[reached]),
            "percent of final demand",
            "gross production of the pair that final demand of the user needs, all tiers",
        ),
        "concentration": Variable(
            _PAIR,
            filled(parts["concentration"][reached]),
            "1",
            "share of the supplier in foreign supply of the sector to the user, all tiers",
        ),
        "substitution": Variable(
            _PAIR,
            filled(parts["substitution"][reached]),
            "1",
            f"one over the trade elasticity of the sector ({elasticities})",
        ),
        **{
            f"{name}_rank": Variable(_PAIR, filled(ranks[at]), "1", f"{name}: {among}")
            for at, name in enumerate(COMPONENTS)
        },
        "score": Variable(
            _PAIR, filled(score), "1", f"weighted mean of the percentile ranks; weights {stated}"
        ),
        "rank": Variable(_PAIR, filled(_places(score)), "1", "place by score, 1 the highest"),
        "rank_low": Variable(
            _PAIR, filled(places.min(axis=0)), "1", "best place over the grid of weights"
        ),
        "rank_high": Variable(
            _PAIR, filled(places.max(axis=0)), "1", "worst place over the grid of weights"
        ),
        "top_ten": Variable(
            _PAIR,
            filled(100 * (places <= TOP).mean(axis=0)),
            "percent of weightings",
            "weightings of the grid that put the pair among the first ten",
        ),
    }
    result = dataset(table, found)
    result.attrs = {"user": user, "elasticities": elasticities, "weights": stated}
    return result


def weight_grid() -> Float[np.ndarray, "w 3"]:
    """All weightings in tenths that add up to one, each weight at least a tenth."""
    steps = range(1, _TENTHS)
    return (
        np.array(
            [
                (first, second, _TENTHS - first - second)
                for first, second in product(steps, steps)
                if first + second < _TENTHS
            ],
            dtype=float,
        )
        / _TENTHS
    )


def _checked(weights: Mapping[str, float] | None) -> Float[np.ndarray, " 3"]:
    given = dict.fromkeys(COMPONENTS, 1.0) if weights is None else dict(weights)
    for name in given:
        if name not in COMPONENTS:
            raise ParameterError(
                f"weights: {quoted(name)} is unknown{did_you_mean(name, COMPONENTS)}"
            )
    values = np.array([float(given.get(name, 0.0)) for name in COMPONENTS])
    if not np.isfinite(values).all() or (values < 0).any() or values.sum() <= 0:
        raise ParameterError("weights: none may be negative and one must be above zero")
    return np.asarray(values / values.sum())


def _percentile(values: Float[np.ndarray, " p"]) -> Float[np.ndarray, " p"]:
    """Share of the others that are lower, those that are equal counted half."""
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    to = np.searchsorted(ordered, values, side="right")
    return (below + to - 1) / 2 / max(values.size - 1, 1)


def _places(score: Float[np.ndarray, " p"]) -> Float[np.ndarray, " p"]:
    """Place of each score, one for the highest; equal ones share the better place."""
    ordered = np.sort(-score.round(12))
    return 1.0 + np.searchsorted(ordered, -score.round(12), side="left")


def _filled(
    values: Float[np.ndarray, " p"], reached: Bool[np.ndarray, "i k"]
) -> Float[np.ndarray, "i k"]:
    whole = np.full(reached.shape, np.nan)
    whole[reached] = values
    return whole
