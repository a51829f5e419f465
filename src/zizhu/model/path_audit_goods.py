"""Audit of a path: goods of the chains balance, and every stock of the chains moves as it must.

What a node's makers make is what its buyers buy, and what is bought goes into what is made with it,
into plants and into store: both directions are checked on recorded numbers. See `path_audit`.

Letters: t year, u use, m node, n buyer, i maker, p what a node goes into, c chain, k sector.
"""

from __future__ import annotations

import jax
import numpy as np

from zizhu.model.path_audit_ability import effort_of, moves, pushes_of, seen
from zizhu.model.path_audit_chains import (
    News,
    above_at,
    asked_of,
    chain_year_misses,
    uses_above,
)
from zizhu.model.path_audit_tools import (
    NOTHING,
    Given,
    Misses,
    Tree,
    Values,
    largest,
    miss,
    moved,
    outside,
    together,
)


def chain_misses(given: Given) -> Misses:
    """Misses of the chains by identity and year."""
    rec, _, base, rates, *_ = given
    news = news_of(given)
    found = chain_year_misses(
        base.technology,
        rec.stocks.chains,
        rec.chains,
        news=news,
        controls=rec.stocks.reaction.controls,
        rates=rates,
    )
    start = np.zeros(rec.stocks.year.shape[0])
    start[0] = _start(given)
    return together(found, _goods(given), moves(given, news.duty), {"start": start})


def direct_cost(given: Given) -> Values:
    """First-round effect [t,n,k] of each year's own changes on unit costs of sectors."""
    wedge, economy = given.wedges, given.base.economy
    before = 1 - np.asarray(economy.subsidy)
    paid = np.log((before - wedge.subsidy) / before)
    share = np.asarray(economy.value_added_share)
    return np.asarray(paid - share * wedge.log_labour[:, :, None] - wedge.log_productivity)


def news_of(given: Given) -> News:
    """What the wedges and last year bring to the chains."""
    rec, wedge, base = given.record, given.wedges, given.base
    economy, open_ = base.economy, 1 - wedge.lifted
    taxed = (1 + economy.tariff + wedge.tariff) / (1 + economy.tariff)
    exported = (1 + economy.export_tax + wedge.export_tax) / (1 + economy.export_tax)
    cost = rec.stocks.sector_cost + direct_cost(given)
    size = np.asarray(economy.cost) / np.asarray(economy.cost).sum()
    return News(
        every=(1 - (1 - base.barred) * (1 - wedge.barred)) * open_,
        higher=(1 - (1 - base.barred_above) * (1 - wedge.barred_above)) * open_,
        duty=np.log(taxed * exported) + wedge.log_iceberg,
        sector_cost=cost - (size * cost).sum(axis=(1, 2), keepdims=True),
        preference=wedge.node_preference,
        mandate=wedge.mandate,
        idle=np.maximum(rec.stocks.labour - wedge.log_labour, 0.0),
        year=rec.stocks.year,
    )


def _final(given: Given) -> Values:
    """Bn USD [t,c,n] of final products that the output of attached sectors asks for."""
    rec, base = given.record, given.base
    cost0, technology = base.economy.cost, base.technology
    # What is sold: cost less what the government pays of it.
    before = (1 - np.asarray(base.economy.subsidy)) * cost0
    sold = (1 - np.asarray(base.economy.subsidy) - given.wedges.subsidy) * rec.solution.cost
    growth = sold / np.where(before > 0, before, 1.0) / np.exp(rec.solution.log_price)
    used = technology.attached[:, None, :] * cost0  # c n k
    grown = (used * growth[:, None]).sum(axis=3)
    return np.asarray(technology.purchases * grown / np.maximum(used.sum(axis=2), 1e-300))


def _goods(given: Given) -> Misses:
    """Purchases and sales balance at every node; plants begun are what wear, demand, money say."""
    rec, wedge, base, rates, _, fixed = given
    first, technology, by, had = fixed.chains, base.technology, rates.chains, rec.stocks.chains
    demand, flows, plant = rec.flows.demand, rec.flows, technology.plant[:, None]
    made0, world = first.demand.made, technology.world
    total0 = made0.sum(axis=1)
    grown = demand.made.sum(axis=2) / np.where(total0 > 0, total0, 1.0)
    grown = np.where(total0 > 0, grown, 1.0)[..., None]  # t m 1
    possible = (1 - rec.chains.maker_lack) / (1 - first.year.maker_lack)
    wear = by.depreciation * had.capacity
    can = (world * had.capacity).sum(axis=2, keepdims=True)
    now = asked_of(had, rec.chains.sent)
    asked = (world * now).sum(axis=2, keepdims=True) / np.where(can > 0, can, 1.0)
    goal = np.where(plant & (can > 0), now / np.where(can > 0, asked, 1.0), had.capacity)
    made = np.where(made0 > 0, made0, np.inf)
    size = made0 * grown
    funded = rec.node_money / by.plant_capital / np.where(size > 0, size, np.inf)
    fade = np.exp(-rates.ability.fade * rec.stocks.year)[:, None, None]
    closing = by.catching_up * (goal - had.capacity) + technology.trend * fade * had.capacity
    starts = possible * (np.maximum(wear + closing, 0.0) + funded)
    starts = np.where(plant, starts, 0.0)
    served = technology.tool_use * made0 * grown * flows.starts / by.depreciation
    stored = wedge.hoarding - rec.chains.relief * rec.chains.need
    extra = first.demand.bought * stored
    found = _balances(
        technology,
        demand,
        rec.chains.sourcing,
        final=_final(given),
        extra=extra,
        served=served,
        year=rec.stocks.year,
    )
    finished = np.where(plant, had.building[:, 0], 0.0)
    relative = demand.made / made * np.exp(by.at_once * rec.chains.scarcity)
    asked_for = np.where(plant & (made0 > 0), relative, 1.0)
    some = demand.bought > 0
    part = np.where(some, demand.above / np.where(some, demand.bought, 1.0), 1.0)
    found["plants"] = np.max(
        [
            miss(flows.starts, starts, largest(starts)),
            miss(flows.finished, finished),
            # What is not a plant always has the capacity of the base year.
            moved(had.capacity, np.where(plant, finished - wear, 1 - had.capacity)),
            moved(had.young, np.where(plant, finished - had.young, 0.0)),
            moved(
                had.building,
                np.concatenate([had.building[:, 1:], flows.starts[:, None]], axis=1) - had.building,
            ),
            moved(had.asked, asked_for - had.asked, largest(asked_for)),
            moved(had.sent, rec.chains.sent - had.sent, largest(had.sent)),
        ],
        axis=0,
    )
    found["cover"] = np.max(
        [
            miss(flows.stored, stored),
            moved(had.cover, flows.stored),
            outside(had.cover, -1e-15, np.inf),
        ],
        axis=0,
    )
    found["purchases"] = np.maximum(found["purchases"], moved(had.above, part - had.above))
    return found


def _balances(
    technology: Tree,
    demand: Tree,
    sourcing: Values,
    *,
    final: Values,
    extra: Values,
    served: Values,
    year: Values,
) -> Misses:
    """Both directions: what is bought for what is made, and what is made for what is bought."""
    put_together, growth = technology.links.assembled.reshape(-1), technology.growth
    assembled = put_together[:, None]
    grown = growth.times / (1 + (growth.times - 1) * np.exp(-growth.speed * year[:, None]))
    grown = grown * technology.scale
    high, of_final = uses_above(technology, year), above_at(technology, year)
    carries = put_together & ~technology.ladder.known
    asked, above = np.zeros_like(demand.bought), np.zeros_like(demand.bought)
    for at in range(len(year)):
        # The product of tables at once: a node has few inputs, and most entries are nothing.
        asked[at] = technology.inputs.T @ demand.made[at] + technology.tools.T @ served[at]
        # What is assembled for a use needs its inputs for it; what is sold is one product.
        of_use = [demand.bought[at] - demand.above[at], demand.above[at]]
        sold = np.where(carries[:, None], 0.0, demand.made[at])
        above[at] = (technology.inputs * high[0, at]).T @ sold
        above[at] += (technology.tools * high[0, at]).T @ served[at]
        for use, assembled_for in enumerate(of_use):
            put = np.where(carries[:, None], assembled_for, 0.0)
            above[at] += (technology.inputs * high[use, at]).T @ put
    for chain, place in enumerate(technology.final):
        asked[:, place] += final[:, chain]
        above[:, place] += of_final[:, place, None] * final[:, chain]
    asked, above = asked * grown[..., None], above * grown[..., None]
    some = asked > 0
    share = np.where(some, above / np.where(some, asked, 1.0), 1.0)
    bought, above = asked + extra, above + share * extra
    free = demand.bought - demand.above
    delivered = np.einsum("tmni,tmn->tmi", sourcing[:, 0], free)
    delivered = delivered + np.einsum("tmni,tmn->tmi", sourcing[:, 1], demand.above)
    made = np.where(assembled, demand.bought, delivered)
    # The world sells what buyers can have of what they ask for.
    can = sourcing.sum(axis=4)
    had = np.where(assembled, demand.bought, can[:, 0] * free + can[:, 1] * demand.above)
    size = np.maximum(np.abs(demand.bought).sum(axis=2, keepdims=True), NOTHING)
    return {
        "purchases": np.maximum(miss(demand.bought, bought, size), miss(demand.above, above, size)),
        "sales": np.maximum(
            miss(demand.made, made, size),
            miss(demand.made.sum(axis=2), had.sum(axis=2), size[..., 0]),
        ),
    }


def _once(tree: Tree) -> Tree:
    """One year as a path of one year."""
    return jax.tree.map(lambda field: field[None], tree)


def _start(given: Given) -> float:
    """The base year of the chains: balanced, and what the first year starts with."""
    rec, _, base, rates, _, fixed = given
    first, technology, by = fixed.chains, base.technology, rates.chains
    now, shape = first.year, technology.world.shape
    regions, sectors = shape[1], technology.attached.shape[1]
    began = np.broadcast_to(by.depreciation + technology.trend, shape)
    blank, year = np.zeros((1, *shape)), np.zeros(1)
    stocks = _once(first.stocks)
    settled = rates._replace(chains=by._replace(renewed=np.ones(())))
    # What was barred in the base year had been so for as long as tools serve.
    by_use = np.zeros((1, 2, *shape))
    bare = stocks._replace(tool_price=by_use, tool_lack=by_use)
    news = News(
        every=base.barred[None],
        higher=base.barred_above[None],
        duty=np.zeros((1, regions, sectors, regions)),
        sector_cost=np.zeros((1, regions, sectors)),
        preference=blank,
        mandate=blank,
        idle=np.zeros((1, regions)),
        year=year,
    )
    found = chain_year_misses(
        technology, bare, _once(now), news=news, controls=np.zeros((1, regions)), rates=settled
    )
    demand = _once(first.demand)
    served = technology.tool_use * demand.made * began / by.depreciation
    balances = _balances(
        technology,
        demand,
        now.sourcing[None],
        final=technology.purchases[None],
        extra=blank,
        served=served,
        year=year,
    )
    open_ = np.ones((1, regions, regions))
    known = rates.ability.cover_years * seen(demand.made, open_, rates)[0]
    spent = effort_of(
        technology,
        demand.made,
        money=base.node_money[None],
        per_sale=np.zeros((1, regions, sectors)),
        research=np.ones((1, regions)),
    )
    push = pushes_of(technology, now.gap[None], spent, open_, rates)[0]
    durable = technology.durable[:, None]
    some = first.demand.bought > 0
    part = np.where(some, first.demand.above / np.where(some, first.demand.bought, 1.0), 1.0)
    expected = (
        (first.stocks.search, blank[0]),
        (first.stocks.trust, blank[0]),
        (first.stocks.habit, blank[0]),
        (first.stocks.settled, np.zeros_like(first.stocks.settled)),
        (first.stocks.ability.gain, blank[0]),
        (first.stocks.ability.clock, technology.entry.start),
        (first.stocks.ability.experience / largest(known), known / largest(known)),
        (first.stocks.capacity, 1 + blank[0]),
        (first.stocks.asked, 1 + blank[0]),
        (first.stocks.sent / largest(now.sent), now.sent / largest(now.sent)),
        (first.stocks.young, began),
        (first.stocks.building, np.broadcast_to(began, first.stocks.building.shape)),
        (first.stocks.tool_price, np.where(durable, now.use_price, 0.0)),
        (first.stocks.tool_lack, np.where(durable, now.use_lack, 0.0)),
        (first.stocks.cover, blank[0]),
        (first.push, np.where(technology.world > 0, push, 0.0)),
        # Rounds of the handicap, and of what is above the threshold, have come to rest.
        (first.stocks.above, part),
        (first.stocks.handicap, np.maximum(now.cost, 0.0)),
    )
    flat = [float(np.abs(had - right).max()) for had, right in expected]
    path = rec.stocks.chains
    had = [*path.ability, *(field for name, field in path._asdict().items() if name != "ability")]
    wanted = [*first.stocks.ability]
    wanted += [field for name, field in first.stocks._asdict().items() if name != "ability"]
    carried = [
        float(np.abs(one[0] - other).max()) / largest(other)
        for one, other in zip(had, wanted, strict=True)
    ]
    return max(*flat, *carried, *(float(v.max()) for v in (*found.values(), *balances.values())))
