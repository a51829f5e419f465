"""From a scenario with years to its outcome: baseline, measures, path, audit, and why.

The baseline comes first, because levers read it: GDP and output of later years are its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

import numpy as np
import xarray as xr

from zizhu.cache import use_compilation_cache
from zizhu.errors import NotConverged, ParameterError, ScenarioError
from zizhu.indicators.battleground_tiers import battleground_tiers
from zizhu.indicators.battlegrounds import battlegrounds
from zizhu.indicators.path_choke import Spell, binding_spells
from zizhu.indicators.plausibility import Beyond, outlay_warnings
from zizhu.indicators.targets import TargetResult, target_results
from zizhu.laboratory.ensemble.design import require_number
from zizhu.laboratory.ensemble.result import EnsembleResult
from zizhu.laboratory.ensemble.run import ensemble
from zizhu.laboratory.path.arguments import Choices, choices_of, years_of
from zizhu.laboratory.path.case import PathCase, path_case
from zizhu.laboratory.path.manifest import audit_of
from zizhu.laboratory.path.outcome import PathOutcome, outcome_of
from zizhu.laboratory.path.run import compile_ahead, simulate_path
from zizhu.laboratory.recount.answers import recount_scenario
from zizhu.laboratory.scenario_path.attribution import Attribution, attribute
from zizhu.laboratory.scenario_path.context import path_context
from zizhu.laboratory.scenario_path.doubts import Doubt, doubts_of
from zizhu.laboratory.scenario_path.memory import path_key
from zizhu.laboratory.scenario_path.readings import circulation_of, partners_of
from zizhu.laboratory.scenario_path.resilience import resilience, without_levers
from zizhu.policy import Scenario, focus_of, scenario_of
from zizhu.policy.compile_path import CompiledPath, compile_path
from zizhu.policy.path_context import PathContext
from zizhu.world import World, open_world

Progress = Callable[[str], None]


@dataclass(frozen=True, repr=False, eq=False)
class ScenarioPath:
    """What a scenario with years does.

    focus        region whose answer is the headline
    outcome      tables of the path beside its baseline, audits, decomposition, manifest
    compiled     wedges by measure, ledger, remarks
    context      what levers read
    battlegrounds  domestic shares of each battleground by run and year, see `indicators`
    tiers        domestic shares of the tiers of each battleground
    spells       nodes that bind, and when they stop
    partners     what foreign regions gain, lose and sell, by sector
    circulation  dual circulation by year
    targets      of the scenario, reached or missed, with and without its measures
    resilience   losses under stated shocks with and without the levers; None in a quick run
    attribution  what each measure did, and all levers and all pressures; None in a quick run
    doubts       how the headline moves with switches and parameters; none in a quick run
    bands        of the headlines, under draws of what is not known; None without draws
    """

    scenario: Scenario
    focus: str
    outcome: PathOutcome
    compiled: CompiledPath
    context: PathContext
    battlegrounds: xr.Dataset
    tiers: xr.Dataset
    spells: tuple[Spell, ...]
    partners: xr.Dataset
    circulation: xr.Dataset
    targets: tuple[TargetResult, ...]
    resilience: xr.Dataset | None
    attribution: Attribution | None
    doubts: tuple[Doubt, ...]
    bands: EnsembleResult | None = None

    @property
    def warnings(self) -> tuple[Beyond, ...]:
        """Where the answer lies beyond what the model can know."""
        return self.outcome.warnings

    @property
    def case(self) -> PathCase:
        """Base, rates and labels of the path."""
        return self.outcome.path.case

    def __repr__(self) -> str:
        years = self.case.years
        effect = self.outcome.dataset["real_income_effect"].sel(region=self.focus)
        return (
            f"<ScenarioPath {self.scenario.name} on world {self.case.world.name}, {years[0]} to "
            f"{years[-1]}: real income of {self.focus} {float(effect[-1]):+.2f} percent against "
            f"the baseline in {years[-1]}; {len(self.scenario.measures)} measures>"
        )


def run_path(
    scenario: str | FilePath | Scenario,
    *,
    world: str | FilePath | World | None = None,
    settings: Iterable[str] = (),
    quick: bool = False,
    draws: int = 0,
    progress: Progress = lambda _: None,
) -> ScenarioPath:
    """Run a scenario that has years.

    quick  the path alone: not what each measure did, nor how much the answer may be doubted
    draws  pairs of paths drawn for bands, see `laboratory.ensemble`; none by default

    Raises `ScenarioError`, `WorldError`, `ParameterError` or `ChainError` for bad input and
    `NotConverged` if a year was not solved or does not add up.
    """
    began, draws = time.perf_counter(), require_number(draws)
    use_compilation_cache()
    progress("reading scenario, world and chains")
    chosen = scenario_of(scenario, settings)
    if chosen.years is None:
        raise ScenarioError(
            f"scenario {chosen.name}: it has no years and is run as a static one; give `years`, "
            "for example 2035"
        )
    table = world if isinstance(world, World) else open_world(world or chosen.world)
    focus = focus_of(chosen, table)
    try:
        compile_ahead(table, pooled="origins=separate" not in chosen.structure)
        case, choices = _case(chosen, table)
        none = case.labels.none()
        progress("baseline")
        before = simulate_path(case, none, choices.switches, lambda _: None)
        context = path_context(chosen, case, before.baseline)
    except (ScenarioError, ParameterError, NotConverged) as error:
        raise type(error)(f"scenario {chosen.name}, {error}") from error
    compiled = compile_path(chosen, context)
    progress("scenario")
    try:
        path = simulate_path(
            case, compiled.wedges, choices.switches, lambda _: None, before.baseline
        )
        key = path_key(chosen, path, compiled.by_measure, focus)
        outcome = outcome_of(
            path,
            choices,
            texts=(),
            until=None,
            explained=(case.years[-1],),
            notes=list(compiled.remarks),
            began=began,
            progress=progress,
            key=key,
        )
        found: Attribution | None = None
        doubts: tuple[Doubt, ...] = ()
        shocks: xr.Dataset | None = None
        if not quick and chosen.measures:
            beside = without_levers(chosen, compiled, context, focus)
            shocks = resilience(path, focus, reference=beside, key=key, progress=progress)
            found = attribute(
                chosen,
                path,
                compiled,
                context=context,
                dataset=outcome.dataset,
                region=focus,
                key=key,
                progress=progress,
            )
            doubts = doubts_of(chosen, path, compiled, choices, focus, key=key, progress=progress)
        bands = (
            ensemble(
                chosen,
                path,
                compiled,
                choices,
                context=context,
                dataset=outcome.dataset,
                region=focus,
                key=key,
                number=draws,
                progress=progress,
            )
            if draws
            else None
        )
    except (ScenarioError, NotConverged) as error:
        raise type(error)(f"scenario {chosen.name}, {error}") from error
    outcome = replace(
        outcome, manifest={**outcome.manifest, "scenario": chosen.model_dump(mode="json")}
    )
    found_path = ScenarioPath(
        scenario=chosen,
        focus=focus,
        outcome=outcome,
        compiled=compiled,
        context=context,
        battlegrounds=battlegrounds(outcome.dataset, focus),
        tiers=battleground_tiers(outcome.dataset, focus),
        spells=binding_spells(outcome.dataset, focus, case.parameters["binding_threshold"]),
        partners=partners_of(path, focus),
        circulation=circulation_of(path),
        targets=target_results(outcome.dataset, chosen.targets, case.labels),
        resilience=shocks,
        attribution=found,
        doubts=doubts,
        bands=bands,
    )
    return _counted_again(found_path)


def _counted_again(answer: ScenarioPath) -> ScenarioPath:
    """The answer, once what is read from its path has been counted again."""
    outcome = answer.outcome
    try:
        recount = outcome.recount.together(recount_scenario(answer))
    except NotConverged as error:
        raise NotConverged(f"scenario {answer.scenario.name}, {error}") from error
    warnings = (*outcome.warnings, *_outlays(answer))
    manifest = {
        **outcome.manifest,
        "audit": audit_of(outcome.audits, recount),
        "warnings": [str(one) for one in warnings],
    }
    counted = replace(outcome, recount=recount, warnings=warnings, manifest=manifest)
    return replace(answer, outcome=counted)


def _outlays(answer: ScenarioPath) -> tuple[Beyond, ...]:
    """Where public money of measures is beyond what is known."""
    world, spent = answer.case.world, np.zeros_like(answer.context.gdp)
    for entry in answer.compiled.ledger.new.entries:
        if entry.public:
            spent[:, world.regions.index(entry.region)] += entry.by_year
    gdp, years = answer.context.gdp, answer.case.years
    return outlay_warnings(spent, gdp, years, world, answer.case.parameters)


def _case(scenario: Scenario, world: World) -> tuple[PathCase, Choices]:
    """The world in motion under the scenario's options."""
    options = scenario.options
    choices = choices_of(list(scenario.structure))
    named = {switch.partition("=")[0].strip() for switch in scenario.structure}
    if "elasticities" not in named:
        choices = replace(choices, elasticities=options.elasticities)
    if "scale" not in named and options.scale == "none":
        choices = replace(choices, scale="none")
    case = path_case(
        world,
        years_of(scenario.years, world.year),
        scenario.parameters,
        scale=choices.scale,
        elasticities=choices.elasticities,
        origins=choices.origins,
        reaction=choices.switches.get("reaction", False),
    )
    return case, choices
