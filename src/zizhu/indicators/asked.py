"""What readers of a path's tables have in common: the region that is asked about, its nodes."""

from __future__ import annotations

import numpy as np
import xarray as xr
from jaxtyping import Bool, Float

from zizhu.errors import ScenarioError, did_you_mean, quoted

# How supplier shares of a node are counted; an assembled node has none.
LOCATION, HEADQUARTERS, ASSEMBLED = "location", "headquarters", "assembled"


def known_region(dataset: xr.Dataset, region: str) -> str:
    """The region, if the dataset has it; raises `ScenarioError` with the nearest name."""
    regions = [str(one) for one in dataset["region"].values]
    if region not in regions:
        raise ScenarioError(
            f"region: {quoted(region)} is not in this path{did_you_mean(region, regions)}"
        )
    return region


def traded(dataset: xr.Dataset) -> Bool[np.ndarray, " m"]:
    """Nodes that are bought from a supplier, not put together by their buyers."""
    return np.asarray(dataset["node_counts"].values != ASSEMBLED)


def counted(counts: list[str]) -> str:
    """How several nodes are counted, in one word: `mixed` where they differ."""
    kinds = set(counts) - {ASSEMBLED}
    return kinds.pop() if len(kinds) == 1 else ("mixed" if kinds else "")


def weighted(
    shares: xr.DataArray, weights: xr.DataArray, over: str, part: Bool[np.ndarray, " m"]
) -> xr.DataArray:
    """Mean of shares by weight over the places `part`; not a number where nothing weighs."""
    places = [*(dim for dim in shares.dims if dim != over), over]
    values = weighted_means(
        shares.transpose(*places).values, weights.transpose(*places).values, part[None]
    )
    left = shares.isel({over: 0}, drop=True)
    return xr.DataArray(values[..., 0], left.coords, left.dims)


def weighted_means(
    shares: Float[np.ndarray, "*d m"],
    weights: Float[np.ndarray, "*d m"],
    parts: Bool[np.ndarray, "b m"],
) -> Float[np.ndarray, "*d b"]:
    """Mean of shares by weight over each of several parts; not a number where nothing weighs.

    A place counts where both are numbers.
    """
    held = np.isfinite(shares) & np.isfinite(weights)
    weight = np.where(held, weights, 0.0)
    total = weight @ parts.T
    summed = (np.where(held, shares, 0.0) * weight) @ parts.T
    return np.asarray(np.divide(summed, total, out=np.full(total.shape, np.nan), where=total > 0))
