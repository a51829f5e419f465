"""All chains joined and put on a world for the yearly loop.

Unlike the static page of one chain, where each region's weight as a buyer is its output of the
attached sectors, purchases are walked down the graph: a node is bought where what it goes into is
made, tools where fabs stand, and what firms without plants sell is made for them at their
headquarters. World shares, home shares and market sizes are reconciled at every node (`walk`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.chains import Chain, chain_names, load_chain
from zizhu.chains.regions import sector_output
from zizhu.errors import ChainError
from zizhu.laboratory.base import Dated, dated
from zizhu.laboratory.bottleneck.layout import Layout, layout_of
from zizhu.laboratory.pace.at_nodes import Known, known_of, node_pace, numbers_at
from zizhu.laboratory.pace.observed import ORDINARY_YEARS
from zizhu.laboratory.path import traits
from zizhu.laboratory.path.controls import controlled_flows
from zizhu.laboratory.path.joined import Joined, joined
from zizhu.laboratory.path.walk import Walk, Walked, tool_use
from zizhu.model.technology import Needs, Technology
from zizhu.world import World


@dataclass(frozen=True)
class Chains:
    """Chains on a world: labels beside the model's arrays.

    names    of the chains
    nodes    `chain/node` in the order of `places`
    places   of each node in the model's arrays
    also     what nodes are called in a chain that shares them
    figures  what sources say of each node, by label
    walked   the base year as the walk finds it
    walk     from what it was found, and `investing` the investment of plants [m,n] by which
    """

    names: tuple[str, ...]
    joined: Chain
    layout: Layout
    technology: Technology
    also: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Dated] = field(default_factory=dict)
    walked: Walked | None = None
    walk: Walk | None = None
    investing: Float[np.ndarray, "m n"] | None = None
    told: Known | None = None

    @property
    def nodes(self) -> tuple[str, ...]:
        """`chain/node` labels, inputs before parents."""
        return self.layout.nodes

    @property
    def places(self) -> np.ndarray:
        """Rows of the nodes in the model's arrays."""
        return self.layout.slots

    def at_places(self, values: Float[np.ndarray, "... m n"], axis: int) -> np.ndarray:
        """Values by node spread over the model's places, zero elsewhere."""
        shape = list(values.shape)
        shape[axis] = self.technology.world.shape[0]
        spread = np.zeros(shape)
        spread[(slice(None),) * axis + (self.places,)] = values
        return spread


def chains_on(
    world: World,
    parameters: Mapping[str, float],
    names: Sequence[str] | None = None,
    *,
    year: int | None = None,
    research: Float[np.ndarray, " n"] | None = None,
    reaction: bool = False,
) -> Chains:
    """Join chains (all shipped ones by default) and put them on a world.

    year      of the base; the world's own by default
    research  spending of each region, in any unit; alike by default

    Chains that are attached to no sector of the world are left out. What controls may bar is there
    only with a `reaction`. Raises `ChainError` if that
    leaves none.
    """
    base_year = world.year if year is None else year
    chosen = tuple(n for n in names or chain_names() if _attached(load_chain(n), world))
    if not chosen:
        raise ChainError(f"no chain is attached to a sector of world {world.name}")
    chains = [load_chain(name) for name in chosen]
    graph = joined(chains)
    # All chains are one program: every empty place would cost time each year.
    layout = layout_of(graph.chain, step=1)
    nodes = [graph.chain.nodes[name] for name in layout.nodes]
    attached = np.array([_attachment(chain, world) for chain in chains])
    output = np.array([sector_output(world, [sector]) for sector in world.sectors])  # k n
    bought = attached @ output / 1000.0  # bn USD, c n
    figures = {
        name: dated(node, world.regions, bought.sum(axis=0), base_year, parameters)
        for name, node in zip(layout.nodes, nodes, strict=True)
        if not node.assembled
    }
    shares = graph.cost_shares(layout.nodes)
    capital = np.array([node.input == "capital" for node in nodes])
    plant = traits.plants(nodes)
    tools = shares * capital[None, :] * plant[:, None]
    finals = [layout.nodes.index(f"{chain.chain}/{chain.final}") for chain in chains]
    walk = Walk(
        [figures.get(name) for name in layout.nodes],
        shares - tools,
        tools,
        finals,
        bought,
        parameters,
    )
    supplied = np.zeros((len(nodes), len(world.regions)))
    for row, name in enumerate(layout.nodes):
        if name in figures:
            supplied[row] = figures[name].shares
    qualify = np.array([node.years_to_qualify.value for node in nodes]) / ORDINARY_YEARS
    told = known_of(
        layout.nodes, world.regions, supplied, qualify, year=base_year, parameters=parameters
    )
    pace = node_pace(told, numbers_at(parameters), parameters["chain_sourcing_elasticity"])
    walked, trend, use = _settled(
        walk,
        pace.every,
        plant,
        tools=tools,
        buyers=_buyers(chains, world),
        parameters=parameters,
    )
    technology = _technology(
        world,
        parameters,
        graph,
        layout,
        walked,
        tables=_Tables(attached, walk, pace.every, trend, use),
        base_year=base_year,
        research=np.ones(len(world.regions)) if research is None else research,
        reaction=reaction,
    )
    growing = 1 + trend / parameters["capital_new_share"]
    found = Chains(chosen, graph.chain, layout, technology, graph.also, figures, walked)
    return replace(found, walk=walk, investing=growing * use, told=told)


@dataclass(frozen=True)
class _Tables:
    """What the parts of the technology are made of, by node in the layout's order."""

    attached: Float[np.ndarray, "c k"]
    walk: Walk
    pace: Float[np.ndarray, "m n"]
    trend: Float[np.ndarray, "m n"]
    tool_use: Float[np.ndarray, " n"]


def _settled(
    walk: Walk,
    pace: Float[np.ndarray, "m n"],
    plant: np.ndarray,
    *,
    tools: Float[np.ndarray, "p m"],
    buyers: Mapping[int, float],
    parameters: Mapping[str, float],
) -> tuple[Walked, Float[np.ndarray, "m n"], Float[np.ndarray, " n"]]:
    """The walk, growth of plants, and use of tools that agree with each other."""
    first = walk.run(np.ones_like(pace))
    # A share grows by eta times the ability that its makers gain on all makers of the node.
    gained = pace - (first.shares * pace).sum(axis=1, keepdims=True)
    grown = parameters["chain_sourcing_elasticity"] * gained
    # Where it falls, plants are not replaced; they last as long as they last.
    lasting = -parameters["capital_new_share"]
    trend = np.where(plant[:, None], np.maximum(grown, lasting), 0.0)
    growing = 1 + trend / parameters["capital_new_share"]
    use = tool_use(first, tools, growing, buyers)
    return walk.run(growing * use), trend, use


def _technology(
    world: World,
    parameters: Mapping[str, float],
    graph: Joined,
    layout: Layout,
    walked: Walked,
    *,
    tables: _Tables,
    base_year: int,
    research: Float[np.ndarray, " n"],
    reaction: bool,
) -> Technology:
    """The model's arrays, at their places."""
    nodes = [graph.chain.nodes[name] for name in layout.nodes]
    places, size = layout.slots, int(np.prod(layout.shape[:2]))
    walk = tables.walk

    def spread(values: object, empty: float = 0.0) -> jnp.ndarray:
        given = np.asarray(values)
        found = np.full((size, *given.shape[1:]), empty, dtype=given.dtype)
        found[places] = given
        return jnp.asarray(found)

    def both(values: np.ndarray) -> jnp.ndarray:
        found = np.zeros((size, size))
        found[np.ix_(places, places)] = values
        return jnp.asarray(found)

    sector = traits.sectors_of(graph.chain, layout.nodes, world)
    qualify = np.array([node.years_to_qualify.value for node in nodes])
    capital = np.array([node.input == "capital" and not node.assembled for node in nodes])
    market = walked.bought.sum(axis=1)
    entry = traits.entries(
        nodes,
        walked.shares,
        market,
        research=research,
        world=world,
        year=base_year,
        parameters=parameters,
    )
    neutral = entry._asdict().fromkeys(entry._fields, 1.0) | {"weight": 0.0, "start": 0.0}
    finals = np.asarray(walk.finals)
    eta = parameters["chain_sourcing_elasticity"]
    growth, ladder = (
        traits.growths(nodes, float(base_year)),
        traits.ladders(nodes, float(base_year)),
    )
    ladder = type(ladder)(*map(spread, ladder))
    sectors, plant = spread(np.maximum(sector, 0)), spread(traits.plants(nodes))
    some, place = np.unique(np.asarray(sectors), return_inverse=True)
    links = layout.links(
        jnp.asarray(walked.sourcing),
        parameters["chain_input_elasticity"],
        eta,
        parameters["choke_price"],
    )
    return Technology(
        links=links,
        needs=Needs.of(links, np.asarray(links.assembled).ravel() & ~np.asarray(ladder.known)),
        world=spread(walked.shares),
        inputs=both(walk.inputs),
        tools=both(walk.tools),
        buyers=spread(walked.bought),
        scale=spread(walked.scale, 1.0),
        plant=plant,
        plants=jnp.flatnonzero(plant),
        durable=spread(capital),
        sector=sectors,
        sectors=jnp.asarray(some),
        place=jnp.asarray(place),
        own=spread(np.where(sector >= 0, 1 - (walk.inputs + walk.tools).sum(axis=1), 0.0)),
        research=spread(traits.research_parts(nodes, parameters)),
        momentum=spread(tables.pace),
        trend=spread(tables.trend),
        ladder=ladder,
        growth=growth._replace(times=spread(growth.times, 1.0), speed=spread(growth.speed)),
        entry=entry._replace(
            **{name: spread(values, neutral[name]) for name, values in entry._asdict().items()}
        ),
        tool_use=jnp.asarray(tables.tool_use),
        difficulty=spread((qualify / ORDINARY_YEARS) ** parameters["difficulty_exponent"], 1.0),
        qualify=spread(qualify, 1.0),
        learning=spread(np.array([_exponent(n.learning, parameters) for n in nodes])),
        final=jnp.asarray(places[finals]),
        attached=jnp.asarray(tables.attached),
        purchases=jnp.asarray(walk.bought),
        controllable=spread(controlled_flows(layout.nodes, world, date.max)) if reaction else None,
    )


def _buyers(chains: Sequence[Chain], world: World) -> dict[int, float]:
    """Measured parts of the world's purchases of tools, by place of the region."""
    return {
        world.regions.index(one.region): one.percent.value / 100
        for chain in chains
        for one in chain.tool_buyers
        if one.region in world.regions
    }


def _attached(chain: Chain, world: World) -> bool:
    return bool(_attachment(chain, world).any())


def _attachment(chain: Chain, world: World) -> Float[np.ndarray, " k"]:
    """Part of the unit cost of each sector that is made that the chain's final product is."""
    found = np.zeros(len(world.sectors))
    for attachment in chain.attached:
        for sector in attachment.sectors:
            if sector in world.sectors and sector_output(world, [sector]).any():
                found[world.sectors.index(sector)] += attachment.cost_share.value / 100
    return found


def _exponent(learning: object, parameters: Mapping[str, float]) -> float:
    """Learning exponent l of cost ~ experience^-l, from a fall of cost per doubling."""
    if learning is None:
        return parameters["learning_exponent"]
    return float(-np.log2(1 - learning.value))  # type: ignore[attr-defined]
