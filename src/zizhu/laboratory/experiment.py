"""From a scenario to its outcome: the path through the rooms, walked once.

World and scenario in; wedges, elasticities and base economy formed; equilibrium solved and
audited; indicators, variants and drivers out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from zizhu.cache import use_compilation_cache
from zizhu.errors import NotConverged, ParameterError, ScenarioError
from zizhu.indicators import indicators
from zizhu.indicators.plausibility import static_warnings
from zizhu.laboratory.case import base_eigenvalue, make_case, solved_and_audited
from zizhu.laboratory.drivers import drivers_of
from zizhu.laboratory.manifest import manifest
from zizhu.laboratory.outcome import Driver, Outcome, VariantResult
from zizhu.laboratory.recount.answers import recount_static
from zizhu.parameters import values
from zizhu.policy import (
    Scenario,
    Variant,
    Wedges,
    compile_wedges,
    focus_of,
    remarks,
    scenario_of,
)
from zizhu.world import World, open_world

Progress = Callable[[str], None]


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
    chosen = scenario_of(scenario, settings)
    if chosen.years is not None:
        raise ScenarioError(
            f"scenario {chosen.name}: it has years and is run as a path, by `zizhu run` or `zz.run`"
        )
    table = world if isinstance(world, World) else open_world(world or chosen.world)
    focus = focus_of(chosen, table)
    wedges = compile_wedges(chosen, table)
    limit = values(chosen.parameters)["largest_residual"]
    try:
        progress("solving the equilibrium")
        case = make_case(table, chosen, None, wedges)
        solution, checked, steps = solved_and_audited(case, wedges, limit)
    except (ScenarioError, ParameterError, NotConverged) as error:
        raise type(error)(f"scenario {chosen.name}, {error}") from error
    found = indicators(
        case.economy,
        solution,
        regions=table.regions,
        sectors=table.sectors,
        currency=table.currency,
    )
    parameters = values(chosen.parameters)
    recount = recount_static(chosen, table, wedges, case=case, solution=solution, table=found)
    paid = case.economy.subsidy * case.economy.cost
    warnings = static_warnings(
        found,
        table,
        parameters,
        wage=np.exp(np.asarray(solution.log_wage)),
        subsidy=np.asarray(case.economy.subsidy) + wedges.subsidy,
        spent=np.asarray(
            solution.subsidy_cost
            - paid.sum(axis=1)
            + solution.resource_cost
            + solution.preference_cost
        ),
    )
    results = []
    for variant in chosen.variants if variants and chosen.measures else ():
        progress(f"variant: {variant.title}")
        results.append(_variant(table, chosen, variant, wedges, limit))
    pulls: tuple[Driver, ...] = ()
    if drivers and chosen.measures:
        progress("what drives the headline")
        pulls = drivers_of(case, wedges, solution, table, table.regions.index(focus))
    return Outcome(
        scenario=chosen,
        world=table,
        indicators=found,
        audit=checked,
        recount=recount,
        warnings=warnings,
        iterations=int(solution.iterations),
        focus=focus,
        variants=tuple(results),
        drivers=pulls,
        notes=(*remarks(chosen, table), *case.scale_notes, *_in_steps(steps)),
        scale_eigenvalue=base_eigenvalue(case),
        manifest=manifest(chosen, table, (checked, recount), warnings, time.perf_counter() - began),
    )


def _in_steps(steps: int) -> tuple[str, ...]:
    """Says so if the shock had to be solved in growing parts."""
    return (f"solved in {steps} growing parts of the shock, not at once",) if steps > 1 else ()


def _variant(
    world: World, scenario: Scenario, variant: Variant, wedges: Wedges, limit: float
) -> VariantResult:
    """Real income under a variant; one that cannot be solved says so instead of a number."""
    eigenvalue = 0.0
    try:
        # Rebasing deficits to zero may fail where the base is unstable: say that first.
        measured = variant.model_copy(update={"options": {**variant.options, "deficits": "fixed"}})
        eigenvalue = base_eigenvalue(make_case(world, scenario, measured, wedges))
        case = make_case(world, scenario, variant, wedges)
        eigenvalue = base_eigenvalue(case)
        solution = solved_and_audited(case, wedges, limit).solution
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
