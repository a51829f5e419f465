"""Sales between regions by good, year by year: what published tables alone determine."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import xarray as xr

HISTORY_FILE = "series/flows.nc"
# The aggregate that stands beside the goods.
ALL_SERVICES = "services"


@lru_cache(maxsize=1)
def open_history() -> xr.Dataset:
    """Flows of 2011-2022 between the regions of the shipped worlds.

    `flow` (year, supplier, sector, user): sales to all uses, own sales included, million USD at
    basic prices before duties; sectors are the goods of the shipped worlds and `services`.
    """
    path = Path(str(files("zizhu.world") / "tables")) / HISTORY_FILE
    with xr.open_dataset(path, engine="h5netcdf") as opened:
        return opened.load()
