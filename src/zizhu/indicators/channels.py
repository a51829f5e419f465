"""Why real income differs: the decomposition of a path, read for one region and year."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zizhu.errors import ScenarioError
from zizhu.indicators.asked import known_region


def income_by_channel(dataset: xr.Dataset, region: str, year: int | None = None) -> xr.DataArray:
    """Contributions to real income by channel, log points x 100, the largest first.

    year  one that was decomposed; the last of them by default

    The attribute `total` is their sum: 100 times the log of real income, scenario over baseline.
    Raises `ScenarioError` for an unknown region or a year that was not decomposed.
    """
    known_region(dataset, region)
    table = dataset["decomposition"]
    known = [int(one) for one in table["decomposed_year"].values]
    chosen = year if year is not None else (known[-1] if known else None)
    if chosen not in known:
        shown = ", ".join(map(str, known)) or "none"
        raise ScenarioError(f"year: {chosen} was not decomposed; known: {shown}")
    found = table.sel(region=region, decomposed_year=chosen)
    order = np.argsort(-np.abs(found.values), kind="stable")
    return found.isel(channel=order).assign_attrs(table.attrs, total=float(found.sum()))
