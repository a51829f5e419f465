"""Markdown from values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import plotly.io as pio


def _cell(value: object) -> str:
    return str(value).replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")


def table(columns: Iterable[str], rows: Iterable[Iterable[object]], align: str = "") -> str:
    """A Markdown table; `align` has one of l, r for each column."""
    columns = list(columns)
    marks = [":--" if a == "l" else "--:" for a in (align or "l" * len(columns))]
    lines = ["| " + " | ".join(columns) + " |", "| " + " | ".join(marks) + " |"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def number(value: float) -> str:
    """A number with few digits."""
    if value != 0 and abs(value) < 1e-4:
        return f"{value:.0e}"
    return "infinite" if value == float("inf") else f"{value:g}"


def anchor(name: str) -> str:
    """What a heading is linked by."""
    return name.lower().replace(" ", "-")


def shown_default(default: str) -> str:
    """A default value as code, unless it is a word about it."""
    return default if default in ("required", "") else f"`{default}`"


def model_fields(model: Any) -> str:
    """Fields of a pydantic model."""
    properties = model.model_json_schema()["properties"]
    rows = []
    for name, field in model.model_fields.items():
        entry = properties[name]
        choices = entry.get("enum")
        default = "required" if field.is_required() else entry.get("default", "")
        if isinstance(default, bool):
            default = str(default).lower()
        plain = isinstance(default, str | int | float) and default not in ("", None)
        allowed = ", ".join(f"`{choice}`" for choice in choices) if choices else ""
        shown = shown_default(str(default)) if plain else ""
        rows.append((f"`{name}`", allowed, shown, field.description or ""))
    if not any(row[1] for row in rows):
        return table(("field", "default", "meaning"), [(a, c, d) for a, _, c, d in rows])
    return table(("field", "values", "default", "meaning"), rows)


def figure(plot: Any) -> str:
    """A Plotly figure as HTML that loads the script beside the pages."""
    html = pio.to_html(
        plot,
        include_plotlyjs=False,
        full_html=False,
        config={"displaylogo": False, "displayModeBar": False, "responsive": True},
    )
    script = '<script src="_static/plotly.min.js"></script>'
    return f'<div class="figure-frame">{script}{html}</div>'
