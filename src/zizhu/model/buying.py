"""What buyers of nodes do with what they are offered: prices, home shares, quotas, lack.

The equations are those of `chain_year`, for the nodes w of one level of the graph.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from zizhu.model.bottleneck import cost_of
from zizhu.model.chain_state import ChainRates
from zizhu.model.technology import ABOVE, FREE

# Keeps quotients finite where nothing is offered; not so small that its derivative overflows.
_LEAST = 1e-30
# So small that it changes no number but zero, whose logarithm it makes finite.
_TINY = 1e-300
# Home share below which the price of a quota is counted as from there (assumption).
_LEAST_HOME = 1e-3


class Needed(NamedTuple):
    """Inputs e of the makers w of a level, as a list.

    inputs      place of each
    higher      part of each that is above the threshold of controls
    of          [u,w,e] 1 where the input goes into what the maker makes for a use
    tight       a_e of those in a CES, loose of those that can be done without
    power       1 - s of the maker, 1 where that is zero
    missed      part that cannot be made where the input is not to be had, a_e^s
    elasticity  s of each maker
    left_out    loose shares of each maker together
    assembled   whether buyers assemble it
    """

    inputs: Int[Array, "*l e"]
    higher: Float[Array, "*l e"]
    of: Float[Array, "*l u w e"]
    tight: Float[Array, "*l e"]
    loose: Float[Array, "*l e"]
    power: Float[Array, "*l e"]
    missed: Float[Array, "*l e"]
    elasticity: Float[Array, "*l w"]
    left_out: Float[Array, "*l w"]
    assembled: Bool[Array, "*l w"]

    def met(self, values: Float[Array, "u m n"]) -> Float[Array, "e n"]:
        """What makers meet at their inputs, given values by use of what they buy."""
        free, above = values[FREE][self.inputs], values[ABOVE][self.inputs]
        return free + self.higher[:, None] * (above - free)

    def costs_and_lacks(
        self, paid: Float[Array, "e n"], lack: Float[Array, "e n"]
    ) -> tuple[Float[Array, "u w n"], Float[Array, "u w n"]]:
        """Log cost of making, and the part 1 - prod (1 - a^s lack) that cannot be made.

        The two uses differ where a buyer assembles for one or the other.
        """
        tight, loose, power, missed = (
            values[:, None] for values in (self.tight, self.loose, self.power, self.missed)
        )
        # A product by logs, whose derivatives are right where one of its factors is zero.
        had = jnp.log(1 - missed * lack + _TINY)
        summands = jnp.stack([tight * jnp.expm1(power * paid), tight * paid, loose * paid, had])
        growth, mean, aside, left = jnp.einsum("uwe,sen->suwn", self.of, summands)
        elasticity, left_out = self.elasticity[:, None], self.left_out[:, None]
        cost = cost_of(elasticity, left_out, growth=growth, mean=mean, aside=aside)
        return cost, 1 - jnp.exp(left)


class Level(NamedTuple):
    """What a level of the graph needs beside prices and lacks of earlier levels.

    sourcing       [w,n,i] of the base year
    every, higher  [w,n,i] parts of flows that are barred, of all and once more above the threshold
    relief         [w,n] part of what is barred that comes out of store
    sector         [w] whose duties flows pay, of those that matter
    """

    number: Int[Array, ""]
    sourcing: Float[Array, "w n n"]
    every: Float[Array, "w n n"]
    higher: Float[Array, "w n n"]
    relief: Float[Array, "w n"]
    sector: Int[Array, " w"]
    above: Float[Array, "w n"]
    needed: Needed
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
    """What buyers are offered [*a,c,w,n]: by all, and by their own region without their preference.

    c is whether those have entered who may: first without them, then with the likeliest.
    """

    total: Float[Array, "*a c w n"]
    home: Float[Array, "*a c w n"]

    def with_home(self, factor: Float[Array, "w n"]) -> Float[Array, "*a c w n"]:
        """All of it, what comes from home times a factor."""
        return self.total + self.home * (factor - 1)


def offered(table: Float[Array, "*a w n n"], seller: Float[Array, "*a w n"], here: Level) -> Offer:
    """What buyers are offered at weights of sellers, without and with entrants."""
    total = jnp.einsum("...wni,...wi->...wn", table, seller)
    home = jnp.diagonal(table, axis1=-2, axis2=-1) * seller
    new = here.entrant * seller
    own = here.entrant_home * new
    entrants = new.sum(axis=-1, keepdims=True) + own - new
    return Offer(
        jnp.stack([total, total + entrants], axis=-3), jnp.stack([home, home + own], axis=-3)
    )


def long_run(rates: ChainRates, far: Offer, favour: Float[Array, "w n"]) -> Float[Array, "c w n"]:
    """Ln Q once everything is qualified; `favour` multiplies what comes from home."""
    spare = rates.choke**-rates.in_time
    found: Float[Array, "c w n"] = -jnp.log((1 - spare) * far.with_home(favour) + spare)
    return found / rates.in_time


class Bought(NamedTuple):
    """What buyers do; price is no log, so that chances weigh prices.

    price, home, lack  as in `ChainYear`
    buyer              factor of purchases from everybody
    found              part of what they want that they find
    """

    price: Float[Array, "*a w n"]
    home: Float[Array, "*a w n"]
    lack: Float[Array, "*a w n"]
    buyer: Float[Array, "*a w n"]
    found: Float[Array, "*a w n"]


def bought(
    here: Level,
    rates: ChainRates,
    own: Float[Array, "w n"],
    near: Offer,
    lacked: Offer,
    *,
    wanted: Float[Array, "c w n"],
    untaxed: Float[Array, "c w n"],
) -> Bought:
    """What buyers of each use do at what is offered [u,c,w,n].

    lacked   the same of what sellers cannot make
    wanted   ln Q once everything is qualified
    untaxed  part of what is paid that is no duty
    """
    total = near.with_home(own)
    # Suppliers once found help out where what is offered falls short, and are idle beyond that;
    # beside who enters they count as far as the long run has a place for them.
    short = jnp.maximum(-jnp.log(jnp.maximum(total[..., 0, :, :], _LEAST)), 0.0)
    short = jnp.stack([short, jnp.zeros_like(short)], axis=-3)
    use = jnp.maximum((rates.in_time - rates.at_once) * wanted, short)
    search = jnp.exp(jnp.where(here.search > 0, jnp.minimum(here.search, use), here.search))
    spare = rates.choke**-rates.at_once
    found = total * search
    index = (1 - spare) * found + spare
    # What buyers find is all that they want, less what nobody supplies.
    buyer = search / jnp.maximum(index, found)
    home = near.home * own * buyer
    dearer = 1 + home * jnp.expm1(here.liking)
    through = lacked.with_home(own) / jnp.maximum(total, _LEAST)
    # Duties make dear, and leave to be had: what is lacking is judged net of them.
    log_index, log_untaxed = jnp.log(index), jnp.log(untaxed)
    offer = jnp.exp(jnp.minimum(log_index - rates.at_once * log_untaxed, 0.0))
    unsupplied = (spare / offer - spare) / (1 - spare)
    return Bought(
        price=jnp.exp(log_untaxed - log_index / rates.at_once) * dearer,
        home=home,
        lack=1 - (1 - unsupplied) * (1 - through),
        buyer=buyer,
        found=total * buyer,
    )


def bound(here: Level, rates: ChainRates, free: Bought, makers_lack: Float[Array, "w n"]) -> Bought:
    """What buyers do once some are bound: home share, log price and lack after quotas."""
    quota = here.quota
    had = jnp.clip(free.home / jnp.maximum(free.found, _LEAST), _LEAST_HOME, 1 - _LEAST_HOME)
    to = (1 - quota) * had + quota
    # A quota of one leaves nothing abroad.
    left = jnp.maximum(1 - to, _LEAST)
    gap = to * jnp.log(to / had) + left * jnp.log(left / (1 - had))
    return free._replace(
        home=(1 - quota) * free.home + quota,
        price=jnp.log(free.price) + gap / rates.in_time,
        lack=(1 - quota) * free.lack + quota * makers_lack,
    )
