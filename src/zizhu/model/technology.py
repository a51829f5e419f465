"""All technology chains as one graph, ready for the yearly loop.

Nodes stand at their places in the layout of `bottleneck.Links` (level by level, empty slots
included), so that arrays [m, ...] are those of the price program without its two leading axes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from zizhu.model.bottleneck import Links


class Technology(NamedTuple):
    """What chains are in the base year.

    links         sourcing, cost shares and elasticities; sourcing rows sum to one
    world         [m,i] suppliers' shares of the world market; an empty place has none
    inputs        [p,m] cost share of m in p of what is used up in making p
    tools         [p,m] the same of what serves for years where p is a plant
    passed        [m] products of firms that own no plants: their inputs are made for whoever buys
    plant         [m] nodes whose output is bounded by plants that take years to build
    trend         [m,i] yearly growth of plants beyond the world's that goes on without a measure
    tool_use      [i] tools bought for the same investment, relative to the world's plants
    durable       [m] nodes that serve for years: tools
    indivisible   [m] nodes that nobody enters in parts
    entrant       [m,n,i] weight that an entrant to an indivisible node would have with each buyer
    preferable    [m] nodes for which a preference for home supplies works: tools and materials
    difficulty    [m] of progress, 1 is an ordinary tool
    qualify       [m] years to qualify a substitute
    learning      [m] learning exponent
    final         [c] place of the product that each chain sells to sectors
    attached      [c,k] part of the unit cost of each sector that is the chain
    purchases     [c,n] bn USD of final products bought by each region in the base year
    controllable  [m,n,i] flows that controls of the reaction may bar
    """

    links: Links
    world: Float[Array, "m n"]
    inputs: Float[Array, "m m"]
    tools: Float[Array, "m m"]
    passed: Bool[Array, " m"]
    plant: Bool[Array, " m"]
    trend: Float[Array, "m n"]
    tool_use: Float[Array, " n"]
    durable: Bool[Array, " m"]
    indivisible: Bool[Array, " m"]
    entrant: Float[Array, "m n n"]
    preferable: Bool[Array, " m"]
    difficulty: Float[Array, " m"]
    qualify: Float[Array, " m"]
    learning: Float[Array, " m"]
    final: Int[Array, " c"]
    attached: Float[Array, "c k"]
    purchases: Float[Array, "c n"]
    controllable: Float[Array, "m n n"]

    @property
    def levels(self) -> int:
        """Levels of the graph."""
        return int(self.links.preference.shape[0])

    @property
    def assembled(self) -> Bool[Array, " m"]:
        """Nodes that their buyers assemble."""
        return self.links.assembled.reshape(-1)

    def by_level(self, values: Float[Array, "m ..."]) -> Float[Array, "l w ..."]:
        """Rows of places as the two leading axes of `Links`."""
        levels, slots = self.links.preference.shape[:2]
        return values.reshape(levels, slots, *values.shape[1:])


class Demand(NamedTuple):
    """Who buys and makes how much of each node, bn USD a year at base prices.

    bought  [m,n]
    made    [m,i]; for assembled nodes what their buyers put together
    """

    bought: Float[Array, "m n"]
    made: Float[Array, "m n"]


# What makers of some rows invest, given what they make [w,i] and the rows.
Invest = Callable[[Float[Array, "w n"], slice], Float[Array, "w n"]]


def demand_along(
    technology: Technology,
    final: Float[Array, "c n"],
    shares: Float[Array, "m n n"],
    extra: Float[Array, "m n"],
    invest: Invest,
) -> Demand:
    """Walk from final products to raw materials: what is made needs its inputs.

        bought_mn  =  final_mn + sum_p [ inputs_pm made_pn + tools_pm investment_pn ] + extra_mn
        made_mi    =  sum_n shares_mni bought_mn

    What firms without plants sell is counted where they are, and its inputs where it is bought.

    final       bn USD of final products by chain and region
    shares      [m,n,i] whom each buyer buys from
    extra       [m,n] purchases in advance, or less than normal where stocks are used up
    invest      what makers of some rows invest, in output that the tools will serve, given what
                they make and which rows they are
    """
    levels = technology.levels
    slots = shares.shape[0] // levels
    bought = extra.at[technology.final].add(final)
    made = jnp.zeros_like(bought)
    # Inputs lie on earlier levels than what they go into.
    for level in reversed(range(levels)):
        rows = slice(level * slots, (level + 1) * slots)
        own = bought[rows]
        delivered = jnp.einsum("mni,mn->mi", shares[rows], own)
        output = jnp.where(technology.assembled[rows, None], own, delivered)
        made = made.at[rows].set(output)
        output = jnp.where(technology.passed[rows, None], own, output)
        bought = bought + technology.inputs[rows].T @ output
        bought = bought + technology.tools[rows].T @ invest(output, rows)
    return Demand(bought, made)


def missing_along(
    technology: Technology, unsupplied: Float[Array, "m n"], shares: Float[Array, "m n n"]
) -> tuple[Float[Array, "m n"], Float[Array, "m n"]]:
    """Walk from raw materials to final products: part of each that cannot be had at any price.

        maker_pi  =  1 - prod over inputs k of (1 - a_kp^sigma_p buyer_ki)
        buyer_mn  =  1 - (1 - unsupplied_mn) (1 - sum_i shares_mni maker_mi / sum_i shares_mni)

    The weight is 1 where inputs cannot stand in for each other (sigma 0) and the cost share where
    they are Cobb-Douglas. Returned: what makers miss [m,i] and what buyers miss [m,n].
    """
    levels = technology.levels
    slots = shares.shape[0] // levels
    sigma = technology.links.elasticity.reshape(-1)[:, None]
    flat_inputs = technology.links.inputs.reshape(shares.shape[0], -1)
    flat_tight = technology.links.tight.reshape(shares.shape[0], -1)
    used = flat_tight > 0
    weight = jnp.where(used, jnp.where(used, flat_tight, 1.0) ** sigma, 0.0)
    maker = jnp.zeros_like(unsupplied)
    buyer = jnp.zeros_like(unsupplied)
    for level in range(levels):
        rows = slice(level * slots, (level + 1) * slots)
        inputs = buyer[flat_inputs[rows]]
        lacks = 1 - jnp.prod(1 - weight[rows][:, :, None] * inputs, axis=1)
        total = jnp.maximum(shares[rows].sum(axis=2), 1e-300)
        through = jnp.einsum("mni,mi->mn", shares[rows], lacks) / total
        bought = 1 - (1 - unsupplied[rows]) * (1 - through)
        maker = maker.at[rows].set(lacks)
        buyer = buyer.at[rows].set(jnp.where(technology.assembled[rows, None], lacks, bought))
    return maker, buyer
