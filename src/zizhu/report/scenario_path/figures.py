"""Figures of a verdict, each defined once: shares at home, income, money, doubts."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from zizhu.laboratory.scenario_path.attribution import Attribution, Part
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.figures import BASE, GAIN, LOSS, layout
from zizhu.report.scenario_path import tables
from zizhu.report.words import signed

# Colour-blind safe (Okabe and Ito); grey is for what is summed up.
COLOURS = (GAIN, LOSS, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8a8a00", "#000000")
_REST = "#bbbbbb"
_LIGHT = "#56B4E9"
# Choices that are drawn: at most so many, that move the headline by this part of the largest move.
_DOUBTS, _TOLD = 12, 0.02


def source(outcome: ScenarioPath, more: str = "") -> str:
    """The line under a figure."""
    return f"zizhu, world {outcome.case.world.name}; scenario {outcome.scenario.name}{more}"


def beside(figure: Any) -> Any:
    """The legend in a column on the right, where long names have room; returns the figure."""
    return figure.update_layout(
        showlegend=True,
        legend={"orientation": "v", "x": 1.01, "xanchor": "left", "y": 1, "yanchor": "top"},
    )


def focus_name(outcome: ScenarioPath) -> str:
    """The region of the headline, for people."""
    return outcome.case.world.region_name(outcome.focus)


def _years(figure: Any, outcome: ScenarioPath) -> None:
    years = outcome.case.years
    figure.update_xaxes(range=[years[0] - 0.5, years[-1] + 0.5], dtick=max(1, len(years) // 7))


def scoreboard(outcome: ScenarioPath) -> Any:
    """Dumbbells of the domestic share of each battleground, first to last year."""
    table = tables.scoreboard(outcome)
    table = table[table["baseline"].notna()].iloc[::-1]
    first, last = str(outcome.case.years[0]), str(outcome.case.years[-1])
    labels = [
        row.title + (" (sector)" if row.of == "sector" else "") + ("" if row.market else " *")
        for _, row in table.iterrows()
    ]
    figure = go.Figure()
    for label, here, there in zip(labels, table[first], table[last], strict=True):
        figure.add_trace(
            go.Scatter(
                x=[here, there],
                y=[label, label],
                mode="lines",
                line={"color": _REST, "width": 3},
                showlegend=False,
                hoverinfo="skip",
            )
        )
    marks = [
        (
            f"end of the chain {last}, scenario",
            table["final"],
            {"color": _LIGHT, "size": 9, "symbol": "diamond-open", "line": {"width": 1.5}},
        ),
        (first, table[first], {"color": BASE, "size": 11}),
        (
            f"{last}, baseline",
            table["baseline"],
            {"color": LOSS, "size": 17, "symbol": "line-ns-open", "line": {"width": 3}},
        ),
        (f"{last}, scenario", table[last], {"color": GAIN, "size": 12}),
    ]
    # Drawn light first, dark last; read in the other order.
    for rank, (name, values, marker) in zip((4, 1, 2, 3), marks, strict=True):
        figure.add_trace(
            go.Scatter(
                x=values,
                y=labels,
                mode="markers",
                name=name,
                legendrank=rank,
                marker=marker,
                hovertemplate="%{y}: %{x:.1f} %<extra>" + name + "</extra>",
            )
        )
    figure.update_xaxes(
        title="percent of the value of what users buy that is added at home, all tiers",
        range=[-2, 102],
    )
    note = "" if table["market"].all() else "; * no market: for direction only"
    title = f"What {focus_name(outcome)} supplies itself"
    figure = layout(figure, title, source(outcome, note), 210 + 30 * len(table))
    return figure.update_layout(margin={"t": 90})


def _without(found: Attribution, part: Part) -> Float[np.ndarray, "t n"]:
    """Real income of what is left without a part, percent against the baseline."""
    return np.asarray(100 * np.expm1(part.without.log_real_income - found.baseline.log_real_income))


def income(outcome: ScenarioPath) -> Any:
    """Lines of real income against the baseline: everything, levers alone, pressures alone."""
    years = list(outcome.case.years)
    place = outcome.case.world.regions.index(outcome.focus)
    effect = outcome.outcome.dataset["real_income_effect"].sel(region=outcome.focus)
    lines = [("scenario", effect.values, GAIN, 4.0, "solid")]
    found = outcome.attribution
    if found is not None and found.levers.labels and found.pressures.labels:
        lines += [
            ("levers alone", _without(found, found.pressures)[:, place], "#009E73", 2.5, "dash"),
            ("pressures alone", _without(found, found.levers)[:, place], LOSS, 2.5, "dot"),
        ]
    figure = go.Figure()
    for name, values, colour, width, dash in lines:
        figure.add_trace(
            go.Scatter(
                x=years,
                y=values,
                mode="lines",
                name=name,
                line={"color": colour, "width": width, "dash": dash},
                hovertemplate="%{x}: %{y:.3f} %<extra>" + name + "</extra>",
            )
        )
    figure.add_hline(y=0, line_color="#444444", line_width=1)
    figure.update_yaxes(title="percent of the baseline's, same year")
    title = f"Real income of {focus_name(outcome)} against the baseline"
    figure = layout(figure, title, source(outcome), 400)
    _years(figure, outcome)
    return beside(figure)


def spending(outcome: ScenarioPath) -> Any:
    """Bars of planned spending by year, stacked by measure."""
    years = list(outcome.case.years)
    table = tables.spending(outcome)
    table = table[~table["in_baseline"].astype(bool)]
    by_measure = table.groupby("measure", sort=False)[[str(year) for year in years]].sum()
    by_measure = by_measure[(by_measure != 0).any(axis=1)]
    order = by_measure.sum(axis=1).sort_values(ascending=False, kind="stable").index
    shown, rest = order[: len(COLOURS) - 1], order[len(COLOURS) - 1 :]
    stacks = [(str(name), by_measure.loc[name], COLOURS[at]) for at, name in enumerate(shown)]
    if len(rest):
        stacks.append((f"{len(rest)} more", by_measure.loc[rest].sum(), _REST))
    figure = go.Figure()
    for name, values, colour in stacks:
        figure.add_trace(
            go.Bar(
                x=years,
                y=values,
                name=name,
                marker_color=colour,
                hovertemplate="%{x}: %{y:.1f} bn<extra>" + name + "</extra>",
            )
        )
    figure.update_layout(barmode="relative")
    currency = outcome.case.world.currency
    figure.update_yaxes(title=f"bn {currency} a year, prices of {years[0]}")
    title = "Where the money goes: planned spending by measure"
    figure = layout(figure, title, source(outcome, "; cost of public funds not included"), 420)
    _years(figure, outcome)
    return beside(figure.update_layout(bargap=0.15))


def bought(outcome: ScenarioPath) -> Any:
    """Bars of what is missing without each measure: real income, and the field it moves most."""
    table = tables.money(outcome).dropna(subset=["income"])
    table = table.sort_values("income", kind="stable", ascending=False).iloc[::-1]
    last = outcome.case.years[-1]
    text = [
        signed(row.income, 3)
        + (
            f"   {tables.title_of(outcome, row.moved)} {signed(row.points, 1)} points"
            if row.moved and abs(row.points) >= 0.05
            else ""
        )
        for _, row in table.iterrows()
    ]
    figure = go.Figure(
        go.Bar(
            x=table["income"],
            y=[f"{label}{' (pressure)' if table.pressure[label] else ''}" for label in table.index],
            orientation="h",
            marker_color=[LOSS if value < 0 else GAIN for value in table["income"]],
            hovertemplate="%{y}: %{x:.4f} %<extra></extra>",
        )
    )
    low, high = min(0.0, *table["income"]), max(0.0, *table["income"])
    room = (high - low or 1.0) * 0.02
    # Beside each bar, on the side where nothing is drawn.
    for at, (value, words) in enumerate(zip(table["income"], text, strict=True)):
        figure.add_annotation(
            x=max(float(value), 0.0) + room,
            y=at,
            text=words,
            showarrow=False,
            xanchor="left",
            font={"size": 12},
        )
    figure.update_xaxes(
        title=f"percent of real income in {last}, scenario with over without the measure",
        range=[low - 2 * room, high + 0.75 * (high - low or 1.0)],
    )
    figure.update_layout(showlegend=False)
    title = f"What each measure does to {focus_name(outcome)}"
    note = "; beside the bars: the field it moves most, share of value along the chain"
    return layout(figure, title, source(outcome, note), 190 + 30 * len(table))


def doubts(outcome: ScenarioPath) -> Any:
    """Tornado: the headline under each other choice, one row a switch or parameter."""
    table = tables.doubts(outcome)
    headline = float(
        outcome.outcome.dataset["real_income_effect"].sel(region=outcome.focus).isel(year=-1)
    )
    least = _TOLD * float(table["moved"].abs().max())
    told = table[table["moved"].abs() >= least]
    names = list(dict.fromkeys(told["choice"]))[:_DOUBTS][::-1]
    titles = {str(row.choice): str(row.title) for _, row in table.iterrows()}
    figure = go.Figure()
    for at, name in enumerate(names):
        rows = told[told["choice"] == name].sort_values("moved", key=abs, kind="stable")
        ends = [headline, *rows["income"]]
        figure.add_trace(
            go.Scatter(
                x=[min(ends), max(ends)],
                y=[at, at],
                mode="lines",
                line={"color": _REST, "width": 8},
                hoverinfo="skip",
            )
        )
        # Two ends on one side of the headline: the outer one has the words.
        outer = {bool(row.moved > 0): place for place, (_, row) in enumerate(rows.iterrows())}
        figure.add_trace(
            go.Scatter(
                x=rows["income"],
                y=[at] * len(rows),
                mode="markers+text",
                marker={
                    "color": [LOSS if value < 0 else GAIN for value in rows["income"]],
                    "size": 11,
                },
                text=[
                    f"{row.setting}: {signed(row.income, 2)}" if place in outer.values() else ""
                    for place, (_, row) in enumerate(rows.iterrows())
                ],
                textposition=[
                    "middle right" if value > 0 else "middle left" for value in rows["moved"]
                ],
                textfont={"size": 11},
                cliponaxis=False,
                customdata=rows["setting"],
                hovertemplate=f"{titles[name]}, %{{customdata}}: %{{x:.4f}} %<extra></extra>",
            )
        )
    figure.add_vline(x=headline, line_color="#444444", line_width=1.5)
    spread = [headline, 0.0, *table["income"]]
    span = max(spread) - min(spread) or 1.0
    last = outcome.case.years[-1]
    figure.update_xaxes(
        title=f"real income in {last} against the baseline of the same choice, percent",
        range=[min(spread) - 0.3 * span, max(spread) + 0.3 * span],
    )
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=["<br>".join(wrap(titles[name], 44)) for name in names],
        range=[-0.6, len(names) - 0.4],
        showgrid=False,
    )
    figure.update_layout(showlegend=False)
    title = f"What would change the conclusion: {signed(headline, 2)} percent as run"
    note = "; one choice at a time; numbers: 10th and 90th percentile of a parameter"
    return layout(figure, title, source(outcome, note), 190 + 36 * len(names))
