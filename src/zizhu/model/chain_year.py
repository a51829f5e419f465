"""One year of the chains: who supplies whom at what price, and what cannot be had at all.

Buyers can stand in other suppliers only as fast as they qualify them. With eta0 the elasticity
between qualified suppliers, eta > eta0 the one in the long run, c_i the suppliers' cost net of
ability, r_i what scarce plants add to it, t_ni the duty and s_ni base sourcing (bars taken out),
for each node and each use (below and above the threshold of controls, which have bars of their own)

    share_ni  ~  s_ni exp(search_n + trust_i - settled_ni - eta0 (c_i + r_i + t_ni))
    search    ->  (eta - eta0) ln Q_n,   Q_n = [sum_i s_ni exp(ahead_i - eta (c_i + t_ni))]^(-1/eta)
    trust     ->  ahead_i + (eta0 - eta) c_i,     settled ->  (eta - eta0) t_ni

each by 1 / (years to qualify) of the distance a year, so that once everything is qualified, shares
and prices are those of elasticity eta. `ahead` is what buyers were on their way to in the base year
already: observed momentum for as long as it takes to qualify. Search that a new supplier makes
idle counts no more. A preference d for home supplies multiplies a buyer's own weight by
exp(habit + eta0 d), with habit on its way to (eta - eta0) d, as far as home makers can serve.

The cost of making is that of inputs and, for the own part, of the node's sector. Duties move
sourcing; what is paid is net of them, since the markets of sectors charge them.

Of buyers who are bound, a quota q buys at home what home makers can serve, v:

    share_nn  <-  share_nn + q v (1 - share_nn),    others  <-  (1 - q v) share_ni
    ln P      <-  ln P + KL(h' || h) / eta

the second term being the price gap along the way from home share h to h' (the gap that would move
a free buyer from one to the other is the log of the ratio of the odds over eta).

What nobody may supply costs `choke` times the base; the part of purchases that would have to come
from there is lacking, and what needs it lacks it too:

    maker_pi  =  1 - prod over inputs k of (1 - a_kp^sigma_p lack_ki)
    lack_mn   =  1 - (1 - unsupplied_mn) (1 - sum_i share_mni maker_mi / sum_i share_mni)

The weight is 1 where inputs cannot stand in for each other (sigma 0) and the cost share where they
are Cobb-Douglas. Whether who did not supply a node has entered is a matter of chance: prices,
shares and lacks are those with the likeliest entrant and those without, weighed by the chance.
Tools in place go on serving: price and lack of their services move by the part that is renewed.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from zizhu.model.bottleneck import bundle_cost
from zizhu.model.capability import Ability, AbilityRates, base_level, entered, gaps, servable
from zizhu.model.technology import ABOVE, FREE, Bars, Technology

# Keeps quotients finite where nothing is offered; not so small that its derivative overflows.
_LEAST = 1e-30
# Home share below which the price of a quota is counted as from there.
_LEAST_HOME = 1e-3


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
    bars        of the year
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
    bars: Bars


class _Level(NamedTuple):
    """What a level of the graph needs beside prices and lacks of earlier levels.

    open, ahead  [u,w,n,i] and [w,n,i] flows that are left, weighed by duties
    untaxed      [w,n,i] those of the free use once more, net of duty
    """

    number: Int[Array, ""]
    open: Float[Array, "u w n n"]
    ahead: Float[Array, "w n n"]
    untaxed: Float[Array, "w n n"]
    above: Float[Array, "w n"]
    uses: Float[Array, "w k"]
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


class _Walked(NamedTuple):
    """What earlier levels hand on: prices and lacks by use [u,m,n]."""

    price: Float[Array, "u m n"]
    lack: Float[Array, "u m n"]


class _Found(NamedTuple):
    """What a level finds; buyer and entrants say what flows are multiplied by."""

    use_price: Float[Array, "u w n"]
    use_lack: Float[Array, "u w n"]
    new_price: Float[Array, "u w n"]
    cost: Float[Array, "w n"]
    home: Float[Array, "u w n"]
    maker_lack: Float[Array, "w n"]
    long_run: Float[Array, "w n"]
    buyer: Float[Array, "u w n"]
    of_entrant: Float[Array, "u w n"]
    seller: Float[Array, "w n"]
    at_home: Float[Array, "w n"]


def chain_year(
    technology: Technology,
    stocks: ChainStocks,
    news: ChainNews,
    *,
    rates: ChainRates,
    ability_rates: AbilityRates,
) -> ChainYear:
    """Prices and sourcing of a year, given what is qualified, built, known and barred.

    Who had to do without an input in the base year already sells what base shares say, so that it
    has made up for the handicap.
    """
    level = base_level(technology.world, rates.in_time, ability_rates.entry_gap)
    gap = gaps(level, stocks.ability.gain)
    entry = entered(stocks.ability.clock, technology.entry, news.year, ability_rates)
    able_to = servable(gap, technology.world, entry, ability_rates)
    liking, quota = news.preference * able_to, news.mandate * able_to
    scarce = scarcity(technology, stocks, news.idle, rates)
    able = stocks.ability.gain + stocks.handicap
    own = technology.own[:, None] * news.sector_cost.T[technology.sector]
    chance = entry.max(axis=1)
    pending = ahead(technology, rates)

    further = rates.in_time - rates.at_once
    now = jnp.exp(-rates.at_once * news.duty - stocks.settled)
    in_time = jnp.exp(-rates.in_time * news.duty)
    open_ = technology.sourcing * _by_node(technology, now)
    kept, held = 1 - news.bars.relief[:, :, None], news.bars
    free = open_ * (1 - kept * held.every)
    higher = open_ * (1 - kept * held.part(jnp.ones_like(gap)))
    by_level = technology.by_level

    def by_use(values: Float[Array, "u m ..."]) -> Float[Array, "l u w ..."]:
        return jnp.stack([by_level(values[FREE]), by_level(values[ABOVE])], axis=1)

    levels = _Level(
        number=jnp.arange(technology.levels),
        open=by_use(jnp.stack([free, higher])),
        ahead=by_level(
            technology.sourcing
            * _by_node(technology, in_time)
            * (1 - kept * held.part(stocks.above))
        ),
        untaxed=by_level(free * _by_node(technology, jnp.exp(-news.duty))),
        above=by_level(stocks.above),
        uses=_uses(technology, news.year),
        own=by_level(own),
        search=by_level(stocks.search),
        trust=by_level(stocks.trust),
        pending=by_level(pending),
        habit=by_level(stocks.habit),
        able=by_level(able),
        scarcity=by_level(scarce),
        liking=by_level(liking),
        quota=by_level(quota),
        entrant=by_level(technology.entry.weight * entry / jnp.maximum(chance, _LEAST)[:, None]),
        entrant_home=by_level(technology.entry.home),
        chance=by_level(chance),
        renewed=by_level(jnp.where(technology.durable, rates.renewed, 1.0)),
        tool_price=by_use(stocks.tool_price),
        tool_lack=by_use(stocks.tool_lack),
    )

    def one(earlier: _Walked, here: _Level) -> tuple[_Walked, _Found]:
        return _level_of(technology, rates, further, earlier=earlier, here=here)

    nothing = jnp.zeros((2, *gap.shape))
    _, found = jax.lax.scan(one, _Walked(nothing, nothing), levels)
    flat = {
        name: values.reshape(gap.shape)
        if values.ndim == 3
        else values.transpose(1, 0, 2, 3).reshape(nothing.shape)
        for name, values in found._asdict().items()
    }
    sourcing = _sourcing(technology, flat, open_=(free, higher), entrant=levels.entrant)
    bound = quota[None, :, :, None]
    sourcing = (1 - bound) * sourcing + bound * jnp.eye(gap.shape[1])
    assembled = technology.assembled[:, None]

    def mean(values: Float[Array, "u m n"]) -> Float[Array, "m n"]:
        return values[FREE] + stocks.above * (values[ABOVE] - values[FREE])

    return ChainYear(
        price=mean(flat["use_price"]),
        lack=mean(flat["use_lack"]),
        use_price=flat["use_price"],
        use_lack=flat["use_lack"],
        new_price=flat["new_price"],
        cost=flat["cost"],
        own_cost=own,
        home=jnp.where(assembled, 1.0, mean(flat["home"])),
        maker_lack=flat["maker_lack"],
        gap=gap,
        entry=entry,
        servable=able_to,
        scarcity=scarce,
        sourcing=sourcing,
        long_run=flat["long_run"],
        net=flat["cost"] - able,
        liking=liking,
        quota=quota,
        bars=news.bars,
    )


def ahead(technology: Technology, rates: ChainRates) -> Float[Array, "m n"]:
    """Log weight that buyers of the base year were on their way to give to suppliers.

    A gain g a year that has gone on for long is ahead of its buyers by g times years to qualify.
    """
    years = jnp.maximum(technology.qualify, 1.0)[:, None]
    return (rates.in_time - rates.at_once) * technology.momentum * years


def scarcity(
    technology: Technology, stocks: ChainStocks, idle: Float[Array, " n"], rates: ChainRates
) -> Float[Array, "m n"]:
    """Log cost that plants add where more is asked of them than of the world's.

    What was asked last year stands against this year's working capacity; hands that are missing
    this year idle a plant at once. Idle plants sell at a discount that comes to an end.
    """
    plant = technology.plant[:, None] & (technology.world > 0)
    young = 1 - rates.young_yield
    working = stocks.capacity - young * stocks.young
    working = working / (1 - young * (rates.depreciation + technology.trend))
    tight = jnp.log(jnp.where(plant, stocks.asked / working, 1.0)) - jnp.log(
        world_ratio(technology, stocks.asked, working)
    )
    dearer = rates.scarcity * (tight + idle)
    cheaper = rates.discount * jnp.expm1(jnp.minimum(dearer, 0.0) / rates.discount)
    return jnp.where(plant, jnp.where(dearer > 0, dearer, cheaper), 0.0)


def world_ratio(
    technology: Technology, one: Float[Array, "m n"], other: Float[Array, "m n"]
) -> Float[Array, "m 1"]:
    """Ratio of two quantities of plants of the whole world, 1 where there is none."""
    world = technology.world
    some = jnp.where(technology.plant & (world.sum(axis=1) > 0), 1.0, 0.0)[:, None]
    top, below = ((world * values).sum(axis=1, keepdims=True) for values in (one, other))
    return jnp.where(some > 0, top / jnp.where(some > 0, below, 1.0), 1.0)


def _by_node(technology: Technology, flows: Float[Array, "n k n"]) -> Float[Array, "m n n"]:
    """Flows [i,k,n] of sectors at each node: from [n,i]."""
    return flows.transpose(1, 2, 0)[technology.sector]


def _uses(technology: Technology, year: Float[Array, ""]) -> Float[Array, "l w k"]:
    """Part of each input that is above the threshold of controls, in the layout of `Links`."""
    ladder, inputs = technology.ladder, technology.links.inputs
    above = ladder.above(year)
    of_maker = technology.by_level(above)[..., None]
    return jnp.where(ladder.known[inputs], above[inputs], of_maker)


def _sourcing(
    technology: Technology,
    flat: dict[str, Float[Array, "..."]],
    *,
    open_: tuple[Float[Array, "m n n"], Float[Array, "m n n"]],
    entrant: Float[Array, "l w n"],
) -> Float[Array, "u m n n"]:
    """Part of purchases of each use from each supplier, before quotas."""
    shape = flat["seller"].shape
    eye = jnp.eye(shape[1])
    new = entrant.reshape(shape)[:, None, :] * (1 + eye * (technology.entry.home - 1)[:, :, None])
    at_home = 1 + eye * (flat["at_home"] - 1)[:, :, None]
    found = [
        (open_[use] * flat["buyer"][use][:, :, None] + new * flat["of_entrant"][use][:, :, None])
        * at_home
        * flat["seller"][:, None, :]
        for use in (FREE, ABOVE)
    ]
    return jnp.stack(found)


def _level_of(
    technology: Technology,
    rates: ChainRates,
    further: Float[Array, ""],
    *,
    earlier: _Walked,
    here: _Level,
) -> tuple[_Walked, _Found]:
    """Costs, prices and lacks of one level, given those of all earlier ones."""
    links = technology.links
    start = here.number * technology.slots
    assembled = links.assembled[here.number][:, None]
    inputs = links.inputs[here.number]

    def paid(values: Float[Array, "u m n"]) -> Float[Array, "w k n"]:
        """What makers of this level meet at their inputs, by the use that they make of them."""
        free, above = values[FREE][inputs], values[ABOVE][inputs]
        return free + here.uses[..., None] * (above - free)

    cost = bundle_cost(links, here.number, paid(earlier.price)) + here.own
    makers_lack = _lack_of_makers(technology, here.number, paid(earlier.lack))
    net = cost - here.able
    seller = jnp.exp(here.trust - rates.at_once * (net + here.scarcity))
    at_home = jnp.exp(here.habit + rates.at_once * here.liking)
    later = jnp.exp(here.pending - rates.in_time * net)
    far = _offer(here.ahead, later, here)
    far_home = jnp.exp(rates.in_time * here.liking)
    near = [_offer(here.open[use], seller, here) for use in (FREE, ABOVE)]
    lacked = [_offer(here.open[use], seller * makers_lack, here) for use in (FREE, ABOVE)]
    taxed, net_of_duty = near[FREE], _offer(here.untaxed, seller, here)
    chance = here.chance[:, None]

    def mixed(
        without: dict[str, Float[Array, "w n"]], entered_one: dict[str, Float[Array, "w n"]]
    ) -> dict[str, Float[Array, "w n"]]:
        return {name: a + chance * (entered_one[name] - a) for name, a in without.items()}

    long_run = [_long_run(rates, far[n], far_home) for n in (0, 1)]
    duty = [
        net_of_duty[n].with_home(at_home) / jnp.maximum(taxed[n].with_home(at_home), _LEAST)
        for n in (0, 1)
    ]
    # Where nothing is offered nothing is taxed.
    duty = [jnp.where(taxed[n].total > 0, duty[n], 1.0) for n in (0, 1)]
    found, entrants = [], []
    for use in (FREE, ABOVE):
        cases = [
            _bought(
                here,
                rates,
                at_home,
                near[use][n],
                lacked[use][n],
                long_run=long_run[n],
                further=further,
                untaxed=duty[n],
            )
            for n in (0, 1)
        ]
        found.append(mixed(*cases))
        entrants.append(chance * cases[1]["buyer"])
    bound = [_bound(here, rates, one, makers_lack) for one in found]
    new_price = jnp.stack([jnp.where(assembled, cost, jnp.log(one["price"])) for one in bound])
    part = here.renewed[:, None]
    served = jnp.log((1 - part) * jnp.exp(here.tool_price) + part * jnp.exp(new_price))
    lacking = jnp.stack(
        [
            jnp.where(assembled, makers_lack, (1 - part) * here.tool_lack[use] + part * one["lack"])
            for use, one in enumerate(bound)
        ]
    )
    walked = _Walked(
        jax.lax.dynamic_update_slice(earlier.price, served, (0, start, 0)),
        jax.lax.dynamic_update_slice(earlier.lack, lacking, (0, start, 0)),
    )
    return walked, _Found(
        use_price=served,
        use_lack=lacking,
        new_price=new_price,
        cost=cost,
        home=jnp.stack([one["home"] for one in bound]),
        maker_lack=makers_lack,
        long_run=long_run[0] + chance * (long_run[1] - long_run[0]),
        buyer=jnp.stack([one["buyer"] for one in found]),
        of_entrant=jnp.stack(entrants),
        seller=seller,
        at_home=at_home,
    )


class _Offer(NamedTuple):
    """What buyers are offered [w,n]: by all, and by their own region without their preference."""

    total: Float[Array, "w n"]
    home: Float[Array, "w n"]

    def with_home(self, factor: Float[Array, "w n"]) -> Float[Array, "w n"]:
        """All of it, what comes from home times a factor."""
        return self.total + self.home * (factor - 1)


def _offer(
    table: Float[Array, "w n n"], seller: Float[Array, "w n"], here: _Level
) -> tuple[_Offer, _Offer]:
    """What buyers are offered at weights of sellers, without and with entrants."""
    total = jnp.einsum("wni,wi->wn", table, seller)
    home = jnp.einsum("wnn->wn", table) * seller
    new = here.entrant * seller
    own = here.entrant_home * new
    entrants = new.sum(axis=1, keepdims=True) + own - new
    return _Offer(total, home), _Offer(total + entrants, home + own)


def _long_run(rates: ChainRates, far: _Offer, favour: Float[Array, "w n"]) -> Float[Array, "w n"]:
    spare = rates.choke**-rates.in_time
    found: Float[Array, "w n"] = -jnp.log((1 - spare) * far.with_home(favour) + spare)
    return found / rates.in_time


def _bought(
    here: _Level,
    rates: ChainRates,
    own: Float[Array, "w n"],
    near: _Offer,
    lacked: _Offer,
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


def _bound(
    here: _Level,
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


def _lack_of_makers(
    technology: Technology, level: Int[Array, ""], lack: Float[Array, "w k n"]
) -> Float[Array, "w n"]:
    """Part that makers of one level cannot make, given what they lack of their inputs."""
    links = technology.links
    tight = links.tight[level]
    used = tight > 0
    power = jnp.where(used, tight, 1.0) ** links.elasticity[level][:, None]
    weight = jnp.where(used, power, 0.0)
    return 1 - jnp.prod(1 - weight[:, :, None] * lack, axis=1)
