"""What a number of a report is: definition, unit, what computes it, what it rests on."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.evidence.facts import fact
from zizhu.evidence.links import claims_of_parameter, facts_named
from zizhu.indicators.battlegrounds import Battleground, battleground_list
from zizhu.indicators.glossary import Term, glossary
from zizhu.parameters import Parameter, parameters
from zizhu.report.parameters import basis, parameter_page
from zizhu.report.scenario_path.items import SECTIONS, shown_items

_LABEL = 11

Known = Term | Battleground | Parameter


def known_names() -> tuple[str, ...]:
    """Everything that can be explained: indicators, battlegrounds, parameters."""
    return tuple(dict.fromkeys((*glossary(), *battleground_list(), *parameters())))


def look_up(name: str) -> tuple[Known, ...]:
    """Indicator, battleground and parameter of this name: one of them, rarely two.

    Raises `ScenarioError` with the nearest name.
    """
    places: tuple[Mapping[str, Known], ...] = (glossary(), battleground_list(), parameters())
    found = tuple(place[name] for place in places if name in place)
    if not found:
        hint = did_you_mean(name, known_names())
        raise ScenarioError(f"explain: nothing is called {quoted(name)}{hint}")
    return found


def item_list() -> RenderableType:
    """Items of the report by section, then what only the files have, then other names."""
    known = glossary()
    parts: list[RenderableType] = []
    for section in SECTIONS:
        parts += [Text(section.title, style="bold"), _lines(known[name] for name in section.items)]
    rest = [one for name, one in known.items() if name not in shown_items()]
    parts += [Text("In the files and in Python", style="bold"), _lines(rest)]
    fields = ", ".join(battleground_list())
    said = f"also: battlegrounds ({fields}) and {len(parameters())} parameters (zizhu parameters)"
    return Group(*parts, Text(said, style="dim"))


def _lines(terms: Iterable[Term]) -> RenderableType:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for one in terms:
        # A pure number needs no unit, and the page of an item says whose money and prices.
        unit = (
            "" if one.unit in ("1", "name", "yes or no") else f", {one.unit.split(' of the ')[0]}"
        )
        table.add_row(one.name, f"{one.title}{unit}")
    return Padding(table, (0, 0, 1, 2))


def item_page(found: Known) -> RenderableType:
    """Everything about one name."""
    if isinstance(found, Parameter):
        return parameter_page(found, claims_of_parameter(found.name))
    return _battleground_page(found) if isinstance(found, Battleground) else _term_page(found)


def _term_page(one: Term) -> RenderableType:
    rows: list[tuple[str, RenderableType]] = [
        ("unit", Text("a pure number" if one.unit == "1" else one.unit)),
        ("means", Text(one.definition)),
        ("computed by", Text(f"{one.computed}\n{_summary(one.computed)}")),
        ("shown in", Text(", ".join(_sections(one.name)) or "the files and in Python")),
        ("sources", Text("; ".join(one.sources))),
    ]
    if one.parameters:
        rows.append(("rests on", _parameters(one.parameters)))
    rows += _facts(_facts_behind(one))
    return Group(Text(one.name, style="bold cyan"), Text(one.title), Text(), _grid(rows))


def _battleground_page(one: Battleground) -> RenderableType:
    rows: list[tuple[str, RenderableType]] = [
        ("measures", Text(one.measures)),
        ("leaves out", Text(one.caveat)),
        ("market", Text("yes" if one.market else "none: shares are for direction only")),
        ("end of chain", Text(", ".join(one.final) or "no chain")),
        ("chains", Text(", ".join(one.chains) or "none")),
        ("sectors", Text(", ".join(one.sectors) or "none")),
        ("documents", Text(", ".join(one.documents) or "none")),
        (
            "shown as",
            Text(
                "chain_share, plants_at_home, tier_share, final_share, sector_share, weakest "
                "(zizhu explain NAME)"
            ),
        ),
        *_facts(one.facts),
    ]
    return Group(Text(one.name, style="bold cyan"), Text(one.title), Text(), _grid(rows))


def _sections(name: str) -> list[str]:
    return [section.title for section in SECTIONS if name in section.items]


def _facts_behind(one: Term) -> tuple[str, ...]:
    """Facts that the term names, then those of its parameters."""
    known = parameters()
    named = [*facts_named("; ".join(one.sources))]
    for name in one.parameters:
        named += known[name].facts
    return tuple(dict.fromkeys(named))


def _summary(computed: str) -> str:
    """First line of the docstring of what computes a term."""
    module, _, name = computed.rpartition(".")
    return (inspect.getdoc(getattr(importlib.import_module(module), name)) or "").split("\n")[0]


def _parameters(names: Iterable[str]) -> RenderableType:
    known = parameters()
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(justify="right", overflow="fold")
    table.add_column(style="dim", overflow="fold")
    for name in names:
        entry = known[name]
        unit = "" if entry.unit in ("1", "calendar year") else f" {entry.unit}"
        span = f"{entry.low:g} to {entry.high:g}"
        table.add_row(name, f"{entry.value:g}{unit}", f"{span}; {basis(entry)}")
    return table


def _facts(ids: Iterable[str]) -> list[tuple[str, RenderableType]]:
    return [
        ("facts" if place == 0 else "", Text.assemble((name, "cyan"), f" {fact(name).statement}"))
        for place, name in enumerate(ids)
    ]


def _grid(rows: Iterable[tuple[str, RenderableType]]) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=_LABEL + 1, style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, content in rows:
        table.add_row(label, content)
    return table


def item_json(found: Known) -> dict[str, Any]:
    """The same as plain data, parameters and facts included."""
    kind = type(found).__name__.lower()
    content: dict[str, Any] = {"kind": "indicator" if kind == "term" else kind}
    content |= found.model_dump(mode="json", exclude_none=True)
    if isinstance(found, Parameter):
        return content
    known = parameters()
    named = found.facts if isinstance(found, Battleground) else _facts_behind(found)
    if isinstance(found, Term):
        content["sections"] = _sections(found.name)
        content["parameters"] = {
            name: known[name].model_dump(mode="json", exclude_none=True)
            for name in found.parameters
        }
    return content | {"facts": {name: fact(name).statement for name in named}}


def list_json() -> list[dict[str, Any]]:
    """Every indicator with its sections, as plain data."""
    return [
        {"name": one.name, "title": one.title, "unit": one.unit, "sections": _sections(one.name)}
        for one in glossary().values()
    ]
