"""Audit of a path: prices, sourcing and lack in the technology chains of a year.

Where the model walks the graph level by level, the audit takes what is recorded at a node's inputs
and asks whether the node's own equation holds. See `path_audit`.

Letters: t year, u use (below and above the threshold of controls), m node, n buyer, i maker,
k sector.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from zizhu.model.path_audit_tools import NOTHING, Misses, Tree, Values, miss, outside

_NORMAL = NormalDist()
_FREE, _ABOVE = 0, 1
_LEAST_HOME = 1e-3


class News(NamedTuple):
    """What the wedges of each year bring to the chains, formed anew.

    every, higher  [t,m,n,i] barred parts of flows
    duty           [t,i,k,n]
    sector_cost    [t,i,k]
    preference, mandate  [t,m,n]
    idle           [t,i]
    year           [t]
    """

    every: Values
    higher: Values
    duty: Values
    sector_cost: Values
    preference: Values
    mandate: Values
    idle: Values
    year: Values


def felt(
    base: Tree, rates: Tree, price: Values, lack: Values, sector_cost: Values
) -> tuple[Values, Values]:
    """Log cost, and log ceiling (0 or less), that chains bring to sectors [t,n,k]."""
    technology, sigma = base.technology, float(rates.chains.feed)
    cost = np.zeros((price.shape[0], *base.levels.shape))
    had = np.ones_like(cost)
    origin = np.asarray(base.economy.origin_shares)[..., 0]
    for chain, place in enumerate(technology.final):
        part, sector = technology.attached[chain], int(technology.sector[place])
        charged = np.einsum("in,ti->tn", origin[:, sector], sector_cost[:, :, sector])
        beyond = price[:, place] - charged
        bundle = 1 - part + part * np.exp(beyond)[..., None] ** (1 - sigma)
        cost += np.log(bundle) / (1 - sigma)
        weight = np.where(part > 0, part, 0.0) ** sigma * (part > 0)
        had *= 1 - weight * lack[:, place][..., None]
    return cost, np.log(1 - float(rates.chains.ceiling) * (1 - had))


def above_at(technology: Tree, year: Values) -> Values:
    """Part [t,m] of each node's demand above the threshold of controls, 1 without a ladder."""
    ladder = technology.ladder
    odds = np.exp(ladder.start + ladder.pace * year[:, None])
    return np.where(ladder.known, odds / (1 + odds), 1.0)


def uses_above(technology: Tree, year: Values) -> Values:
    """Part [u,t,p,m] of what p buys of m that is above the threshold, for each use of p."""
    above, ladder = above_at(technology, year), technology.ladder
    carries = technology.links.assembled.reshape(-1) & ~ladder.known
    found = np.empty((2, *above.shape, above.shape[1]))
    for use in (_FREE, _ABOVE):
        found[use] = np.where(carries, float(use), above)[:, :, None]
        for node in np.flatnonzero(ladder.known):
            decides = (ladder.known | carries) & ladder.follows[node]
            found[use][:, ~decides, node] = above[:, node, None]
    return found


def by_use(values: Values, above: Values) -> Values:
    """Mean over uses [t,m,n] of values [t,u,m,n] where a part is above the threshold."""
    return np.asarray((1 - above) * values[:, _FREE] + above * values[:, _ABOVE])


def _links_of(technology: Tree, price: Values) -> list[Values]:
    links, size = technology.links, price.shape[2]
    inputs, tight, loose = (
        field.reshape(size, -1) for field in (links.inputs, links.tight, links.loose)
    )
    return [inputs, tight, loose, links.elasticity.reshape(size)]


def _met(values: Values, uses: Values, node: int, inputs: Values) -> Values:
    """What makers of a node meet at its inputs [t,k,i], given values by use; uses [t,p,m]."""
    part = uses[:, node, inputs[node]][..., None]
    at = values[:, :, inputs[node]]
    return np.asarray((1 - part) * at[:, _FREE] + part * at[:, _ABOVE])


def _priced(technology: Tree, price: Values, uses: Values) -> Values:
    """Log cost of inputs [t,m,i] at recorded prices by use."""
    inputs, tight, loose, sigma = _links_of(technology, price)
    cost = np.zeros(price[:, 0].shape)
    for node in range(len(sigma)):
        left_out = loose[node].sum()
        part = tight[node] / max(1 - left_out, 1e-6)
        paid = np.exp(_met(price, uses, node, inputs))
        power = 1 - sigma[node]
        if abs(power) < 1e-6:
            bundle = np.einsum("k,tki->ti", part, np.log(paid))
        else:
            total = 1 - part.sum() + np.einsum("k,tki->ti", part, paid**power)
            bundle = np.log(total) / power
        aside = np.einsum("k,tki->ti", loose[node], np.log(paid))
        cost[:, node] = (1 - left_out) * bundle + aside
    return cost


def _maker_lack(technology: Tree, lack: Values, uses: Values) -> Values:
    """Part [t,m,i] that makers cannot make for want of inputs, at recorded lacks of inputs."""
    inputs, tight, _, sigma = _links_of(technology, lack)
    had = np.ones(lack[:, 0].shape)
    for node in range(len(sigma)):
        met = _met(lack, uses, node, inputs)
        for number, share in enumerate(tight[node]):
            if share > 0:
                had[:, node] *= 1 - share ** sigma[node] * met[:, number]
    return np.asarray(1 - had)


def entered(technology: Tree, clock: Values, rates: Tree, year: Values) -> Values:
    """Probability [t,m,i] that effort has passed the threshold, which lies beyond the least."""
    entry, time = technology.entry, float(rates.ability.entry_time)
    found = np.zeros_like(clock)
    for node, region in np.argwhere(entry.weight > 0):
        median, spread = time * entry.median[node, region], entry.spread[node, region]
        least = _NORMAL.cdf(float(np.log(time * entry.least[node, region] / median) / spread))
        for at in np.flatnonzero(year >= entry.first[node, region]):
            effort = max(float(clock[at, node, region]), NOTHING)
            passed = _NORMAL.cdf(float(np.log(effort / median) / spread))
            found[at, node, region] = max(passed - least, 0.0) / (1 - least)
    return found


def barred_parts(technology: Tree, news: News, controls: Values) -> tuple[Values, Values]:
    """Barred parts of flows between regions, of all and once more above, the reaction included."""
    abroad = 1 - np.eye(technology.world.shape[1])
    higher = news.higher
    if technology.controllable is not None:
        answer = controls[:, None, :, None] * technology.controllable
        higher = 1 - (1 - higher) * (1 - answer)
    return news.every * abroad, higher * abroad


def sourcing_of(technology: Tree) -> Values:
    """Base sourcing [m,n,i]."""
    regions = technology.world.shape[1]
    return np.asarray(technology.links.sourcing.reshape(-1, regions, regions))


def sent_to(technology: Tree, open_: Values) -> Values:
    """Base demand [t,m,i] for plants' products, where each buyer buys from whom it still may.

    open_  part of base sourcing [t,m,n,i] that is not barred
    """
    left = open_.sum(axis=3)
    bought = np.where(left > 1e-9, technology.buyers / np.where(left > 1e-9, left, 1.0), 0.0)
    return np.where(technology.plant[:, None], np.einsum("tmni,tmn->tmi", open_, bought), 0.0)


def asked_of(had: Tree, sent: Values) -> Values:
    """What is asked of makers [t,m,i] at no scarcity: last year's, moved with the bars."""
    least = 1e-9 * np.maximum(sent.max(axis=2, keepdims=True), 1e-9)
    moved = (had.sent > least) & (sent > least)
    ratio = np.where(moved, sent / np.where(moved, had.sent, 1.0), 1.0)
    return np.asarray(np.maximum(had.asked * ratio, 1e-9))


def scarcity_of(technology: Tree, had: Tree, rates: Tree, *, asked: Values, idle: Values) -> Values:
    """Log cost [t,m,i] that scarce plants add."""
    by, world = rates.chains, technology.world
    young = 1 - by.young_yield
    working = had.capacity - young * had.young
    working = working / (1 - young * (by.depreciation + technology.trend))
    whole = (world * asked).sum(axis=2, keepdims=True)
    can = (world * working).sum(axis=2, keepdims=True)
    plant = technology.plant[:, None] & (world > 0)
    world_ratio = np.where(plant.any(axis=1)[:, None], whole / np.where(can > 0, can, 1.0), 1.0)
    tight = np.where(plant, asked / working / world_ratio, 1.0)
    dearer = by.scarcity * (np.log(tight) + idle[:, None, :])
    cheaper = -by.discount * (1 - np.exp(np.minimum(dearer, 0.0) / by.discount))
    return np.asarray(np.where(plant, np.maximum(dearer, cheaper), 0.0))


def pending_of(technology: Tree, rates: Tree) -> Values:
    """Log weight [m,i] that buyers were on their way to in the base year."""
    by = rates.chains
    years = np.where(technology.qualify > 1, technology.qualify, 1.0)[:, None]
    return np.asarray((by.in_time - by.at_once) * technology.momentum * years)


def _flows(technology: Tree, by_sector: Values) -> Values:
    """Flows [t,i,k,n] of sectors as flows [t,m,n,i] of the nodes that follow them."""
    return np.asarray(by_sector[:, :, technology.sector].transpose(0, 2, 3, 1))


def _at_home(table: Values, factor: Values) -> Values:
    """A table [t,m,n,i] with purchases from home times factor [t,m,n]."""
    found = table.copy()
    for region in range(table.shape[2]):
        found[:, :, region, region] *= factor[:, :, region]
    return found


def chain_year_misses(
    technology: Tree, had: Tree, now: Tree, *, news: News, controls: Values, rates: Tree
) -> Misses:
    """Misses of sourcing, prices, lack and entry at recorded stocks.

    controls  [t,n] of the reaction
    """
    by, able_by, world = rates.chains, rates.ability, technology.world
    assembled = technology.links.assembled.reshape(-1)[:, None]
    leader = np.maximum(world.max(axis=1, keepdims=True), NOTHING)
    revealed = np.log(np.where(world > 0, world, leader) / leader) / by.in_time
    ability = np.where(world > 0, revealed, -able_by.entry_gap) + had.ability.gain
    gap = ability.max(axis=2, keepdims=True) - ability
    entry = entered(technology, had.ability.clock, rates, news.year)
    able = 1 / (1 + np.exp((gap - able_by.reach) / able_by.reach_width))
    able = able * np.where(world > 0, 1.0, entry)
    liking, quota = news.preference * able, news.mandate * able

    every, higher = barred_parts(technology, news, controls)
    base, above = sourcing_of(technology), had.above
    part = every + (1 - every) * higher * above[..., None]
    need = (base * part).sum(axis=3)
    relief = np.where(need > 0, np.minimum(had.cover / np.where(need > 0, need, 1.0), 1.0), 0.0)
    kept = (1 - relief)[..., None]

    duty, settled = _flows(technology, news.duty), _flows(technology, had.settled)
    weighed = base * np.exp(-by.at_once * duty - settled)
    # Whom buyers may source from in each use, and once everything is qualified.
    tables = [weighed * (1 - kept * every), weighed * (1 - kept * (1 - (1 - every) * (1 - higher)))]
    later = base * np.exp(-by.in_time * duty) * (1 - kept * part)
    # With the likeliest entrant, others relative to it.
    chance = entry.max(axis=2, keepdims=True)
    new = technology.entry.weight * entry / np.maximum(chance, NOTHING)
    eye = np.eye(world.shape[1])
    entrants = new[:, :, None, :] * (1 + eye * (technology.entry.home - 1)[:, :, None])

    sent = sent_to(technology, base * (1 - kept * part))
    scarce = scarcity_of(technology, had, rates, asked=asked_of(had, sent), idle=news.idle)
    own = technology.own[:, None] * news.sector_cost[:, :, technology.sector].transpose(0, 2, 1)
    net = now.cost - had.ability.gain - had.handicap
    further = by.in_time - by.at_once
    seller = np.exp(had.trust - by.at_once * (net + scarce))
    at_home = np.exp(had.habit + by.at_once * liking)
    ahead = np.exp(pending_of(technology, rates) - by.in_time * net)
    far_spare, spare = by.choke**-by.in_time, by.choke**-by.at_once

    def long_run(widened: Values | float) -> Values:
        far = (later + widened) * ahead[:, :, None, :]
        far = _at_home(far, np.exp(by.in_time * liking)).sum(axis=3)
        return np.asarray(-np.log((1 - far_spare) * far + far_spare) / by.in_time)

    def bought(table: Values, widened: Values | float) -> dict[str, Values]:
        """What buyers of a use do if `table` is whom they may source from."""
        offered = _at_home((table + widened) * seller[:, :, None, :], at_home).sum(axis=3)
        short = 0.0 if isinstance(widened, np.ndarray) else -np.log(np.maximum(offered, 1e-30))
        wanted = np.maximum(np.maximum(further * long_run(widened), short), 0.0)
        # Search that others make idle counts no more; what was lost to cheap supply stays lost.
        search = np.where(had.search > 0, np.minimum(had.search, wanted), had.search)
        near = _at_home((table + widened) * seller[:, :, None, :], at_home)
        taxed = _at_home((tables[_FREE] + widened) * seller[:, :, None, :], at_home)
        untaxed = _at_home(
            (tables[_FREE] * np.exp(-duty) + widened) * seller[:, :, None, :], at_home
        )
        paid, owed = untaxed.sum(axis=3), taxed.sum(axis=3)
        paid = np.where(owed > 0, paid / np.where(owed > 0, owed, 1.0), 1.0)
        found = near.sum(axis=3) * np.exp(search)
        index = (1 - spare) * found + spare
        shares = near * (np.exp(search) / np.maximum(index, found))[..., None]
        home = np.einsum("tmnn->tmn", shares)
        through = (near * now.maker_lack[:, :, None, :]).sum(axis=3)
        through = through / np.maximum(near.sum(axis=3), 1e-300)
        offer = np.minimum(index * paid**-by.at_once, 1.0)
        unsupplied = (spare / offer - spare) / (1 - spare)
        return {
            "shares": shares,
            "home": home,
            "paid": index ** (-1 / by.at_once) * (1 + home * (np.exp(liking) - 1)) * paid,
            "lack": 1 - (1 - unsupplied) * (1 - through),
        }

    uses = uses_above(technology, news.year)
    costs = [_priced(technology, now.use_price, one) + own for one in uses]
    lacks = [_maker_lack(technology, now.use_lack, one) for one in uses]
    weight, new_price, price, lack, home, shares = chance, [], [], [], [], []
    renewed = np.where(technology.durable, by.renewed, 1.0)[:, None]
    for use in (_FREE, _ABOVE):
        without, widened = bought(tables[use], 0.0), bought(tables[use], entrants)
        one = {
            name: value
            + weight.reshape(*weight.shape, *[1] * (value.ndim - 3)) * (widened[name] - value)
            for name, value in without.items()
        }
        of_free = np.clip(
            one["home"] / np.maximum(one["shares"].sum(axis=3), 1e-300),
            _LEAST_HOME,
            1 - _LEAST_HOME,
        )
        bound = of_free + quota * (1 - of_free)
        away = np.maximum(1 - bound, 1e-30)
        odds = bound * np.log(bound / of_free) + away * np.log(away / (1 - of_free))
        paid = np.where(assembled, np.exp(costs[use]), one["paid"] * np.exp(odds / by.in_time))
        missing = one["lack"] + quota * (now.maker_lack - one["lack"])
        missing = np.where(
            assembled, lacks[use], (1 - renewed) * had.tool_lack[:, use] + renewed * missing
        )
        new_price.append(np.log(paid))
        price.append(np.log((1 - renewed) * np.exp(had.tool_price[:, use]) + renewed * paid))
        lack.append(missing)
        home.append(one["home"] + quota * (1 - one["home"]))
        q = quota[..., None]
        shares.append((1 - q) * one["shares"] + q * eye)
    stacked = [np.stack(values, axis=1) for values in (new_price, price, lack, home, shares)]
    mean_home = np.where(assembled, 1.0, by_use(stacked[3], above))
    expected_run = long_run(0.0) + chance * (long_run(entrants) - long_run(0.0))
    found = {
        "shares": [
            miss(now.home, mean_home),
            miss(now.sourcing, stacked[4]),
            miss(now.quota, quota),
            outside(now.sourcing, 0.0, 1.0),
            outside(now.sourcing.sum(axis=4), 0.0, 1 + 1e-13),
        ],
        "barred": [
            miss(now.relief, relief),
            miss(now.need, need),
            miss(now.sent, sent, np.maximum(sent.max(axis=2, keepdims=True), 1e-9)),
            outside(now.relief, 0.0, 1.0),
        ],
        "prices": [
            miss(now.own_cost, own),
            miss(now.cost, by_use(np.stack(costs, axis=1), above)),
            miss(now.use_price, stacked[1]),
            miss(now.price, by_use(stacked[1], above)),
            miss(now.new_price, stacked[0]),
            miss(now.long_run, expected_run),
            miss(now.net, net),
            miss(now.scarcity, scarce),
            miss(now.gap, gap),
            miss(now.liking, liking),
        ],
        "lack": [
            miss(now.maker_lack, by_use(np.stack(lacks, axis=1), above)),
            miss(now.use_lack, stacked[2]),
            miss(now.lack, by_use(stacked[2], above)),
            outside(now.use_lack, -1e-15, 1.0),
        ],
        "effort": [
            miss(now.entry, entry),
            miss(now.servable, able),
            outside(now.entry, 0.0, 1.0),
        ],
    }
    return {name: np.max(checks, axis=0) for name, checks in found.items()}
