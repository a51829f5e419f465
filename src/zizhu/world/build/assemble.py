"""The method: from the ingredients of `ingredients.py` to a balanced table of one year.

1. Seed. Input shares of each region are those of its pooled group, bent towards the region's own
   by what the old table says about the difference between the two. Every flow goes to the uses
   that its sector has in the user region, bent by what the old table says about the uses of this
   supplier's goods.
2. The official year. The seed is scaled to the trade of that year, to inputs that leave the
   official value added, and to the official table's use and origin shares in its few sectors.
3. The year itself. The result is scaled to trade (exact), and to inputs that leave a value added
   which adds up to gross domestic product (fitted). Final use follows as what is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from zizhu.world.build.ingredients import Ingredients, Old, Pooled
from zizhu.world.ras import Fit, Margin, fit

Table = Float[np.ndarray, "..."]
USES = 3  # household, government, investment


@dataclass(frozen=True)
class Method:
    """Choices of the method; the proof compares them (`proof.py`).

    technology   power on the old table's input shares of a region over those of its pooled group
    final        the same for the shares of final use
    services     the same for the shares of services inside an official group
    value_added  the same for the odds of value added
    origins      power on the old table's use shares of a supplier over those of all suppliers
    official     weight of the official table's shares in RAS (0: not used)
    gdp          weight of gross domestic product against value added at its last share of output
    """

    technology: float = 0.8
    final: float = 0.8
    services: float = 0.7
    value_added: float = 1.0
    origins: float = 0.8
    official: float = 0.8
    gdp: float = 0.5


@dataclass(frozen=True)
class Assembled:
    """A table with its accounts: uses [i,k,n,j+u], value added and taxes [n,j]."""

    uses: Float[np.ndarray, "i k i ju"]
    value_added: Float[np.ndarray, "i k"]
    taxes: Float[np.ndarray, "i k"]
    then: Fit
    now: Fit


def assemble(made_of: Ingredients, method: Method | None = None) -> Assembled:
    """Build the table of the year of the ingredients."""
    how = method or Method()
    # Flows that began after the official year need a seed.
    young = (made_of.trade_then <= 0) & (made_of.trade > 0)
    made_of = replace(made_of, trade_then=np.where(young, 1e-6 * made_of.trade, made_of.trade_then))
    official = made_of.official
    trade_then = services_split(made_of, how)
    output = trade_then.sum(axis=2)
    tax_share = official.taxes @ official.membership.T
    shares = _value_added_shares(made_of, how)
    if how.official > 0:
        shares = _to_groups(shares, tax_share, output, official.value_added, official.membership)
    inputs = 1.0 - shares - tax_share
    seed = seed_table(made_of, how, trade_then, output * inputs)
    # A sector without inputs in the structure (private households as employers) keeps none.
    width = len(made_of.sectors)
    uses_inputs = seed[..., :width].sum(axis=(0, 1)) > 0
    inputs = np.where(uses_inputs, inputs, 0.0)
    then = fit(
        seed,
        [
            *_official_margins(made_of, how),
            _inputs(inputs),
            _trade(made_of, made_of.trade_then),
        ],
        tolerance=1e-6,
    )
    start = then.table
    shares_now = _to_gdp(made_of, how, start, shares, tax_share)
    inputs = np.where(uses_inputs, 1.0 - shares_now - tax_share, 0.0)
    now = fit(start, [_inputs(inputs), _trade(made_of, made_of.trade)], tolerance=1e-11)
    output = now.table.sum(axis=(2, 3))
    used = now.table[..., :width].sum(axis=(0, 1))
    taxes = tax_share * output
    return Assembled(now.table, output - used - taxes, taxes, then, now)


def _trade(made_of: Ingredients, trade: Table) -> Margin:
    return Margin(
        "trade",
        (0, 1, 2),
        trade,
        {1: made_of.with_services_pooled},
        source="bilateral sales by good and all services",
    )


def _inputs(share: Float[np.ndarray, "n j"]) -> Margin:
    """Inputs of (n,j) as a share of its sales; final uses are free."""

    def wanted(table: Table) -> Table:
        free = np.full((share.shape[0], USES), np.nan)
        return np.concatenate([table.sum(axis=(2, 3)) * share, free], axis=1)

    return Margin("inputs", (2, 3), wanted, source="output less value added and taxes")


def _official_margins(made_of: Ingredients, how: Method) -> list[Margin]:
    """Use shares by groups of sectors, and origin shares by groups and kind of use."""
    if how.official == 0:
        return []
    official, goods = made_of.official, made_of.goods
    groups = official.membership
    flows = np.concatenate([official.intermediate, official.final], axis=3)
    width, sectors = groups.shape[1], len(made_of.sectors)
    # Levels come from the trade data: official flows are used as shares of what each region
    # buys of a group of goods, or of all services.
    serves = groups[goods:].sum(axis=0) > 0
    block = np.zeros((width, width))
    block[serves[:, None] & serves[None, :]] = 1.0
    block[np.arange(width)[~serves], np.arange(width)[~serves]] = 1.0
    per_group = np.zeros((made_of.trade_then.shape[1], width))  # trade sectors to groups
    per_group[:goods] = groups[:goods]
    bought = np.einsum("ign,gK->iKn", made_of.trade_then, per_group)
    bought[:, serves] = made_of.trade_then[:, goods, None, :]

    total = np.einsum("KL,iLnJ->iKn", block, flows)
    level = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
    by_origin = flows * level[..., None]
    kinds = np.zeros((width + 2, 3))
    kinds[:width, 0] = kinds[width, 1] = kinds[width + 1, 2] = 1.0
    to_uses = np.zeros((sectors + USES, width + 2))
    to_uses[:sectors, :width] = groups
    to_uses[sectors : sectors + 2, width] = to_uses[sectors + 2, width + 1] = 1.0
    origin_target = by_origin @ kinds
    origin_target[origin_target.sum(axis=3) <= 0] = np.nan
    return [
        Margin(
            "official uses",
            (1, 2, 3),
            by_origin.sum(axis=0),
            {1: groups, 3: to_uses},
            how.official,
            "official table: uses of each group of sectors",
        ),
        Margin(
            "official origins",
            (0, 1, 2, 3),
            origin_target,
            {1: groups, 3: to_uses @ kinds},
            how.official,
            "official table: intermediate, consumption and investment by origin",
        ),
    ]


def services_split(made_of: Ingredients, how: Method) -> Float[np.ndarray, "i k n"]:
    """Sales of the official year with services split: official groups, then pooled shares."""
    goods, groups = made_of.goods, made_of.official.membership
    official = made_of.official.intermediate.sum(axis=3) + made_of.official.final.sum(axis=3)
    pool = made_of.pooled.membership
    within = _within(made_of.pooled, groups, pool, _supply_bend(made_of, how.services))
    serves = groups[goods:].sum(axis=0) > 0
    # A pair without services trade in the official table takes what the supplier sells at home.
    home = np.einsum("iKi->iK", official)[:, serves]
    sold = official[:, serves] + 1e-9 * home[:, :, None]
    shares = sold / np.maximum(sold.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    split = np.einsum("iKn,kK->ikn", shares, groups[:, serves])[:, goods:] * within[:, goods:]
    split /= np.maximum(split.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    services = made_of.trade_then[:, goods, None, :] * split
    return np.concatenate([made_of.trade_then[:, :goods], services], axis=1)


def _within(
    pooled: Pooled,
    groups: Float[np.ndarray, "k m"],
    pool: Float[np.ndarray, "n r"],
    bend: Float[np.ndarray, "i k"],
) -> Float[np.ndarray, "n k n"]:
    """Share of a sector in its official group, from the pooled trade, for every pair of regions.

    Pairs inside one pooled group take its imports' shares; own sales take its own.
    """
    trade = pooled.trade
    imports = trade.sum(axis=0) - np.einsum("rkr->kr", trade)
    bilateral = np.einsum("okr,io,nr->ikn", trade, pool, pool)
    same = pool @ pool.T
    count = len(pool)
    imported = imports @ pool.T  # k n
    bilateral = np.where(same[:, None, :] > 0, imported[None], bilateral)
    own = np.einsum("rkr->kr", trade) @ pool.T
    # What a group of regions never traded may be traded by one of them: own sales stand in.
    bilateral = bilateral + 1e-6 * own.T[:, :, None]
    bilateral[np.arange(count), :, np.arange(count)] = own.T
    bilateral *= bend[:, :, None]
    group = np.einsum("ikn,kK,lK->iln", bilateral, groups, groups)
    return np.asarray(np.divide(bilateral, group, out=np.zeros_like(bilateral), where=group > 0))


def _supply_bend(made_of: Ingredients, power: float) -> Float[np.ndarray, "i k"]:
    """Output shares of the old table, a region over its pooled group."""
    old, chosen = made_of.old, _old_pool(made_of)
    output = old.uses.sum(axis=(2, 3))
    own, group = _shares(output, 1, 1e-3), chosen @ _shares(chosen.T @ output, 1, 1e-3)
    return np.asarray(old.country @ (own / group) ** power @ old.sectors.T)


def _value_added_shares(made_of: Ingredients, how: Method) -> Float[np.ndarray, "n j"]:
    """Pooled shares, their odds bent by the old table."""
    pooled = made_of.pooled
    shares = pooled.membership @ pooled.value_added
    old, chosen = made_of.old, _old_pool(made_of)
    output = old.uses.sum(axis=(2, 3))
    own = old.value_added / np.maximum(output, 1e-9)
    group = (chosen.T @ old.value_added) / np.maximum(chosen.T @ output, 1e-9)
    own, group = np.clip(own, 0.05, 0.95), np.clip(group, 0.05, 0.95)
    bend = (own / (1 - own)) / ((chosen @ group) / (1 - chosen @ group))
    odds = shares / (1 - shares) * (old.country @ bend @ old.sectors.T) ** how.value_added
    return np.asarray(odds / (1 + odds))


def _to_groups(
    shares: Float[np.ndarray, "n j"],
    taxes: Float[np.ndarray, "n j"],
    output: Float[np.ndarray, "n j"],
    target: Float[np.ndarray, "n J"],
    groups: Float[np.ndarray, "j J"],
) -> Float[np.ndarray, "n j"]:
    """Move the odds of all sectors of a group alike until the group has the target share."""
    wanted = target * (output @ groups)
    low, high = np.full(wanted.shape, -8.0), np.full(wanted.shape, 8.0)
    room = 1.0 - taxes  # value added and inputs share what taxes leave
    odds = shares / np.maximum(room - shares, 1e-6)
    found = shares
    for _ in range(60):
        middle = (low + high) / 2
        moved = odds * np.exp(middle @ groups.T)
        found = room * moved / (1 + moved)
        below = (output * found) @ groups < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(found)


def _to_gdp(
    made_of: Ingredients,
    how: Method,
    start: Table,
    shares: Float[np.ndarray, "n j"],
    taxes: Float[np.ndarray, "n j"],
) -> Float[np.ndarray, "n j"]:
    """Move the odds of all sectors of a region alike until value added fits its GDP."""
    goods = made_of.goods
    output = start.sum(axis=(2, 3))
    now = made_of.trade.sum(axis=2)
    grown = np.concatenate(
        [
            now[:, :goods],
            output[:, goods:]
            * (now[:, goods] / np.maximum(output[:, goods:].sum(axis=1), 1e-9))[:, None],
        ],
        axis=1,
    )
    last = (shares * grown).sum(axis=1)
    producers = (taxes * grown).sum(axis=1)
    # GDP = value added + taxes of producers + taxes on final uses; final uses = value added +
    # taxes of producers + imports - exports.
    deficit = made_of.trade.sum(axis=(0, 1)) - made_of.trade.sum(axis=(1, 2))
    rate = made_of.official.final_taxes
    basic = (made_of.gdp - rate * deficit) / (1 + rate) - producers
    known = ~np.isnan(basic)
    wanted = last.copy()
    wanted[known] = last[known] ** (1 - how.gdp) * basic[known] ** how.gdp
    all_sectors = np.ones((len(made_of.sectors), 1))
    return _to_groups(shares, taxes, grown, (wanted / grown.sum(axis=1))[:, None], all_sectors)


def _old_pool(made_of: Ingredients) -> Float[np.ndarray, "c r"]:
    """Which pooled group each old region belongs to."""
    return np.asarray((made_of.old.country.T @ made_of.pooled.membership > 0).astype(float))


def _shares(flows: Table, axis: int, floor: float = 0.0) -> Table:
    total = flows.sum(axis=axis, keepdims=True)
    count = flows.shape[axis]
    safe = np.where(total > 0, total, 1.0)
    return np.asarray((flows / safe + floor) / (1 + floor * count))


def seed_table(
    made_of: Ingredients,
    how: Method,
    trade: Float[np.ndarray, "i k n"],
    inputs: Float[np.ndarray, "n j"],
) -> Float[np.ndarray, "i k n ju"]:
    """Every flow spread over uses by structure (pooled, bent by the old table)."""
    pooled, old = made_of.pooled, made_of.old
    pool, country, sector = pooled.membership, old.country, old.sectors
    chosen = _old_pool(made_of)
    width = old.sectors.shape[1]
    spread = np.concatenate([sector, np.zeros((len(sector), USES))], axis=1)
    final_rows = np.concatenate([np.zeros((USES, width)), np.eye(USES)], axis=1)
    use_of = np.concatenate([spread, final_rows])  # [j+u, b+u]

    def bent(flows: Table, power: float) -> Table:
        """What a region buys over what its pooled group buys, as shares of each column."""
        group = _shares(np.einsum("acb,cr->arb", flows, chosen), 0, 1e-3)
        ratio = _shares(flows, 0, 1e-3) / np.einsum("arb,cr->acb", group, chosen)
        return np.asarray(np.clip(ratio, 0.1, 10.0) ** power)

    bought = old.uses.sum(axis=0)  # a c b+u
    gamma = np.einsum("krj,nr->knj", _shares(pooled.inputs, 0), pool) * np.einsum(
        "acb,nc,ka,jb->knj",
        bent(bought[..., :width], how.technology),
        country,
        sector,
        sector,
        optimize=True,
    )
    # Final use: all kinds together are bent, then split by the country's kinds of each product.
    together = bent(bought[..., width:].sum(axis=2, keepdims=True), how.final)[..., 0]
    final = np.einsum("kr,nr->kn", _shares(pooled.final, 0), pool) * np.einsum(
        "ac,nc,ka->kn", together, country, sector
    )
    kinds = np.einsum("acu,nc,ka->knu", _shares(bought[..., width:], 2, 1e-4), country, sector)
    left = np.maximum(trade.sum(axis=(0, 1)) - inputs.sum(axis=1), 1e-9)
    structure = np.concatenate(
        [_shares(gamma, 0) * inputs, (_shares(final, 0) * left)[..., None] * kinds], axis=2
    )

    use_share = _shares(structure, 2)
    unused = structure.sum(axis=2) <= 0
    use_share[unused] = np.eye(use_share.shape[2])[len(sector)]  # to households
    seed = trade[..., None] * use_share[None]
    if how.origins > 0:
        seed *= _origin_bend(old, how.origins, use_of)
        held = seed.sum(axis=3)
        seed *= np.divide(trade, held, out=np.zeros_like(held), where=held > 0)[..., None]
    return np.asarray(seed)


def _origin_bend(
    old: Old, power: float, use_of: Float[np.ndarray, "ju bu"]
) -> Float[np.ndarray, "i k n ju"]:
    """Use shares of a supplier's flow over those of all suppliers, in the old table."""
    uses = old.uses
    every = uses.sum(axis=0)  # a c b
    own = np.einsum("cacb->cab", uses).transpose(1, 0, 2)
    foreign = every - own
    weight = 1e-3 * every.sum(axis=2)  # flows below a thousandth of use say little
    prior = _shares(every, 2, 1e-5)

    def against_all(flows: Table) -> Table:
        share = (flows + weight[..., None] * prior) / np.maximum(
            flows.sum(axis=-1, keepdims=True) + weight[..., None], 1e-9
        )
        return np.asarray(np.clip(share / prior, 0.05, 20.0) ** power)

    by_pair = against_all(uses)  # c a c b
    imports = against_all(foreign)  # a c b
    supplier = np.argmax(old.country, axis=1)
    sector = np.argmax(old.sectors, axis=1)
    use = np.argmax(use_of, axis=1)
    found = by_pair[np.ix_(supplier, sector, supplier, use)]
    # Two regions inside one old region: their trade is imports, not the old region's own sales.
    for i, one in enumerate(supplier):
        for n, other in enumerate(supplier):
            if i != n and one == other:
                found[i, :, n] = imports[np.ix_(sector, [other], use)][:, 0]
    return found
