"""One file format for worlds: netCDF-4, self-describing, readable without zizhu.

Variables `intermediate`, `final`, `value_added`, `taxes`, `tariff` with labelled dimensions
(supplier, sector, user, using_sector, use), units and definitions as attributes; everything else
that a world knows is a global attribute (`zizhu_format` tells the version of this layout).
"""

from __future__ import annotations

import json
import os
from pathlib import Path

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
    attributes = dataset.attrs
    try:
        return World(
            name=str(attributes["name"]),
            year=int(attributes["year"]),
            currency=str(attributes["currency"]),
            regions=tuple(map(str, dataset["supplier"].values)),
            sectors=tuple(map(str, dataset["sector"].values)),
            final_uses=tuple(map(str, dataset["use"].values)),
            intermediate=np.asarray(dataset["intermediate"].values, dtype=float),
            final=np.asarray(dataset["final"].values, dtype=float),
            value_added=np.asarray(dataset["value_added"].values, dtype=float),
            taxes=np.asarray(dataset["taxes"].values, dtype=float),
            tariff=np.asarray(dataset["tariff"].values, dtype=float),
            region_names=json.loads(attributes["region_names"]),
            sector_names=json.loads(attributes["sector_names"]),
            isic={code: tuple(found) for code, found in json.loads(attributes["isic"]).items()},
            source=str(attributes["source"]),
            licence=str(attributes["licence"]),
            notes=tuple(json.loads(attributes["notes"])),
            pooled_origins=bool(attributes["pooled_origins"]),
        )
    except KeyError as error:
        raise WorldError(f"world file {file}: attribute {error.args[0]} is missing") from error
    except WorldError as error:
        raise WorldError(f"world file {file}: {error}") from error
