"""All technology chains as one graph, ready for the yearly loop.

Nodes stand at their places in the layout of `bottleneck.Links` (level by level, empty slots
included), so that arrays [m, ...] are those of the price program without its two leading axes.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from zizhu.model.bottleneck import Links


class Technology(NamedTuple):
    """What chains are in the base year.

    links         sourcing, cost shares and elasticities; sourcing rows sum to one
    world         [m,i] suppliers' shares of the world market; an empty place has none
    inputs        [p,m] cost share of m in p of what is used up in making p
    tools         [p,m] the same of what serves for years where p is a plant
    passed        [m] products of firms that own no plants: their inputs are made for whoever buys
    plant         [m] nodes whose output is bounded by plants that take years to build
    trend         [m,i] yearly growth of plants beyond the world's that goes on without a measure
    tool_use      [i] tools bought for the same investment, relative to the world's plants
    durable       [m] nodes that serve for years: tools
    indivisible   [e] places of nodes that nobody enters in parts
    entrant       [e,n,i] weight that an entrant to such a node would have with each buyer
    preferable    [m] nodes for which a preference for home supplies works: tools and materials
    difficulty    [m] of progress, 1 is an ordinary tool
    qualify       [m] years to qualify a substitute
    learning      [m] learning exponent
    final         [c] place of the product that each chain sells to sectors
    attached      [c,k] part of the unit cost of each sector that is the chain
    purchases     [c,n] bn USD of final products bought by each region in the base year
    controllable  [m,n,i] flows that controls of the reaction may bar; None where it is off
    """

    links: Links
    world: Float[Array, "m n"]
    inputs: Float[Array, "m m"]
    tools: Float[Array, "m m"]
    passed: Bool[Array, " m"]
    plant: Bool[Array, " m"]
    trend: Float[Array, "m n"]
    tool_use: Float[Array, " n"]
    durable: Bool[Array, " m"]
    indivisible: Int[Array, " e"]
    entrant: Float[Array, "e n n"]
    preferable: Bool[Array, " m"]
    difficulty: Float[Array, " m"]
    qualify: Float[Array, " m"]
    learning: Float[Array, " m"]
    final: Int[Array, " c"]
    attached: Float[Array, "c k"]
    purchases: Float[Array, "c n"]
    controllable: Float[Array, "m n n"] | None

    @property
    def levels(self) -> int:
        """Levels of the graph."""
        return int(self.links.preference.shape[0])

    @property
    def slots(self) -> int:
        """Places per level."""
        return int(self.links.preference.shape[1])

    @property
    def assembled(self) -> Bool[Array, " m"]:
        """Nodes that their buyers assemble."""
        return self.links.assembled.reshape(-1)

    @property
    def sourcing(self) -> Float[Array, "m n n"]:
        """Part of each buyer's purchases from each supplier in the base year."""
        return self.links.sourcing.reshape(self.world.shape[0], *self.links.sourcing.shape[2:])

    def by_level(self, values: Float[Array, "m ..."]) -> Float[Array, "l w ..."]:
        """Rows of places as the two leading axes of `Links`."""
        return values.reshape(self.levels, self.slots, *values.shape[1:])


class Bars(NamedTuple):
    """What is barred in a year.

    Flows s_mni (1 - relief_mn) (barred_mni + controls_n (1 - barred_mni)) of controllable ones are
    taken out of what buyers can source. Tables are kept apart from what differs between the members
    of a batch, so that a batch reads each table once.

    barred    [m,n,i] part of base sourcing s that is barred: s times the part, never own sales
    answer    [m,n,i] the same of what is still open and controllable; None without a reaction
    controls  [n] strength of the reaction's controls
    relief    [m,n] part of barred purchases that comes out of store
    """

    barred: Float[Array, "m n n"]
    answer: Float[Array, "m n n"] | None
    controls: Float[Array, " n"]
    relief: Float[Array, "m n"]

    def need(self) -> Float[Array, "m n"]:
        """Barred purchases, years of normal purchases."""
        found = self.barred.sum(axis=2)
        return found if self.answer is None else found + self.controls * self.answer.sum(axis=2)


def bars(
    technology: Technology,
    part: Float[Array, "m n n"],
    controls: Float[Array, " n"],
    cover: Float[Array, "m n"],
) -> Bars:
    """Bars from the part [m,n,i] of each flow that is barred and what lies in store."""
    abroad = 1 - jnp.eye(part.shape[1])
    barred = technology.sourcing * part * abroad
    answer = None
    if technology.controllable is not None:
        answer = technology.sourcing * (1 - part) * abroad * technology.controllable
    found = Bars(barred, answer, controls, jnp.zeros_like(cover))
    need = found.need()
    stored = cover / jnp.where(need > 0, need, 1.0)
    return found._replace(relief=jnp.where(need > 0, jnp.minimum(stored, 1.0), 0.0))
