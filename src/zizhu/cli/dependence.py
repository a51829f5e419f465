"""`zizhu dependence`: where a region is exposed, and to whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zizhu.cli.console import WorldOption, show, steps, written
from zizhu.errors import WorldError, short

# Each is a table of its own, and the 10th percentile of a thousand is known well (assumption).
_MOST_DRAWS = 1_000


def dependence(
    region: Annotated[str, typer.Argument(help="region, group such as EU, or name of a country")],
    *,
    sector: Annotated[
        str | None, typer.Option("--sector", help="one sector: its inputs, products and sales")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="one other region, and the reverse beside it")
    ] = None,
    world: WorldOption = None,
    folder: Annotated[
        Path | None, typer.Option("--out", "-o", help="output folder [zizhu-out/dependence-...]")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="no equilibrium losses, no drawn tables")
    ] = False,
    draws: Annotated[
        int | None, typer.Option("--draws", help="tables drawn for ranges [20]")
    ] = None,
) -> None:
    """Say where a region is exposed, sector by sector, and to whom."""
    from zizhu.laboratory.dependence import DRAWS
    from zizhu.laboratory.dependence import dependence as answer_of
    from zizhu.report import check_folder
    from zizhu.report.dependence import answer_page, write_dependence

    check_folder(folder or Path("zizhu-out"))
    number = (0 if quick else DRAWS) if draws is None else draws
    if number > _MOST_DRAWS:
        raise WorldError(f"draws: {short(number)} found; at most {_MOST_DRAWS:,} are right")
    with steps() as step:
        answer = answer_of(
            region,
            sector=sector,
            on=on,
            world=world,
            equilibrium=not quick,
            draws=number,
            progress=step,
        )
        step("writing the report")
        files = write_dependence(answer, folder or Path("zizhu-out") / f"dependence-{answer.slug}")
    show(answer_page(answer))
    report = next(file for file in files if file.name == "report.html")
    written(report, f" and {len(files) - 1} tables beside it")
