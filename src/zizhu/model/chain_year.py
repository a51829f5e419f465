"""One year of the chains: who supplies whom at what price, and what cannot be had at all.

Buyers can stand in other suppliers only as fast as they qualify them. With eta0 the elasticity
between qualified suppliers, eta > eta0 the one in the long run, c_i the suppliers' cost net of
ability and s_ni base sourcing (bars taken out), for each node

    share_ni  ~  s_ni exp(search_n + trust_i - eta0 c_i),    index Q0 with elasticity eta0
    search    ->  (eta - eta0) ln Q_n,      Q_n = [sum_i s_ni exp(-eta c_i)]^(-1/eta)
    trust     ->  (eta0 - eta) c_i

each by 1 / (years to qualify) of the distance a year, so that once everything is qualified, shares
and prices are those of elasticity eta. Search that a new supplier makes idle counts no more. A
preference d for home supplies multiplies a buyer's own weight by exp(habit + eta0 d), with habit on
its way to (eta - eta0) d, and loses force with the buyer's gap.

What nobody may supply costs `choke` times the base; the part of purchases that would have to come
from there is lacking, and what needs it lacks it too:

    maker_pi  =  1 - prod over inputs k of (1 - a_kp^sigma_p lack_ki)
    lack_mn   =  1 - (1 - unsupplied_mn) (1 - sum_i share_mni maker_mi / sum_i share_mni)

The weight is 1 where inputs cannot stand in for each other (sigma 0) and the cost share where they
are Cobb-Douglas. Whether an indivisible node has been entered is a matter of chance: prices, shares
and lacks are those with the likeliest entrant and those without, weighed by the chance. Tools in
place go on serving: price and lack of their services move by the part
that is renewed.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from zizhu.model.bottleneck import making_cost
from zizhu.model.capability import Ability, AbilityRates, base_level, entered, gaps
from zizhu.model.technology import Bars, Technology

# Keeps quotients finite where nothing is offered; not so small that its derivative overflows.
_LEAST = 1e-30


class ChainRates(NamedTuple):
    """Parameters of sourcing and plants.

    at_once, in_time  eta0 and eta
    choke             price of what nobody may supply
    renewed           part of the service of tools that is of this year
    depreciation      of plants
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

    search      [m,n] log weight that buyers' qualification of others has added
    trust       [m,i] log weight that suppliers have gained with all buyers
    habit       [m,n] log weight that a preference for home supplies has added
    ability     see `capability`
    capacity    [m,i] of plants relative to the base year
    young       [m,i] part of it that was finished last year
    building    [lag,m,i] capacity under construction, row 0 is finished this year
    tool_price  ln price [m,n] of the services of tools in place
    tool_lack   part [m,n] of these services that is missing
    cover       [m,n] years of normal purchases in store
    handicap    ln cost [m,i] of bars of the base year that makers have made up for
    """

    search: Float[Array, "m n"]
    trust: Float[Array, "m n"]
    habit: Float[Array, "m n"]
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

    price       ln price [m,n] paid, of services where tools serve for years
    new_price   ln price [m,n] of this year's purchases
    cost        ln cost [m,i] of making
    home        [m,n] part of the buyer's purchases from itself; 1 for assembled nodes
    maker_lack  [m,i] part that makers cannot make for want of inputs
    lack        [m,n] part that buyers cannot have
    gap         [m,i] to the ablest
    entry       [e,i] probability that an indivisible node has been entered
    buyer, seller  [m,n] and [m,i]: purchases from i are buyer times seller times base sourcing,
                bars taken out, and times `own` from the buyer itself
    own         [m,n]
    of_entrant  [e,n] factor of purchases from entrants, in the place of `buyer`
    long_run    ln Q [m,n] once everything is qualified
    net         ln cost [m,i] of sellers, net of ability
    liking      [m,n] preference for home supplies after its loss of force
    bars        of the year
    """

    price: Float[Array, "m n"]
    new_price: Float[Array, "m n"]
    cost: Float[Array, "m n"]
    home: Float[Array, "m n"]
    maker_lack: Float[Array, "m n"]
    lack: Float[Array, "m n"]
    gap: Float[Array, "m n"]
    entry: Float[Array, "e n"]
    buyer: Float[Array, "m n"]
    seller: Float[Array, "m n"]
    own: Float[Array, "m n"]
    of_entrant: Float[Array, "e n"]
    long_run: Float[Array, "m n"]
    net: Float[Array, "m n"]
    liking: Float[Array, "m n"]
    bars: Bars


class _Level(NamedTuple):
    """What a level of the graph needs beside prices and lacks of earlier levels."""

    number: Int[Array, ""]
    sourcing: Float[Array, "w n n"]
    barred: Float[Array, "w n n"]
    answer: Float[Array, "w n n"] | None
    kept: Float[Array, "w n"]
    search: Float[Array, "w n"]
    trust: Float[Array, "w n"]
    habit: Float[Array, "w n"]
    able: Float[Array, "w n"]
    size: Float[Array, "w n"]
    liking: Float[Array, "w n"]
    renewed: Float[Array, " w"]
    tool_price: Float[Array, "w n"]
    tool_lack: Float[Array, "w n"]
    durable: Float[Array, " w"]


def chain_year(
    technology: Technology,
    stocks: ChainStocks,
    bars: Bars,
    preference: Float[Array, "m n"],
    *,
    year: Float[Array, ""],
    rates: ChainRates,
    ability_rates: AbilityRates,
) -> ChainYear:
    """Prices and sourcing of a year, given what is qualified, built, known and barred.

    Who had to do without an input in the base year already sells what base shares say, so that it
    has made up for the handicap.

    preference  [m,n] log price preference of buyers for home supplies, at no gap
    year        years since the base year
    """
    level = base_level(technology.world, rates.in_time, ability_rates.entry_gap)
    gap = gaps(level, stocks.ability.gain)
    entry = entered(stocks.ability.clock[technology.indivisible], year, ability_rates)
    chances = entry.max(axis=1)

    # Working capacity of plants relative to their base year and to the world's.
    young = 1 - rates.young_yield
    working = stocks.capacity - young * stocks.young
    working = working / (1 - young * (rates.depreciation + technology.trend))
    mean = jnp.sum(technology.world * working, axis=1, keepdims=True)
    mean = jnp.where(technology.plant[:, None], mean, 1.0)
    size = jnp.where(technology.plant[:, None], jnp.log(working / mean), 0.0)

    liking = jnp.where(technology.preferable[:, None], preference, 0.0)
    liking = liking * jnp.exp(-ability_rates.decay * gap)
    renewed = jnp.where(technology.durable, rates.renewed, 1.0)
    able = stocks.ability.gain + stocks.handicap
    by_level = technology.by_level
    levels = _Level(
        number=jnp.arange(technology.levels),
        sourcing=technology.links.sourcing,
        barred=by_level(bars.barred),
        answer=None if bars.answer is None else by_level(bars.answer),
        kept=by_level(1 - bars.relief),
        search=by_level(stocks.search),
        trust=by_level(stocks.trust),
        habit=by_level(stocks.habit),
        able=by_level(able),
        size=by_level(size),
        liking=by_level(liking),
        renewed=by_level(renewed),
        tool_price=by_level(stocks.tool_price),
        tool_lack=by_level(stocks.tool_lack),
        durable=by_level(technology.durable.astype(gap.dtype)),
    )

    def one(
        earlier: tuple[Float[Array, "m n"], Float[Array, "m n"]], here: _Level
    ) -> tuple[tuple[Float[Array, "m n"], Float[Array, "m n"]], dict[str, Float[Array, "w n"]]]:
        return _level_of(
            technology, bars.controls, entry, chances, rates=rates, earlier=earlier, here=here
        )

    nothing = jnp.zeros_like(gap)
    _, found = jax.lax.scan(one, (nothing, nothing), levels)
    flat = {name: values.reshape(gap.shape) for name, values in found.items()}
    of_entrant = flat.pop("of_entrant")[technology.indivisible]
    return ChainYear(
        **flat,
        of_entrant=of_entrant,
        gap=gap,
        entry=entry,
        net=flat["cost"] - able,
        liking=liking,
        bars=bars,
    )


def _level_of(
    technology: Technology,
    controls: Float[Array, " n"],
    entry: Float[Array, "e n"],
    chances: Float[Array, " e"],
    *,
    rates: ChainRates,
    earlier: tuple[Float[Array, "m n"], Float[Array, "m n"]],
    here: _Level,
) -> tuple[tuple[Float[Array, "m n"], Float[Array, "m n"]], dict[str, Float[Array, "w n"]]]:
    """Costs, prices and lacks of one level, given those of all earlier ones."""
    links, (price, lack) = technology.links, earlier
    start = here.number * technology.slots
    assembled = links.assembled[here.number][:, None]
    cost = making_cost(links, here.number, price)
    makers_lack = _lack_of_makers(technology, here.number, lack)

    # Entrants by slot of this level: the likeliest counts whole, others relative to it.
    likely = jnp.zeros(technology.slots)
    slots = []
    for number in range(technology.indivisible.shape[0]):
        slot = technology.indivisible[number] - start
        inside = (slot >= 0) & (slot < technology.slots)
        slot = jnp.where(inside, slot, 0)
        likely = likely.at[slot].add(jnp.where(inside, chances[number], 0.0))
        slots.append((slot, inside))

    def offered(seller: Float[Array, "w n"]) -> tuple[_Offer, _Offer]:
        """What buyers are offered at weights of sellers, without and with entrants."""
        total = jnp.einsum("wni,wi->wn", here.sourcing, seller)
        taken = jnp.einsum("wni,wi->wn", here.barred, seller)
        if here.answer is not None:
            taken = taken + controls * jnp.einsum("wni,wi->wn", here.answer, seller)
        # Rounding may leave less than nothing where everything is barred.
        total = jnp.maximum(total - here.kept * taken, 0.0)
        home = jnp.einsum("wnn->wn", here.sourcing) * seller
        total_new, home_new = total, home
        for number, (slot, inside) in enumerate(slots):
            new = jnp.where(inside, entry[number] / jnp.maximum(chances[number], _LEAST), 0.0)
            new = new * seller[slot]
            total_new = total_new.at[slot].add(technology.entrant[number] @ new)
            home_new = home_new.at[slot].add(jnp.diagonal(technology.entrant[number]) * new)
        return _Offer(total, home), _Offer(total_new, home_new)

    net = cost - here.able
    seller = jnp.exp(here.size + here.trust - rates.at_once * net)
    own = jnp.exp(here.habit + rates.at_once * here.liking)
    far = offered(jnp.exp(here.size - rates.in_time * net))
    near = offered(seller)
    lacking_sellers = offered(seller * makers_lack)
    without, entered_one = (
        _bought(here, rates, own, far[n], near[n], lacking_sellers[n]) for n in (0, 1)
    )
    chance = likely[:, None]
    now = jax.tree.map(lambda a, b: a + chance * (b - a), without, entered_one)

    new_price = jnp.where(assembled, cost, jnp.log(now.price))
    part = here.renewed[:, None]
    served = jnp.log((1 - part) * jnp.exp(here.tool_price) + part * jnp.exp(new_price))
    lacking = jnp.where(assembled, makers_lack, (1 - part) * here.tool_lack + part * now.lack)

    price = jax.lax.dynamic_update_slice(price, served, (start, 0))
    lack = jax.lax.dynamic_update_slice(lack, lacking, (start, 0))
    return (price, lack), {
        "price": served,
        "new_price": new_price,
        "cost": cost,
        "home": jnp.where(assembled, 1.0, now.home),
        "maker_lack": makers_lack,
        "lack": lacking,
        "buyer": now.buyer,
        "of_entrant": chance * entered_one.buyer,
        "seller": seller,
        "own": own,
        "long_run": now.long_run,
    }


class _Offer(NamedTuple):
    """What buyers are offered [w,n]: by all, and by their own region without their preference."""

    total: Float[Array, "w n"]
    home: Float[Array, "w n"]


class _Bought(NamedTuple):
    """What buyers of a level do [w,n]; price is no log, so that chances weigh prices."""

    price: Float[Array, "w n"]
    home: Float[Array, "w n"]
    lack: Float[Array, "w n"]
    buyer: Float[Array, "w n"]
    long_run: Float[Array, "w n"]


def _bought(
    here: _Level,
    rates: ChainRates,
    own: Float[Array, "w n"],
    *offers: _Offer,
) -> _Bought:
    """Purchases at what is offered far ahead, now, and by makers weighed by what they lack."""
    far, near, lacked = offers
    further = rates.in_time - rates.at_once
    ahead = far.total + far.home * jnp.expm1(rates.in_time * here.liking)
    spare = rates.choke**-rates.in_time
    long_run = -jnp.log((1 - spare) * ahead + spare) / rates.in_time
    idle = jnp.minimum(here.search, jnp.maximum(further * long_run, 0.0))
    search = jnp.where(here.search > 0, idle, here.search)

    total = near.total + near.home * (own - 1)
    spare = rates.choke**-rates.at_once
    found = total * jnp.exp(search)
    index = (1 - spare) * found + spare
    # What buyers find is all that they want, less what nobody supplies.
    buyer = jnp.exp(search) / jnp.maximum(index, found)
    home = near.home * own * buyer
    price = -jnp.log(index) / rates.at_once + jnp.log1p(home * jnp.expm1(here.liking))
    through = (lacked.total + lacked.home * (own - 1)) / jnp.maximum(total, _LEAST)
    unsupplied = jnp.maximum(spare / index - spare, 0.0) / (1 - spare)
    return _Bought(
        price=jnp.exp(price),
        home=home,
        lack=1 - (1 - unsupplied) * (1 - through),
        buyer=buyer,
        long_run=long_run,
    )


def _lack_of_makers(
    technology: Technology, level: Int[Array, ""], lack: Float[Array, "m n"]
) -> Float[Array, "w n"]:
    """Part that makers of one level cannot make, given what buyers lack of earlier ones."""
    links = technology.links
    tight = links.tight[level]
    used = tight > 0
    power = jnp.where(used, tight, 1.0) ** links.elasticity[level][:, None]
    weight = jnp.where(used, power, 0.0)
    left = 1 - weight[:, :, None] * lack[links.inputs[level]]
    return 1 - jnp.prod(left, axis=1)
