"""Who buys and makes how much along the chains: from final products down to raw materials.

    bought_mn  =  scale_m grown_m (final_mn + sum_p [ inputs_pm made_pn + tools_pm invested_pn ])
                  + extra_mn
    made_mi    =  sum over uses u and buyers n of share_umni bought_umn

Purchases are kept apart by use: what is above the threshold of controls meets bars of its own.
`scale` is the size of the market over what cost shares imply, `grown` demand that grows by itself.
All in bn USD a year at base prices; cost shares do not move with prices (inputs hardly stand in for
each other: sigma is 0.1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from zizhu.model.technology import ABOVE, FREE, Bars, Technology


class Demand(NamedTuple):
    """Purchases and output of each node, bn USD a year at base prices.

    bought  [m,n]
    above   [m,n] part of it that is above the threshold of controls
    made    [m,i]; for assembled nodes what their buyers put together
    """

    bought: Float[Array, "m n"]
    above: Float[Array, "m n"]
    made: Float[Array, "m n"]


# Takes the rows that are meant out of values by node.
Rows = Callable[[Float[Array, "m ..."]], Float[Array, "w ..."]]
# What makers of some rows invest, given what they make [w,i] and the rows.
Invest = Callable[[Float[Array, "w n"], Rows], Float[Array, "w n"]]


def every_row(values: Float[Array, "m ..."]) -> Float[Array, "m ..."]:
    """All rows."""
    return values


def demand_along(
    technology: Technology,
    final: Float[Array, "c n"],
    sourcing: Float[Array, "u m n n"],
    *,
    extra: Float[Array, "m n"],
    year: Float[Array, ""],
    invest: Invest,
) -> Demand:
    """Walk from final products to raw materials: what is made needs its inputs.

    final     bn USD of final products by chain and region
    sourcing  part of purchases of each use from each supplier
    extra     [m,n] purchases in advance, or less than normal where stocks are used up
    year      since the base year
    invest    what makers of some rows invest, in output that the tools will serve, given what they
              make and which rows they are
    """
    places = jnp.arange(technology.world.shape[0])
    above = technology.inputs_above(year, places[:, None], places[None, :])
    grown = technology.scale * technology.growth.factor(year)
    of_final = technology.ladder.above(year)
    slots, levels = technology.slots, technology.levels

    def one(
        step: Int[Array, ""],
        had: tuple[Float[Array, "u m n"], Float[Array, "u m n"], Float[Array, "m n"]],
    ) -> tuple[Float[Array, "u m n"], Float[Array, "u m n"], Float[Array, "m n"]]:
        asked, bought, made = had
        # Inputs lie on earlier levels than what they go into.
        start = (levels - 1 - step) * slots

        def rows(values: Float[Array, "m ..."]) -> Float[Array, "w ..."]:
            return jax.lax.dynamic_slice_in_dim(values, start, slots)

        own = jax.lax.dynamic_slice_in_dim(asked, start, slots, axis=1) * rows(grown)[:, None]
        more, part = rows(extra), _part_above(own)
        own = own + jnp.stack([more * (1 - part), more * part])
        bought = jax.lax.dynamic_update_slice(bought, own, (0, start, 0))
        here = jax.lax.dynamic_slice_in_dim(sourcing, start, slots, axis=1)
        sold = jnp.einsum("uwni,uwn->uwi", here, own).sum(axis=0)
        output = jnp.where(rows(technology.assembled)[:, None], own.sum(axis=0), sold)
        made = jax.lax.dynamic_update_slice(made, output, (start, 0))
        inputs, tools = rows(technology.inputs), rows(technology.tools)
        high = jax.lax.dynamic_slice_in_dim(above, start, slots, axis=1)
        served = invest(output, rows)
        # What is assembled is needed for one use or the other; what is sold is one product.
        carries = rows(technology.carries)[:, None]
        made_for = jnp.where(carries, own, jnp.stack([output, jnp.zeros_like(output)]))
        needed = inputs.T @ output + tools.T @ served
        needed_above = (tools * high[FREE]).T @ served
        for use in (FREE, ABOVE):
            needed_above = needed_above + (inputs * high[use]).T @ made_for[use]
        return asked + jnp.stack([needed - needed_above, needed_above]), bought, made

    nothing = jnp.zeros((2, *extra.shape))
    high = of_final[technology.final][:, None]
    asked = nothing.at[FREE, technology.final].add(final * (1 - high))
    asked = asked.at[ABOVE, technology.final].add(final * high)
    _, bought, made = jax.lax.fori_loop(0, levels, one, (asked, nothing, nothing[0]))
    return Demand(bought.sum(axis=0), bought[ABOVE], made)


def _part_above(bought: Float[Array, "u w n"]) -> Float[Array, "w n"]:
    """Part of purchases that is above the threshold; all where nothing is bought."""
    total = bought.sum(axis=0)
    return jnp.where(total > 0, bought[ABOVE] / jnp.where(total > 0, total, 1.0), 1.0)


def part_above(demand: Demand) -> Float[Array, "m n"]:
    """Part of each buyer's purchases that is above the threshold; all where nothing is bought."""
    some = demand.bought > 0
    return jnp.where(some, demand.above / jnp.where(some, demand.bought, 1.0), 1.0)


def sourcing_shares(sourcing: Float[Array, "u m n n"], demand: Demand) -> Float[Array, "m n n"]:
    """Part of each buyer's purchases from each supplier, over both uses of a year."""
    free = sourcing[FREE]
    return free + part_above(demand)[:, :, None] * (sourcing[ABOVE] - free)


def barred_sales(
    technology: Technology, demand: Demand, held: Bars, above: Float[Array, "m n"]
) -> Float[Array, " n"]:
    """Bn USD of base sales abroad that suppliers may not make."""
    unrelieved = demand.bought * (1 - held.relief)
    lost: Float[Array, " n"] = jnp.einsum(
        "mn,mni->i", unrelieved, technology.sourcing * held.part(above)
    )
    return lost
