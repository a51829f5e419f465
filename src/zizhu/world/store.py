"""One file format for worlds: netCDF-4, self-describing, readable without zizhu.

Variables `intermediate`, `final`, `value_added`, `taxes`, `tariff` with labelled dimensions
(supplier, sector, user, using_sector, use), units and definitions as attributes; everything else
that a world knows is a global attribute (`zizhu_format` tells the version of this layout).

A compact file has `flow` (supplier, sector, user) and `use_share` (supplier, sector, user,
any_use: sectors, then final uses) in single precision instead of `intermediate` and `final`:

    intermediate and final = flow * use_share / (sum of use_share over uses)

Its shares keep few bits, so that estimated cells move by at most 1 in 256; flows between regions
and output stay, and value added takes up the difference in inputs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float, Float32

from zizhu.beside import beside, put
from zizhu.errors import OutputError, WorldError, quoted
from zizhu.netcdf import write_netcdf
from zizhu.world.doubt import Doubt
from zizhu.world.foreign_files import way_to_read
from zizhu.world.world import World

FORMAT = "zizhu-world-1"
# Bits of the mantissa that a rounded share keeps: a precision of 1 in 512.
_KEPT_BITS = 8

_DIMENSIONS: dict[str, tuple[str, ...]] = {
    "intermediate": ("supplier", "sector", "user", "using_sector"),
    "final": ("supplier", "sector", "user", "use"),
    "value_added": ("user", "using_sector"),
    "taxes": ("user", "using_sector"),
    "tariff": ("supplier", "sector", "user"),
}
_COMPACT: dict[str, tuple[str, ...]] = {
    "flow": ("supplier", "sector", "user"),
    "use_share": ("supplier", "sector", "user", "any_use"),
    **{name: _DIMENSIONS[name] for name in ("value_added", "taxes", "tariff")},
}
_DEFINITIONS: dict[str, str] = {
    "intermediate": "sales of the supplier's sector to the user's using sector, before tariffs",
    "final": "sales of the supplier's sector to final uses of the user, before tariffs",
    "value_added": "value added of the using sector",
    "taxes": "net taxes on products paid by the using sector, duties on its inputs included",
    "tariff": "ad valorem tariff of the user on the supplier, as a fraction",
    "flow": "sales of the supplier's sector to all uses of the user, before tariffs",
    "use_share": "share of the flow that goes to each use, rounded; its sum over uses is the base",
}


def spread(
    flow: Float[np.ndarray, "i k i"], share: Float32[np.ndarray, "i k i ju"]
) -> Float[np.ndarray, "i k i ju"]:
    """Flows spread over uses by shares that need not sum to one."""
    whole = share.astype(float)
    held = whole.sum(axis=3, keepdims=True)
    return np.asarray(flow[..., None] * np.divide(whole, held, out=whole, where=held > 0))


def _few_bits(share: Float[np.ndarray, "i k i ju"]) -> Float32[np.ndarray, "i k i ju"]:
    dropped = np.uint32(23 - _KEPT_BITS)
    bits = share.astype(np.float32).view(np.uint32)
    half = np.uint32(1) << (dropped - np.uint32(1))
    return np.asarray((((bits + half) >> dropped) << dropped).view(np.float32))


def to_dataset(world: World, *, compact: bool = False) -> xr.Dataset:
    """Return the world as one labelled dataset with units and definitions."""
    coordinates = {
        "supplier": list(world.regions),
        "user": list(world.regions),
        "sector": list(world.sectors),
        "using_sector": list(world.sectors),
        "use": list(world.final_uses),
    }
    tables = {name: getattr(world, name) for name in _DIMENSIONS}
    if compact:
        coordinates["any_use"] = [*world.sectors, *world.final_uses]
        tables |= _compact_tables(world)
    variables = {}
    for name, dimensions in (_COMPACT if compact else _DIMENSIONS).items():
        unit = "1" if name in ("tariff", "use_share") else f"million {world.currency}"
        attributes = {"units": unit, "definition": _DEFINITIONS[name]}
        variables[name] = xr.Variable(dimensions, tables[name], attributes)
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
            "groups": json.dumps({name: list(found) for name, found in world.groups.items()}),
            "doubt": world.doubt.to_json() if world.doubt else "",
        },
    )


def _compact_tables(world: World) -> dict[str, np.ndarray]:
    flow = world.flows
    uses = np.concatenate([world.intermediate, world.final], axis=3)
    share = _few_bits(
        np.divide(uses, flow[..., None], out=np.zeros_like(uses), where=flow[..., None] > 0)
    )
    inputs = spread(flow, share)[..., : len(world.sectors)].sum(axis=(0, 1))
    value_added = flow.sum(axis=2) - inputs - world.taxes
    if (value_added < 0).any():
        n, k = np.unravel_index(int(np.argmin(value_added)), value_added.shape)
        raise WorldError(
            f"world {world.name}: rounding leaves {world.regions[n]} {world.sectors[k]} no value "
            "added; save it in full, not compact"
        )
    return {"flow": flow, "use_share": share, "value_added": value_added}


def save(world: World, path: str | Path, *, compact: bool = False) -> Path:
    """Write the world to `path` (netCDF-4), whole or not at all.

    `compact` rounds use shares (see the module) for a file of a tenth of the size. Raises
    `OutputError` if the place cannot be written.
    """
    target = Path(path)
    dataset = to_dataset(world, compact=compact)
    encoding = {name: {"zlib": True, "complevel": 9, "shuffle": True} for name in dataset.data_vars}
    try:
        with beside(target.parent) as place:
            write_netcdf(place / "world.nc", dataset, encoding=encoding)
            put({place / "world.nc": target})
    except OSError as error:
        raise OutputError(
            f"world file {target} cannot be written: {error.strerror or error}"
        ) from error
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
            f"{way_to_read(file)}"
        ) from error
    if dataset.attrs.get("zizhu_format") != FORMAT:
        raise WorldError(
            f"world file {file}: attribute zizhu_format is "
            f"{quoted(dataset.attrs.get('zizhu_format', 'missing'))}, {quoted(FORMAT)} is expected"
        )
    layout = _COMPACT if "use_share" in dataset else _DIMENSIONS
    missing = [name for name in layout if name not in dataset]
    if missing:
        raise WorldError(f"world file {file}: table {missing[0]} is missing")
    for name, dimensions in layout.items():
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


# What files of the first kind lack.
_LATER = {"groups": "{}", "doubt": ""}


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
        "groups": lambda text: {name: tuple(two) for name, two in json.loads(text).items()},
        "doubt": lambda text: Doubt.from_json(text) if text else None,
    }
    read = {}
    for name, reader in readers.items():
        # Files written before worlds had groups and errors do without.
        text = found.get(name, _LATER[name]) if name in _LATER else found[name]
        try:
            read[name] = reader(text)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise WorldError(f"attribute {name} is {quoted(text)}, which cannot be read") from error
    return read


def _tables(dataset: xr.Dataset) -> dict[str, Any]:
    """Labels and tables of a world file."""
    regions, sectors = (
        tuple(map(str, dataset[dimension].values)) for dimension in ("supplier", "sector")
    )
    for name in dataset.data_vars:
        if not np.issubdtype(dataset[name].dtype, np.number):
            raise WorldError(f"table {name} holds {dataset[name].dtype}, numbers are right")
    found: dict[str, Any]
    if "use_share" in dataset:
        uses = spread(dataset["flow"].values.astype(float), dataset["use_share"].values)
        names = tuple(map(str, dataset["any_use"].values))
        if names[: len(sectors)] != sectors:
            raise WorldError("the labels of any_use do not begin with the sectors in their order")
        width = len(sectors)
        found = {
            "final_uses": names[width:],
            "intermediate": uses[..., :width].copy(),
            "final": uses[..., width:].copy(),
        }
        plain: tuple[str, ...] = ("value_added", "taxes", "tariff")
    else:
        found, plain = {"final_uses": tuple(map(str, dataset["use"].values))}, tuple(_DIMENSIONS)
    found |= {name: np.array(dataset[name].values, dtype=float) for name in plain}
    for name in ("intermediate", "final", *plain):
        found[name].flags.writeable = False  # a world takes what nobody can write to as it is
    return {"regions": regions, "sectors": sectors, **found}
