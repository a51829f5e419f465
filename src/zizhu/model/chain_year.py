"""One year of the chains: who supplies whom at what price, and what then moves.

Buyers can stand in other suppliers only as fast as they qualify them. With eta0 the elasticity
between qualified suppliers, eta > eta0 the one in the long run, f the seen cost of a supplier:

    share_nim   ~  q_nim (1 - barred_nim) f_nim^-eta0,     index Q0
    q'          =  q + (q* - q) / years to qualify
    q*_nim      =  s_nim f_nim^(eta0 - eta) Q_n^(eta - eta0)
    Q_n         =  [sum_i s_nim (1 - barred_nim) f_nim^-eta]^(-1/eta)

so that once everything is qualified, shares and prices are those of elasticity eta; s are base
weights and those of entrants. Plants (fabs) add their relative capacity K to the weights:

    K'      =  (1 - d) K + finished,    after years of building; less in its first year
    starts  =  (d K use + money / (plant per unit of output)) (1 - part of inputs that is missing)
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.bottleneck import Links, Stock, prices
from zizhu.model.capability import Ability, AbilityRates, base_level, entered, gaps
from zizhu.model.technology import Technology, missing_along

_SMALL = 1e-12


class ChainRates(NamedTuple):
    """Parameters of sourcing and plants.

    at_once, in_time  eta0 and eta
    choke             price of what nobody may supply
    renewed           part of the service of tools that is of this year
    depreciation      d of plants
    plant_capital     bn USD of plant per bn USD of yearly output
    young_yield       yield of capacity in its first year
    rent              part of barred sales that is lost to the seller, the rest finds other work
    ceiling           part of an attached sector's output lost where its chain cannot be had
    feed              sigma between the chain and other inputs of sectors
    """

    at_once: Float[Array, ""]
    in_time: Float[Array, ""]
    choke: Float[Array, ""]
    renewed: Float[Array, ""]
    depreciation: Float[Array, ""]
    plant_capital: Float[Array, ""]
    young_yield: Float[Array, ""]
    rent: Float[Array, ""]
    ceiling: Float[Array, ""]
    feed: Float[Array, ""]


class ChainStocks(NamedTuple):
    """What chains carry from year to year.

    qualified   q[m,n,i], weights of qualified suppliers; base sourcing at the start
    ability     see `capability`
    capacity    [m,i] of plants relative to the base year
    young       [m,i] part of it that was finished last year
    building    [lag,m,i] capacity under construction, row 0 is finished this year
    tool_price  ln price [m,n] of the services of tools in place
    tool_lack   part [m,n] of these services that is missing
    cover       [m,n] years of normal purchases in store
    handicap    ln cost [m,i] of bars of the base year that makers have made up for
    """

    qualified: Float[Array, "m n n"]
    ability: Ability
    capacity: Float[Array, "m n"]
    young: Float[Array, "m n"]
    building: Float[Array, "lag m n"]
    tool_price: Float[Array, "m n"]
    tool_lack: Float[Array, "m n"]
    cover: Float[Array, "m n"]
    handicap: Float[Array, "m n"]


class ChainYear(NamedTuple):
    """What the chains are like in a year.

    shares      [m,n,i] part of buyer n's purchases from i; the rest cannot be had
    price       ln price [m,n] paid, of services where tools serve for years
    new_price   ln price [m,n] of this year's purchases
    cost        ln cost [m,i] of making
    maker_lack  [m,i] part that makers cannot make for want of inputs
    lack        [m,n] part that buyers cannot have
    gap         [m,i] to the ablest
    entry       [m,i] probability that an indivisible node has been entered
    relief      [m,n] part of barred purchases that comes out of store
    need        [m,n] barred purchases, years of normal purchases
    target      [m,n,i] q*, towards which qualified weights move
    """

    shares: Float[Array, "m n n"]
    price: Float[Array, "m n"]
    new_price: Float[Array, "m n"]
    cost: Float[Array, "m n"]
    maker_lack: Float[Array, "m n"]
    lack: Float[Array, "m n"]
    gap: Float[Array, "m n"]
    entry: Float[Array, "m n"]
    relief: Float[Array, "m n"]
    need: Float[Array, "m n"]
    target: Float[Array, "m n n"]


def chain_year(
    technology: Technology,
    stocks: ChainStocks,
    barred: Float[Array, "m n n"],
    preference: Float[Array, "m n"],
    *,
    rates: ChainRates,
    ability_rates: AbilityRates,
) -> ChainYear:
    """Prices and sourcing of a year, given what is qualified, built, known and barred.

    Who had to do without an input in the base year already sells what base shares say, so that it
    has made up for the handicap.

    barred      [m,n,i] part of i's sales to n that is barred, 0 to 1
    preference  [m,n] log price preference of buyers for home supplies, at no gap
    """
    base = technology.links.sourcing.reshape(stocks.qualified.shape)
    level = base_level(technology.world, rates.in_time, ability_rates.entry_gap)
    gap = gaps(level, stocks.ability.gain)
    entry = jnp.where(
        technology.indivisible[:, None], entered(stocks.ability.clock, ability_rates), 0.0
    )
    weights = base + entry[:, None, :] * technology.entrant

    # What lies in store relieves the bar for a while.
    need = jnp.einsum("mni,mni->mn", base, barred)
    relief = jnp.where(need > 0, jnp.minimum(stocks.cover / jnp.maximum(need, _SMALL), 1.0), 0.0)
    free = 1 - barred * (1 - relief)[:, :, None]

    # Capacity of plants relative to the world's.
    working = stocks.capacity - (1 - rates.young_yield) * stocks.young
    mean = jnp.sum(technology.world * working, axis=1, keepdims=True)
    mean = jnp.where(technology.plant[:, None], mean, 1.0)
    log_capacity = jnp.where(technology.plant[:, None], jnp.log(working / mean), 0.0)

    liking = jnp.where(technology.preferable[:, None], preference, 0.0)
    liking = liking * jnp.exp(-ability_rates.decay * gap)
    able = stocks.ability.gain + stocks.handicap
    appeal = rates.at_once * able + log_capacity
    sourcing = stocks.qualified * free * jnp.exp(appeal)[:, None, :]
    renewed = jnp.where(technology.durable, rates.renewed, 1.0)
    trade = jnp.full_like(technology.links.trade, 1.0) * rates.at_once
    links: Links = technology.links._replace(
        sourcing=technology.by_level(sourcing),
        trade=trade,
        choke=rates.choke,
        preference=technology.by_level(liking),
        stock=Stock(technology.by_level(stocks.tool_price), technology.by_level(renewed)),
    )
    found = prices(links)

    # Shares as the price program has them, with the part that nobody supplies as the rest. Costs
    # are the sellers', preferences the buyers', so that no power of a whole table is needed.
    spare = rates.choke**-rates.at_once
    offered = sourcing * jnp.exp(-rates.at_once * found.cost)[:, None, :]
    offered = _home_times(offered, jnp.exp(rates.at_once * liking))
    index = (1 - spare) * offered.sum(axis=2) + spare
    shares = ((1 - spare) / index)[:, :, None] * offered
    assembled = technology.assembled[:, None]
    unsupplied = jnp.maximum(spare / index - spare, 0.0) / (1 - spare)
    unsupplied = jnp.where(assembled, 0.0, unsupplied)
    kept = (1 - renewed)[:, None] * stocks.tool_lack
    maker_lack, lack = missing_along(technology, kept + renewed[:, None] * unsupplied, shares)
    new = renewed[:, None]
    paid = jnp.log((jnp.exp(found.price) - (1 - new) * jnp.exp(stocks.tool_price)) / new)

    # Weights that, once qualified, give the shares and prices of the long-run elasticity.
    further = rates.in_time - rates.at_once
    net = found.cost - able
    liked = jnp.exp(rates.in_time * liking)
    far = weights * free * jnp.exp(-rates.in_time * net + log_capacity)[:, None, :]
    own = jnp.einsum("mnn->mn", far)
    far_spare = rates.choke**-rates.in_time
    far_index = (1 - far_spare) * (far.sum(axis=2) + own * (liked - 1)) + far_spare
    log_far = -jnp.log(far_index) / rates.in_time
    target = weights * jnp.exp(further * log_far)[:, :, None] * jnp.exp(-further * net)[:, None, :]
    target = _home_times(target, jnp.exp(further * liking))
    return ChainYear(
        shares=shares,
        price=found.price,
        new_price=paid,
        cost=found.cost,
        maker_lack=maker_lack,
        lack=lack,
        gap=gap,
        entry=entry,
        relief=relief,
        need=need,
        target=target,
    )


def _home_times(table: Float[Array, "m n n"], factor: Float[Array, "m n"]) -> Float[Array, "m n n"]:
    """Multiply every buyer's purchases from itself."""
    return table * (1 + jnp.eye(table.shape[1]) * (factor - 1)[:, :, None])
