"""Which elasticities move the headline: exact derivatives at the solution."""

from __future__ import annotations

from functools import partial

import jax
import numpy as np
from jaxtyping import Array, Float

from zizhu.cache import remembered
from zizhu.laboratory.case import Case, shock_of
from zizhu.laboratory.outcome import Driver
from zizhu.model import Economy, Elasticities
from zizhu.model.equilibrium import Solution, equilibrium
from zizhu.model.shock import NoShock
from zizhu.policy import Wedges
from zizhu.world import World

_NAMES = ("trade", "scale", "inputs", "value_added", "final")


@partial(jax.jit, static_argnames=("region", "bound_labour", "limits"))
def _headline_gradient(
    elasticities: Elasticities,
    economy: Economy,
    shock: NoShock,
    solved: Float[Array, " d"],
    *,
    region: int,
    bound_labour: bool,
    limits: bool,
) -> Elasticities:
    """Gradient of the log real income of a region in every elasticity, by implicit derivation."""

    def headline(chosen: Elasticities) -> Float[Array, ""]:
        found = equilibrium(
            economy, chosen, shock, bound_labour=bound_labour, limits=limits, solved=solved
        )
        return found.log_real_income[region]

    slopes: Elasticities = jax.grad(headline)(elasticities)
    return slopes


def drivers_of(
    case: Case, wedges: Wedges, solution: Solution, world: World, region: int
) -> tuple[Driver, ...]:
    """Elasticities by how far one percent more of each moves the headline; largest first.

    The base is held fixed: rebased deficits are not solved again.
    """
    shock = shock_of(wedges, case.economy)
    flags = {"region": region, "bound_labour": case.bound_labour, "limits": case.limits}

    def compute() -> list[float]:
        found = _headline_gradient(
            case.elasticities, case.economy, shock, solution.unknowns, **flags
        )
        return [float(slope) for name in _NAMES for slope in np.ravel(getattr(found, name))]

    public = -1 if case.economy.public_use is None else case.economy.public_use
    inputs = [*jax.tree.leaves((case.elasticities, case.economy, shock, flags)), public, _NAMES]
    slopes = remembered("headline gradient", inputs, compute)
    levels = [
        (name, sector, float(level))
        for name in _NAMES
        for sector, level in zip(
            world.sectors if name in ("trade", "scale") else ("all",),
            np.ravel(getattr(case.elasticities, name)),
            strict=True,
        )
    ]
    # d ln W / d ln parameter, per one percent: 0.01 log points, which is 1 percentage point x slope
    found = [
        Driver(name, sector, level, slope * level)
        for (name, sector, level), slope in zip(levels, slopes, strict=True)
    ]
    return tuple(sorted(found, key=lambda driver: -abs(driver.effect)))
