"""The base of a run counted again from the world's table: shares, incomes, levels, trends."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from scipy.sparse.csgraph import connected_components

from zizhu.laboratory.recount.misses import Misses, miss
from zizhu.world import World

# As in `laboratory.path.levels`: assumptions of that module.
_LARGEST_GAP, _THIN = 1.5, 1e-9
_LEADER = "USA"


def base_misses(economy: Any, world: World) -> Misses:
    """Shares and sums of the base economy against the table, flow by flow."""
    uses, final, duty = world.intermediate, world.final, 1 + world.tariff
    inputs = np.einsum("iknj,ikn->knj", uses, duty)
    bought = uses.sum(axis=3)
    paid = np.concatenate([(bought * duty)[..., None], final * duty[..., None]], axis=3)
    made = bought.sum(axis=2) + final.sum(axis=(2, 3))
    if np.shape(economy.origin_shares)[3] == 1:
        paid_by_group = paid.sum(axis=3, keepdims=True)
    else:
        paid_by_group = paid
    by_group = paid_by_group.sum(axis=0)
    by_use = paid[..., 1:].sum(axis=0)  # k n f
    cost = np.asarray(economy.cost)
    beta = np.asarray(economy.value_added_share)
    spent = by_use.sum(axis=0)  # n f
    abroad = (bought + final.sum(axis=3)).sum(axis=(0, 1)) - made.sum(axis=1)
    return {
        "shares of the base": max(
            miss(np.asarray(economy.origin_shares) * by_group[None], paid_by_group),
            miss(np.asarray(economy.input_shares) * inputs.sum(axis=0), inputs),
            miss((1 - beta) * cost, inputs.sum(axis=0)),
            miss(np.asarray(economy.final_sector_shares) * spent[None], by_use),
            miss(np.asarray(economy.final_use_shares) * spent.sum(axis=1)[:, None], spent),
        ),
        "sums of the base": max(
            miss(cost, made),
            miss(economy.income, spent.sum(axis=1)),
            miss(economy.wage_bill, (made - inputs.sum(axis=0)).sum(axis=1)),
            miss(economy.deficit, abroad, made.sum()),
            miss(economy.tariff, world.tariff),
        ),
    }


def motion_misses(case: Any) -> Misses:
    """Technology levels and the trend of a path's base against the world and its growth tables."""
    world, growth, base, chosen = case.world, case.growth, case.base, case.parameters
    theta = np.maximum(np.asarray(base.elasticities.trade), chosen["level_trade_elasticity"])
    levels = _levels(world, growth, theta, chosen["level_shrinkage"])
    weight = np.asarray(base.economy.cost).sum(axis=1) / world.gdp
    # The model's value added has net taxes on products other than duties inside.
    income = np.asarray(base.economy.cost * base.economy.value_added_share).sum(axis=1)
    weight = weight * world.gdp / income
    trend = chosen["base_growth_part"] * growth.tfp_growth / weight
    return {
        "technology levels": miss(base.levels, levels, 1.0),
        "trend of productivity": max(
            miss(base.growth, np.repeat(trend[:, None], len(world.sectors), axis=1)),
            miss(base.research, growth.research_spending),
        ),
    }


def _levels(
    world: World, growth: Any, theta: Float[np.ndarray, " k"], shrinkage: float
) -> Float[np.ndarray, "n k"]:
    """Log levels over the reference's, as in `laboratory.path.levels`, all sectors at once."""
    flows = world.intermediate.sum(axis=3) + world.final.sum(axis=3)
    paid = (flows * (1 + world.tariff)).transpose(1, 0, 2)  # k i n
    regions = paid.shape[1]
    own = np.einsum("knn->kn", paid)
    pair = np.sqrt(paid * paid.transpose(0, 2, 1)) * (1 - np.eye(regions))
    floor = _THIN * np.maximum(pair.sum(axis=(1, 2)), np.finfo(float).tiny)
    linked = (pair > floor[:, None, None]) & (own[:, :, None] > 0) & (own[:, None, :] > 0)
    weight = np.where(linked, pair, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.log(np.where(linked, paid, 1.0)) - np.log(np.where(linked, own[:, None, :], 1.0))
    taxed = theta[:, None, None] * np.log1p(world.tariff.transpose(1, 0, 2))
    gap = np.where(linked, share + taxed - (share + taxed).transpose(0, 2, 1), 0.0) / 2
    strength = np.stack([_ranked(*one) for one in zip(weight, gap, linked, strict=True)])  # k n

    total = paid.sum(axis=1)  # k n
    with np.errstate(divide="ignore", invalid="ignore"):
        price = (np.log(own / total) - strength) / theta[:, None]
    known = np.isfinite(price)
    mean = np.where(known, price, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    price = np.where(known, price, mean[:, None]).T  # n k

    here = _reference(growth)
    inputs = np.einsum("imnj,imn->nmj", world.intermediate, 1 + world.tariff)
    made = flows.sum(axis=2)
    made = np.where(made > 0, made, 1.0)
    by_input = inputs / made[:, None, :]
    pay = growth.labour_share[:, None] * world.value_added / made
    earned = growth.labour_share * world.value_added.sum(axis=1) / growth.employment
    dearer = price - price[here]
    cost = 0.5 * np.einsum("nmk,nm->nk", by_input, dearer)
    cost += 0.5 * np.einsum("mk,nm->nk", by_input[here], dearer)
    cost += 0.5 * (pay + pay[here]) * np.log(earned / earned[here])[:, None]
    able = (strength / theta[:, None]).T + cost
    worker = (growth.output_per_worker - growth.output_per_worker[here])[:, None]
    mixed = (1 - shrinkage) * (able - able[here]) + shrinkage * worker
    filled = np.where(np.isfinite(mixed), mixed, worker)
    return np.asarray(np.minimum(np.maximum(filled, -_LARGEST_GAP), _LARGEST_GAP))


def _reference(growth: Any) -> int:
    names = list(growth.regions)
    return names.index(_LEADER) if _LEADER in names else int(np.argmax(growth.output_per_worker))


def _ranked(
    weight: Float[np.ndarray, "n n"], gap: Float[np.ndarray, "n n"], linked: Bool[np.ndarray, "n n"]
) -> Float[np.ndarray, " n"]:
    """Competitiveness of regions from gaps of pairs: one region held at zero, then mean zero."""
    _, group = connected_components(linked, directed=False)
    sizes = np.bincount(group)
    inside = np.flatnonzero(group == group[np.argmax(sizes[group])])
    found = np.full(len(weight), np.nan)
    if len(inside) < 2:
        return found
    w, g = weight[np.ix_(inside, inside)], gap[np.ix_(inside, inside)]
    system = np.diag(w.sum(axis=1)) - w
    solved = np.zeros(len(inside))
    solved[1:] = np.linalg.solve(system[1:, 1:], (w * g).sum(axis=1)[1:])
    found[inside] = solved - solved.mean()
    return found
