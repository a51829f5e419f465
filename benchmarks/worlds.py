"""Economies and counterfactuals that are timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import jax.numpy as jnp
import numpy as np

from zizhu.errors import WorldError
from zizhu.laboratory import economy_of
from zizhu.model import Economy, Elasticities
from zizhu.model.rebase import rebase
from zizhu.model.shock import NoShock
from zizhu.parameters import regime
from zizhu.replications.caliendo_parro_2015.tables import read
from zizhu.replications.optimal_subsidy import seven_regions
from zizhu.world import World, locate, open_world

# ISIC divisions of farming, mining and manufacturing come before this one.
_FIRST_SERVICE = 35


class UnavailableError(Exception):
    """A benchmark that cannot run here; the text is one sentence that says why."""


@dataclass(frozen=True)
class Case:
    """One problem to solve: `name` says its size, `text` what it is."""

    name: str
    text: str
    economy: Economy
    elasticities: Elasticities
    shock: NoShock


def caliendo_parro() -> Case:
    """NAFTA's tariff cuts on the 31 countries and 40 sectors of 1993, deficits zero."""
    try:
        tables = read(locate("cp2015"))
    except WorldError as error:
        raise UnavailableError(str(error)) from error
    elasticities = Elasticities.of(tables.theta)
    base = rebase(tables.economy, elasticities, zero_deficits=True)
    change = jnp.asarray(tables.tariff_after) - base.tariff
    shock = NoShock.of(base)._replace(tariff=change)
    return Case("31x40", "Caliendo and Parro, NAFTA", base, elasticities, shock)


def tariff_war(opened: Callable[[], World], text: str) -> Case:
    """25 points more on all goods between China and the United States, in a shipped world."""
    world = opened()
    theta, _ = regime("lashkaripour-lugovskyy").by_sector(world.isic, world.sectors)
    elasticities = Elasticities.of(theta)
    base = economy_of(world, pooled=True)
    china, america = world.regions.index("CHN"), world.regions.index("USA")
    goods = [max(world.isic[sector]) < _FIRST_SERVICE for sector in world.sectors]
    change = np.zeros(base.tariff.shape)
    change[china, :, america] = change[america, :, china] = 0.25 * np.array(goods)
    shock = NoShock.of(base)._replace(tariff=jnp.asarray(change))
    name = f"{len(world.regions)}x{len(world.sectors)}"
    return Case(name, f"{text}, tariff war", base, elasticities, shock)


def synthetic(*, scale: bool, regions: int = 77, sectors: int = 45, seed: int = 1) -> Case:
    """A world drawn from `seed`: gravity, home shares of 0.6 to 0.95, half of all links absent.

    Half of the regions raise tariffs on the other half by 25 points and meet 15, in half of the
    sectors. With `scale`, psi times theta lies between 0.2 and 0.9.
    """
    rng = np.random.default_rng(seed)
    shape = (regions, sectors, regions)
    away = ~np.eye(regions, dtype=bool)[:, None, :]

    # Origin shares: size over distance, times a supplier's and a link's own luck.
    place = rng.uniform(size=(regions, 2))
    distance = 0.05 + np.linalg.norm(place[:, None] - place[None], axis=2)
    size = np.exp(1.2 * rng.normal(size=regions))
    skill = np.exp(rng.normal(size=(regions, sectors, 1)))
    pull = (size[:, None] / distance)[:, None, :] * skill * np.exp(0.8 * rng.normal(size=shape))
    foreign = np.where(away, pull, 0.0)
    foreign = foreign / foreign.sum(axis=0)
    foreign = np.where(foreign < 0.25 / regions, 0.0, foreign)
    foreign = foreign / foreign.sum(axis=0)
    home = rng.uniform(0.6, 0.95, size=(sectors, regions))
    origin = np.where(away, foreign * (1 - home), home)

    inputs = rng.gamma(0.3, size=(sectors, 1, sectors))
    inputs = inputs * rng.gamma(2.0, size=(sectors, regions, sectors))
    inputs = inputs / inputs.sum(axis=0)
    value_added = rng.uniform(0.25, 0.65, size=(regions, sectors))
    final = rng.gamma(0.5, size=(sectors, 1)) * rng.gamma(2.0, size=(sectors, regions))
    final = final / final.sum(axis=0)
    tariff = rng.uniform(0.0, 0.15, size=(1, sectors, regions)) * rng.choice(3, size=shape) / 2
    tariff = np.where(away, tariff, 0.0)

    cost, income, duty = _accounts(
        origin=origin,
        inputs=inputs,
        value_added=value_added,
        final=final,
        tariff=tariff,
        size=size,
    )
    economy = Economy(
        origin_shares=jnp.asarray(origin[..., None]),
        input_shares=jnp.asarray(inputs),
        value_added_share=jnp.asarray(value_added),
        final_sector_shares=jnp.asarray(final[..., None]),
        final_use_shares=jnp.ones((regions, 1)),
        cost=jnp.asarray(cost),
        income=jnp.asarray(income),
        wage_bill=jnp.asarray((value_added * cost).sum(axis=1)),
        deficit=jnp.asarray(income - (value_added * cost).sum(axis=1) - duty),
        tariff=jnp.asarray(tariff),
        export_tax=jnp.zeros(shape),
        subsidy=jnp.zeros(cost.shape),
    )
    theta = np.clip(np.exp(rng.normal(1.6, 0.5, size=sectors)), 1.5, 12.0)
    psi = rng.uniform(0.2, 0.9, size=sectors) / theta
    change = np.zeros(shape)
    north, goods = regions // 2, sectors // 2
    change[:north, :goods, north:] = 0.25
    change[north:, :goods, :north] = 0.15
    shock = NoShock.of(economy)._replace(tariff=jnp.asarray(change))
    name = f"{regions}x{sectors}" + (" scale" if scale else "")
    text = "synthetic, tariffs" + (", psi*theta to 0.9" if scale else "")
    return Case(name, text, economy, Elasticities.of(theta, psi if scale else None), shock)


def _accounts(
    *,
    origin: np.ndarray,
    inputs: np.ndarray,
    value_added: np.ndarray,
    final: np.ndarray,
    tariff: np.ndarray,
    size: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Production, income and duty that the shares imply, trade close to balanced."""
    net = origin / (1 + tariff)
    duty_share = (net * tariff).sum(axis=0)
    cost, income = np.zeros_like(value_added), size
    for step in range(400):
        spending = np.einsum("knj,nj->kn", inputs, (1 - value_added) * cost) + final * income
        cost = np.einsum("ikn,kn->ik", net, spending)
        # Income follows earnings for a while; then production settles at given income.
        if 40 <= step < 200:
            income = (value_added * cost).sum(axis=1) + (duty_share * spending).sum(axis=0)
            income = income * size.sum() / income.sum()
    return cost, income, (duty_share * spending).sum(axis=0)


CASES: dict[str, Callable[[], Case]] = {
    "31x40": caliendo_parro,
    "7x38": partial(tariff_war, seven_regions, "2017 in seven regions"),
    "29x38": partial(tariff_war, open_world, "default world"),
    "77x45": partial(synthetic, scale=False),
    "77x45 scale": partial(synthetic, scale=True),
}
