"""One product in two chains: a node that is another chain's takes its data from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from zizhu.chains.parts import ASSUMPTION
from zizhu.errors import ChainError, did_you_mean, quoted, short

# What says how inputs of its own chain enter a node; here it has none of them.
_OF_INPUTS = ("cost_base", "inputs_elasticity", "inputs_elasticity_source")


def joined(
    raw: Mapping[str, Any], chains: Mapping[str, Callable[[], Mapping[str, Any]]]
) -> dict[str, Any]:
    """A chain as written, its nodes with `same_as: CHAIN/NODE` filled from that chain.

    `chains` reads another chain as written, by name. The node comes with its sources, which stand
    under `CHAIN/id`; its inputs stay where they are. Raises `ChainError` where the other node does
    not exist or takes its own data from elsewhere, and for a node that has data besides.
    """
    nodes = raw.get("nodes")
    if not isinstance(nodes, dict):
        return dict(raw)
    found: dict[str, Any] = dict(nodes)
    sources: dict[str, Any] = {}
    for name, node in nodes.items():
        if isinstance(node, dict) and "same_as" in node:
            place = f"node {short(name)}"
            if len(node) > 1:
                extra = next(key for key in node if key != "same_as")
                raise ChainError(
                    f"{place}: it has same_as and {short(extra)}; a node that is another chain's "
                    "has same_as alone"
                )
            found[name], cited = _taken(node["same_as"], place, str(raw.get("chain")), chains)
            sources |= cited
    if isinstance(raw.get("sources"), dict):
        sources = raw["sources"] | sources
    return {**raw, "nodes": found, "sources": sources} if sources else {**raw, "nodes": found}


def _taken(
    where: object,
    place: str,
    own: str,
    chains: Mapping[str, Callable[[], Mapping[str, Any]]],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The node that is meant, as it stands in its file, and the sources that it cites."""
    match = re.fullmatch(r"(\w+)/(\w+)", where) if isinstance(where, str) else None
    if match is None:
        raise ChainError(f"{place}: same_as {quoted(where)} found; CHAIN/NODE is right")
    chain, name = match[1], match[2]
    if chain == own or chain not in chains:
        others = [one for one in chains if one != own]
        raise ChainError(
            f"{place}: same_as {quoted(where)}, but {quoted(chain)} is no other shipped chain"
            f"{did_you_mean(chain, others)}"
        )
    raw = chains[chain]()
    if name not in raw["nodes"]:
        raise ChainError(
            f"{place}: same_as {quoted(where)}, but {chain} has no such node"
            f"{did_you_mean(name, raw['nodes'])}"
        )
    node = raw["nodes"][name]
    if "same_as" in node:
        raise ChainError(f"{place}: {where} is itself the same as {node['same_as']}; name that one")
    cited: dict[str, Any] = {}
    kept = {key: value for key, value in node.items() if key not in _OF_INPUTS}
    taken = _renamed(kept, chain, raw["sources"], cited)
    return {**taken, "same_as": where}, cited


def _renamed(part: Any, chain: str, known: Mapping[str, Any], cited: dict[str, Any]) -> Any:
    """A copy whose sources carry the name of their chain; they are collected in `cited`."""
    if isinstance(part, list):
        return [_renamed(one, chain, known, cited) for one in part]
    if not isinstance(part, dict):
        return part
    made = {}
    for key, value in part.items():
        if key != "source" or str(value).startswith(ASSUMPTION):
            made[key] = _renamed(value, chain, known, cited)
        elif value in known:
            made[key] = f"{chain}/{value}"
            cited[made[key]] = known[value]
        else:
            raise ChainError(f"chain {chain}: source {quoted(value)} is not listed under sources")
    return made
