"""A chain in the terminal: readable at 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from zizhu.chains import Chain
from zizhu.laboratory.bottleneck import ChainLook, CutAnswer
from zizhu.report.chains import columns, words
from zizhu.report.chains.tree import branches

_TREE_WIDTH = 55
_SETS = 12


def heading(text: str) -> Text:
    """A heading of a part of a page."""
    return Text(f"\n{text}", style="bold")


def quiet(*lines: str) -> list[RenderableType]:
    """Remarks, one a line, wrapped under their beginning."""
    return [Padding(Text(line, style="dim"), (0, 0, 0, 0)) for line in lines]


def grid(*columns_: str, left: Iterable[str] = (), space: int = 2) -> Grid:
    """A table without lines; columns named in `left` hold words."""
    made = Grid(box=None, pad_edge=False, padding=(0, space, 0, 0))
    words_in = set(left)
    for name in columns_:
        made.add_column(
            name,
            justify="left" if name in words_in else "right",
            overflow="fold",
            vertical="top",
            no_wrap=name not in words_in,
        )
    return made


def meanings(named: dict[str, str]) -> Grid:
    """What each column means."""
    made = Grid(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    made.add_column(style="dim", no_wrap=True)
    made.add_column(style="dim")
    for name, text in named.items():
        made.add_row(name, text)
    return made


def chain_list(chains: Mapping[str, Chain]) -> RenderableType:
    """All chains with their size and how much of them is recalled."""
    what = "title (sectors that use it)"
    made = grid("name", "nodes", "edges", "recalled", what, left=("name", what), space=1)
    made.columns[0].no_wrap = True
    for name, chain in chains.items():
        made.add_row(
            Text(name, style="cyan"),
            str(len(chain.nodes)),
            str(len(chain.edges)),
            f"{100 * chain.recalled_part:.0f} %",
            Text.assemble(chain.title, (f" ({words.sectors(chain)})", "dim")),
        )
    return Group(
        made,
        Text(),
        *quiet(
            "recalled: percent of the supplier shares that were not read in a source; sectors: of "
            "the world, whose output is what a region buys of the chain",
            "`zizhu chains NAME` shows one; `zizhu chains --buyer CHN` ranks the nodes of all",
        ),
    )


def head(look: ChainLook) -> list[RenderableType]:
    """Title, date, and how much was recalled: on every page of a chain."""
    parts: list[RenderableType] = [
        Text(look.chain.title, style="bold"),
        Text(words.subtitle(look), style="dim"),
        Text(words.count_line(look.chain), style="yellow"),
    ]
    return parts


def chain_page(look: ChainLook) -> RenderableType:
    """Everything about one chain for one buyer."""
    parts = head(look)
    if look.chain.note:
        parts.append(Text(look.chain.note, style="dim"))
    parts += [Text(), *(Text(sentence) for sentence in words.verdict(look))]
    parts += [heading("From the final product down"), _tree(look)]
    parts += quiet(
        "cost: percent of the unit cost of the node above; home: " + columns.HOME,
        "leader: " + columns.LEADER,
        *words.legend(look),
    )
    parts += _ranking(look)
    parts += _sets(look)
    if look.cut_at_once is not None and look.cut_in_time is not None:
        parts += _cut(look, look.cut_at_once, look.cut_in_time)
    parts += _controls(look)
    return Group(*parts)


def _tree(look: ChainLook) -> Grid:
    made = grid("node (id) marks", "cost", "home", "leader", left=("node (id) marks",), space=1)
    made.columns[0].min_width = _TREE_WIDTH
    home = dict(zip(look.nodes, look.home, strict=True))
    places = {name: place for place, name in enumerate(look.ranking.nodes)}
    for one in branches(look.chain):
        node = look.chain.nodes[one.node]
        cost = words.percent(one.edge.cost_share) if one.edge else ""
        if one.repeated:
            text = one.label(f"{words.short(node.name)} ({one.node}): above", _TREE_WIDTH)
            made.add_row(Text(text, style="dim"), Text(cost, style="dim"), "", "")
            continue
        signs = words.marks(look, one.node)
        label = one.label(f"{node.name} ({one.node}) {signs}".rstrip(), _TREE_WIDTH)
        if one.node in places:
            place = places[one.node]
            most = words.leader(look.ranking.leader[place], float(look.ranking.leader_part[place]))
            made.add_row(label, cost, words.percent(home[one.node]), most)
        else:
            made.add_row(label, cost, "", "")
    return made


def _ranking(look: ChainLook) -> list[RenderableType]:
    found, doubt = look.ranking, look.doubt
    names = ["", "node", "score"]
    names += ["draws", "weights"] if doubt else []
    names += ["choked stage", "rise", "home", "leader", "yrs"]
    made = grid(*names, left=("node", "choked stage"), space=1)
    for row, name in enumerate(found.nodes):
        moved = []
        if doubt:
            moved = [
                f"{doubt.low[row]:.0f}-{doubt.high[row]:.0f}",
                f"{doubt.best[row]:.0f}-{doubt.worst[row]:.0f}",
            ]
        made.add_row(
            str(row + 1),
            name,
            f"{found.score[row]:z.2f}",
            *moved,
            found.choked[row],
            words.rise(found.rise[row]),
            words.percent(found.home[row]),
            words.leader(found.leader[row], found.leader_part[row]),
            f"{found.years[row]:g}",
        )
    explained = {"score": columns.SCORE}
    if doubt:
        explained |= {"draws": columns.DRAWS, "weights": columns.WEIGHTINGS}
    explained |= {"choked stage": columns.CHOKED, "rise": columns.RISE}
    explained |= {"home": columns.HOME, "leader": columns.LEADER, "yrs": columns.YEARS}
    parts: list[RenderableType] = [
        heading(f"Which nodes choke {look.buyer}, most critical first"),
        made,
        meanings(explained),
    ]
    if doubt:
        parts += quiet(
            f"Kendall's tau between this order and that of a draw: {doubt.tau:z.2f} (median; 1 is "
            "the same order, 0 none)"
        )
    return parts


def _sets(look: ChainLook) -> list[RenderableType]:
    parts: list[RenderableType] = [heading(words.sets_heading(look))]
    if not look.sets:
        parts.append(Text("None of up to three countries."))
    else:
        made = grid("countries", "rise, %", left=("countries",))
        for one in look.sets[:_SETS]:
            made.add_row(" + ".join(one.suppliers), words.rise(one.rise))
        parts.append(made)
        left = len(look.sets) - _SETS
        parts += quiet(f"and {left} more; --output writes them all") if left > 0 else []
    parts += quiet(
        "Each is barred from every node at once, before substitutes are qualified; without any one "
        "member the rise stays below the threshold."
    )
    return parts


def _cut(look: ChainLook, first: CutAnswer, later: CutAnswer) -> list[RenderableType]:
    parts: list[RenderableType] = [heading(f"If cut: {words.cut_names(first.cuts)}")]
    rows = words.moving(first, later)
    if not rows:
        return [*parts, Text(f"Nothing moves by more than {100 * words.MOVES:g} percent.")]
    made = grid(
        "node",
        "made,\nat once",
        "made,\nin time",
        "paid,\nat once",
        "paid,\nin time",
        "home,\nat once",
        left=("node",),
    )
    for row in rows:
        made.add_row(
            first.nodes[row],
            words.rise(first.making[row]),
            words.rise(later.making[row]),
            words.rise(first.buying[row]),
            words.rise(later.buying[row]),
            words.cut_home(look, row),
        )
    explained = {
        "made": columns.MADE,
        "paid": columns.PAID,
        "home": columns.CUT_HOME,
        "at once": columns.AT_ONCE,
        "in time": columns.IN_TIME,
    }
    return [*parts, made, meanings(explained)]


def _controls(look: ChainLook) -> list[RenderableType]:
    parts: list[RenderableType] = [heading("Controls"), Text(words.controls_line(look))]
    if look.date is None:
        return parts
    made = grid("id", "when, by whom, what", left=("id", "when, by whom, what"))
    made.columns[0].no_wrap = True
    for name, (control, nodes) in words.controls_of(look).items():
        text = f"{words.periods(control)}; {words.whom(control)}; {control.instrument}: "
        text += f"{control.measure}. Names {', '.join(nodes)}"
        made.add_row(name, text)
    return [*parts, made] if look.controls else parts
