"""One set of options made concrete, solved and audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from zizhu.cache import remembered
from zizhu.errors import ScenarioError, WorldError, did_you_mean, quoted
from zizhu.model import Economy, Elasticities
from zizhu.model.audit import Audit, audit
from zizhu.model.equilibrium import Solution, reach
from zizhu.model.rebase import rebase
from zizhu.model.shock import NoShock
from zizhu.model.stability import scale_eigenvalue
from zizhu.parameters import regime, values
from zizhu.policy import Scenario, Variant, Wedges
from zizhu.policy.scenario import ElasticityOverrides, Options, validate
from zizhu.world import World
from zizhu.world.world import GOVERNMENT


@dataclass(frozen=True)
class Case:
    """One set of options made concrete: what the solver needs."""

    economy: Economy
    elasticities: Elasticities
    bound_labour: bool
    limits: bool
    scale_notes: tuple[str, ...]


def elasticities_of(
    world: World,
    options: Options,
    overrides: ElasticityOverrides,
    parameters: Mapping[str, float],
) -> tuple[Elasticities, tuple[str, ...]]:
    """Elasticities of a world's sectors under named options, and notes on their scale economies.

    Raises `ScenarioError` if psi times theta reaches one anywhere: the equilibrium is then not
    unique.
    """
    theta, psi = regime(options.elasticities).by_sector(world.isic, world.sectors)
    # The strength applies to published elasticities, not to those that a user gives.
    psi = parameters["scale_strength"] * psi
    for name, table, new in (("trade", theta, overrides.trade), ("scale", psi, overrides.scale)):
        for sector, value in new.items():
            place = f"elasticities.{name}.{sector}"
            members = world.groups.get(sector, (sector,))
            if not set(members) <= set(world.sectors):
                raise ScenarioError(
                    f"{place}: sector {quoted(sector)} is not in world {world.name}"
                    f"{did_you_mean(sector, world.sectors)}"
                )
            if not (0 < value <= 100 if name == "trade" else 0 <= value <= 10):
                allowed = "above 0, at most 100" if name == "trade" else "between 0 and 10"
                raise ScenarioError(f"{place}: {value:g} found; it must be {allowed}")
            for member in members:
                table[world.sectors.index(member)] = value
    notes: list[str] = []
    limit = parameters["scale_limit"]
    if options.scale == "none":
        psi = np.zeros_like(psi)
    elif options.cap_scale:
        capped = psi * theta > limit
        psi = np.where(capped, limit / theta, psi)
        if capped.any():
            touched = ", ".join(np.array(world.sectors)[capped])
            notes.append(f"scale elasticities capped at {limit:g}/theta in {touched}")
    product = psi * theta
    if (product >= 1).any():
        worst = int(np.argmax(product))
        raise ScenarioError(
            f"elasticities: psi times theta is {product[worst]:.2f} in sector "
            f"{world.sectors[worst]}; from 1 the equilibrium is not unique, so lower one of them "
            "or set options.cap_scale=true"
        )
    if (product > limit).any():
        near = [
            f"{sector} {value:.2f}"
            for sector, value in zip(world.sectors, product, strict=True)
            if value > limit
        ]
        notes.append(f"psi times theta above {limit:g}: {', '.join(near)}")
    return (
        Elasticities.of(
            theta,
            psi,
            inputs=parameters["inputs_elasticity"],
            value_added=parameters["value_added_elasticity"],
            final=parameters["final_elasticity"],
            labour_mobility=parameters["labour_mobility"],
            public_funds=parameters["public_funds"],
            scale_variable="labour" if options.scale == "labour" else "composite",
        ),
        tuple(notes),
    )


def economy_of(world: World, *, pooled: bool = False) -> Economy:
    """Base shares of a world; the public buyer is its government use, if it has one.

    Raises `WorldError` for a region without final use: its income would be spent on nothing.
    """
    idle = world.final.sum(axis=(0, 1, 3)) <= 0
    if idle.any():
        raise WorldError(
            f"world {world.name}: region {world.regions[int(np.argmax(idle))]} has no final use, "
            "and the model needs what its income is spent on; sum it with another region "
            "(`zizhu world aggregate`)"
        )
    public = world.final_uses.index(GOVERNMENT) if GOVERNMENT in world.final_uses else None
    return Economy.from_flows(
        world.intermediate, world.final, world.tariff, public_use=public, pooled=pooled
    )


def make_case(world: World, scenario: Scenario, variant: Variant | None, wedges: Wedges) -> Case:
    """Economy and elasticities under the scenario's options, changed by a variant's."""
    options, overrides = scenario.options, scenario.elasticities
    chosen = dict(scenario.parameters)
    if variant is not None:
        merged = {**options.model_dump(), **variant.options}
        options = validate(
            {"name": scenario.name, "title": scenario.title, "options": merged},
            f"scenario {scenario.name}, variant {variant.name}",
        ).options
        overrides = overrides.merged(variant.elasticities)
        chosen.update(variant.parameters)
    parameters = values(chosen)
    elasticities, notes = elasticities_of(world, options, overrides, parameters)
    economy = economy_of(world, pooled=options.origins == "pooled" or world.pooled_origins)
    if options.deficits == "zero":
        economy = rebase(economy, elasticities, zero_deficits=True)
    if wedges.differs_by_use:
        economy = economy.separate_origins()
    bound = options.labour == "bound"
    if bound and not np.isfinite(parameters["labour_mobility"]):
        raise ScenarioError(
            "options.labour: labour is bound but its mobility between sectors is infinite; give "
            "parameters.labour_mobility, for example 1"
        )
    return Case(economy, elasticities, bool(bound), wedges.limits_flows, notes)


def shock_of(wedges: Wedges, economy: Economy) -> NoShock:
    """Wedges as JAX arrays; iceberg costs collapse to one group where origins are pooled."""
    arrays = {name: jnp.asarray(value) for name, value in wedges._asdict().items()}
    if economy.pooled:
        arrays["log_iceberg"] = arrays["log_iceberg"][..., :1]
    return NoShock(**arrays)


class Solved(NamedTuple):
    """The equilibrium of a case, its audit, and the steps its shock was solved in (1: at once)."""

    solution: Solution
    audit: Audit
    steps: int


def solved_and_audited(case: Case, wedges: Wedges, largest_residual: float) -> Solved:
    """The equilibrium of a case under wedges, and its audit; raises `NotConverged`."""
    shock = shock_of(wedges, case.economy)
    solution, steps = reach(
        case.economy,
        case.elasticities,
        shock,
        bound_labour=case.bound_labour,
        limits=case.limits,
        largest_residual=largest_residual,
    )
    checked = audit(
        case.economy,
        case.elasticities,
        shock,
        solution,
        bound_labour=case.bound_labour,
        limits=case.limits,
    )
    checked.require(largest_residual)
    return Solved(solution, checked, steps)


def base_eigenvalue(case: Case) -> float:
    """Largest eigenvalue of the base under entry; 0 without scale economies."""
    if not np.asarray(case.elasticities.scale).any():
        return 0.0

    def compute() -> list[float]:
        found = scale_eigenvalue(case.economy, case.elasticities, bound_labour=case.bound_labour)
        return [float(found)]

    inputs = jax.tree.leaves((case.economy, case.elasticities, case.bound_labour))
    return remembered("scale eigenvalue", inputs, compute)[0]
