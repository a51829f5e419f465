"""`zizhu explain`: what a number of a report is, and what it rests on."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.console import show, show_json


def explain(
    item: Annotated[
        str | None,
        typer.Argument(help="an item, a battleground or a parameter; without it all are listed"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Say what a number of a report is: definition, unit, source, parameters behind it."""
    from zizhu.report import explain as pages

    if item is None:
        if as_json:
            show_json(pages.list_json())
        else:
            show(pages.item_list())
        return
    found = pages.look_up(item)
    if as_json:
        show_json([pages.item_json(one) for one in found])
        return
    for place, one in enumerate(found):
        if place:
            show("")
        show(pages.item_page(one))
