"""What chain files say of nodes as arrays of the model: entry, generations, growth, research."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from zizhu.chains import Chain, Node
from zizhu.chains.motion import Entry as NodeEntry
from zizhu.chains.regions import region_of
from zizhu.errors import ChainError
from zizhu.model.technology import Entry, Growth, Ladder
from zizhu.world import World

# Parts of nothing and of all, which have no log odds, are moved inwards by this.
_INSIDE = 1e-4
# Years over which the part above the threshold is followed to get its pace (assumption).
_AHEAD = 5.0


def ladders(nodes: Sequence[Node], year: float) -> Ladder:
    """Parts of demand above the threshold of controls, from the base year on."""
    known = np.array([node.above is not None for node in nodes])
    # What has no other kind is above whatever it serves.
    follows = np.array(
        [
            (node.input == "capital" or node.assembled)
            and not (node.above and node.above.part(year) == 1)
            for node in nodes
        ]
    )

    def odds(at: float) -> Float[np.ndarray, " m"]:
        part = np.array([node.above.part(at) if node.above else 0.5 for node in nodes])
        inside = np.clip(part, _INSIDE, 1 - _INSIDE)
        return np.asarray(np.log(inside / (1 - inside)))

    start = odds(year)
    pace = (odds(year + _AHEAD) - start) / _AHEAD
    return Ladder(known, follows, start, pace)  # type: ignore[arg-type]


def growths(nodes: Sequence[Node], year: float) -> Growth:
    """Own growth of demand, relative to the base year.

    A logistic seen from a later year is one with the same speed and K over its value then.
    """
    times = [n.growth.times.value / n.growth.factor(year) if n.growth else 1.0 for n in nodes]
    speed = [node.growth.speed.value if node.growth else 0.0 for node in nodes]
    return Growth(np.array(times), np.array(speed))  # type: ignore[arg-type]


def research_parts(
    nodes: Sequence[Node], parameters: Mapping[str, float]
) -> Float[np.ndarray, " m"]:
    """Own research of makers, part of their sales."""
    usual = parameters["node_research"]
    return np.array([n.research.value / 100 if n.research else usual for n in nodes])


def sectors_of(joined: Chain, nodes: Sequence[str], world: World) -> Int[np.ndarray, " m"]:
    """Place of the sector whose cost each node follows; -1 where the world has none for it.

    A node that names none follows the sector of what it goes into.
    """
    found: dict[str, int] = {}
    for name in reversed(nodes):
        sector = joined.nodes[name].sector
        if sector in world.sectors:
            found[name] = world.sectors.index(sector)
            continue
        above = [found[edge.parent] for edge in joined.parents(name)]
        known = [place for place in above if place >= 0]
        found[name] = known[0] if sector is None and known else -1
    return np.array([found[name] for name in nodes])


def entries(
    nodes: Sequence[Node],
    shares: Float[np.ndarray, "m n"],
    market: Float[np.ndarray, " m"],
    *,
    research: Float[np.ndarray, " n"],
    world: World,
    year: int,
    parameters: Mapping[str, float],
) -> Entry:
    """Clocks of who does not supply a node yet.

    shares    of the world market; who has none is outside
    market    bn USD a year in the world
    research  spending of each region, in any unit

    Where a chain says nothing of a region, effort counts from the base year against a part of the
    node's market (`entry_effort`), half have entered after a part of the years to qualify
    (`entry_years`), and research that goes on everywhere works in the background.
    """
    chosen, shape = parameters, shares.shape
    traded = np.array([not node.assembled for node in nodes])
    outside = traded[:, None] & (shares == 0)
    qualify = np.array([node.years_to_qualify.value for node in nodes])
    behind = np.exp(-chosen["chain_sourcing_elasticity"] * chosen["entry_gap"])
    effort = np.maximum(chosen["entry_effort"] * market, _LEAST_EFFORT)
    median = np.tile((chosen["entry_years"] * qualify)[:, None], shape[1])
    least = chosen["entry_least"] * median
    spread = np.full(shape, chosen["entry_spread"])
    first, start = np.zeros(shape), np.zeros(shape)
    for row, node in enumerate(nodes):
        if node.entry is None:
            continue
        effort[row] = node.entry.effort
        region = entrant(node.entry, world.regions)
        if region is None:
            continue
        median[row, region] = node.entry.median - node.entry.start
        least[row, region] = max(node.entry.earliest - node.entry.start, _LEAST_EFFORT)
        first[row, region] = node.entry.earliest - year
        spread[row, region] = node.entry.spread
        start[row, region] = year - node.entry.start
    part = research / research.sum() if research.sum() > 0 else np.ones(shape[1]) / shape[1]
    return Entry(
        weight=shares.max(axis=1, keepdims=True) * behind * outside,
        home=np.full(shape, chosen["chain_home_bias"]),  # type: ignore[arg-type]
        effort=effort,  # type: ignore[arg-type]
        floor=chosen["entry_background"] * effort[:, None] * part,
        median=median,  # type: ignore[arg-type]
        least=least,  # type: ignore[arg-type]
        first=first,  # type: ignore[arg-type]
        spread=spread,  # type: ignore[arg-type]
        start=start,  # type: ignore[arg-type]
    )


# Keeps logs of effort years and quotients of effort finite.
_LEAST_EFFORT = 1e-3


def entrant(entry: NodeEntry, regions: Sequence[str]) -> int | None:
    """Place of the region that is known to be entering a node; none where it is in no region."""
    try:
        return regions.index(region_of(entry.region, regions))
    except ChainError:
        return None


def plants(nodes: Sequence[Node]) -> Bool[np.ndarray, " m"]:
    """Nodes that are made in plants which take years to build."""
    return np.array([node.plants for node in nodes])
