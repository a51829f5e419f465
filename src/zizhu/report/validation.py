"""Checks in the terminal: what, value, band, status; why what failed has failed.

Nothing is computed here.
"""

from __future__ import annotations

import math

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zizhu.evidence import claims
from zizhu.evidence.settle import Finding
from zizhu.evidence.validation import Validation
from zizhu.laboratory.validation import Check, Part
from zizhu.report.evidence import agreement, amount

_STYLE = {"passed": "green", "failed": "red", "calibration": "cyan", "not testable": "dim"}
_UNITS = {
    "percent": "%",
    "percent a year": "%",
    "percentage point": "pt",
    "log points x 100": "lp",
    "bn USD": "bn",
    "1": "",
}


def value_of(part: Part) -> str:
    """A value in few digits with its unit."""
    return f"{_digits(part.value)} {_UNITS.get(part.unit, part.unit)}".strip()


def band_of(part: Part) -> str:
    """A band in words; what kind of number it is where there is none."""
    if part.kind != "test" or part.band is None:
        return {"calibration": "calibrated"}.get(part.kind, "shown")
    low, high = part.band
    if low == high:
        return f"{_digits(low)}"
    if math.isinf(high):
        return f"{_digits(low)} or more"
    if math.isinf(low):
        return f"{_digits(high)} or less"
    return f"{_digits(low)} to {_digits(high)}"


def verdict_of(part: Part) -> str:
    """Whether a number lies in its band."""
    return {True: "agrees", False: "misses", None: ""}[part.agrees]


def _digits(value: float) -> str:
    size = abs(value)
    if value == 0:
        return "0"
    if size < 1e-3 or size >= 1e5:
        return f"{value:.0e}"
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def status_of(check: Check) -> str:
    """Status, with how many tests of it agree where it failed."""
    if check.status != "failed":
        return check.status
    answers = [part.agrees for part in check.parts if part.agrees is not None]
    return f"failed, {sum(answers)} of {len(answers)} agree"


def validation_page(found: Validation, *, full: bool) -> RenderableType:
    """Every check with its numbers, and why what failed has failed.

    full  whole sentences: what must hold, how it is computed, sources and more numbers
    """
    parts: list[RenderableType] = []
    for check in found.checks:
        parts += _check(check, full=full)
    if found.claims:
        parts += [Text("\nClaims of the documents that the model settles", style="bold")]
        parts.append(_claims(found.claims, full=full))
    return Group(*parts, Text(), Text(summary(found), style="bold"))


def _check(check: Check, *, full: bool) -> list[RenderableType]:
    head = Table.grid(expand=True, padding=(0, 1, 0, 0))
    head.add_column(no_wrap=True, overflow="ellipsis")
    head.add_column(justify="right", no_wrap=True)
    title = Text.assemble((check.id, "bold cyan"), " ", (check.title, "bold"))
    head.add_row(title, Text(status_of(check), style=_STYLE[check.status]))
    shown: list[RenderableType] = [head]
    if full:
        shown += [_indented(check.statement), _indented(f"How: {check.how}.", "dim")]
    if check.parts:
        shown.append(_parts(check, full=full))
    if check.reason:
        shown.append(_indented(f"why: {check.reason}", "yellow" if check.missed else "dim"))
    return shown


def _parts(check: Check, *, full: bool) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(width=2)
    table.add_column(ratio=1, overflow="fold")
    for _ in range(2):
        table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, min_width=6)
    for part in check.parts:
        style = {True: "green", False: "red", None: "dim"}[part.agrees]
        title = Text(part.title)
        if full:
            more = "; ".join(text for text in (f"against {part.source}", part.note) if text)
            title.append(f"\n{more}", style="dim")
        table.add_row("", title, value_of(part), band_of(part), Text(verdict_of(part), style=style))
    return table


def _indented(text: str, style: str = "") -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=2)
    grid.add_column(overflow="fold")
    grid.add_row("", Text(text, style=style))
    return grid


def _claims(found: tuple[Finding, ...], *, full: bool) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1, no_wrap=not full, overflow="fold" if full else "ellipsis")
    known = claims()
    for one in found:
        first = one.numbers[0]
        words = f"{known[one.claim].summary}\n{one.reading}\nrule: {one.rule}" if full else ""
        table.add_row(
            one.claim,
            Text(agreement(one), style={True: "green", False: "red", None: "dim"}[one.agrees]),
            amount(first),
            Text(words or first.label),
        )
    return table


def summary(found: Validation) -> str:
    """How many agree, in one sentence."""
    agree, miss = found.tests
    counts = found.counts
    said = (
        f"{agree} of {agree + miss} tests agree and {miss} miss; of {len(found.checks)} checks "
        f"{counts['passed']} passed, {counts['failed']} failed, {counts['calibration']} are "
        f"calibrations, {counts['not testable']} are not testable here"
    )
    if found.claims:
        held = sum(one.agrees is True for one in found.claims)
        said += f"; {held} of {len(found.claims)} claims hold"
    return said + "."
