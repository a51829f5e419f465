"""`zizhu simulate`: raw wedges year by year, beside a baseline without them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.console import WorldOption, numbers, show, show_json, steps, written
from zizhu.errors import ScenarioError, did_you_mean, quoted, short

if TYPE_CHECKING:
    from zizhu.world import World

_FOCUS = "CHN"


def simulate(
    name: Annotated[
        str | None, typer.Argument(help="with --list-wedges: one kind of wedge in full")
    ] = None,
    *,
    world: WorldOption = None,
    wedge: Annotated[
        list[str] | None,
        typer.Option(
            "--wedge",
            "-W",
            help="'tariff from=USA to=CHN sector=C26 size=25% years=2025-2030'; repeatable; "
            "without any: the baseline",
        ),
    ] = None,
    controls: Annotated[
        str | None,
        typer.Option("--controls", help="add export controls as known until a day: 2025-12-31"),
    ] = None,
    years: Annotated[int | None, typer.Option("--years", help="last year [2035]")] = None,
    structure: Annotated[
        list[str] | None,
        typer.Option("--structure", help="ideas=off, reaction=on, scale=static, ...; repeatable"),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", help="change a parameter, NAME=VALUE; repeatable"),
    ] = None,
    focus: Annotated[
        str | None, typer.Option("--focus", help="region whose answer is the headline [CHN]")
    ] = None,
    decompose: Annotated[
        list[int] | None,
        typer.Option("--decompose", help="year to explain by channel [the last]; repeatable"),
    ] = None,
    list_wedges: Annotated[
        bool, typer.Option("--list-wedges", help="kinds of wedges; with NAME, one of them")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="folder for report, tables, path.nc")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="everything shown, as JSON")] = False,
) -> None:
    """Simulate the economy year by year, with wedges and without."""
    asked: dict[str, object] = {"--wedge": wedge, "--controls": controls, "--years": years}
    asked |= {"--set": setting, "--structure": structure, "--focus": focus}
    asked |= {"--decompose": decompose, "--world": world, "--output": output}
    if list_wedges:
        _list(name, asked, as_json=as_json)
        return
    if name is not None:
        raise ScenarioError(
            f"simulate: {quoted(name)} stands alone; a wedge is written --wedge '"
            f"{short(name)} ...', and "
            "--list-wedges shows the kinds"
        )
    from zizhu.laboratory.path.outcome import simulate as simulate_path
    from zizhu.report import check_folder
    from zizhu.report.path import path_json, path_page, write_path
    from zizhu.world import open_world

    parameters = numbers(setting)
    if output is not None:
        check_folder(output)
    files: list[Path] = []
    with steps() as step:
        step("reading the world")
        table = open_world(world)
        seen = _focus(focus, table)
        outcome = simulate_path(
            table,
            wedge or (),
            parameters,
            years,
            structure=structure or (),
            controls=controls,
            decompose=decompose or None,
            progress=step,
        )
        if output is not None:
            step("writing the report")
            files = write_path(outcome, output, seen)
    if as_json:
        show_json(path_json(outcome, seen))
        return
    show(path_page(outcome, seen))
    report = next((file for file in files if file.name == "report.html"), None)
    if report is not None:
        written(report, f" and {len(files) - 1} more files beside it")


def _focus(given: str | None, world: World) -> str:
    """The region of the headline: as asked, or China, or the first one."""
    if given is None:
        return _FOCUS if _FOCUS in world.regions else world.regions[0]
    if given not in world.regions:
        hint = did_you_mean(given, world.regions)
        raise ScenarioError(f"--focus: world {world.name} has no region {quoted(given)}{hint}")
    return given


def _list(name: str | None, asked: Mapping[str, object], *, as_json: bool) -> None:
    """Kinds of wedges, or one of them."""
    from zizhu.policy.wedge_kinds import WEDGES
    from zizhu.report.path import wedge_list, wedge_page

    for option, value in asked.items():
        if value:
            raise ScenarioError(f"simulate: {option} does not go with --list-wedges")
    if name is not None and name not in WEDGES:
        raise ScenarioError(f"wedge: {quoted(name)} is unknown{did_you_mean(name, WEDGES)}")
    if as_json:
        chosen = WEDGES if name is None else {name: WEDGES[name]}
        show_json(
            {
                one: {
                    "title": kind.title,
                    "keys": list(kind.keys),
                    "unit": kind.unit.name,
                    "range": kind.limits,
                    "example": kind.example,
                }
                for one, kind in chosen.items()
            }
        )
        return
    show(wedge_list() if name is None else wedge_page(name))
