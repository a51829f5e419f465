"""Domestic shares of the tiers of a field: plants, tools, materials and parts, software.

The share of a tier is what home supplies of what the region's makers and users buy of its nodes,

    sum_m b_m w_m h_m / sum_m b_m w_m,

with b purchases at base prices, h the part from home and w the part of a node's value that is in no
node of the same tier which goes into it, so that a thing and what is in it count once. Nodes that
are counted by location and by headquarters are never in one number. What users buy at the end of a
chain is no tier here: see `battlegrounds`, final_share.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from zizhu.indicators.asked import HEADQUARTERS, LOCATION, known_region, weighted_means
from zizhu.indicators.battlegrounds import battleground_list, members
from zizhu.indicators.glossary import attributes
from zizhu.indicators.tiers import TIERS

_DIMS = ("run", "year", "battleground", "tier", "counts")


def battleground_tiers(dataset: xr.Dataset, region: str) -> xr.Dataset:
    """Shares of home by run, year, battleground, tier and how nodes are counted.

    dataset  of a path, see `zizhu.indicators.path`

    Not a number where the region buys nothing of the kind. Raises `ScenarioError` for an unknown
    region.
    """
    entries = [entry for entry in battleground_list().values() if entry.chains]
    here = dataset.sel(region=known_region(dataset, region))
    nodes = here["node"].values.astype(str)
    inner = members(here, entries) & ~np.array([np.isin(nodes, one.final) for one in entries])
    ways = (LOCATION, HEADQUARTERS)
    alike = np.array(
        [
            (here["node_tier"].values == tier) & (here["node_counts"].values == way)
            for tier in TIERS
            for way in ways
        ]
    )
    parts = (inner[:, None] & alike).reshape(-1, len(nodes))
    home, bought = (
        here[name].transpose("run", "year", "node").values
        for name in ("node_home_share", "node_bought")
    )
    weights = bought * here["node_new"].values
    shape = (*home.shape[:2], len(entries), len(TIERS), len(ways))
    found = {
        "tier_share": weighted_means(home, weights, parts),
        "tier_bought": np.nan_to_num(weights) @ parts.T,
    }
    return xr.Dataset(
        {name: (_DIMS, of.reshape(shape), attributes(name)) for name, of in found.items()},
        {
            "run": dataset["run"].values,
            "year": dataset["year"].values,
            "battleground": [entry.name for entry in entries],
            "title": ("battleground", [entry.title for entry in entries]),
            "tier": list(TIERS),
            "counts": list(ways),
        },
    )
