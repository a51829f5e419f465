"""Scores of forecasts in the terminal and as JSON, beside persistence and naive methods.

Nothing is computed here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zizhu.laboratory.backtest.nodes import MODEL, STILL
from zizhu.laboratory.backtest.published import (
    OF,
    WORDS,
    Bar,
    Published,
    Row,
    best_other,
    by_method,
)

_ORIGINS = {"icio": 2015, "wiod": 2005, "groups": 2012}
_TITLES = {
    "nodes": "nodes: shares of technologies, each from what was known at the origin",
    "left-out": "left-out: technologies of which only the first date was known",
    "sectors": "sectors: shares of countries in goods, 45 (OECD) and 40 (WIOD) countries",
    "groups": "groups: domestic share of use, 21 groups of Chinese sectors",
}
CAVEATS = {
    "nodes": (
        "Fits never saw what is scored. The form of the process (drift by group of makers, "
        "catching up, growth of economies, difficulty) was chosen while these scores were seen: "
        "they are no blind test of it."
    ),
    "left-out": (
        "The posterior is of all other technologies, up to today. The form of the process was "
        "chosen while scores from 2015, 2019 and 2022 were seen."
    ),
    "sectors": (
        "Three versions were made, and only the first was scored blind: it missed the bar for "
        "output from 2015 (CRPS 0.371 points at seven years, persistence 0.256). The one shown "
        "is the third, shrunk to persistence."
    ),
    "groups": "As sectors: only the first of three versions was scored blind.",
}
_LEGEND = (
    "Percent points. CRPS: mean, lower is better, for a sure forecast the absolute error; error: "
    "median absolute error of the median; still: persistence; naive: the best other naive method "
    "by CRPS; 50/80: percent of truths within the 50 and 80 percent bands; sign: percent of moves "
    "of 2 points or more with the right sign; bias: mean of forecast less truth, points a year; "
    "won: percent of {won} where CRPS is below that of persistence."
)
_FEW = "* fewer than 30 cases or 10 technologies: a matter of luck."
_UNSURE = "~ differs from persistence by less than two standard errors."
_HEADS = (
    "cases",
    "CRPS\nmodel",
    "\nstill",
    "\nnaive",
    "error\nmodel",
    "\nstill",
    "\nnaive",
    "cover\n50/80",
    "sign\n%",
    "bias\npt/yr",
    "won\n%",
)


def summary_page(found: Sequence[Published]) -> RenderableType:
    """All tables in short: the main cells of each, and every bar."""
    parts: list[RenderableType] = []
    for one in found:
        parts.append(Text(_TITLES[one.name], style="bold cyan"))
        parts.append(_scores(_main(one), of=True))
        parts += [Text(CAVEATS[one.name], style="yellow"), Text()]
    parts += [_legend(found), Text(), Text("Bars", style="bold"), _bars(found)]
    parts.append(Text("`zizhu backtest nodes` shows one table in full", style="dim"))
    return Group(*parts)


def table_page(one: Published) -> RenderableType:
    """One table in full: by cell and horizon, with every method beside persistence."""
    parts: list[RenderableType] = [Text(_TITLES[one.name], style="bold cyan")]
    parts += [Text(CAVEATS[one.name], style="yellow"), Text()]
    for name, rows in _groups(one):
        parts += [Text(name, style="bold"), _scores(rows, of=False)]
        by_horizon = rows[rows["cell"].isin(["nodes"])] if "cell" in rows else rows
        if by_horizon["horizon"].nunique() > 1:
            parts += [Text("CRPS over that of persistence, by years ahead", style="dim")]
            parts.append(_ratios(by_horizon))
        parts.append(Text())
    return Group(*parts, _legend([one]), Text(), Text("Bars", style="bold"), _bars([one]))


def _legend(found: Sequence[Published]) -> RenderableType:
    names = {"sectors": "countries", "groups": "groups"}
    won = " or ".join(dict.fromkeys(names.get(one.name, "technologies") for one in found))
    few = any("few" in one.scores and one.scores["few"].any() for one in found)
    return Text(_LEGEND.format(won=won) + (f" {_FEW}" if few else ""), style="dim")


def _main(one: Published) -> pd.DataFrame:
    """Of technologies all horizons together, of sectors the last."""
    if "cell" in one.scores:
        return one.scores[one.scores["horizon"].astype(str) == "all"]
    last = one.scores.groupby(["panel", "kind"])["horizon"].transform("max")
    return one.scores[one.scores["horizon"] == last]


def _groups(one: Published) -> Iterable[tuple[str, pd.DataFrame]]:
    """Parts of a table with their names."""
    of = OF[one.name]
    if of == "origin":
        for origin, rows in one.scores.groupby("origin", sort=True):
            yield f"known to {origin}", rows
    elif of == "panel":
        for (panel, kind), rows in one.scores.groupby(["panel", "kind"], sort=False):
            yield f"{WORDS[str(panel)]}, known to {_ORIGINS[str(panel)]}: {kind} shares", rows
    else:
        yield "known by their first date", one.scores


def _scores(rows: pd.DataFrame, *, of: bool) -> RenderableType:
    """A row for every cell and horizon."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    for head in _HEADS:
        table.add_column(head, justify="right", no_wrap=True)
    keys = [c for c in ("origin", "panel", "cell", "kind", "horizon") if c in rows]
    for _, cell in rows.groupby(keys, sort=False):
        by = by_method(cell)
        model, still, naive = by[MODEL], by[STILL], by[best_other(by)]
        table.add_row(
            _label(model, of=of),
            str(int(model["cases"])),
            *(
                Text(_digits(x[c]), style=_better(model, still, c) if x is model else "")
                for c in ("crps", "absolute_error")
                for x in (model, still, naive)
            ),
            f"{100 * model['cover50']:.0f}/{100 * model['cover80']:.0f}",
            _percent(model["right_sign"]),
            f"{model['pace_bias']:+.2f}",
            _percent(model["won"]),
        )
    return table


def _better(model: Row, still: Row, column: str) -> str:
    return "green" if model[column] < still[column] else "red"


def _label(row: Row, *, of: bool) -> str:
    parts = []
    if of and "origin" in row:
        parts.append(str(row["origin"]))
    if of and "panel" in row:
        parts += [WORDS[row["panel"]], str(row["kind"])]
    if "cell" in row:
        parts.append(str(row["cell"]).replace("nodes others", "nodes other"))
    if str(row["horizon"]) != "all":
        parts.append(_years(str(row["horizon"])))
    return " ".join(parts) + ("*" if row.get("few", 0) else "")


def _years(horizon: str) -> str:
    return f"{horizon} y"


def _digits(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}"


def _percent(value: float) -> str:
    return "-" if math.isnan(value) else f"{100 * value:.0f}"


def _ratios(rows: pd.DataFrame) -> RenderableType:
    """CRPS of every method over that of persistence by horizon."""
    horizons = list(dict.fromkeys(rows["horizon"].astype(str)))
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    for horizon in horizons:
        table.add_column(horizon, justify="right", no_wrap=True)
    shown = rows.assign(horizon=rows["horizon"].astype(str))
    by = shown.pivot_table(index="method", columns="horizon", values="crps", sort=False)
    ratio = by / by.loc[STILL]
    for method in ratio.index:
        style = "bold" if method == MODEL else ""
        table.add_row(str(method), *(f"{ratio.loc[method, h]:.2f}" for h in horizons), style=style)
    return table


def _bars(found: Sequence[Published]) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for head, side in (("of", "left"), ("must hold", "left"), ("number", "right")):
        table.add_column(head, justify=side, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("bar", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    every = [bar for one in found for bar in one.bars]
    for bar in every:
        said = "met" if bar.met else "missed"
        mark = ("*" if bar.few else "") + ("~" if bar.unsure else "")
        style = "green" if bar.met else "red"
        table.add_row(bar.of, bar.what, f"{bar.value:.2f}", bar.beside, Text(said + mark, style))
    parts: list[RenderableType] = [table]
    if any(bar.unsure for bar in every):
        parts.append(Text(_UNSURE, style="dim"))
    return Group(*parts, Text(bars_sentence(every), style="bold"))


def bars_sentence(bars: Sequence[Bar]) -> str:
    """How many bars are met."""
    met = sum(bar.met for bar in bars)
    return f"Bars: {met} met, {len(bars) - met} missed."


def backtest_json(found: Sequence[Published]) -> dict[str, Any]:
    """Tables by name: what is to be known of them, scores, bars; null where there is no number."""
    return {one.name: _plain(one) for one in found}


def _plain(one: Published) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "about": _TITLES[one.name],
        "caveat": CAVEATS[one.name],
        "scores": _records(one.scores),
        "bars": [vars(bar) for bar in one.bars],
    }
    if one.standing is not None:
        whole["standing"] = _records(one.standing)
    return whole


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.astype(object).to_dict("records")
    return [{str(key): _number(value) for key, value in row.items()} for row in rows]


def _number(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value
