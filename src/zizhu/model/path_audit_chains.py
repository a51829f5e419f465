"""Audit of a path: prices, sourcing and lack in the technology chains of a year.

Where the model walks the graph level by level, the audit takes what is recorded at a node's inputs
and asks whether the node's own equation holds. See `path_audit`.

Letters: t year, m node, n buyer, i maker, k sector.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from zizhu.model.path_audit_tools import NOTHING, Misses, Tree, Values, largest, miss, outside

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
) -> Misses:
    """Shares, prices, lack, entry and targets of each year, at recorded stocks."""
    by, able_by = rates.chains, rates.ability
    base = technology.links.sourcing.reshape(technology.entrant.shape)
    world, plant = technology.world, technology.plant[:, None]
    assembled = technology.links.assembled.reshape(-1)[:, None]
    leader = np.maximum(world.max(axis=1, keepdims=True), NOTHING)
    revealed = np.log(np.where(world > 0, world, leader) / leader) / by.in_time
    ability = np.where(world > 0, revealed, -able_by.entry_gap) + had.ability.gain
    gap = ability.max(axis=2, keepdims=True) - ability
    entry = np.where(technology.indivisible[:, None], _entered(had.ability.clock, rates), 0.0)
    weights = base + entry[:, :, None, :] * technology.entrant

    need = (base * barred).sum(axis=3)
    part = had.cover / np.where(need > 0, np.maximum(need, NOTHING), 1.0)
    relief = np.where(need > 0, np.minimum(part, 1.0), 0.0)
    free = 1 - barred * (1 - relief)[..., None]
    working = had.capacity - (1 - by.young_yield) * had.young
    mean = (world * working).sum(axis=2, keepdims=True)
    capacity = np.where(plant, working / np.where(plant, mean, 1.0), 1.0)
    liking = np.where(technology.preferable[:, None], preference, 0.0)
    liking = liking * np.exp(-able_by.decay * gap)

    # Seen cost of a supplier: what making costs, less what it has become able to do.
    cost = _priced(technology, now.price)
    net = now.cost - had.ability.gain - had.handicap
    spare = by.choke**-by.at_once
    offered = had.qualified * free * (capacity * np.exp(-by.at_once * net))[:, :, None, :]
    offered = _at_home(offered, np.exp(by.at_once * liking))
    index = (1 - spare) * offered.sum(axis=3) + spare
    shares = (1 - spare) * offered / index[..., None]
    home = np.einsum("tmnn->tmn", shares)
    seen = index ** (-1 / by.at_once)
    paid = np.where(assembled, np.exp(now.cost), seen * (1 + home * (np.exp(liking) - 1)))
    new = np.where(technology.durable, by.renewed, 1.0)[:, None]
    price = np.log((1 - new) * np.exp(had.tool_price) + new * paid)

    unsupplied = np.where(assembled, 0.0, np.maximum(spare / index - spare, 0.0) / (1 - spare))
    kept = (1 - new) * had.tool_lack + new * unsupplied
    maker = _maker_lack(technology, now.lack)
    through = np.einsum("tmni,tmi->tmn", now.shares, now.maker_lack)
    through = through / np.maximum(now.shares.sum(axis=3), 1e-300)
    lack = np.where(assembled, now.maker_lack, 1 - (1 - kept) * (1 - through))

    further = by.in_time - by.at_once
    far = weights * free * (capacity * np.exp(-by.in_time * net))[:, :, None, :]
    far_spare = by.choke**-by.in_time
    far = _at_home(far, np.exp(by.in_time * liking)).sum(axis=3)
    far_seen = ((1 - far_spare) * far + far_spare) ** (-1 / by.in_time)
    target = weights * (far_seen[..., None] / np.exp(net)[:, :, None, :]) ** further
    target = _at_home(target, np.exp(further * liking))
    return {
        "shares": np.max(
            [
                miss(now.shares, shares),
                outside(now.shares, 0.0, 1.0),
                outside(now.shares.sum(axis=3), 0.0, 1 + 1e-14),
                miss(now.need, need),
                miss(now.relief, relief),
            ],
            axis=0,
        ),
        "prices": np.max(
            [
                miss(now.cost, cost),
                miss(now.price, price),
                miss(now.new_price, np.where(assembled, now.price, np.log(paid))),
                miss(now.gap, gap),
            ],
            axis=0,
        ),
        "lack": np.max(
            [
                miss(now.maker_lack, maker),
                miss(now.lack, lack),
                outside(now.lack, -1e-15, 1.0),
            ],
            axis=0,
        ),
        "effort": np.maximum(miss(now.entry, entry), outside(now.entry, 0.0, 1.0)),
        "qualified": miss(now.target, target, largest(target)),
    }


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
