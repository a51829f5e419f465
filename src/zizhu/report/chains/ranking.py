"""The nodes of all chains ranked together, in the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from zizhu.chains import Chain
from zizhu.laboratory.bottleneck import ChainRanking
from zizhu.report.chains import columns, words
from zizhu.report.chains.terminal import grid, meanings, quiet

SHOWN = 25


def title(ranking: ChainRanking) -> str:
    """What is ranked."""
    return f"Nodes of {len(ranking.by_chain)} chains for {ranking.buyer}, most critical first"


def recalled_line(chains: Mapping[str, Chain]) -> str:
    """How much of all chains was read in a source."""
    counts = [chain.share_counts() for chain in chains.values()]
    confirmed, every = sum(one for one, _ in counts), sum(one for _, one in counts)
    nodes, edges = (
        sum(len(chain.nodes) for chain in chains.values()),
        sum(len(chain.edges) for chain in chains.values()),
    )
    return (
        f"{nodes} nodes, {edges} edges; {every - confirmed} of {every} supplier shares recalled "
        f"({100 * (1 - confirmed / every):.0f} percent), the rest read in a source"
    )


def definitions(ranking: ChainRanking) -> dict[str, str]:
    """What each column of the joint ranking means."""
    return {
        "score": columns.SCORE,
        "places": columns.PLACES,
        "top": columns.top(ranking.top_size, len(ranking.rows)),
        "choked stage": columns.CHOKED,
        "rise": columns.RISE,
        "home": columns.HOME,
        "leader": columns.LEADER,
        "yrs": columns.YEARS,
    }


def ranking_page(
    ranking: ChainRanking, chains: Mapping[str, Chain], *, every: bool = False
) -> RenderableType:
    """The first nodes of the joint ranking, or all; `chains` are those that were ranked."""
    made = grid(
        "",
        "node, chain",
        "score",
        "places",
        "top",
        "choked stage",
        "rise",
        "home",
        "leader",
        "yrs",
        left=("node, chain", "choked stage"),
        space=1,
    )
    rows = ranking.rows if every else ranking.rows[:SHOWN]
    for place, (chain, row) in enumerate(rows):
        one = ranking.by_chain[chain]
        made.add_row(
            str(place + 1),
            Text.assemble(one.nodes[row], ("\n" + chain, "dim")),
            f"{one.score[row]:z.2f}",
            f"{ranking.best[place]:.0f}-{ranking.worst[place]:.0f}",
            f"{100 * ranking.top[place]:.0f}",
            one.choked[row],
            words.rise(one.rise[row]),
            words.percent(one.home[row]),
            words.leader(one.leader[row], one.leader_part[row]),
            f"{one.years[row]:g}",
        )
    left = len(ranking.rows) - len(rows)
    more = quiet(f"and {left} more; --all shows them") if left else []
    return Group(
        Text(title(ranking), style="bold"),
        Text(f"world {ranking.world}", style="dim"),
        Text(recalled_line(chains), style="yellow"),
        Text(),
        made,
        *more,
        meanings(definitions(ranking)),
    )
