"""`zizhu validate`: what the model says where something else is known."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from zizhu.cli.console import DataOption, show, show_json, steps


def validate(
    names: Annotated[
        list[str] | None, typer.Argument(help="checks or claims, such as V13, R4, C047; [all]")
    ] = None,
    *,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON instead of a table")] = False,
) -> None:
    """Test the model against findings, closed forms and claims; failures come with their reason.

    A finding that fails is a result and ends with exit code 0; a broken identity or closed form
    ends with 1.
    """
    from zizhu.evidence.validation import validate as run_checks
    from zizhu.report.validation import validation_page

    with steps() as step:
        step("reading what is known")
        found = run_checks(names or (), data, step)
    if as_json:
        show_json(found.as_json())
    else:
        show(validation_page(found, full=bool(names)))
        if not names:
            show(Text("`zizhu validate V13` shows one in full", style="dim"))
    if found.broken:
        raise typer.Exit(1)
