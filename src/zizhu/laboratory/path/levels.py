"""Technology levels of the base year, from who sells to whom and at what cost.

A region that sells much where it need not, although its costs are high, is good at it. With
spending shares lambda[i,n] of user n on supplier i at prices with tariffs t, a gravity model
lambda[i,n] ~ S_i (d[i,n] (1+t))^-theta with symmetric costs d gives for every pair (Head and Ries
2001; tariffs as in Caliendo and Parro 2015)

    ln(S_i/S_n) = [ln(lambda[i,n] (1+t[i,n])^theta / lambda[n,n])
                   - ln(lambda[n,i] (1+t[n,i])^theta / lambda[i,i])] / 2

and technology is A = S^(1/theta) c: what competitiveness remains when unit cost c is undone.
Letters: i supplier, n user (both regions), k sector, m input sector.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float

from zizhu.laboratory.path.growth import LEADER, Growth
from zizhu.parameters import values
from zizhu.world import World

Linked = Bool[np.ndarray, " n"]

# A factor of 4.5 from the reference, a little less than output per worker in the rest of the world
# lies below the United States: what is beyond is thin trade, not know-how (assumption).
LARGEST_GAP = 1.5
# A pair whose geometric mean of trade is below this part of the sector's has no say.
_THIN = 1e-9


def technology_levels(
    world: World,
    trade_elasticity: Float[np.ndarray, " k"],
    growth: Growth,
    overrides: Mapping[str, float] | None = None,
) -> Float[np.ndarray, "n k"]:
    """Log technology levels over those of the reference region, sector by sector [n,k].

    `overrides` replace registered parameters: `level_shrinkage`, and `level_trade_elasticity`,
    below which a small error of a share would be a large one of a level.

    (1 - shrinkage) ln A + shrinkage ln(output per worker), both less the reference, within
    +-LARGEST_GAP. Where a region sells nothing or trades with nobody, output per worker stands
    alone. The reference is the United States, or else the region with the highest output per
    worker.
    """
    chosen = values(overrides)
    shrinkage = chosen["level_shrinkage"]
    theta = np.maximum(trade_elasticity, chosen["level_trade_elasticity"])
    reference = reference_region(growth)
    flows, tariff = world.flows, world.tariff
    strength = competitiveness(flows, tariff, theta)
    prices = sector_prices(flows, tariff, theta, strength)
    technology = strength / theta + unit_cost(world, growth, prices, reference)
    technology = technology - technology[reference]
    per_worker = (growth.output_per_worker - growth.output_per_worker[reference])[:, None]
    both = (1 - shrinkage) * technology + shrinkage * per_worker
    seen = np.isfinite(both)
    levels = np.where(seen, both, np.broadcast_to(per_worker, both.shape))
    return np.asarray(np.clip(levels, -LARGEST_GAP, LARGEST_GAP))


def reference_region(growth: Growth) -> int:
    """Index of the United States, or else of the region with the highest output per worker."""
    if LEADER in growth.regions:
        return growth.regions.index(LEADER)
    return int(np.argmax(growth.output_per_worker))


def competitiveness(
    flows: Float[np.ndarray, "i k n"],
    tariff: Float[np.ndarray, "i k n"],
    theta: Float[np.ndarray, " k"],
) -> Float[np.ndarray, "n k"]:
    """Log competitiveness ln S [n,k], its mean zero in each sector; not a number if unlinked.

    Least squares over pairs, min sum w (s_i - s_n - h[i,n])^2 with w the geometric mean of the two
    flows of a pair: the average over partners by trade that is exact where pairs agree with each
    other. A plain average would give each region its own yardstick, the mean of its partners.
    """
    regions, sectors = flows.shape[0], flows.shape[1]
    found = np.full((regions, sectors), np.nan)
    for k in range(sectors):
        paid = flows[:, k] * (1 + tariff[:, k])  # i n
        own = np.diag(paid)
        pair = np.sqrt(paid * paid.T)
        np.fill_diagonal(pair, 0.0)
        linked = (pair > _THIN * max(pair.sum(), np.finfo(float).tiny)) & np.outer(own, own).astype(
            bool
        )
        weight = np.where(linked, pair, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            # Each user's total cancels: lambda[i,n] / lambda[n,n] is a ratio of what n pays.
            over = np.log(np.where(linked, paid / own, 1.0)) + theta[k] * np.log1p(tariff[:, k])
        gap = np.where(linked, (over - over.T) / 2, 0.0)
        some = _largest_group(linked)
        if not some.any():
            continue
        laplacian = np.diag(weight.sum(axis=1)) - weight
        inside = np.ix_(some, some)
        total = weight[inside].sum()
        # The least-norm solution of the singular system is the one with mean zero.
        found[some, k] = np.linalg.lstsq(
            laplacian[inside] / total, (weight * gap).sum(axis=1)[some] / total, rcond=None
        )[0]
    return found


def sector_prices(
    flows: Float[np.ndarray, "i k n"],
    tariff: Float[np.ndarray, "i k n"],
    theta: Float[np.ndarray, " k"],
    strength: Float[np.ndarray, "n k"],
) -> Float[np.ndarray, "n k"]:
    """Log price of each sector's goods where they are used [n,k].

    A region buys from itself lambda[n,n] = S_n / P_n^-theta, so ln P = (ln lambda[n,n] - ln S) /
    theta: where own goods are weak and yet bought, goods are dear. A price that is not known is
    the mean of the others.
    """
    paid = flows * (1 + tariff)
    own = np.einsum("nkn->nk", paid)
    total = paid.sum(axis=0).T
    with np.errstate(divide="ignore", invalid="ignore"):
        price = (np.log(own / total) - strength) / theta
    known = np.isfinite(price)
    usual = np.where(known, price, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.asarray(np.where(known, price, usual))


def unit_cost(
    world: World, growth: Growth, prices: Float[np.ndarray, "n k"], reference: int
) -> Float[np.ndarray, "n k"]:
    """Log unit cost over the reference region's [n,k], a Törnqvist index.

        ln c = sum_m mean share of input m x ln P_m + mean share of labour x ln wage

    Shares are of output, means of the region's and the reference's. The wage is labour income per
    worker; capital costs the same everywhere (assumption: it moves, labour does not).
    """
    inputs = np.einsum("imnj->nmj", world.intermediate * (1 + world.tariff)[..., None])
    output = np.where(world.output > 0, world.output, 1.0)
    share = inputs / output[:, None, :]  # n m k
    labour = growth.labour_share[:, None] * world.value_added / output
    wage = np.log(growth.labour_share * world.gdp / growth.employment)
    price = prices - prices[reference]
    mean = (share + share[reference]) / 2
    pay = (labour + labour[reference]) / 2 * (wage - wage[reference])[:, None]
    return np.asarray(np.einsum("nmk,nm->nk", mean, price) + pay)


def _largest_group(linked: Bool[np.ndarray, "n n"]) -> Linked:
    """Regions of the largest group that trade links, directly or through others [n]."""
    reach = linked | np.eye(len(linked), dtype=bool)
    for _ in range(max(1, int(np.ceil(np.log2(len(linked)))))):
        reach = (reach.astype(float) @ reach) > 0
    best: Linked = reach[int(np.argmax(reach.sum(axis=1)))]
    return best if best.sum() > 1 else np.zeros(len(linked), dtype=bool)
