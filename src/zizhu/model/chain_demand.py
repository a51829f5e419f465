"""Who buys and makes how much along the chains: from final products down to raw materials.

    bought_mn  =  final_mn + sum_p [ inputs_pm made_pn + tools_pm invested_pn ] + extra_mn
    made_mi    =  sum_n share_mni bought_mn

What firms without plants sell is counted where they are, and its inputs where it is bought. All in
bn USD a year at base prices; cost shares do not move with prices (inputs hardly stand in for each
other: sigma is 0.1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from zizhu.model.chain_year import ChainYear
from zizhu.model.technology import Technology


class Demand(NamedTuple):
    """Purchases and output of each node, bn USD a year at base prices.

    bought  [m,n]
    made    [m,i]; for assembled nodes what their buyers put together
    """

    bought: Float[Array, "m n"]
    made: Float[Array, "m n"]


# Takes the rows that are meant out of values by node.
Rows = Callable[[Float[Array, "m ..."]], Float[Array, "w ..."]]
# What makers of some rows invest, given what they make [w,i] and the rows.
Invest = Callable[[Float[Array, "w n"], Rows], Float[Array, "w n"]]


def every_row(values: Float[Array, "m ..."]) -> Float[Array, "m ..."]:
    """All rows."""
    return values


def _rows_of(technology: Technology, level: Int[Array, ""] | int) -> Rows:
    start, slots = level * technology.slots, technology.slots
    return lambda values: jax.lax.dynamic_slice_in_dim(values, start, slots)


def delivered(
    technology: Technology,
    now: ChainYear,
    bought: Float[Array, "w n"],
    level: Int[Array, ""] | int,
) -> Float[Array, "w n"]:
    """What sellers of a level deliver to all buyers: the sum of share times purchases."""
    bars, rows = now.bars, _rows_of(technology, level)
    own = rows(now.own)
    paid = bought * rows(now.buyer)
    sourcing = rows(technology.sourcing)
    sent = jnp.einsum("wni,wn->wi", sourcing, paid)
    held = paid * (1 - rows(bars.relief))
    sent = sent - jnp.einsum("wni,wn->wi", rows(bars.barred), held)
    if bars.answer is not None:
        sent = sent - jnp.einsum("wni,wn->wi", rows(bars.answer), held * bars.controls)
    home = jnp.einsum("wnn->wn", sourcing)
    sent = jnp.maximum(sent, 0.0) + home * paid * (own - 1)
    for number in range(technology.indivisible.shape[0]):
        slot = technology.indivisible[number] - level * technology.slots
        inside = (slot >= 0) & (slot < technology.slots)
        slot = jnp.where(inside, slot, 0)
        table = technology.entrant[number]
        new = bought[slot] * now.of_entrant[number]
        new = new @ table + jnp.diagonal(table) * new * (own[slot] - 1)
        sent = sent.at[slot].add(jnp.where(inside, relative_entry(now)[number] * new, 0.0))
    return sent * rows(now.seller)


def demand_along(
    technology: Technology,
    final: Float[Array, "c n"],
    now: ChainYear,
    extra: Float[Array, "m n"],
    invest: Invest,
) -> Demand:
    """Walk from final products to raw materials: what is made needs its inputs.

    final   bn USD of final products by chain and region
    now     whom buyers buy from
    extra   [m,n] purchases in advance, or less than normal where stocks are used up
    invest  what makers of some rows invest, in output that the tools will serve, given what they
            make and which rows they are
    """

    def one(
        above: Int[Array, ""], had: tuple[Float[Array, "m n"], Float[Array, "m n"]]
    ) -> tuple[Float[Array, "m n"], Float[Array, "m n"]]:
        bought, made = had
        # Inputs lie on earlier levels than what they go into.
        level = technology.levels - 1 - above
        rows = _rows_of(technology, level)
        own = rows(bought)
        sold = delivered(technology, now, own, level)
        output = jnp.where(rows(technology.assembled)[:, None], own, sold)
        made = jax.lax.dynamic_update_slice(made, output, (level * technology.slots, 0))
        output = jnp.where(rows(technology.passed)[:, None], own, output)
        bought = bought + rows(technology.inputs).T @ output
        bought = bought + rows(technology.tools).T @ invest(output, rows)
        return bought, made

    bought = extra.at[technology.final].add(final)
    return Demand(*jax.lax.fori_loop(0, technology.levels, one, (bought, jnp.zeros_like(bought))))


def sourcing_shares(technology: Technology, now: ChainYear) -> Float[Array, "m n n"]:
    """Part of each buyer's purchases from each supplier; what cannot be had is the rest of one."""
    bars, sourcing = now.bars, technology.sourcing
    taken = bars.barred
    if bars.answer is not None:
        taken = taken + bars.controls[:, None] * bars.answer
    weight = sourcing - (1 - bars.relief)[:, :, None] * taken
    at_home = 1 + jnp.eye(weight.shape[1]) * (now.own - 1)[:, :, None]
    entrants = technology.entrant * relative_entry(now)[:, None, :] * now.of_entrant[:, :, None]
    weight = jnp.maximum(weight, 0.0) * now.buyer[:, :, None]
    weight = weight.at[technology.indivisible].add(entrants)
    return weight * at_home * now.seller[:, None, :]


def relative_entry(now: ChainYear) -> Float[Array, "e n"]:
    """Chance of each entrant relative to the likeliest one's."""
    return now.entry / jnp.maximum(now.entry.max(axis=1, keepdims=True), _LEAST)


# Keeps quotients finite where nobody enters.
_LEAST = 1e-30
