"""What each buyer buys from whom: from shares as published to shares by buyer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.chains import Chain, Node
from zizhu.chains.regions import region_matrix
from zizhu.model.sourcing import home_biased_sourcing


def supplier_shares(
    chain: Chain, nodes: Sequence[str], regions: Sequence[str], output: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "m n"]:
    """World supplier shares of each node by region, from its first block; rows sum to one.

    An assembled node has none: its row says that everybody supplies by weight, and is not used.
    """
    table = np.zeros((len(nodes), len(regions)))
    for row, name in enumerate(nodes):
        node = chain.nodes[name]
        bought = not node.assembled
        table[row] = spread(node, output, regions) if bought else output / output.sum()
    return table


def spread(
    node: Node,
    output: Float[np.ndarray, " n"],
    regions: Sequence[str],
    shares: Mapping[str, float] | None = None,
) -> Float[np.ndarray, " n"]:
    """One node's supplier shares by region; `shares` replace those of its first block."""
    found = shares or node.suppliers[0].shares
    row = np.array(list(found.values())) @ region_matrix(list(found), regions, output)
    return np.asarray(row / row.sum())


def entered(shares: Float[np.ndarray, "*m n"], gate: float) -> Float[np.ndarray, "*m n"]:
    """Shares of those who count as suppliers; rows sum to one.

    The gate is a share of the world market below which a region has not entered. It takes the
    place of a floor under shares, on which results would rest. The largest supplier always counts.
    """
    inside = (shares >= gate) | (shares >= shares.max(-1, keepdims=True))
    kept = np.where(inside, shares, 0.0)
    return np.asarray(kept / kept.sum(-1, keepdims=True))


def by_buyer(
    shares: Float[np.ndarray, "*m n"],
    buyers: Float[np.ndarray, " n"],
    bias: float,
    known: Mapping[tuple[int, int], float | Float[np.ndarray, " d"]],
) -> Float[Array, "*m n n"]:
    """What each buyer buys from whom, from world shares and measured home shares."""
    sourcing = home_biased_sourcing(jnp.asarray(shares), jnp.asarray(buyers), jnp.asarray(bias))
    return with_known_home(sourcing, known)


def with_known_home(
    sourcing: Float[Array, "*m n n"],
    known: Mapping[tuple[int, int], float | Float[np.ndarray, " d"]],
) -> Float[Array, "*m n n"]:
    """Give buyers the home share that was measured in their own market, by (node, region).

    The split among foreign suppliers stays. World margins then hold only as far as the two
    measurements agree, which `ChainCase.margin_gaps` shows; each figure is used for what it
    measures. A buyer without any foreign supplier stays at one. Shares may be drawn, one for each
    leading entry of `sourcing`.
    """
    for (node, region), share in known.items():
        row = sourcing[..., node, region, :]
        home = row[..., region]
        has_foreign = home < 1
        abroad = jnp.where(has_foreign, (1 - share) / jnp.where(has_foreign, 1 - home, 1.0), 0.0)
        new = row * abroad[..., None]
        new = new.at[..., region].set(jnp.where(has_foreign, share, 1.0))
        sourcing = sourcing.at[..., node, region, :].set(new)
    return sourcing


def known_home_shares(
    chain: Chain, nodes: Sequence[str], regions: Sequence[str]
) -> dict[tuple[int, int], float]:
    """Youngest figure of each region's share of its own market, where there is one, 0 to 1."""
    found = {}
    for row, name in enumerate(nodes):
        for column, region in enumerate(regions):
            home = chain.nodes[name].home_share(region)
            if home is not None and not chain.nodes[name].assembled:
                found[row, column] = min(home.value, 100.0) / 100.0
    return found
