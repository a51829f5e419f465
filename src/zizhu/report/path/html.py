"""The page of a path: one self-contained HTML file that works offline and prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import pandas as pd
from plotly.offline import get_plotlyjs

from zizhu.laboratory.path.outcome import PathOutcome
from zizhu.report.html import STYLE, figure_html, html_table, warning_lines
from zizhu.report.path import figures, picks, tables, words
from zizhu.report.words import signed

_MORE = """
body{background:#fff;max-width:1080px}table{font-size:.84rem}
.verdict p{margin:.35rem 0}th{font-weight:600;font-size:.82rem}
.defs{font-size:.82rem;color:#555}.defs td,.defs th{text-align:left}summary{cursor:pointer;
color:#0072B2}.narrow table{width:auto}.words td:nth-child(2),
.words th:nth-child(2){text-align:left}
.plotly-graph-div{max-width:100%;overflow-x:auto}
@media print{body{max-width:none;margin:0}h2{page-break-after:avoid}
.verdict,table,.plotly-graph-div{page-break-inside:avoid}.modebar{display:none}}
"""


def _nowhere(_: str) -> str:
    """No place: heads of this page link to nothing."""
    return ""


def page_html(outcome: PathOutcome, focus: str) -> str:
    """The page of a path seen from one region, as HTML text."""
    title = words.title(outcome, focus)
    done = "".join(f"<li>{escape(sentence)}</li>" for sentence in words.done(outcome))
    sections = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">{escape(words.settings_line(outcome))}</p>',
        f"<ul>{done}</ul>" if done else "",
        '<div class="verdict">',
        *(f"<p>{escape(sentence)}</p>" for sentence in words.verdict(outcome, focus)),
        "</div>",
        *warning_lines(words.warnings(outcome)),
        *(_scenario if picks.moves(outcome) else _baseline)(outcome, focus),
        *rests_on(outcome, words.assumptions(outcome)),
    ]
    return whole_page(title, sections)


def whole_page(title: str, sections: Sequence[str]) -> str:
    """One self-contained file from its parts; the title is escaped here, parts are HTML already."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{_MORE}</style>"
        f"<script>{get_plotlyjs()}</script></head><body>{''.join(sections)}</body></html>"
    )


def _scenario(outcome: PathOutcome, focus: str) -> list[str]:
    name = escape(words.region_name(outcome, focus))
    years = picks.some_years(outcome, 8)
    income = picks.effects(outcome, picks.moved_regions(outcome, focus, 16), years)
    parts = [
        "<h2>Real income</h2>",
        figure_html(figures.real_income(outcome, focus)),
        html_table(
            ["percent against the baseline", *map(str, years)],
            [
                [escape(words.region_name(outcome, str(code))), *map(coloured, row)]
                for code, row in income.iterrows()
            ],
        ),
        *why(outcome, focus),
        f"<h2>Technology chains in {name}</h2>",
        *nodes(outcome, focus),
    ]
    if not picks.listed_firms(outcome).empty:
        parts += ["<h2>Listed firms</h2>", figure_html(figures.firms(outcome))]
    return [*parts, *_stocks(outcome, focus)]


def _baseline(outcome: PathOutcome, focus: str) -> list[str]:
    if len(picks.years_of(outcome)) == 1:
        return []
    name, years = escape(words.region_name(outcome, focus)), picks.some_years(outcome, 8)
    growth = tables.growth(outcome, focus)
    drift = tables.nodes_over_time(outcome, focus, years)
    parts = [
        "<h2>Growth of real income</h2>",
        figure_html(figures.growth(outcome, focus)),
        html_table(
            ["percent a year", *map(str, growth.columns)],
            [
                [
                    escape(words.region_name(outcome, str(code))),
                    *("none" if pd.isna(one) else f"{one:.1f}" for one in row),
                ]
                for code, row in growth.iterrows()
            ],
        ),
        '<p class="quiet">Real income is final spending over its price. The outlook is of real '
        "GDP around 2030, recalled from the IMF, of low confidence, and sets nothing here.</p>",
        f"<h2>Technology chains in {name}</h2>",
    ]
    if drift.empty:
        return [*parts, "<p>No home share moves by half a point or more.</p>"]
    return [
        *parts,
        figure_html(figures.home_shares(outcome, focus)),
        figure_html(figures.prices_and_lacks(outcome, focus)),
        html_table(
            ["home share, percent", *map(str, years)],
            [
                [_node(outcome, str(node)), *map("{:.1f}".format, row)]
                for node, row in drift.iterrows()
            ],
        ),
    ]


def why(outcome: PathOutcome, focus: str, place: Callable[[str], str] = _nowhere) -> list[str]:
    """Real income of the focus by channel: figure and table; nothing if no year is explained.

    place  of the page where a variable of the dataset is defined, for heads to link to
    """
    table = tables.channels(outcome, focus)
    if table.shape[1] == 0:
        return []
    total = picks.decomposed(outcome, focus).sum()
    rows = [
        [str(channel), escape(words.CHANNELS[str(channel)]), *(coloured(one, 4) for one in row)]
        for channel, row in table.iterrows()
    ]
    rows += [["<b>together</b>", "", *(f"<b>{signed(one, 4)}</b>" for one in total)]]
    percent = (signed(picks.effect(outcome, focus, int(year)), 4) for year in table.columns)
    rows += [["in percent", "", *percent]]
    columns = ["channel", "log points x 100", *map(str, table.columns)]
    anchors = ["", "", *[place("decomposition")] * table.shape[1]]
    head = html_table(columns, rows, anchors)
    return [
        "<h2>Why</h2>",
        figure_html(figures.decomposition(outcome, focus)),
        f'<div class="words">{head}</div>',
        '<p class="quiet">Shapley values: the order of channels plays no part. Channels add up to '
        "100 times the log of real income, scenario over baseline. What an earlier year did to "
        "knowledge, capital or chains counts under the channel through which it reaches this "
        "year.</p>",
    ]


def nodes(outcome: PathOutcome, focus: str, place: Callable[[str], str] = _nowhere) -> list[str]:
    """Nodes of technology chains that move most in the focus: figures and table.

    place  of the page where a variable of the dataset is defined, for heads to link to
    """
    table = tables.nodes(outcome, focus)
    if table.empty:
        return ["<p>No home share and no lack moves by half a point or more.</p>"]
    first, last = picks.years_of(outcome)[0], picks.years_of(outcome)[-1]
    head = ["node", f"home {first}, %", f"home {last}", "baseline", f"price {last}", "baseline"]
    head += ["lack, most, %", f"lack {last}", "baseline", f"gap {first}", f"gap {last}", "baseline"]
    columns = {"home": 1, "price": 2, "lack": 1, "gap": 0}
    variables = {name: "node_home_share" if name == "home" else f"node_{name}" for name in columns}
    anchors = [place(variables[str(name).split("_")[0]]) for name in table.columns.drop("name")]
    rows = [
        [
            _node(outcome, str(node)),
            *(
                f"{one:.{columns[str(name).split('_')[0]]}f}"
                for name, one in row.drop("name").items()
            ),
        ]
        for node, row in table.iterrows()
    ]
    return [
        figure_html(figures.home_shares(outcome, focus)),
        figure_html(figures.prices_and_lacks(outcome, focus)),
        html_table(head, rows, ["", *anchors]),
        '<p class="quiet">Home: percent of what users ask for that is supplied from home. Price: 1 '
        "is base sourcing with nothing barred, of services in place where the node is a tool. "
        "Lack: percent that cannot be had at any price. Gap: 100 times the log of unit cost over "
        "that of the ablest region. The path file has every node, region and year.</p>",
    ]


def _stocks(outcome: PathOutcome, focus: str) -> list[str]:
    years = picks.some_years(outcome, 8)
    rows = tables.stock_rows(outcome, focus, years)
    if not rows:
        return []
    head = [f"{focus} where no region is named", *map(str, years), f"baseline {years[-1]}"]
    return ["<h2>Stocks and flows that move</h2>", html_table(head, rows)]


def rests_on(outcome: PathOutcome, said: Sequence[str]) -> list[str]:
    """Audit, what is said to be assumed, sources, definitions of the path file, hashes."""
    case, made = outcome.path.case, outcome.manifest
    definitions = tables.definitions(outcome)
    rows = [[escape(str(cell)) for cell in row] for row in definitions.itertuples(index=False)]
    versions = ", ".join(f"{escape(k)} {escape(v)}" for k, v in made["versions"].items())
    return [
        "<h2>What it rests on</h2>",
        f"<p>{escape(sentence(words.audit_line(outcome)))}</p><ul>",
        *(f"<li>{escape(sentence(one))}</li>" for one in said),
        "</ul>",
        f"<p>World {escape(case.world.name)}: {escape(case.world.source)} "
        f"({escape(case.world.licence)}).</p>",
        f"<p>Elasticities: {escape(str(made['elasticities']['source']))}.</p>",
        '<details class="defs"><summary>definitions of every variable in path.nc</summary>',
        html_table(["variable", "by", "unit", "definition"], rows),
        "</details>",
        f'<p class="quiet">{versions}; world sha256 {made["world"]["sha256"][:16]}, wedges sha256 '
        f"{made['wedges']['sha256'][:16]}, parameters sha256 {made['parameters']['sha256'][:16]}; "
        f"{escape(made['finished'])}</p>",
    ]


def sentence(text: str) -> str:
    """A remark with a capital and a full stop."""
    return f"{text[0].upper()}{text[1:]}."


def coloured(value: float, digits: int = 2) -> str:
    """A number with its sign, in the colour of a gain or a loss."""
    text = signed(value, digits)
    kind = {"-": "bad", "+": "good"}.get(text[0], "")
    return f'<span class="{kind}">{text}</span>' if kind else text


def _node(outcome: PathOutcome, node: str) -> str:
    name = escape(picks.node_name(outcome, node))
    return f'{name} <span class="quiet">{escape(node)}</span>'
