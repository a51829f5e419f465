"""Audit of a path: goods of the chains balance, and every stock of the chains moves as it must.

What a node's makers make is what its buyers buy, and what is bought goes into what is made with it,
into plants and into store: both directions are checked on recorded numbers. See `path_audit`.

Letters: t year, m node, n buyer, i maker, p what a node goes into, c chain, k sector.
"""

from __future__ import annotations

import jax
import numpy as np

from zizhu.model.path_audit_chains import bars_of, chain_year_misses
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
    rec, wedge, base, rates, *_ = given
    part = (1 - (1 - base.barred) * (1 - wedge.barred)) * (1 - wedge.lifted)
    barred = bars_of(base.technology, part, rec.stocks.reaction.controls)
    found, shares = chain_year_misses(
        base.technology,
        rec.stocks.chains,
        rec.chains,
        barred=barred,
        preference=wedge.node_preference,
        rates=rates,
        year=rec.stocks.year,
    )
    start = np.zeros(rec.stocks.year.shape[0])
    start[0] = _start(given)
    return together(
        found,
        _goods(given, barred, shares),
        _moves(given),
        {"start": start},
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


def _goods(given: Given, barred: Values, shares: Values) -> Misses:
    """Purchases and sales balance at every node; plants begun are what wear, trend, money say."""
    rec, wedge, base, rates, _, fixed = given
    first, technology, by, had = fixed.chains, base.technology, rates.chains, rec.stocks.chains
    demand, flows, plant = rec.flows.demand, rec.flows, technology.plant[:, None]
    made0 = first.demand.made
    wear = by.depreciation * had.capacity
    made = np.where(made0 > 0, made0, np.inf)
    lacking = (1 - rec.chains.maker_lack) / (1 - first.year.maker_lack)
    use = demand.made / (made * had.capacity)
    funded = rec.node_money / by.plant_capital / made
    starts = lacking * (wear * use + technology.trend * had.capacity + funded)
    starts = np.where(plant, starts, 0.0)
    served = technology.tool_use * made0 * flows.starts / by.depreciation
    stored = wedge.hoarding - rec.chains.bars.relief * barred.sum(axis=3)
    extra = first.demand.bought * stored
    found = _balances(technology, demand, shares, final=_final(given), extra=extra, served=served)
    finished = np.where(plant, had.building[:, 0], 0.0)
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
    return found


def _balances(
    technology: Tree,
    demand: Tree,
    shares: Values,
    *,
    final: Values,
    extra: Values,
    served: Values,
) -> Misses:
    """Both directions: what is bought for what is made, and what is made for what is bought."""
    passed, assembled = technology.passed[:, None], technology.assembled[:, None]
    output = np.where(passed, demand.bought, demand.made)
    bought = extra + np.einsum("pm,tpn->tmn", technology.inputs, output)
    bought = bought + np.einsum("pm,tpn->tmn", technology.tools, served)
    for chain, place in enumerate(technology.final):
        bought[:, place] += final[:, chain]
    delivered = np.einsum("tmni,tmn->tmi", shares, demand.bought)
    made = np.where(assembled, demand.bought, delivered)
    # The world sells what buyers can have of what they ask for.
    had = np.where(assembled, 1.0, shares.sum(axis=3)) * demand.bought
    size = np.maximum(np.abs(demand.bought).sum(axis=2, keepdims=True), NOTHING)
    return {
        "purchases": miss(demand.bought, bought, size),
        "sales": np.maximum(
            miss(demand.made, made, size),
            miss(demand.made.sum(axis=2), had.sum(axis=2), size[..., 0]),
        ),
    }


def _seen(sales: Values, openness: Values, rates: Tree) -> Values:
    """Own sales and part of those of regions that one is open to; openness [t,n,i]."""
    abroad = openness * (1 - np.eye(openness.shape[1]))
    return np.asarray(sales + rates.ability.foreign * np.einsum("tni,tmi->tmn", abroad, sales))


def _moves(given: Given) -> Misses:
    """Tools in place, experience, ability, effort, qualified weights, handicaps."""
    rec, wedge, base, rates, on, _ = given
    technology, had, now, by = base.technology, rec.stocks.chains, rec.chains, rates.ability
    durable, plant = technology.durable[:, None], technology.plant[:, None]
    world, open_ = technology.world, 1 - wedge.isolation
    added = _seen(rec.flows.demand.made, open_, rates)
    known = had.ability.experience
    years = by.cover_years + rec.stocks.year[:, None, None]
    grown = (known + added) / np.where(known > NOTHING, known, 1.0) / ((years + 1) / years)
    learnt = np.where(known > NOTHING, np.log(np.maximum(grown, 1e-300)), 0.0)
    money = np.where(plant, 0.0, rec.node_money)
    apart = 1 - np.eye(world.shape[1])
    others = np.maximum(np.einsum("ni,mi->mn", apart, world), NOTHING)
    heard = np.einsum("tni,mi->tmn", apart * open_, world) / others
    cut_off = np.where(world.sum(axis=1)[:, None] > 0, heard - 1, 0.0)
    nearness = np.exp(-by.decay * now.gap) / technology.difficulty[:, None]
    follow = 1 - (1 - by.floor) * np.exp(-now.gap / by.scale)
    pushed = by.effort * np.log(1 + money / by.reference) * follow
    gain = (technology.learning * on.learning)[:, None] * learnt
    gain = gain + nearness * (pushed + by.openness * cut_off * now.gap)
    pace = ((money + by.clock_money) / by.clock_reference) ** by.clock_exponent
    # Suppliers stand in for each other as fast as they are qualified, at most all in one year.
    speed = 1 / np.maximum(technology.qualify, 1.0)[:, None]
    further = rates.chains.in_time - rates.chains.at_once
    qualified = (
        (had.search, further * now.long_run),
        (had.trust, -further * now.net),
        (had.habit, further * now.liking),
    )
    found = {
        "tools": np.maximum(
            moved(had.tool_price, np.where(durable, now.price, 0.0) - had.tool_price),
            moved(had.tool_lack, np.where(durable, now.lack, 0.0) - had.tool_lack),
        ),
        "experience": moved(known, added, np.maximum(known.max(axis=2, keepdims=True), NOTHING)),
        "ability": moved(had.ability.gain, gain),
        "handicap": moved(had.handicap, np.minimum(np.maximum(now.cost, 0.0) - had.handicap, 0.0)),
    }
    clock = had.ability.clock
    return found | {
        "effort": moved(clock, pace, largest(clock)),
        "qualified": np.max(
            [moved(stock, (goal - stock) * speed) for stock, goal in qualified], axis=0
        ),
    }


def _once(tree: Tree) -> Tree:
    """One year as a path of one year."""
    return jax.tree.map(lambda field: field[None], tree)


def _start(given: Given) -> float:
    """The base year of the chains: balanced, and what the first year starts with."""
    rec, _, base, rates, _, fixed = given
    first, technology, by = fixed.chains, base.technology, rates.chains
    now = first.year
    began = np.broadcast_to(by.depreciation + technology.trend, technology.world.shape)
    blank = np.zeros((1, *technology.world.shape))
    stocks = _once(first.stocks)
    settled = rates._replace(chains=by._replace(renewed=np.ones(())))
    # What was barred in the base year had been so for as long as tools serve.
    bare = stocks._replace(tool_price=blank, tool_lack=blank)
    one = _once(now)
    barred = bars_of(technology, base.barred[None], np.zeros((1, technology.world.shape[1])))
    found, shares = chain_year_misses(
        technology,
        bare,
        one,
        barred=barred,
        preference=blank,
        rates=settled,
        year=np.zeros(1),
    )
    demand = _once(first.demand)
    served = technology.tool_use * demand.made * began / by.depreciation
    balances = _balances(
        technology,
        demand,
        shares,
        final=technology.purchases[None],
        extra=blank,
        served=served,
    )
    regions = technology.world.shape[1]
    seen = _seen(demand.made, np.ones((1, regions, regions)), rates)[0]
    known = rates.ability.cover_years * seen
    durable = technology.durable[:, None]
    expected = (
        (first.stocks.search, blank[0]),
        (first.stocks.trust, blank[0]),
        (first.stocks.habit, blank[0]),
        (first.stocks.ability.gain, blank[0]),
        (first.stocks.ability.clock, rates.ability.head_start + blank[0]),
        (first.stocks.ability.experience / largest(known), known / largest(known)),
        (first.stocks.capacity, 1 + blank[0]),
        (first.stocks.young, began),
        (first.stocks.building, np.broadcast_to(began, first.stocks.building.shape)),
        (first.stocks.tool_price, np.where(durable, now.price, 0.0)),
        (first.stocks.tool_lack, np.where(durable, now.lack, 0.0)),
        (first.stocks.cover, blank[0]),
        # Rounds of the handicap have come to rest.
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
