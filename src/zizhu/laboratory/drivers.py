"""Which elasticities move the headline: exact derivatives at the solution."""

from __future__ import annotations

from functools import partial

import jax
import numpy as np
from jaxtyping import Array, Float

from zizhu.laboratory.case import Case, shock_of
from zizhu.laboratory.outcome import Driver
from zizhu.model import Economy, Elasticities
from zizhu.model.equilibrium import Solution, equilibrium
from zizhu.model.shock import NoShock
from zizhu.policy import Wedges
from zizhu.world import World


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
    slopes = _headline_gradient(
        case.elasticities,
        case.economy,
        shock_of(wedges, case.economy),
        solution.unknowns,
        region=region,
        bound_labour=case.bound_labour,
        limits=case.limits,
    )
    found = []
    for name in ("trade", "scale"):
        level = np.asarray(getattr(case.elasticities, name))
        slope = np.asarray(getattr(slopes, name))
        found += [
            Driver(name, sector, float(level[k]), float(slope[k] * level[k]))
            for k, sector in enumerate(world.sectors)
        ]
    for name in ("inputs", "value_added", "final"):
        one, pull = (float(getattr(source, name)) for source in (case.elasticities, slopes))
        found.append(Driver(name, "all", one, pull * one))
    # d ln W / d ln parameter, per one percent: 0.01 log points, which is 1 percentage point x slope
    return tuple(sorted(found, key=lambda driver: -abs(driver.effect)))
