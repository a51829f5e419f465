"""Figures of a path, each defined once: functions from an outcome to a Plotly figure."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.path.outcome import PathOutcome
from zizhu.report.figures import BASE, GAIN, LOSS, layout
from zizhu.report.path import picks, tables, words
from zizhu.report.words import signed

# Colour-blind safe (Okabe and Ito), the focus first.
_COLOURS = (GAIN, LOSS, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8a8a00", "#000000")
_LINES = 6
_DASHES = {SCENARIO: "solid", BASELINE: "dot"}
_BASELINE_NOTE = "; dotted: the baseline"


def _source(outcome: PathOutcome, more: str = "") -> str:
    return f"zizhu, world {outcome.path.case.world.name}{more}"


def _beside(figure: Any) -> Any:
    """The legend in a column on the right, where long names have room."""
    figure.update_layout(
        legend={"orientation": "v", "x": 1.01, "xanchor": "left", "y": 1, "yanchor": "top"}
    )
    return figure


def _years(figure: Any, outcome: PathOutcome) -> None:
    years = picks.years_of(outcome)
    figure.update_xaxes(range=[years[0] - 0.2, years[-1] + 0.2], dtick=max(1, len(years) // 7))


def real_income(outcome: PathOutcome, focus: str) -> Any:
    """Lines of real income against the baseline, of the regions that move most."""
    years = list(picks.years_of(outcome))
    table = picks.effects(outcome, picks.moved_regions(outcome, focus), years)
    figure = go.Figure()
    for colour, (code, row) in zip(_COLOURS, table.iterrows(), strict=False):
        figure.add_trace(
            go.Scatter(
                x=years,
                y=row,
                mode="lines",
                name=words.region_name(outcome, str(code)),
                line={"color": colour, "width": 4 if code == focus else 2},
                hovertemplate="%{x}: %{y:.3f} %<extra>%{fullData.name}</extra>",
            )
        )
    figure.add_hline(y=0, line_color="#444444", line_width=1)
    figure.update_yaxes(title="percent")
    figure = layout(figure, "Real income against the baseline", _source(outcome), 430)
    _years(figure, outcome)
    return _beside(figure)


def decomposition(outcome: PathOutcome, focus: str) -> Any:
    """Bars of what each channel does to the focus, by explained year."""
    table = tables.channels(outcome, focus).iloc[::-1]
    total = picks.decomposed(outcome, focus).sum()
    labels = ["<b>together</b>", *(str(channel) for channel in table.index)]
    figure = go.Figure()
    for place, year in enumerate(table.columns):
        values = [float(total[year]), *table[year]]
        one = table.shape[1] == 1
        colours = [LOSS if value < 0 else GAIN for value in values]
        figure.add_trace(
            go.Bar(
                x=values,
                y=labels,
                orientation="h",
                name=str(year),
                marker_color=colours if one else _COLOURS[place % len(_COLOURS)],
                text=[signed(value, 3) for value in values],
                textposition="outside",
                cliponaxis=False,
                hovertemplate="%{y}: %{x:.3f}<extra>" + str(year) + "</extra>",
            )
        )
    figure.update_xaxes(title="log points x 100, about percent")
    figure.update_layout(showlegend=table.shape[1] > 1)
    name = words.region_name(outcome, focus)
    years = " and ".join(str(year) for year in table.columns)
    height = 180 + (26 + 8 * table.shape[1]) * len(labels)
    return layout(figure, f"Why real income of {name} differs in {years}", _source(outcome), height)


def _node_lines(
    outcome: PathOutcome, figure: Any, focus: str, name: str, unit: str, **place: Any
) -> None:
    """One line a node, the baseline dotted beside it in the same colour."""
    years = list(picks.years_of(outcome))
    chosen = picks.moved_nodes(outcome, focus, _LINES)
    runs = (SCENARIO, BASELINE) if picks.moves(outcome) else (BASELINE,)
    for run in runs:
        table = picks.by_node(outcome, focus, name, run)
        for colour, node in zip(_COLOURS, chosen, strict=False):
            label = picks.node_name(outcome, node)
            figure.add_trace(
                go.Scatter(
                    x=years,
                    y=table.loc[node],
                    mode="lines",
                    name=label,
                    legendgroup=node,
                    showlegend=run == runs[0] and place.get("col", 1) == 1,
                    line={
                        "color": colour,
                        "width": 2.5,
                        "dash": _DASHES[run] if len(runs) > 1 else "solid",
                    },
                    hovertemplate=f"%{{x}}: %{{y:.2f}} {unit}<extra>{label}, "
                    f"{words.scenario_words(run)}</extra>",
                ),
                **place,
            )


def home_shares(outcome: PathOutcome, focus: str) -> Any:
    """Lines of home shares of the nodes that move most."""
    figure = go.Figure()
    _node_lines(outcome, figure, focus, "node_home_share", "%")
    figure.update_yaxes(title="percent of home use supplied from home", rangemode="tozero")
    name = words.region_name(outcome, focus)
    note = _BASELINE_NOTE if picks.moves(outcome) else ""
    figure = layout(figure, f"What becomes domestic in {name}", _source(outcome, note), 470)
    _years(figure, outcome)
    return _beside(figure)


def prices_and_lacks(outcome: PathOutcome, focus: str) -> Any:
    """Prices of the same nodes, and what of them cannot be had."""
    titles = ("price, 1 is nothing barred", "cannot be had, percent")
    figure = make_subplots(rows=1, cols=2, subplot_titles=titles, horizontal_spacing=0.09)
    _node_lines(outcome, figure, focus, "node_price", "", row=1, col=1)
    _node_lines(outcome, figure, focus, "node_lack", "%", row=1, col=2)
    name = words.region_name(outcome, focus)
    note = _BASELINE_NOTE if picks.moves(outcome) else ""
    figure = layout(figure, f"What it costs and what lacks in {name}", _source(outcome, note), 430)
    _years(figure, outcome)
    figure.update_layout(margin={"t": 90})
    return _beside(figure)


def firms(outcome: PathOutcome) -> Any:
    """Lines of the revenue of listed firms."""
    table = picks.listed_firms(outcome)
    figure = go.Figure()
    for colour, (name, row) in zip(_COLOURS, table.iterrows(), strict=False):
        figure.add_trace(
            go.Scatter(
                x=list(table.columns),
                y=row,
                mode="lines+markers",
                name=str(name),
                line={"color": colour, "width": 3},
                hovertemplate="%{x}: %{y:.1f} %<extra>" + str(name) + "</extra>",
            )
        )
    figure.add_hline(y=100, line_color="#444444", line_width=1)
    figure.update_yaxes(title="percent of revenue unlisted")
    figure.update_layout(showlegend=True)
    figure = layout(figure, "Revenue of listed firms", _source(outcome), 360)
    _years(figure, outcome)
    return _beside(figure)


def growth(outcome: PathOutcome, focus: str) -> Any:
    """Dumbbells of growth of the baseline and the outlook by region."""
    table = tables.growth(outcome, focus)
    ours = table.columns[-2]
    table = table.sort_values(ours)
    names = [words.region_name(outcome, str(code)) for code in table.index]
    figure = go.Figure()
    for name, here, there in zip(names, table[ours], table.outlook, strict=True):
        if pd.notna(there):
            figure.add_trace(
                go.Scatter(
                    x=[here, there],
                    y=[name, name],
                    mode="lines",
                    line={"color": "#bbbbbb", "width": 3},
                    showlegend=False,
                    hoverinfo="skip",
                )
            )
    for label, column, colour in (
        (f"baseline, {ours}", ours, GAIN),
        ("outlook, around 2030", "outlook", BASE),
    ):
        figure.add_trace(
            go.Scatter(
                x=table[column],
                y=names,
                mode="markers",
                name=label,
                marker={"color": colour, "size": 10},
                hovertemplate="%{y}: %{x:.1f} % a year<extra>" + label + "</extra>",
            )
        )
    figure.update_xaxes(title="percent a year")
    note = "; outlook: real GDP, IMF, recalled, low confidence"
    height = 180 + 20 * len(table)
    return layout(figure, "Growth of real income", _source(outcome, note), height)
