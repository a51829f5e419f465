"""What a path means for technology chains and listed firms: tables by node, chain, firm.

The domestic share of a node is the share of home-market use supplied from home, by location, unless
the coordinate `node_counts` says that the node's supplier shares are those of headquarters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from zizhu.indicators.labelled import percent
from zizhu.indicators.path_tables import PathVariable
from zizhu.model.path_inputs import PathBase
from zizhu.model.path_record import Record
from zizhu.model.technology import Bars

Array = Float[np.ndarray, "..."]

_NODE = ("year", "region", "node")
_BY = (
    "by location of plants or by headquarters of firms as `node_counts` says; none where buyers "
    "assemble the node themselves"
)


def node_variables(
    record: Record, base: PathBase, places: Int[np.ndarray, " m"]
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
    parts = np.asarray(technology.indivisible)
    entry = np.full(np.shape(chains.home), np.nan)
    entry[:, parts] = np.asarray(chains.entry)
    barred = _barred(chains.bars)
    made = by_node(record.flows.demand.made)
    world = made.sum(axis=1, keepdims=True)
    table = {
        "node_home_share": (
            only(traded, 100 * by_node(chains.home)),
            "Domestic share of the node",
            "percent",
            "share of what the region's users ask for that is supplied from home; what cannot be "
            f"had counts as asked for; {_BY}",
        ),
        "node_world_share": (
            only(traded, percent(made, world)),
            "World share of the node",
            "percent",
            f"region's share of what the world makes of the node, at base prices; {_BY}",
        ),
        "node_price": (
            np.exp(by_node(chains.price)),
            "Price of the node",
            "index",
            "price that the region's users pay, of the services in place where the node is a tool "
            "that serves for years; 1 is base sourcing with nothing barred",
        ),
        "node_gap": (
            only(traded, 100 * by_node(chains.gap)),
            "Gap of the node to the ablest region",
            "log points x 100",
            "100 times the log of unit cost relative to the ablest region, as market shares reveal "
            "it in the base year",
        ),
        "node_lack": (
            100 * by_node(chains.lack),
            "Part of the node that cannot be had",
            "percent",
            "part of what the region's users ask for that nobody may supply at any price, inputs "
            "of their suppliers included",
        ),
        "node_capacity": (
            only(technology.plant, by_node(stocks.capacity)),
            "Capacity of plants of the node",
            "index",
            "capacity of the region's plants at the start of the year, 1 in the base year, by "
            "location; none where output is not bounded by plants",
        ),
        "node_entry": (
            100 * by_node(entry),
            "Probability of having entered the node",
            "percent",
            "probability that the region has entered by the year; only for nodes that nobody "
            "enters in parts, and without meaning for regions that supply it in the base year",
        ),
        "node_made": (
            made,
            "Output of the node",
            "billion USD",
            "what the region makes in the year, at base prices, by location of plants or by "
            "headquarters of firms as `node_counts` says; where buyers assemble the node, what "
            "they put together",
        ),
        "node_bought": (
            by_node(record.flows.demand.bought),
            "Purchases of the node",
            "billion USD",
            "what the region's users ask for in the year, at base prices, purchases in advance "
            "included",
        ),
        "node_money": (
            by_node(record.node_money),
            "Money at work on the node",
            "billion USD",
            "money that moves the region's ability or plants in the year: of funds net of leakage, "
            "and spent directly",
        ),
        "node_barred": (
            only(traded, 100 * by_node(barred)),
            "Barred purchases of the node",
            "percent",
            "part of the region's base-year purchases that controls bar in the year, before what "
            "lies in store relieves",
        ),
        "node_cover": (
            by_node(stocks.cover),
            "Stock of the node",
            "years of normal purchases",
            "what the region's users hold in store at the start of the year beyond normal stocks",
        ),
    }
    found = {name: PathVariable(_NODE, *entry) for name, entry in table.items()}
    final = np.asarray(technology.final)
    found["chain_cost"] = PathVariable(
        ("year", "region", "chain"),
        100 * np.asarray(chains.price)[:, final].transpose(0, 2, 1),
        "Cost of the chain's final product",
        "log points x 100",
        "100 times the log of the price that the region's sectors pay for the product at the end "
        "of the chain; 0 is base sourcing with nothing barred",
    )
    found["firm_revenue"] = PathVariable(
        ("year", "firm"),
        100 * np.asarray(record.firms.revenue),
        "Revenue of the listed firm",
        "percent of revenue unlisted",
        "revenue of the firm relative to the same firm unlisted, world-wide, by headquarters",
    )
    return found


def _barred(bars: Bars) -> Float[np.ndarray, "t m n"]:
    """Part of base purchases that wedges and controls of the reaction bar."""
    found = np.asarray(bars.barred).sum(axis=3)
    if bars.answer is None:
        return np.asarray(found)
    return np.asarray(found + bars.controls[:, None, :] * np.asarray(bars.answer).sum(axis=3))
