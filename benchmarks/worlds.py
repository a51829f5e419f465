"""Economies and counterfactuals that are timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from zizhu.errors import WorldError
from zizhu.laboratory import economy_of
from zizhu.model import Economy, Elasticities
from zizhu.model.rebase import rebase
from zizhu.model.shock import NoShock
from zizhu.parameters import regime
from zizhu.replications.caliendo_parro_2015.tables import read
from zizhu.world import locate, open_world


class Unavailable(Exception):
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
        raise Unavailable(str(error)) from error
    elasticities = Elasticities.of(tables.theta)
    base = rebase(tables.economy, elasticities, zero_deficits=True)
    change = jnp.asarray(tables.tariff_after) - base.tariff
    shock = NoShock.of(base)._replace(tariff=change)
    return Case("31x40", "Caliendo and Parro, NAFTA", base, elasticities, shock)


def world_2017() -> Case:
    """25 points more on all goods between China and the United States, table of 2017."""
    world = open_world("2017")
    theta, _ = regime("lashkaripour-lugovskyy").by_sector(world.isic, world.sectors)
    elasticities = Elasticities.of(theta)
    base = economy_of(world, pooled=True)
    china, america = world.regions.index("CHN"), world.regions.index("USA")
    traded = np.array(world.isic_is_goods) if hasattr(world, "isic_is_goods") else np.ones(1)
    change = np.zeros(base.tariff.shape)
    change[china, :, america] = change[america, :, china] = 0.25 * traded
    shock = NoShock.of(base)._replace(tariff=jnp.asarray(change))
    return Case("7x44", "2017 table, tariff war", base, elasticities, shock)
