"""Figures of chains, each defined once: functions from an answer to a Plotly figure."""

from __future__ import annotations

from itertools import pairwise
from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from zizhu.laboratory.bottleneck import ChainLook
from zizhu.report.chains import words
from zizhu.report.chains.drawing import Drawing, Point, drawing_of
from zizhu.report.figures import NEW, layout

# Yellow to dark blue, readable without colour vision.
_HOME = [
    [0.0, "#ffffcc"],
    [0.2, "#c7e9b4"],
    [0.4, "#7fcdbb"],
    [0.6, "#41b6c4"],
    [0.8, "#2c7fb8"],
    [1.0, "#253494"],
]
_DARK_FROM = 62.0
_GREY, _LINE, _OUTLINE = "#ececec", "#8a8a8a", "#111111"
_WIDE, _TALL = 0.8, 0.84
# Pixels of one letter of a label, and around the drawing.
_LETTER, _AROUND = 6.0, 20
_ROW, _COLUMN = 55, 157
_TOP = 15


def graph(look: ChainLook, wide: int | None = None) -> Any:
    """The chain from inputs to the final product: who supplies itself, what is controlled.

    `wide` is the width in pixels; as wide as the chain needs if not given.
    """
    drawn = drawing_of(look.chain)
    figure = go.Figure()
    _edges(figure, look, drawn)
    wide = wide or max(760, 90 + _COLUMN * drawn.columns)
    letters = int(_WIDE * (wide - _AROUND) / drawn.columns / _LETTER)
    labels = {
        name: wrap(words.short(node.name), letters) for name, node in look.chain.nodes.items()
    }
    row = max(_ROW, 10 + 15 * max(map(len, labels.values())))
    _boxes(figure, look, drawn, labels)
    _keys(figure, look)
    figure.update_layout(barmode="overlay")
    title = f"{look.chain.title}: inputs left, final product right"
    source = (
        f"zizhu, chain {look.chain.chain} as of {look.chain.as_of}, world {look.world}; lines are "
        "as wide as the cost share"
    )
    figure = layout(figure, title, source, max(330, round(170 + row * drawn.height)))
    figure.update_layout(
        width=wide,
        margin={"l": 10, "r": 10, "t": 100, "b": 46},
        legend={
            "y": 1.0,
            "x": 0,
            "xanchor": "left",
            "font": {"size": 11},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        showlegend=True,
    )
    figure.layout.annotations[-1].yshift = -38
    figure.update_xaxes(visible=False, range=[-0.45, drawn.columns - 0.55], fixedrange=True)
    figure.update_yaxes(visible=False, range=[drawn.height - 0.45, -0.55], fixedrange=True)
    return figure


def _boxes(figure: Any, look: ChainLook, drawn: Drawing, labels: dict[str, list[str]]) -> None:
    nodes, home = look.chain.nodes, dict(zip(look.nodes, 100 * look.home, strict=True))
    for assembled in (True, False):
        chosen = [name for name in look.nodes if nodes[name].assembled is assembled]
        if not chosen:
            continue
        shares = [home[name] for name in chosen]
        marked = [bool(look.controls[name]) for name in chosen]
        colour: dict[str, Any] = {"color": _GREY}
        if not assembled:
            colour = {
                "color": shares,
                "colorscale": _HOME,
                "cmin": 0,
                "cmax": 100,
                "colorbar": {
                    "title": {"text": f"home share of {look.buyer}, %", "side": "top"},
                    "orientation": "h",
                    "thickness": 10,
                    "len": 0.3,
                    "x": 1,
                    "xanchor": "right",
                    "y": 1.0,
                    "yanchor": "bottom",
                    "tickvals": [0, 25, 50, 75, 100],
                    "tickfont": {"size": 10},
                    "title_font": {"size": 11},
                },
            }
        figure.add_trace(
            go.Bar(
                orientation="h",
                base=[drawn.place[name][0] - _WIDE / 2 for name in chosen],
                x=[_WIDE] * len(chosen),
                y=[drawn.place[name][1] for name in chosen],
                width=_TALL,
                marker={
                    **colour,
                    "line": {
                        "color": [_OUTLINE if one else "#9a9a9a" for one in marked],
                        "width": [3 if one else 0.8 for one in marked],
                    },
                    "pattern": {
                        "shape": ["/" if words.recalled(nodes[name]) else "" for name in chosen],
                        "fillmode": "overlay",
                        "fgcolor": "#555555",
                        "fgopacity": 0.33,
                        "size": 7,
                        "solidity": 0.18,
                    },
                },
                text=["<br>".join(labels[name]) for name in chosen],
                textposition="inside",
                insidetextanchor="middle",
                constraintext="none",
                textangle=0,
                textfont={
                    "size": 11,
                    "color": [
                        "#ffffff" if not assembled and share > _DARK_FROM else "#111111"
                        for share in shares
                    ],
                },
                hovertext=[_hover(look, name, home[name]) for name in chosen],
                hovertemplate="%{hovertext}<extra></extra>",
                showlegend=False,
            )
        )


def _hover(look: ChainLook, name: str, home: float) -> str:
    node = look.chain.nodes[name]
    lines = [f"<b>{node.name}</b> ({name})"]
    if node.assembled:
        lines.append("put together by its buyer")
    else:
        row = look.ranking.nodes.index(name)
        most = words.leader(look.ranking.leader[row], look.ranking.leader_part[row])
        lines.append(f"home {words.number(home)} %, leader outside {most} %")
        lines.append(f"place {row + 1}, score {look.ranking.score[row]:z.2f}")
    if node.suppliers:
        lines.append(node.suppliers[0].definition)
    named = list(look.controls[name].items())
    lines += [f"control {one}: {words.whom(control)}" for one, control in named[:8]]
    return "<br>".join(lines + ([f"and {len(named) - 8} more controls"] if named[8:] else []))


def _edges(figure: Any, look: ChainLook, drawn: Drawing) -> None:
    middles: list[Point] = []
    texts = []
    for edge in look.chain.edges:
        points = drawn.lines[edge.input, edge.parent]
        curve = _curve(points)
        figure.add_trace(
            go.Scatter(
                x=[x for x, _ in curve],
                y=[y for _, y in curve],
                mode="lines",
                line={"color": _LINE, "width": 0.8 + 9 * edge.cost_share},
                opacity=0.6,
                hoverinfo="skip",
                showlegend=False,
            )
        )
        middles.append(curve[len(curve) // 2])
        names = (look.chain.nodes[edge.input].name, look.chain.nodes[edge.parent].name)
        texts.append(f"{names[0]}: {words.percent(edge.cost_share)} % of the cost of {names[1]}")
    figure.add_trace(
        go.Scatter(
            x=[x for x, _ in middles],
            y=[y for _, y in middles],
            mode="markers",
            marker={"size": 12, "opacity": 0},
            hovertext=texts,
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        )
    )


def _curve(points: tuple[Point, ...]) -> list[Point]:
    """From the right side of one box to the left side of another, level where columns are."""
    half = _WIDE / 2
    found: list[Point] = []
    for (x, y), (u, v) in pairwise(points):
        start, end = x + half, u - half
        for part in np.linspace(0.0, 1.0, 13):
            smooth = part * part * (3 - 2 * part)
            found.append((start + (end - start) * float(part), y + (v - y) * float(smooth)))
    return found


def _keys(figure: Any, look: ChainLook) -> None:
    """Entries of the legend: outline, hatching, grey."""
    plain = {"color": "#ffffff", "line": {"color": "#9a9a9a", "width": 1}}
    when = f"control in force, {look.date}" if look.date else "control at any time"
    hatched = {"shape": "/", "fgcolor": "#555555", "size": 5, "fillmode": "overlay"}
    for name, marker in (
        (when, {**plain, "line": {"color": _OUTLINE, "width": 3}}),
        ("all first shares recalled", {**plain, "pattern": hatched}),
        ("put together by buyer", {**plain, "color": _GREY}),
    ):
        figure.add_trace(go.Bar(x=[None], y=[None], name=name, marker=marker, orientation="h"))


def scores(look: ChainLook, count: int = _TOP) -> Any:
    """Bars of the first nodes' scores; beside them, their places over draws and weightings."""
    ranking, doubt = look.ranking, look.doubt
    rows = range(min(count, len(ranking.nodes)))
    labels = [words.short(look.chain.nodes[ranking.nodes[row]].name) for row in rows]
    figure = make_subplots(
        rows=1,
        cols=2 if doubt else 1,
        shared_yaxes=True,
        horizontal_spacing=0.04,
        column_widths=[0.55, 0.45] if doubt else None,
    )
    figure.add_trace(
        go.Bar(
            x=[ranking.score[row] for row in rows],
            y=labels,
            orientation="h",
            marker_color=NEW,
            text=[f"{ranking.score[row]:z.2f}" for row in rows],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.2f}<extra></extra>",
            showlegend=False,
        ),
        row=1,
        col=1,
    )
    if doubt:
        for name, low, high, line in (
            ("any weighting", doubt.best, doubt.worst, {"color": "#bbbbbb", "width": 3}),
            ("10-90 % of draws", doubt.low, doubt.high, {"color": NEW, "width": 8}),
        ):
            for row in rows:
                figure.add_trace(
                    go.Scatter(
                        x=[low[row], high[row]],
                        y=[labels[row]] * 2,
                        mode="lines+markers",
                        line=line,
                        marker={"size": line["width"], "symbol": "square"},
                        name=name,
                        legendgroup=name,
                        showlegend=row == 0,
                        hovertemplate=f"%{{y}}: place %{{x:.0f}}<extra>{name}</extra>",
                    ),
                    row=1,
                    col=2,
                )
        last = max(float(doubt.worst[row]) for row in rows)
        figure.update_xaxes(
            title="place, 1 is most critical", range=[0.3, last + 0.7], row=1, col=2
        )
    title = f"Most critical nodes for {look.buyer}"
    source = f"zizhu, chain {look.chain.chain}, world {look.world}"
    figure = layout(figure, title, source, 180 + 26 * len(labels))
    figure.update_yaxes(autorange="reversed", ticksuffix=" ")
    figure.update_xaxes(title="score, 0 to 1", range=[0, 1], row=1, col=1)
    return figure
