"""Labels, units and definitions: how arrays become tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.world import World

Array = Float[np.ndarray, "..."]

# Dimensions that are labelled by regions and by sectors, whatever their part in a table.
REGION_DIMS = ("region", "supplier", "user", "market")
SECTOR_DIMS = ("sector", "input")


class Variable(NamedTuple):
    """One variable of a table: its dimensions, values, unit, and what it is."""

    dims: tuple[str, ...]
    values: Any
    units: str
    definition: str


def divide(top: Array | float, bottom: Array | float) -> Array:
    """Ratio, not a number where nothing is divided by (bottom of zero or less)."""
    over, under = np.broadcast_arrays(top, bottom)
    ratio: Array = np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0)
    return ratio


def percent(top: Array | float, bottom: Array | float) -> Array:
    """Ratio in percent, not a number where nothing is divided by."""
    return np.asarray(100 * divide(top, bottom))


def own(flows: Array) -> Array:
    """Domestic part [n,k] of flows [i,k,n]."""
    return np.asarray(np.einsum("nkn->nk", flows))


def dataset(
    world: World,
    variables: Mapping[str, Variable],
    labels: Mapping[str, Sequence[str]] | None = None,
) -> xr.Dataset:
    """Labelled dataset of a world; `labels` names dimensions other than regions and sectors."""
    used = {dim for variable in variables.values() for dim in variable.dims}
    coordinates: dict[str, list[str]] = {dim: list(names) for dim, names in (labels or {}).items()}
    coordinates |= {dim: list(world.regions) for dim in REGION_DIMS if dim in used}
    coordinates |= {dim: list(world.sectors) for dim in SECTOR_DIMS if dim in used}
    return xr.Dataset(
        {
            name: (one.dims, one.values, {"units": one.units, "definition": one.definition})
            for name, one in variables.items()
        },
        coordinates,
    )
