"""What the parts of the page have in common: tables whose heads lead to definitions, small text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from zizhu.report.html import html_table
from zizhu.report.scenario_path.items import known_item

# Heads of a table: what it says, and the item that the column shows; none for names.
Heads = Sequence[tuple[str, str]]
QUICK = "Left out of a quick run: it needs many more paths. Run without --quick to see it."


def table(anchor: str, heads: Heads, rows: Sequence[Sequence[str]]) -> str:
    """A table of a section; its heads link to what they show. Cells are HTML already."""
    places = [known_item(anchor, item) if item else "" for _, item in heads]
    return html_table([head for head, _ in heads], rows, places)


def columns(names: Iterable[object], item: str) -> list[tuple[str, str]]:
    """Several heads that show one item, such as years."""
    return [(str(name), item) for name in names]


def plain(value: float, digits: int = 1) -> str:
    """A number, or nothing where there is none."""
    return f"{value:z,.{digits}f}" if np.isfinite(value) else ""


def quiet(text: str) -> str:
    """A remark under a table."""
    return f'<p class="quiet">{escape(text)}</p>'


def sourced(text: str) -> str:
    """A table whose second column holds words and whose last one names sources."""
    return f'<div class="words sources">{text}</div>'


def bold(text: str) -> str:
    """A cell that sums up others."""
    return f"<b>{text}</b>"
