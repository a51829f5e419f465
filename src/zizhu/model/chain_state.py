"""What the chains are given, carry from year to year, and are like in a year. See `chain_year`."""

from __future__ import annotations

from typing import NamedTuple

from jaxtyping import Array, Float

from zizhu.model.capability import Ability
from zizhu.model.technology import Bars


class ChainRates(NamedTuple):
    """Parameters of sourcing and plants.

    at_once, in_time  eta0 and eta
    choke             price of what nobody may supply
    renewed           part of the service of tools that is of this year
    depreciation      of plants
    plant_capital     bn USD of plant per bn USD of yearly output
    young_yield       yield of capacity in its first year
    scarcity          elasticity of the price of plants' products to what is asked of them
    discount          largest log fall of that price where plants stand idle
    catching_up       part of the gap between what is asked of plants and capacity that is begun
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
    scarcity: Float[Array, ""]
    discount: Float[Array, ""]
    catching_up: Float[Array, ""]
    rent: Float[Array, ""]
    ceiling: Float[Array, ""]
    feed: Float[Array, ""]


class ChainStocks(NamedTuple):
    """What chains carry from year to year.

    search      [m,n] log weight that buyers' qualification of others has added
    trust       [m,i] log weight that suppliers have gained with all buyers
    habit       [m,n] log weight that a preference for home supplies has added
    settled     [i,k,n] log weight that duties on a sector have taken from flows, beyond at once
    ability     see `capability`
    capacity    [m,i] of plants relative to the base year and to the world's
    young       [m,i] part of it that was finished last year
    building    [lag,m,i] capacity under construction, row 0 is finished this year
    sent        [m,i] base demand as last year's bars sent it to plants, see `plants`
    asked       [m,i] what was asked of makers last year at no scarcity, relative to the base year
    tool_price  ln price [u,m,n] of the services of tools in place, by use
    tool_lack   part [u,m,n] of these services that is missing
    cover       [m,n] years of normal purchases in store
    above       [m,n] part of last year's purchases that was above the threshold of controls
    handicap    ln cost [m,i] of bars of the base year that makers have made up for
    """

    search: Float[Array, "m n"]
    trust: Float[Array, "m n"]
    habit: Float[Array, "m n"]
    settled: Float[Array, "n k n"]
    ability: Ability
    capacity: Float[Array, "m n"]
    young: Float[Array, "m n"]
    building: Float[Array, "lag m n"]
    sent: Float[Array, "m n"]
    asked: Float[Array, "m n"]
    tool_price: Float[Array, "u m n"]
    tool_lack: Float[Array, "u m n"]
    cover: Float[Array, "m n"]
    above: Float[Array, "m n"]
    handicap: Float[Array, "m n"]


class ChainNews(NamedTuple):
    """What a year brings to the chains from outside.

    bars         of the year
    preference   [m,n] log price preference of buyers for home supplies
    mandate      [m,n] part of buyers who must buy at home
    duty         [i,k,n] log of (1 + tariff) over the base year's
    sector_cost  [i,k] log unit cost of sectors, net of chains
    idle         [i] part of the hands that plants are short of this year, in logs, 0 or more
    year         since the base year
    """

    bars: Bars
    preference: Float[Array, "m n"]
    mandate: Float[Array, "m n"]
    duty: Float[Array, "n k n"]
    sector_cost: Float[Array, "n k"]
    idle: Float[Array, " n"]
    year: Float[Array, ""]


class ChainYear(NamedTuple):
    """What the chains are like in a year.

    price       ln price [m,n] paid, of services where tools serve for years
    lack        [m,n] part that buyers cannot have
    use_price, use_lack  [u,m,n] the same by use
    new_price   [u,m,n] ln price of this year's purchases
    cost        ln cost [m,i] of making
    own_cost    ln cost [m,i] that the maker's sector adds to it
    home        [m,n] part of the buyer's purchases from itself; 1 for assembled nodes
    maker_lack  [m,i] part that makers cannot make for want of inputs
    gap         [m,i] to the ablest
    entry       [m,i] probability that who did not supply has entered
    servable    [m,i] part of what is asked for that makers can make
    scarcity    [m,i] ln cost that scarce plants add
    sourcing    [u,m,n,i] part of purchases from each supplier; what cannot be had is the rest
    long_run    ln Q [m,n] once everything is qualified
    net         ln cost [m,i] of sellers, net of ability
    liking      [m,n] preference for home supplies, as far as they can be had
    quota       [m,n] part of purchases that is bound and can be served
    relief      [m,n] part of barred purchases that comes out of store
    need        [m,n] barred purchases, years of normal purchases
    sent        [m,i] base demand as the year's bars send it to plants
    """

    price: Float[Array, "m n"]
    lack: Float[Array, "m n"]
    use_price: Float[Array, "u m n"]
    use_lack: Float[Array, "u m n"]
    new_price: Float[Array, "u m n"]
    cost: Float[Array, "m n"]
    own_cost: Float[Array, "m n"]
    home: Float[Array, "m n"]
    maker_lack: Float[Array, "m n"]
    gap: Float[Array, "m n"]
    entry: Float[Array, "m n"]
    servable: Float[Array, "m n"]
    scarcity: Float[Array, "m n"]
    sourcing: Float[Array, "u m n n"]
    long_run: Float[Array, "m n"]
    net: Float[Array, "m n"]
    liking: Float[Array, "m n"]
    quota: Float[Array, "m n"]
    relief: Float[Array, "m n"]
    need: Float[Array, "m n"]
    sent: Float[Array, "m n"]
