"""Facts and claims in the terminal. Nothing is computed here."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zizhu.evidence import CheckedConversion, Claim, Document, Fact, definitions
from zizhu.evidence.links import Links, facts_named
from zizhu.evidence.settle import Finding, Number

# A claim's page fits a terminal of this many columns without scrolling.
_COLUMNS, _LINES = 80, 24
_LABEL = 10
_NAMES = 3


def spoken(word: str) -> str:
    """A word of the vocabulary as it is said: `supported with caveat`."""
    return word.replace("_", " ")


def _table(*columns: str, right: Sequence[str] = (), keep: Sequence[str] = ()) -> Table:
    """A plain table; the columns `keep` and `right` never give way on a narrow terminal."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(
            column,
            justify="right" if column in right else "left",
            no_wrap=column in (*keep, *right),
            overflow="fold",
        )
    return table


def _cut(text: str) -> Text:
    """A text on one line, which ends in an ellipsis where the line ends."""
    return Text(text, no_wrap=True, overflow="ellipsis")


def _grid(rows: Iterable[tuple[str, RenderableType]]) -> Table:
    """Labelled paragraphs: labels on the left, text folded beside them."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=_LABEL, style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, content in rows:
        grid.add_row(label, content)
    return grid


def facts_table(found: Iterable[Fact]) -> RenderableType:
    """Facts in one line each."""
    table = _table("id", "topic", "confidence", "fact", keep=("id", "topic", "confidence"))
    for one in found:
        table.add_row(one.id, one.topic, one.confidence, _cut(one.statement))
    return table


def fact_page(one: Fact, links: Links | None) -> RenderableType:
    """Everything about one fact and what rests on it; `links` are nothing for a user's own."""
    tags = definitions()
    rows: list[tuple[str, RenderableType]] = [
        ("use", Text(one.use)),
        ("source", Text(one.source + ("" if str(one.year) in one.source else f" ({one.year})"))),
        *(("where" if place == one.where[0] else "", Text(place)) for place in one.where),
        ("confidence", Text(one.confidence)),
    ]
    if one.caveat:
        rows.append(("caveat", Text(one.caveat)))
    if one.licence:
        rows.append(("licence", Text(one.licence)))
    if one.quantities:
        table = _table("figure", "value", "unit", "year", right=("value",))
        for name, figure in one.quantities.items():
            table.add_row(spoken(name), f"{figure.value:,.6g}", figure.unit, str(figure.year or ""))
        rows.append(("figures", table))
    for conversion in one.conversions:
        rows.append(("conversion", Text(f"{conversion.amount} = {conversion.stated}")))
    for tag in one.definitions:
        label = "counts" if tag == one.definitions[0] else ""
        rows.append((label, Text(f"{spoken(tag)}: {tags[tag]}")))
    used = [
        (kind, getattr(links, kind))
        for kind in ("parameters", "claims", "levers", "scenarios", "chains")
        if links is not None
    ]
    for kind, names in used:
        if names:
            rows.append((kind, Text(", ".join(names))))
    if links is not None and not any(names for _, names in used):
        rows.append(("used by", Text("nothing yet")))
    head = Text.assemble((one.id, "bold cyan"), f"  {one.topic}", style="")
    return Group(head, Text(one.statement), _grid(rows))


def claims_counts(found: Iterable[Claim], known: Mapping[str, Document]) -> RenderableType:
    """Claims by verdict and document."""
    every = list(found)
    places = [name for name in known if any(one.document == name for one in every)]
    table = _table("verdict", *places, "all", right=(*places, "all"))
    for verdict, number in Counter(one.verdict for one in every).most_common():
        row = Counter(one.document for one in every if one.verdict == verdict)
        cells = [str(row[name]) if row[name] else "" for name in places]
        table.add_row(spoken(verdict), *cells, str(number))
    sums = Counter(one.document for one in every)
    table.add_row("all", *(str(sums[name]) for name in places), str(len(every)), style="bold")
    names = [f"{name} {known[name].outlet}, {known[name].genre}" for name in places]
    return Group(table, Text("; ".join(names), style="dim"), Text())


def claims_table(found: Iterable[Claim]) -> RenderableType:
    """Claims in one line each."""
    table = _table("id", "verdict", "claim", keep=("id", "verdict"))
    for one in found:
        table.add_row(f"{one.id} {one.document}", spoken(one.verdict), _cut(one.summary))
    return table


def amount(one: Number) -> str:
    """A number of a finding with its unit, in few digits."""
    digits = 2 if abs(one.value) < 10 else 1
    value = f"{one.value:,.{digits}f}".rstrip("0").rstrip(".")
    if one.unit == "1":
        # A year or a plain ratio.
        return f"{one.value:.0f}" if one.value > 1900 else value
    return f"{value} {one.unit}"


def _short(source: str) -> str:
    """A source in few words: ids of facts without what they cite, names of tables."""
    named = facts_named(source)
    if named and source.startswith(named[0]):
        return ", ".join(named)
    return re.split(r": |, | \(", source)[0].removeprefix("derived ")


def _what(one: Number) -> str:
    return f"{one.label} [{spoken(one.definition)}, {_short(one.source)}]"


def _found(numbers: Sequence[Number]) -> Table:
    """Numbers with what each is, what it counts and where it is from."""
    table = Table.grid(padding=(0, 2, 0, 0))
    wide = max(len(amount(one)) for one in numbers)
    table.add_column(justify="right", style="bold", no_wrap=True, min_width=wide)
    table.add_column(overflow="fold")
    for one in numbers:
        table.add_row(Text(amount(one)), Text(_what(one)))
    return table


def _fitting(numbers: Sequence[Number], room: int) -> tuple[Sequence[Number], int]:
    """As many numbers as fit into `room` lines, two at least, and the lines that they take."""
    for count in range(len(numbers), 1, -1):
        shown = numbers[:count]
        width = _COLUMNS - _LABEL - 3 - max(len(amount(one)) for one in shown)
        lines = sum(len(textwrap.wrap(_what(one), width)) for one in shown)
        if lines <= room or count == 2:
            return shown, lines
    return numbers, len(numbers)


def agreement(finding: Finding) -> str:
    """Whether the test agrees, in two words."""
    return {True: "agrees", False: "does not agree", None: "cannot say"}[finding.agrees]


def _basis(finding: Finding) -> str:
    """What the answer rests on, where that is not a table."""
    if finding.kind == "table":
        return ""
    if all(one.cited for one in finding.numbers):
        return " (restates cited figures, or arithmetic on them)"
    return " (restates a cited figure; tables beside it)"


def _lines(text: str) -> int:
    return len(textwrap.wrap(text, _COLUMNS - _LABEL - 1)) or 1


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more


def _links_line(links: Links) -> str:
    parts = [
        f"{kind} {_listed(names)}"
        for kind, names in links.__dict__.items()
        if names and kind != "facts"
    ]
    own = f"facts {', '.join(links.facts)}" if links.facts else "no facts"
    return own + ("; these also serve " + "; ".join(parts) if parts else "")


def claim_page(
    one: Claim, document: Document, finding: Finding | None, links: Links | None
) -> RenderableType:
    """A claim on one screen: what it says, the verdict, what the test found, what would settle it.

    Numbers and the reading of the finding are left out where they do not fit; `--json` has all.
    """
    lines = ", ".join(map(str, one.lines))
    line = "line" if len(one.lines) == 1 else "lines"
    head = Text.assemble(
        (one.id, "bold cyan"),
        f"  {one.kind}, {one.document} {line} {lines}: {document.outlet}, {document.genre}",
    )
    head.truncate(_COLUMNS - 1, overflow="ellipsis")
    fixed: list[tuple[str, str]] = [
        ("claim", one.summary),
        ("measured", one.observable),
        ("verdict", f"{spoken(one.verdict).upper()}. {one.because}"),
    ]
    last: list[tuple[str, str]] = [("settled by", one.settled_by)]
    if links is not None:
        last.append(("links", _links_line(links)))
    rows: list[tuple[str, RenderableType]] = [(label, Text(text)) for label, text in fixed]
    if finding is not None:
        said = f"{agreement(finding)}{_basis(finding)}; rule: {finding.rule}"
        room = _LINES - 1 - sum(_lines(text) for _, text in [*fixed, ("test", said), *last])
        shown, taken = _fitting(finding.numbers, room)
        rows.append(("found", _found(shown)))
        if _lines(finding.reading) <= room - taken:
            rows.append(("reading", Text(finding.reading)))
        rows.append(("test", Text(said)))
    rows += [(label, Text(text)) for label, text in last]
    return Group(head, _grid(rows))


def conversions_table(found: Iterable[CheckedConversion]) -> RenderableType:
    """Stated conversions beside the dated exchange rates."""
    table = _table("id", "amount", "stated as", "date", "implied", "dated", "off by, %", "")
    for one in found:
        style = "dim" if one.own else "red" if one.off else "green"
        table.add_row(
            one.entry,
            one.amount,
            one.stated,
            str(one.date),
            f"{one.implied:.3f}",
            f"{one.dated:.3f}",
            f"{one.deviation:+.1f}",
            Text(one.mark, style=style),
        )
    return table


def findings_table(found: Iterable[tuple[Claim, Finding]]) -> RenderableType:
    """What every test found: its first number, and whether it agrees with the claim."""
    columns = ("id", "test says", "number")
    table = _table(*columns, "what it is", keep=columns)
    style = {True: "green", False: "red", None: "dim"}
    for one, finding in found:
        first = finding.numbers[0]
        table.add_row(
            one.id,
            Text(agreement(finding), style=style[finding.agrees]),
            Text(amount(first)),
            _cut(f"{first.label} ({spoken(finding.test)}; verdict {spoken(one.verdict)})"),
        )
    return table


def findings_summary(found: Sequence[tuple[Claim, Finding]]) -> str:
    """How many tests agree, and how many rest on tables, in one sentence."""
    agrees = Counter(finding.agrees for _, finding in found)
    tables = sum(finding.kind == "table" for _, finding in found)
    return (
        f"{len(found)} claims tested: {agrees[True]} agree, {agrees[False]} do not, "
        f"{agrees[None]} cannot be said; {tables} rest on tables, {len(found) - tables} on "
        "cited figures or arithmetic with them."
    )
