"""The page's definitions: every item that is shown, and the parameters that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from zizhu.indicators.glossary import Term, term
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.parameters import parameters
from zizhu.report.html import html_table
from zizhu.report.scenario_path.cells import sourced
from zizhu.report.scenario_path.items import anchor_of, shown_items


def definitions(outcome: ScenarioPath) -> list[str]:
    """Items with unit, definition, what computes them; their parameters as this run had them."""
    shown = [term(name) for name in shown_items()]
    named = dict.fromkeys(name for one in shown for name in one.parameters)
    return [
        "<p>Each head of a table above leads here. <code>zizhu explain NAME</code> says the same, "
        "and more of a parameter.</p>",
        f"<dl>{''.join(map(_entry, shown))}</dl>",
        "<h3>Parameters that they rest on most, as this run had them</h3>",
        sourced(_parameters(outcome, named)),
    ]


def _entry(one: Term) -> str:
    leaning = ", ".join(f'<a href="#parameter-{name}">{name}</a>' for name in one.parameters)
    more = [f"computed by <code>{escape(one.computed)}</code>"]
    more += [f"rests on {leaning}"] if leaning else []
    more += [f"sources: {escape('; '.join(one.sources))}"]
    return (
        f'<dt id="{anchor_of(one.name)}">{escape(one.title)} <code>{escape(one.name)}</code>, '
        f"{escape(one.unit)}</dt><dd>{escape(one.definition)}</dd>"
        f'<dd class="quiet">{"; ".join(more)}</dd>'
    )


def _parameters(outcome: ScenarioPath, names: Iterable[str]) -> str:
    known, used = parameters(), outcome.case.parameters
    rows = []
    for name in names:
        entry = known[name]
        unit = "" if entry.unit == "1" else f" {entry.unit}"
        changed = "" if used[name] == entry.value else " (changed)"
        rows.append(
            [
                f'<span id="parameter-{name}">{name}</span>',
                escape(entry.title),
                f"{used[name]:g}{escape(unit)}{changed}",
                f"{entry.low:g} to {entry.high:g}",
                escape(entry.source),
            ]
        )
    return html_table(["parameter", "what it is", "value", "may be set to", "source"], rows)
