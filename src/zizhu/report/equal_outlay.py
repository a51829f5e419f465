"""What the same sum buys through each lever, as a table."""

from __future__ import annotations

import json
import math
from typing import Any

import xarray as xr
from rich.console import Group, RenderableType
from rich.text import Text

from zizhu.report.chains.terminal import grid, quiet
from zizhu.report.path.terminal import coloured
from zizhu.report.words import signed

_NUMBERS = (
    "outlay",
    "points_chain",
    "points_final",
    "points_sector",
    "cost_per_point",
    "income_effect",
    "net_return",
    "waste_return",
    "better_than_waste",
)


def equal_outlay_rows(found: xr.Dataset) -> list[dict[str, Any]]:
    """One row a way of spending, those that gain most points first; None stands for no number."""
    order = found["points_chain"].fillna(found["points_sector"]).argsort()[::-1].values
    rows = []
    for place in order:
        way = found.isel(lever=int(place))
        numbers = {name: float(way[name]) for name in _NUMBERS}
        rows.append(
            {
                "way": str(way["lever"].item()),
                "lever": str(way["lever_name"].item()),
                "on": str(way["on"].item()),
                **{
                    name: value if math.isfinite(value) else None for name, value in numbers.items()
                },
                "note": str(way["note"].item()),
            }
        )
    return rows


def equal_outlay_page(found: xr.Dataset) -> RenderableType:
    """The table with what was asked, what it means and what is left out."""
    about = found.attrs
    total = float(found["outlay"][0]) / 1e3
    made = grid(
        "way of spending",
        "points\nchain",
        "\nfinal",
        "\nsector",
        "bn a\npoint",
        "income\nlast year",
        "net\nreturn",
        "of\nwaste",
        left=("way of spending",),
    )
    made.columns[0].no_wrap = True
    for row in equal_outlay_rows(found):
        price = row["cost_per_point"]
        made.add_row(
            row["way"],
            *(_points(row[name]) for name in ("points_chain", "points_final", "points_sector")),
            "" if price is None or price > 1e4 else f"{price:,.0f}",
            coloured(row["income_effect"] or 0.0),
            f"{signed(row['net_return'] or 0.0, 0)} %",
            f"{signed(row['waste_return'] or 0.0, 0)} %",
        )
    left = json.loads(str(about["left_out"]))
    return Group(
        Text(f"{about['title']}: what {total:,.0f} bn USD buy in {about['region']}", style="bold"),
        Text(
            f"{about['amount']:g} bn USD a year, {about['first']} to {about['last']}, through one "
            "lever at a time",
            style="dim",
        ),
        Text(),
        made,
        *quiet(
            "points: domestic share in the last year less that of the baseline, of value along the "
            "chain, of the final product, of the sector",
            "income: real income of the region, percent; net return: sum over the years of real "
            "income gained, which pays for the outlay already, over the outlay; nothing after the "
            "last year counts",
            "of waste: net return of money that is spent in the same years and buys nothing, below "
            "-100 percent because what is used up is not invested",
            *(f"{row['way']}: {row['note']}" for row in equal_outlay_rows(found) if row["note"]),
            *(f"not compared: {name}, {why}" for name, why in left.items()),
        ),
    )


def _points(value: float | None) -> Text:
    return Text("") if value is None else coloured(value)
