"""The same indicators year by year, where published tables alone determine them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from zizhu.laboratory.dependence.accounts import is_rest
from zizhu.laboratory.dependence.answer import Column, Table
from zizhu.laboratory.dependence.question import Question
from zizhu.world import World, open_history

SERVICES = "services"


def history_of(opened: World, question: Question, goods: list[str]) -> Table | None:
    """Home share, import share, concentration and world share by year.

    With q[i,k,n] sales of (i,k) to n, all uses, before duties, over the sector that is asked for,
    all services together if it is one, or all goods:

        home_share     100 q[n,n] / sum_i q[i,n]
        import_share   100 q[s,n] / sum over i != n of q[i,n]   s named, or the country
                                                                largest in the last year
        hhi            sum over i != n of (q[i,n] / imports)^2
        world_share    100 sum_m q[n,m] / sum_im q[i,m]

    Nothing if the world's regions or goods are not those of the published series.
    """
    series = open_history()
    known = set(map(str, series.sector.values)) - {SERVICES}
    if set(opened.regions) != set(map(str, series.supplier.values)):
        return None
    wanted = goods
    if question.sector is not None:
        wanted = list(question.members.get(question.sector, (question.sector,)))
        wanted = wanted if known.issuperset(wanted) else [SERVICES]
    if not {*known, SERVICES}.issuperset(wanted):
        return None
    flow = _summed(series.flow.sel(sector=wanted).sum("sector"), question)
    return _table(flow, question, wanted, str(series.attrs.get("source", "published tables")))


def _summed(flow: xr.DataArray, question: Question) -> xr.DataArray:
    """Flows (year, supplier, user) between the regions of the question's world."""
    label: Mapping[str, str] = {
        old: new for new, members in question.members.items() for old in members
    }
    for dimension in ("supplier", "user"):
        names = [label.get(str(one), str(one)) for one in flow[dimension].values]
        flow = flow.assign_coords({dimension: names}).groupby(dimension).sum()
    return flow


def _table(flow: xr.DataArray, question: Question, wanted: list[str], source: str) -> Table:
    region = question.region
    bought, sold = flow.sel(user=region), flow.sel(supplier=region)
    imports = bought.drop_sel(supplier=region)
    named = [one for one in map(str, imports.supplier.values) if not is_rest(question.world, one)]
    last = imports.isel(year=-1).sel(supplier=named)
    supplier = question.on or named[int(last.values.argmax())]
    total = imports.sum("supplier")
    what = {SERVICES: "all services together"}.get(
        wanted[0], f"products of {question.sector}" if question.sector else "all goods"
    )
    own = "published data alone"
    numbers = {
        "home_share": (
            100 * bought.sel(supplier=region) / bought.sum("supplier"),
            "percent of use",
            f"domestic share of domestic use, {what}",
        ),
        "import_share": (
            100 * imports.sel(supplier=supplier) / total,
            "percent of imports",
            f"share of {supplier} in imports, {what}",
        ),
        "hhi": (
            ((imports / total) ** 2).sum("supplier"),
            "1",
            f"Herfindahl index of the suppliers of imports, 0 to 1, {what}",
        ),
        "world_share": (
            100 * sold.sum("user") / flow.sum(["supplier", "user"]),
            "percent of world output",
            f"share of world output, by location, {what}",
        ),
    }
    if question.on is not None:
        theirs = flow.sel(user=supplier).drop_sel(supplier=supplier)
        numbers["reverse_import_share"] = (
            100 * theirs.sel(supplier=region) / theirs.sum("supplier"),
            "percent of imports",
            f"share of {region} in imports of {supplier}, {what}",
        )
    years = np.asarray(flow.year.values, dtype=int)
    frame = pd.DataFrame({"year": years, "supplier": supplier})
    for name, (values, _, _) in numbers.items():
        frame[name] = np.asarray(values.values, dtype=float)
    columns = {
        name: Column(unit, text, f"{source}; {own}") for name, (_, unit, text) in numbers.items()
    }
    return Table(
        "history", f"{years[0]} to {years[-1]}, {what}", frame, ("year", "supplier"), columns
    )
