"""What every table of a path carries, and the tables that do not come from the model's records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.glossary import attributes


class PathVariable(NamedTuple):
    """One variable of a path: dimensions and values; the glossary says what they are."""

    dims: tuple[str, ...]
    values: Any


def audit_table(runs: Mapping[str, Mapping[str, float]]) -> xr.DataArray:
    """Largest relative miss of each identity [run, identity], given by run and name."""
    names = list(next(iter(runs.values())))
    return xr.DataArray(
        [[float(missed[name]) for name in names] for missed in runs.values()],
        {"run": list(runs), "identity": names},
        ("run", "identity"),
        attrs=attributes("audit"),
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
        attrs=attributes("decomposition"),
    )
