"""One file format for worlds: netCDF-4, self-describing, readable without zizhu.

Variables `intermediate`, `final`, `value_added`, `taxes`, `tariff` with labelled dimensions
(supplier, sector, user, using_sector, use), units and definitions as attributes; everything else
that a world knows is a global attribute (`zizhu_format` tells the version of this layout).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from zizhu.errors import OutputError, WorldError
from zizhu.world.world import World

FORMAT = "zizhu-world-1"

_DIMENSIONS: dict[str, tuple[str, ...]] = {
    "intermediate": ("supplier", "sector", "user", "using_sector"),
    "final": ("supplier", "sector", "user", "use"),
    "value_added": ("user", "using_sector"),
    "taxes": ("user", "using_sector"),
    "tariff": ("supplier", "sector", "user"),
}
_DEFINITIONS: dict[str, str] = {
    "intermediate": "sales of the supplier's sector to the user's using sector, before tariffs",
    "final": "sales of the supplier's sector to final uses of the user, before tariffs",
    "value_added": "value added of the using sector",
    "taxes": "net taxes on products paid by the using sector, duties on its inputs included",
    "tariff": "ad valorem tariff of the user on the supplier, as a fraction",
}


def to_dataset(world: World) -> xr.Dataset:
    """Return the world as one labelled dataset with units and definitions."""
    coordinates = {
        "supplier": list(world.regions),
        "user": list(world.regions),
        "sector": list(world.sectors),
        "using_sector": list(world.sectors),
        "use": list(world.final_uses),
    }
    variables = {}
    for name, dimensions in _DIMENSIONS.items():
        unit = "1" if name == "tariff" else f"million {world.currency}"
        attributes = {"units": unit, "definition": _DEFINITIONS[name]}
        variables[name] = xr.Variable(dimensions, getattr(world, name), attributes)
    return xr.Dataset(
        variables,
        coordinates,
        {
            "zizhu_format": FORMAT,
            "name": world.name,
            "year": world.year,
            "currency": world.currency,
            "source": world.source,
            "licence": world.licence,
            "notes": json.dumps(world.notes),
            "region_names": json.dumps(dict(world.region_names)),
            "sector_names": json.dumps(dict(world.sector_names)),
            "isic": json.dumps({code: list(found) for code, found in world.isic.items()}),
            "pooled_origins": int(world.pooled_origins),
        },
    )


def save(world: World, path: str | Path) -> Path:
    """Write the world to `path` (netCDF-4), whole or not at all.

    Raises `OutputError` if the place cannot be written.
    """
    target = Path(path)
    dataset = to_dataset(world)
    encoding = {name: {"zlib": True, "complevel": 9, "shuffle": True} for name in _DIMENSIONS}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
        try:
            dataset.to_netcdf(partial, engine="h5netcdf", encoding=encoding)
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"world file {target} cannot be written: {error.strerror}") from error
    return target


def load(path: str | Path) -> World:
    """Read a world written by `save`; identities are checked again.

    Raises `WorldError` naming the file and what is wrong with it.
    """
    file = Path(path)
    if not os.path.isfile(file):
        state = "is a folder, not a file" if os.path.isdir(file) else "does not exist"
        raise WorldError(f"world file {file} {state}")
    try:
        with xr.open_dataset(file, engine="h5netcdf") as opened:
            dataset = opened.load()
    except Exception as error:  # the reader raises many kinds for damaged files
        raise WorldError(
            f"world file {file} cannot be read as netCDF-4 (truncated or another format)"
        ) from error
    if dataset.attrs.get("zizhu_format") != FORMAT:
        raise WorldError(
            f"world file {file}: attribute zizhu_format is "
            f"{dataset.attrs.get('zizhu_format', 'missing')!r}, {FORMAT!r} is expected"
        )
    missing = [name for name in _DIMENSIONS if name not in dataset]
    if missing:
        raise WorldError(f"world file {file}: table {missing[0]} is missing")
    for name, dimensions in _DIMENSIONS.items():
        if dataset[name].dims != dimensions:
            raise WorldError(
                f"world file {file}: table {name} has dimensions {dataset[name].dims}, "
                f"{dimensions} is expected"
            )
    for one, other in (("supplier", "user"), ("sector", "using_sector")):
        if not np.array_equal(dataset[one].values, dataset[other].values):
            raise WorldError(
                f"world file {file}: the labels of {one} and {other} differ; they are the same "
                "in the same order"
            )
    try:
        return World(**_attributes(dataset.attrs), **_tables(dataset))
    except KeyError as error:
        raise WorldError(f"world file {file}: attribute {error.args[0]} is missing") from error
    except WorldError as error:
        raise WorldError(f"world file {file}: {error}") from error


def _attributes(found: Mapping[str, Any]) -> dict[str, Any]:
    """What a world knows beside its tables, read back from the attributes of its file."""
    readers: dict[str, Callable[[Any], Any]] = {
        "name": str,
        "year": int,
        "currency": str,
        "region_names": json.loads,
        "sector_names": json.loads,
        "isic": lambda text: {code: tuple(two) for code, two in json.loads(text).items()},
        "source": str,
        "licence": str,
        "notes": lambda text: tuple(json.loads(text)),
        "pooled_origins": bool,
    }
    read = {}
    for name, reader in readers.items():
        try:
            read[name] = reader(found[name])
        except (ValueError, TypeError, AttributeError) as error:
            raise WorldError(
                f"attribute {name} is {found[name]!r}, which cannot be read"
            ) from error
    return read


def _tables(dataset: xr.Dataset) -> dict[str, Any]:
    """Labels and tables of a world file."""
    labels = {"regions": "supplier", "sectors": "sector", "final_uses": "use"}
    found: dict[str, Any] = {
        name: tuple(map(str, dataset[dimension].values)) for name, dimension in labels.items()
    }
    for name in _DIMENSIONS:
        if not np.issubdtype(dataset[name].dtype, np.number):
            raise WorldError(f"table {name} holds {dataset[name].dtype}, numbers are right")
        found[name] = np.asarray(dataset[name].values, dtype=float)
    return found
