"""`zizhu backtest`: how good forecasts would have been, beside naive ones."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from zizhu.cli.console import show, show_json, steps


def backtest(
    table: Annotated[
        str | None, typer.Argument(help="nodes, left-out, sectors or groups; [all, in short]")
    ] = None,
    *,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="compute the tables anew, which takes minutes")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="everything, as JSON")] = False,
) -> None:
    """Show scores of forecasts of the past, where they beat naive methods and where they do not.

    A bar that is missed is a result and ends with exit code 0.
    """
    from zizhu.laboratory.backtest.published import NAMES, published
    from zizhu.report.backtest import backtest_json, summary_page, table_page

    asked = NAMES if table is None else (table,)
    with steps() as step:
        step("reading scores")
        found = [published(name, fresh=fresh, progress=step) for name in asked]
    if as_json:
        show_json(backtest_json(found))
    elif table is None:
        show(summary_page(found))
    else:
        show(table_page(found[0]))
    if fresh and not as_json:
        said = "computed anew; the stored tables are as they were"
        show(Text(said, style="dim"))
