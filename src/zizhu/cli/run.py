"""Commands that compute: run, compare, replicate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from zizhu.cli.console import DataOption, SetOption, WorldOption, show, show_json, steps, table_of

if TYPE_CHECKING:
    from zizhu.policy import Scenario


def run(  # noqa: PLR0917 (options of the command are never given by place)
    scenario: Annotated[str, typer.Argument(help="name of a shipped scenario, or path of a file")],
    world: WorldOption = None,
    folder: Annotated[
        Path | None,
        typer.Option("--out", "--output", "-o", help="output folder [zizhu-out/SCENARIO]"),
    ] = None,
    setting: SetOption = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="headline only: no variants, drivers, doubts, draws")
    ] = False,
    draws: Annotated[
        int | None, typer.Option("--draws", help="pairs of paths drawn for bands; 0: none [64]")
    ] = None,
) -> None:
    """Run a scenario, print the verdict, write report, tables and manifest."""
    from zizhu.laboratory.either import draws_of
    from zizhu.policy import load_scenario

    found = load_scenario(scenario, setting or ())
    number = draws_of(found, draws, quick=quick)
    if found.years is None:
        _run_static(found, world, folder, quick)
    else:
        _run_path(found, world, folder, quick, number)


def _run_static(found: Scenario, world: str | None, folder: Path | None, quick: bool) -> None:
    from zizhu.laboratory import run as run_scenario
    from zizhu.report import check_folder, verdict, write

    target = check_folder(folder or Path("zizhu-out") / found.name)
    with steps(5 + len(found.variants)) as step:
        outcome = run_scenario(
            found, world=world, variants=not quick, drivers=not quick, progress=step
        )
        step("writing the report")
        files = write(outcome, target)
    show(verdict(outcome))
    _written(files)


def _run_path(
    found: Scenario, world: str | None, folder: Path | None, quick: bool, draws: int
) -> None:
    from zizhu.laboratory.scenario_path.run import run_path
    from zizhu.report import check_folder
    from zizhu.report.scenario_path.terminal import verdict_page
    from zizhu.report.scenario_path.write import write_scenario_path

    target = check_folder(folder or Path("zizhu-out") / found.name)
    with steps() as step:
        outcome = run_path(found, world=world, quick=quick, draws=draws, progress=step)
        step("writing the report")
        files = write_scenario_path(outcome, target)
    show(verdict_page(outcome))
    _written(files)


def _written(files: list[Path]) -> None:
    report = next(file for file in files if file.name == "report.html")
    show(Text(f"\nwritten: {report} and {len(files) - 1} more files beside it", style="dim"))


def compare(
    scenarios: Annotated[list[str], typer.Argument(help="two or more scenarios")],
    world: WorldOption = None,
    setting: SetOption = None,
) -> None:
    """Run several scenarios and show them side by side."""
    from zizhu.errors import ScenarioError
    from zizhu.policy import load_scenario
    from zizhu.report.scenario_path.compare import require_comparable

    if len(scenarios) < 2:
        raise ScenarioError("compare: name at least two scenarios")
    found = [load_scenario(name, setting or ()) for name in scenarios]
    if world is not None:
        found = [one.model_copy(update={"world": world}) for one in found]
    require_comparable(found)
    (_compare_static if found[0].years is None else _compare_paths)(found)


def _compare_static(found: list[Scenario]) -> None:
    from zizhu.laboratory import run as run_scenario
    from zizhu.report import comparison

    outcomes = []
    with steps(2 * len(found)) as step:
        for one in found:
            told = partial(_prefixed, step, one.name)
            outcomes.append(run_scenario(one, variants=False, drivers=False, progress=told))
        outcomes[0].compare(*outcomes[1:])
    show(comparison(outcomes))


def _compare_paths(found: list[Scenario]) -> None:
    from zizhu.laboratory.scenario_path.resilience import resilience, without_levers
    from zizhu.laboratory.scenario_path.run import run_path
    from zizhu.report.scenario_path.compare import comparison

    outcomes = []
    with steps() as step:
        for one in found:
            told = partial(_prefixed, step, one.name)
            outcome = run_path(one, quick=True, progress=told)
            path, last = outcome.outcome.path, outcome.case.years[-1]
            beside = without_levers(one, outcome.compiled, outcome.context, outcome.focus)
            shocks = resilience(path, outcome.focus, years=(last,), reference=beside, progress=told)
            outcomes.append(replace(outcome, resilience=shocks))
    show(comparison(outcomes))


def _prefixed(step: Callable[[str], None], name: str, what: str) -> None:
    step(f"{name}: {what}")


def replicate(
    name: Annotated[
        str | None, typer.Argument(help="which result; without it they are listed")
    ] = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON instead of a table")] = False,
) -> None:
    """Recompute published results and show the differences."""
    from zizhu.cache import use_compilation_cache
    from zizhu.replications import REPLICATIONS
    from zizhu.replications import replicate as run_replication
    from zizhu.report.replication import replication_table

    if name is None:
        table = table_of("name", "what")
        for known, (title, _) in REPLICATIONS.items():
            table.add_row(known, title)
        show(table)
        return
    use_compilation_cache()
    with steps(1) as step:
        step(f"replicating {name}")
        found = run_replication(name, data)
    if as_json:
        show_json(found.as_json())
    else:
        show(replication_table(found))
    if not found.agrees:
        raise typer.Exit(1)
