"""One node's base year in the yearly loop, for the page of that node."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from zizhu.chains import chain_names, load_chain
from zizhu.laboratory.base.compared import NodeBase, buyers_of, compared
from zizhu.laboratory.path.technology import Chains, chains_on
from zizhu.parameters import values
from zizhu.world import World


def node_base(
    chain: str | Path,
    node: str,
    world: World,
    parameters: Mapping[str, float] | None = None,
) -> NodeBase | None:
    """What sources say of a node and what the yearly loop uses; nothing for an assembled node.

    A shipped chain is walked with all others, as paths have it; a chain file of the user alone.
    """
    shipped = None if str(chain) in chain_names() else [str(chain)]
    label = f"{load_chain(chain).chain}/{node}"
    return base_of(chains_on(world, values(parameters), shipped), label, world)


def base_of(chains: Chains, label: str, world: World) -> NodeBase | None:
    """The base year of a node of chains that are on a world already, by its label."""
    own = chains.also.get(label, label)
    if own not in chains.nodes or chains.walked is None:
        return None
    row = chains.nodes.index(own)
    used = chains.walked.tables.get(row)
    if used is None or own not in chains.figures:
        return None
    known, bought = chains.figures[own], chains.walked.bought[row]
    block = chains.joined.nodes[own].suppliers[0]
    size = float(bought.sum())
    return NodeBase(
        node=own,
        world=world.name,
        base_year=world.year,
        figures=compared(known, used, size, block, world.regions),
        buyers=buyers_of(known, used, bought, world.regions),
        size=size,
        implied=size / float(chains.walked.scale[row]),
        also=own if own != label else "",
    )
