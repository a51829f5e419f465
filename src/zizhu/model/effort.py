"""What makers spend on becoming abler at a node, bn USD a year.

    E_im  =  rho_m sales_im R_i + (effort_ik / output_ik) sales_im + money_im,        k = k(m)
    Ebar_m  =  rho_m sum_i sales_im

Own research grows with sales and with what the region spends on research and whom it has (R is 1
in the base year); money that is given to a sector goes to its nodes in proportion to sales;
directed money goes where it is directed. Only ratios to Ebar count, so that the scale of money is
that of the market: doubling every market and all money changes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.technology import Technology


class Effort(NamedTuple):
    """Effort of a year by where it comes from, bn USD [m,i].

    own       research of makers out of their sales
    sector    money given to the sector
    directed  money given to the node; none where it builds plants
    world     [m] Ebar: own research of the world's makers, without changes of R
    """

    own: Float[Array, "m n"]
    sector: Float[Array, "m n"]
    directed: Float[Array, "m n"]
    world: Float[Array, " m"]

    def total(self) -> Float[Array, "m n"]:
        """All of it."""
        return self.own + self.sector + self.directed


def effort(
    technology: Technology,
    made: Float[Array, "m n"],
    *,
    money: Float[Array, "m n"],
    per_sale: Float[Array, "n k"],
    research: Float[Array, " n"],
) -> Effort:
    """Effort at sales `made`.

    money     bn USD a year directed to nodes
    per_sale  money given to sectors, per unit of their output
    research  R: research of the region relative to the base year
    """
    rho = technology.research[:, None]
    return Effort(
        own=rho * made * research,
        sector=per_sale.T[technology.sector] * made,
        directed=jnp.where(technology.plant[:, None], 0.0, money),
        world=technology.research * made.sum(axis=1),
    )
