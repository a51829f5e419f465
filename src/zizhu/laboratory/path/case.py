"""A world made ready for the yearly loop: base, rates, labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.laboratory.case import economy_of, elasticities_of
from zizhu.laboratory.path.firms import champions, firms_on
from zizhu.laboratory.path.growth import Growth, growth_of
from zizhu.laboratory.path.levels import technology_levels
from zizhu.laboratory.path.rates import rates_of
from zizhu.laboratory.path.technology import Chains, chains_on
from zizhu.model import Economy, Elasticities
from zizhu.model.money import money_base
from zizhu.model.path_inputs import PathBase, Rates, YearWedges
from zizhu.parameters import values
from zizhu.policy.path_labels import PathLabels
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.scenario import ElasticityOverrides, Options
from zizhu.world import World

# Wedges by node, which the model has at its places.
BY_NODE = (
    "barred",
    "barred_above",
    "lifted",
    "node_money",
    "commitment",
    "node_preference",
    "mandate",
    "node_ability",
    "hoarding",
)


@dataclass(frozen=True)
class PathCase:
    """What a path on a world needs.

    scale_regime  `dynamic` (gains build up) or `static` (at once, inside the equilibrium)
    """

    world: World
    years: tuple[int, ...]
    parameters: Mapping[str, float]
    scale_regime: str
    chains: Chains
    growth: Growth
    base: PathBase
    rates: Rates
    graduate_lag: int
    building_years: int

    @property
    def labels(self) -> PathLabels:
        """What the axes of wedges stand for."""
        firms = tuple(champions(self.world, self.chains.nodes))
        return PathLabels(self.world, self.years, self.chains.nodes, firms, self.chains.also)

    @property
    def sourcing(self) -> Float[np.ndarray, "m n n"]:
        """Part of each buyer's purchases of each node from each supplier in the base year."""
        base = np.asarray(self.base.technology.links.sourcing)
        return np.asarray(base.reshape(-1, *base.shape[2:])[self.chains.places])

    def year_wedges(self, wedges: PathWedges) -> YearWedges:
        """Wedges by node as the model takes them, at its places."""
        at = self.chains.at_places
        placed = {
            name: at(value, 1) if name in BY_NODE else value
            for name, value in wedges._asdict().items()
        }
        return YearWedges(**jax.device_put(placed))


def path_case(
    world: World,
    years: tuple[int, ...],
    overrides: Mapping[str, float] | None = None,
    *,
    scale: str = "dynamic",
    elasticities: str = "lashkaripour-lugovskyy",
    origins: str = "pooled",
    reaction: bool = False,
) -> PathCase:
    """Put a world in motion: measured growth, chains, levels, parameters.

    overrides     replace registered parameters
    scale         `dynamic`, `static` or `none`
    elasticities  named regime of trade and scale elasticities
    origins       `pooled` (one set of origin shares for all uses, twice as fast) or `separate`
    reaction      whether controls and the push may answer each other

    Raises `ChainError`, `ParameterError`, `ScenarioError` or `WorldError` for what does not fit.
    """
    parameters = values(overrides)
    economy = economy_of(world, pooled=origins == "pooled")
    growth = growth_of(world)
    curved = curvature_of(world, growth, overrides, scale=scale, elasticities=elasticities)
    chains = chains_on(
        world,
        parameters,
        year=years[0],
        research=growth.research_spending,
        reaction=reaction,
    )
    regions = len(world.regions)
    cost = np.asarray(economy.cost)
    domar = domar_weight(economy)
    trend = parameters["base_growth_part"] * growth.tfp_growth / domar
    size = chains.technology.world.shape[0]
    firms = champions(world, chains.nodes)
    base = PathBase(
        economy=economy,
        elasticities=curved.elasticities,
        dynamic_scale=curved.dynamic_scale,
        levels=curved.levels,
        growth=jnp.asarray(np.broadcast_to(trend[:, None], cost.shape)),
        talent=jnp.ones(regions),
        research=jnp.asarray(growth.research_spending),
        technology=chains.technology,
        barred=jnp.zeros((size, regions, regions)),
        barred_above=jnp.zeros((size, regions, regions)),
        node_money=jnp.zeros((size, regions)),
        money=money_base(
            size, regions, int(parameters["pay_in_life"]), int(parameters["deployment_lag"])
        ),
        firms=firms_on(firms, world, chains, parameters),
    )
    return PathCase(
        world=world,
        years=years,
        parameters=parameters,
        scale_regime=scale,
        chains=chains,
        growth=growth,
        base=base,
        rates=rates_of(parameters, growth, domar),
        graduate_lag=int(parameters["graduate_lag"]),
        building_years=int(parameters["building_years"]),
    )


class Curvature(NamedTuple):
    """What named elasticities decide of a path's base: see `PathBase`."""

    elasticities: Elasticities
    dynamic_scale: Float[Array, " k"]
    levels: Float[Array, "n k"]


def curvature_of(
    world: World,
    growth: Growth,
    overrides: Mapping[str, float] | None,
    *,
    scale: str,
    elasticities: str,
) -> Curvature:
    """Elasticities of a regime, scale economies of a kind, and the levels that follow from them.

    Arguments as those of `path_case`. Raises `ScenarioError` if scale economies leave no unique
    equilibrium, `ParameterError` for an unknown regime.
    """
    options = Options(elasticities=elasticities, scale="none" if scale == "none" else "labour")
    # Who pays decides what public funds cost: scenarios charge it with their measures' outlays.
    inside, _ = elasticities_of(
        world, options, ElasticityOverrides(), {**values(overrides), "public_funds": 1.0}
    )
    levels = technology_levels(world, np.asarray(inside.trade), growth, overrides)
    dynamic = scale == "dynamic"
    return Curvature(
        _without_scale(inside) if dynamic else inside,
        inside.scale if dynamic else jnp.zeros_like(inside.scale),
        jnp.asarray(levels),
    )


def domar_weight(economy: Economy) -> Float[np.ndarray, " n"]:
    """Output over value added of each region.

    A percent of productivity in every sector is this many percent of GDP, so that what is known of
    productivity by value added is divided by it (Domar 1961, Hulten 1978).
    """
    return np.asarray(np.asarray(economy.cost).sum(axis=1) / np.asarray(economy.wage_bill))


def _without_scale(elasticities: Elasticities) -> Elasticities:
    return replace(elasticities, scale=jnp.zeros_like(elasticities.scale))
