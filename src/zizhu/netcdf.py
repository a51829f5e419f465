"""Writing netCDF-4 files: made in memory, then written in one piece.

On a full disk the HDF5 library keeps what it could not write, and takes the process down when the
file is closed. Bytes that cannot be written are an `OSError` like any other.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5netcdf
import xarray as xr
from xarray.backends import H5NetCDFStore


def write_netcdf(
    path: str | Path,
    dataset: xr.Dataset,
    groups: Mapping[str, xr.Dataset] | None = None,
    *,
    encoding: Mapping[Any, Mapping[str, Any]] | None = None,
) -> Path:
    """Write a dataset at the root of a file and others as groups of it.

    encoding  of variables of the root, as for `xarray.Dataset.to_netcdf`

    Raises `OSError`.
    """
    memory = io.BytesIO()
    # One open file for all: to append a group, `to_netcdf` reads all that is there again.
    with h5netcdf.File(memory, "w") as file:
        dataset.dump_to_store(H5NetCDFStore(file, mode="w"), encoding=encoding)
        for name, group in (groups or {}).items():
            group.dump_to_store(H5NetCDFStore(file, group=name, mode="w"))
    target = Path(path)
    target.write_bytes(memory.getbuffer())
    return target
