"""The page of an answer: one self-contained HTML file that works offline and prints."""

from __future__ import annotations

from html import escape

from plotly.offline import get_plotlyjs

from zizhu.laboratory import Dependence
from zizhu.laboratory.dependence import Table
from zizhu.report.dependence import figures, figures_losses, words
from zizhu.report.dependence.absent import absent, leading, left_out
from zizhu.report.dependence.verdict import verdict
from zizhu.report.html import STYLE, figure_html, html_table

_MORE = """
body{background:#fff;max-width:1080px}table{font-size:.84rem}
.key{text-align:left;white-space:nowrap}.verdict p{margin:.35rem 0}details{margin:.4rem 0}
summary{cursor:pointer;color:#0072B2}th{font-weight:600;font-size:.82rem}
.defs{font-size:.82rem;color:#555}.defs dt{font-weight:600;margin-top:.3rem}.defs dd{margin:0}
td .quiet{display:block;text-align:left}
@media print{body{max-width:none;margin:0}h2{page-break-after:avoid}
.verdict,table,.plotly-graph-div{page-break-inside:avoid}summary,.modebar{display:none}}
"""
# What columns are called on the page; definitions stand under each table.
_NAMES = {
    "weight": "weight",
    "face_value": "first tier",
    "look_through": "all tiers",
    "hidden": "hidden",
    "leader_share": "largest country's share",
    "home_share": "home share",
    "final_market": "final demand abroad",
    "market_look_through": "producers abroad, all tiers",
    "internal_share": "income from demand at home",
    "import_share": "share of imports",
    "use_share": "share of use",
    "stopped_output": "output stopped at once, at most",
    "missing_content": "missing in output",
    "missing_final_use": "missing in final use",
    "supplier_income_exposed": "supplier's income exposed",
    "real_income_loss": "loss of real income",
    "supplier_real_income_loss": "supplier's loss of real income",
    "value_added_absorbed": "value added absorbed",
    "sales": "sold directly",
    "rank_low": "best rank over weights",
    "rank_high": "worst rank over weights",
    "top_ten": "weightings in the top ten",
    "foreign_share": "foreign share",
    "effective_number": "as many equal suppliers",
    "largest_share": "largest share",
    "hhi": "Herfindahl index",
    "world_share": "share of world output",
}
_REGIONS = ("supplier", "leader", "market", "origin", "user")
_SECTORS = ("sector", "input")
_SHOWN, _FOLDED = 15, 60


def page_html(answer: Dependence) -> str:
    """The whole page as one HTML text."""
    title = escape(words.title(answer))
    sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in verdict(answer))
    sections = [
        f"<h1>{title}</h1>",
        f'<p class="quiet">{escape(words.subtitle(answer))}</p>',
        f'<div class="verdict">{sentences}</div>',
        *_body(answer),
        "<h2>What this cannot say</h2><ul>",
        *(f"<li>{escape(line)}</li>" for line in words.limits(answer)),
        "</ul>",
        *_rests_on(answer),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}{_MORE}</style>"
        f"<script>{get_plotlyjs()}</script></head><body>{''.join(sections)}</body></html>"
    )


def _body(answer: Dependence) -> list[str]:
    solved = bool(answer.model)
    if answer.on:
        parts = ["<h2>Both ways</h2>", _headlines(answer)]
        parts += _drawn(figures.both_ways(answer))
        parts += _listing(answer, "by_sector")
        if "inputs" in answer.tables:
            parts += ["<h2>Inputs bought from each other</h2>", *_listing(answer, "inputs")]
        parts += ["<h2>Products</h2>", *_listing(answer, "products")]
        parts.append("<h2>What is lost</h2>")
        if solved:
            parts += _drawn(figures_losses.pair_losses(answer))
        parts += _listing(answer, "losses")
    else:
        parts = ["<h2>At a glance</h2>"]
        if answer.sector:
            parts += _drawn(figures.flow_of_inputs(answer))
        parts += _drawn(figures.exposure(answer)) + _drawn(figures.suppliers(answer))
        parts += ["<h2>Leading numbers</h2>", _headlines(answer)]
        if answer.sector:
            parts += _drawn(figures.six_definitions(answer))
            parts += ["<h2>Inputs</h2>", *_listing(answer, "inputs")]
        else:
            parts += ["<h2>Sectors</h2>", *_listing(answer, "sectors")]
        parts.append("<h2>Suppliers, and what is lost without them</h2>")
        if solved:
            parts += _drawn(figures_losses.losses(answer))
        parts += _listing(answer, "suppliers")
        if answer.sector:
            parts += ["<h2>How few suppliers</h2>", *_listing(answer, "concentration")]
        parts += ["<h2>Products that could be missed least</h2>", *_listing(answer, "chokepoints")]
        parts += ["<h2>Markets</h2>", *_listing(answer, "markets")]
        if answer.sector:
            parts += ["<h2>Value added in exports</h2>", *_listing(answer, "value_added")]
    if "history" in answer.tables:
        parts.append("<h2>Year by year</h2>")
        parts += _drawn(figures.history(answer))
        parts += _listing(answer, "history")
    return parts


def _drawn(figure: object | None) -> list[str]:
    return [] if figure is None else [figure_html(figure)]


def _headlines(answer: Dependence) -> str:
    rows = []
    for one in (answer.headlines[name] for name in leading(answer)):
        digits = words.digits_of(one)
        label = one.label
        if answer.on:
            here, there = answer.region, answer.on
            way = f"{there} on {here}" if one.name.startswith("reverse_") else f"{here} on {there}"
            label = f"{way}: {label}"
        rows.append(
            [
                escape(label),
                words.number(one.value, digits, marked=one.marked),
                words.spread(one, digits),
                escape(one.column.units),
                f'<span class="quiet">{escape(one.column.definition)}</span>',
            ]
        )
    head = ["", "value", "80 percent range", "unit", f"definition ({answer.world.year})"]
    left = [left_out(answer)] if left_out(answer) else []
    said = [*left, *words.doubt(answer)]
    lines = "".join(f'<p class="quiet">{escape(line)}.</p>' for line in said)
    return html_table(head, rows) + lines


def _listing(answer: Dependence, name: str) -> list[str]:
    """A table with its definitions folded under it; long ones are cut, the CSV is not."""
    if absent(answer, name):
        return [f"<p>{escape(absent(answer, name))}</p>"]
    table = answer.tables[name]
    count = min(len(table.frame), _FOLDED if name == "history" else _SHOWN)
    shown = [column for column in table.columns if not _empty(table, column)]
    head = [_key(key) for key in table.keys]
    head += [f"{_called(answer, c)}, {_unit(table.columns[c].units)}" for c in shown]
    rows = [
        [_label(answer, key, table.frame[key].iloc[row]) for key in table.keys]
        + [words.cell(table, row, column, _digits(column)) for column in shown]
        for row in range(count)
    ]
    left = len(table.frame) - count
    more = f" The first {count} of {len(table.frame)}; all in tables/{name}.csv." if left else ""
    text = f"{table.title}. {'Published data alone.' if name == 'history' else answer.world.year}"
    definitions = "".join(
        f"<dt>{escape(_called(answer, c))}</dt><dd>{escape(table.columns[c].definition)} "
        f"({escape(table.columns[c].units)})</dd>"
        for c in shown
    )
    sources = sorted({table.columns[c].source for c in shown})
    return [
        f'<p class="quiet">{escape(text)}.{escape(more)}</p>'.replace("..", "."),
        html_table(head, rows),
        f'<details class="defs"><summary>definitions and sources</summary><dl>{definitions}</dl>'
        + "".join(f"<p>{escape(source)}</p>" for source in sources)
        + "</details>",
    ]


def _empty(table: Table, column: str) -> bool:
    return bool(table.frame[column].isna().all())


def _called(answer: Dependence, column: str) -> str:
    if answer.on:
        here, there = answer.region, answer.on
        plain = column.removeprefix("reverse_")
        way = ""
        if plain in ("face_value", "look_through", "hidden", "imports", "use_share", "bought"):
            way = f"{here} on {there}: "
        if plain in ("import_share", "share") or column.startswith("reverse_"):
            way = f"{here} on {there}: "
        if column.startswith("reverse_"):
            way = f"{there} on {here}: "
        return way + _NAMES.get(plain, plain.replace("_", " "))
    return _NAMES.get(column, column.replace("_", " "))


def _key(key: str) -> str:
    return {"leader": "largest country"}.get(key, key)


def _unit(units: str) -> str:
    if units.startswith("percent of weightings"):
        return "%"
    return {"percent": "%", "1": "number"}.get(units, units.replace("percent of", "% of"))


def _label(answer: Dependence, key: str, value: object) -> str:
    text = str(value)
    if key in _REGIONS:
        text = answer.world.region_name(text)
    elif key in _SECTORS:
        text = f"{answer.world.sector_name(text)} ({text})"
    return f'<div class="{"quiet" if key == "leader" else "key"}">{escape(text)}</div>'


def _digits(column: str) -> int:
    if column in ("exports", "imports", "reverse_imports", "bought", "reverse_bought") or (
        column.startswith("rank")
    ):
        return 0
    if column == "hhi":
        return 3
    two = ("loss", "score", "concentration", "substitution")
    return 2 if column in two or column.endswith("income_loss") else 1


def _rests_on(answer: Dependence) -> list[str]:
    world = answer.world
    parts = [
        "<h2>What it rests on</h2>",
        f"<p>World {escape(world.name)}: {escape(world.source)} ({escape(world.licence)}).</p>",
    ]
    if world.notes:
        parts.append("<ul>" + "".join(f"<li>{escape(note)}</li>" for note in world.notes) + "</ul>")
    parts += [f"<p>{escape(note)}</p>" for note in answer.notes]
    if words.model_line(answer):
        parts.append(f"<p>{escape(words.model_line(answer))}.</p>")
    return parts
