"""All chains joined and put on a world for the yearly loop.

Unlike the static page of one chain, where each region's weight as a buyer is its output of the
attached sectors, purchases are walked down the graph: a node is bought where what it goes into is
made, tools where fabs stand. World shares then hold at every node, and home shares measured
in a buyer's own market are not forced on the table, since they contradict world shares (China's
fabs cannot buy 5 percent at home of what Chinese makers sell 1 percent of): they are an outside
check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.chains import Chain, chain_names, load_chain
from zizhu.chains.regions import sector_output
from zizhu.errors import ChainError
from zizhu.laboratory.bottleneck.layout import Layout, layout_of
from zizhu.laboratory.bottleneck.sourcing import entered, supplier_shares
from zizhu.laboratory.path.controls import controlled_flows
from zizhu.model.sourcing import home_biased_sourcing
from zizhu.model.technology import Technology
from zizhu.world import World

# Nodes that nobody enters in parts, with the fact behind it: EUV lithography (F6H).
INDIVISIBLE = ("semiconductors/lith_euv",)
# Products of firms that own no plants, whose shares are those of headquarters: a chip designed in
# the United States for a buyer in China may be made in China. Their inputs are counted where the
# product is bought.
FABLESS = ("semiconductors/ic", "semiconductors/adv_chip")
_GROWING = "CHN"
# Nodes that are made in plants which take years to build: tools are 0.35 to 0.48 of their cost.
PLANTS = tuple(f"semiconductors/{name}" for name in ("fab_adv", "fab_mature", "dram", "nand"))
# World sales of a chain's product in bn USD where a source has them: chips in 2021, of which 192.5
# in China are 34.6 percent (F62). Cost shares of attached sectors would give half as much again.
_WORLD_SALES = {"semiconductors": 192.5 / 0.346}
# Years to qualify a substitute of an ordinary tool (etch, films: 3), whose difficulty is 1.
_ORDINARY_YEARS = 3.0
# Preferences for home supplies work on what a maker uses, not on who makes the product.
_PREFERABLE = ("raw_material", "input", "tool")


@dataclass(frozen=True)
class Chains:
    """Chains on a world: labels beside the model's arrays.

    names    of the chains
    nodes    `chain/node` in the order of `places`
    places   of each node in the model's arrays
    """

    names: tuple[str, ...]
    joined: Chain
    layout: Layout
    technology: Technology

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
    reaction: bool = False,
) -> Chains:
    """Join chains (all shipped ones by default) and put them on a world.

    Chains that are attached to no sector of the world are left out. What controls may bar is there
    only with a `reaction`. Raises `ChainError` if that
    leaves none.
    """
    chosen = tuple(n for n in names or chain_names() if _attached(load_chain(n), world))
    if not chosen:
        raise ChainError(f"no chain is attached to a sector of world {world.name}")
    chains = [load_chain(name) for name in chosen]
    joined = _joined(chains)
    # All chains are one program: every empty place would cost time each year.
    layout = layout_of(joined, step=1)
    nodes = [joined.nodes[name] for name in layout.nodes]
    attached = np.array([_attachment(chain, world) for chain in chains])
    output = np.array([sector_output(world, [sector]) for sector in world.sectors])  # k n
    bought = attached @ output / 1000.0  # bn USD, c n
    for row, name in enumerate(chosen):
        if name in _WORLD_SALES:
            bought[row] *= _WORLD_SALES[name] / bought[row].sum()
    finals = [f"{chain.chain}/{chain.final}" for chain in chains]
    share = _cost_shares(joined, layout.nodes)
    shares = np.concatenate(
        [
            supplier_shares(joined, [name], world.regions, bought[chosen.index(name.split("/")[0])])
            for name in layout.nodes
        ]
    )
    shares = entered(shares, parameters["entry_share"])
    capital = np.array([node.input == "capital" for node in nodes])
    plant = np.isin(layout.nodes, PLANTS)
    tools = share * capital[None, :] * plant[:, None]
    trend = _trend(plant, world, parameters)
    walk = _Walk(joined, layout.nodes, shares, share - tools, tools, finals, bought, parameters)
    growing = 1 + trend / parameters["capital_new_share"]
    tool_use = _tool_use(walk.run(growing), tools, growing, world, parameters)
    sourcing = walk.run(growing * tool_use).sourcing
    links = layout.links(
        jnp.asarray(sourcing),
        parameters["chain_input_elasticity"],
        parameters["chain_sourcing_elasticity"],
        parameters["choke_price"],
    )
    places = layout.slots
    whole = np.array([r for r, n in enumerate(layout.nodes) if n in INDIVISIBLE], dtype=np.int64)
    size = int(np.prod(layout.shape[:2]))
    at = dict(zip(layout.nodes, places, strict=True))

    def spread(values: np.ndarray, empty: float = 0.0) -> np.ndarray:
        found = np.full((size, *values.shape[1:]), empty, dtype=values.dtype)
        found[places] = values
        return found

    def both(values: np.ndarray) -> np.ndarray:
        found = np.zeros((size, size))
        found[np.ix_(places, places)] = values
        return found

    traded = np.array([not node.assembled for node in nodes])
    technology = Technology(
        links=links,
        world=jnp.asarray(spread(shares * traded[:, None])),
        inputs=jnp.asarray(both(share - tools)),
        tools=jnp.asarray(both(tools)),
        passed=jnp.asarray(spread(np.isin(layout.nodes, FABLESS))),
        plant=jnp.asarray(spread(plant)),
        trend=jnp.asarray(spread(trend)),
        tool_use=jnp.asarray(tool_use),
        durable=jnp.asarray(spread(capital & traded)),
        indivisible=jnp.asarray(places[whole]),
        entrant=jnp.asarray(_entrant_weights(shares[whole], parameters)),
        preferable=jnp.asarray(spread(np.array([n.stage in _PREFERABLE for n in nodes]))),
        difficulty=jnp.asarray(
            spread(np.array([n.years_to_qualify.value / _ORDINARY_YEARS for n in nodes]), 1.0)
        ),
        qualify=jnp.asarray(spread(np.array([n.years_to_qualify.value for n in nodes]), 1.0)),
        learning=jnp.asarray(spread(np.array([_exponent(n.learning, parameters) for n in nodes]))),
        final=jnp.asarray([at[name] for name in finals]),
        attached=jnp.asarray(attached),
        purchases=jnp.asarray(bought),
        controllable=jnp.asarray(spread(controlled_flows(layout.nodes, world, date.max)))
        if reaction
        else None,
    )
    return Chains(chosen, joined, layout, technology)


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


def _joined(chains: Sequence[Chain]) -> Chain:
    """One graph with the nodes of all chains, named `chain/node`; only its graph is meant."""
    first = chains[0]
    return first.model_copy(
        update={
            "chain": "all",
            "title": "all chains",
            "nodes": {f"{c.chain}/{name}": node for c in chains for name, node in c.nodes.items()},
            "edges": tuple(
                edge.model_copy(
                    update={
                        "input": f"{c.chain}/{edge.input}",
                        "parent": f"{c.chain}/{edge.parent}",
                    }
                )
                for c in chains
                for edge in c.edges
            ),
        }
    )


def _cost_shares(joined: Chain, nodes: Sequence[str]) -> Float[np.ndarray, "p m"]:
    at = {name: row for row, name in enumerate(nodes)}
    table = np.zeros((len(nodes), len(nodes)))
    for edge in joined.edges:
        table[at[edge.parent], at[edge.input]] += edge.cost_share
    return table


class _Walked(NamedTuple):
    """What a walk down the graph finds: whom buyers buy from, and what is made where."""

    sourcing: Float[np.ndarray, "m n n"]
    made: Float[np.ndarray, "m n"]


@dataclass(frozen=True)
class _Walk:
    """The walk from final products down: a node is bought where what it goes into is made."""

    joined: Chain
    nodes: Sequence[str]
    shares: Float[np.ndarray, "m n"]
    inputs: Float[np.ndarray, "p m"]
    tools: Float[np.ndarray, "p m"]
    finals: Sequence[str]
    bought: Float[np.ndarray, "c n"]
    parameters: Mapping[str, float]

    def run(self, investing: Float[np.ndarray, "m n"]) -> _Walked:
        """Walk with plants that invest `investing` times what wears out."""
        purchases = np.zeros_like(self.shares)
        for name, row in zip(self.finals, self.bought, strict=True):
            purchases[self.nodes.index(name)] += row
        made = np.zeros_like(self.shares)
        sourcing = np.zeros((*self.shares.shape, self.shares.shape[1]))
        bias = jnp.asarray(self.parameters["chain_home_bias"])
        for row in reversed(range(len(self.nodes))):
            node, total = self.joined.nodes[self.nodes[row]], purchases[row].sum()
            weights = purchases[row] / total if total > 0 else np.full_like(purchases[row], 1.0)
            weights = weights / weights.sum()
            table = home_biased_sourcing(jnp.asarray(self.shares[row]), jnp.asarray(weights), bias)
            sourcing[row] = np.asarray(table)
            passed = node.assembled or self.nodes[row] in FABLESS
            made[row] = purchases[row] if passed else purchases[row] @ sourcing[row]
            purchases += self.inputs[row][:, None] * made[row]
            purchases += self.tools[row][:, None] * (made[row] * investing[row])
        return _Walked(sourcing, made)


def _tool_use(
    walked: _Walked,
    tools: Float[np.ndarray, "p m"],
    growing: Float[np.ndarray, "p n"],
    world: World,
    parameters: Mapping[str, float],
) -> Float[np.ndarray, " n"]:
    """Tools bought for the same investment, so that China buys the measured part of the world's."""
    bought = (tools.sum(axis=1)[:, None] * walked.made * growing).sum(axis=0)
    found = np.ones(len(world.regions))
    if _GROWING not in world.regions or bought.sum() == 0:
        return found
    buyer = world.regions.index(_GROWING)
    had, wanted = bought[buyer] / bought.sum(), parameters["tool_purchases_china"]
    found *= (1 - wanted) / (1 - had)
    found[buyer] = wanted / had
    return found


def _entrant_weights(
    shares: Float[np.ndarray, "e n"], parameters: Mapping[str, float]
) -> Float[np.ndarray, "e n n"]:
    """Weight of who does not supply an indivisible node yet, with each buyer, once it does."""
    bias = 1 + (parameters["chain_home_bias"] - 1) * np.eye(shares.shape[1])
    behind = np.exp(-parameters["chain_sourcing_elasticity"] * parameters["entry_gap"])
    outside = (shares == 0).astype(float)
    return np.asarray(shares.max(axis=1)[:, None, None] * behind * bias * outside[:, None, :])


def _trend(
    plant: np.ndarray, world: World, parameters: Mapping[str, float]
) -> Float[np.ndarray, "m n"]:
    """Growth of plants beyond the world's: measured for chip plants in China, nowhere else."""
    table = np.zeros((len(plant), len(world.regions)))
    if _GROWING in world.regions:
        table[plant, world.regions.index(_GROWING)] = parameters["plant_trend"]
    return table


def _exponent(learning: object, parameters: Mapping[str, float]) -> float:
    """Learning exponent l of cost ~ experience^-l, from a fall of cost per doubling."""
    if learning is None:
        return parameters["learning_exponent"]
    return float(-np.log2(1 - learning.value))  # type: ignore[attr-defined]
