"""A chain made ready for the model: labels on one side, arrays on the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.chains import Chain
from zizhu.chains.chain import OTHER
from zizhu.chains.regions import EUROPE, region_of, sector_output
from zizhu.errors import ChainError, did_you_mean, quoted
from zizhu.laboratory.bottleneck.layout import Layout, layout_of
from zizhu.laboratory.bottleneck.sourcing import (
    by_buyer,
    entered,
    known_home_shares,
    supplier_shares,
)
from zizhu.model.bottleneck import Cuts, Links, Prices, chain_prices
from zizhu.parameters import values
from zizhu.world import World

Horizon = Literal["at_once", "in_time"]
_ELASTICITY = {
    "at_once": "chain_elasticity_at_once",
    "in_time": "chain_sourcing_elasticity",
}
# Other names of the group that the shipped worlds call EU.
_ALIASES = {EUROPE: "EU", "EU27": "EU"}


@dataclass(frozen=True)
class ChainCase:
    """One chain on one world under one set of parameters.

    regions   the world's regions, then countries that the chain names and the world merges
    layout    nodes in the order of the arrays, and their places in `links`
    world     supplier shares w[m,i] of the world market, spread and gated; rows sum to one
    buyers    each region's part of world purchases (output of the attached sectors)
    sourcing  s[m,n,i], what each buyer buys from whom; rows sum to one
    hosts     for each country that the world merges, the region that holds it
    known     buyers' home shares that were measured in their own market, by (node, region)
    groups    names for several regions
    """

    chain: Chain
    regions: tuple[str, ...]
    layout: Layout
    world: Float[np.ndarray, "m n"]
    buyers: Float[np.ndarray, " n"]
    sourcing: Float[np.ndarray, "m n n"]
    links: Links
    horizon: Horizon
    hosts: Mapping[str, str]
    known: Mapping[tuple[int, int], float]
    groups: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, float]

    @property
    def nodes(self) -> tuple[str, ...]:
        """Ids in the order of the arrays, inputs before parents."""
        return self.layout.nodes

    def place(self, node: str) -> int:
        """Row of a node; raises `ChainError` with the nearest id."""
        if node not in self.nodes:
            raise ChainError(
                f"chain {self.chain.chain} has no node {quoted(node)}"
                f"{did_you_mean(node, self.nodes)}"
            )
        return self.nodes.index(node)

    def members(self, name: str) -> tuple[int, ...]:
        """Columns of a region or group, with the countries apart that it holds.

        Raises `ChainError` with the nearest name.
        """
        group = (name,) if name in self.regions else self.groups.get(_ALIASES.get(name, name), ())
        found = [
            place
            for place, region in enumerate(self.regions)
            if region in group or self.hosts.get(region) in group
        ]
        if not found:
            known = [*self.regions, *self.groups]
            raise ChainError(f"region {quoted(name)} is unknown{did_you_mean(name, known)}")
        return tuple(found)

    def weights(self, members: Sequence[int]) -> Float[np.ndarray, " k"]:
        """Parts of a group's purchases by member; equal where none buys."""
        found = self.buyers[list(members)]
        return found / found.sum() if found.sum() > 0 else np.full(len(found), 1 / len(found))

    @property
    def assembled(self) -> np.ndarray:
        """Mask of the nodes that their buyers assemble."""
        return np.array([self.chain.nodes[name].assembled for name in self.nodes])

    def traded(self) -> list[int]:
        """Rows of the nodes that somebody supplies."""
        return [row for row, assembled in enumerate(self.assembled) if not assembled]

    def home(self, members: Sequence[int]) -> Float[np.ndarray, " m"]:
        """Part of a group's purchases of each node from inside the group; 1 for assembled."""
        inside = self.sourcing[:, list(members)][:, :, list(members)].sum(2)
        return np.where(self.assembled, 1.0, inside @ self.weights(members))

    def prices(self, cuts: Cuts) -> Prices:
        """Solve under one list of cuts; rows of the answer are `nodes`."""
        return self.layout.by_node(chain_prices(self.links, cuts))

    def margin_gaps(self) -> Float[np.ndarray, " m"]:
        """By how much each node's world shares are missed, half the sum of absolute gaps.

        They are missed where a home share measured in a buyer's own market contradicts them.
        """
        implied = np.einsum("n,mni->mi", self.buyers, self.sourcing)
        return np.asarray(np.abs(implied - self.world).sum(1) / 2)

    def with_horizon(self, horizon: Horizon) -> ChainCase:
        """The same case with other suppliers standing in more or less."""
        trade = jnp.full_like(self.links.trade, float(self.parameters[_ELASTICITY[horizon]]))
        return replace(self, horizon=horizon, links=self.links._replace(trade=trade))


def chain_case(
    chain: Chain,
    world: World,
    overrides: Mapping[str, float] | None = None,
    horizon: Horizon = "at_once",
    beside: Collection[str] = (),
) -> ChainCase:
    """Put a chain on a world: suppliers spread over regions, buyers home-biased.

    `horizon` says how far other suppliers can stand in for a barred one: hardly, before a
    substitute is qualified (at_once), or as trade elasticities say (in_time). `overrides` replace
    registered parameters. `beside` are countries that other chains name: chains with the same
    regions share one compiled program. Raises `ChainError` if the chain is attached to no sector
    that is made in the world or names a country that the world does not hold.
    """
    chosen = values(overrides)
    regions = (*world.regions, *sorted({*merged_countries(chain, world), *beside}))
    output = purchases(chain, world, len(regions))
    layout = layout_of(chain)
    named = supplier_shares(chain, layout.nodes, regions, output)
    shares = entered(named, chosen["entry_share"])
    buyers = output / output.sum()
    known = known_home_shares(chain, layout.nodes, regions)
    sourcing = by_buyer(shares, buyers, chosen["chain_home_bias"], known)
    return ChainCase(
        chain=chain,
        regions=regions,
        layout=layout,
        world=shares,
        buyers=buyers,
        sourcing=np.asarray(sourcing),
        links=layout.links(
            sourcing,
            chosen["chain_input_elasticity"],
            chosen[_ELASTICITY[horizon]],
            chosen["choke_price"],
        ),
        horizon=horizon,
        hosts={code: region_of(code, world.regions) for code in regions[len(world.regions) :]},
        known=known,
        groups={
            name: members
            for name, members in world.groups.items()
            if set(members) <= set(world.regions)
        },
        parameters=chosen,
    )


def merged_countries(chain: Chain, world: World) -> set[str]:
    """Countries that a chain names and the world merges with others.

    Raises `ChainError` for a country that no region of the world holds.
    """
    named = {code for _, block in chain.blocks() for code in block.shares}
    merged = named - {EUROPE, OTHER, *world.regions}
    for code in merged:
        region_of(code, world.regions)
    return merged


def purchases(chain: Chain, world: World, length: int) -> Float[np.ndarray, " n"]:
    """What each region buys of the chain: output of attached sectors times their cost shares."""
    attached = [
        (sector, attachment.cost_share.value)
        for attachment in chain.attached
        for sector in attachment.sectors
    ]
    inside = [(sector, share) for sector, share in attached if sector in world.sectors]
    if not inside:
        wanted = ", ".join(sector for sector, _ in attached)
        raise ChainError(
            f"chain {chain.chain} is attached to {wanted}; world {world.name} has none of them"
        )
    output = np.zeros(length)
    for sector, share in inside:
        output[: len(world.regions)] += share * sector_output(world, [sector])
    if output.sum() <= 0:
        idle = ", ".join(sector for sector, _ in inside)
        raise ChainError(
            f"chain {chain.chain} is attached to {idle}, of which nobody in world {world.name} "
            "makes anything"
        )
    return output
