"""What every command shares: consoles, a progress bar, tables, common options."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from zizhu.cli import ending
from zizhu.errors import ParameterError, quoted

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


def numbers(settings: list[str] | None) -> dict[str, float]:
    """Read NAME=VALUE; names and ranges are checked where parameters are."""
    found = {}
    for text in settings or ():
        key, mark, value = text.partition("=")
        try:
            found[key.strip()] = float(value)
        except ValueError as error:
            what = f"{quoted(value)} is not a number" if mark else "it has no ="
            raise ParameterError(
                f"--set {quoted(text)}: {what}; NAME=VALUE is right, for example entry_share=0.01"
            ) from error
    return found


def show(content: Any) -> None:
    """Print to standard output, lines no longer than 100 columns.

    Pages are made for 80: a narrower terminal breaks their lines, which is better than cut numbers.
    """
    out.width = max(out.width, 80)
    out.print(content, width=min(out.width, 100))


def tell(sentence: str) -> None:
    """Print a sentence to standard error, on one line however long."""
    # With COLUMNS=0 nothing would be shown.
    err.width = err.width or 80
    err.print(Text(" ".join(sentence.split())), soft_wrap=True)


def show_json(content: Any) -> None:
    """Print plain data as JSON to standard output."""
    show_json_text(json.dumps(content, indent=2, ensure_ascii=False))


def show_json_text(text: str) -> None:
    """Print JSON; what the stream's encoding lacks is escaped as JSON does it."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)
    sys.stdout.write(text + "\n")


@contextmanager
def steps(total: int | None = None) -> Iterator[Callable[[str], None]]:
    """A progress bar on standard error that names each step; silent when not on a terminal.

    Without a total number of steps the bar only shows that work goes on.
    """
    dots = err.encoding.startswith("utf")
    with Progress(
        SpinnerColumn("dots" if dots else "line"),
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

        ending.clear_terminal = bar.stop
        try:
            yield step
        finally:
            ending.clear_terminal = ending.nothing


def table_of(*columns: str) -> Table:
    """A plain table with these columns."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def written(place: Path, what: str = "") -> None:
    """Say what was written and where, on one line however long the path is."""
    out.print(Text(f"written: {place}{what}", style="dim"), soft_wrap=True)


def help_without_command(context: typer.Context) -> None:
    """Print the help when no command is given."""
    if context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")
