"""How far the headline moves: mechanisms switched off, parameters at the ends of what is known.

Each doubt is a scenario and a baseline of its own. Parameters are those that rates alone read and
that a drive leans on; the ends are the 10th and 90th percentile of their distribution. One at a
time: what several do together needs an ensemble.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zizhu.laboratory.path.arguments import Choices
from zizhu.laboratory.path.draws import drawn_rates
from zizhu.laboratory.path.many import run_many
from zizhu.laboratory.path.run import Path
from zizhu.laboratory.scenario_path.glimpse import Glimpse, glimpse_of
from zizhu.laboratory.scenario_path.memory import remembered_glimpses
from zizhu.model.path_inputs import Rates
from zizhu.parameters import parameters

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
    "gap_decay",
    "chain_elasticity_at_once",
    "quality_ceiling",
    "research_elasticity",
    "misallocation_strength",
    "idea_diffusion",
    "lost_rent",
)


@dataclass(frozen=True)
class Doubt:
    """The scenario beside its baseline under another choice.

    name      switch or parameter
    title     in words
    setting   what was chosen: `off`, or a value with its unit
    source    of the parameter; `assumption` for switches
    """

    name: str
    title: str
    setting: str
    source: str
    scenario: Glimpse
    baseline: Glimpse


def doubts_of(
    path: Path,
    choices: Choices,
    region: str,
    *,
    key: bytes,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Doubt, ...]:
    """Scenario and baseline under each other choice.

    key  under which the paths are remembered, see `memory`
    """
    case = path.case
    asked: list[tuple[str, str, str, str, Mapping[str, bool], Rates]] = []
    for name, title in SWITCHES.items():
        if choices.switches.get(name, True):
            structure = {**path.structure, name: False}
            asked.append((name, title, "off", "assumption", structure, case.rates))
    known = parameters()
    for name in DOUBTED:
        entry = known[name]
        for share in _ENDS:
            value = float(entry.distribution.quantile(share))
            if value != case.parameters[name]:
                rates = drawn_rates(case, {name: value})
                said = f"{value:.3g} {entry.unit}".removesuffix(" 1")
                asked.append((name, entry.title, said, entry.source, path.structure, rates))
    read = glimpse_of(case, region)
    none = case.labels.none()

    def paths() -> list[Glimpse]:
        return run_many(
            case,
            [wedges for _ in asked for wedges in (path.wedges, none)],
            read,
            structure=[one[4] for one in asked for _ in range(2)],
            rates=[one[5] for one in asked for _ in range(2)],
            names=[f"{one[0]} {one[2]}" for one in asked for _ in range(2)],
            progress=progress,
        )

    settings = [one[:3] for one in asked]
    found = remembered_glimpses(f"doubts {settings}", key, paths)
    return tuple(
        Doubt(*one[:4], scenario=found[2 * place], baseline=found[2 * place + 1])
        for place, one in enumerate(asked)
    )
