"""The little that is kept of each of many paths: what a comparison reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.battlegrounds import battlegrounds
from zizhu.indicators.path_content import home_value
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.chain_labels import labels_of
from zizhu.model.path_record import Record

# Of named tuples, whose common fields the language has no name for.
T = TypeVar("T", bound=Any)


class Glimpse(NamedTuple):
    """Real income of all regions, and domestic shares of one.

    log_real_income  [t,n] since the base year
    node_home        [t,m] part of what the region's users ask for that is supplied from home
    node_bought      [t,m] bn USD at base prices
    node_lack        [t,m] part that cannot be had at any price
    chain_bought     [t,c] bn USD that its users buy at the end of chains
    chain_home       [t,c,v] of it what is made at home, by kind of value
    sector_home      [t,k] part of the region's use supplied from home
    sector_use       [t,k] the region's use, million at producer prices
    """

    log_real_income: Float[np.ndarray, "t n"]
    node_home: Float[np.ndarray, "t m"]
    node_bought: Float[np.ndarray, "t m"]
    node_lack: Float[np.ndarray, "t m"]
    chain_bought: Float[np.ndarray, "t c"]
    chain_home: Float[np.ndarray, "t c v"]
    sector_home: Float[np.ndarray, "t k"]
    sector_use: Float[np.ndarray, "t k"]


def glimpse_of(case: PathCase, region: str) -> Callable[[Record], Glimpse]:
    """What to read from a record for a region; copies, so that the record can be forgotten."""
    place, rows = case.world.regions.index(region), case.chains.places
    technology, labels = case.base.technology, labels_of(case.chains)

    def read(record: Record) -> Glimpse:
        flow = np.asarray(record.solution.flow)[:, :, :, place]
        used = flow.sum(axis=2)
        own = flow[:, :, place]
        value = home_value(record, technology, labels, rows, [place])
        return Glimpse(
            log_real_income=np.array(record.solution.log_real_income),
            node_home=np.asarray(record.chains.home)[:, rows, place].copy(),
            node_bought=np.asarray(record.flows.demand.bought)[:, rows, place].copy(),
            node_lack=np.asarray(record.chains.lack)[:, rows, place].copy(),
            chain_bought=value.bought[:, 0],
            chain_home=value.home[:, 0],
            sector_home=np.divide(own, used, out=np.zeros_like(own), where=used > 0),
            sector_use=used,
        )

    return read


def read_only(record: Record) -> Record:
    """Of one year's record what a glimpse and a check of its residual read; the rest is nothing."""
    solution, chains, flows = record.solution, record.chains, record.flows
    return _only(record)._replace(
        solution=_only(solution, "flow", "log_real_income", "residual"),
        chains=_only(chains, "home", "lack", "sourcing"),
        flows=_only(flows, "demand"),
    )


def _only(of: T, *names: str) -> T:
    """A tuple with some of its fields, and nothing in the others, which then take no memory."""
    none = dict.fromkeys(set(of._fields) - {*names})
    kept: T = of._replace(**none)
    return kept


def shares_of(glimpses: Mapping[str, Glimpse], dataset: xr.Dataset, region: str) -> xr.Dataset:
    """Domestic shares of battlegrounds by run and year, as `indicators.battlegrounds` defines them.

    Arguments as those of `dataset_of`.
    """
    return battlegrounds(dataset_of(glimpses, dataset, region), region)


def dataset_of(glimpses: Mapping[str, Glimpse], dataset: xr.Dataset, region: str) -> xr.Dataset:
    """What indicators of domestic shares read, by run, as a path's own dataset has it.

    glimpses  of the runs by name
    dataset   of the path that they belong to, for labels and for how nodes are counted
    """
    labels = {name: dataset[name] for name in _LABELS}
    # What buyers assemble themselves has no share, in the path's own tables as here.
    assembled = (dataset["node_counts"] == "assembled").values

    def stacked(name: str, factor: float = 1.0) -> Float[np.ndarray, "r t one *m"]:
        values = np.stack([getattr(one, name) for one in glimpses.values()])
        return factor * values[:, :, None]

    by_region = ("run", "year", "region")
    by_node, by_sector, by_chain = ((*by_region, of) for of in ("node", "sector", "chain"))
    return xr.Dataset(
        {
            "node_home_share": (
                by_node,
                np.where(assembled, np.nan, stacked("node_home", 100.0)),
            ),
            "node_bought": (by_node, stacked("node_bought")),
            "node_lack": (by_node, stacked("node_lack", 100.0)),
            "chain_bought": (by_chain, stacked("chain_bought")),
            "chain_home_value": ((*by_chain, "value_kind"), stacked("chain_home")),
            "home_share": (by_sector, stacked("sector_home", 100.0)),
            "use": (by_sector, stacked("sector_use")),
        },
        {**labels, "run": list(glimpses), "region": [region]},
    )


# Coordinates of a path's dataset that shares of battlegrounds are read by.
_LABELS = (
    *("year", "node", "sector", "chain", "value_kind"),
    *("node_counts", "node_tier", "node_new", "chain_member", "chain_value"),
)
