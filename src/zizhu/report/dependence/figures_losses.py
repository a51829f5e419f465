"""Bars of real income lost when imports are cut; nothing where nothing is lost or solved."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from zizhu.laboratory import Dependence
from zizhu.report.dependence import words
from zizhu.report.dependence.figures import drawn, source
from zizhu.report.figures import BASE, LOSS, layout


def losses(answer: Dependence, count: int = 12) -> Any:
    """Bars of real income lost by the region and by each supplier when it is cut off."""
    frame = answer.tables["suppliers"].frame
    frame = frame.dropna(subset=["real_income_loss"])
    if not (frame.real_income_loss != 0).any():
        return None
    frame = frame.sort_values("real_income_loss", ascending=False)[:count].iloc[::-1]
    names = [answer.world.region_name(code) for code in frame.supplier]
    here = answer.world.region_name(answer.region)
    return _two_bars(
        answer,
        names,
        (f"loss of {here}", frame.real_income_loss),
        ("loss of the supplier itself", frame.supplier_real_income_loss),
        title=f"If imports of {words.cut_words(answer)} from one supplier fell by "
        f"{100 * answer.cut:.0f} percent",
        axis="real income lost, percent, when buyers and prices adjust",
    )


def _two_bars(
    answer: Dependence,
    names: list[str],
    first: tuple[str, pd.Series[float]],
    second: tuple[str, pd.Series[float]],
    *,
    title: str,
    axis: str,
) -> Any:
    figure = go.Figure()
    for (label, values), colour in ((second, BASE), (first, LOSS)):
        figure.add_trace(
            go.Bar(
                x=values,
                y=names,
                name=label,
                orientation="h",
                marker_color=colour,
                text=[drawn(v, 2) for v in values],
                textposition="outside",
                cliponaxis=False,
                hovertemplate="%{y}: %{x:.3f} %<extra>" + label + "</extra>",
            )
        )
    figure.update_xaxes(title=axis)
    figure = layout(figure, title, source(answer), 190 + 38 * len(names))
    figure.update_layout(legend={"traceorder": "reversed"}, margin={"t": 80}, bargap=0.25)
    return figure


def pair_losses(answer: Dependence) -> Any:
    """Bars of real income that both lose under either cut."""
    frame = answer.tables["losses"].frame.iloc[::-1]
    name = answer.world.region_name
    labels = [
        f"{name(user)} cut off from {name(supplier)}"
        for user, supplier in zip(frame.user, frame.supplier, strict=True)
    ]
    return _two_bars(
        answer,
        labels,
        ("loss of the buyer", frame.real_income_loss),
        ("loss of the seller", frame.supplier_real_income_loss),
        title=f"If imports of {words.cut_words(answer)} fell by {100 * answer.cut:.0f} percent",
        axis="real income lost, percent, when buyers and prices adjust",
    )
