"""From chains back to the sectors that use them: a higher cost, and a ceiling besides the price.

    cost_nk  =  sum over chains c of ln(1 + cs_ck (P_cn^(1-sigma) - 1)) / (1 - sigma)
    lack_nk  =  1 - prod over chains of (1 - cs_ck^sigma lack_cn)
    ceiling_nk = ln(1 - pass lack_nk)

cs is the chain's part of the sector's unit cost. What cannot be had at any price holds back what
is made with it by more than its price says: a device without its chip is another product. The
weight is the rule inside chains: 1 where the chain cannot be replaced, its cost share at sigma 1.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float


def chain_cost(
    attached: Float[Array, "c k"], log_price: Float[Array, "c n"], sigma: Float[Array, ""]
) -> Float[Array, "n k"]:
    """Log unit cost that chains add to each sector."""
    growth = jnp.expm1((1 - sigma) * log_price)
    return jnp.sum(jnp.log1p(attached[:, None, :] * growth[:, :, None]), axis=0) / (1 - sigma)


def chain_ceiling(
    attached: Float[Array, "c k"],
    lack: Float[Array, "c n"],
    sigma: Float[Array, ""],
    passed: Float[Array, ""],
) -> Float[Array, "n k"]:
    """Log productivity that sectors lose because a chain's product cannot be had, 0 or less."""
    used = attached > 0
    weight = jnp.where(used, jnp.where(used, attached, 1.0) ** sigma, 0.0)
    had = jnp.prod(1 - weight[:, None, :] * lack[:, :, None], axis=0)
    return jnp.log1p(-passed * (1 - had))
