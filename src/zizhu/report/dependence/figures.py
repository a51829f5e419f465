"""Figures of dependence, each defined once: functions from an answer to a Plotly figure.

Nothing comes back where there is nothing to draw: a sector that is not made has no suppliers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from zizhu.laboratory import Dependence
from zizhu.report.dependence import words
from zizhu.report.figures import LOSS, NEW, layout

_BLUES = [[0, "#ffffff"], [0.15, "#dbe9f4"], [0.5, "#6ea6cd"], [1, "#0b4f8a"]]
_SUPPLIERS, _SECTORS = 14, 20
_HOME_GREY = "#bbbbbb"


def source(answer: Dependence, more: str = "") -> str:
    """The line under a figure."""
    return f"zizhu, {words.world_name(answer)}{more}"


def drawn(value: float, digits: int = 1) -> str:
    """A number beside its mark; nothing beside what is not drawn."""
    return "" if np.isnan(value) else words.number(value, digits)


def exposure(answer: Dependence) -> Any:
    """Heat map of look-through shares: sectors, or inputs of the sector, by suppliers."""
    name = "origins" if answer.sector else "exposure"
    row = "input" if answer.sector else "sector"
    frame = answer.tables[name].frame
    frame = frame[frame.supplier != answer.region]
    matrix = frame.pivot(index=row, columns="supplier", values="look_through").fillna(0.0)
    columns = [s for s in answer.tables["suppliers"].frame.supplier if s in matrix][:_SUPPLIERS]
    if answer.sector:
        order = list(matrix.sum(axis=1).sort_values(ascending=False).index[:12])
    else:
        order = list(answer.tables["sectors"].frame.sector[:_SECTORS])
    matrix = matrix.loc[order[::-1], columns]
    values = matrix.to_numpy()
    if not (values > 0).any():
        return None
    digits = 2 if answer.sector else 1
    small = 0.1 if answer.sector else 0.5
    text = [[f"{v:.{digits}f}" if v >= small else "" for v in line] for line in values]
    top = float(np.quantile(values, 0.98)) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=[answer.world.region_name(c) for c in columns],
            y=[answer.world.sector_name(s) for s in matrix.index],
            text=text,
            texttemplate="%{text}",
            textfont={"size": 11},
            colorscale=_BLUES,
            zmin=0,
            zmax=top,
            xgap=1,
            ygap=1,
            showscale=False,
            hovertemplate="%{y} from %{x}: %{z:.2f} % of total inputs<extra></extra>",
        )
    )
    figure.update_xaxes(side="top", tickangle=-40, showgrid=False)
    figure.update_yaxes(showgrid=False)
    what = (
        f"Where the inputs of {answer.world.sector_name(answer.sector)} are made"
        if answer.sector
        else "Who makes what each sector needs"
    )
    figure = layout(
        figure,
        f"{what}: percent of total inputs, all tiers",
        source(answer, f"; the largest; cells under {small:g} are empty"),
        230 + 25 * len(matrix),
    )
    figure.update_layout(
        margin={"l": 10, "r": 60, "t": 175, "b": 40},
        title={"y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 12}},
    )
    figure.layout.annotations[0].yshift = -30
    return figure


def suppliers(answer: Dependence) -> Any:
    """Treemap of foreign suppliers by look-through share, darker where more of it is hidden."""
    table = answer.tables["suppliers"]
    frame = table.frame[table.frame.look_through > 0]
    hidden = 100 * frame.hidden / frame.look_through
    if frame.empty:
        return None
    names = [answer.world.region_name(code) for code in frame.supplier]
    total = frame.look_through.sum()
    figure = go.Figure(
        go.Treemap(
            labels=[" ", *names],
            parents=["", *[" "] * len(names)],
            values=[total, *frame.look_through],
            branchvalues="total",
            text=["", *(f"{v:.1f} %" for v in frame.look_through)],
            texttemplate="%{label}<br>%{text}",
            marker={
                "colors": [0.0, *hidden],
                "colorscale": _BLUES,
                "cmin": 40,
                "cmax": 140,
                "line": {"width": 2, "color": "white"},
            },
            hovertemplate="%{label}: %{value:.2f} % of total inputs, "
            "%{color:.0f} % of it hidden<extra></extra>",
            tiling={"pad": 2},
            pathbar={"visible": False},
            root={"color": "white"},
        )
    )
    figure = layout(
        figure,
        f"Foreign suppliers behind {total:.1f} percent of total inputs, all tiers",
        source(answer, "; area: percent of total inputs; darker: more of it bought through others"),
        430,
    )
    figure.update_layout(margin={"l": 10, "r": 20, "t": 50, "b": 40})
    figure.layout.annotations[0].yshift = -30
    return figure


def flow_of_inputs(answer: Dependence, suppliers_shown: int = 8, inputs_shown: int = 7) -> Any:
    """Sankey of foreign production: suppliers, input groups, the sector."""
    world, sector = answer.world, answer.sector or ""
    frame = answer.tables["origins"].frame
    frame = frame[frame.supplier != answer.region]
    by_supplier = frame.groupby("supplier").look_through.sum().sort_values(ascending=False)
    by_input = frame.groupby("input").look_through.sum().sort_values(ascending=False)
    left = list(by_supplier.index[:suppliers_shown])
    middle = list(by_input.index[:inputs_shown])
    other = "other"
    grouped = (
        frame.assign(
            supplier=frame.supplier.where(frame.supplier.isin(left), other),
            input=frame.input.where(frame.input.isin(middle), other),
        )
        .groupby(["supplier", "input"])
        .look_through.sum()
    )
    left, middle = [*left, other], [*middle, other]
    suppliers_total = grouped.groupby("supplier").sum()
    inputs_total = grouped.groupby("input").sum()
    total = float(grouped.sum())
    labels = [
        f"{'Other suppliers' if s == other else world.region_name(s)} "
        f"{suppliers_total.get(s, 0.0):.1f}"
        for s in left
    ]
    labels += [
        f"{'Other inputs' if k == other else world.sector_name(k)} {inputs_total.get(k, 0.0):.1f}"
        for k in middle
    ]
    labels.append(f"{world.sector_name(sector)} {total:.1f}")
    links = [
        (place, len(left) + at, float(grouped.get((supplier, product), 0.0)))
        for place, supplier in enumerate(left)
        for at, product in enumerate(middle)
    ]
    links += [
        (len(left) + place, len(labels) - 1, float(inputs_total.get(k, 0.0)))
        for place, k in enumerate(middle)
    ]
    links = [link for link in links if link[2] > 0]
    if not links:
        return None
    start, target, value = zip(*links, strict=True)
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": labels,
                "color": ["#0072B2"] * len(left) + ["#56B4E9"] * len(middle) + ["#444444"],
                "pad": 12,
                "thickness": 14,
            },
            link={
                "source": start,
                "target": target,
                "value": value,
                "color": "rgba(0,114,178,0.16)",
            },
            valuesuffix=" % of total inputs",
            valueformat=".2f",
        )
    )
    figure = layout(
        figure,
        f"What is made abroad for {world.sector_name(sector)}: percent of total inputs, all tiers",
        source(answer, "; supplier, product, using sector; home supply left out"),
        520,
    )
    figure.update_layout(margin={"l": 10, "r": 10, "t": 50, "b": 40})
    figure.layout.annotations[0].yshift = -30
    return figure


def history(answer: Dependence) -> Any:
    """Four lines by year: home share, import share, concentration, share of the world."""
    table = answer.tables["history"]
    frame = table.frame
    supplier = answer.world.region_name(str(frame.supplier.iloc[-1]))
    here = answer.world.region_name(answer.region)
    panels = [
        ("home_share", f"made at home, % of use in {here}"),
        ("import_share", f"{supplier}, % of imports"),
        ("hhi", "concentration of imports (Herfindahl, 0 to 1)"),
        ("world_share", f"{here}, % of world output"),
    ]
    if "reverse_import_share" in frame:
        panels[2] = ("reverse_import_share", f"{here}, % of imports of {supplier}")
    figure = make_subplots(
        rows=2, cols=2, subplot_titles=[title for _, title in panels], vertical_spacing=0.2
    )
    for place, (column, title) in enumerate(panels):
        digits = 3 if column == "hhi" else 1
        ends = [0, len(frame) - 1]
        values = frame[column]
        figure.add_trace(
            go.Scatter(
                x=frame.year,
                y=values,
                mode="lines+markers+text",
                text=[drawn(v, digits) if at in ends else "" for at, v in enumerate(values)],
                textposition="top center",
                cliponaxis=False,
                line={"color": NEW, "width": 2.5},
                marker={"size": 5},
                showlegend=False,
                hovertemplate=f"%{{x}}: %{{y:.{digits}f}}<extra>{title}</extra>",
            ),
            row=place // 2 + 1,
            col=place % 2 + 1,
        )
        low, high = float(values.min()), float(values.max())
        if np.isnan(high):  # no year has a value
            continue
        room = max(high - low, 0.1 * high) or 1.0
        axis = figure.get_subplot(place // 2 + 1, place % 2 + 1).yaxis
        axis.range = [max(low - 0.35 * room, 0), high + 0.4 * room]
    figure.update_annotations(font_size=13)
    published = table.columns["home_share"].source
    what = table.title.split(", ", 1)[1]
    figure = layout(figure, f"Year by year: {what}", published, 520)
    figure.update_layout(margin={"l": 10, "r": 20, "t": 90, "b": 60})
    figure.layout.annotations[-1].yshift = -52
    return figure


def six_definitions(answer: Dependence) -> Any:
    """Dots of self-sufficiency by definition, with ranges over drawn tables."""
    frame = answer.tables["self_sufficiency"].frame.iloc[::-1].dropna(subset=["value"])
    if frame.empty:
        return None
    known = frame.low.notna()
    figure = go.Figure(
        go.Scatter(
            x=frame.value,
            y=frame.definition,
            mode="markers+text",
            text=[drawn(v) for v in frame.value],
            textposition="top center",
            marker={"size": 12, "color": NEW},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (frame.high - frame.value).where(known, 0.0),
                "arrayminus": (frame.value - frame.low).where(known, 0.0),
                "color": "#444444",
            },
            hovertemplate="%{y}: %{x:.1f}<extra></extra>",
            cliponaxis=False,
        )
    )
    figure.add_vline(x=100, line_color="#888888", line_dash="dot")
    figure.update_xaxes(title="percent")
    figure.update_yaxes(range=[-0.5, len(frame) - 0.2])
    note = "; whiskers: 80 percent of drawn tables" if known.any() else ""
    name = answer.world.sector_name(answer.sector or "")
    return layout(figure, f"Self-sufficiency of {name}, six definitions", source(answer, note), 400)


def both_ways(answer: Dependence, count: int = 14) -> Any:
    """Dumbbells of look-through reliance by sector, each on the other."""
    here, there = answer.region, answer.on or ""
    frame = answer.tables["by_sector"].frame[:count].iloc[::-1]
    if not (frame[["look_through", "reverse_look_through"]] > 0).to_numpy().any():
        return None
    labels = [answer.world.sector_name(code) for code in frame.sector]
    figure = go.Figure()
    for at, label in enumerate(labels):
        figure.add_trace(
            go.Scatter(
                x=[frame.look_through.iloc[at], frame.reverse_look_through.iloc[at]],
                y=[label, label],
                mode="lines",
                line={"color": "#cccccc", "width": 3},
                showlegend=False,
                hoverinfo="skip",
            )
        )
    name = answer.world.region_name
    for label, column, colour in (
        (f"{name(here)} on {name(there)}", "look_through", LOSS),
        (f"{name(there)} on {name(here)}", "reverse_look_through", NEW),
    ):
        figure.add_trace(
            go.Scatter(
                x=frame[column],
                y=labels,
                mode="markers",
                name=label,
                marker={"color": colour, "size": 11},
                hovertemplate="%{y}: %{x:.2f} %<extra>" + label + "</extra>",
            )
        )
    figure.update_xaxes(title="percent of total inputs, all tiers", rangemode="tozero")
    figure = layout(
        figure, "Who depends on whom, by sector", source(answer), 190 + 27 * len(labels)
    )
    figure.update_layout(margin={"t": 80})
    return figure
