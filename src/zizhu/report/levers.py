"""A lever explained from its schema."""

from __future__ import annotations

import inspect
import typing

from pydantic.fields import FieldInfo
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zizhu.parameters import Parameter, parameters
from zizhu.policy.measure import Measure

# Fields that every measure has.
COMMON = ("label", "source", "from", "to", "adds", "phase_in")
# Widths that leave a line of sizes within 80 columns.
_NAME, _VALUE = 31, 17


def fields_of(schema: type[Measure]) -> list[tuple[str, str, str, str]]:
    """Name, type, default and description of each field that a scenario may set."""
    properties = schema.model_json_schema()["properties"]
    rows = []
    for name, field in schema.model_fields.items():
        if name == "lever" or (name == "phase_in" and not schema.phases):
            continue
        key = field.alias or name
        rows.append((key, _type(properties[key]), _default(field), field.description or ""))
    return rows


_PLAIN = {"string": "name", "boolean": "true or false", "number": "number", "integer": "number"}


def _type(entry: dict[str, typing.Any]) -> str:
    options = entry.get("anyOf", [entry])
    words = []
    for option in options:
        if option.get("type") == "null":
            continue
        if option.get("examples"):
            words.append(" or ".join(f"'{example}'" for example in option["examples"]))
        elif option.get("enum"):
            words.append(" or ".join(option["enum"]))
        elif option.get("type") == "array":
            words.append("list of names")
        elif option.get("type") == "object":
            words.append("one size per sector")
        elif option.get("format") == "date":
            words.append("date")
        else:
            words.append(_PLAIN.get(option.get("type"), ""))
    return ", or ".join(word for word in words if word)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return "" if field.default is None else str(field.default).lower()


def _unwrapped(docstring: str) -> str:
    """Paragraphs on one line each, so that the terminal breaks them where it is wide.

    What is indented is a formula and keeps its lines.
    """
    paragraphs = inspect.cleandoc(docstring).split("\n\n")
    return "\n".join(
        paragraph if paragraph.startswith("    ") else " ".join(paragraph.split())
        for paragraph in paragraphs
    )


def sizes_of(schema: type[Measure]) -> list[Parameter]:
    """Registered parameters that stand for sizes which the measure leaves out, or that it uses."""
    return [parameters()[name] for name in schema.sizes]


def examples_of(schema: type[Measure]) -> list[str]:
    """Examples as entries of a scenario's list of measures."""
    found = [text for text in (schema.example, schema.path_example) if text]
    return [
        "\n".join(
            ("- " if number == 0 else "  ") + line for number, line in enumerate(text.splitlines())
        )
        for text in found
    ]


def lever_page(name: str, schema: type[Measure]) -> RenderableType:
    """What the lever does, when, at whose cost, its fields and sizes, what is known, examples."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("field", "value", "default", "meaning"):
        table.add_column(column, overflow="fold")
    rows = fields_of(schema)
    for row in sorted(rows, key=lambda row: row[0] in COMMON):
        table.add_row(*row)
    parts: list[RenderableType] = [
        Text(name, style="bold cyan"),
        Text(_unwrapped(schema.__doc__ or "")),
        Text.assemble("\n", ("acts through  ", "bold"), schema.acts_through),
        Text.assemble(("when  ", "bold"), schema.timing),
        Text.assemble(("who pays  ", "bold"), schema.pays),
        Text.assemble(("what is known  ", "bold"), schema.known),
        Text.assemble(("meets others  ", "bold"), schema.interacts, "\n"),
        table,
    ]
    if schema.sizes:
        parts.append(Text.assemble("\n", ("sizes", "bold"), ", of `zizhu parameters`"))
        for entry in sizes_of(schema):
            parts += _size_lines(entry)
    for example in examples_of(schema):
        parts += [Text("\nexample", style="bold"), Text(example)]
    return Group(*parts)


def value_of(entry: Parameter) -> str:
    """A parameter's value with its unit."""
    unit = "" if entry.unit in ("1", "calendar year") else f" {entry.unit}"
    return f"{entry.value:g}{unit}"


def _size_lines(entry: Parameter) -> list[RenderableType]:
    """Name, value and range; title and source below."""
    return [
        Text.assemble(
            (f"{entry.name:<{_NAME}}", "cyan"),
            f"{value_of(entry):>{_VALUE}}  ",
            (f"{entry.low:g} to {entry.high:g}", "dim"),
        ),
        Padding(Text(f"{entry.title}: {entry.source}", style="dim"), (0, 0, 0, 2)),
    ]
