"""What the equilibrium must satisfy whatever the data, on the shipped world in seven regions.

Closed forms and identities: the gains from trade (Arkolakis, Costinot and Rodriguez-Clare 2012),
no shock, the unit of account, Hulten's theorem, every market after a shock.
"""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.laboratory import economy_of
from zizhu.laboratory.gains_from_trade import undistorted, walled_off
from zizhu.model import Economy, Elasticities
from zizhu.model.audit import audit
from zizhu.model.equilibrium import equilibrium, solve
from zizhu.model.gains import log_autarky
from zizhu.model.shock import NoShock
from zizhu.parameters import regime
from zizhu.replications.optimal_subsidy import seven_regions

_TARIFF, _UNIT = 0.25, 7.0


def exact() -> dict[str, float]:
    """Largest misses: `gains`, `no_shock`, `unit`, `hulten`, `markets`.

    And how far the shock and autarky move real income, percent: `moved` and `gained`.
    """
    world = seven_regions()
    theta, psi = regime("lashkaripour-lugovskyy").by_sector(world.isic, world.sectors)
    economy = economy_of(world, pooled=True)
    plain, scaled = Elasticities.of(theta), Elasticities.of(theta, 0.3 * psi)
    neutral = NoShock.of(economy)
    still = solve(economy, scaled, neutral)
    foreign = (1.0 - jnp.eye(economy.regions))[:, None, :]
    war = neutral._replace(tariff=_TARIFF * jnp.broadcast_to(foreign, neutral.tariff.shape))
    moved = solve(economy, scaled, war)
    other = replace(
        economy,
        **{
            name: _UNIT * getattr(economy, name)
            for name in ("cost", "income", "wage_bill", "deficit")
        },
    )
    again = solve(other, scaled, war)
    base = undistorted(economy, theta)
    autarky = solve(base, plain, walled_off(base, theta))
    expected = log_autarky(base, theta).with_intermediates
    domar = base.cost / base.income.sum()
    return {
        "gains": float(np.abs(np.asarray(autarky.log_real_income) - expected).max()),
        "gained": float(100 * np.expm1(expected).min()),
        "no_shock": float(np.abs(np.asarray(still.log_real_income)).max()),
        "unit": float(np.abs(np.asarray(again.log_real_income - moved.log_real_income)).max()),
        "hulten": float(jnp.abs(_slopes(base, plain) / domar - 1).max()),
        "markets": audit(economy, scaled, war, moved).largest,
        "moved": float(100 * np.abs(np.asarray(moved.log_real_income)).max()),
    }


@jax.jit
def _slopes(base: Economy, elasticities: Elasticities) -> Float[Array, "n k"]:
    """Gradient of the world's log real income, weighted with income, in log productivity."""
    shock = NoShock.of(base)
    weights = base.income / jnp.sum(base.income)

    def welfare(log_productivity: Float[Array, "n k"]) -> Float[Array, ""]:
        changed = shock._replace(log_productivity=log_productivity)
        return jnp.sum(weights * equilibrium(base, elasticities, changed).log_real_income)

    slopes: Float[Array, "n k"] = jax.grad(welfare)(shock.log_productivity)
    return slopes
