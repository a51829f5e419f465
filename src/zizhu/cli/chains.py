"""`zizhu chains`: technology chains, their chokepoints, and what a cut does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from zizhu.cli.console import WorldOption, numbers, out, show, show_json, steps, written
from zizhu.errors import ChainError, OutputError, did_you_mean, quoted

_ABOVE = 50.0
# Words behind `chains get`.
_GETTABLE = ("eto",)
_GET = "get"


def chains(
    name: Annotated[
        str | None, typer.Argument(help="a shipped chain, the path of a chain file, or `get`")
    ] = None,
    second: Annotated[str | None, typer.Argument(help="what to get: eto")] = None,
    *,
    node: Annotated[
        str | None, typer.Option("--node", help="everything about one node of the chain")
    ] = None,
    cut: Annotated[
        list[str] | None,
        typer.Option("--cut", help="bar SUPPLIERS:NODE[:PART], e.g. USA,JPN:etch; repeatable"),
    ] = None,
    buyer: Annotated[
        str | None,
        typer.Option("--buyer", help="region or group [CHN]; without NAME: rank all chains for it"),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="date of the controls: 2024, 2024-12, 2024-12-02")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", help="node that sets of countries choke [final product]"),
    ] = None,
    above: Annotated[
        float | None,
        typer.Option("--above", help="rise of its cost that counts, percent [50]"),
    ] = None,
    no_doubt: Annotated[
        bool, typer.Option("--no-doubt", help="skip the draws that show how sure the ranking is")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="every node of the joint ranking")] = False,
    world: WorldOption = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", help="change a parameter, NAME=VALUE; repeatable"),
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="folder that `get` reads from")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="folder for the report; file for `get`")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="everything, as JSON")] = False,
) -> None:
    """List technology chains, look at one or one of its nodes, or rank the nodes of all."""
    of_one = {"--node": node, "--cut": cut, "--at": at, "--target": target, "--above": above}
    of_one["--no-doubt"] = no_doubt
    of_any = {"--buyer": buyer, "--world": world, "--set": setting, "--json": as_json}
    if name == _GET:
        _refuse("chains get", {**of_one, **of_any, "--all": every}, "goes with a chain")
        _get(second, source, output)
        return
    _refuse("chains", {"--from": source}, "goes with `chains get eto`")
    if second is not None:
        raise ChainError(f"chains: {quoted(second)} is one word too many; use --node for a node")
    if name is None:
        _refuse("chains", of_one, "needs the name of a chain")
        if buyer is None:
            others = {"--output": output, "--set": setting, "--world": world, "--all": every}
            _refuse("chains", others, "needs the name of a chain, or --buyer")
            _list(as_json=as_json)
        else:
            _rank(buyer, world, numbers(setting), output, every=every, as_json=as_json)
        return
    _refuse("chains", {"--all": every}, "goes with --buyer and no chain")
    _look(
        name,
        output,
        as_json=as_json,
        **({"buyer": buyer} if buyer else {}),
        cuts=cut or (),
        node=node,
        at=at,
        target=target,
        threshold=_threshold(above),
        world=world,
        parameters=numbers(setting),
        doubt=not no_doubt,
    )


def _refuse(command: str, options: Mapping[str, object], why: str) -> None:
    """Refuse the first option that was given although it does not go with the rest."""
    for option, value in options.items():
        if value is not None and value is not False and value != []:
            raise ChainError(f"{command}: {option} {why}")


def _threshold(above: float | None) -> float:
    percent = _ABOVE if above is None else above
    if not 0 < percent < float("inf"):
        raise ChainError(f"chains: --above {percent:g} is not a rise of cost; write 50 for 50 %")
    return percent / 100


def _get(what: str | None, source: Path | None, output: Path | None) -> None:
    """Print how a chain is fetched, or make one from a user's own copy."""
    from zizhu.chains.eto import HOW_TO, write_chain

    if what not in _GETTABLE:
        if what is None:
            raise ChainError(f"chains get: say what; {', '.join(_GETTABLE)} is right")
        hint = did_you_mean(what, _GETTABLE)
        raise ChainError(f"chains get: {quoted(what)} cannot be fetched{hint}")
    if source is None:
        _refuse("chains get eto", {"--output": output}, "needs --from FOLDER")
        out.print(HOW_TO.rstrip(), markup=False, soft_wrap=True)
        return
    if output is None:
        raise ChainError("chains get eto: --from needs --output FILE, where the chain is written")
    if os.path.lexists(output):
        raise OutputError(f"chain file {output} exists already; name another or remove it first")
    with steps() as step:
        step("reading the explorer's tables")
        file = write_chain(source, output)
    written(file)


def _list(*, as_json: bool) -> None:
    from zizhu.chains import shipped_chains
    from zizhu.report.chains import chain_list, list_json

    with steps() as step:
        step("reading chains")
        known = shipped_chains()
    if as_json:
        show_json(list_json(known))
    else:
        show(chain_list(known))


def _rank(
    buyer: str,
    world: str | None,
    numbers: dict[str, float],
    output: Path | None,
    *,
    every: bool,
    as_json: bool,
) -> None:
    from zizhu.chains import shipped_chains
    from zizhu.laboratory.bottleneck import rank_chains
    from zizhu.report import check_folder
    from zizhu.report.chains import ranking_json, ranking_page, write_ranking

    if output is not None:
        check_folder(output)
    files = []
    with steps(15) as step:
        step("reading chains")
        known = shipped_chains()
        found = rank_chains(buyer, chains=known, world=world, parameters=numbers, progress=step)
        if output is not None:
            step("writing the report")
            files = write_ranking(found, known, output, numbers)
    if as_json:
        show_json(ranking_json(found, known, numbers))
        return
    show(ranking_page(found, known, every=every))
    _say(files)


def _look(name: str, output: Path | None, *, as_json: bool, **asked: Any) -> None:
    from zizhu.chains import load_chain
    from zizhu.laboratory.bottleneck import look_at_chain, read_cut
    from zizhu.laboratory.path.node_base import node_base
    from zizhu.report import check_folder
    from zizhu.report.chains import chain_page, look_json, node_page, write_look
    from zizhu.world import open_world

    chain = load_chain(name)
    asked["world"] = open_world(asked["world"])
    asked["cuts"] = [read_cut(text) for text in asked["cuts"]]
    if output is not None:
        check_folder(output)
    files = []
    with steps() as step:
        found = look_at_chain(chain, progress=step, **asked)
        base = None
        if found.node:
            step("walking the chains down to the node")
            base = node_base(name, found.node, asked["world"], asked["parameters"])
        if output is not None:
            step("writing the report")
            files = write_look(found, output, base)
    if as_json:
        show_json(look_json(found, base))
        return
    show(node_page(found, base) if found.node else chain_page(found))
    _say(files)


def _say(files: list[Path]) -> None:
    report = next((file for file in files if file.name == "report.html"), None)
    if report is not None:
        written(report, f" and {len(files) - 1} more files beside it")
