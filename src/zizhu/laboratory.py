"""From a scenario to its outcome: the path through the rooms, walked once.

World and scenario in; wedges, elasticities and base economy formed; equilibrium solved and
audited; indicators, variants and drivers out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Array, Float

from zizhu.cache import remembered, use_compilation_cache
from zizhu.errors import (
    NotConverged,
    ParameterError,
    ScenarioError,
    WorldError,
    did_you_mean,
)
from zizhu.indicators import indicators
from zizhu.model import Economy, Elasticities
from zizhu.model.audit import Audit, audit
from zizhu.model.equilibrium import Solution, equilibrium, solve
from zizhu.model.rebase import rebase
from zizhu.model.shock import NoShock
from zizhu.model.stability import scale_eigenvalue
from zizhu.parameters import regime, values
from zizhu.policy import Scenario, Variant, Wedges, compile_wedges, load_scenario, remarks
from zizhu.policy.scenario import ElasticityOverrides, Options, validate
from zizhu.world import World, open_world, to_dataset
from zizhu.world.world import GOVERNMENT

Progress = Callable[[str], None]


@dataclass(frozen=True)
class VariantResult:
    """Real income of every region under other options, in percent."""

    name: str
    title: str
    real_income: Mapping[str, float]
    scale_eigenvalue: float = 0.0
    note: str = ""

    @property
    def stable(self) -> bool:
        """Whether the base is stable under entry (see `zizhu.model.stability`)."""
        return self.scale_eigenvalue < 1


@dataclass(frozen=True)
class Driver:
    """How far the headline moves, in percentage points, per one percent more of an elasticity."""

    elasticity: str
    sector: str
    value: float
    effect: float


@dataclass(frozen=True)
class Outcome:
    """What a scenario does: indicators, audit, variants, drivers, and how it was computed.

    Every variable of `indicators` is an attribute as well: `outcome.real_income`.
    """

    scenario: Scenario
    world: World
    indicators: xr.Dataset
    audit: Audit
    iterations: int
    focus: str
    variants: tuple[VariantResult, ...]
    drivers: tuple[Driver, ...]
    notes: tuple[str, ...]
    scale_eigenvalue: float
    manifest: Mapping[str, Any]

    def __getattr__(self, name: str) -> xr.DataArray:
        # Called only for names that the dataclass does not have.
        if not name.startswith("_") and name in self.indicators:
            return self.indicators[name]
        raise AttributeError(
            f"an outcome has no {name!r}"
            + (did_you_mean(name, map(str, self.indicators)) if not name.startswith("_") else "")
        )

    @cached_property
    def dataset(self) -> xr.Dataset:
        """The indicators with everything that identifies the run as attributes."""
        return self.indicators.assign_attrs(
            title=self.scenario.title,
            scenario=self.scenario.name,
            world=self.world.name,
            audit_largest_residual=self.audit.largest,
            manifest=json.dumps(dict(self.manifest)),
        )

    def compare(self, *others: Outcome) -> xr.Dataset:
        """Stack this outcome and others along a new dimension `scenario`.

        Raises `ScenarioError` if they are not on the same regions and sectors.
        """
        outcomes = (self, *others)
        for other in others:
            if (other.world.regions, other.world.sectors) != (
                self.world.regions,
                self.world.sectors,
            ):
                raise ScenarioError(
                    f"scenarios {self.scenario.name} and {other.scenario.name} are on worlds with "
                    "different regions or sectors and cannot be compared"
                )
        names = [str(name) for name in self.indicators if all(name in o.indicators for o in others)]
        labels = xr.DataArray([o.scenario.name for o in outcomes], dims="scenario", name="scenario")
        stacked: xr.Dataset = xr.concat(
            [outcome.indicators[names] for outcome in outcomes],
            dim=labels,
            combine_attrs="override",
            join="exact",
            data_vars="all",
            coords="minimal",
            compat="override",
        )
        return stacked


@dataclass(frozen=True)
class _Case:
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
    for name, table, new in (("trade", theta, overrides.trade), ("scale", psi, overrides.scale)):
        for sector, value in new.items():
            place = f"elasticities.{name}.{sector}"
            if sector not in world.sectors:
                raise ScenarioError(
                    f"{place}: sector {sector!r} is not in world {world.name}"
                    f"{did_you_mean(sector, world.sectors)}"
                )
            if not (0 < value <= 100 if name == "trade" else 0 <= value <= 10):
                allowed = "above 0, at most 100" if name == "trade" else "between 0 and 10"
                raise ScenarioError(f"{place}: {value:g} found; it must be {allowed}")
            table[world.sectors.index(sector)] = value
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


@lru_cache(maxsize=8)
def _economy(world_id: int, pooled: bool, public_use: int | None) -> Economy:
    world = _WORLDS[world_id]
    return Economy.from_flows(
        world.intermediate, world.final, world.tariff, public_use=public_use, pooled=pooled
    )


_WORLDS: dict[int, World] = {}


def economy_of(world: World, *, pooled: bool = False) -> Economy:
    """Base shares of a world; the public buyer is its government use, if it has one."""
    _WORLDS[id(world)] = world
    public = world.final_uses.index(GOVERNMENT) if GOVERNMENT in world.final_uses else None
    return _economy(id(world), pooled, public)


def _case(world: World, scenario: Scenario, variant: Variant | None, wedges: Wedges) -> _Case:
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
    bound = options.labour == "bound" and np.isfinite(parameters["labour_mobility"])
    return _Case(economy, elasticities, bool(bound), wedges.limits_flows, notes)


def _shock(wedges: Wedges, economy: Economy) -> NoShock:
    """Wedges as JAX arrays; iceberg costs collapse to one group where origins are pooled."""
    arrays = {name: jnp.asarray(value) for name, value in wedges._asdict().items()}
    if economy.pooled:
        arrays["log_iceberg"] = arrays["log_iceberg"][..., :1]
    return NoShock(**arrays)


def _solved(case: _Case, wedges: Wedges, largest_residual: float) -> tuple[Solution, Audit]:
    shock = _shock(wedges, case.economy)
    solution = solve(
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
    return solution, checked


def _eigenvalue(case: _Case) -> float:
    """Largest eigenvalue of the base under entry; 0 without scale economies."""
    if not np.asarray(case.elasticities.scale).any():
        return 0.0

    def compute() -> float:
        return float(
            scale_eigenvalue(case.economy, case.elasticities, bound_labour=case.bound_labour)
        )

    inputs = jax.tree.leaves((case.economy, case.elasticities, case.bound_labour))
    return remembered("scale eigenvalue", inputs, compute)


@partial(jax.jit, static_argnames=("region", "bound_labour", "limits"))
def _headline_gradient(
    elasticities: Elasticities,
    economy: Economy,
    shock: NoShock,
    solved: Float[Array, " d"],
    *,
    region: int,
    bound_labour: bool,
    limits: bool,
) -> Elasticities:
    """Gradient of the log real income of a region in every elasticity, by implicit derivation."""

    def headline(chosen: Elasticities) -> Float[Array, ""]:
        found = equilibrium(
            economy, chosen, shock, bound_labour=bound_labour, limits=limits, solved=solved
        )
        return found.log_real_income[region]

    slopes: Elasticities = jax.grad(headline)(elasticities)
    return slopes


def _drivers(
    case: _Case, wedges: Wedges, solution: Solution, world: World, region: int
) -> tuple[Driver, ...]:
    """Elasticities by how far one percent more of each moves the headline; largest first.

    The base is held fixed: rebased deficits are not solved again.
    """
    slopes = _headline_gradient(
        case.elasticities,
        case.economy,
        _shock(wedges, case.economy),
        solution.unknowns,
        region=region,
        bound_labour=case.bound_labour,
        limits=case.limits,
    )
    found = []
    for name in ("trade", "scale"):
        level = np.asarray(getattr(case.elasticities, name))
        slope = np.asarray(getattr(slopes, name))
        found += [
            Driver(name, sector, float(level[k]), float(slope[k] * level[k]))
            for k, sector in enumerate(world.sectors)
        ]
    for name in ("inputs", "value_added", "final"):
        one, pull = (float(getattr(source, name)) for source in (case.elasticities, slopes))
        found.append(Driver(name, "all", one, pull * one))
    # d ln W / d ln parameter, per one percent: 0.01 log points, which is 1 percentage point x slope
    return tuple(sorted(found, key=lambda driver: -abs(driver.effect)))


def world_hash(world: World) -> str:
    """SHA-256 of a world's labels and cells."""
    digest = hashlib.sha256()
    for label in (*world.regions, *world.sectors, *world.final_uses):
        digest.update(label.encode())
    for name, variable in sorted(to_dataset(world).data_vars.items()):
        digest.update(str(name).encode())
        digest.update(np.ascontiguousarray(variable.values).tobytes())
    return digest.hexdigest()


def _text_hash(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()


def _manifest(scenario: Scenario, world: World, seconds: float) -> dict[str, Any]:
    chosen = values(scenario.parameters)
    theta_psi = regime(scenario.options.elasticities)
    content = scenario.model_dump(mode="json", by_alias=True)
    return {
        "scenario": {"name": scenario.name, "sha256": _text_hash(content), "content": content},
        "world": {"name": world.name, "year": world.year, "sha256": world_hash(world)},
        "parameters": {"values": chosen, "sha256": _text_hash(chosen)},
        "elasticities": {
            "regime": theta_psi.name,
            "source": theta_psi.source,
            "sha256": _text_hash(theta_psi.model_dump(mode="json")),
        },
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("zizhu", "jax", "numpy", "xarray", "pydantic")},
        },
        "started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
    }


def run(
    scenario: str | Path | Scenario = "baseline",
    *,
    world: str | Path | World | None = None,
    settings: Iterable[str] = (),
    variants: bool = True,
    drivers: bool = True,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Run a scenario and return its audited outcome.

    scenario  name of a shipped scenario, path of a file, or a `Scenario`
    world     catalogue name, path or `World`; by default the one that the scenario names
    settings  changes such as `options.deficits=zero`
    variants, drivers  whether to compute what other options give, and what drives the headline
    progress  called with the name of each step

    Raises `ScenarioError`, `WorldError` or `ParameterError` for bad input and `NotConverged` if no
    equilibrium was found.
    """
    began = time.perf_counter()
    use_compilation_cache()
    progress("reading scenario and world")
    if isinstance(scenario, Scenario):
        if list(settings):
            raise ScenarioError("settings apply to scenario files; change the Scenario instead")
        chosen = scenario
    else:
        chosen = load_scenario(scenario, settings)
    table = world if isinstance(world, World) else open_world(world or chosen.world)
    focus = chosen.focus or table.regions[0]
    if focus not in table.regions:
        raise ScenarioError(
            f"scenario {chosen.name}, focus: region {focus!r} is not in world {table.name}"
            f"{did_you_mean(focus, table.regions)}"
        )
    wedges = compile_wedges(chosen, table)
    limit = values(chosen.parameters)["largest_residual"]
    try:
        progress("solving the equilibrium")
        case = _case(table, chosen, None, wedges)
        solution, checked = _solved(case, wedges, limit)
    except (ScenarioError, ParameterError, NotConverged) as error:
        raise type(error)(f"scenario {chosen.name}, {error}") from error
    found = indicators(
        case.economy,
        solution,
        regions=table.regions,
        sectors=table.sectors,
        currency=table.currency,
    )
    results = []
    for variant in chosen.variants if variants and chosen.measures else ():
        progress(f"variant: {variant.title}")
        results.append(_variant(table, chosen, variant, wedges, limit))
    pulls: tuple[Driver, ...] = ()
    if drivers and chosen.measures:
        progress("what drives the headline")
        pulls = _drivers(case, wedges, solution, table, table.regions.index(focus))
    return Outcome(
        scenario=chosen,
        world=table,
        indicators=found,
        audit=checked,
        iterations=int(solution.iterations),
        focus=focus,
        variants=tuple(results),
        drivers=pulls,
        notes=(*remarks(chosen, table), *case.scale_notes),
        scale_eigenvalue=_eigenvalue(case),
        manifest=_manifest(chosen, table, time.perf_counter() - began),
    )


def _variant(
    world: World, scenario: Scenario, variant: Variant, wedges: Wedges, limit: float
) -> VariantResult:
    """Real income under a variant; one that cannot be solved says so instead of a number."""
    eigenvalue = 0.0
    try:
        case = _case(world, scenario, variant, wedges)
        eigenvalue = _eigenvalue(case)
        solution, _ = _solved(case, wedges, limit)
    except NotConverged:
        return VariantResult(variant.name, variant.title, {}, eigenvalue, "no equilibrium found")
    except (ScenarioError, ParameterError) as error:
        # A shipped variant may name sectors that a user's world does not have.
        return VariantResult(variant.name, variant.title, {}, eigenvalue, str(error))
    change = 100 * np.expm1(np.asarray(solution.log_real_income))
    return VariantResult(
        variant.name,
        variant.title,
        dict(zip(world.regions, map(float, change), strict=True)),
        eigenvalue,
    )


def rebase_world(
    world: World, elasticities: str = "caliendo-parro", *, zero_deficits: bool = True
) -> World:
    """Return the world whose base is the equilibrium with zero deficits.

    The counterfactual of Dekle, Eaton and Kortum (2007) under a named elasticity regime without
    scale economies. Cells follow from the new shares with origins common to all using sectors.
    """
    options = Options(elasticities=elasticities, scale="none")
    chosen, _ = elasticities_of(world, options, ElasticityOverrides(), values())
    economy = rebase(economy_of(world), chosen, zero_deficits=zero_deficits)
    origin = np.asarray(economy.origin_shares) / (1 + np.asarray(economy.tariff))[..., None]
    inputs = np.asarray(economy.input_shares) * np.asarray(
        (1 - economy.value_added_share) * economy.cost
    )
    final = np.asarray(economy.spending())[:, :, 1:]
    if economy.pooled:
        origin = np.broadcast_to(origin, (*origin.shape[:3], 1 + final.shape[2]))
    intermediate = origin[..., 0][..., None] * inputs
    flows = origin[..., 1:] * final
    output = intermediate.sum(axis=(2, 3)) + flows.sum(axis=(2, 3))
    taxes = (intermediate * np.asarray(economy.tariff)[..., None]).sum(axis=(0, 1))
    if not np.isfinite(output).all():
        raise WorldError(f"world {world.name}: rebasing failed")
    return replace(
        world,
        name=f"{world.name}-balanced",
        intermediate=intermediate,
        final=flows,
        value_added=output - intermediate.sum(axis=(0, 1)) - taxes,
        taxes=taxes,
        tariff=np.asarray(economy.tariff),
        notes=(*world.notes, f"rebased to zero deficits with the elasticities {elasticities}"),
    )
