"""What a path means for technology chains and listed firms: tables by node, chain, firm.

The domestic share of a node is the share of home-market use supplied from home, by location, unless
the coordinate `node_counts` says that the node's supplier shares are those of headquarters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from zizhu.indicators.labelled import percent
from zizhu.indicators.path_tables import PathVariable
from zizhu.model.path_inputs import PathBase
from zizhu.model.path_record import Record

Array = Float[np.ndarray, "..."]

_NODE = ("year", "region", "node")


def node_variables(
    record: Record, baseline: Record, base: PathBase, places: Int[np.ndarray, " m"]
) -> Mapping[str, PathVariable]:
    """Tables of one run by year, region and node; `places` are the nodes' rows in the model."""
    technology, chains, stocks = base.technology, record.chains, record.stocks.chains

    def by_node(values: Any) -> Array:
        """Rows of the nodes, node last: [t,n,m]."""
        return np.asarray(values)[:, places].transpose(0, 2, 1)

    def only(kind: Any, values: Array) -> Array:
        """Not a number on nodes of another kind."""
        return np.where(np.asarray(kind)[places], values, np.nan)

    traded = ~np.asarray(technology.assembled)
    outside = np.asarray(technology.entry.weight) > 0
    entry = np.where(outside, np.asarray(chains.entry), np.nan)
    made = by_node(record.flows.demand.made)
    world = made.sum(axis=1, keepdims=True)
    given = record.flows.effort
    plant = np.asarray(technology.plant)
    arrived, usual = _effort(record, plant), _effort(baseline, plant)
    table = {
        "node_home_share": only(traded, 100 * by_node(chains.home)),
        "node_world_share": only(traded, percent(made, world)),
        "node_price": np.exp(by_node(chains.price)),
        "node_gap": only(traded, 100 * by_node(chains.gap)),
        "node_lack": 100 * by_node(chains.lack),
        "node_capacity": only(technology.plant, by_node(stocks.capacity)),
        "node_entry": 100 * by_node(entry),
        "node_made": made,
        "node_bought": by_node(record.flows.demand.bought),
        "node_money": by_node(record.node_money),
        "node_effort": by_node(arrived),
        "node_effort_own": by_node(given.own),
        "node_effort_sector": by_node(given.sector),
        "node_effort_multiple": by_node(
            np.divide(arrived, usual, out=np.full_like(arrived, np.nan), where=usual > 0)
        ),
        "node_barred": only(traded, 100 * by_node(chains.need)),
        "node_cover": by_node(stocks.cover),
    }
    found = {name: PathVariable(_NODE, values) for name, values in table.items()}
    final = np.asarray(technology.final)
    found["chain_cost"] = PathVariable(
        ("year", "region", "chain"), 100 * np.asarray(chains.price)[:, final].transpose(0, 2, 1)
    )
    found["firm_revenue"] = PathVariable(("year", "firm"), 100 * np.asarray(record.firms.revenue))
    return found


def _effort(record: Record, plant: Bool[np.ndarray, " m"]) -> Array:
    """What is spent in the year on abilities and plants at nodes: [t,m,n]."""
    given = record.flows.effort
    funded = np.where(plant[:, None], record.node_money, 0.0)
    return np.asarray(given.own) + given.sector + given.directed + funded
