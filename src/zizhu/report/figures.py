"""Figures, each defined once: functions from an outcome to a Plotly figure."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from zizhu.laboratory import Outcome
from zizhu.report import tables, words

# Colour-blind safe (Okabe and Ito): loss, gain, base, focus.
LOSS, GAIN, BASE, NEW = "#D55E00", "#0072B2", "#999999", "#0072B2"
_FONT = {"family": "Inter, Helvetica, Arial, sans-serif", "size": 13, "color": "#222222"}


def layout(figure: Any, title: str, source: str, height: int) -> Any:
    """Give a figure the look of the house, a title and its source; returns the figure."""
    figure.update_layout(
        title={"text": title, "x": 0, "xanchor": "left", "font": {"size": 16}},
        font=_FONT,
        height=height,
        margin={"l": 10, "r": 20, "t": 60, "b": 80},
        plot_bgcolor="white",
        paper_bgcolor="white",
        bargap=0.35,
        hoverlabel={"font_size": 12},
        legend={"orientation": "h", "y": 1.02, "x": 1, "xanchor": "right", "yanchor": "bottom"},
    )
    figure.add_annotation(
        text=source,
        x=1,
        y=0,
        xref="paper",
        yref="paper",
        yshift=-72,
        xanchor="right",
        showarrow=False,
        font={"size": 11, "color": "#666666"},
    )
    figure.update_xaxes(gridcolor="#eeeeee", zerolinecolor="#444444", automargin=True)
    figure.update_yaxes(gridcolor="#eeeeee", automargin=True)
    return figure


def _source(outcome: Outcome) -> str:
    return f"zizhu, world {outcome.world.name}; scenario {outcome.scenario.name}"


def real_income(outcome: Outcome) -> Any:
    """Bars of real income by region, headline and the range over stable variants."""
    table = tables.by_region(outcome).sort_values("real_income")
    known = [v for v in outcome.variants if v.real_income and v.stable]
    low, high = [], []
    for code, value in table.real_income.items():
        values = [v.real_income[str(code)] for v in known] + [value]
        low.append(value - min(values))
        high.append(max(values) - value)
    bars = go.Bar(
        x=table.real_income,
        y=table.region,
        orientation="h",
        marker_color=[LOSS if value < 0 else GAIN for value in table.real_income],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high,
            "arrayminus": low,
            "color": "#444444",
            "thickness": 1.2,
        }
        if known
        else None,
        hovertemplate="%{y}: %{x:.3f} %<extra></extra>",
    )
    figure = go.Figure(bars)
    figure.update_xaxes(title="change of real income, percent")
    note = "; whiskers: range over other choices of scale and elasticities" if known else ""
    height = 170 + 22 * len(table)
    return layout(figure, "Who gains, who loses", _source(outcome) + note, height)


def self_sufficiency(outcome: Outcome, count: int = 14) -> Any:
    """Dumbbells of self-sufficiency of the focus region before and after."""
    table = tables.becomes_domestic(outcome, count).iloc[::-1]
    figure = go.Figure()
    for _, row in table.iterrows():
        figure.add_trace(
            go.Scatter(
                x=[row.self_sufficiency_base, row.self_sufficiency],
                y=[row.sector, row.sector],
                mode="lines",
                line={"color": "#bbbbbb", "width": 3},
                showlegend=False,
                hoverinfo="skip",
            )
        )
    for name, column, colour in (
        ("base", "self_sufficiency_base", BASE),
        ("scenario", "self_sufficiency", NEW),
    ):
        figure.add_trace(
            go.Scatter(
                x=table[column],
                y=table.sector,
                mode="markers",
                name=name,
                marker={"color": colour, "size": 11},
                hovertemplate="%{y}: %{x:.2f} %<extra>" + name + "</extra>",
            )
        )
    figure.update_xaxes(title="domestic share of domestic use, percent (by location)")
    name = outcome.world.region_name(outcome.focus)
    return layout(figure, f"What becomes domestic: {name}", _source(outcome), 170 + 27 * len(table))


def output(outcome: Outcome, count: int = 14) -> Any:
    """Bars of output volume of the focus region by sector, largest moves."""
    table = tables.by_sector(outcome, outcome.focus)
    table = table[table.use_share >= tables.SMALLEST_USE_SHARE].dropna(subset=["output_volume"])
    order = table.output_volume.abs().sort_values(ascending=False).index[:count]
    table = table.loc[order].sort_values("output_volume")
    figure = go.Figure(
        go.Bar(
            x=table.output_volume,
            y=table.sector,
            orientation="h",
            marker_color=[LOSS if value < 0 else GAIN for value in table.output_volume],
            hovertemplate="%{y}: %{x:.2f} %<extra></extra>",
        )
    )
    figure.update_xaxes(title="change of output volume, percent")
    name = outcome.world.region_name(outcome.focus)
    return layout(figure, f"Which sectors grow: {name}", _source(outcome), 170 + 27 * len(table))


def variants(outcome: Outcome) -> Any:
    """Dots of the focus region's real income under every choice; unstable ones hollow."""
    known = [v for v in outcome.variants if v.real_income][::-1]
    labels = [v.title for v in known] + ["this run"]
    values = [v.real_income[outcome.focus] for v in known]
    values.append(float(outcome.real_income.sel(region=outcome.focus)))
    stable = [v.stable for v in known] + [outcome.scale_eigenvalue < 1]
    figure = go.Figure(
        go.Scatter(
            x=values,
            y=labels,
            mode="markers+text",
            text=[
                words.signed(value) + ("" if ok else " (unstable base)")
                for value, ok in zip(values, stable, strict=True)
            ],
            textposition="top center",
            cliponaxis=False,
            marker={
                "size": 13,
                "color": [LOSS if value < 0 else GAIN for value in values],
                "symbol": ["circle" if ok else "circle-open" for ok in stable],
                "line": {"width": 2},
            },
            hovertemplate="%{y}: %{x:.3f} %<extra></extra>",
        )
    )
    figure.add_vline(x=0, line_color="#444444", line_width=1)
    span = max(*values, 0) - min(*values, 0) or 1.0
    figure.update_xaxes(
        title="change of real income, percent",
        range=[min(*values, 0) - 0.25 * span, max(*values, 0) + 0.15 * span],
    )
    figure.update_yaxes(range=[-0.6, len(labels) - 0.2])
    name = outcome.world.region_name(outcome.focus)
    return layout(
        figure,
        f"What it becomes under other choices: {name}",
        _source(outcome),
        190 + 46 * len(labels),
    )
