"""How much of what a region buys at the end of a chain is made at home, through all tiers.

A home-made final product may be full of foreign parts. Of what a region's users buy at the end of
a chain, the value that makers at home added is counted, each product once: see `embodied`. It is
counted by the way each maker is: firms by headquarters, plants where they stand; the two kinds are
kept apart. Beside them stands what leaves plants at home that are counted where they stand, which
is what a figure of production by location compares with. What nobody can supply is nobody's.

    bought_nc  = purchases of the final product less the buyer's own work on it
    home_ncv   = bought_nc times what makers in n put into a unit of it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import jax
import numpy as np
import xarray as xr
from jaxtyping import Float, Int

from zizhu.indicators.embodied import Graph, embodied, inside, own_value
from zizhu.indicators.glossary import attributes
from zizhu.indicators.path_tables import PathVariable
from zizhu.indicators.tiers import ADDED, ChainLabels
from zizhu.model.chain_demand import sourcing_shares
from zizhu.model.path_record import Record
from zizhu.model.program import Program
from zizhu.model.technology import Technology

# Of all years at once, in one program.
_shares = Program(jax.vmap(sourcing_shares))


def graph_of(technology: Technology) -> Graph:
    """The graph of all chains."""
    return Graph(
        technology.slots,
        np.asarray(technology.inputs) + np.asarray(technology.tools),
        np.asarray(technology.assembled),
    )


class HomeValue(NamedTuple):
    """What regions buy at the end of chains, bn USD a year at base prices.

    bought  [t,n,c] less the buyer's own work
    home    [t,n,c,v] of it what was made in the region itself, by kind of value
    """

    bought: Float[np.ndarray, "t n c"]
    home: Float[np.ndarray, "t n c v"]


def home_value(
    record: Record,
    technology: Technology,
    labels: ChainLabels,
    places: Int[np.ndarray, " m"],
    regions: Sequence[int],
) -> HomeValue:
    """Value made at home in what some regions buy, in every year of a run.

    places   rows of the nodes in the model's arrays
    regions  places of the regions that buy
    """
    final, graph = np.asarray(technology.final), graph_of(technology)
    here, kinds = list(regions), labels.put_in.shape[1]
    size = np.shape(technology.world)[1]
    # Columns: region of origin, kind of value.
    value = np.zeros((len(graph.inputs), size, len(here), kinds))
    value[places[:, None], here, range(len(here))] = labels.put_in[:, None, :]
    columns = value.reshape(len(graph.inputs), size, -1)
    parts = []
    # Year by year: what is small stays near the processor.
    for shares in np.asarray(_shares(record.chains.sourcing, record.flows.demand)):
        found = embodied(graph, shares, columns)[final][:, here]  # c n (r v)
        found = found.reshape(len(final), len(here), len(here), kinds)
        parts.append(np.einsum("cnnv->ncv", found))
    asked = np.asarray(record.flows.demand.bought)[:, final][:, :, here].transpose(0, 2, 1)
    return HomeValue(asked * labels.bought, asked[..., None] * np.stack(parts))


def content_variables(
    record: Record, technology: Technology, labels: ChainLabels, places: Int[np.ndarray, " m"]
) -> Mapping[str, PathVariable]:
    """Tables of one run by year, region and chain."""
    regions = range(np.shape(technology.world)[1])
    found = home_value(record, technology, labels, places, regions)
    by_chain = ("year", "region", "chain")
    added = found.home[..., ADDED].sum(axis=-1)
    part = np.divide(added, found.bought, out=np.full(added.shape, np.nan), where=found.bought > 0)
    return {
        "chain_bought": PathVariable(by_chain, found.bought),
        "chain_home_value": PathVariable((*by_chain, "value_kind"), found.home),
        "content_share": PathVariable(by_chain, 100 * part),
    }


def chain_content(
    runs: Mapping[str, Record],
    technology: Technology,
    years: Sequence[int],
    regions: Sequence[str],
    chains: Sequence[str],
) -> xr.DataArray:
    """Origin of the value of what is bought at the end of each chain, percent.

    By run, year, region that buys, chain and origin; the entry of a region with itself as origin is
    its domestic content.
    """
    graph, final = graph_of(technology), np.asarray(technology.final)
    own = own_value(graph)
    value = own[:, None, None] * np.eye(len(regions))
    bought = inside(graph, own)[final]
    tables = [
        [
            embodied(graph, shares, value)[final].transpose(1, 0, 2) / bought[:, None]
            for shares in np.asarray(_shares(record.chains.sourcing, record.flows.demand))
        ]
        for record in runs.values()
    ]
    return xr.DataArray(
        100 * np.array(tables),
        {
            "run": list(runs),
            "year": list(years),
            "region": list(regions),
            "chain": list(chains),
            "origin": list(regions),
        },
        ("run", "year", "region", "chain", "origin"),
        name="chain_content",
        attrs=attributes("chain_content"),
    )
