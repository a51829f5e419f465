"""Chokepoints that still bind: which nodes a region cannot have, year by year, and since when.

A node binds in a year where one of two is above the threshold:

    lack     part of what is asked for that nobody may supply at any price
    squeeze  part of what came from abroad in the base year that controls bar, times the part that
             does not come from home now: what is barred hurts less once home supplies it

               min(b / (1 - h0), 1) (1 - h),   b the part of base purchases that is barred,
                                               h, h0 the part from home, now and in the base year

Home is never barred, so that b is a part of the rest alone. A root is barred itself. Others lack
because an input of their suppliers does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr

from zizhu.indicators.asked import known_region
from zizhu.indicators.glossary import attributes
from zizhu.parameters import values


class Spell(NamedTuple):
    """One node that binds in a run.

    root       whether it is barred itself, and not short for want of an input
    first      first year in which it binds
    last       last year in which it binds
    stopped    first year from which on it binds no more; None if it binds in the last year
    peak       largest of lack and squeeze, percent, and the year of it
    now        larger of lack and squeeze in the last year, percent
    lack       part that nobody may supply at any price in the last year, percent
    purchases  what the region's users ask for in the last year in which it binds, bn USD
    """

    run: str
    node: str
    root: bool
    first: int
    last: int
    stopped: int | None
    peak: float
    peak_year: int
    now: float
    lack: float
    purchases: float


def chokepoints_by_year(
    dataset: xr.Dataset, region: str, threshold: float | None = None
) -> xr.Dataset:
    """Which nodes bind for a region, by run, year and node.

    threshold  percent from which a node binds; the parameter `binding_threshold` by default
    """
    limit = values()["binding_threshold"] if threshold is None else threshold
    here = dataset.sel(region=known_region(dataset, region))
    home = here["node_home_share"].fillna(0.0) / 100
    barred = here["node_barred"].fillna(0.0)
    bought = here["node_bought"]
    abroad = 1 - home.isel(year=0, drop=True)
    # Of what came from abroad in the base year; nothing did, nothing of it is barred.
    part = (barred / abroad.where(abroad > 0)).fillna(0.0).clip(max=100.0)
    lack, squeeze = here["node_lack"], part * (1 - home)
    binds = ((lack > limit) | (squeeze > limit)) & (bought > 0)
    table = xr.Dataset(
        {
            "binds": binds,
            "root": barred > 0,
            "lack": lack,
            "squeeze": squeeze,
            "purchases": bought,
        }
    )
    for name in table.data_vars:
        table[name].attrs = attributes(str(name), threshold=f"{limit:g}")
    return table.drop_vars("region", errors="ignore").assign_attrs(threshold=limit)


def binding_spells(
    dataset: xr.Dataset, region: str, threshold: float | None = None
) -> tuple[Spell, ...]:
    """Nodes that bind in some year of a run: since when, until when, how hard; largest peak first.

    A node that stops and binds again has one spell, with the year after which it is free for good.
    """
    table = chokepoints_by_year(dataset, region, threshold)
    years = table["year"].values
    found = []
    for run in table["run"].values:
        here = table.sel(run=run)
        binds = here["binds"].transpose("year", "node").values
        lack = here["lack"].transpose("year", "node").values
        depth = np.maximum(lack, here["squeeze"].transpose("year", "node").values)
        bought = here["purchases"].transpose("year", "node").values
        root = here["root"].transpose("year", "node").values
        for place in np.flatnonzero(binds.any(axis=0)):
            bound = np.flatnonzero(binds[:, place])
            last, peak = int(bound[-1]), int(bound[depth[bound, place].argmax()])
            found.append(
                Spell(
                    run=str(run),
                    node=str(table["node"].values[place]),
                    root=bool(root[bound, place].any()),
                    first=int(years[bound[0]]),
                    last=int(years[last]),
                    stopped=int(years[last + 1]) if last + 1 < len(years) else None,
                    peak=float(depth[peak, place]),
                    peak_year=int(years[peak]),
                    now=float(depth[-1, place]),
                    lack=float(lack[-1, place]),
                    purchases=float(bought[last, place]),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.run != "scenario", -one.peak, one.node)))
