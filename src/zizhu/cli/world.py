"""`zizhu world`: list, show and check tables, bring one's own, aggregate and update."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from zizhu.cli.console import (
    DataOption,
    help_without_command,
    show,
    show_json,
    steps,
    table_of,
    written,
)
from zizhu.errors import OutputError, WorldError

app = typer.Typer(help="Worlds: list, show, check; your own tables.", rich_markup_mode=None)
app.callback(invoke_without_command=True)(help_without_command)

TableArgument = Annotated[
    str, typer.Argument(help="catalogue name, world file (.nc) or folder of csv files")
]
OutOption = Annotated[Path, typer.Option("--out", "-o", help="world file to write (.nc)")]


def _world_file(path: Path) -> Path:
    """Refuse another ending before any work is done."""
    if path.suffix != ".nc":
        raise OutputError(f"--out {path}: a world file ends in .nc, such as {path.stem}.nc")
    if path.is_dir():
        raise OutputError(f"--out {path}: it is a folder; name a file")
    return path


@app.command("list")
def world_list(data: DataOption = None) -> None:
    """List shipped worlds and the input tables of replications."""
    from zizhu.world import catalogue

    table = table_of("name", "kind", "what", "where")
    for entry in catalogue(data):
        table.add_row(entry.name, entry.kind, entry.description, entry.location)
    show(table)


@app.command("show")
def world_show(name: TableArgument) -> None:
    """Show what a world is made of and rests on."""
    from zizhu.report.world import world_page
    from zizhu.world import open_world

    with steps() as step:
        step(f"reading {name}")
        world = open_world(name)
    show(world_page(world))


@app.command("check")
def world_check(table: TableArgument) -> None:
    """Read a table and check every accounting identity."""
    from zizhu.report.world import identity_table, world_summary
    from zizhu.world import open_world

    with steps() as step:
        step(f"reading {table}")
        world = open_world(table)
    show(world_summary(world))
    show(identity_table(world))
    show(Text(f"\n{table}: every identity holds", style="green"))


@app.command("proof")
def world_proof(
    as_json: Annotated[bool, typer.Option("--json", help="everything, as JSON")] = False,
) -> None:
    """Show how wrong the shipped worlds may be."""
    from zizhu.report.proof import proof_page
    from zizhu.world import open_proof

    if as_json:
        show_json(open_proof())
    else:
        show(proof_page(open_proof()))


@app.command("import")
def world_import(
    folder: Annotated[Path, typer.Argument(help="folder with world.yaml and flows.csv")],
    out: OutOption,
) -> None:
    """Read a folder of csv files and write it as one world file.

    \b
    For example a folder islands/ with
      world.yaml       year: 2022
                       currency: EUR
                       unit: million
      flows.csv        supplier,sector,user,use,value
                       NORTH,FOOD,NORTH,TOOL,10
                       NORTH,FOOD,SOUTH,household,10
                       ...
      value_added.csv  region,sector,value       (may be left out)
      taxes.csv        region,sector,value       (may be left out)
      tariffs.csv      supplier,sector,user,rate (may be left out)

    \b
    zizhu world import islands --out islands.nc
    A use is a sector, household, government or investment; numbers are
    sales before tariffs, a rate of 0.25 is 25 percent.
    """  # noqa: D301 (a backspace, which keeps the lines apart)
    from zizhu.report.world import world_summary
    from zizhu.world import read_csv, save

    target = _world_file(out)
    with steps() as step:
        world = read_csv(folder, progress=step)
        step("writing")
        save(world, target)
    show(world_summary(world))
    written(target)


@app.command("export")
def world_export(
    table: TableArgument,
    folder: Annotated[Path, typer.Argument(help="new folder to write")],
    packed: Annotated[bool, typer.Option("--gzip", help="write csv.gz")] = False,
) -> None:
    """Write a world as a folder of csv files.

    What it writes can be edited and imported again. For example:
    zizhu world export 2022 my-folder
    """
    from zizhu.world import open_world, write_csv

    with steps() as step:
        step(f"reading {table}")
        world = open_world(table)
        step("writing")
        target = write_csv(world, folder, packed=packed)
    files = sorted(path.name for path in target.iterdir())
    written(target, f" with {', '.join(files)}, in million {world.currency}")


@app.command("aggregate")
def world_aggregate(
    table: TableArgument,
    out: OutOption,
    regions: Annotated[
        Path | None, typer.Option(help="csv with columns old,new, or yaml NEW: [OLD, OLD]")
    ] = None,
    sectors: Annotated[Path | None, typer.Option(help="the same for sectors")] = None,
    merge: Annotated[
        list[str] | None,
        typer.Option(help="NEW=OLD,OLD of regions or sectors; the others stay; repeatable"),
    ] = None,
) -> None:
    """Sum a world to groups of regions or sectors."""
    from zizhu.report.world import world_summary
    from zizhu.world import open_world, save
    from zizhu.world.sheets.groups import merge as merge_groups
    from zizhu.world.sheets.groups import read_groups

    target = _world_file(out)
    if not (regions or sectors or merge):
        raise WorldError("world aggregate: give --regions, --sectors or --merge")
    with steps() as step:
        step(f"reading {table}")
        world = open_world(table)
        merged = merge_groups(world, merge or ())
        groups = {}
        for kind, file, inline in (
            ("regions", regions, merged[0]),
            ("sectors", sectors, merged[1]),
        ):
            if file and inline:
                raise WorldError(f"world aggregate: {kind} are given by --{kind} and by --merge")
            groups[kind] = read_groups(file) if file else inline
        step("summing")
        small = world.aggregate(regions=groups["regions"], sectors=groups["sectors"])
        small = replace(small, name=target.stem)
        step("writing")
        save(small, target)
    show(world_summary(small))
    written(target)


@app.command("margins")
def world_margins(
    table: TableArgument,
    by: Annotated[
        list[str],
        typer.Option(help="output, value_added, gdp, or columns such as supplier,user; repeatable"),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="csv file to write")],
) -> None:
    """Write sums of a world, to be edited."""
    from zizhu.world import open_world, own_margins, write_margins
    from zizhu.world.updating.margins import KINDS, SALES

    with steps() as step:
        step(f"reading {table}")
        world = open_world(table)
        rows = []
        for word in by:
            if word in KINDS and word != SALES:
                rows += own_margins(world, kinds=[word], source=f"world {world.name}")
            else:
                columns = [part.strip() for part in word.split(",") if part.strip()]
                rows += own_margins(world, columns, source=f"world {world.name}")
        target = write_margins(rows, out)
    written(target, f" with {len(rows)} sums, in million {world.currency}")


@app.command("update")
def world_update(
    table: TableArgument,
    to: Annotated[Path, typer.Option(help="margins file (csv)")],
    out: OutOption,
    year: Annotated[int | None, typer.Option(help="year of the new table [the old one's]")] = None,
) -> None:
    """Scale a world to new margins: trade, output, value added, GDP."""
    from zizhu.report.world import update_table, world_summary
    from zizhu.world import open_world, read_margins, save
    from zizhu.world import update as update_world

    target = _world_file(out)
    rows = read_margins(to)
    with steps() as step:
        step(f"reading {table}")
        world = open_world(table)
        found = update_world(world, rows, year=year, name=target.stem, progress=step)
        step("writing")
        save(found.world, target)
    show(world_summary(found.world, notes=False))
    show(update_table(found))
    written(target)
