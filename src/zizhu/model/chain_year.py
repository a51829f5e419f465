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
from jaxtyping import Array, Float

from zizhu.model.bottleneck import ces_power
from zizhu.model.buying import Bought, Level, Needed, bought, bound, long_run, offered
from zizhu.model.capability import AbilityRates, base_level, entered, gaps, servable
from zizhu.model.chain_state import ChainNews, ChainRates, ChainStocks, ChainYear
from zizhu.model.plants import demand_sent, scarcity
from zizhu.model.technology import ABOVE, FREE, Technology

# Keeps quotients finite where nothing is offered; not so small that its derivative overflows.
_LEAST = 1e-30


class _Walked(NamedTuple):
    """What earlier levels hand on: prices and lacks by use [u,m,n]."""

    price: Float[Array, "u m n"]
    lack: Float[Array, "u m n"]


class _Duties(NamedTuple):
    """What duties and trade costs do to flows [s,n,i]: now, once qualified, and net of them."""

    now: Float[Array, "s n n"]
    ahead: Float[Array, "s n n"]
    untaxed: Float[Array, "s n n"]


class _Open(NamedTuple):
    """Flows [w,n,i] that are left: now by use, once everything is qualified, and net of duty."""

    now: Float[Array, "u w n n"]
    ahead: Float[Array, "w n n"]
    untaxed: Float[Array, "w n n"]


class _Found(NamedTuple):
    """What a level finds."""

    use_price: Float[Array, "u w n"]
    use_lack: Float[Array, "u w n"]
    new_price: Float[Array, "u w n"]
    cost: Float[Array, "w n"]
    home: Float[Array, "u w n"]
    maker_lack: Float[Array, "w n"]
    long_run: Float[Array, "w n"]
    free: Float[Array, "w n n"]
    above: Float[Array, "w n n"]


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
    sent = demand_sent(technology, news.bars, stocks.above)
    scarce = scarcity(technology, stocks, sent, news.idle, rates)
    able = stocks.ability.gain + stocks.handicap
    own = technology.own[:, None] * news.sector_cost.T[technology.sector]
    chance = entry.max(axis=1)
    pending = ahead(technology, rates)

    held = news.bars
    duties = _Duties(
        *(
            jnp.exp(-flows[:, technology.sectors].transpose(1, 2, 0))
            for flows in (
                rates.at_once * news.duty + stocks.settled,
                rates.in_time * news.duty,
                news.duty,
            )
        )
    )
    by_level = technology.by_level

    def by_use(values: Float[Array, "u m ..."]) -> Float[Array, "l u w ..."]:
        return jnp.stack([by_level(values[FREE]), by_level(values[ABOVE])], axis=1)

    levels = Level(
        number=jnp.arange(technology.levels),
        sourcing=technology.links.sourcing,
        every=by_level(held.every),
        higher=by_level(held.higher),
        relief=by_level(held.relief),
        sector=technology.place.reshape(technology.levels, technology.slots),
        above=by_level(stocks.above),
        needed=_needed(technology, news.year),
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

    def one(earlier: _Walked, here: Level) -> tuple[_Walked, _Found]:
        return _level_of(technology, rates, duties, earlier=earlier, here=here)

    nothing = jnp.zeros((2, *gap.shape))
    _, found = jax.lax.scan(one, _Walked(nothing, nothing), levels)
    sourcing = jnp.stack(
        [table.reshape(technology.sourcing.shape) for table in (found.free, found.above)]
    )
    flat = {
        name: values.reshape(gap.shape)
        if values.ndim == 3
        else values.transpose(1, 0, 2, 3).reshape(nothing.shape)
        for name, values in found._asdict().items()
        if name not in ("free", "above")
    }
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
        relief=held.relief,
        need=held.need,
        sent=sent,
    )


def ahead(technology: Technology, rates: ChainRates) -> Float[Array, "m n"]:
    """Log weight that buyers of the base year were on their way to give to suppliers.

    A gain g a year that has gone on for long is ahead of its buyers by g times years to qualify.
    """
    years = jnp.maximum(technology.qualify, 1.0)[:, None]
    return (rates.in_time - rates.at_once) * technology.momentum * years


def _needed(technology: Technology, year: Float[Array, ""]) -> Needed:
    """What makers need, with the part of it that is above the threshold of controls."""
    links, needs = technology.links, technology.needs
    level = jnp.arange(technology.levels)[:, None]
    at = (level, needs.maker, needs.number)
    inputs, makers = links.inputs[at], technology.slots * level + needs.maker
    higher = technology.inputs_above(year, makers, inputs)
    carried = technology.carries[makers][:, None, None]
    uses = jnp.asarray([FREE, ABOVE])[:, None, None]
    theirs = needs.maker[:, None, None] == jnp.arange(technology.slots)[:, None]
    goes_in = theirs & (~carried | (needs.use[:, None, None] == uses))
    tight = needs.used * links.tight[at]
    elasticity = links.elasticity[at[:2]]
    # Also the root of zero has a derivative.
    missed = jnp.where(tight > 0, jnp.where(tight > 0, tight, 1.0) ** elasticity, 0.0)
    return Needed(
        inputs=inputs,
        higher=jnp.where(needs.use == ABOVE, higher[ABOVE], higher[FREE]),
        of=jnp.where(goes_in, 1.0, 0.0),
        tight=tight,
        loose=needs.used * links.loose[at],
        power=ces_power(elasticity),
        missed=missed,
        elasticity=links.elasticity,
        left_out=links.loose.sum(axis=2),
        assembled=links.assembled,
    )


def _open(here: Level, duties: _Duties) -> _Open:
    """Flows that are left in a level, weighed by duties.

    Level by level, so that what is small stays near the processor.
    """
    kept = (1 - here.relief)[:, :, None]
    every, both = here.every, here.every + (1 - here.every) * here.higher
    some = every + (1 - every) * here.higher * here.above[:, :, None]
    now = here.sourcing * duties.now[here.sector]
    free = now * (1 - kept * every)
    return _Open(
        jnp.stack([free, now * (1 - kept * both)]),
        here.sourcing * duties.ahead[here.sector] * (1 - kept * some),
        free * duties.untaxed[here.sector],
    )


def _sourcing(
    here: Level,
    table: Float[Array, "u w n n"],
    *,
    buyer: Float[Array, "u w n"],
    of_entrant: Float[Array, "u w n"],
    seller: Float[Array, "w n"],
    at_home: Float[Array, "w n"],
) -> Float[Array, "u w n n"]:
    """Part of purchases of each use from each supplier."""
    eye = jnp.eye(table.shape[2])
    quota = here.quota[:, :, None]
    abroad = table * buyer[..., None] + here.entrant[:, None, :] * of_entrant[..., None]
    more = eye * ((here.entrant_home - 1) * here.entrant * of_entrant)[..., None]
    found = (abroad + more) * (1 + eye * (at_home - 1)[:, :, None]) * seller[:, None, :]
    return (1 - quota) * found + quota * eye


def _level_of(
    technology: Technology,
    rates: ChainRates,
    duties: _Duties,
    *,
    earlier: _Walked,
    here: Level,
) -> tuple[_Walked, _Found]:
    """Costs, prices and lacks of one level, given those of all earlier ones."""
    start, needed = here.number * technology.slots, here.needed
    assembled = needed.assembled[:, None]

    def mean(values: Float[Array, "u w n"]) -> Float[Array, "w n"]:
        return values[FREE] + here.above * (values[ABOVE] - values[FREE])

    costs, lacks = needed.costs_and_lacks(needed.met(earlier.price), needed.met(earlier.lack))
    costs = costs + here.own
    cost, makers_lack = mean(costs), mean(lacks)
    net = cost - here.able
    seller = jnp.exp(here.trust - rates.at_once * (net + here.scarcity))
    at_home = jnp.exp(here.habit + rates.at_once * here.liking)
    flows = _open(here, duties)
    far = offered(flows.ahead, jnp.exp(here.pending - rates.in_time * net), here)
    wanted = long_run(rates, far, jnp.exp(rates.in_time * here.liking))
    both = jnp.stack([seller, seller])
    near, lacked = offered(flows.now, both, here), offered(flows.now, both * makers_lack, here)
    taxed = near.with_home(at_home)[FREE]
    untaxed = offered(flows.untaxed, seller, here).with_home(at_home)
    # Where nothing is offered nothing is taxed.
    untaxed = jnp.where(taxed > 0, untaxed / jnp.maximum(taxed, _LEAST), 1.0)
    cases = bought(here, rates, at_home, near, lacked, wanted=wanted, untaxed=untaxed)
    chance = here.chance[:, None]
    expected: Bought = jax.tree.map(lambda a: a[:, 0] + chance * (a[:, 1] - a[:, 0]), cases)
    last = bound(here, rates, expected, makers_lack)
    new_price = jnp.where(assembled, costs, last.price)
    of_entrant = chance * cases.buyer[:, 1]
    tables = _sourcing(
        here, flows.now, buyer=last.buyer, of_entrant=of_entrant, seller=seller, at_home=at_home
    )
    part = here.renewed[:, None]
    served = jnp.log((1 - part) * jnp.exp(here.tool_price) + part * jnp.exp(new_price))
    lacking = jnp.where(assembled, lacks, (1 - part) * here.tool_lack + part * last.lack)
    walked = _Walked(
        jax.lax.dynamic_update_slice(earlier.price, served, (0, start, 0)),
        jax.lax.dynamic_update_slice(earlier.lack, lacking, (0, start, 0)),
    )
    return walked, _Found(
        use_price=served,
        use_lack=lacking,
        new_price=new_price,
        cost=cost,
        home=last.home,
        maker_lack=makers_lack,
        long_run=wanted[0] + chance * (wanted[1] - wanted[0]),
        free=tables[FREE],
        above=tables[ABOVE],
    )
