"""Commands that show what there is: scenarios, levers, parameters."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from rich.text import Text

from zizhu.cli.console import show, table_of
from zizhu.errors import did_you_mean


def scenarios(
    name: Annotated[str | None, typer.Argument(help="show one scenario")] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="print the JSON schema of a scenario file")
    ] = False,
) -> None:
    """List the shipped scenarios, or show one."""
    from zizhu.policy import json_schema, load_scenario, scenario_names

    if schema:
        sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
        return
    if name is None:
        table = table_of("name", "title")
        for known in scenario_names():
            table.add_row(known, load_scenario(known).title)
        show(table)
        return
    found = load_scenario(name)
    show(Text(found.title, style="bold"))
    show(Text(found.context))
    options = found.options.model_dump()
    show(Text("options: " + ", ".join(f"{k} {v}" for k, v in options.items()), style="dim"))
    for measure in found.measures:
        fields = measure.model_dump(
            mode="json", by_alias=True, exclude_unset=True, exclude={"lever", "label"}
        )
        line = ", ".join(f"{field} {_short(value)}" for field, value in fields.items())
        show(Text.assemble(("\n" + measure.label, "cyan"), f"  {measure.lever}: {line}"))
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
    name: Annotated[str | None, typer.Argument(help="show one parameter or regime")] = None,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="only those without a published source")
    ] = False,
) -> None:
    """List the parameters with units, ranges and sources."""
    from zizhu.errors import ParameterError
    from zizhu.parameters import parameters as known_parameters
    from zizhu.parameters import regimes

    if name is not None and name in regimes():
        chosen = regimes()[name]
        show(Text.assemble((chosen.name, "bold"), f"  {chosen.title}\nsource: {chosen.source}"))
        show(Text(chosen.services, style="dim"))
        table = table_of("ISIC", "sector", "theta", "psi", "psi*theta")
        for row in chosen.rows:
            low, high = row.isic
            span = f"{low:02d}" if low == high else f"{low:02d}-{high:02d}"
            product = row.trade * row.scale
            table.add_row(span, row.name, f"{row.trade:g}", f"{row.scale:g}", f"{product:.2f}")
        show(table)
        return
    found = known_parameters()
    if name is not None and name not in found:
        everything = [*found, *regimes()]
        raise ParameterError(f"parameter {name!r} is unknown{did_you_mean(name, everything)}")
    table = table_of("name", "value", "range", "unit", "source")
    for parameter in [found[name]] if name else found.values():
        if assumptions and not parameter.assumed:
            continue
        table.add_row(
            Text.assemble(parameter.name, "\n", (parameter.title, "dim")),
            f"{parameter.value:g}",
            f"{parameter.low:g} to {parameter.high:g}",
            parameter.unit,
            f"{parameter.source} ({parameter.date})",
        )
    show(table)
    if name is None:
        show(Text(f"\nelasticity regimes: {', '.join(regimes())}", style="dim"))
