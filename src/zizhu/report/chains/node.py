"""One node of a chain in the terminal: every value with its definition and its source."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from zizhu.chains import Edge
from zizhu.errors import ChainError
from zizhu.laboratory.base.compared import NodeBase
from zizhu.laboratory.bottleneck import ChainLook
from zizhu.report.chains import columns, words
from zizhu.report.chains.base import base_section
from zizhu.report.chains.terminal import grid, head, heading, meanings, quiet

_EXPOSED = 10


def node_page(look: ChainLook, base: NodeBase | None = None) -> RenderableType:
    """Everything about the node that was asked for, with its base year in the yearly loop."""
    if look.node is None:
        raise ChainError("a page of a node needs a look at that node")
    name, chain = look.node, look.chain
    node = chain.nodes[name]
    parts = head(look)
    parts.append(Text(f"\n{node.name} ({name}) {words.marks(look, name)}".rstrip(), style="bold"))
    parts.append(Text(f"{node.stage.replace('_', ' ')}, bought as {node.input}"))
    if node.assembled:
        parts.append(Text("Put together by its buyer, so that nobody can be barred from it."))
    parts += _place(look, name)
    parts += _suppliers(look, name)
    parts += _substitutes(look, name)
    parts += _home_shares(look, name)
    parts += base_section(chain, base) if base else []
    parts += _edges(look, "Inputs", chain.inputs(name))
    parts += _edges(look, "Users", chain.parents(name))
    parts += _controls(look, name)
    parts += _exposed(look)
    return Group(*parts)


def _place(look: ChainLook, name: str) -> list[RenderableType]:
    found = look.ranking
    if name not in found.nodes:
        return []
    row = found.nodes.index(name)
    most = words.leader(found.leader[row], found.leader_part[row])
    text = (
        f"Place {row + 1} of {len(found.nodes)} for {look.buyer}, score {found.score[row]:z.2f}: "
        f"home {words.percent(found.home[row])} percent, leader outside {most}, "
        f"{found.choked[row]} {words.rise(found.rise[row])} percent if all outside are barred."
    )
    if look.doubt:
        low, high = look.doubt.low[row], look.doubt.high[row]
        text += f" Over draws place {low:.0f} to {high:.0f}."
    gap = look.gaps[look.nodes.index(name)]
    if gap > 0.05:
        text += (
            f" World shares and home shares measured in buyers' own markets disagree by "
            f"{words.percent(gap)} percent of purchases; the home shares are used."
        )
    return [Text(text)]


def _from(text: str) -> Padding:
    return Padding(Text(f"source: {text}", style="dim"), (0, 0, 0, 2))


def _suppliers(look: ChainLook, name: str) -> list[RenderableType]:
    node = look.chain.nodes[name]
    parts: list[RenderableType] = [heading("Suppliers")]
    if not node.suppliers:
        return [*parts, Text("None: it has no shares of its own.")]
    for number, block in enumerate(node.suppliers):
        parts.append(Text(words.block_heading(node, number)))
        made = grid("country", "share, %", "how known", left=("country", "how known"))
        for code, share in block.shares.items():
            made.add_row(code, f"{share:g}", words.read_or_recalled(block, code))
        parts.append(Padding(made, (0, 0, 0, 2)))
        if block.note:
            parts.append(Padding(Text(block.note), (0, 0, 0, 2)))
        parts.append(_from(words.cited(look.chain, block.source, block.confidence)))
    return parts


def _substitutes(look: ChainLook, name: str) -> list[RenderableType]:
    node = look.chain.nodes[name]
    years = node.years_to_qualify
    parts: list[RenderableType] = [
        heading("Substitutes"),
        Text(f"Years to qualify one: {words.spread(years)}{_noted(years.note)}"),
        _from(words.cited(look.chain, years.source, years.confidence)),
    ]
    if node.learning:
        parts.append(
            Text(
                "Fall of unit cost per doubling of cumulative output, a fraction: "
                f"{words.spread(node.learning)}{_noted(node.learning.note)}"
            )
        )
        parts.append(_from(words.cited(look.chain, node.learning.source, node.learning.confidence)))
    if node.inputs_elasticity is not None:
        parts.append(Text(f"Elasticity between its inputs: {node.inputs_elasticity:g}"))
        parts.append(_from(words.source(look.chain, node.inputs_elasticity_source)))
    return parts


def _noted(note: str) -> str:
    return f" ({note})" if note else ""


def _home_shares(look: ChainLook, name: str) -> list[RenderableType]:
    parts: list[RenderableType] = [heading("How far countries supply themselves")]
    found = look.chain.nodes[name].home_shares
    if not found:
        return [*parts, Text("No figure.")]
    for home in found:
        parts.append(Text(words.home_text(home) + _noted(home.note)))
        parts.append(_from(words.cited(look.chain, home.source, home.confidence)))
    return parts


def _edges(look: ChainLook, title: str, edges: list[Edge]) -> list[RenderableType]:
    parts: list[RenderableType] = [heading(title)]
    if not edges:
        return [*parts, Text("None in this chain.")]
    for edge in edges:
        other = edge.input if title == "Inputs" else edge.parent
        total = f", so {words.percent(edge.cost_share)} percent of its cost" if edge.of else ""
        parts.append(
            Text.assemble(
                (other, "cyan"),
                f"  {words.spread(edge.share, 'percent')} of {words.edge_base(look.chain, edge)}"
                f"{total}; {words.edge_kind(edge)}{_noted(edge.note)}",
            )
        )
        parts.append(_from(words.cited(look.chain, edge.source, edge.confidence)))
        if edge.of_source and edge.of_source != edge.source:
            parts.append(_from(words.source(look.chain, edge.of_source)))
    return parts


def _controls(look: ChainLook, name: str) -> list[RenderableType]:
    when = f"Controls in force on the last day of {look.date}" if look.date else "Controls so far"
    parts: list[RenderableType] = [heading(when)]
    found = look.controls[name]
    if not found:
        return [*parts, Text("None.")]
    for one, control in found.items():
        parts.append(
            Text.assemble(
                (one, "cyan"),
                f"  {words.periods(control)}; {words.whom(control)}; {control.instrument} "
                f"({control.issuer}): {control.measure}{_noted(control.note)}",
            )
        )
        parts.append(_from(words.control_source(control)))
    return parts


def _exposed(look: ChainLook) -> list[RenderableType]:
    parts: list[RenderableType] = [heading("Who is exposed if its largest supplier outside is cut")]
    found = words.exposed(look)
    if not found:
        return [*parts, Text("Nobody: the buyer puts it together, or makes all of it.")]
    made = grid("buyer", "rise, %", "leader", "home", "weight", left=("buyer",))
    for one in found[:_EXPOSED]:
        made.add_row(
            one.buyer,
            words.rise(one.rise),
            words.leader(one.leader, one.leader_part),
            words.percent(one.home),
            words.percent(one.weight),
        )
    left = len(found) - _EXPOSED
    more = quiet(f"and {left} more buyers; --output writes them all") if left > 0 else []
    explained = {
        "rise": columns.EXPOSED_RISE,
        "leader": columns.LEADER,
        "home": columns.HOME,
        "weight": columns.WEIGHT,
    }
    return [*parts, made, *more, meanings(explained)]
