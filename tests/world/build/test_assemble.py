"""The builder on a made-up world whose sources all tell the truth: it finds the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zizhu.world.build.assemble import Method, assemble
from zizhu.world.build.ingredients import Ingredients, Official, Old, Pooled

REGIONS, SECTORS, GOODS = 4, 5, 3
FINAL_TAX = 0.05
# Official groups of sectors: two goods together, the third alone, each service alone.
GROUPS = np.array([[1.0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
# What the old table knows in full: every power one.
TRUSTING = Method(technology=1.0, final=1.0, services=1.0, value_added=1.0, origins=1.0)


def true_uses(
    seed: int, *, same_origins: bool, same_kinds: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Uses [i,k,n,j+u], value added and taxes [n,j] of a balanced world."""
    rng = np.random.default_rng(seed)
    n, k, u = REGIONS, SECTORS, 3
    technology = rng.uniform(0.2, 1, (k, n, k))
    value_share, tax_share = rng.uniform(0.35, 0.6, (n, k)), rng.uniform(0.01, 0.03, (n, k))
    technology *= (1 - value_share - tax_share) / technology.sum(axis=0)
    demand = rng.uniform(5, 15, (k, n, u)) * rng.uniform(0.5, 2, (n, 1))
    if same_kinds:
        demand = demand[..., :1] * np.array([0.6, 0.2, 0.2])
    spread = 1 if same_origins else k + u
    origin = rng.uniform(0.2, 1, (n, k, n, spread))
    origin[np.arange(n), :, np.arange(n)] += 4
    origin = np.broadcast_to(origin / origin.sum(axis=0), (n, k, n, k + u))
    output = np.ones((n, k))
    for _ in range(400):
        wanted = np.concatenate([technology * output[None], demand], axis=2)
        output = np.einsum("iknj,knj->ik", origin, wanted)
    uses = origin * np.concatenate([technology * output[None], demand], axis=2)[None]
    assert (uses > 0).all()
    return uses, value_share * output, tax_share * output


def ingredients(
    uses: np.ndarray, value_added: np.ndarray, taxes: np.ndarray, pool: np.ndarray
) -> Ingredients:
    """All sources taken from one table: nothing has changed since the oldest of them."""
    k, n = SECTORS, REGIONS
    flows, output = uses.sum(axis=3), uses.sum(axis=(2, 3))
    trade = np.concatenate([flows[:, :GOODS], flows[:, GOODS:].sum(axis=1, keepdims=True)], 1)
    z, f = uses[..., :k], uses[..., k:]
    pooled_output = pool.T @ output
    pooled = Pooled(
        membership=pool,
        inputs=np.einsum("iknj,nr->krj", z, pool),
        final=np.einsum("iknu,nr->kr", f, pool),
        value_added=(pool.T @ value_added) / pooled_output,
        trade=np.einsum("ikn,ir,ns->rks", flows, pool, pool),
    )
    kinds = np.array([[1.0, 0], [1, 0], [0, 1]])
    grouped = output @ GROUPS
    official = Official(
        membership=GROUPS,
        intermediate=np.einsum("iknj,kK,jJ->iKnJ", z, GROUPS, GROUPS),
        final=np.einsum("iknu,kK,uw->iKnw", f, GROUPS, kinds),
        value_added=(value_added @ GROUPS) / grouped,
        taxes=(taxes @ GROUPS) / grouped,
        final_taxes=np.full(n, FINAL_TAX),
    )
    gdp = value_added.sum(axis=1) + taxes.sum(axis=1) + FINAL_TAX * f.sum(axis=(0, 1, 3))
    return Ingredients(
        year=2022,
        regions=tuple("PQRS"),
        sectors=tuple("ABCDE"),
        goods=GOODS,
        trade=trade,
        trade_then=trade,
        pooled=pooled,
        official=official,
        old=Old(np.eye(n), np.eye(k), uses, value_added),
        gdp=gdp,
    )


def truth(
    seed: int,
    *,
    same_origins: bool,
    same_kinds: bool = False,
    pool: np.ndarray | None = None,
) -> tuple[Ingredients, np.ndarray, np.ndarray, np.ndarray]:
    """Ingredients and the truth; taxes are a share of output by official group."""
    uses, value_added, taxes = true_uses(seed, same_origins=same_origins, same_kinds=same_kinds)
    # Official taxes are known by group only: the truth has them so.
    output = uses.sum(axis=(2, 3))
    total = value_added + taxes
    rate = ((taxes @ GROUPS) / (output @ GROUPS)) @ GROUPS.T
    taxes = rate * output
    value_added = total - taxes
    made_of = ingredients(uses, value_added, taxes, np.eye(REGIONS) if pool is None else pool)
    return made_of, uses, value_added, taxes


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sources_that_agree_give_the_truth(seed):
    """Origins common to all uses: what the method assumes without an old table is true."""
    made_of, uses, value_added, taxes = truth(seed, same_origins=True)
    found = assemble(made_of)
    np.testing.assert_allclose(found.uses, uses, rtol=2e-3)
    np.testing.assert_allclose(found.value_added, value_added, rtol=2e-3)
    np.testing.assert_allclose(found.taxes, taxes, rtol=2e-3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_old_table_tells_regions_and_origins_apart(seed):
    """Regions pooled two by two, origins that differ by use: the old table has both.

    Kinds of final use have one product mix, as the method bends them all alike.
    """
    pool = np.repeat(np.eye(2), 2, axis=0)
    made_of, uses, value_added, _ = truth(seed, same_origins=False, same_kinds=True, pool=pool)

    def miss(method):
        found = assemble(made_of, method)
        return (
            np.abs(found.uses - uses).sum() / uses.sum(),
            np.abs(found.value_added - value_added).sum() / value_added.sum(),
        )

    with_old, without = miss(TRUSTING), miss(Method(0.0, 0.0, 0.0, 0.0, 0.0))
    assert with_old[0] < 0.01
    assert with_old[1] < 0.01
    assert without[0] > 5 * with_old[0]
    # The powers in use lie between the two.
    assert with_old[0] < miss(None)[0] < without[0]


def test_what_is_exact_stays_exact_whatever_the_year_brings():
    """Trade of another year: it is met, and accounts hold."""
    made_of, _, _, _ = truth(4, same_origins=False)
    rng = np.random.default_rng(4)
    grown = made_of.trade * rng.uniform(0.8, 1.5, made_of.trade.shape)
    unknown = np.append(made_of.gdp[:-1], np.nan)
    found = assemble(replace(made_of, trade=grown, gdp=unknown))
    flows = found.uses.sum(axis=3)
    np.testing.assert_allclose(flows[:, :GOODS], grown[:, :GOODS], rtol=1e-9)
    np.testing.assert_allclose(flows[:, GOODS:].sum(axis=1), grown[:, GOODS], rtol=1e-9)
    cost = found.uses[..., :SECTORS].sum(axis=(0, 1)) + found.value_added + found.taxes
    np.testing.assert_allclose(cost, flows.sum(axis=2), rtol=1e-12)
    assert (found.uses >= 0).all()
    assert (found.value_added > 0).all()
    assert found.now.gaps["trade"] < 1e-9
    assert found.now.gaps["inputs"] < 1e-9


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_gdp_moves_value_added_by_its_weight(weight):
    """A tenth more GDP than the shares say: value added follows by weight."""
    made_of, _, value_added, _ = truth(5, same_origins=True)
    final = value_added.sum(axis=1)
    more = replace(made_of, gdp=made_of.gdp + 0.1 * (1 + FINAL_TAX) * final)
    found = assemble(more, replace(Method(), gdp=weight))
    ratio = found.value_added.sum(axis=1) / final
    np.testing.assert_allclose(ratio, 1.1**weight, rtol=5e-3)


def test_a_flow_that_began_later_has_a_seed():
    """Nothing was sold in the official year; the year's trade is met all the same."""
    made_of, *_ = truth(6, same_origins=True)
    then = made_of.trade_then.copy()
    then[0, 1, 2] = 0.0
    found = assemble(replace(made_of, trade_then=then))
    np.testing.assert_allclose(found.uses[0, 1, 2].sum(), made_of.trade[0, 1, 2], rtol=1e-9)
