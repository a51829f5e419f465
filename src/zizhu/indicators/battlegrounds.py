"""Battlegrounds: how far a region supplies itself in each field of the drive for self-reliance.

One number says little. What users buy at the end of a chain may come from home while its parts come
from abroad, so that three shares stand side by side, each weighted by purchases at base prices:

    final  =  sum_m b_m h_m / sum_m b_m     over the field's final products
    chain  =  the same sum                  over all traded nodes of its chains
    sector =  sum_k u_k h_k / sum_k u_k     over its sectors, u their use

with b what the region's users buy of node m in the year and h the part of it that comes from home.
What is bought twice along a chain (a chip, and the wafer in it) counts twice in `chain`: it is the
mean over purchases, not a content of value; see `path_content` for that. `node_counts` says how
each node is counted; `chain_share_location` and `chain_share_headquarters` keep the two apart.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zizhu.errors import ScenarioError, did_you_mean
from zizhu.indicators.asked import (
    HEADQUARTERS,
    LOCATION,
    chain_of,
    counted,
    known_region,
    traded,
    weighted,
)
from zizhu.indicators.glossary import attributes
from zizhu.reading import read_mapping, sentence

_BY_YEAR = ("run", "year")


class Battleground(BaseModel):
    """A field of the drive for self-reliance and what stands for it in a path."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str = Field(min_length=1)
    kind: Literal["battleground", "traditional"]
    final: tuple[str, ...] = Field(description="nodes that users buy, `chain/node`")
    chains: tuple[str, ...] = Field(description="chains whose traded nodes make up the whole")
    sectors: tuple[str, ...] = Field(description="sectors that are the field or hold most of it")
    made_in: tuple[str, ...] = Field(description="sectors whose producers make it, among others")
    market: bool = Field(description="whether there is a market to be self-sufficient in")
    measures: str = Field(min_length=1)
    caveat: str = Field(min_length=1)
    documents: tuple[str, ...] = Field(description="founding documents that name it")
    facts: tuple[str, ...] = Field(description="ids of facts that measure it")


@lru_cache(maxsize=1)
def battleground_list() -> dict[str, Battleground]:
    """All battlegrounds by name, then the traditional sectors that are upgraded."""
    return read_battlegrounds(Path(str(files("zizhu.indicators") / "battlegrounds.yaml")))


def read_battlegrounds(path: Path) -> dict[str, Battleground]:
    """Read a file of battlegrounds; raises `ScenarioError` naming file, entry and field."""
    what = "battleground file"
    found = {}
    for name, fields in read_mapping(path, what, ScenarioError, "`title:` and `final:`").items():
        if not isinstance(fields, dict):
            raise ScenarioError(f"{what} {path}, {name}: {fields!r} found; fields are right")
        try:
            found[name] = Battleground.model_validate({**fields, "name": name})
        except ValidationError as error:
            said = sentence(error, Battleground)
            raise ScenarioError(f"{what} {path}, {name}, {said}") from error
    return found


def battleground(name: str) -> Battleground:
    """Look a battleground up; raises `ScenarioError` with the nearest name."""
    known = battleground_list()
    if name not in known:
        raise ScenarioError(f"battleground {name!r} is unknown{did_you_mean(name, known)}")
    return known[name]


def battlegrounds(dataset: xr.Dataset, region: str) -> xr.Dataset:
    """How far a region supplies itself, by run, year and battleground.

    dataset  of a path, see `zizhu.indicators.path`

    A share is not a number where the path has none of the nodes or sectors. `weakest` is the node
    with the lowest share among those that are bought, `lacking` the one of which the largest part
    cannot be had at any price; both are empty where there is none. Raises `ScenarioError` for an
    unknown region.
    """
    here = dataset.sel(region=known_region(dataset, region))
    entries = list(battleground_list().values())
    tables = [_one(here, entry) for entry in entries]
    joined = xr.concat(tables, "battleground")
    counts = dict(zip(dataset["node"].values, dataset["node_counts"].values, strict=True))
    coordinates: dict[str, Any] = {
        "battleground": [entry.name for entry in entries],
        "title": ("battleground", [entry.title for entry in entries]),
        "kind": ("battleground", [entry.kind for entry in entries]),
        "market": ("battleground", [entry.market for entry in entries]),
        "final_counts": (
            "battleground",
            [counted([counts[m] for m in entry.final if m in counts]) for entry in entries],
        ),
    }
    joined = joined.transpose(*_BY_YEAR, "battleground").assign_coords(coordinates)
    for name in joined.data_vars:
        joined[name].attrs = attributes(_TERMS.get(str(name), str(name)))
    return joined.drop_vars("region", errors="ignore")


def battleground_share(dataset: xr.Dataset, region: str, name: str) -> xr.DataArray:
    """What a target for a battleground is measured by, percent, by run and year.

    The share of home in what users buy at the end of the chain, since that is what plans and their
    judges count; of the sector where the battleground has no chain in this path.
    """
    entry = battleground(name)
    here = dataset.sel(region=known_region(dataset, region))
    found = _one(here, entry)
    return found["final_share"] if set(entry.final) & set(_nodes(here)) else found["sector_share"]


def _nodes(here: xr.Dataset) -> list[str]:
    return [str(node) for node in here["node"].values]


def _one(here: xr.Dataset, entry: Battleground) -> xr.Dataset:
    """All variables of one battleground by run and year."""
    nodes, counts = _nodes(here), here["node_counts"].values
    final = np.isin(nodes, entry.final)
    whole = np.isin([chain_of(node) for node in nodes], entry.chains) & traded(here)
    sectors = np.isin(here["sector"].values.astype(str), entry.sectors)
    home, bought = here["node_home_share"], here["node_bought"]
    bought_now = whole & (bought > 0)
    share = home.where(bought_now)
    lack = here["node_lack"].where(bought_now)
    weakest, weakest_share = _extreme(share, smallest=True)
    lacking, largest = _extreme(lack.where(lack > 0), smallest=False)
    return xr.Dataset(
        {
            "final_share": weighted(home, bought, "node", final),
            "chain_share": weighted(home, bought, "node", whole),
            "chain_share_location": weighted(home, bought, "node", whole & (counts == LOCATION)),
            "chain_share_headquarters": weighted(
                home, bought, "node", whole & (counts == HEADQUARTERS)
            ),
            "sector_share": weighted(here["home_share"], here["use"], "sector", sectors),
            "weakest": weakest,
            "weakest_share": weakest_share,
            "lacking": lacking,
            "lack": largest.fillna(0.0),
            "purchases": bought.isel(node=final).sum("node", min_count=1),
        }
    )


def _extreme(values: xr.DataArray, *, smallest: bool) -> tuple[xr.DataArray, xr.DataArray]:
    """Label and value of the extreme node; an empty label where no node has a value."""
    none = values.isnull().all("node")
    filled = values.fillna(np.inf if smallest else -np.inf)
    place = filled.argmin("node") if smallest else filled.argmax("node")
    label = values["node"].isel(node=place).drop_vars(["node", "node_counts"], errors="ignore")
    found = values.isel(node=place).drop_vars(["node", "node_counts"], errors="ignore")
    return label.where(~none, ""), found


# Variables that share their name with another table.
_TERMS = {"lack": "lacking_part", "purchases": "purchases_final"}
