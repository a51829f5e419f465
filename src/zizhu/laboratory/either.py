"""Any scenario by its kind: static where it has no years, a path where it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from zizhu.errors import ScenarioError
from zizhu.laboratory.ensemble.design import DRAWS, require_number
from zizhu.laboratory.experiment import run as run_static
from zizhu.laboratory.outcome import Outcome
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.policy import Scenario, scenario_of
from zizhu.world import World


def run(
    scenario: str | Path | Scenario = "baseline",
    *,
    world: str | Path | World | None = None,
    settings: Iterable[str] = (),
    variants: bool = True,
    drivers: bool = True,
    draws: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Outcome | ScenarioPath:
    """Run a scenario: `Outcome` if it is static, `ScenarioPath` if it has years.

    scenario  name of a shipped scenario, path of a file, or a `Scenario`
    world     catalogue name, path or `World`; by default the one that the scenario names
    settings  changes such as `parameters.idea_diffusion=0.4`
    variants, drivers  static: other options, and what drives the headline; with years both stand
              for what each measure did and how far the answer may be doubted
    draws     with years: pairs of paths drawn for bands; 64 by default, and none without variants
              or drivers
    progress  called with the name of each step

    Raises `ScenarioError`, `WorldError`, `ParameterError` or `ChainError` for bad input and
    `NotConverged` if no equilibrium was found.
    """
    chosen = scenario_of(scenario, settings)
    quick = not (variants and drivers)
    number = draws_of(chosen, draws, quick=quick)
    if chosen.years is None:
        return run_static(
            chosen, world=world, variants=variants, drivers=drivers, progress=progress
        )
    return run_path(chosen, world=world, quick=quick, draws=number, progress=progress)


def draws_of(scenario: Scenario, asked: int | None, *, quick: bool) -> int:
    """Pairs that a run draws: as asked, else 64, or none in a quick run or without years.

    Raises `ScenarioError` for a number that is none, and for draws of a scenario without years.
    """
    if asked is None:
        return 0 if quick or scenario.years is None else DRAWS
    number = require_number(asked)
    if number and scenario.years is None:
        raise ScenarioError(
            f"draws: scenario {scenario.name} has no years, and only paths are drawn; leave draws "
            "out, or give `years`"
        )
    return number
