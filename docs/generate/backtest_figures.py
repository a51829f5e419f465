"""Figures of the page `backtests.md`, from the stored tables alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from zizhu.laboratory.backtest.nodes import MODEL, NODE_KINDS, STILL
from zizhu.laboratory.backtest.published import WORDS, by_method, published
from zizhu.laboratory.backtest.sector_tables import METHODS, shipped_table
from zizhu.laboratory.pace.estimate import technologies
from zizhu.report.figures import BASE, LOSS, NEW, layout

_SOURCE = "zizhu backtest"
_YEARS = {2015: (1, 3, 5, 8), 2019: (1, 3, 5), 2022: (1, 2, 3)}
_COLOURS = {
    MODEL: NEW,
    "linear drift": LOSS,
    "logit drift, own": "#E69F00",
    "logit drift, pooled": "#009E73",
    "logistic": "#CC79A7",
}
_SYMBOLS = ("circle", "x", "triangle-up", "diamond", "square")
# Ratios beyond this are drawn at the edge.
_MOST = 2.5


def _below(figure: Any, height: int, rows: int) -> Any:
    """The legend in rows below the title, which narrow screens need."""
    figure.update_layout(
        legend={
            "orientation": "h",
            "xref": "container",
            "x": 0.01,
            "xanchor": "left",
            "yref": "container",
            "y": 1 - 44 / height,
            "yanchor": "top",
        },
        margin={"t": 56 + 21 * rows, "b": 96, "l": 10, "r": 20},
        height=height,
        title={"y": 1 - 14 / height, "yanchor": "top"},
    )
    return figure


def _cells() -> Iterator[tuple[str, pd.DataFrame]]:
    """What the figure of ratios shows: tables and horizons, all methods of each."""
    nodes = published("nodes").scores
    nodes = nodes[nodes["cell"] == "nodes"]
    for origin, years in _YEARS.items():
        for year in years:
            here = (nodes["origin"] == origin) & (nodes["horizon"].astype(str) == str(year))
            yield f"nodes {origin}, {year} y", nodes[here]
    left = published("left-out").scores
    left = left[(left["cell"] == "nodes") & (left["horizon"].astype(str) != "all")]
    for horizon, rows in left.groupby("horizon", sort=False):
        yield f"left out, {horizon} y", rows
    for name in ("sectors", "groups"):
        scores = published(name).scores
        for (panel, kind), rows in scores.groupby(["panel", "kind"], sort=False):
            last = rows["horizon"].max()
            yield f"{WORDS[str(panel)]} {kind}, {last} y", rows[rows["horizon"] == last]


def ratios() -> Any:
    """CRPS of every method over that of persistence, by table and horizon."""
    cells = [(name, by_method(rows)) for name, rows in _cells()]
    names = [MODEL, *(one.name for one in METHODS if one.name != STILL)]
    plot = go.Figure()
    for name, symbol in reversed(list(zip(names, _SYMBOLS, strict=True))):
        values = [by[name]["crps"] / by[STILL]["crps"] for _, by in cells]
        plot.add_trace(
            go.Scatter(
                x=[min(value, _MOST) for value in values],
                y=[cell for cell, _ in cells],
                customdata=values,
                mode="markers",
                name=name,
                marker={
                    "symbol": symbol,
                    "color": _COLOURS[name],
                    "size": 12 if name == MODEL else 8,
                },
                hovertemplate="%{y}: %{customdata:.2f}<extra>" + name + "</extra>",
            )
        )
    plot.add_vline(x=1, line_color="#444444", line_width=1)
    plot.update_xaxes(title="CRPS over persistence's")
    plot.update_yaxes(autorange="reversed", dtick=1)
    note = f"{_SOURCE}; beyond {_MOST:g} at the edge"
    plot = layout(plot, "Better than standing still?", note, 800)
    plot.update_layout(legend={"traceorder": "reversed"})
    return _below(plot, 820, 3)


def beside() -> Any:
    """Chinese shares of chains' nodes forecast from 2022, beside what came last."""
    cases = shipped_table("node_cases")
    own = (cases["origin"] == 2022) & (cases["region"] == "CHN") & cases["kind"].isin(NODE_KINDS)
    cases = cases[own & cases["node"].fillna("").str.contains("/")]
    # One series a node: the first of those seen last.
    cases = cases.sort_values("year", kind="stable").drop_duplicates("node", keep="last")
    cases = cases.sort_values("p50", kind="stable")
    places = {one.name: one.place for one in technologies()}
    place = [places[name] for name in cases["name"]]
    labels = [
        f"{node.partition('/')[2]} ({where}) {year:.0f}"
        for node, where, year in zip(cases["node"], place, cases["year"], strict=True)
    ]
    plot = go.Figure()
    plot.add_trace(
        go.Scatter(
            x=cases["p50"],
            y=labels,
            mode="markers",
            name="forecast, 10-50-90 percent",
            marker={"color": NEW, "size": 8},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": cases["p90"] - cases["p50"],
                "arrayminus": cases["p50"] - cases["p10"],
                "color": NEW,
                "thickness": 1.4,
                "width": 0,
            },
            hovertemplate="%{y}: %{x:.1f} %<extra>forecast</extra>",
        )
    )
    for column, name, marker in (
        ("before", "last figure by 2022", {"symbol": "line-ns-open", "color": BASE, "size": 11}),
        ("truth", "what came", {"symbol": "diamond", "color": LOSS, "size": 9}),
    ):
        plot.add_trace(
            go.Scatter(
                x=cases[column],
                y=labels,
                mode="markers",
                name=name,
                marker=marker,
                hovertemplate="%{y}: %{x:.1f} %<extra>" + name + "</extra>",
            )
        )
    plot.update_xaxes(title="Chinese share, percent", range=[-2, 102])
    plot.update_yaxes(dtick=1)
    title = "Chinese shares: known to 2022, and what came"
    height = 240 + 21 * len(cases)
    plot = layout(plot, title, f"{_SOURCE}; one series a node", height)
    return _below(plot, height, 2)


def coverage() -> Any:
    """Part of truths inside the bands, by cell."""
    rows = []
    nodes = published("nodes").scores
    nodes = nodes[(nodes["horizon"].astype(str) == "all") & (nodes["method"] == MODEL)]
    for one in nodes[nodes["few"] == 0].itertuples():
        if one.cell != "all":
            rows.append((f"{one.cell} {one.origin}", one.cover50, one.cover80))
    left = published("left-out").scores
    left = left[(left["horizon"].astype(str) == "all") & (left["method"] == MODEL)]
    rows += [(f"left out, {one.cell}", one.cover50, one.cover80) for one in left.itertuples()]
    for name in ("sectors", "groups"):
        scores = published(name).scores
        for (panel, kind), of in scores.groupby(["panel", "kind"], sort=False):
            last = of[of["horizon"] == of["horizon"].max()]
            model = by_method(last)[MODEL]
            label = f"{WORDS[str(panel)]} {kind}, {model['horizon']} y"
            rows.append((label, model["cover50"], model["cover80"]))
    labels = [label for label, *_ in rows]
    plot = go.Figure()
    for place, part, colour in ((1, 50, "#E69F00"), (2, 80, NEW)):
        plot.add_trace(
            go.Scatter(
                x=[100 * row[place] for row in rows],
                y=labels,
                mode="markers",
                name=f"inside the {part} percent band",
                marker={"color": colour, "size": 10},
                hovertemplate="%{y}: %{x:.0f} %<extra></extra>",
            )
        )
        plot.add_vline(x=part, line_color=colour, line_width=1, line_dash="dot")
    plot.add_vrect(x0=70, x1=90, fillcolor=NEW, opacity=0.07, line_width=0)
    plot.update_xaxes(title="percent of truths", range=[0, 102])
    plot.update_yaxes(autorange="reversed", dtick=1)
    note = f"{_SOURCE}; dotted: as it should be"
    plot = layout(plot, "How often the truth lay inside", note, 240 + 21 * len(rows))
    return _below(plot, 240 + 21 * len(rows), 2)


FIGURES: dict[str, Callable[[], Any]] = {
    "ratios": ratios,
    "beside": beside,
    "coverage": coverage,
}
