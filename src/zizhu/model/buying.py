"""What buyers of nodes do with what they are offered: prices, home shares, quotas, lack.

The equations are those of `chain_year`, for the nodes w of one level of the graph.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from zizhu.model.chain_state import ChainRates

# Keeps quotients finite where nothing is offered; not so small that its derivative overflows.
_LEAST = 1e-30
# Home share below which the price of a quota is counted as from there.
_LEAST_HOME = 1e-3


class Level(NamedTuple):
    """What a level of the graph needs beside prices and lacks of earlier levels.

    open, ahead  [u,w,n,i] and [w,n,i] flows that are left, weighed by duties
    untaxed      [w,n,i] those of the free use once more, net of duty
    """

    number: Int[Array, ""]
    open: Float[Array, "u w n n"]
    ahead: Float[Array, "w n n"]
    untaxed: Float[Array, "w n n"]
    above: Float[Array, "w n"]
    uses: Float[Array, "u w k"]
    own: Float[Array, "w n"]
    search: Float[Array, "w n"]
    trust: Float[Array, "w n"]
    pending: Float[Array, "w n"]
    habit: Float[Array, "w n"]
    able: Float[Array, "w n"]
    scarcity: Float[Array, "w n"]
    liking: Float[Array, "w n"]
    quota: Float[Array, "w n"]
    entrant: Float[Array, "w n"]
    entrant_home: Float[Array, "w n"]
    chance: Float[Array, " w"]
    renewed: Float[Array, " w"]
    tool_price: Float[Array, "u w n"]
    tool_lack: Float[Array, "u w n"]


class Offer(NamedTuple):
    """What buyers are offered [w,n]: by all, and by their own region without their preference."""

    total: Float[Array, "w n"]
    home: Float[Array, "w n"]

    def with_home(self, factor: Float[Array, "w n"]) -> Float[Array, "w n"]:
        """All of it, what comes from home times a factor."""
        return self.total + self.home * (factor - 1)


def offered(
    table: Float[Array, "w n n"], seller: Float[Array, "w n"], here: Level
) -> tuple[Offer, Offer]:
    """What buyers are offered at weights of sellers, without and with entrants."""
    total = jnp.einsum("wni,wi->wn", table, seller)
    home = jnp.einsum("wnn->wn", table) * seller
    new = here.entrant * seller
    own = here.entrant_home * new
    entrants = new.sum(axis=1, keepdims=True) + own - new
    return Offer(total, home), Offer(total + entrants, home + own)


def long_run(rates: ChainRates, far: Offer, favour: Float[Array, "w n"]) -> Float[Array, "w n"]:
    """Ln Q once everything is qualified; `favour` multiplies what comes from home."""
    spare = rates.choke**-rates.in_time
    found: Float[Array, "w n"] = -jnp.log((1 - spare) * far.with_home(favour) + spare)
    return found / rates.in_time


def bought(
    here: Level,
    rates: ChainRates,
    own: Float[Array, "w n"],
    near: Offer,
    lacked: Offer,
    *,
    long_run: Float[Array, "w n"],
    further: Float[Array, ""],
    untaxed: Float[Array, "w n"],
) -> dict[str, Float[Array, "w n"]]:
    """What buyers of a use do at what is offered; price is no log, so that chances weigh prices.

    untaxed  part of what is paid that is no duty
    """
    idle = jnp.minimum(here.search, jnp.maximum(further * long_run, 0.0))
    search = jnp.where(here.search > 0, idle, here.search)
    total = near.with_home(own)
    spare = rates.choke**-rates.at_once
    found = total * jnp.exp(search)
    index = (1 - spare) * found + spare
    # What buyers find is all that they want, less what nobody supplies.
    buyer = jnp.exp(search) / jnp.maximum(index, found)
    home = near.home * own * buyer
    price = -jnp.log(index) / rates.at_once + jnp.log1p(home * jnp.expm1(here.liking))
    through = lacked.with_home(own) / jnp.maximum(total, _LEAST)
    unsupplied = jnp.maximum(spare / index - spare, 0.0) / (1 - spare)
    return {
        "price": jnp.exp(price) * untaxed,
        "home": home,
        "lack": 1 - (1 - unsupplied) * (1 - through),
        "buyer": buyer,
        "all": total * buyer,
    }


def bound(
    here: Level,
    rates: ChainRates,
    one: dict[str, Float[Array, "w n"]],
    makers_lack: Float[Array, "w n"],
) -> dict[str, Float[Array, "w n"]]:
    """What buyers do once some are bound: home share, price and lack after quotas."""
    quota = here.quota
    home = (1 - quota) * one["home"] + quota
    had = one["home"] / jnp.maximum(one["all"], _LEAST)
    had = jnp.clip(had, _LEAST_HOME, 1 - _LEAST_HOME)
    to = (1 - quota) * had + quota
    # A quota of one leaves nothing abroad.
    left = jnp.maximum(1 - to, _LEAST)
    gap = to * jnp.log(to / had) + left * jnp.log(left / (1 - had))
    return {
        "home": home,
        "price": one["price"] * jnp.exp(gap / rates.in_time),
        "lack": (1 - quota) * one["lack"] + quota * makers_lack,
    }
