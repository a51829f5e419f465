"""Is the base a stable equilibrium, or one that any push moves away from?

With economies of scale, sectors that grow get cheaper and grow further. Let every sector keep its
scale for a moment (log scale z, productivity psi z): markets clear and imply new scales z'. The
base is stable under this adjustment if the largest eigenvalue of dz'/dz is below one. Inputs that
a sector buys from itself amplify scale, so that psi times theta below one is not enough; beyond
one, comparative statics can have the wrong sign and nearby equilibria may not exist.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.anderson import Settings
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import base_unknowns, equilibrium
from zizhu.model.shock import NoShock


@partial(jax.jit, static_argnames=("steps", "bound_labour"))
def scale_eigenvalue(
    economy: Economy,
    elasticities: Elasticities,
    *,
    steps: int = 24,
    bound_labour: bool = False,
) -> Float[Array, ""]:
    """Largest real part among the eigenvalues of dz'/dz at the base; below one is stable.

    From the Krylov space of `steps` products (Arnoldi), each one derivative of a constant-returns
    equilibrium; a Ritz value, exact to about a percent.
    """
    constant = replace(elasticities, scale=jnp.zeros_like(elasticities.scale))
    shock = NoShock.of(economy)
    settings = Settings(linear_tolerance=1e-6)

    def scales(log_productivity: Float[Array, "i k"]) -> Float[Array, "i k"]:
        moved = shock._replace(log_productivity=log_productivity)
        found = equilibrium(
            economy,
            constant,
            moved,
            bound_labour=bound_labour,
            settings=settings,
            solved=base_unknowns(economy, bound_labour=bound_labour),
        )
        scale: Float[Array, "i k"] = found.log_scale
        return scale

    shape = economy.cost.shape
    _, along = jax.linearize(scales, jnp.zeros(shape))

    def product(v: Float[Array, " d"]) -> Float[Array, " d"]:
        moved: Float[Array, " d"] = along(elasticities.scale * v.reshape(shape)).ravel()
        return moved

    # A start with every cell in it, the same each time.
    start = jnp.cos(jnp.arange(economy.cost.size, dtype=jnp.float64)) * (
        (elasticities.scale > 0) & (economy.cost > 0)
    ).ravel().astype(jnp.float64)
    length = jnp.linalg.norm(start)
    basis = jnp.zeros((steps + 1, economy.cost.size))
    basis = basis.at[0].set(start / jnp.where(length > 0, length, 1.0))
    hessenberg = jnp.zeros((steps + 1, steps))

    def extend(
        j: Array, state: tuple[Float[Array, "m d"], Float[Array, "m s"]]
    ) -> tuple[Float[Array, "m d"], Float[Array, "m s"]]:
        basis, hessenberg = state
        v = product(basis[j])
        weights = basis @ v
        v = v - weights @ basis
        again = basis @ v  # a second pass keeps the basis orthogonal
        v = v - again @ basis
        norm = jnp.linalg.norm(v)
        column = (weights + again).at[j + 1].set(norm)
        basis = basis.at[j + 1].set(v / jnp.where(norm > 1e-12, norm, 1.0))
        return basis, hessenberg.at[:, j].set(column)

    _, hessenberg = jax.lax.fori_loop(0, steps, extend, (basis, hessenberg))
    largest: Float[Array, ""] = jnp.max(jnp.linalg.eigvals(hessenberg[:steps, :steps]).real)
    return largest
