"""Rules between the parts of a chain: what a reader may rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from zizhu.chains.chain import Chain, Edge
from zizhu.chains.parts import ASSUMPTION, WEAK, Confidence, Source
from zizhu.chains.regions import check_code
from zizhu.errors import ChainError, did_you_mean, quoted, short

LEAST_SUM, MOST_SUM = 95.0, 105.0
# Home shares that are parts of a whole.
_AT_MOST_ALL = ("home_market", "local_content", "world_share_location", "world_share_headquarters")
_ID = re.compile(r"[a-z][a-z0-9_]{0,79}")


def check_chain(chain: Chain) -> None:
    """Raise `ChainError` with the first rule that the chain breaks, naming node and remedy."""
    _check_names(chain)
    _check_suppliers(chain)
    _check_home_shares(chain)
    _check_motion(chain)
    _check_edges(chain)
    _check_graph(chain)
    _check_sources(chain)


def _check_names(chain: Chain) -> None:
    for name in (chain.chain, *chain.nodes):
        if not _ID.fullmatch(name):
            raise ChainError(
                f"{quoted(name)} is not an id; small letters, digits and underscores are right"
            )
    if chain.final not in chain.nodes:
        raise ChainError(
            f"field final: {quoted(chain.final)} is not a node"
            f"{did_you_mean(chain.final, chain.nodes)}"
        )


def _check_suppliers(chain: Chain) -> None:
    for name, node in chain.nodes.items():
        if not node.suppliers and not node.assembled:
            raise ChainError(
                f"node {name}: it has no suppliers; give one block of shares, or stage aggregate "
                "if its buyer assembles it"
            )
        for block in node.suppliers:
            place = f"node {name}, suppliers of {block.year}"
            for code in block.shares:
                check_code(code, place)
            total = sum(block.shares.values())
            if not LEAST_SUM <= total <= MOST_SUM:
                raise ChainError(
                    f"{place}: shares sum to {total:g} percent; near 100 is right (put what is "
                    "not known under OTHER)"
                )
            for code in block.confirmed:
                if block.confirmed.count(code) > 1:
                    raise ChainError(f"{place}: {short(code)} is confirmed twice; once is right")
                if code not in block.shares:
                    raise ChainError(
                        f"{place}: {short(code)} is confirmed but has no share"
                        f"{did_you_mean(code, block.shares)}"
                    )
            if block.confidence == "high" and not block.confirmed:
                raise ChainError(
                    f"{place}: confidence is high but no share is confirmed; list the countries "
                    "that were read under confirmed, or lower the confidence"
                )
        _check_definitions(name, [(b.basis, b.measure, b.year) for b in node.suppliers])


def _check_definitions(name: str, blocks: list[tuple[str, str, int]]) -> None:
    for block in blocks:
        if blocks.count(block) > 1:
            raise ChainError(
                f"node {name}: two blocks of suppliers by {block[0]}, {short(block[1])}, "
                f"{block[2]}; one definition in one year has one set of shares"
            )


def _check_home_shares(chain: Chain) -> None:
    for name, node in chain.nodes.items():
        seen: set[tuple[str, str, int, str]] = set()
        for home in node.home_shares:
            check_code(home.region, f"node {name}, home_shares")
            if home.definition in _AT_MOST_ALL and home.high > 100:
                raise ChainError(
                    f"node {name}, home_shares: {home.high:g} percent of {home.definition}; at "
                    "most 100 is right"
                )
            key = (home.region, home.definition, home.year, home.scope)
            if key in seen:
                raise ChainError(
                    f"node {name}, home_shares: {home.region} has two values of {home.definition} "
                    f"in {home.year}; one definition in one year has one value (name the part "
                    "under scope if it is not the whole node)"
                )
            seen.add(key)


def _check_motion(chain: Chain) -> None:
    for name, node in chain.nodes.items():
        above = node.above.shares if node.above else ()
        lists = {"market": [one.year for one in node.market], "above": [one.year for one in above]}
        for field, years in lists.items():
            for before, after in pairwise(years):
                if after <= before:
                    raise ChainError(
                        f"node {name}, {field}: {after} follows {before}; each year once and the "
                        "oldest first is right"
                    )
        if node.plants and node.fabless:
            raise ChainError(
                f"node {name}: its makers are fabless and it is made in plants; one of both is "
                "right"
            )
        entry = node.entry
        if entry is None:
            continue
        check_code(entry.region, f"node {name}, entry")
        if not entry.start <= entry.earliest <= entry.median:
            raise ChainError(
                f"node {name}, entry: start {entry.start:g}, earliest {entry.earliest:g}, median "
                f"{entry.median:g}; this order in time is right"
            )


def _check_edges(chain: Chain) -> None:
    seen: set[tuple[str, str]] = set()
    for edge in chain.edges:
        place = _named(edge)
        for end in (edge.input, edge.parent):
            if end not in chain.nodes:
                raise ChainError(
                    f"{place}: {quoted(end)} is not a node{did_you_mean(end, chain.nodes)}"
                )
        if (edge.input, edge.parent) in seen:
            raise ChainError(f"{place}: it appears twice")
        seen.add((edge.input, edge.parent))
        base = chain.nodes[edge.parent].cost_base
        if not base:
            raise ChainError(
                f"node {edge.parent}: it has inputs but no cost_base; say what their shares are "
                "shares of"
            )
        if bool(edge.of) != (edge.of_part is not None) or bool(edge.of) != bool(edge.of_source):
            raise ChainError(
                f"{place}: a share of something else than {quoted(base)} needs of, of_part "
                "and of_source "
                "together, so that definitions are not mixed"
            )
        if edge.of == base:
            raise ChainError(f"{place}: of repeats the cost_base of {edge.parent}; leave it out")
    _check_totals(chain)


def _check_totals(chain: Chain) -> None:
    totals: dict[str, float] = {}
    for edge in chain.edges:
        totals[edge.parent] = totals.get(edge.parent, 0.0) + edge.cost_share
    for parent, total in totals.items():
        if total > 1 + 1e-9:
            raise ChainError(
                f"node {parent}: its inputs make up {100 * total:.4g} percent of its cost; at most "
                "100 is right"
            )
    for name, node in chain.nodes.items():
        if node.cost_base and name not in totals:
            raise ChainError(f"node {name}: it has a cost_base but no inputs; leave it out")
        if node.assembled and name not in totals:
            raise ChainError(
                f"node {name}: an aggregate without inputs has no price; give it inputs, or "
                "suppliers and another stage"
            )


def _check_graph(chain: Chain) -> None:
    cycle = _cycle(chain)
    if cycle:
        cycle = cycle if len(cycle) <= 8 else [*cycle[:4], "...", *cycle[-3:]]
        raise ChainError(f"nodes go in a circle: {' -> '.join(cycle)}; a chain has none")
    reached, front = {chain.final}, [chain.final]
    while front:
        for edge in chain.inputs(front.pop()):
            if edge.input not in reached:
                reached.add(edge.input)
                front.append(edge.input)
    for name in chain.nodes:
        if name not in reached:
            raise ChainError(
                f"node {name}: no path leads from it to {chain.final}; add an edge or remove it"
            )


def _cycle(chain: Chain) -> list[str]:
    """A circle of nodes, or nothing."""
    parents: dict[str, list[str]] = {name: [] for name in chain.nodes}
    for edge in chain.edges:
        parents[edge.input].append(edge.parent)
    finished: set[str] = set()
    for start in chain.nodes:
        path: list[str] = []
        stack = [(start, iter(parents[start]))] if start not in finished else []
        if stack:
            path.append(start)
        while stack:
            _, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                stack.pop()
                finished.add(path.pop())
            elif step in path:
                return [*path[path.index(step) :], step]
            elif step not in finished:
                path.append(step)
                stack.append((step, iter(parents[step])))
    return []


def _cited(chain: Chain) -> Iterator[tuple[str, str, Confidence]]:
    """Every place that cites a source, the source and the confidence claimed there."""
    for number, attachment in enumerate(chain.attached):
        yield f"attached {number + 1}", attachment.source, attachment.confidence
    for one in chain.tool_buyers:
        yield f"tool_buyers {one.region}", one.source, one.confidence
    for name, node in chain.nodes.items():
        for block in node.suppliers:
            yield f"node {name}, suppliers of {block.year}", block.source, block.confidence
        years = node.years_to_qualify
        yield f"node {name}, years_to_qualify", years.source, years.confidence
        if node.learning:
            yield f"node {name}, learning", node.learning.source, node.learning.confidence
        for home in node.home_shares:
            yield f"node {name}, home_shares", home.source, home.confidence
        for market in node.market:
            yield f"node {name}, market of {market.year}", market.source, market.confidence
        for field in ("growth", "research", "entry", "above"):
            part = getattr(node, field)
            if part:
                yield f"node {name}, {field}", part.source, part.confidence
        if node.inputs_elasticity is not None:
            yield f"node {name}, inputs_elasticity", node.inputs_elasticity_source, "low"
    for edge in chain.edges:
        place = _named(edge)
        yield place, edge.source, edge.confidence
        if edge.of:
            yield f"{place}, of_part", edge.of_source, "low"


def _named(edge: Edge) -> str:
    return f"edge {short(edge.input)} -> {short(edge.parent)}"


def check_citation(
    place: str, source: str, confidence: Confidence, sources: Mapping[str, Source]
) -> None:
    """Raise `ChainError` for a source that is missing or cannot carry the confidence."""
    if source.startswith(ASSUMPTION):
        if not re.match(rf"^{ASSUMPTION}\W+\w", source):
            raise ChainError(f"{place}: {quoted(source)} found; `assumption: why` is right")
        if confidence != "low":
            raise ChainError(f"{place}: an assumption has confidence {confidence}; low is right")
        return
    if source not in sources:
        raise ChainError(
            f"{place}: source {quoted(source)} is not listed under sources"
            f"{did_you_mean(source, sources)}"
            if source
            else f"{place}: its source is missing; an id of sources or `assumption: why` is right"
        )
    kind = sources[source].kind
    if kind in WEAK and confidence != "low":
        raise ChainError(
            f"{place}: confidence is {confidence} but source {short(source)} is {kind}; "
            "low is right"
        )


def _check_sources(chain: Chain) -> None:
    used = set()
    for place, source, confidence in _cited(chain):
        check_citation(place, source, confidence, chain.sources)
        used.add(source)
    for source in chain.sources:
        if source not in used:
            raise ChainError(f"source {short(source)} is listed but nothing cites it; remove it")
