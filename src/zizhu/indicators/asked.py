"""What readers of a path's tables have in common: the region that is asked about, its nodes."""

from __future__ import annotations

import numpy as np
import xarray as xr
from jaxtyping import Bool

from zizhu.errors import ScenarioError, did_you_mean

# How supplier shares of a node are counted; an assembled node has none.
LOCATION, HEADQUARTERS, ASSEMBLED = "location", "headquarters", "assembled"


def known_region(dataset: xr.Dataset, region: str) -> str:
    """The region, if the dataset has it; raises `ScenarioError` with the nearest name."""
    regions = [str(one) for one in dataset["region"].values]
    if region not in regions:
        raise ScenarioError(
            f"region: {region!r} is not in this path{did_you_mean(region, regions)}"
        )
    return region


def traded(dataset: xr.Dataset) -> Bool[np.ndarray, " m"]:
    """Nodes that are bought from a supplier, not put together by their buyers."""
    return np.asarray(dataset["node_counts"].values != ASSEMBLED)


def chain_of(node: object) -> str:
    """Chain of a `chain/node`."""
    return str(node).partition("/")[0]


def counted(counts: list[str]) -> str:
    """How several nodes are counted, in one word: `mixed` where they differ."""
    kinds = set(counts) - {ASSEMBLED}
    return kinds.pop() if len(kinds) == 1 else ("mixed" if kinds else "")


def weighted(
    shares: xr.DataArray, weights: xr.DataArray, over: str, part: Bool[np.ndarray, " m"]
) -> xr.DataArray:
    """Mean of shares by weight over the places `part`; not a number where nothing weighs."""
    held = xr.DataArray(part, {over: shares[over]}, (over,)) & shares.notnull()
    weight = weights.where(held, 0.0)
    total = weight.sum(over)
    return (shares.where(held, 0.0) * weight).sum(over) / total.where(total > 0)
