"""Where the nodes of a chain lie in the model's arrays: levels of the graph and slots in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from zizhu.chains import Chain
from zizhu.model.bottleneck import Links, Prices


@dataclass(frozen=True)
class Layout:
    """Nodes with inputs before parents, and the slot of each.

    shape  levels, slots per level, inputs per node; rounded up, so that chains of similar size
           share one compiled program
    """

    chain: Chain
    nodes: tuple[str, ...]
    slots: Int[np.ndarray, " m"]
    shape: tuple[int, int, int]

    def cost_shares(
        self, by_edge: Mapping[tuple[str, str], Float[np.ndarray, "*d"]]
    ) -> tuple[Float[np.ndarray, "*d l w k"], Float[np.ndarray, "*d l w k"]]:
        """Cost shares by (input, parent), possibly drawn, as tight and loose shares."""
        drawn = np.shape(next(iter(by_edge.values()), 0.0))
        tables = {essential: np.zeros((*drawn, *self.shape)) for essential in (True, False)}
        for name, slot in zip(self.nodes, self.slots, strict=True):
            place = divmod(int(slot), self.shape[1])
            for number, edge in enumerate(self.chain.inputs(name)):
                tables[edge.essential][..., *place, number] = by_edge[edge.input, edge.parent]
        return tables[True], tables[False]

    def in_slots(self, sourcing: Float[Array, "*d m n n"]) -> Float[Array, "*d l w n n"]:
        """Sourcing by node laid out by level and slot."""
        levels, slots, _ = self.shape
        drawn, regions = sourcing.shape[:-3], sourcing.shape[-1]
        flat = jnp.zeros((*drawn, levels * slots, regions, regions))
        flat = flat.at[..., self.slots, :, :].set(sourcing)
        return flat.reshape(*drawn, levels, slots, regions, regions)

    def by_node(self, prices: Prices) -> Prices:
        """The model's answer with the rows of `nodes` only."""
        return Prices(*(jnp.asarray(field)[..., self.slots, :] for field in prices))

    def links(
        self,
        sourcing: Float[Array, "m n n"],
        elasticity: float,
        trade: float,
        choke: float,
    ) -> Links:
        """The whole chain as numbers: central cost shares, no preference for home suppliers.

        elasticity  between a node's inputs, where the chain gives none of its own
        trade       between suppliers
        """
        levels, slots, _ = self.shape
        inputs = np.zeros(self.shape, dtype=np.int64)
        own = np.full((levels, slots), elasticity)
        assembled = np.zeros((levels, slots), dtype=bool)
        slot_of = dict(zip(self.nodes, self.slots, strict=True))
        for name, slot in slot_of.items():
            place = divmod(int(slot), slots)
            node = self.chain.nodes[name]
            assembled[place] = node.assembled
            if node.inputs_elasticity is not None:
                own[place] = node.inputs_elasticity
            for number, edge in enumerate(self.chain.inputs(name)):
                inputs[(*place, number)] = slot_of[edge.input]
        central = {(e.input, e.parent): np.array(e.cost_share) for e in self.chain.edges}
        tight, loose = self.cost_shares(central)
        return Links(
            sourcing=self.in_slots(sourcing),
            inputs=jnp.asarray(inputs),
            tight=jnp.asarray(tight),
            loose=jnp.asarray(loose),
            elasticity=jnp.asarray(own),
            trade=jnp.full((levels, slots), trade),
            assembled=jnp.asarray(assembled),
            choke=jnp.asarray(choke),
            preference=jnp.zeros((levels, slots, sourcing.shape[-1])),
        )


def layout_of(chain: Chain, step: int = 8) -> Layout:
    """Lay a chain out: a node's level is above those of its inputs.

    Within that, nodes are spread so that the fullest level has as few as possible: what is farthest
    from the end of the chain goes first. Slots are a multiple of `step`.
    """
    after = _steps_to_end(chain)
    levels = _rounded(max(after.values()) + 1, 8)
    slots = _rounded(-(-len(chain.nodes) // levels), step)
    level = _scheduled(chain, after, levels, slots)
    while not level:
        slots += step
        level = _scheduled(chain, after, levels, slots)
    nodes = tuple(sorted(chain.nodes, key=lambda name: level[name]))
    depths = [level[name] for name in nodes]
    inputs = _rounded(max(len(chain.inputs(name)) for name in nodes), 8)
    slot = [depth * slots + depths[:number].count(depth) for number, depth in enumerate(depths)]
    return Layout(chain, nodes, np.array(slot), (levels, slots, inputs))


def _steps_to_end(chain: Chain) -> dict[str, int]:
    """Edges on the longest way from each node to an end of the chain."""
    after: dict[str, int] = {}
    for name in reversed(chain.order()):
        after[name] = max((1 + after[edge.parent] for edge in chain.parents(name)), default=0)
    return after


def _scheduled(chain: Chain, after: Mapping[str, int], levels: int, slots: int) -> dict[str, int]:
    """Level of every node if each level holds `slots`; empty if the nodes do not fit."""
    waiting = {name: {edge.input for edge in chain.inputs(name)} for name in chain.nodes}
    level: dict[str, int] = {}
    for depth in range(levels):
        done = set(level)
        ready = sorted(
            (name for name, needs in waiting.items() if needs <= done), key=lambda n: -after[n]
        )
        for name in ready[:slots]:
            level[name] = depth
            del waiting[name]
    return {} if waiting else level


def _rounded(number: int, step: int) -> int:
    return step * max(1, -(-number // step))
