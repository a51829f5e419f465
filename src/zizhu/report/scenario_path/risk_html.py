"""The page's parts on risks: what still chokes, who abroad gains and loses, shocks, doubts."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd

from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.html import figure_html
from zizhu.report.path import html as path_html
from zizhu.report.path.html import coloured, sentence
from zizhu.report.scenario_path import bands, figures, more_tables, risk_figures, tables, words
from zizhu.report.scenario_path.cells import QUICK, columns, plain, quiet, sourced, table
from zizhu.report.scenario_path.items import known_item


def chokes(outcome: ScenarioPath) -> list[str]:
    """Nodes that bind: since when, how hard, until when; nodes that move most."""
    found = tables.chokes(outcome)
    moved = path_html.nodes(outcome.outcome, outcome.focus, lambda item: known_item("chokes", item))
    if found.empty:
        return ["<p>No node binds in any year.</p>", "<h3>Nodes that move most</h3>", *moved]
    last, now = outcome.case.years[-1], more_tables.bars(outcome)
    heads = [
        ("node", ""),
        ("barred itself", "root"),
        ("binds from", "binds"),
        ("to", "spell"),
        ("most, %", "spell"),
        (f"lacking {last}, %", "lack"),
        ("baseline", "lack"),
        (f"barred {last}, %", "squeeze"),
        ("baseline", "squeeze"),
        ("purchases, bn", "purchases"),
        *([(f"binds in {last}, draws", "band_chance")] if outcome.bands else []),
    ]
    rows = [
        [
            f"{escape(row['name'])} <span class='quiet'>{escape(row.node)}</span>",
            "yes" if row.root else "",
            str(row["first"]),
            "still" if pd.isna(row.stopped) else str(row["last"]),
            f"{plain(row.peak)}&nbsp;in&nbsp;{row.peak_year}",
            *(plain(value) for value in now.loc[row.node]),
            plain(row.purchases, 2),
            *([f"{100 * bands.binding(outcome, row.node):.0f} %"] if outcome.bands else []),
        ]
        for _, row in found.iterrows()
    ]
    return [
        figure_html(risk_figures.chokepoints(outcome)),
        table("chokes", heads, rows),
        quiet(
            "Lacking: cannot be had at any price. Barred: barred and not from home, what buyers "
            "turn to others for at a higher price. Most: the larger of the two. A node that is not "
            "barred itself lacks an input. Purchases: bn USD in the last year in which it binds."
        ),
        "<h3>Nodes that move most</h3>",
        *moved,
    ]


def abroad(outcome: ScenarioPath) -> list[str]:
    """Real income of all other regions, what they sell to the focus, dual circulation."""
    found = tables.abroad(outcome)
    if found.empty:
        return [f"<p>{escape(sentence('; '.join(words.abroad(outcome))))}</p>"]
    order = found.iloc[:, -1].abs().sort_values(ascending=False, kind="stable").index
    sold = more_tables.sales(outcome)
    currency, last = outcome.case.world.currency, outcome.case.years[-1]
    name = outcome.case.world.region_name
    heads = [
        ("region", ""),
        *columns([f"income {year}, %" for year in found.columns], "income_effect"),
        (f"sales {last}, bn {currency}", "sales_change"),
        (f"sales {last}, %", "sales_change_percent"),
    ]
    rows = [
        [
            escape(name(str(code))),
            *(coloured(one, 3) for one in row),
            coloured(sold.money[str(code)], 1),
            coloured(sold.percent[str(code)], 1),
        ]
        for code, row in found.loc[order].iterrows()
    ]
    circulation = more_tables.circulation(outcome)
    round_heads = [
        ("percent of value added", ""),
        *columns(circulation.columns, "region_internal_share"),
    ]
    return [
        f"<p>{escape(sentence('; '.join(words.abroad(outcome))))}</p>",
        figure_html(risk_figures.abroad(outcome)),
        figure_html(risk_figures.sales(outcome)),
        table("abroad", heads, rows),
        quiet(
            "Income: real income against the baseline. Sales: to users in "
            f"{words.region_name(outcome)}, all sectors, against the baseline in {last}."
        ),
        "<h3>Dual circulation: value added that lives from demand at home</h3>",
        table(
            "abroad",
            round_heads,
            [[escape(str(one)), *map(plain, row)] for one, row in circulation.iterrows()],
        ),
    ]


def resilience(outcome: ScenarioPath) -> list[str]:
    """What stated shocks cost with and without the scenario's levers, and when they pay."""
    if outcome.resilience is None:
        return [f"<p>{QUICK}</p>"]
    found, shocks = outcome.resilience, tables.shocks(outcome)
    heads = [
        ("shock", ""),
        ("year", ""),
        ("loss, %", "loss"),
        ("without levers, %", "loss"),
        ("stated odds", "shock_probability"),
        ("break-even", "break_even"),
        ("levers", "verdict"),
    ]
    rows = [
        [
            escape(row.title),
            str(row.year),
            plain(row.loss, 3),
            plain(row.without, 3),
            f"{100 * row.probability:.3g} %",
            f"{100 * row.break_even:.3g} %" if np.isfinite(row.break_even) else "",
            escape(row.verdict),
        ]
        for _, row in shocks.iterrows()
    ]
    costs, currency = more_tables.insurance(outcome), outcome.case.world.currency
    cost_heads = [
        (f"bn {currency} a year, prices of {outcome.case.years[0]}", ""),
        *more_tables.INSURANCE.items(),
    ]
    means = "".join(
        f"<li>{escape(str(found['title'].sel(shock=one).item()))}: "
        f"{escape(str(found['means'].sel(shock=one).item()))}</li>"
        for one in found["shock"].values
    )
    known = np.isfinite(shocks["break_even"]).any()
    return [
        f"<p>{escape(words.resilience(outcome))}</p>",
        figure_html(risk_figures.shocks(outcome)),
        figure_html(risk_figures.insurance(outcome)) if known else "",
        table("resilience", heads, rows),
        table(
            "resilience",
            cost_heads,
            [[str(year), *(plain(one, 2) for one in row)] for year, row in costs.iterrows()],
        ),
        f'<ul class="quiet">{means}</ul>',
        quiet(
            "Without levers: the scenario with what presses on the region from outside, and "
            "without all that it or others do to build. The cost of duplication is what these "
            "levers take of real income in a year without a shock."
        ),
    ]


def doubts(outcome: ScenarioPath) -> list[str]:
    """How the headline moves with switches and parameters."""
    found = tables.doubts(outcome)
    if found.empty:
        return [f"<p>{QUICK}</p>"]
    heads = [
        ("choice", ""),
        ("set to", ""),
        ("income, %", "doubt"),
        ("moved, points", "doubt"),
        ("source", ""),
    ]
    rows = []
    for choice, ends in found.groupby("choice", sort=False):
        first = ends.iloc[0]
        rows.append(
            [
                f"{escape(first.title)} <span class='quiet'>{escape(str(choice))}</span>",
                "<br>".join(map(escape, ends["setting"])),
                "<br>".join(coloured(one, 3) for one in ends["income"]),
                "<br>".join(coloured(one, 3) for one in ends["moved"]),
                escape(first.source),
            ]
        )
    return [
        f"<p>{escape(words.robustness(outcome))}</p>",
        figure_html(figures.doubts(outcome)),
        sourced(table("doubts", heads, rows)),
        quiet(
            "Scenario and baseline both under the other choice, and measures sized on that "
            "baseline; ends are the 10th and 90th percentile of what is known of a parameter. One "
            "at a time: what several do together needs many draws."
        ),
    ]
