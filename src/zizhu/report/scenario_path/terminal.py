"""The verdict in the terminal: at most 60 lines at 100 columns, readable at 80."""

from __future__ import annotations

import math

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.chains.terminal import grid, heading, quiet
from zizhu.report.path.terminal import coloured
from zizhu.report.path.words import warnings
from zizhu.report.scenario_path import bands, more_tables, tables, words
from zizhu.report.words import signed

# Rows of the tables, those that move or lose most; the report and the files have all.
_BATTLEGROUNDS = 8
_MEASURES = 3
_ARRIVED = 2
_SHOCKS = 3
_DOUBTS = 3
_ABROAD = 2
# Columns of losses: with the scenario, and without its levers.
_RUNS = ("loss", "without")


def verdict_page(outcome: ScenarioPath) -> RenderableType:
    """The answer of a scenario with years."""
    scenario = outcome.scenario
    parts: list[RenderableType] = [
        Text.assemble((scenario.name, "bold cyan"), "  ", (scenario.title, "bold")),
        Text(words.world_line(outcome), style="dim"),
        Text(" ".join(words.verdict(outcome))),
        *(Text(one, style="bold yellow") for one in warnings(outcome.outcome)),
        *_scoreboard(outcome),
        *_money(outcome),
        *_arrived(outcome),
        *_shocks(outcome),
    ]
    lines = [("abroad", "; ".join(words.abroad(outcome, _ABROAD)))]
    if outcome.targets:
        lines = [("targets", words.targets(outcome)), *lines]
    table = tables.doubts(outcome)
    # What draws say of all doubts together takes the place of one at a time, which the report has.
    if len(table) and outcome.bands is None:
        lines.append(("doubts", words.one_line(table, _DOUBTS)))
    if outcome.bands is not None:
        said = [bands.drawn(outcome), bands.parts_line(outcome)]
        lines.append(("draws", "; ".join(one for one in said if one)))
    lines += [("rests on", "; ".join(words.rests_on(outcome)))]
    lines += [("audit", words.audit(outcome))]
    made = grid("", " ", left=("", " "), space=1)
    made.show_header = False
    made.columns[0].no_wrap = True
    for label, text in lines:
        made.add_row(Text(label, style="bold"), text)
    return Group(*parts, Text(), made)


def _scoreboard(outcome: ScenarioPath) -> list[RenderableType]:
    every = tables.scoreboard(outcome)
    years = [str(year) for year in tables.years_shown(outcome)]
    moved = (every[years[-1]] - every.baseline).abs().sort_values(ascending=False, kind="stable")
    board = every.loc[every.index.isin(moved.index[:_BATTLEGROUNDS])]
    # With draws the band takes the place of two columns that the report has.
    ends = bands.board(outcome) if outcome.bands is not None else None
    extra = ("hq", "final") if ends is None else ("10-90",)
    head = ("battleground", *years, "base", *extra, "weakest node now")
    made = grid(*head, left=("battleground", "weakest node now"), space=1)
    made.columns[0].no_wrap = made.columns[-1].no_wrap = True
    made.columns[0].max_width = 36
    for name, row in board.iterrows():
        apart = row[years[-1]] - row.baseline
        style = "green" if apart >= 0.5 else "red" if apart <= -0.5 else ""
        mark = "*" if row["of"] == "sector" else "" if row.market else " (no market)"
        weakest = f"{row.weakest.partition('/')[2]} {_share(row.weakest_share)}"
        made.add_row(
            f"{row.title}{mark}",
            *(_share(row[year]) for year in years[:-1]),
            Text(_share(row[years[-1]]), style=style),
            _share(row.baseline),
            *(
                (_headquarters(row.headquarters), _share(row["final"]))
                if ends is None
                else (bands.short((ends.p10[str(name)], ends.p90[str(name)])),)
            ),
            Text(weakest if row.weakest else "", style="dim"),
        )
    title = f"Domestic share along the chain, percent of value in {words.region_name(outcome)}"
    note = f"base: {years[-1]} without it; "
    note += (
        "hq: by headquarters, percent; final: the end product"
        if ends is None
        else f"10-90: of draws, {years[-1]}"
    )
    note += "; * sector" if (board["of"] == "sector").any() else ""
    left = len(every) - len(board)
    note += f"; {left} more in the report" if left else ""
    return [heading(title), made, *quiet(note)]


def _headquarters(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.0f}"


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.1f}"


def _money(outcome: ScenarioPath) -> list[RenderableType]:
    table = tables.money(outcome)
    if table.empty or outcome.attribution is None:
        return []
    last, currency = outcome.case.years[-1], outcome.case.world.currency
    shown = table.loc[table.index.isin(_largest(table, _MEASURES))]
    first, words_ = "what a measure costs and does", "moves most: battleground; node (points)"
    made = grid(first, f"bn {currency}", "income", words_, left=(first, words_), space=1)
    # Where it is narrow the words take a second line; numbers and their heads are never cut.
    for column in made.columns[:-1]:
        column.no_wrap = True
    for label, row in shown.iterrows():
        moved = []
        if row.moved and abs(row.points) >= 0.05:
            moved.append(f"{tables.title_of(outcome, row.moved)} {signed(row.points, 1)}")
        if row.node and abs(row.node_points) >= 0.05:
            moved.append(f"{row.node.partition('/')[2]} {signed(row.node_points, 1)}")
        made.add_row(
            f"{label}{' (from outside)' if row.pressure else ''}",
            f"{row.outlay:,.1f}" if row.outlay else "",
            "" if math.isnan(row.income) else coloured(row.income),
            "; ".join(moved),
        )
    left = len(table) - len(shown)
    note = f"what is missing in {last} without each; income in percent"
    note += f"; {left} more in the report" if left else ""
    return [Text(), made, *quiet(note)]


def _arrived(outcome: ScenarioPath) -> list[RenderableType]:
    table = more_tables.arrived(outcome)
    if table.empty:
        return []
    years = tables.years_shown(outcome)[1:]
    head = ("node", "base", "sector", "directed", "own", *map(str, years))
    made = grid(*head, left=("node",), space=1)
    made.columns[0].max_width = 35
    for _, row in table.head(_ARRIVED).iterrows():
        made.add_row(
            row["name"],
            f"{row.base:z,.1f}",
            f"{row.sector:z,.1f}",
            f"{'plants ' if row.money and row.use == 'plants' else ''}{row.money:z,.1f}",
            f"{row.own:z,.1f}",
            *(_times(row[f"multiple {year}"]) for year in years),
        )
    whole = ", ".join(
        f"{title} {table[name].sum():z,.1f}"
        for title, name in (("sector", "sector"), ("directed", "money"), ("own", "own"))
    )
    note = f"all {len(table)} nodes: {whole}; years: multiple of that year's base"
    title = f"Where the money arrived, bn USD beyond the baseline (base), {years[-1]} and before"
    return [heading(title), made, *quiet(note)]


def _times(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.2f}x"


def _largest(table: pd.DataFrame, count: int) -> pd.Index:
    """Measures that cost or move most: a percent of income counts like ten points of a node."""
    weight = table.income.abs().fillna(0.0) + table.node_points.abs().fillna(0.0) / 10
    weight += table.outlay / max(float(table.outlay.max()), 1e-9)
    return weight.sort_values(ascending=False, kind="stable").index[:count]


def _shocks(outcome: ScenarioPath) -> list[RenderableType]:
    table = tables.shocks(outcome)
    if table.empty:
        return []
    years = sorted(set(table.year))
    worst = table.groupby("shock")[list(_RUNS)].max().max(axis=1).sort_values(ascending=False)
    table = table[table.shock.isin(worst.index[:_SHOCKS])]
    made = grid(
        "a shock in the year: loss, percent",
        *(f"{year}" if run == "loss" else "without" for year in years for run in _RUNS),
        f"levers in {years[-1]}",
        left=("a shock in the year: loss, percent", f"levers in {years[-1]}"),
        space=1,
    )
    made.columns[0].no_wrap = True
    for _, rows in table.groupby("shock", sort=False):
        cells = [f"{rows[rows.year == year][run].iloc[0]:.2f}" for year in years for run in _RUNS]
        final = rows.iloc[-1]
        said = final.verdict
        if said == "pays above":
            said = f"above {100 * final.break_even:.0f} % a year"
        made.add_row(final.title, *cells, said)
    return [Text(), made]
