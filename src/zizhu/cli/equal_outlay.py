"""`zizhu equal-outlay`: what the same sum buys through each lever."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.console import WorldOption, show, show_json, steps


def equal_outlay(
    battleground: Annotated[
        str, typer.Argument(help="field that money is for, such as semiconductors")
    ] = "semiconductors",
    region: Annotated[str, typer.Option("--region", "-r", help="who spends")] = "CHN",
    amount: Annotated[
        float | None, typer.Option("--amount", help="bn USD a year [a registered parameter]")
    ] = None,
    world: WorldOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON instead of a table")] = False,
) -> None:
    """Spend the same sum through each money lever and compare what it buys."""
    from zizhu.cache import use_compilation_cache
    from zizhu.laboratory.path.arguments import years_of
    from zizhu.laboratory.path.case import path_case
    from zizhu.laboratory.scenario_path.equal_outlay import equal_outlay as compare_levers
    from zizhu.report.equal_outlay import equal_outlay_page, equal_outlay_rows
    from zizhu.world import open_world

    use_compilation_cache()
    with steps() as step:
        step("reading the world and its chains")
        table = open_world(world or "2022")
        case = path_case(table, years_of(None, table.year))
        found = compare_levers(case, region, battleground, amount, progress=step)
    if as_json:
        show_json({"attributes": dict(found.attrs), "levers": equal_outlay_rows(found)})
    else:
        show(equal_outlay_page(found))
