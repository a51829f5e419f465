"""`zizhu history`: what shares of technologies were observed, and where they went."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.console import show, show_json, steps


def history(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="a node such as semiconductors/etch, a sector such as C26, or words of a subject"
        ),
    ] = None,
    *,
    region: Annotated[
        str | None, typer.Option("--region", help="series of one region, e.g. CHN, EU")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="series of one kind, e.g. patents")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="everything, as JSON")] = False,
) -> None:
    """Count the series of observed shares, or show those of a node, a sector or a subject."""
    from zizhu.history.find import find
    from zizhu.history.panel import panel
    from zizhu.laboratory.backtest.foreseen import foreseen
    from zizhu.report.history import history_json, history_page, overview, overview_json

    asked = " ".join(what) if what else None
    with steps() as step:
        step("reading observed shares")
        whole = asked is None and region is None and kind is None
        found = panel() if whole else find(asked, region, kind)
    if whole:
        if as_json:
            show_json(overview_json(found))
        else:
            show(overview(found))
        return
    if as_json:
        show_json(history_json(found, forecasts=foreseen()))
    else:
        show(history_page(found, forecasts=foreseen()))
