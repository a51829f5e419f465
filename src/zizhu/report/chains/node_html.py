"""One node of a chain as a folded section of the page."""

from __future__ import annotations

from html import escape

from zizhu.chains import Edge
from zizhu.laboratory.base.compared import NodeBase
from zizhu.laboratory.bottleneck import ChainLook
from zizhu.report.chains import columns, words
from zizhu.report.chains.base import base_html
from zizhu.report.html import html_table


def node_section(look: ChainLook, name: str, base: NodeBase | None = None) -> str:
    """Everything about one node, with its base year if given; open if it was asked for."""
    node, chain = look.chain.nodes[name], look.chain
    state = " open" if name == look.node else ""
    title = f"{node.name} ({name}) {words.marks(look, name)}".rstrip()
    parts = [f"<details{state}><summary>{escape(title)}</summary><div class='node'>"]
    parts += [*_suppliers(look, name), *_substitutes(look, name)]
    if node.home_shares:
        parts.append("<h4>How far countries supply themselves</h4>")
    for home in node.home_shares:
        parts.append(f"<p>{escape(words.home_text(home))}</p>")
        parts.append(_from(words.cited(chain, home.source, home.confidence)))
    parts += base_html(chain, base) if base else []
    parts += _edges(look, "Inputs", chain.inputs(name))
    parts += _edges(look, "Users", chain.parents(name))
    if look.controls[name]:
        parts.append("<h4>Controls</h4>")
    for one, control in look.controls[name].items():
        text = f"{one}: {words.periods(control)}; {words.whom(control)}; {control.instrument} "
        text += f"({control.issuer}): {control.measure}"
        note = f" ({control.note})" if control.note else ""
        parts += [f"<p>{escape(text + note)}</p>", _from(words.control_source(control))]
    parts += _exposed(look) if name == look.node else []
    return "".join([*parts, "</div></details>"])


def _from(text: str) -> str:
    return f'<p class="src">source: {escape(text)}</p>'


def _suppliers(look: ChainLook, name: str) -> list[str]:
    node = look.chain.nodes[name]
    parts = ["<h4>Suppliers</h4>"]
    if node.assembled:
        parts.append("<p>Put together by its buyer, so that nobody can be barred from it.</p>")
    for number, block in enumerate(node.suppliers):
        rows = [
            [escape(code), f"{share:g}", escape(words.read_or_recalled(block, code))]
            for code, share in block.shares.items()
        ]
        parts += [
            f"<p>{escape(words.block_heading(node, number))}.</p>",
            html_table(["country", "share, %", "how known"], rows),
            f"<p>{escape(block.note)}</p>" if block.note else "",
            _from(words.cited(look.chain, block.source, block.confidence)),
        ]
    return parts


def _substitutes(look: ChainLook, name: str) -> list[str]:
    node, chain = look.chain.nodes[name], look.chain
    years, learning = node.years_to_qualify, node.learning
    note = f" ({years.note})" if years.note else ""
    parts = [
        "<h4>Substitutes</h4>",
        f"<p>Years to qualify one: {escape(words.spread(years) + note)}</p>",
        _from(words.cited(chain, years.source, years.confidence)),
    ]
    if learning:
        parts += [
            "<p>Fall of unit cost per doubling of cumulative output, a fraction: "
            f"{escape(words.spread(learning))}</p>",
            _from(words.cited(chain, learning.source, learning.confidence)),
        ]
    return parts


def _edges(look: ChainLook, title: str, edges: list[Edge]) -> list[str]:
    if not edges:
        return []
    chain, parts = look.chain, [f"<h4>{title}</h4>"]
    for edge in edges:
        other = chain.nodes[edge.input if title == "Inputs" else edge.parent].name
        total = f", so {words.percent(edge.cost_share)} percent of its cost" if edge.of else ""
        text = f"{words.spread(edge.share, 'percent')} of {words.edge_base(chain, edge)}{total}"
        parts.append(
            f"<p><b>{escape(other)}</b> {escape(text)}; {words.edge_kind(edge)}"
            f"{escape(f' ({edge.note})') if edge.note else ''}</p>"
        )
        parts.append(_from(words.cited(chain, edge.source, edge.confidence)))
    return parts


def _exposed(look: ChainLook) -> list[str]:
    rows = [
        [
            escape(one.buyer),
            escape(words.rise(one.rise)),
            escape(words.leader(one.leader, one.leader_part)),
            escape(words.percent(one.home)),
            escape(words.percent(one.weight)),
        ]
        for one in words.exposed(look)
    ]
    if not rows:
        return []
    head = ["buyer", "rise, %", "leader, %", "home, %", "weight, %"]
    note = f"Rise: {columns.EXPOSED_RISE}. Weight: {columns.WEIGHT}."
    return [
        "<h4>Who is exposed if its largest supplier outside is cut</h4>",
        html_table(head, rows),
        f'<p class="src">{escape(note)}</p>',
    ]
