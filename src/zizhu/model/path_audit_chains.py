"""Audit of a path: prices, sourcing and lack in the technology chains of a year.

Where the model walks the graph level by level, the audit takes what is recorded at a node's inputs
and asks whether the node's own equation holds. See `path_audit`.

Letters: t year, m node, n buyer, i maker, k sector.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from zizhu.model.path_audit_tools import NOTHING, Misses, Tree, Values, miss, outside

_NORMAL = NormalDist()


def felt(base: Tree, rates: Tree, price: Values, lack: Values) -> tuple[Values, Values]:
    """Log cost, and log ceiling (0 or less), that chains bring to sectors [t,n,k]."""
    technology, sigma = base.technology, float(rates.chains.feed)
    cost = np.zeros((price.shape[0], *base.levels.shape))
    had = np.ones_like(cost)
    for chain, place in enumerate(technology.final):
        part = technology.attached[chain]
        bundle = 1 - part + part * np.exp(price[:, place])[..., None] ** (1 - sigma)
        cost += np.log(bundle) / (1 - sigma)
        weight = np.where(part > 0, part, 0.0) ** sigma * (part > 0)
        had *= 1 - weight * lack[:, place][..., None]
    return cost, np.log(1 - float(rates.chains.ceiling) * (1 - had))


def _priced(technology: Tree, price: Values) -> Values:
    """Log cost of making [t,m,i] at recorded prices of inputs."""
    links, size = technology.links, price.shape[1]
    inputs, tight, loose = (
        field.reshape(size, -1) for field in (links.inputs, links.tight, links.loose)
    )
    sigma = links.elasticity.reshape(size)
    cost = np.zeros_like(price)
    for node in range(size):
        left_out = loose[node].sum()
        part = tight[node] / max(1 - left_out, 1e-6)
        paid = np.exp(price[:, inputs[node]])  # t input i
        power = 1 - sigma[node]
        if abs(power) < 1e-6:
            bundle = np.einsum("k,tki->ti", part, np.log(paid))
        else:
            total = 1 - part.sum() + np.einsum("k,tki->ti", part, paid**power)
            bundle = np.log(total) / power
        aside = np.einsum("k,tki->ti", loose[node], np.log(paid))
        cost[:, node] = (1 - left_out) * bundle + aside
    return cost


def _entered(clock: Values, rates: Tree) -> Values:
    """Probability that effort has passed the threshold, which lies beyond the least."""
    by = rates.ability

    def before(effort: float) -> float:
        return _NORMAL.cdf(float(np.log(max(effort, NOTHING) / by.median) / by.spread))

    least = before(float(by.least))
    passed = np.vectorize(before)(clock)
    return np.asarray(np.maximum(passed - least, 0.0) / (1 - least))


def bars_of(technology: Tree, part: Values, controls: Values) -> Values:
    """Part of base sourcing [t,m,n,i] that is barred, by wedges and by controls of the reaction.

    part [t,m,n,i] barred without the reaction; controls [t,n]
    """
    abroad = 1 - np.eye(technology.world.shape[1])
    reached = 0.0 if technology.controllable is None else technology.controllable
    answer = controls[:, None, :, None] * reached
    return np.asarray(_sourcing(technology) * abroad * (1 - (1 - part) * (1 - answer)))


def _sourcing(technology: Tree) -> Values:
    regions = technology.world.shape[1]
    return np.asarray(technology.links.sourcing.reshape(-1, regions, regions))


def _at_home(table: Values, factor: Values) -> Values:
    """A table [t,m,n,i] with purchases from home times factor [t,m,n]."""
    found = table.copy()
    for region in range(table.shape[2]):
        found[:, :, region, region] *= factor[:, :, region]
    return found


def chain_year_misses(
    technology: Tree,
    had: Tree,
    now: Tree,
    *,
    barred: Values,
    preference: Values,
    rates: Tree,
    year: Values,
) -> tuple[Misses, Values]:
    """Misses of sourcing, prices, lack and entry at recorded stocks; also shares [t,m,n,i].

    barred  part of base sourcing that is barred, see `bars_of`
    """
    by, able_by, world = rates.chains, rates.ability, technology.world
    plant, assembled = technology.plant[:, None], technology.links.assembled.reshape(-1)[:, None]
    leader = np.maximum(world.max(axis=1, keepdims=True), NOTHING)
    revealed = np.log(np.where(world > 0, world, leader) / leader) / by.in_time
    ability = np.where(world > 0, revealed, -able_by.entry_gap) + had.ability.gain
    gap = ability.max(axis=2, keepdims=True) - ability
    entry = _entered(had.ability.clock[:, technology.indivisible], rates)
    entry = np.where(year[:, None, None] >= able_by.first, entry, 0.0)
    chances = entry.max(axis=2)  # t e

    need = barred.sum(axis=3)
    relief = np.where(need > 0, np.minimum(had.cover / np.where(need > 0, need, 1.0), 1.0), 0.0)
    # Whom buyers may source from: base sourcing, less what is barred, and entrants.
    open_ = np.maximum(_sourcing(technology) - (1 - relief)[..., None] * barred, 0.0)
    # With the likeliest entrant, others relative to it.
    widened = open_.copy()
    chance = np.zeros((*open_.shape[:2], 1))
    for number, place in enumerate(technology.indivisible):
        relative = entry[:, number] / np.maximum(chances[:, number, None], NOTHING)
        widened[:, place] += relative[:, None, :] * technology.entrant[number]
        chance[:, place, 0] = chances[:, number]
    working = had.capacity - (1 - by.young_yield) * had.young
    working = working / (1 - (1 - by.young_yield) * (by.depreciation + technology.trend))
    mean = (world * working).sum(axis=2, keepdims=True)
    capacity = np.where(plant, working / np.where(plant, mean, 1.0), 1.0)
    liking = np.where(technology.preferable[:, None], preference, 0.0)
    liking = liking * np.exp(-able_by.decay * gap)
    net = now.cost - had.ability.gain - had.handicap

    further, far_spare = by.in_time - by.at_once, by.choke**-by.in_time
    spare = by.choke**-by.at_once
    seller = capacity * np.exp(had.trust - by.at_once * net)
    own = np.exp(had.habit + by.at_once * liking)

    def bought(table: Values) -> dict[str, Values]:
        """What buyers do if `table` is whom they may source from."""
        far = table * (capacity * np.exp(-by.in_time * net))[:, :, None, :]
        far = _at_home(far, np.exp(by.in_time * liking)).sum(axis=3)
        long_run = -np.log((1 - far_spare) * far + far_spare) / by.in_time
        # Search that others make idle counts no more; what was lost to cheap supply stays lost.
        wanted = np.maximum(further * long_run, 0.0)
        search = np.where(had.search > 0, np.minimum(had.search, wanted), had.search)
        near = _at_home(table * seller[:, :, None, :], own)
        found = near.sum(axis=3) * np.exp(search)
        index = (1 - spare) * found + spare
        buyer = np.exp(search) / np.maximum(index, found)
        shares = near * buyer[..., None]
        home = np.einsum("tmnn->tmn", shares)
        paid = index ** (-1 / by.at_once) * (1 + home * (np.exp(liking) - 1))
        unsupplied = np.maximum(spare / index - spare, 0.0) / (1 - spare)
        through = (near * now.maker_lack[:, :, None, :]).sum(axis=3)
        through = through / np.maximum(near.sum(axis=3), 1e-300)
        lack = 1 - (1 - unsupplied) * (1 - through)
        return {
            "buyer": buyer,
            "shares": shares,
            "home": home,
            "paid": paid,
            "lack": lack,
            "long_run": long_run,
        }

    without, entered = bought(open_), bought(widened)
    mixed = {
        name: value
        + chance.reshape(*chance.shape, *[1] * (value.ndim - 3)) * (entered[name] - value)
        for name, value in without.items()
    }
    shares, home, buyer = mixed["shares"], mixed["home"], mixed["buyer"]
    long_run = mixed["long_run"]
    of_entrant = (chance * entered["buyer"])[:, technology.indivisible]
    paid = np.where(assembled, np.exp(now.cost), mixed["paid"])
    new = np.where(technology.durable, by.renewed, 1.0)[:, None]
    price = np.log((1 - new) * np.exp(had.tool_price) + new * paid)
    lack = mixed["lack"]
    lack = np.where(assembled, now.maker_lack, (1 - new) * had.tool_lack + new * lack)
    found = {
        "shares": [
            miss(now.home, np.where(assembled, 1.0, home)),
            # Factors of shares are as large as prices are high: relative to themselves.
            miss(now.buyer, buyer, buyer),
            miss(now.of_entrant, of_entrant, np.maximum(of_entrant, 1.0)),
            miss(now.seller, seller, np.maximum(seller, 1.0)),
            miss(now.own, own, own),
            outside(shares, 0.0, 1.0),
            outside(shares.sum(axis=3), 0.0, 1 + 1e-13),
        ],
        "barred": [
            miss(now.bars.relief, relief),
            miss(_in_force(now.bars), barred),
            outside(now.bars.relief, 0.0, 1.0),
        ],
        "prices": [
            miss(now.cost, _priced(technology, now.price)),
            miss(now.price, price),
            miss(now.new_price, np.log(paid)),
            miss(now.long_run, long_run),
            miss(now.net, net),
            miss(now.gap, gap),
            miss(now.liking, liking),
        ],
        "lack": [
            miss(now.maker_lack, _maker_lack(technology, now.lack)),
            miss(now.lack, lack),
            outside(now.lack, -1e-15, 1.0),
        ],
        "effort": [miss(now.entry, entry), outside(now.entry, 0.0, 1.0)],
    }
    return {name: np.max(checks, axis=0) for name, checks in found.items()}, shares


def _in_force(bars: Tree) -> Values:
    """Barred part of base sourcing as recorded."""
    if bars.answer is None:
        return np.asarray(bars.barred)
    return np.asarray(bars.barred + bars.controls[:, None, :, None] * bars.answer)


def _maker_lack(technology: Tree, lack: Values) -> Values:
    """Part [t,m,i] that makers cannot make for want of inputs, at recorded lacks of inputs."""
    size = lack.shape[1]
    inputs, tight = (
        field.reshape(size, -1) for field in (technology.links.inputs, technology.links.tight)
    )
    sigma = technology.links.elasticity.reshape(size)
    had = np.ones_like(lack)
    for node in range(size):
        for share, source in zip(tight[node], inputs[node], strict=True):
            if share > 0:
                had[:, node] *= 1 - share ** sigma[node] * lack[:, source]
    return np.asarray(1 - had)
