"""What is known about a chain in plain words, used by terminal and HTML alike."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zizhu.chains import Chain, Control, Edge, HomeShare, Node, Ranged, SupplierBlock
from zizhu.chains import controls as timeline
from zizhu.chains.chain import OTHER
from zizhu.laboratory.bottleneck import ChainLook, CutAnswer, Exposure

# A cut node is shown if cost or price move by more than this part.
MOVES = 5e-4
# So many smallest sets are named in a sentence; the table has all.
SETS_NAMED = 3
# Signs behind a node, and what they mean; `controlled` depends on the date.
CONTROLLED, RECALLED, ASSEMBLED = "!", "?", "&"
DEFINITIONS = {
    "home_market": "share of its own market",
    "home_capacity": "share of its own capacity",
    "world_share_location": "share of the world market, plants by location",
    "world_share_headquarters": "share of the world market, firms by headquarters",
    "output_over_use": "made at home over home use",
    "firms_over_use": "revenue of its firms over its market",
    "local_content": "local content",
    "installed_use": "share of what is installed and used",
    "other": "another measure",
}
_NO_SUPPLIER = "none"


def number(value: float) -> str:
    """A percentage with as many digits as it deserves."""
    size = abs(value)
    if size < 1e-6:
        return "0"
    if size < 0.05:
        return "<0.1"
    return f"{value:.1f}" if size < 9.95 else f"{value:,.0f}"


def percent(part: float) -> str:
    """A fraction as a percentage, without the sign of percent."""
    return number(100 * part)


def rise(part: float) -> str:
    """A proportional rise in percent, with its sign."""
    text = percent(part)
    return text if text == "0" or text[0] in "-<" else f"+{text}"


def spread(given: Ranged, unit: str = "") -> str:
    """A central value with its range."""
    unit = f" {unit}" if unit else ""
    if given.low == given.high:
        return f"{given.value:g}{unit}"
    return f"{given.value:g}{unit} ({given.low:g} to {given.high:g})"


def count_line(chain: Chain) -> str:
    """Size of the chain and how much of it was read in a source: on every page."""
    confirmed, every = chain.share_counts()
    return (
        f"{len(chain.nodes)} nodes, {len(chain.edges)} edges; {every - confirmed} of {every} "
        f"supplier shares recalled ({100 * chain.recalled_part:.0f} percent), the rest read in a "
        "source"
    )


def subtitle(look: ChainLook) -> str:
    """As-of date, buyer, world."""
    return f"as of {look.chain.as_of}; buyer {look.buyer}; world {look.world}"


def recalled(node: Node) -> bool:
    """Whether no share of the first block was read in a source."""
    return bool(node.suppliers) and not set(node.suppliers[0].confirmed) - {OTHER}


def controlled_words(look: ChainLook) -> str:
    """What it means here that a node is controlled."""
    when = f"in force on the last day of {look.date}" if look.date else "at any time so far"
    return f"named by a control {when}, whoever it aims at"


def marks(look: ChainLook, node: str) -> str:
    """Signs behind the name of a node."""
    one = look.chain.nodes[node]
    signs = [
        (CONTROLLED, bool(look.controls[node])),
        (RECALLED, recalled(one)),
        (ASSEMBLED, one.assembled),
    ]
    return "".join(sign for sign, holds in signs if holds)


def legend(look: ChainLook) -> list[str]:
    """What the signs mean that occur in this chain."""
    meanings = {
        CONTROLLED: controlled_words(look),
        RECALLED: "every share of its first block of suppliers is recalled, none was read",
        ASSEMBLED: "put together by its buyer: only its inputs can be cut",
    }
    used = "".join(marks(look, node) for node in look.nodes)
    return [f"{sign} {meaning}" for sign, meaning in meanings.items() if sign in used]


def leader(name: str, part: float) -> str:
    """Largest supplier outside and its part of purchases."""
    return f"{name} {percent(part)}" if part > 1e-9 else _NO_SUPPLIER


def verdict(look: ChainLook) -> list[str]:
    """The cut if one was asked for, the most critical node, the smallest sets of countries."""
    ranking, names = look.ranking, look.chain.nodes
    asked = [cut_line(look)] if look.cut_at_once is not None else []
    if not ranking.nodes:
        return asked
    first, stage = ranking.nodes[0], ranking.choked[0]
    what = "its price" if stage == first else f"the cost of {names[stage].name} made at home"
    text = (
        f"The most critical node for {look.buyer} is {names[first].name}: without any supplier "
        f"outside, {what} rises by {percent(ranking.rise[0])} percent before substitutes are "
        "qualified"
    )
    if ranking.leader_part[0] > 1e-9:
        text += f". {ranking.leader[0]} supplies {percent(ranking.leader_part[0])} percent of it"
    return [*asked, f"{text}; a substitute takes {ranking.years[0]:g} years.", sets_line(look)]


def cut_line(look: ChainLook) -> str:
    """Which stage the cuts hit most, and what is left of it in time."""
    now, later = look.cut_at_once, look.cut_in_time
    if now is None or later is None:
        return ""
    cuts = " and ".join(str(cut) for cut in now.cuts)
    made = [row for row, node in enumerate(now.nodes) if not look.chain.nodes[node].assembled]
    worst = max(made, key=lambda row: float(now.making[row]))
    if now.making[worst] < MOVES:
        return f"Barring {cuts} from {look.buyer} makes no stage at home dearer."
    return (
        f"Barring {cuts} from {look.buyer} makes {look.chain.nodes[now.nodes[worst]].name} at home "
        f"{percent(now.making[worst])} percent dearer before substitutes are qualified, "
        f"{percent(later.making[worst])} after."
    )


def sets_line(look: ChainLook) -> str:
    """How few countries can raise the cost of the target by the threshold."""
    goal = look.chain.nodes[look.target].name
    wanted = f"the cost of making {goal} by {number(100 * look.threshold)} percent or more"
    if not look.sets:
        return f"No set of up to three countries raises {wanted}."
    named = [" with ".join(one.suppliers) for one in look.sets[:SETS_NAMED]]
    rest = len(look.sets) - len(named)
    listed = ", or ".join(named) + (f", or one of {rest} more sets" if rest else "")
    whole = "; no other smallest set of up to three does" if not rest else ""
    return f"Barring {listed}, from every node, raises {wanted}{whole}."


def sets_heading(look: ChainLook) -> str:
    """What the smallest sets of countries are about."""
    goal = short(look.chain.nodes[look.target].name)
    return (
        "Smallest sets of countries that raise the cost of making "
        f"{goal} by {number(100 * look.threshold)} percent or more"
    )


def block_heading(node: Node, number_of_block: int) -> str:
    """Definition of a block of suppliers and what it is used for."""
    block = node.suppliers[number_of_block]
    used = number_of_block == 0 and not node.assembled
    text = block.definition[0].upper() + block.definition[1:]
    return f"{text}; {'used in the model' if used else 'shown only, not used in the model'}"


def read_or_recalled(block: SupplierBlock, code: str) -> str:
    """Whether one share was read in a source; the rest of the market is neither."""
    if code == OTHER:
        return "the rest"
    return "read in the source" if code in block.confirmed else "recalled"


def source(chain: Chain, cited: str) -> str:
    """A source written out; an assumption is one already."""
    if cited not in chain.sources:
        return cited
    one = chain.sources[cited]
    kinds = {"recalled": "; recalled, not seen", "judgement": "; a judgement of ours"}
    where = "" if one.kind in kinds else f", {one.where}"
    return f"{one.authors} ({one.year}): {one.title}{where}{kinds.get(one.kind, '')}"


def cited(chain: Chain, source_id: str, confidence: str) -> str:
    """A source written out with the confidence in what is taken from it."""
    return f"{source(chain, source_id)} [confidence {confidence}]"


def home_text(home: HomeShare) -> str:
    """A home share with its definition."""
    span = spread(home, "percent")
    part = f", only {home.scope}" if home.scope else ""
    return f"{home.region} {span}, {DEFINITIONS[home.definition]}{part}, {home.year}: {home.means}"


def edge_base(chain: Chain, edge: Edge) -> str:
    """What the share of an edge is a share of."""
    base = chain.nodes[edge.parent].cost_base
    if edge.of and edge.of_part is not None:
        return f"{edge.of}, which is {spread(edge.of_part, 'percent')} of {base}"
    return base


def edge_kind(edge: Edge) -> str:
    """Whether a parent can do with less of an input."""
    return "essential" if edge.essential else "replaceable"


def periods(control: Control) -> str:
    """When a control binds, in words."""
    if not control.periods:
        return control.state
    return "; ".join(
        f"{one.start} until {one.until}" if one.until else f"since {one.start}"
        for one in control.periods
    )


def whom(control: Control) -> str:
    """Who keeps what from whom."""
    return f"{', '.join(control.by)} on {', '.join(control.on)}"


def controls_of(look: ChainLook) -> dict[str, tuple[Control, list[str]]]:
    """Controls by id with the nodes of this chain that they name."""
    found: dict[str, tuple[Control, list[str]]] = {}
    for node, named in look.controls.items():
        for name, control in named.items():
            found.setdefault(name, (control, []))[1].append(node)
    return dict(sorted(found.items(), key=lambda item: item[1][0].announced))


def controls_line(look: ChainLook) -> str:
    """How many controls there are at the date, or in the whole timeline."""
    found = controls_of(look)
    nodes = sum(bool(named) for named in look.controls.values())
    if look.date:
        last = f"on the last day of {look.date}"
        if not found:
            return f"No control names a node of this chain {last}."
        return f"{len(found)} in force {last}; they name {nodes} nodes."
    if not found:
        return "The timeline of controls names no node of this chain."
    return (
        f"{len(found)} in the whole timeline, the first of "
        f"{next(iter(found.values()))[0].announced}; they name {nodes} nodes. "
        "Give --at a date for those in force."
    )


def short(name: str) -> str:
    """A name without what stands in brackets."""
    return re.sub(r"\s*\([^)]*\)", "", name) or name


def sectors(chain: Chain) -> str:
    """Sectors that use the final product."""
    return ", ".join(sector for one in chain.attached for sector in one.sectors)


def cut_home(look: ChainLook, row: int) -> str:
    """Part of purchases from itself before and after the cut; none for what is assembled."""
    first = look.cut_at_once
    if first is None or look.chain.nodes[first.nodes[row]].assembled:
        return ""
    return f"{percent(first.home_before[row])} to {percent(first.home_after[row])}"


def cut_names(cuts: Iterable[object]) -> str:
    """The cuts that were asked for."""
    return "; ".join(map(str, cuts))


def moving(first: CutAnswer, later: CutAnswer) -> list[int]:
    """Rows of the nodes that a cut moves, the largest move first."""
    columns = (first.making, later.making, first.buying, later.buying)
    most = {row: max(abs(float(one[row])) for one in columns) for row in range(len(first.nodes))}
    return sorted((row for row in most if most[row] > MOVES), key=lambda row: -most[row])


def control_source(control: Control) -> str:
    """The source of a control written out."""
    one = timeline().sources.get(control.source)
    if one is None:
        return f"{control.source} [confidence {control.confidence}]"
    where = "; recalled, not seen" if one.kind == "recalled" else f", {one.where}"
    return f"{one.authors} ({one.year}): {one.title}{where} [confidence {control.confidence}]"


def exposed(look: ChainLook) -> list[Exposure]:
    """Buyers that have a supplier outside, the largest rise first; larger buyers first in ties."""
    found = [one for one in look.exposed if one.leader_part > 1e-9]
    return sorted(found, key=lambda one: (-round(one.rise, 3), -one.weight))
