"""Parameters and elasticity regimes, listed and explained."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zizhu.parameters import ROOMS, Parameter, Regime

# Widths that leave every line of the list within 80 columns.
_NAME, _VALUE, _RANGE = 31, 19, 16


def parameter_list(shown: Iterable[Parameter]) -> RenderableType:
    """Parameters by the room that uses them, two lines each: numbers and title."""
    entries = list(shown)
    parts: list[RenderableType] = []
    for room, meaning in ROOMS.items():
        members = [entry for entry in entries if entry.used_by == room]
        if not members:
            continue
        start = "\n" if parts else ""
        parts.append(Text.assemble((start + room, "bold"), f" ({len(members)}): {meaning}"))
        for entry in members:
            parts.append(_line(entry))
            parts.append(Padding(Text(entry.title, style="dim"), (0, 0, 0, 2)))
    return Group(*parts)


def assumption_count(known: Iterable[Parameter]) -> Text:
    """How many parameters there are, and how many rest on an assumption."""
    entries = list(known)
    assumed = sum(entry.assumed for entry in entries)
    calibrated = sum(entry.calibrated for entry in entries)
    share = 100 * assumed / max(len(entries), 1)
    return Text(
        f"{len(entries)} parameters; {assumed} of them ({share:.0f} percent) rest on an "
        f"assumption, {calibrated} {'is' if calibrated == 1 else 'are'} calibrated"
    )


def _line(entry: Parameter) -> Text:
    return Text.assemble(
        (f"{entry.name:<{_NAME}}", "cyan"),
        f"{_with_unit(entry.value, entry.unit):>{_VALUE}}  ",
        (f"{_span(entry):<{_RANGE}}", "dim"),
        " ",
        (basis(entry), "yellow" if entry.assumed else ""),
        no_wrap=True,
    )


def basis(entry: Parameter) -> str:
    """What a parameter rests on, in one word."""
    if entry.calibrated:
        return "calibrated"
    if entry.assumed:
        return "assumption"
    return " ".join(entry.facts[:2]) or "published"


def _with_unit(value: float, unit: str) -> str:
    return f"{value:g}" if unit in ("1", "calendar year") else f"{value:g} {unit}"


def _span(entry: Parameter) -> str:
    return f"{entry.low:g} to {entry.high:g}"


def parameter_page(entry: Parameter, claims: Iterable[str] = ()) -> RenderableType:
    """Everything about one parameter; `claims` cite the facts on which it rests."""
    unit = "a pure number" if entry.unit == "1" else entry.unit
    draws = entry.distribution.words()
    if entry.distribution.kind != "fixed":
        draws += f"; mean {entry.distribution.mean():.4g}"
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in (
        ("symbol", entry.symbol),
        ("unit", unit),
        ("value", f"{entry.value:g}"),
        ("range", f"{_span(entry)} (what a scenario may set)"),
        ("drawn", draws),
        ("source", entry.source),
        ("facts", ", ".join(entry.facts) or "none"),
        ("claims", ", ".join(claims) or "none"),
        ("date", str(entry.date)),
        ("calibrated", "yes: its facts set it and cannot test it" if entry.calibrated else "no"),
        ("assumption", "yes" if entry.assumed else "no"),
        ("used by", f"{entry.used_by}: {ROOMS[entry.used_by]}"),
    ):
        table.add_row(label, text)
    return Group(Text(entry.name, style="bold cyan"), Text(entry.title), Text(), table)


def regime_page(regime: Regime) -> RenderableType:
    """An elasticity regime: its source and its rows."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("ISIC", "sector", "theta", "psi", "psi*theta"):
        table.add_column(column, overflow="fold")
    for row in regime.rows:
        low, high = row.isic
        span = f"{low:02d}" if low == high else f"{low:02d}-{high:02d}"
        product = f"{row.trade * row.scale:.2f}"
        table.add_row(span, row.name, f"{row.trade:g}", f"{row.scale:g}", product)
    return Group(
        Text.assemble((regime.name, "bold"), f"  {regime.title}\nsource: {regime.source}"),
        Text(regime.services, style="dim"),
        table,
    )
