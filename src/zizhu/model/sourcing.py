"""From world supplier shares to what each buyer buys from whom.

    s_ni  =  k_ni v_i / sum_j k_nj v_j,     k = `bias` at home, 1 abroad
    such that  sum_n q_n s_ni = w_i

with w the suppliers' world shares and q the buyers' parts of world purchases: the table nearest in
relative entropy to a home-biased one that has both margins (iterative proportional fitting; the
rows need no factors because they are shares).
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

# Passes until the supplier margins hold to rounding for a bias up to a hundred (tested).
_PASSES = 400


@partial(jax.jit, static_argnames="passes")
def home_biased_sourcing(
    shares: Float[Array, "*m n"],
    buyers: Float[Array, " n"],
    bias: Float[Array, ""],
    passes: int = _PASSES,
) -> Float[Array, "*m n n"]:
    """Sourcing s[.., buyer, supplier] of nodes with world shares w[.., supplier].

    A region with no share sells to nobody. A buyer of no weight buys as its bias says.
    """

    def demand(v: Float[Array, "*m n"]) -> Float[Array, "*m n"]:
        """Sum over buyers of q_n k_ni / sum_j k_nj v_j, using that k is one plus a diagonal."""
        per_buyer = buyers / (v.sum(-1, keepdims=True) + (bias - 1) * v)
        return per_buyer.sum(-1, keepdims=True) + (bias - 1) * per_buyer

    def one_pass(v: Float[Array, "*m n"], _: None) -> tuple[Float[Array, "*m n"], None]:
        new = shares / demand(v)
        return new / new.sum(-1, keepdims=True), None

    factors, _ = jax.lax.scan(one_pass, shares, None, length=passes)
    kernel = 1 + (bias - 1) * jnp.eye(shares.shape[-1])
    table = kernel * factors[..., None, :]
    return table / table.sum(-1, keepdims=True)
