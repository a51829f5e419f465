"""The page of a chain: one self-contained HTML file that works offline and prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from plotly.offline import get_plotlyjs

from zizhu.chains import Chain
from zizhu.laboratory.base.compared import NodeBase
from zizhu.laboratory.bottleneck import ChainLook, ChainRanking, CutAnswer
from zizhu.report.chains import columns, figures, ranking, words
from zizhu.report.chains.node_html import node_section
from zizhu.report.html import STYLE, figure_html, html_table

_MORE = """
body{background:#fff;max-width:1080px}table{font-size:.84rem}
.verdict p{margin:.35rem 0}details{margin:.4rem 0}.count{color:#8a5a00;font-weight:600}
summary{cursor:pointer;color:#0072B2}th{font-weight:600;font-size:.82rem}
.defs{font-size:.82rem;color:#555}.defs dt{font-weight:600;margin-top:.3rem}.defs dd{margin:0}
.left td:first-child{white-space:nowrap}
.left td,.left th,.rank td:nth-child(2),.rank th:nth-child(2){text-align:left}
.rank td{white-space:nowrap}.rank td:nth-child(2){white-space:normal;min-width:11rem}
.rank td,.rank th{padding:.25rem .35rem}.narrow table{width:auto}
.stage{white-space:normal;min-width:8rem}
.node{border-left:3px solid #dbe4ee;padding-left:.9rem}
.node h4{margin:.8rem 0 .2rem;font-size:.92rem}.node table{width:auto}.src{color:#666;
font-size:.8rem;overflow-wrap:anywhere}.node p{margin:.2rem 0;font-size:.88rem}
.plotly-graph-div{max-width:100%;overflow-x:auto}
@media print{body{max-width:none;margin:0}h2{page-break-after:avoid}
.verdict,table,.plotly-graph-div{page-break-inside:avoid}.modebar{display:none}}
"""


def page_html(look: ChainLook, base: NodeBase | None = None) -> str:
    """The page of one chain as HTML text; `base` is the base year of the node asked for."""
    chain = look.chain
    sections = [
        f"<h1>{escape(chain.title)}</h1>",
        f'<p class="quiet">{escape(words.subtitle(look))}</p>',
        f'<p class="count">{escape(words.count_line(chain))}</p>',
        f"<p>{escape(chain.note)}</p>" if chain.note else "",
        '<div class="verdict">',
        *(f"<p>{escape(sentence)}</p>" for sentence in words.verdict(look)),
        "</div><h2>The chain</h2>",
        figure_html(figures.graph(look)),
        f'<p class="quiet">Home share: {escape(columns.HOME)}. Thick outline: '
        f"{escape(words.controlled_words(look))}. Hatched: every share of its first block of "
        "suppliers is recalled. Grey: put together by its buyer. Point at a box or a line for its "
        "numbers.</p>",
        f"<h2>Which nodes choke {escape(look.buyer)}</h2>",
        figure_html(figures.scores(look)),
        *_ranking(look),
        f"<h2>{escape(words.sets_heading(look))}</h2>",
        *_sets(look),
    ]
    if look.cut_at_once is not None and look.cut_in_time is not None:
        sections += _cut(look, look.cut_at_once, look.cut_in_time)
    sections += ["<h2>Controls</h2>", *_controls(look), "<h2>Every node</h2>"]
    first = [look.node] if look.node else []
    sections += [
        node_section(look, name, base if name == look.node else None)
        for name in [*first, *(one for one in reversed(look.nodes) if one not in first)]
    ]
    sections += ["<h2>What it rests on</h2>", *_rests_on(look)]
    return _whole(chain.title, sections)


def ranking_html(found: ChainRanking, chains: Mapping[str, Chain]) -> str:
    """The joint ranking of the nodes of several chains as HTML text."""
    head = ["", "node", "chain", "score, 0 to 1", "places", "top, %", "choked stage", "rise, %"]
    head += ["home, %", "leader, %", "years"]
    rows = []
    for place, (chain, row) in enumerate(found.rows):
        one = found.by_chain[chain]
        rows.append(
            [
                str(place + 1),
                escape(words.short(chains[chain].nodes[one.nodes[row]].name)),
                f'<div class="stage">{escape(found.titles[chain])}</div>',
                f"{one.score[row]:z.2f}",
                f"{found.best[place]:.0f} to {found.worst[place]:.0f}",
                f"{100 * found.top[place]:.0f}",
                _stage(chains[chain], one.choked[row]),
                escape(words.rise(one.rise[row])),
                escape(words.percent(one.home[row])),
                escape(words.leader(one.leader[row], one.leader_part[row])),
                f"{one.years[row]:g}",
            ]
        )
    sections = [
        f"<h1>{escape(ranking.title(found))}</h1>",
        f'<p class="quiet">world {escape(found.world)}</p>',
        f'<p class="count">{escape(ranking.recalled_line(chains))}</p>',
        f'<div class="rank">{html_table(head, rows)}</div>',
        _definitions(ranking.definitions(found)),
    ]
    return _whole(ranking.title(found), sections)


def _whole(title: str, sections: Iterable[str]) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{_MORE}</style>"
        f"<script>{get_plotlyjs()}</script></head><body>{''.join(sections)}</body></html>"
    )


def _stage(chain: Chain, name: str) -> str:
    return f'<div class="stage">{escape(words.short(chain.nodes[name].name))}</div>'


def _definitions(named: Mapping[str, str]) -> str:
    entries = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in named.items()
    )
    return f'<details class="defs" open><summary>definitions</summary><dl>{entries}</dl></details>'


def _ranking(look: ChainLook) -> list[str]:
    found, doubt, nodes = look.ranking, look.doubt, look.chain.nodes
    head = ["", "node", "score", "cost", "dependence", "concentration", "time"]
    head += ["draws", "weightings"] if doubt else []
    head += ["choked stage", "rise, %", "final, %", "home, %", "leader, %", "years"]
    rows = []
    for row, name in enumerate(found.nodes):
        moved = []
        if doubt:
            moved = [
                f"{doubt.low[row]:.0f} to {doubt.high[row]:.0f}",
                f"{doubt.best[row]:.0f} to {doubt.worst[row]:.0f}",
            ]
        rows.append(
            [
                str(row + 1),
                escape(f"{words.short(nodes[name].name)} {words.marks(look, name)}"),
                f"<b>{found.score[row]:z.2f}</b>",
                *(f"{mark:z.2f}" for mark in found.marks[row]),
                *moved,
                _stage(look.chain, found.choked[row]),
                escape(words.rise(found.rise[row])),
                escape(words.rise(found.final[row])),
                escape(words.percent(found.home[row])),
                escape(words.leader(found.leader[row], found.leader_part[row])),
                f"{found.years[row]:g}",
            ]
        )
    named = {"score": columns.SCORE, "cost": columns.COST, "dependence": columns.DEPENDENCE}
    named |= {"concentration": columns.CONCENTRATION, "time": columns.TIME}
    if doubt:
        named |= {"draws": columns.DRAWS, "weightings": columns.WEIGHTINGS}
    named |= {"choked stage": columns.CHOKED, "rise": columns.RISE, "final": columns.FINAL}
    named |= {"home": columns.HOME, "leader": columns.LEADER, "years": columns.YEARS}
    parts = [f'<div class="rank">{html_table(head, rows)}</div>', _definitions(named)]
    if doubt:
        parts.append(
            f'<p class="quiet">Kendall\'s tau between this order and that of a draw: '
            f"{doubt.tau:z.2f} (median; 1 is the same order, 0 none).</p>"
        )
    signs = "; ".join(words.legend(look))
    return [*parts, f'<p class="quiet">Signs: {escape(signs)}.</p>']


def _sets(look: ChainLook) -> list[str]:
    parts = ["<p>None of up to three countries.</p>"]
    if look.sets:
        rows = [[escape(" + ".join(one.suppliers)), words.rise(one.rise)] for one in look.sets[:40]]
        parts = [f'<div class="narrow">{html_table(["countries", "rise, %"], rows)}</div>']
    left = len(look.sets) - 40
    more = f" And {left} more; all in tables/sets.csv." if left > 0 else ""
    parts.append(
        '<p class="quiet">Each is barred from every node at once, before substitutes are '
        f"qualified; without any one member the rise stays below the threshold.{more}</p>"
    )
    return parts


def _cut(look: ChainLook, first: CutAnswer, later: CutAnswer) -> list[str]:
    parts = [f"<h2>If cut: {escape(words.cut_names(first.cuts))}</h2>"]
    found = words.moving(first, later)
    if not found:
        return [*parts, f"<p>Nothing moves by more than {100 * words.MOVES:g} percent.</p>"]
    rows = [
        [
            escape(first.nodes[row]),
            *(
                escape(words.rise(one[row]))
                for one in (first.making, later.making, first.buying, later.buying)
            ),
            escape(words.cut_home(look, row)),
        ]
        for row in found
    ]
    head = ["node", "made, at once, %", "made, in time, %", "paid, at once, %", "paid, in time, %"]
    named = {"made": columns.MADE, "paid": columns.PAID, "home": columns.CUT_HOME}
    named |= {"at once": columns.AT_ONCE, "in time": columns.IN_TIME}
    return [*parts, html_table([*head, "home, %"], rows), _definitions(named)]


def _controls(look: ChainLook) -> list[str]:
    rows = [
        [
            escape(name),
            escape(words.periods(control)),
            escape(words.whom(control)),
            escape(f"{control.instrument}: {control.measure}"),
            escape(", ".join(nodes)),
        ]
        for name, (control, nodes) in words.controls_of(look).items()
    ]
    parts = [f"<p>{escape(words.controls_line(look))}</p>"]
    if rows:
        head = ["control", "binds", "by whom, on whom", "what", "nodes"]
        parts.append(f'<div class="left">{html_table(head, rows)}</div>')
    return parts


def _rests_on(look: ChainLook) -> list[str]:
    attached = [
        f"<li>{escape(', '.join(one.sectors))}: {escape(words.spread(one.cost_share, 'percent'))} "
        f"of unit cost; {escape(words.cited(look.chain, one.source, one.confidence))}</li>"
        for one in look.chain.attached
    ]
    listed = [
        f"<li>{escape(name)}: {escape(words.source(look.chain, name))}</li>"
        for name in look.chain.sources
    ]
    return [
        "<p>Sectors that use the final product; their output is what a region buys of the chain:"
        f"</p><ul>{''.join(attached)}</ul>",
        f'<p>Sources of the chain:</p><ul class="src">{"".join(listed)}</ul>',
        '<p class="quiet">Parameters, versions and hashes: manifest.json; all tables: tables/.</p>',
    ]
