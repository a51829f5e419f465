"""Audit of a path: effort, ability, experience and what buyers have qualified. See `path_audit`.

Letters: t year, m node, n buyer or learner, i maker, k sector.
"""

from __future__ import annotations

import numpy as np

from zizhu.model.path_audit_chains import pending_of
from zizhu.model.path_audit_tools import NOTHING, Given, Misses, Tree, Values, largest, miss, moved


def seen(sales: Values, openness: Values, rates: Tree) -> Values:
    """Own sales and part of those of regions that one is open to; openness [t,n,i]."""
    abroad = openness * (1 - np.eye(openness.shape[1]))
    return np.asarray(sales + rates.ability.foreign * np.einsum("tni,tmi->tmn", abroad, sales))


def effort_of(
    technology: Tree, sales: Values, *, money: Values, per_sale: Values, research: Values
) -> dict[str, Values]:
    """Effort [t,m,i] by where it comes from, bn USD; `world` [t,m] is the measure of it."""
    rho = technology.research[:, None]
    return {
        "own": rho * sales * research[:, None, :],
        "sector": per_sale[:, :, technology.sector].transpose(0, 2, 1) * sales,
        "directed": np.where(technology.plant[:, None], 0.0, money),
        "world": technology.research * sales.sum(axis=2),
    }


def pushes_of(
    technology: Tree, gap: Values, spent: dict[str, Values], openness: Values, rates: Tree
) -> Values:
    """What effort relative to the leader's, and catching up, add to ability [t,m,i]."""
    by, world = rates.ability, technology.world
    total = spent["own"] + spent["sector"] + spent["directed"]
    whole = spent["world"][..., None]
    logs = np.where(whole > 0, np.log(1 + total / np.where(whole > 0, whole, 1.0)), 0.0)
    leader = gap.argmin(axis=2)[..., None]
    best, of_best = (np.take_along_axis(values, leader, axis=2) for values in (logs, total))
    ratio = np.where(of_best > 0, total / np.where(of_best > 0, of_best, 1.0), 1.0)
    absorbed = np.where(total > 0, np.sqrt(np.minimum(ratio, 1.0)), 0.0)
    apart = 1 - np.eye(world.shape[1])
    others = np.einsum("ni,mi->mn", apart, world)
    heard = np.einsum("tni,mi->tmn", apart * openness, world)
    open_to = np.where(others > NOTHING, heard / np.where(others > NOTHING, others, 1.0), 1.0)
    follow = by.catch_up * absorbed * open_to * np.minimum(gap, by.widest)
    return np.asarray((by.effort * (logs - best) + follow) / technology.difficulty[:, None])


def moves(given: Given, duty: Values) -> Misses:
    """Tools in place, experience, ability, effort, qualified weights, handicaps.

    duty  [t,i,k,n] what duties add to prices, in logs
    """
    rec, wedge, base, rates, on, fixed = given
    technology, had, now, by = base.technology, rec.stocks.chains, rec.chains, rates.ability
    durable = technology.durable[:, None]
    open_, sales = 1 - wedge.isolation, rec.flows.demand.made
    cost = np.asarray(base.economy.cost)
    per_sale = np.where(cost > 0, wedge.sector_effort / np.where(cost > 0, cost, 1.0), 0.0)
    talent = rec.stocks.talent.home + rates.talent.premium * rec.stocks.talent.recruited
    money = (base.research + wedge.research) / base.research
    knowledge = rates.knowledge
    research = money**knowledge.research_money
    research = research * (talent / base.talent) ** knowledge.research_talent
    research = research if on.research else np.ones_like(research)
    spent = effort_of(technology, sales, money=rec.node_money, per_sale=per_sale, research=research)
    pushed = pushes_of(technology, now.gap, spent, open_, rates) - fixed.chains.push

    added, known = seen(sales, open_, rates), had.ability.experience
    some = known > NOTHING
    learnt = np.log(np.where(some, (known + added) / np.where(some, known, 1.0), 1.0))
    of_leader = np.take_along_axis(learnt, now.gap.argmin(axis=2)[..., None], axis=2)
    learnt = np.where(some, learnt - of_leader, 0.0)
    active = np.where(technology.world > 0, 1.0, now.entry)
    exponent = (technology.learning * on.learning)[:, None]
    fade = np.exp(-by.fade * rec.stocks.year)[:, None, None]
    gain = active * (pushed + exponent * learnt) + technology.momentum * fade
    gain = gain + wedge.node_ability
    entry = technology.entry
    pace = ((spent["directed"] + entry.floor) / entry.effort[:, None]) ** by.clock_exponent

    # Suppliers stand in for each other as fast as they are qualified, at most all in one year.
    speed = 1 / np.maximum(technology.qualify, 1.0)
    chains = rates.chains
    further = chains.in_time - chains.at_once
    pending = pending_of(technology, rates)
    qualified = (
        (had.search, further * now.long_run),
        (had.trust, pending - further * now.net),
        (had.habit, further * now.liking),
    )
    real = technology.world.sum(axis=1) > 0
    sectors = technology.attached.shape[1]
    of_sector = np.array(
        [
            speed[real & (technology.sector == k)].mean()
            if (real & (technology.sector == k)).any()
            else 1.0
            for k in range(sectors)
        ]
    )
    settling = (further * duty - had.settled) * of_sector[:, None]
    recorded = rec.flows.effort
    sizes = np.maximum(spent["world"].max(), NOTHING)
    clock = had.ability.clock
    at_inputs = np.maximum(now.cost - now.own_cost, 0.0)
    return {
        "tools": np.maximum(
            moved(had.tool_price, np.where(durable, now.use_price, 0.0) - had.tool_price),
            moved(had.tool_lack, np.where(durable, now.use_lack, 0.0) - had.tool_lack),
        ),
        "experience": moved(known, added, np.maximum(known.max(axis=2, keepdims=True), NOTHING)),
        "ability": np.maximum(moved(had.ability.gain, gain), miss(rec.flows.push, pushed)),
        "handicap": moved(had.handicap, np.minimum(at_inputs - had.handicap, 0.0)),
        "effort": np.max(
            [
                moved(clock, pace, largest(clock)),
                *(miss(getattr(recorded, name), spent[name], sizes) for name in spent),
            ],
            axis=0,
        ),
        "qualified": np.max(
            [
                *(moved(stock, (goal - stock) * speed[:, None]) for stock, goal in qualified),
                moved(had.settled, settling),
            ],
            axis=0,
        ),
    }
