"""How far the headline moves: mechanisms off, parameters at their ends, sizes that are assumptions.

Each doubt is a scenario and a baseline of its own: levers read that baseline's GDP and output, so
that a subsidy of two percent is two percent of it. Parameters are those that rates alone read and
that a drive leans on; the ends are the 10th and 90th percentile of their distribution. The last
doubt leaves out every measure whose source says that its size is an assumption. One at a time: what
several do together needs an ensemble.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from zizhu.errors import ScenarioError
from zizhu.laboratory.path.arguments import Choices
from zizhu.laboratory.path.draws import drawn_rates
from zizhu.laboratory.path.many import run_many
from zizhu.laboratory.path.run import Path
from zizhu.laboratory.scenario_path.context import path_context
from zizhu.laboratory.scenario_path.glimpse import Glimpse, glimpse_of
from zizhu.laboratory.scenario_path.memory import remembered_glimpses
from zizhu.model.path_inputs import Rates
from zizhu.parameters import parameters
from zizhu.policy.compile_path import CompiledPath, compile_path
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.scenario import Scenario

_ENDS = (0.1, 0.9)
# Mechanisms that can be switched off, in words.
SWITCHES = {
    "ideas": "trade brings no ideas",
    "research": "research moves nothing",
    "learning": "nothing is learnt by doing",
    "chains": "technology chains do not reach the sectors",
    "accumulation": "no capital is built",
}
# What a drive leans on (judgement: parameters of its own levers and of the chains).
DOUBTED = (
    "effort_productivity",
    "catch_up",
    "chain_elasticity_at_once",
    "quality_ceiling",
    "research_elasticity",
    "research_speed",
    "misallocation_strength",
    "idea_diffusion",
)
# The doubt that leaves measures out, what it is set to, and how a source says it.
ASSUMED, LEFT_OUT, _SAID = "assumed_sizes", "left out", "assumption"


@dataclass(frozen=True)
class Doubt:
    """The scenario beside its baseline under another choice.

    name      switch or parameter
    title     in words
    setting   what was chosen: `off`, `left out`, or a value with its unit
    source    of the parameter; `assumption` for switches and for measures left out
    """

    name: str
    title: str
    setting: str
    source: str
    scenario: Glimpse
    baseline: Glimpse


class _Choice(NamedTuple):
    """Another choice: `Doubt`'s words, and what is run."""

    name: str
    title: str
    setting: str
    source: str
    structure: Mapping[str, bool]
    rates: Rates
    changed: Mapping[str, float]

    @property
    def called(self) -> str:
        return f"{self.name} {self.setting}"


def doubts_of(
    scenario: Scenario,
    path: Path,
    compiled: CompiledPath,
    choices: Choices,
    region: str,
    *,
    key: bytes,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Doubt, ...]:
    """Scenario and baseline under each other choice.

    compiled  the scenario on the baseline of the path
    key       under which the paths are remembered, see `memory`

    Raises `ScenarioError` naming the choice under whose baseline a measure cannot be followed, and
    `NotConverged` naming the choice whose path was not solved.
    """
    case = path.case
    asked = _asked(path, choices)
    assumed = assumed_measures(scenario)
    read = glimpse_of(case, region)

    def paths() -> list[Glimpse]:
        before = run_many(
            case,
            [case.labels.none() for _ in asked],
            # Of the baseline only what levers read is kept until they have read it.
            lambda record: (read(record), path_context(scenario, case, record)),
            structure=[one.structure for one in asked],
            rates=[one.rates for one in asked],
            names=[f"{one.called}, baseline" for one in asked],
            progress=progress,
        )
        wedges = [
            _compiled(scenario, one, context)
            for one, (_, context) in zip(asked, before, strict=True)
        ]
        names = [one.called for one in asked]
        structure, rates = [one.structure for one in asked], [one.rates for one in asked]
        if assumed:
            wedges.append(compiled.without(*assumed))
            names.append(f"{ASSUMED} {LEFT_OUT}")
            structure.append(path.structure)
            rates.append(case.rates)
        after = run_many(
            case, wedges, read, structure=structure, rates=rates, names=names, progress=progress
        )
        return [*(glimpse for glimpse, _ in before), *after]

    settings = [one[:3] for one in asked]
    # The key has the wedges on the usual baseline; on others the measures' own words count.
    what = f"doubts {settings} {scenario.model_dump_json()}"
    found = remembered_glimpses(what, key, paths)
    count = len(asked)
    doubts = [
        Doubt(*one[:4], scenario=found[count + place], baseline=found[place])
        for place, one in enumerate(asked)
    ]
    if assumed:
        number = "measure" if len(assumed) == 1 else f"{len(assumed)} measures"
        title = f"without the {number} whose size is an assumption"
        without = {"scenario": found[-1], "baseline": read(path.baseline)}
        doubts.append(Doubt(ASSUMED, title, LEFT_OUT, _SAID, **without))
    return tuple(doubts)


def assumed_measures(scenario: Scenario) -> tuple[str, ...]:
    """Labels of the measures whose source says, wholly or in part, that it is an assumption."""
    return tuple(m.label for m in scenario.measures if _SAID in m.source.lower())


def _asked(path: Path, choices: Choices) -> list[_Choice]:
    """Every switch that is on, and both ends of every doubted parameter."""
    case = path.case
    asked = [
        _Choice(name, title, "off", _SAID, {**path.structure, name: False}, case.rates, {})
        for name, title in SWITCHES.items()
        if choices.switches.get(name, True)
    ]
    known = parameters()
    for name in DOUBTED:
        entry = known[name]
        for share in _ENDS:
            value = float(entry.distribution.quantile(share))
            if value != case.parameters[name]:
                asked.append(_end(path, name, value))
    return asked


def _end(path: Path, name: str, value: float) -> _Choice:
    entry, case = parameters()[name], path.case
    said = f"{value:.3g} {entry.unit}".removesuffix(" 1")
    changed = {name: value}
    rates = drawn_rates(case, changed)
    return _Choice(name, entry.title, said, entry.source, path.structure, rates, changed)


def _compiled(scenario: Scenario, choice: _Choice, context: PathContext) -> PathWedges:
    """The scenario's wedges where levers read the baseline and the parameters of the choice."""
    changed = replace(context, parameters={**context.parameters, **choice.changed})
    try:
        return compile_path(scenario, changed).wedges
    except ScenarioError as error:
        raise ScenarioError(f"under another choice, {choice.called}: {error}") from error
