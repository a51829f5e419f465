"""All technology chains as one graph, ready for the yearly loop.

Nodes stand at their places in the layout of `bottleneck.Links` (level by level, empty slots
included), so that arrays [m, ...] are those of the price program without its two leading axes.

What is bought of a node serves two uses: `FREE` ones, and those `ABOVE` the threshold that export
controls name, which they bind alone. A node with a ladder of generations has its own part above,
by year. A tool is above as far as what it serves is, whatever its own ladder says of the world's
mean; what a buyer assembles is above where he needs it for that; where no ladder is known, all is.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from zizhu.model.bottleneck import Links

# The two uses, in the order of a leading axis [u, ...].
FREE, ABOVE = 0, 1


class Ladder(NamedTuple):
    """Generations of nodes: the part of demand above the threshold of controls, by year.

        above_m(t)  =  sigmoid(start_m + pace_m t)

    known    [m] whether the node has a ladder
    follows  [m] whether it is above as far as what it serves is, before its own ladder
    start    [m] logit of the part in the base year
    pace     [m] its change a year
    """

    known: Bool[Array, " m"]
    follows: Bool[Array, " m"]
    start: Float[Array, " m"]
    pace: Float[Array, " m"]

    def above(self, year: Float[Array, ""]) -> Float[Array, " m"]:
        """Part above the threshold, 1 where no ladder is known."""
        return jnp.where(self.known, jax.nn.sigmoid(self.start + self.pace * year), 1.0)


class Growth(NamedTuple):
    """Demand that grows beyond what its uses grow: a logistic that is 1 in the base year.

        factor_m(t)  =  K_m / (1 + (K_m - 1) exp(-r_m t))

    times  [m] K, at which it comes to rest
    speed  [m] r, a year
    """

    times: Float[Array, " m"]
    speed: Float[Array, " m"]

    def factor(self, year: Float[Array, ""]) -> Float[Array, " m"]:
        """Demand relative to the base year."""
        return self.times / (1 + (self.times - 1) * jnp.exp(-self.speed * year))


class Entry(NamedTuple):
    """Who does not supply a node yet, and how long it takes to get in.

    weight  [m,i] of an entrant with a buyer abroad; 0 for who supplies already
    home    [m,n] times as much with its own buyers
    effort  [m] bn USD a year at which the clock runs a year a year
    floor   [m,i] bn USD a year of effort where no money is named
    median  [m,i] effort years after which half have entered
    least   [m,i] effort years before which nobody has
    first   [m,i] years since the base year before which nobody has, however large the effort
    spread  [m,i] of the log of effort years
    start   [m,i] effort years at the start of the path, negative before efforts begin
    """

    weight: Float[Array, "m n"]
    home: Float[Array, "m n"]
    effort: Float[Array, " m"]
    floor: Float[Array, "m n"]
    median: Float[Array, "m n"]
    least: Float[Array, "m n"]
    first: Float[Array, "m n"]
    spread: Float[Array, "m n"]
    start: Float[Array, "m n"]


class Needs(NamedTuple):
    """The inputs of makers as a list by level: most of the places of `Links.inputs` are empty.

    maker   [l,e] slot of who needs it, within its level
    number  [l,e] which of its inputs it is
    use     [l,e] for which use of what is made, where that matters (`Technology.carries`)
    used    [l,e] 1, or 0 at the end of the list of a level that has fewer
    """

    maker: Int[Array, "l e"]
    number: Int[Array, "l e"]
    use: Int[Array, "l e"]
    used: Float[Array, "l e"]

    @classmethod
    def of(cls, links: Links, carries: Bool[np.ndarray, " m"]) -> Needs:
        """All inputs of a chain with a cost share; once for each use where a maker `carries`."""
        some = (np.asarray(links.tight) + np.asarray(links.loose)) > 0
        both = some & carries.reshape(some.shape[:2])[..., None]
        found = [
            np.concatenate([np.argwhere(here), np.argwhere(again)])
            for here, again in zip(some, both, strict=True)
        ]
        shape = len(found), max(1, *map(len, found))
        maker, number, use = np.zeros((3, *shape), dtype=np.int64)
        used = np.zeros(shape)
        for level, (rows, here) in enumerate(zip(found, some, strict=True)):
            maker[level, : len(rows)], number[level, : len(rows)] = rows.T
            use[level, here.sum() : len(rows)] = ABOVE
            used[level, : len(rows)] = 1.0
        return cls(*map(jnp.asarray, (maker, number, use, used)))


class Technology(NamedTuple):
    """What chains are in the base year.

    links         sourcing, cost shares and elasticities; sourcing rows sum to one
    needs         the inputs of `links` as a list
    world         [m,i] suppliers' shares of the world market; an empty place has none
    inputs        [p,m] cost share of m in p of what is used up in making p
    tools         [p,m] the same of what serves for years where p is a plant
    buyers        [m,n] what each region buys in the base year, in any unit by node
    scale         [m] size of the node's market over what cost shares imply
    plant         [m] nodes whose output is bounded by plants that take years to build
    plants        [f] their places
    durable       [m] nodes that serve for years: tools
    sector        [m] place of the sector whose unit cost the node's own cost follows
    sectors       [s] the sectors that some node follows, and whose duties its trade pays
    place         [m] which of those it is
    own           [m] part of the node's cost that follows it: neither input nor tool of a chain
    research      [m] makers' own research, part of sales
    momentum      [m,i] yearly gain of ability in the base year that no effort of the year explains
    trend         [m,i] growth of plants beyond the world's, a year, that goes with it
    ladder        generations and the threshold of controls
    growth        demand that grows by itself
    entry         of who does not supply yet
    tool_use      [i] tools bought for the same investment, relative to the world's plants
    difficulty    [m] of progress, 1 is an ordinary tool
    qualify       [m] years to qualify a substitute
    learning      [m] learning exponent
    final         [c] place of the product that each chain sells to sectors
    attached      [c,k] part of the unit cost of each sector that is the chain
    purchases     [c,n] bn USD of final products bought in the base year, as cost shares imply
    controllable  [m,n,i] flows that controls of the reaction may bar; None where it is off
    """

    links: Links
    needs: Needs
    world: Float[Array, "m n"]
    inputs: Float[Array, "m m"]
    tools: Float[Array, "m m"]
    buyers: Float[Array, "m n"]
    scale: Float[Array, " m"]
    plant: Bool[Array, " m"]
    plants: Int[Array, " f"]
    durable: Bool[Array, " m"]
    sector: Int[Array, " m"]
    sectors: Int[Array, " s"]
    place: Int[Array, " m"]
    own: Float[Array, " m"]
    research: Float[Array, " m"]
    momentum: Float[Array, "m n"]
    trend: Float[Array, "m n"]
    ladder: Ladder
    growth: Growth
    entry: Entry
    tool_use: Float[Array, " n"]
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

    @property
    def carries(self) -> Bool[Array, " m"]:
        """Nodes that are assembled for one use or the other, and need their inputs for it."""
        return self.assembled & ~self.ladder.known

    def inputs_above(
        self, year: Float[Array, ""], maker: Int[Array, "..."], inputs: Int[Array, "..."]
    ) -> Float[Array, "u ..."]:
        """Part of inputs that is above the threshold in what makers buy, for each of their uses.

        maker, inputs  places of makers and of their inputs, of shapes that go together
        """
        ladder, above = self.ladder, self.ladder.above(year)
        of_maker = ladder.known[maker] | self.carries[maker]
        own = ladder.known[inputs] & ~(ladder.follows[inputs] & of_maker)
        found = [
            jnp.where(own, above[inputs], jnp.where(self.carries[maker], float(use), above[maker]))
            for use in (FREE, ABOVE)
        ]
        return jnp.stack(found)


class Bars(NamedTuple):
    """What is barred in a year, as parts [m,n,i] of base flows between regions.

    every   of all of the flow
    higher  of what is above the threshold of controls, once more, reaction included
    relief  [m,n] part of barred purchases that comes out of store
    need    [m,n] barred purchases, years of normal purchases
    """

    every: Float[Array, "m n n"]
    higher: Float[Array, "m n n"]
    relief: Float[Array, "m n"]
    need: Float[Array, "m n"]

    def part(self, above: Float[Array, "m n"]) -> Float[Array, "m n n"]:
        """Part of each flow that is barred if `above` of it is above the threshold."""
        return self.every + (1 - self.every) * self.higher * above[:, :, None]


def bars(
    technology: Technology,
    every: Float[Array, "m n n"],
    higher: Float[Array, "m n n"],
    *,
    controls: Float[Array, " n"],
    cover: Float[Array, "m n"],
    above: Float[Array, "m n"],
) -> Bars:
    """Bars from parts of flows, the reaction's controls and what lies in store.

    above  part of each buyer's purchases that is above the threshold
    """
    abroad = 1 - jnp.eye(every.shape[1])
    higher = higher * abroad
    if technology.controllable is not None:
        answer = controls[:, None] * technology.controllable * abroad
        higher = higher + (1 - higher) * answer
    found = Bars(every * abroad, higher, jnp.zeros_like(cover), jnp.zeros_like(cover))
    need = jnp.sum(technology.sourcing * found.part(above), axis=2)
    stored = cover / jnp.where(need > 0, need, 1.0)
    relief = jnp.where(need > 0, jnp.minimum(stored, 1.0), 0.0)
    return found._replace(relief=relief, need=need)
