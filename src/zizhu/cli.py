"""The command line: `zizhu run SCENARIO` and what belongs to it.

Every error is one sentence on standard error and exit code 2; nothing is left half-written.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from zizhu.errors import ZizhuError, did_you_mean

app = typer.Typer(
    help="An open laboratory for technological self-reliance.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
world_app = typer.Typer(help="Worlds: list, show, check.", rich_markup_mode=None)
app.add_typer(world_app, name="world")

ERROR_CODE = 2
# Typer gives an interrupt this code when it does not raise it.
INTERRUPTED = 130
# Wrong commands, options and arguments. Typer brings its own classes or click's, by version.
UsageError: Any = typer.BadParameter.__base__

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

WorldOption = Annotated[
    str | None, typer.Option("--world", "-w", help="catalogue name or path of a world")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", help="change a field, e.g. options.deficits=zero; repeatable"),
]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="folder with the tables that replications read")
]


def _print(content: Any) -> None:
    out.print(content, width=min(out.width, 100))


@contextmanager
def _steps(total: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on standard error that names each step; silent when not on a terminal."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as bar:
        task = bar.add_task("starting", total=total)
        first = True

        def step(name: str) -> None:
            nonlocal first
            bar.update(task, description=name, advance=0 if first else 1)
            first = False

        yield step


@app.callback(invoke_without_command=True)
@world_app.callback(invoke_without_command=True)
def help_without_command(context: typer.Context) -> None:
    """Print the help when no command is given."""
    if context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")


@app.command()
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
    with _steps(5 + len(found.variants)) as step:
        outcome = run_scenario(
            found, world=world, variants=not quick, drivers=not quick, progress=step
        )
        step("writing the report")
        files = write(outcome, target)
    _print(verdict(outcome))
    report = next(file for file in files if file.name == "report.html")
    _print(Text(f"\nwritten: {report} and {len(files) - 1} more files beside it", style="dim"))


@app.command()
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
    with _steps(2 * len(scenarios)) as step:
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
    _print(comparison(outcomes))


@app.command()
def scenarios(
    name: Annotated[str | None, typer.Argument(help="show one scenario")] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="print the JSON schema of a scenario file")
    ] = False,
) -> None:
    """List the shipped scenarios, or show one."""
    from zizhu.policy import json_schema, load_scenario, scenario_names

    if schema:
        sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
        return
    if name is None:
        table = _table("name", "title")
        for known in scenario_names():
            table.add_row(known, load_scenario(known).title)
        _print(table)
        return
    found = load_scenario(name)
    _print(Text(found.title, style="bold"))
    _print(Text(found.context))
    options = found.options.model_dump()
    _print(Text("options: " + ", ".join(f"{k} {v}" for k, v in options.items()), style="dim"))
    for measure in found.measures:
        fields = measure.model_dump(
            mode="json", by_alias=True, exclude_unset=True, exclude={"lever", "label"}
        )
        line = ", ".join(f"{field} {_short(value)}" for field, value in fields.items())
        _print(Text.assemble(("\n" + measure.label, "cyan"), f"  {measure.lever}: {line}"))
    if found.sources:
        _print(Text("\nsources:", style="bold"))
        for source in found.sources:
            _print(Text(f"- {source}"))


def _prefixed(step: Callable[[str], None], name: str, what: str) -> None:
    step(f"{name}: {what}")


def _short(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, dict):
        return f"by sector ({len(value)} values)"
    return str(value)


@app.command()
def levers(
    name: Annotated[str | None, typer.Argument(help="explain one lever")] = None,
) -> None:
    """List the levers, or explain one from its schema."""
    from zizhu.policy.levers import lever
    from zizhu.policy.levers import levers as known_levers
    from zizhu.report.levers import lever_page

    if name is None:
        table = _table("lever", "acts through")
        for known, schema in known_levers().items():
            table.add_row(known, schema.acts_through)
        _print(table)
        return
    _print(lever_page(name, lever(name)))


@app.command()
def parameters(
    name: Annotated[str | None, typer.Argument(help="show one parameter or regime")] = None,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="only those without a published source")
    ] = False,
) -> None:
    """List the parameters with units, ranges and sources."""
    from zizhu.errors import ParameterError
    from zizhu.parameters import parameters as known_parameters
    from zizhu.parameters import regimes

    if name is not None and name in regimes():
        chosen = regimes()[name]
        _print(Text.assemble((chosen.name, "bold"), f"  {chosen.title}\nsource: {chosen.source}"))
        _print(Text(chosen.services, style="dim"))
        table = _table("ISIC", "sector", "theta", "psi", "psi*theta")
        for row in chosen.rows:
            low, high = row.isic
            span = f"{low:02d}" if low == high else f"{low:02d}-{high:02d}"
            product = row.trade * row.scale
            table.add_row(span, row.name, f"{row.trade:g}", f"{row.scale:g}", f"{product:.2f}")
        _print(table)
        return
    found = known_parameters()
    if name is not None and name not in found:
        everything = [*found, *regimes()]
        raise ParameterError(f"parameter {name!r} is unknown{did_you_mean(name, everything)}")
    table = _table("name", "value", "range", "unit", "source")
    for parameter in [found[name]] if name else found.values():
        if assumptions and not parameter.assumed:
            continue
        table.add_row(
            Text.assemble(parameter.name, "\n", (parameter.title, "dim")),
            f"{parameter.value:g}",
            f"{parameter.low:g} to {parameter.high:g}",
            parameter.unit,
            f"{parameter.source} ({parameter.date})",
        )
    _print(table)
    if name is None:
        _print(Text(f"\nelasticity regimes: {', '.join(regimes())}", style="dim"))


@app.command()
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
        table = _table("name", "what")
        for known, (title, _) in REPLICATIONS.items():
            table.add_row(known, title)
        _print(table)
        return
    use_compilation_cache()
    with _steps(1) as step:
        step(f"replicating {name}")
        found = run_replication(name, data)
    if as_json:
        sys.stdout.write(json.dumps(found.as_json(), indent=2) + "\n")
    else:
        _print(replication_table(found))
    if not found.agrees:
        raise typer.Exit(1)


@world_app.command("list")
def world_list(data: DataOption = None) -> None:
    """List shipped worlds and the input tables of replications."""
    from zizhu.world import catalogue

    table = _table("name", "kind", "what", "where")
    for entry in catalogue(data):
        table.add_row(entry.name, entry.kind, entry.description, entry.location)
    _print(table)


@world_app.command("show")
def world_show(name: Annotated[str, typer.Argument(help="catalogue name or path")]) -> None:
    """Show regions, sectors, identities, sources and caveats of a world."""
    from zizhu.report.world import world_page
    from zizhu.world import open_world

    _print(world_page(open_world(name)))


@world_app.command("check")
def world_check(file: Annotated[Path, typer.Argument(help="a world file (.nc)")]) -> None:
    """Read a world file and check every accounting identity."""
    from zizhu.report.world import identity_table
    from zizhu.world import load

    world = load(file)
    _print(identity_table(world))
    _print(Text(f"{file}: every identity holds", style="green"))


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def main() -> None:
    """Entry point: turn every expected failure into one sentence and exit code 2."""
    try:
        code = app(standalone_mode=False)
    except ZizhuError as error:
        sys.exit(_fail(str(error)))
    except UsageError as error:
        sys.exit(_fail(_usage(error.format_message())))
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away; there is nobody to tell.
        sys.stderr.close()
        sys.exit(0)
    if code == INTERRUPTED:
        sys.exit(_fail("interrupted; nothing is half-written"))
    sys.exit(code if isinstance(code, int) else 0)


def _usage(message: str) -> str:
    """What typer says about a wrong command or option, as one sentence."""
    text = message.strip().replace(". Did you mean", "; did you mean").rstrip(".")
    hint = "" if "ossible" in text or "did you mean" in text else "; see `zizhu --help`"
    return f"{text[:1].lower()}{text[1:]}{hint}"


def _fail(message: str) -> int:
    err.print(Text(f"error: {' '.join(message.split())}"), soft_wrap=True)
    return ERROR_CODE


if __name__ == "__main__":
    main()
