"""Audit of a path: knowledge, people, money, escalation, listed firms. See `path_audit`."""

from __future__ import annotations

import numpy as np

from zizhu.model.path_audit_chains import felt
from zizhu.model.path_audit_goods import news_of
from zizhu.model.path_audit_tools import Given, Misses, Tree, Values, largest, miss, moved, outside


def stock_misses(given: Given) -> Misses:
    """Misses of knowledge, people, money, escalation and firms by identity and year."""
    return _knowledge(given) | {
        "talent": _talent(given),
        "money": _money(given),
        "reaction": _reaction(given),
        "firms": _firms(given),
    }


def _insights(
    level: Values, beta: Values, gamma: Values, origin: Values, *, openness: Values, rates: Tree
) -> Values:
    """Ln B [t,n,j]: what a sector learns from itself and from those it buys from.

    level [t,i,k], beta [t,n,j], gamma [t,k,n,j], origin [t,i,k,n], openness [t,n,i]
    """
    b, h = float(rates.knowledge.diffusion), float(rates.knowledge.shape)
    idea = np.exp(b * h * level)
    seen = np.zeros((*level.shape[:1], *gamma.shape[1:3]))  # t k n
    for supplier in range(level.shape[1]):
        weight = np.where(origin[:, supplier] > 0, origin[:, supplier], 0.0) ** (1 - b)
        if b == 1:
            weight = np.where(origin[:, supplier] > 0, 1.0, 0.0)
        phi = openness[:, None, :, supplier]
        seen += weight * idea[:, supplier, :, None] * phi
    learnt = (gamma * seen[..., None]).sum(axis=1)
    return np.asarray(np.log(beta * idea + (1 - beta) * learnt))


def _knowledge(given: Given) -> Misses:
    """Increments of ideas, research and scale."""
    rec, wedge, base, rates, on, _ = given
    by, had, economy = rates.knowledge, rec.stocks.knowledge, base.economy
    solution, year = rec.solution, rec.stocks.year[:, None, None]
    insights = _insights(
        base.levels + had.ideas,
        solution.value_added_share,
        solution.input_shares,
        solution.origin_shares[..., 0],
        openness=1 - wedge.isolation,
        rates=rates,
    )
    regions = base.levels.shape[0]
    before = _insights(
        base.levels[None],
        economy.value_added_share[None],
        economy.input_shares[None],
        economy.origin_shares[None, ..., 0],
        openness=np.ones((1, regions, regions)),
        rates=rates,
    )
    gain = on.ideas * (insights - before) + (1 - on.ideas) * by.diffusion * by.shape * had.ideas
    frontier = (1 - by.diffusion) * by.shape * by.frontier_growth * year
    ideas = base.growth * np.exp(frontier - by.shape * had.ideas) * np.exp(gain)

    people = rec.stocks.talent
    talent = (people.home + rates.talent.premium * people.recruited) / base.talent
    money = (base.research + wedge.research) / base.research
    effort = money**by.research_money * talent**by.research_talent
    research = by.research_speed * (by.research_elasticity * np.log(effort) - had.research)

    whole = _size(given)
    size = whole - rec.factors[..., None] - wedge.log_labour[..., None]
    psi = base.dynamic_scale * on.learning
    scale = by.scale_speed * (psi * size - had.scale)
    return {
        "ideas": np.maximum(moved(had.ideas, ideas), miss(rec.log_insights, insights - before)),
        "research": moved(had.research, research),
        "scale": np.max(
            [
                moved(had.scale, scale),
                miss(rec.log_size, size),
                miss(rec.solution.log_scale, whole),
            ],
            axis=0,
        ),
    }


def _size(given: Given) -> Values:
    """Log change of what scale acts on: labour or the composite input of a sector [t,n,k]."""
    economy, solution = given.base.economy, given.record.solution
    made = economy.cost > 0
    grown = np.where(made, solution.cost / np.where(made, economy.cost, 1.0), 1.0)
    composite = grown / np.exp(solution.log_cost)
    # What labour is paid, over what an hour costs.
    paid = solution.value_added_share / economy.value_added_share * grown
    labour = paid / np.exp(solution.log_sector_wage)
    by = float(given.base.elasticities.scale_of_labour)
    return np.asarray(np.where(made, by * np.log(labour) + (1 - by) * np.log(composite), 0.0))


def _talent(given: Given) -> Values:
    rec, wedge, base, rates, _, _ = given
    had, flow, by = rec.stocks.talent, rec.talent, rates.talent
    people = largest(had.home)
    opened = np.maximum(by.places * (1 + wedge.graduates), 0.0)
    queue = np.concatenate([had.places, opened[:, None]], axis=1)
    stay = np.clip(by.stay + wedge.stay_rate, 0.0, 1.0)
    coming = np.clip(by.base_return + wedge.returnees, 0.0, by.retention)
    extra = np.maximum(coming - by.base_return, 0.0) * had.abroad
    checks = [
        moved(had.home, flow.stayed + flow.returned - flow.retired_home, people),
        moved(had.abroad, flow.left - flow.returned - flow.retired_abroad, people),
        moved(had.recruited, extra - (1 - by.retention) * had.recruited, people),
        moved(had.places, queue[:, 1:] - had.places, people),
        # People of a region, wherever they are: only graduates and the retired change their number.
        moved(
            had.home + had.abroad,
            flow.graduates - (1 - by.retention) * (had.home + had.abroad),
            people,
        ),
        moved(had.places.sum(axis=1), opened - flow.graduates, people),
        miss(flow.graduates, queue[:, 0], people),
        miss(flow.stayed + flow.left, flow.graduates, people),
        miss(flow.stayed, stay * queue[:, 0], people),
        miss(flow.returned, coming * had.abroad, people),
        miss(flow.retired_home, (1 - by.retention) * had.home, people),
        miss(flow.retired_abroad, (1 - by.retention) * had.abroad, people),
        outside(had.recruited / people, 0.0, had.home / people),
        outside(had.abroad / people, 0.0, np.inf),
    ]
    away = (1 - by.stay) * by.places / (1 - by.retention + by.base_return)
    start = np.zeros(had.home.shape[0])
    start[0] = max(
        np.abs(had.home[0] - base.talent).max(),
        np.abs(had.abroad[0] - away).max(),
        np.abs(had.places[0] - by.places).max(initial=0.0),
        np.abs(had.recruited[0]).max(),
    )
    return np.asarray(np.max([*checks, start / people], axis=0))


def _money(given: Given) -> Values:
    rec, wedge, base, rates, _, _ = given
    had, announced, ratio = rec.stocks.money, wedge.commitment, rates.paid_in
    bn = max(largest(had.committed), largest(announced))
    life = had.instalments.shape[1]
    due = had.instalments + ratio * announced[:, None] / life
    after = np.concatenate([due[:, 1:], np.zeros_like(due[:, :1])], axis=1)
    queue = np.concatenate([had.waiting, due[:, :1]], axis=1)
    spent, leak = queue[:, 0], rates.leakage
    on_the_way = had.paid + had.instalments.sum(axis=1)
    checks = [
        moved(had.committed, announced, bn),
        moved(had.paid, due[:, 0], bn),
        moved(had.deployed, spent, bn),
        moved(had.leaked, leak * spent, bn),
        moved(had.instalments, after - had.instalments, bn),
        moved(had.waiting, queue[:, 1:] - had.waiting, bn),
        miss(rec.at_work, (1 - leak) * spent, bn),
        # What is paid in or scheduled is what was announced, what is paid in is deployed or waits,
        # what is deployed is at work or leaked.
        moved(on_the_way, ratio * announced, bn),
        miss(had.paid - had.paid[:1], _since(had.deployed + had.waiting.sum(axis=1)), bn),
        moved(had.deployed - had.leaked, rec.at_work, bn),
        outside(had.paid / bn, had.deployed / bn - 1e-15, had.committed / bn + 1e-15),
        outside(had.leaked / bn, 0.0, had.deployed / bn),
    ]
    start = np.zeros(had.committed.shape[0])
    start[0] = max(
        np.abs(found[0] - first).max(initial=0.0)
        for found, first in zip(had, base.money, strict=True)
    )
    return np.asarray(np.max([*checks, start / bn], axis=0))


def _since(values: Values) -> Values:
    return np.asarray(values - values[:1])


def _reaction(given: Given) -> Values:
    rec, wedge, base, rates, on, fixed = given
    had, by = rec.stocks.reaction, rates.responses
    drive = np.zeros_like(had.push)
    if base.technology.controllable is not None:
        reached = np.asarray(base.technology.controllable).max(axis=2)
        spent = (reached * np.maximum(wedge.node_money + rec.at_work, 0.0)).sum(axis=1)
        drive = spent / np.maximum((reached * fixed.chains.demand.bought).sum(axis=0), 1e-30)
    sectors = news_of(given).sector_cost
    cost, _ = felt(base, rates, rec.chains.price, rec.chains.lack, sectors)
    year = fixed.chains.year
    cost0, _ = felt(base, rates, year.price[None], year.lack[None], 0 * sectors[:1])
    hurt = (cost - cost0).max(axis=2)
    controls = by.persistence * had.controls + by.control * (had.push + drive)
    push = by.persistence * had.push + by.push * (had.controls + by.felt_weight * hurt)
    controls = on.reaction * np.clip(controls, 0.0, by.control_cap)
    push = on.reaction * np.clip(push, 0.0, by.push_cap)
    return np.asarray(
        np.maximum(moved(had.controls, controls - had.controls), moved(had.push, push - had.push))
    )


def _firms(given: Given) -> Values:
    rec, wedge, base, _, _, _ = given
    firms, had, answer = base.firms, rec.stocks.firms, rec.firms
    home = rec.chains.home[:, firms.node, firms.region]
    missing = wedge.listed * (1 - home) * (1 - had.diversified)
    drawn = np.minimum(had.cover, missing)
    access = 1 - missing + drawn
    revenue = 1 - firms.exposure * (1 - access)
    lost = np.zeros_like(answer.log_productivity)
    for number, (region, sector) in enumerate(zip(firms.region, firms.sector, strict=True)):
        weight = firms.segment[number] * (1 - firms.diverted[number])
        lost[:, region, sector] += weight * (1 - revenue[:, number])
    replaced = firms.diversification * wedge.listed * (1 - had.diversified)
    checks = [
        moved(had.diversified, replaced),
        # What is stored at the node is its buyers' together; firms have no store of their own.
        moved(had.cover, -drawn),
        miss(answer.access, access),
        miss(answer.revenue, revenue),
        # A sector that is one firm which can make nothing would have no productivity at all.
        miss(answer.log_productivity, np.log1p(-np.minimum(lost, 0.99))),
        outside(had.diversified, 0.0, 1.0),
        outside(had.cover, 0.0, np.inf),
    ]
    return np.asarray(np.max(checks, axis=0))
