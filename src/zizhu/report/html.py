"""The report: one self-contained HTML file that works offline."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.io as pio
from plotly.offline import get_plotlyjs

from zizhu.laboratory import Outcome
from zizhu.report import figures, tables, words

STYLE = """
body{font-family:Inter,Helvetica,Arial,sans-serif;color:#222;max-width:960px;margin:2rem auto;
padding:0 1.2rem;line-height:1.5}
h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2.2rem 0 .6rem;
border-bottom:1px solid #ddd;padding-bottom:.2rem}
.verdict{font-size:1.15rem;background:#f3f6fa;border-left:4px solid #0072B2;padding:.9rem 1.1rem;
margin:1.2rem 0}.warning{background:#fdf3e1;border-left:4px solid #E69F00;padding:.5rem 1.1rem;
margin:.6rem 0}.quiet{color:#666;font-size:.88rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.6rem 0}
th{text-align:right;border-bottom:2px solid #444;padding:.3rem .5rem;vertical-align:bottom}
td{text-align:right;border-bottom:1px solid #eee;padding:.25rem .5rem}
th:first-child,td:first-child{text-align:left}
.scroll{overflow-x:auto}.bad{color:#b34700}.good{color:#005a8c}
code{background:#f4f4f4;padding:.05rem .25rem}
"""


def _number(value: float, digits: int, *, coloured: bool = False) -> str:
    text = words.signed(value, digits) if coloured else f"{value:,.{digits}f}"
    if not coloured:
        return text
    kind = "bad" if text.startswith("-") else "good" if text.startswith("+") else ""
    return f'<span class="{kind}">{text}</span>' if kind else text


def html_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], places: Sequence[str] = ()
) -> str:
    """A table; heads are escaped here, cells are HTML already.

    places  of the page that heads link to, one for each column, empty for none
    """
    linked = zip(columns, places or [""] * len(columns), strict=True)
    head = "".join(
        f'<th><a href="#{place}">{escape(column)}</a></th>'
        if place
        else f"<th>{escape(column)}</th>"
        for column, place in linked
    )
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def figure_html(figure: object) -> str:
    """A Plotly figure as HTML without the library itself."""
    return str(
        pio.to_html(figure, include_plotlyjs=False, full_html=False, config={"displaylogo": False})
    )


def warning_lines(sentences: Sequence[str]) -> list[str]:
    """Warnings as they stand under a verdict."""
    return [f'<p class="warning">{escape(one)}</p>' for one in sentences]


def report_html(outcome: Outcome) -> str:
    """The whole report as one HTML text."""
    scenario, world, currency = outcome.scenario, outcome.world, outcome.world.currency
    moves = bool(scenario.measures)
    sections = [
        f"<h1>{escape(scenario.title)}</h1>",
        f'<p class="quiet">{escape(words.options_line(outcome))}</p>',
        f'<div class="verdict">{escape(words.headline(outcome))} '
        f"{escape(words.doubt(outcome))}</div>",
        *warning_lines(words.warnings(outcome)),
        f"<p>{escape(scenario.context)}</p>",
        "<h2>Who gains, who loses</h2>",
        figure_html(figures.real_income(outcome)),
        html_table(
            [
                "region",
                "real income, %",
                "real wage, %",
                "terms of trade, % of income",
                f"tariff revenue, bn {currency}",
                f"public cost, bn {currency}",
            ],
            [
                [
                    escape(row.region),
                    _number(row.real_income, 3, coloured=True),
                    _number(row.real_wage, 3, coloured=True),
                    _number(row.terms_of_trade, 3, coloured=True),
                    words.signed(row.tariff_revenue / 1e3, 1),
                    words.signed(row.fiscal_cost / 1e3, 1),
                ]
                for _, row in tables.by_region(outcome).iterrows()
            ],
        ),
        '<p class="quiet">Changes from the base. Public cost is subsidies, preference, outlays '
        "and excess cost of public funds less tariff and export tax revenue. Terms of trade: "
        "price change of exports less imports at producer prices, a gain only under constant "
        "returns. Money at world value added as numeraire.</p>",
    ]
    if moves:
        sections += [
            f"<h2>What becomes domestic in {escape(world.region_name(outcome.focus))}</h2>",
            figure_html(figures.self_sufficiency(outcome)),
            figure_html(figures.output(outcome)),
            f'<p class="quiet">{escape(words.not_made(outcome))}</p>',
        ]
    if outcome.variants:
        sections += [
            "<h2>What it becomes under other choices</h2>",
            figure_html(figures.variants(outcome)),
            html_table(
                ["real income, %", *(variant.title for variant in outcome.variants)],
                [
                    [
                        escape(world.region_name(region)),
                        *(escape(words.variant_value(one, region)) for one in outcome.variants),
                    ]
                    for region in world.regions
                ],
            ),
            *(f'<p class="quiet">{escape(note)}</p>' for note in words.variant_notes(outcome)),
        ]
    if outcome.drivers:
        rows = [
            [
                escape(
                    f"{driver.elasticity}, {world.sector_name(driver.sector)} ({driver.sector})"
                ),
                _number(driver.value, 3),
                words.signed(driver.effect, 4),
            ]
            for driver in outcome.drivers[:8]
        ]
        name = escape(world.region_name(outcome.focus))
        sections += [
            "<h2>Which elasticities drive it</h2>",
            html_table(
                ["elasticity", "value", "percentage points of real income per 1 % more"], rows
            ),
            f'<p class="quiet">Exact derivatives of the real income of {name} at the solution, '
            "base held fixed.</p>",
        ]
    sections += [
        "<h2>What was done</h2>",
        html_table(
            ["measure", "lever", "size", "source"],
            [
                [
                    escape(measure.label),
                    escape(measure.lever),
                    escape(_size_text(measure)),
                    escape(measure.source),
                ]
                for measure in scenario.measures
            ],
        )
        if moves
        else "<p>No measure.</p>",
        "<h2>What it rests on</h2>",
        f"<p>{escape(words.audit_line(outcome))}. "
        + escape(" ".join(f"{note}." for note in outcome.notes))
        + "</p>",
        f"<p>World {escape(world.name)}: {escape(world.source)} ({escape(world.licence)}).</p><ul>"
        + "".join(f"<li>{escape(note)}</li>" for note in world.notes)
        + "</ul>",
        f"<p>Elasticities: {escape(str(outcome.manifest['elasticities']['source']))}.</p>",
        "<p>Sources of the scenario:</p><ul>"
        + "".join(f"<li>{escape(source)}</li>" for source in scenario.sources)
        + "</ul>"
        if scenario.sources
        else "",
        '<p class="quiet">'
        + ", ".join(f"{escape(k)} {escape(v)}" for k, v in outcome.manifest["versions"].items())
        + f"; world sha256 {outcome.manifest['world']['sha256'][:16]}, scenario sha256 "
        f"{outcome.manifest['scenario']['sha256'][:16]}; "
        f"{escape(outcome.manifest['finished'])}</p>",
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(scenario.title)}</title><style>{STYLE}</style>"
        f"<script>{get_plotlyjs()}</script></head><body>{''.join(sections)}</body></html>"
    )


def _size_text(measure: object) -> str:
    for field in ("size", "rate", "cut", "cost", "tariff_cut"):
        value = getattr(measure, field, None)
        if isinstance(value, dict):
            return f"{len(value)} sizes by sector"
        if value is not None:
            cut = getattr(measure, "trade_cost_cut", None)
            more = f", trade cost {cut}" if cut is not None and cut.value else ""
            return f"{value}{more}"
    return ""
