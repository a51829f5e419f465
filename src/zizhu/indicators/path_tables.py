"""What every table of a path carries, and the tables that do not come from the model's records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from jaxtyping import Float


class PathVariable(NamedTuple):
    """One variable of a path: dimensions, values, and what they are, in words."""

    dims: tuple[str, ...]
    values: Any
    long_name: str
    units: str
    definition: str


def words(long_name: str, units: str, definition: str) -> dict[str, str]:
    """Attributes that say what a variable is."""
    return {"long_name": long_name, "units": units, "definition": definition}


def audit_table(runs: Mapping[str, Mapping[str, float]]) -> xr.DataArray:
    """Largest relative miss of each identity [run, identity], given by run and name."""
    names = list(next(iter(runs.values())))
    return xr.DataArray(
        [[float(missed[name]) for name in names] for missed in runs.values()],
        {"run": list(runs), "identity": names},
        ("run", "identity"),
        attrs=words(
            "Audit",
            "relative",
            "largest relative miss of each identity over years and cells, recomputed from the "
            "records by code of its own",
        ),
    )


def decomposition_table(
    values: Float[np.ndarray, "y n c"],
    years: Sequence[int],
    regions: Sequence[str],
    channels: Sequence[str],
) -> xr.DataArray:
    """Contributions of channels to the log of real income, scenario over baseline."""
    return xr.DataArray(
        100 * values,
        {
            "decomposed_year": np.array(years, dtype=np.int64),
            "region": list(regions),
            "channel": list(channels),
        },
        ("decomposed_year", "region", "channel"),
        attrs=words(
            "Effect on real income by channel",
            "log points x 100",
            "Shapley value of each channel; channels add up to 100 times the log of real income, "
            "scenario over baseline. sourcing is what buyers gain by turning to other suppliers, "
            "bottleneck is chains, their ceiling and listed firms (learning at nodes acts through "
            "chains), other is support, density and productivity given from outside",
        ),
    )
