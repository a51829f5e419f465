"""Commands that compute: run, compare, replicate."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from zizhu.cli.console import DataOption, SetOption, WorldOption, show, show_json, steps, table_of


def run(
    scenario: Annotated[str, typer.Argument(help="name of a shipped scenario, or path of a file")],
    world: WorldOption = None,
    folder: Annotated[
        Path | None, typer.Option("--out", "-o", help="output folder [zizhu-out/SCENARIO]")
    ] = None,
    setting: SetOption = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="headline only: no variants, no drivers")
    ] = False,
) -> None:
    """Run a scenario, print the verdict, write report, tables and manifest."""
    from zizhu.laboratory import run as run_scenario
    from zizhu.policy import load_scenario
    from zizhu.report import check_folder, verdict, write

    found = load_scenario(scenario, setting or ())
    target = check_folder(folder or Path("zizhu-out") / found.name)
    with steps(5 + len(found.variants)) as step:
        outcome = run_scenario(
            found, world=world, variants=not quick, drivers=not quick, progress=step
        )
        step("writing the report")
        files = write(outcome, target)
    show(verdict(outcome))
    report = next(file for file in files if file.name == "report.html")
    show(Text(f"\nwritten: {report} and {len(files) - 1} more files beside it", style="dim"))


def compare(
    scenarios: Annotated[list[str], typer.Argument(help="two or more scenarios")],
    world: WorldOption = None,
    setting: SetOption = None,
) -> None:
    """Run several scenarios and show them side by side."""
    from zizhu.errors import ScenarioError
    from zizhu.laboratory import run as run_scenario
    from zizhu.report import comparison

    if len(scenarios) < 2:
        raise ScenarioError("compare: name at least two scenarios")
    outcomes = []
    with steps(2 * len(scenarios)) as step:
        for name in scenarios:
            outcomes.append(
                run_scenario(
                    name,
                    world=world,
                    settings=setting or (),
                    variants=False,
                    drivers=False,
                    progress=partial(_prefixed, step, name),
                )
            )
        outcomes[0].compare(*outcomes[1:])
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
