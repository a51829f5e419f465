"""Figures of a verdict, each defined once: what chokes, who abroad wins and loses, shocks."""

from __future__ import annotations

from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.figures import BASE, GAIN, LOSS, layout
from zizhu.report.path import picks
from zizhu.report.scenario_path import tables
from zizhu.report.scenario_path.figures import focus_name, source
from zizhu.report.words import signed

# White to dark orange for what lacks; orange to blue, white between, for losses and gains.
_LACKS = [[0.0, "#ffffff"], [0.05, "#fdebd7"], [0.4, "#f0a35e"], [1.0, "#9c3d00"]]
_BOTH = [[0.0, "#b34700"], [0.25, "#f0a878"], [0.5, "#ffffff"], [0.75, "#7fb5dc"], [1.0, "#005a8c"]]
_NODES, _PARTNERS, _SECTORS, _REGIONS = 16, 12, 12, 20
_SMALL_SHARE = 0.5
# Cells of partners by sectors have a number from this part of the darkest colour on.
_TOLD = 0.08
_CHANCES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def chokepoints(outcome: ScenarioPath) -> Any:
    """Heat maps of what cannot be had: nodes by years, scenario beside baseline."""
    lacks = outcome.outcome.dataset["node_lack"].sel(region=outcome.focus)
    bound = list(dict.fromkeys(spell.node for spell in outcome.spells))
    most = lacks.max(["run", "year"]).to_series()
    order = most.reindex(bound).sort_values(ascending=False, kind="stable")
    nodes = [str(node) for node in order[order >= _SMALL_SHARE].index[:_NODES]][::-1]
    years = list(outcome.case.years)
    top = max(float(order.max()) if len(order) else 0.0, 1.0)
    figure = make_subplots(
        rows=1,
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.03,
        subplot_titles=("with the scenario", "baseline"),
    )
    labels = [picks.node_name(outcome.outcome, node) for node in nodes]
    for column, run in enumerate((SCENARIO, BASELINE), start=1):
        values = lacks.sel(run=run, node=nodes).transpose("node", "year").values
        figure.add_trace(
            go.Heatmap(
                z=values,
                x=years,
                y=labels,
                zmin=0,
                zmax=top,
                colorscale=_LACKS,
                xgap=1,
                ygap=1,
                showscale=column == 2,
                colorbar={"title": {"text": "%"}, "thickness": 12, "len": 0.9},
                hovertemplate="%{y}, %{x}: %{z:.1f} %<extra>"
                + ("scenario" if run == SCENARIO else "baseline")
                + "</extra>",
            ),
            row=1,
            col=column,
        )
    title = f"What {focus_name(outcome)} cannot have at any price, percent of what is asked for"
    figure = layout(figure, title, source(outcome), 190 + 26 * len(nodes))
    figure.update_xaxes(showgrid=False, dtick=max(1, len(years) // 4))
    figure.update_yaxes(showgrid=False)
    return figure.update_layout(margin={"t": 95})


def abroad(outcome: ScenarioPath) -> Any:
    """Bars of real income of other regions against the baseline in the last year."""
    table = tables.abroad(outcome)
    last = str(table.columns[-1])
    order = table[last].abs().sort_values(ascending=False, kind="stable").index[:_REGIONS]
    values = table.loc[order, last].sort_values()
    name = outcome.case.world.region_name
    figure = go.Figure(
        go.Bar(
            x=values,
            y=[name(str(code)) for code in values.index],
            orientation="h",
            marker_color=[LOSS if value < 0 else GAIN for value in values],
            text=[signed(value, 3) for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.4f} %<extra></extra>",
        )
    )
    span = max(0.0, *values) - min(0.0, *values) or 1.0
    ends = [min(0.0, *values) - 0.1 * span, max(0.0, *values) + 0.1 * span]
    figure.update_xaxes(title=f"real income in {last} against the baseline, percent", range=ends)
    figure.update_layout(showlegend=False)
    title = "Who abroad gains, who loses"
    return layout(figure, title, source(outcome), 180 + 22 * len(values))


def sales(outcome: ScenarioPath) -> Any:
    """Heat map of partners' sales in the focus by sector: money in colour, percent in numbers."""
    last = outcome.case.years[-1]
    table = outcome.partners.sel(year=last).drop_sel(partner=outcome.focus)
    money = _frame(table["sales_change"]) / 1e3
    percent = _frame(table["sales_change_percent"])
    partners = money.abs().sum(axis=1).sort_values(ascending=False, kind="stable").index
    sectors = money.abs().sum(axis=0).sort_values(ascending=False, kind="stable").index
    partners, sectors = partners[:_PARTNERS][::-1], sectors[:_SECTORS]
    shown = money.loc[partners, sectors].to_numpy()
    beside = percent.loc[partners, sectors].to_numpy()
    world = outcome.case.world
    # One large cell must not leave all others white.
    top = max(float(np.quantile(np.abs(shown), 0.97)), 1e-3) if shown.size else 1.0
    figure = go.Figure(
        go.Heatmap(
            z=shown,
            x=[_short(world.sector_name(str(code))) for code in sectors],
            y=[world.region_name(str(code)) for code in partners],
            customdata=beside,
            text=[
                [
                    signed(there, 1) if abs(here) >= _TOLD * top and np.isfinite(there) else ""
                    for here, there in zip(row, other, strict=True)
                ]
                for row, other in zip(shown, beside, strict=True)
            ],
            texttemplate="%{text}",
            textfont={"size": 11},
            zmin=-top,
            zmax=top,
            colorscale=_BOTH,
            xgap=1,
            ygap=1,
            colorbar={"title": {"text": f"bn {world.currency}"}, "thickness": 12},
            hovertemplate="%{y}, %{x}: %{z:.2f} bn, %{customdata:.1f} %<extra></extra>",
        )
    )
    title = f"Sales of partners to {focus_name(outcome)} in {last} against the baseline"
    note = f"; colour: bn {world.currency}, numbers: percent; where made, before duties"
    figure = layout(figure, title, source(outcome, note), 300 + 26 * len(partners))
    figure.update_xaxes(side="top", tickangle=-35, showgrid=False)
    figure.update_yaxes(showgrid=False)
    figure.update_layout(
        margin={"l": 10, "r": 30, "t": 190, "b": 40},
        title={"y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 12}},
    )
    figure.layout.annotations[0].yshift = -30
    return figure


def shocks(outcome: ScenarioPath) -> Any:
    """Bars of what each shock costs, with the scenario's levers and without, early and late."""
    table = tables.shocks(outcome)
    years = sorted(set(table["year"]))
    figure = make_subplots(
        rows=1,
        cols=len(years),
        shared_yaxes=True,
        shared_xaxes="all",
        horizontal_spacing=0.04,
        subplot_titles=[f"shock in {year}" for year in years],
    )
    for column, year in enumerate(years, start=1):
        rows = table[table["year"] == year].iloc[::-1]
        for field, name, colour in (
            ("without", "without its levers", BASE),
            ("loss", "with the scenario", GAIN),
        ):
            figure.add_trace(
                go.Bar(
                    x=rows[field],
                    y=rows["title"],
                    orientation="h",
                    name=name,
                    legendgroup=name,
                    showlegend=column == 1,
                    marker_color=colour,
                    text=[f"{value:.2f}" for value in rows[field]],
                    textposition="outside",
                    cliponaxis=False,
                    hovertemplate="%{y}: %{x:.4f} %<extra>" + name + "</extra>",
                ),
                row=1,
                col=column,
            )
    losses = [*table["loss"], *table["without"], 0.0]
    span = max(losses) - min(losses) or 1.0
    # Room for numbers beside the bars, on the left only where something is gained.
    left = 0.2 if min(losses) < 0 else 0.0
    figure.update_xaxes(
        title="percent of real income lost in the year of the shock",
        range=[min(losses) - left * span, max(losses) + 0.2 * span],
    )
    title = f"Resilience of {focus_name(outcome)}: what a shock costs"
    figure = layout(figure, title, source(outcome), 200 + 34 * table["shock"].nunique())
    figure.update_layout(
        bargap=0.25,
        margin={"t": 105},
        legend={"traceorder": "reversed", "y": 1.14, "yanchor": "bottom"},
    )
    return figure


def insurance(outcome: ScenarioPath) -> Any:
    """Dots on a scale of odds: where each shock makes the levers pay, beside what is stated.

    A shock at which no odds make a difference to that has its stated odds alone.
    """
    table = tables.shocks(outcome)
    last = int(table["year"].max())
    rows = table[table["year"] == last].iloc[::-1]
    labels = [f"{row.title}: {row.verdict}" for _, row in rows.iterrows()]
    figure = go.Figure()
    for name, column, colour, symbol in (
        ("stated odds", "probability", BASE, "circle"),
        ("break-even odds", "break_even", GAIN, "diamond"),
    ):
        known = np.isfinite(rows[column]) & (rows[column] > 0)
        figure.add_trace(
            go.Scatter(
                x=rows[column][known],
                y=[label for label, one in zip(labels, known, strict=True) if one],
                mode="markers+text",
                name=name,
                marker={"color": colour, "size": 13, "symbol": symbol},
                text=[f"{100 * value:.2g} %" for value in rows[column][known]],
                textposition="top center",
                cliponaxis=False,
                hovertemplate="%{y}: %{x:.4f} a year<extra>" + name + "</extra>",
            )
        )
    every = [one for one in [*rows["probability"], *rows["break_even"]] if one > 0]
    low = min([*every, 0.01])
    figure.update_xaxes(
        title="odds of the shock in a year",
        type="log",
        range=[float(np.log10(low)) - 0.15, 0.05],
        tickvals=_CHANCES,
        ticktext=[f"{100 * one:g} %" for one in _CHANCES],
    )
    figure.update_yaxes(
        categoryorder="array", categoryarray=labels, range=[-0.5, len(labels) - 0.3]
    )
    title = f"At which odds the levers pay as an insurance, {last}"
    figure = layout(figure, title, source(outcome), 210 + 46 * len(rows))
    return figure.update_layout(showlegend=True)


def _frame(variable: Any) -> pd.DataFrame:
    """Partners in rows, sectors in columns."""
    found = variable.transpose("partner", "sector")
    return pd.DataFrame(found.values, found["partner"].values, found["sector"].values)


def _short(name: str, most: int = 26) -> str:
    """A name that fits above a column: whole words of it."""
    return shorten(name, most, placeholder="").rstrip(" ,:;(")
