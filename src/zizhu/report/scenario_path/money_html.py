"""The page's parts on money: who plans to spend what, and what each measure bought."""

from __future__ import annotations

from html import escape

import numpy as np

from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.html import figure_html
from zizhu.report.path import picks
from zizhu.report.path.html import coloured
from zizhu.report.scenario_path import figures, more_tables, tables
from zizhu.report.scenario_path.cells import (
    QUICK,
    bold,
    columns,
    plain,
    quiet,
    sourced,
    table,
)

_SMALL_POINTS = 0.05
_MULTIPLE = "node_effort_multiple"
# Nodes listed; the file has all.
_NODES = 20


def money(outcome: ScenarioPath) -> list[str]:
    """Planned spending by year, payer and measure, with the cost of public funds."""
    by_payer = more_tables.payers(outcome)
    if by_payer.empty:
        return ["<p>No measure plans to spend money.</p>"]
    currency, base = outcome.case.world.currency, outcome.case.years[0]
    heads = [
        (f"bn {currency}, prices of {base}", ""),
        *columns(by_payer.columns, "planned_outlay"),
    ]
    rows = [[escape(str(name)), *map(plain, row)] for name, row in by_payer.iterrows()]
    rows += [
        [bold(escape(str(name))), *(bold(plain(one)) for one in row)]
        for name, row in more_tables.costs(outcome).iterrows()
    ]
    funds = outcome.compiled.ledger.public_funds
    return [
        figure_html(figures.spending(outcome)),
        table("money", heads, rows),
        quiet(
            "Planned, at the output and GDP of the baseline. What was announced before the base "
            "year is in the baseline, changes nothing and is not counted. A unit of public money "
            f"costs the economy {funds:g}."
        ),
    ]


def arrived(outcome: ScenarioPath) -> list[str]:
    """Effort by node beyond the baseline's, by source, and as a multiple of the baseline's."""
    found = more_tables.arrived(outcome)
    if found.empty:
        return ["<p>No node gets more or less than in the baseline.</p>"]
    told = [name for name in found.columns if name.startswith("multiple ")]
    heads = [
        ("bn USD over all years", ""),
        ("directed money is for", ""),
        ("baseline", "node_effort"),
        ("by sectors", "node_effort_sector"),
        ("directed", "node_money"),
        ("own research", "node_effort_own"),
        ("together", "node_effort"),
        *columns([name.replace("multiple", "times baseline,") for name in told], _MULTIPLE),
    ]
    sums = ("sector", "money", "own", "added")
    rows = [
        [
            escape(row["name"]),
            row.use if row.money else "",
            plain(row.base, 2),
            *(plain(row[name], 2) for name in sums),
            *(plain(row[name], 2) for name in told),
        ]
        for _, row in found.head(_NODES).iterrows()
    ]
    whole = [bold(plain(float(found[name].sum()), 1)) for name in sums]
    rows.append([bold(f"all {len(found)} nodes"), "", "", *whole, *("" for _ in told)])
    return [
        table("arrived", heads, rows),
        quiet(
            "Beyond the baseline, whose own effort over all years stands beside it; those first "
            "that get most money through their sector or directed to them. Own research moves with "
            "sales and with the region's research and talent, so that where controls take sales "
            "away it falls. Directed money at nodes made in plants builds plants; all else is "
            "spent on abilities. tables/arrived.csv has all nodes."
        ),
    ]


def bought(outcome: ScenarioPath) -> list[str]:
    """What is missing without each measure, with its source."""
    found = tables.money(outcome)
    if found.empty:
        return ["<p>The scenario has no measure: it is the baseline.</p>"]
    currency, last = outcome.case.world.currency, outcome.case.years[-1]
    heads = [
        ("measure", ""),
        ("lever", ""),
        ("payer", ""),
        (f"bn {currency}", "planned_outlay"),
        ("income, %", "measure_income"),
        ("field moved most", "measure_points"),
        ("node moved most", "measure_node_points"),
        ("source", ""),
    ]
    rows = [
        [
            escape(str(label)) + (" <i>(pressure)</i>" if row.pressure else ""),
            escape(row.lever),
            escape(row.payers),
            plain(row.outlay) if row.outlay else "",
            coloured(row.income, 3) if np.isfinite(row.income) else "",
            _moved(tables.title_of(outcome, row.moved) if row.moved else "", row.points),
            _moved(picks.node_name(outcome.outcome, row.node) if row.node else "", row.node_points),
            escape(row.source),
        ]
        for label, row in found.iterrows()
    ]
    parts = [f"<p>{QUICK}</p>"] if outcome.attribution is None else []
    if outcome.attribution is not None:
        parts.append(figure_html(figures.bought(outcome)))
        rows += [
            [bold(escape(name)), "", "", "", bold(coloured(value, 3)), "", "", ""]
            for name, value in more_tables.groups(outcome).items()
        ]
    return [
        *parts,
        sourced(table("bought", heads, rows)),
        quiet(
            f"What is missing in {last} without each measure, all others in place. Measures on the "
            "same nodes share what they do together, so that rows need not add up. bn: sum over "
            "all years, planned. Moved: percentage points of the domestic share."
        ),
        _in_full(outcome),
    ]


def _moved(name: str, points: float) -> str:
    """What moves and by how much, or nothing where points round to none."""
    if not name or abs(points) < _SMALL_POINTS:
        return ""
    return f"{escape(name)} {coloured(points, 1)}"


def _in_full(outcome: ScenarioPath) -> str:
    """Every measure with its fields, as the scenario has them."""
    items = []
    for measure in outcome.scenario.measures:
        fields = measure.model_dump(
            mode="json", by_alias=True, exclude_unset=True, exclude={"lever", "label", "source"}
        )
        said = ", ".join(f"{name} {_field(value)}" for name, value in fields.items())
        items.append(
            f"<dt>{escape(measure.label)}: {escape(measure.lever)}</dt>"
            f"<dd>{escape(said)}</dd><dd>source: {escape(measure.source)}</dd>"
        )
    return f"<details><summary>measures in full</summary><dl>{''.join(items)}</dl></details>"


def _field(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {one}" for key, one in value.items())
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
