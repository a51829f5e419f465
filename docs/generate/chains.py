"""Technology chains: tables of all chains, rankings, the figure of one, a worked example."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from generate.fresh import DOCS, write, write_facts
from generate.markdown import figure, table
from zizhu.chains import Chain, controls, shipped_chains
from zizhu.chains.regions import EUROPE, region_matrix, region_of
from zizhu.laboratory.bottleneck import (
    ChainLook,
    ChainRanking,
    look_at_chain,
    rank_chains,
    read_cut,
)
from zizhu.laboratory.bottleneck.case import merged_countries, purchases
from zizhu.laboratory.bottleneck.doubt import DRAWS, WEIGHTINGS
from zizhu.parameters import of_room
from zizhu.report.chains import chain_page, figures, words
from zizhu.world import World, open_world

EXAMPLE = DOCS / "examples" / "chain.yaml"
EXAMPLE_CUT = "DEU,JPN:bearing"
# Of the controls in the figure.
DATE = "2024-12"
SHOWN = 15
# Inputs of chip making that several countries make.
PLAIN = ("wafers", "materials_other", "cleaning", "thermal")
# Pixels that a page has for a figure.
WIDE = 810
# What the page quotes about these parameters.
_QUOTED = {
    "chain_home_bias": "chains_home_bias",
    "entry_share": "chains_entry",
    "choke_price": "chains_choke",
    "chain_input_elasticity": "chains_input_elasticity",
    "chain_sourcing_elasticity": "chains_in_time",
    "chain_elasticity_at_once": "chains_at_once",
    "share_error_confirmed": "chains_error_read",
    "share_error_medium": "chains_error_medium",
    "share_error_recalled": "chains_error_recalled",
}


def chains() -> None:
    """Everything on the page `chains.md`."""
    known, world = shipped_chains(), open_world()
    look = look_at_chain("semiconductors", at=DATE, world=world)
    rankings = {buyer: rank_chains(buyer, world=world) for buyer in ("CHN", "EU")}
    _list(known)
    _attached(known, world)
    _regions(known, world)
    for buyer, ranking in rankings.items():
        _ranking(buyer, ranking, known)
    _example()
    write("figures/chains-semiconductors.html", figure(figures.graph(look, WIDE)))
    write("figures/chains-scores.html", figure(figures.scores(look)))
    _facts(known, look, rankings)


def _list(known: dict[str, Chain]) -> None:
    rows = [
        (
            f"`{name}`",
            chain.title,
            len(chain.nodes),
            len(chain.edges),
            chain.share_counts()[1],
            f"{100 * chain.recalled_part:.0f}",
        )
        for name, chain in known.items()
    ]
    head = ("chain", "", "nodes", "edges", "supplier shares", "recalled, %")
    write("chains-list.md", table(head, rows, "llrrrr"))


def _attached(known: dict[str, Chain], world: World) -> None:
    rows = []
    for chain in known.values():
        for number, one in enumerate(chain.attached):
            named = ", ".join(f"{world.sector_name(code)} ({code})" for code in one.sectors)
            source = words.source(chain, one.source)
            share = words.spread(one.cost_share)
            rows.append((chain.title if number == 0 else "", named, share, source))
    head = ("chain", "sectors that use it", "percent of their unit cost", "source")
    write("chains-attached.md", table(head, rows, "llll"))


def _regions(known: dict[str, Chain], world: World) -> None:
    """Where countries that the world merges lie, and how Europe is spread for each chain."""
    merged = {code for chain in known.values() for code in merged_countries(chain, world)}
    held: dict[str, list[str]] = {}
    for code in sorted(merged):
        held.setdefault(region_of(code, world.regions), []).append(code)
    rows = [(f"{world.region_name(one)} ({one})", ", ".join(held[one])) for one in held]
    write("chains-merged.md", table(("region of the world", "countries that it holds"), rows, "ll"))
    spread = {
        name: region_matrix([EUROPE], world.regions, purchases(chain, world, len(world.regions)))[0]
        for name, chain in known.items()
        if any(EUROPE in block.shares for _, block in chain.blocks())
    }
    regions = [
        at for at in range(len(world.regions)) if any(row[at] > 0 for row in spread.values())
    ]
    rows = [
        (f"`{name}`", *(f"{100 * row[at]:.1f}" for at in regions)) for name, row in spread.items()
    ]
    head = ("percent of EUR, by chain", *(world.regions[at] for at in regions))
    write("chains-europe.md", table(head, rows, "l" + "r" * len(regions)))


def _ranking(buyer: str, ranking: ChainRanking, known: dict[str, Chain]) -> None:
    rows = []
    for place, (chain, row) in enumerate(ranking.rows[:SHOWN]):
        one, nodes = ranking.by_chain[chain], known[chain].nodes
        rows.append(
            (
                place + 1,
                words.short(nodes[one.nodes[row]].name),
                f"`{chain}`",
                f"{one.score[row]:.2f}",
                f"{ranking.best[place]:.0f} to {ranking.worst[place]:.0f}",
                f"{100 * ranking.top[place]:.0f}",
                f"{words.short(nodes[one.choked[row]].name)} {words.rise(one.rise[row])}",
                words.percent(one.home[row]),
                words.leader(one.leader[row], one.leader_part[row]),
                f"{one.years[row]:g}",
            )
        )
    head = ("", "node", "chain", "score", "places", "top group, %", "choked stage, rise in %")
    head += ("home, %", "leader, %", "years")
    write(f"chains-ranking-{buyer}.md", table(head, rows, "rllrrrlrrr"))


def _example() -> None:
    """What the command answers about the chain of the page."""
    look = look_at_chain(EXAMPLE, cuts=[read_cut(EXAMPLE_CUT)], doubt=False)
    printed = io.StringIO()
    Console(file=printed, width=80, highlight=False).print(chain_page(look))
    lines = [line.rstrip() for line in printed.getvalue().splitlines()]
    write("chains-example.txt", "\n".join(lines))


def _group_sizes(ranking: ChainRanking) -> dict[str, str]:
    """How often nodes of the chip chain are in groups of several sizes, percent of weightings."""
    sizes = [ranking.top, ranking.top_at(1 / 4), ranking.top_at(1 / 5)]

    def often(node: str) -> list[float]:
        place = ranking.row("semiconductors", node)
        return [100 * float(size[place]) for size in sizes]

    def listed(node: str) -> str:
        third, quarter, fifth = (f"{part:.0f}" for part in often(node))
        return f"{third}, {quarter} and {fifth}"

    return {
        "chains_euv_fifth": f"{often('lith_euv')[-1]:.0f}",
        "chains_resist_parts": listed("photoresist"),
        "chains_eda_parts": listed("eda"),
        "chains_plain_most": f"{max(often(node)[0] for node in PLAIN):.0f}",
    }


def _facts(known: dict[str, Chain], look: ChainLook, rankings: dict[str, ChainRanking]) -> None:
    counts = [chain.share_counts() for chain in known.values()]
    confirmed, every = (sum(column) for column in zip(*counts, strict=True))
    parts = {name: chain.recalled_part for name, chain in known.items()}
    first = rankings["CHN"]
    found: dict[str, Any] = {
        "chains_number": len(known),
        "chains_nodes": sum(len(chain.nodes) for chain in known.values()),
        "chains_edges": sum(len(chain.edges) for chain in known.values()),
        "chains_shares": every,
        "chains_recalled": every - confirmed,
        "chains_recalled_percent": f"{100 * (1 - confirmed / every):.0f}",
        "chains_least_recalled": f"{100 * min(parts.values()):.0f}",
        "chains_wholly_recalled": sum(part == 1 for part in parts.values()),
        "chains_controls": len(controls().controls),
        "chains_draws": DRAWS,
        "chains_weightings": f"{WEIGHTINGS:,}",
        "chains_least_weight": f"{look.parameters['criticality_least_weight']:g}",
        "chains_long_years": f"{look.parameters['criticality_long_years']:g}",
        "chains_ranked": len(first.rows),
        "chains_top_size": first.top_size,
        "chains_always_top": sum(part == 1 for part in first.top),
        "chains_gap": words.percent(float(look.gaps.max())),
        "chains_gap_node": look.chain.nodes[look.nodes[int(look.gaps.argmax())]].name,
        "chains_date": DATE,
    }
    if look.doubt:
        found["chains_tau"] = f"{look.doubt.tau:.2f}"
    for buyer, ranking in rankings.items():
        chain, row = ranking.rows[0]
        one, nodes = ranking.by_chain[chain], known[chain].nodes
        found |= {
            f"chains_first_{buyer}": nodes[one.nodes[row]].name,
            f"chains_first_{buyer}_rise": words.percent(one.rise[row]),
            f"chains_first_{buyer}_stage": nodes[one.choked[row]].name,
            f"chains_first_{buyer}_leader": one.leader[row],
            f"chains_first_{buyer}_part": words.percent(one.leader_part[row]),
        }
    found["chains_euv_place"] = first.row("semiconductors", "lith_euv") + 1
    found["chains_euv_best"] = f"{first.best[found['chains_euv_place'] - 1]:.0f}"
    found["chains_euv_worst"] = f"{first.worst[found['chains_euv_place'] - 1]:.0f}"
    found |= _group_sizes(first)
    room = of_room("chains")
    for name, fact in _QUOTED.items():
        value = room[name].value
        found[fact] = f"{100 * value:g}" if "share" in name else f"{value:g}"
    write_facts("chains", {name: str(value) for name, value in found.items()})
