"""Commands that show what there is: scenarios, levers, parameters."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from zizhu.cli.console import show, show_json, show_json_text, table_of


def scenarios(
    name: Annotated[str | None, typer.Argument(help="show one scenario")] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="print the JSON schema of a scenario file")
    ] = False,
) -> None:
    """List the shipped scenarios, or show one."""
    from zizhu.policy import json_schema, load_scenario, scenario_names

    if schema:
        show_json(json_schema())
        return
    if name is None:
        table = table_of("name", "until", "title")
        for known in scenario_names():
            one = load_scenario(known)
            table.add_row(known, str(one.years) if one.years else "static", one.title)
        show(table)
        return
    found = load_scenario(name)
    show(Text(found.title, style="bold"))
    show(Text(found.context))
    if found.years is None:
        options = found.options.model_dump()
    else:
        options = {"years": f"until {found.years}", "elasticities": found.options.elasticities}
        options |= {f"budget of {region}": str(size) for region, size in found.budget.items()}
        options |= {"structure": ", ".join(found.structure)} if found.structure else {}
    options |= {"seen from": found.focus} if found.focus else {}
    show(Text("options: " + ", ".join(f"{k} {v}" for k, v in options.items()), style="dim"))
    for measure in found.measures:
        fields = measure.model_dump(
            mode="json", by_alias=True, exclude_unset=True, exclude={"lever", "label"}
        )
        line = ", ".join(f"{field} {_short(value)}" for field, value in fields.items())
        show(Text.assemble(("\n" + measure.label, "cyan"), f"  {measure.lever}: {line}"))
    if found.targets:
        show(Text("\ntargets:", style="bold"))
        for target in found.targets:
            what = target.node or target.sector or target.battleground
            said = (
                f"{target.label}: at least {target.at_least} of {what} from home by {target.year}"
            )
            show(Text(f"- {said} ({target.source})"))
    if found.sources:
        show(Text("\nsources:", style="bold"))
        for source in found.sources:
            show(Text(f"- {source}"))


def _short(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, dict):
        return f"by sector ({len(value)} values)"
    return str(value)


def levers(
    name: Annotated[str | None, typer.Argument(help="explain one lever")] = None,
) -> None:
    """List the levers, or explain one from its schema."""
    from zizhu.policy.levers import lever
    from zizhu.policy.levers import levers as known_levers
    from zizhu.report.levers import lever_page

    if name is None:
        table = table_of("lever", "acts through")
        for known, schema in known_levers().items():
            table.add_row(known, schema.acts_through)
        show(table)
        return
    show(lever_page(name, lever(name)))


def parameters(
    name: Annotated[
        str | None, typer.Argument(help="show one parameter (name or symbol) or one regime")
    ] = None,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="only those without a published source")
    ] = False,
    room: Annotated[
        str | None, typer.Option("--room", help="only those of one room, e.g. chains")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """List the parameters by the room that uses them, or explain one."""
    from pydantic import TypeAdapter

    from zizhu.evidence.links import claims_of_parameter
    from zizhu.parameters import Parameter, of_room, parameter, regimes
    from zizhu.parameters import parameters as known_parameters
    from zizhu.report.parameters import (
        assumption_count,
        parameter_list,
        parameter_page,
        regime_page,
    )

    if name is not None:
        chosen = regimes()[name] if name in regimes() else parameter(name, room)
        if as_json:
            show_json_text(chosen.model_dump_json(indent=2, exclude_none=True))
        elif isinstance(chosen, Parameter):
            show(parameter_page(chosen, claims_of_parameter(chosen.name)))
        else:
            show(regime_page(chosen))
        return
    known = list((known_parameters() if room is None else of_room(room)).values())
    shown = [entry for entry in known if entry.assumed or not assumptions]
    if as_json:
        listed = TypeAdapter(list[Parameter]).dump_json(shown, indent=2, exclude_none=True)
        show_json_text(listed.decode())
        return
    show(parameter_list(shown))
    show("")
    show(assumption_count(known))
    if room is None:
        show(Text(f"elasticity regimes: {', '.join(regimes())}", style="dim"))
