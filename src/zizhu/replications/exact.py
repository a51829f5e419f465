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
from zizhu.model import Economy, Elasticities
from zizhu.model.audit import audit
from zizhu.model.equilibrium import equilibrium, solve
from zizhu.model.rebase import rebase
from zizhu.model.shock import NoShock
from zizhu.parameters import regime
from zizhu.replications.optimal_subsidy import seven_regions

# Log of what trade costs leave of a sector's imports, whatever its elasticity.
_CLOSED = -30.0
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
    base = _undistorted(economy, plain)
    dear = foreign * jnp.asarray(-_CLOSED / theta)[None, :, None]
    wall = jnp.broadcast_to(dear[..., None], base.origin_shares.shape)
    autarky = solve(base, plain, NoShock.of(base)._replace(log_iceberg=wall))
    expected = np.log(gains_from_trade(base, theta))
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


def _undistorted(economy: Economy, elasticities: Elasticities) -> Economy:
    """The same shares without taxes and deficits."""
    free = replace(
        economy,
        tariff=jnp.zeros_like(economy.tariff),
        export_tax=jnp.zeros_like(economy.export_tax),
        subsidy=jnp.zeros_like(economy.subsidy),
    )
    return rebase(free, elasticities, zero_deficits=True)


def gains_from_trade(economy: Economy, theta: Float[np.ndarray, " k"]) -> Float[np.ndarray, " n"]:
    """Real income in autarky over the base, by the closed form.

    W_n(autarky)/W_n = prod_jk lambda_nn,k^(alpha_nj a_n,jk / theta_k), with a_n the Leontief
    inverse of cost shares, users in rows. Holds for Cobb-Douglas nests, pooled origins, constant
    returns, no taxes and no deficits.
    """
    beta, gamma = np.asarray(economy.value_added_share), np.asarray(economy.input_shares)
    weights = np.asarray(economy.final_use_shares)
    alpha = np.einsum("knf,nf->nk", np.asarray(economy.final_sector_shares), weights)
    found = np.empty(economy.regions)
    for n in range(economy.regions):
        own = np.asarray(economy.origin_shares)[n, :, n, 0]
        inputs = (1 - beta[n])[:, None] * gamma[:, n, :].T
        leontief = np.linalg.inv(np.eye(economy.sectors) - inputs)
        # Who uses nothing of a sector has no share of its own in it, and no weight.
        log_own = np.log(np.where(own > 0, own, 1.0))
        found[n] = np.exp(alpha[n] @ leontief @ (log_own / theta))
    return found


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
