"""How productivity of a sector drifts around its region's trend.

Comparative advantage x = ln(exporter effect) of region n in good k, region and sector means taken
out, reverts to the region's mean and carries on a while as it moved. Year by year from the base b,

    x_t+1 = (1 - lambda) x_t + mu f^(t-b) c + s e_t+1,

with c the recent yearly change and e standard normal where draws are wanted. In a gravity equation
exports are productivity over costs, to the power of the trade elasticity (Eaton and Kortum 2002,
Econometrica 70(5); Levchenko and Zhang 2016, Journal of Monetary Economics 78), so that

    d[t,n,k] = (x_t - x_b) / theta_k,     log productivity = d - sum_k w_nk d / sum_k w_nk

over the measured sectors of a region: the region's trend stays its own. Weights w that keep real
income to first order are output at gross-output productivity, as the model has it (Hulten 1978,
Review of Economic Studies 45(3)). Sectors that are not measured (services, thin exports,
regions and years that the table does not have) keep the region's trend.

Exports move with what sellers learn by doing too. The model's own scale effects come on top, so
that some of a drift counts twice; this is provisional until the paths are fitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from zizhu.errors import ScenarioError
from zizhu.world import World
from zizhu.world.competitiveness import Table, competitiveness_table

_PARAMETERS = ("sector_reversion", "sector_momentum", "sector_fade", "sector_shock")


@dataclass(frozen=True)
class Measured:
    """Comparative advantage of a world's sectors in its base year.

    level   ln x [n,k], zero where not measured
    change  mean change a year over the three years before [n,k], zero where not measured
    known   whether it is measured [n,k]
    """

    level: Float[np.ndarray, "n k"]
    change: Float[np.ndarray, "n k"]
    known: Bool[np.ndarray, "n k"]


def measured_on(world: World, table: Table | None = None) -> Measured:
    """What the table (the shipped one by default) says about a world's regions and sectors."""
    given = competitiveness_table() if table is None else table
    shape = len(world.regions), len(world.sectors)
    level, change, known = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    for n, region in enumerate(world.regions):
        for k, sector in enumerate(world.sectors):
            one = given.get((world.year, region, sector))
            if one is not None:
                level[n, k], change[n, k], known[n, k] = one.level, one.change, True
    return Measured(level, change, known)


def drift_on(
    world: World,
    years: int,
    parameters: Mapping[str, float],
    elasticity: Float[np.ndarray, " k"],
    shocks: Float[np.ndarray, "t n k"] | None = None,
) -> Float[np.ndarray, "t n k"]:
    """Drift of a world's sectors from its base year on, weighted by output; see `sector_drift`."""
    known = measured_on(world)
    return sector_drift(known, years, parameters, elasticity, world.output, shocks=shocks)


def advantage_path(
    measured: Measured,
    years: int,
    parameters: Mapping[str, float],
    shocks: Float[np.ndarray, "t n k"] | None = None,
) -> Float[np.ndarray, "t n k"]:
    """Log comparative advantage in the base year and `years - 1` more.

    shocks  standard normal, one year each from the second on (the first is ignored); none by
            default

    Raises `ScenarioError` for shocks of another shape.
    """
    shape = (years, *measured.level.shape)
    if shocks is not None and shocks.shape != shape:
        raise ScenarioError(f"sector drift: shocks of shape {shocks.shape} found; {shape} is right")
    reversion, momentum, fade, size = (parameters[name] for name in _PARAMETERS)
    path = [measured.level]
    for year in range(1, years):
        x = (1 - reversion) * path[-1] + momentum * fade ** (year - 1) * measured.change
        if shocks is not None:
            x = x + size * np.where(measured.known, shocks[year], 0.0)
        path.append(x)
    return np.array(path)


def sector_drift(
    measured: Measured,
    years: int,
    parameters: Mapping[str, float],
    elasticity: Float[np.ndarray, " k"],
    weights: Float[np.ndarray, "n k"],
    *,
    shocks: Float[np.ndarray, "t n k"] | None = None,
) -> Float[np.ndarray, "t n k"]:
    """Log productivity relative to the region's trend, zero in the base year.

    measured    of the base year, see `measured_on`
    years       how many, the base year included
    parameters  `sector_reversion`, `sector_momentum`, `sector_fade`, `sector_shock` a year, and
                `level_trade_elasticity`, the least elasticity by which advantages are divided
    elasticity  of trade, theta [k]
    weights     by which the drift of a region's measured sectors sums to zero [n,k], output

    Raises `ScenarioError` for shocks of another shape.
    """
    path = advantage_path(measured, years, parameters, shocks)
    theta = np.maximum(elasticity, parameters["level_trade_elasticity"])
    moved = np.where(measured.known, (path - path[0]) / theta, 0.0)
    weight = np.where(measured.known, weights, 0.0)
    total = weight.sum(axis=1)
    top = np.einsum("tnk,nk->tn", moved, weight)
    mean = np.divide(top, total, out=np.zeros_like(top), where=total > 0)
    # A region whose measured sectors make nothing has nothing to weigh by.
    return np.where(measured.known & (total > 0)[:, None], moved - mean[:, :, None], 0.0)
