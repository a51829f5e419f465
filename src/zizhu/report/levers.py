"""A lever explained from its schema."""

from __future__ import annotations

import inspect
import typing

from pydantic.fields import FieldInfo
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zizhu.policy.measure import Measure


def fields_of(schema: type[Measure]) -> list[tuple[str, str, str, str]]:
    """Name, type, default and description of each field that a scenario may set."""
    properties = schema.model_json_schema()["properties"]
    rows = []
    for name, field in schema.model_fields.items():
        if name == "lever":
            continue
        key = field.alias or name
        rows.append((key, _type(properties[key]), _default(field), field.description or ""))
    return rows


def _type(entry: dict[str, typing.Any]) -> str:
    options = entry.get("anyOf", [entry])
    words = []
    for option in options:
        if option.get("type") == "null":
            continue
        if option.get("examples"):
            words.append(" or ".join(f"'{example}'" for example in option["examples"]))
        elif option.get("type") == "array":
            words.append("list of names")
        elif option.get("type") == "object":
            words.append("one size per sector")
        elif option.get("format") == "date":
            words.append("date")
        else:
            words.append({"string": "name", "boolean": "true or false"}.get(option.get("type"), ""))
    return ", or ".join(word for word in words if word)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return "" if field.default is None else str(field.default).lower()


def _unwrapped(docstring: str) -> str:
    """Paragraphs on one line each, so that the terminal breaks them where it is wide."""
    paragraphs = inspect.cleandoc(docstring).split("\n\n")
    return "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def lever_page(name: str, schema: type[Measure]) -> RenderableType:
    """What the lever does, through which wedge, its fields, what is known, an example."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("field", "value", "default", "meaning"):
        table.add_column(column, overflow="fold")
    for row in fields_of(schema):
        table.add_row(*row)
    example = "\n".join(
        ("- " if number == 0 else "  ") + line
        for number, line in enumerate(schema.example.splitlines())
    )
    return Group(
        Text(name, style="bold cyan"),
        Text(_unwrapped(schema.__doc__ or "")),
        Text.assemble("\n", ("acts through  ", "bold"), schema.acts_through),
        Text.assemble(("what is known  ", "bold"), schema.known, "\n"),
        table,
        Text("\nexample", style="bold"),
        Text(example),
    )
