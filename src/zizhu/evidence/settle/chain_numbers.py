"""Numbers of technology chains as numbers of a finding."""

from __future__ import annotations

from zizhu.chains import load_chain
from zizhu.errors import EvidenceError, did_you_mean, quoted
from zizhu.evidence.settle.finding import Number

# What a home share counts, as a tag of this room.
_TAGS = {
    "home_market": "home_market",
    "home_capacity": "home_capacity",
    "world_share_location": "location",
    "world_share_headquarters": "headquarters",
    "output_over_use": "location",
    "firms_over_use": "headquarters",
    "local_content": "local_content",
    "installed_use": "installed",
    "other": "own_computation",
}


def _source(chain: str, node: str, source: str, confidence: str) -> str:
    found = load_chain(chain).sources.get(source)
    text = f"{found.authors} {found.year}" if found else source
    return f"chain {chain}, {node}: {text}, confidence {confidence}"


def supplier_share(chain: str, node: str, country: str = "CHN") -> Number:
    """Share of a country in the world market of a node, percent; zero if it is not listed.

    Raises `EvidenceError` if the chain has no such node, or the node no supplier shares.
    """
    nodes = load_chain(chain).nodes
    if node not in nodes:
        raise EvidenceError(f"chain {chain} has no node {quoted(node)}{did_you_mean(node, nodes)}")
    if not nodes[node].suppliers:
        raise EvidenceError(f"chain {chain}: node {node} has no supplier shares")
    block = nodes[node].suppliers[0]
    return Number(
        f"world share of {country}: {nodes[node].name}, {block.year}",
        float(block.shares.get(country, 0.0)),
        "percent",
        block.basis,
        _source(chain, node, block.source, block.confidence),
    )


def home_share(
    chain: str, node: str, definition: str, country: str = "CHN", scope: str = ""
) -> Number:
    """What a country supplies to itself by one definition, youngest figure, percent.

    `scope` is the part of the node that the figure is about; empty is the whole node. Raises
    `EvidenceError` without a figure.
    """
    nodes = load_chain(chain).nodes
    if node not in nodes:
        raise EvidenceError(f"chain {chain} has no node {quoted(node)}{did_you_mean(node, nodes)}")
    found = nodes[node].home_share(country, definition, scope)
    if found is None:
        part = f" for {scope}" if scope else ""
        raise EvidenceError(f"chain {chain}: node {node} has no {definition} of {country}{part}")
    name = f"{nodes[node].name}, {scope}" if scope else nodes[node].name
    return Number(
        f"{name}, {found.year}",
        float(found.value),
        "percent",
        _TAGS[definition],
        _source(chain, node, found.source, found.confidence),
    )
