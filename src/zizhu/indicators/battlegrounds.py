"""Battlegrounds: how far a region supplies itself in each field of the drive for self-reliance.

One number says little. What users buy at the end of a chain may come from home while its parts come
from abroad, so that several shares stand side by side:

    final  =  sum_m b_m h_m / sum_m b_m        over the field's final products
    chain  =  sum_cv home_cv / sum_c bought_c  along its chains, v what makers add
    sector =  sum_k u_k h_k / sum_k u_k        over its sectors, u their use

with b what the region's users buy of node m in the year, h the part of it that comes from home, and
home the value added at home in what they buy at the end of chain c, all tiers, each product once:
see `path_content`. Makers add value where the node counts them: `headquarters_part` says how much
of it goes by the seat of firms, and `chain_share_location` and `chain_share_headquarters` keep the
two apart. `plants_at_home` is what a figure of production by location compares with. Nodes belong
to a chain where they go into its final product, whatever file they stand in.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import xarray as xr
from jaxtyping import Bool, Float
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.indicators.asked import (
    HEADQUARTERS,
    LOCATION,
    counted,
    known_region,
    traded,
    weighted,
    weighted_means,
)
from zizhu.indicators.glossary import attributes
from zizhu.indicators.tiers import PLANTS
from zizhu.reading import read_mapping, sentence

_BY_YEAR = ("run", "year")
# What the share of plants is a share of, where it stands for that of the final product.
PLANTS_OF = "the work of plants in what users buy"


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
            raise ScenarioError(f"{what} {path}, {name}: {quoted(fields)} found; fields are right")
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
        raise ScenarioError(f"battleground {quoted(name)} is unknown{did_you_mean(name, known)}")
    return known[name]


def battlegrounds(dataset: xr.Dataset, region: str) -> xr.Dataset:
    """How far a region supplies itself, by run, year and battleground.

    dataset  of a path, see `zizhu.indicators.path`

    A share is not a number where the path has none of the nodes or sectors. `weakest` is the node
    with the lowest share among those that are bought, `lacking` the one of which the largest part
    cannot be had at any price; both are empty where there is none. Raises `ScenarioError` for an
    unknown region.
    """
    entries = list(battleground_list().values())
    table = _tables(dataset, region, entries)
    coordinates: dict[str, Any] = {
        "run": dataset["run"],
        "year": dataset["year"],
        "battleground": [entry.name for entry in entries],
        "title": ("battleground", [entry.title for entry in entries]),
        "kind": ("battleground", [entry.kind for entry in entries]),
        "market": ("battleground", [entry.market for entry in entries]),
        "final_counts": ("battleground", [final_counts(dataset, entry) for entry in entries]),
    }
    return xr.Dataset(
        {
            name: ((*_BY_YEAR, "battleground"), of, attributes(_TERMS.get(name, name)))
            for name, of in table.items()
        },
        coordinates,
    )


def domestic_share(dataset: xr.Dataset, region: str) -> xr.DataArray:
    """Share along the chain of each battleground, of the sector where it has none, percent.

    The two shares of `battlegrounds` that headlines show, alone: for datasets of many runs.
    """
    entries = list(battleground_list().values())
    here = dataset.sel(region=known_region(dataset, region))
    along = np.array([np.isin(here["chain"].values, entry.chains) for entry in entries])
    sectors = np.array([_sectors(here, entry) for entry in entries])
    home, use = (here[name].transpose(*_BY_YEAR, "sector").values for name in ("home_share", "use"))
    chain = _along(here, along)["chain_share"]
    return xr.DataArray(
        np.where(np.isfinite(chain), chain, weighted_means(home, use, sectors)),
        {
            "run": dataset["run"],
            "year": dataset["year"],
            "battleground": [entry.name for entry in entries],
        },
        (*_BY_YEAR, "battleground"),
        attrs=attributes("chain_share"),
    )


class Measured(NamedTuple):
    """What a target for a battleground is measured by.

    share   of home, percent, by run and year
    counts  `location`, `headquarters`, or `mixed`
    of      what the share is a share of, in words
    """

    share: xr.DataArray
    counts: str
    of: str


def battleground_share(
    dataset: xr.Dataset, region: str, name: str, counts: str | None = None
) -> Measured:
    """Domestic share of a battleground under the definition that a target names.

    counts  `location` or `headquarters`; None where the target's source does not say

    The share of home in what users buy at the end of the chain, since that is what plans and their
    judges count; of the sector where the battleground has no chain in this path. Where plants are
    asked for and the sellers of the final product are counted by their seat: the part that plants
    at home have in the work of plants on what users buy, if the chain has plants that are counted
    where they stand. What else differs is for the reader to be told: see `Measured.counts`.
    """
    entry = battleground(name)
    here = dataset.sel(region=known_region(dataset, region))
    final = np.isin(_nodes(here), entry.final)
    if not final.any():
        share = weighted(here["home_share"], here["use"], "sector", _sectors(here, entry))
        return Measured(share, LOCATION, "the sector")
    how = final_counts(dataset, entry)
    if counts == LOCATION and how != LOCATION:
        at_plants = battlegrounds(dataset, region)["plants_at_home"].sel(battleground=name)
        if np.isfinite(at_plants).any():
            share = at_plants.drop_vars(["battleground", *_PER_FIELD])
            return Measured(share, LOCATION, PLANTS_OF)
    share = weighted(here["node_home_share"], here["node_bought"], "node", final)
    return Measured(share, how, "what users buy")


def final_counts(dataset: xr.Dataset, entry: Battleground) -> str:
    """How the final products of a battleground are counted in this path, in one word."""
    counts = dict(zip(_nodes(dataset), dataset["node_counts"].values.tolist(), strict=True))
    return counted([counts[node] for node in entry.final if node in counts])


def _nodes(here: xr.Dataset) -> list[str]:
    return [str(node) for node in here["node"].values.tolist()]


def _sectors(here: xr.Dataset, entry: Battleground) -> Bool[np.ndarray, " k"]:
    return np.isin(here["sector"].values.astype(str), entry.sectors)


def _tables(
    dataset: xr.Dataset, region: str, entries: Sequence[Battleground]
) -> dict[str, np.ndarray]:
    """All variables [r,t,b], of all battlegrounds at once: labelled arithmetic costs seconds."""
    here = dataset.sel(region=known_region(dataset, region))
    nodes = _nodes(here)
    along = np.array([np.isin(here["chain"].values, entry.chains) for entry in entries])
    final = np.array([np.isin(nodes, entry.final) for entry in entries])
    whole = members(here, entries) & traded(here)
    sectors = np.array([_sectors(here, entry) for entry in entries])
    home, bought, lack = (
        here[name].transpose(*_BY_YEAR, "node").values
        for name in ("node_home_share", "node_bought", "node_lack")
    )
    sector_home, use = (
        here[name].transpose(*_BY_YEAR, "sector").values for name in ("home_share", "use")
    )
    inside = whole & (bought > 0)[:, :, None]  # r t b m
    weakest, weakest_share = _extreme(home, inside, np.array(nodes), smallest=True)
    short = inside & (lack > 0)[:, :, None]
    lacking, largest = _extreme(lack, short, np.array(nodes), smallest=False)
    known = np.isfinite(bought)
    purchases = np.where(known, bought, 0.0) @ final.T
    return {
        "final_share": weighted_means(home, bought, final),
        **_along(here, along),
        "sector_share": weighted_means(sector_home, use, sectors),
        "weakest": weakest,
        "weakest_share": weakest_share,
        "lacking": lacking,
        "lack": np.nan_to_num(largest),
        "purchases": np.where(known @ final.T, purchases, np.nan),
    }


def members(here: xr.Dataset, entries: Sequence[Battleground]) -> Bool[np.ndarray, "b m"]:
    """Nodes that go into the final product of a chain of each battleground."""
    along = np.array([np.isin(here["chain"].values, entry.chains) for entry in entries])
    return np.asarray(along @ here["chain_member"].transpose("chain", "node").values)


def _along(here: xr.Dataset, along: Bool[np.ndarray, "b c"]) -> dict[str, np.ndarray]:
    """Shares of value made at home [r,t,b], chains weighted by what is bought at their ends."""
    bought = here["chain_bought"].transpose(*_BY_YEAR, "chain").values[..., None]
    home = here["chain_home_value"].transpose(*_BY_YEAR, "chain", "value_kind").values
    # What is in it wherever it is made, and where nobody can make it.
    whole = bought * here["chain_value"].transpose("chain", "value_kind").values
    kinds = here["value_kind"].values
    added = np.isin(kinds, (HEADQUARTERS, LOCATION))

    def share(of: np.ndarray, part: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """Of all that the kinds of `whole` are, the part that `part` has in some kinds."""
        above, below = (
            np.where(along, values[..., chosen].sum(axis=-1)[:, :, None], 0.0).sum(axis=-1)
            for values, chosen in ((part, kind), (whole, of))
        )
        return np.asarray(100 * np.divide(above, below, out=_none(below), where=below > 0))

    only = {name: kinds == name for name in kinds.tolist()}
    return {
        "chain_share": share(added, home, added),
        "chain_share_location": share(only[LOCATION], home, only[LOCATION]),
        "chain_share_headquarters": share(only[HEADQUARTERS], home, only[HEADQUARTERS]),
        "headquarters_part": share(added, whole, only[HEADQUARTERS]),
        "plants_at_home": share(only[PLANTS], home, only[PLANTS]),
    }


def _none(like: np.ndarray) -> np.ndarray:
    return np.full(like.shape, np.nan)


def _extreme(
    values: Float[np.ndarray, "r t m"],
    inside: Bool[np.ndarray, "r t b m"],
    nodes: np.ndarray,
    *,
    smallest: bool,
) -> tuple[np.ndarray, Float[np.ndarray, "r t b"]]:
    """Label and value of the extreme node; an empty label where no node has a value."""
    held = inside & np.isfinite(values)[:, :, None]
    none = np.inf if smallest else -np.inf
    filled = np.where(held, values[:, :, None], none)
    place = filled.argmin(axis=3) if smallest else filled.argmax(axis=3)
    found = np.take_along_axis(filled, place[..., None], axis=3)[..., 0]
    some = held.any(axis=3)
    return np.where(some, nodes[place], ""), np.where(some, found, np.nan)


# Coordinates of one battleground.
_PER_FIELD = ("title", "kind", "market", "final_counts")
# Variables that share their name with another table.
_TERMS = {"lack": "lacking_part", "purchases": "purchases_final"}
