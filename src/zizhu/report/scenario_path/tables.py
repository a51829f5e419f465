"""The tables of a verdict, picked from an outcome: used by terminal, HTML and files alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.scenario_path.attribution import pressures_on
from zizhu.laboratory.scenario_path.resilience import WITHOUT
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.path import picks

# A year that plans name; where the path does not have it, the middle stands in.
_MILESTONE = 2030
_BILLION = 1e3


def _kept(
    make: Callable[[ScenarioPath], pd.DataFrame],
) -> Callable[[ScenarioPath], pd.DataFrame]:
    """Make a table once for each outcome: page, figures, words and files all ask for it."""
    known: WeakKeyDictionary[ScenarioPath, pd.DataFrame] = WeakKeyDictionary()

    @wraps(make)
    def table(outcome: ScenarioPath) -> pd.DataFrame:
        if outcome not in known:
            known[outcome] = make(outcome)
        return known[outcome].copy()

    return table


def years_shown(outcome: ScenarioPath) -> list[int]:
    """First year, 2030 or the middle, last year."""
    years = outcome.case.years
    middle = _MILESTONE if years[0] < _MILESTONE < years[-1] else years[len(years) // 2]
    return sorted({years[0], middle, years[-1]})


def title_of(outcome: ScenarioPath, battleground: str) -> str:
    """Title of a battleground."""
    return str(outcome.battlegrounds["title"].sel(battleground=battleground).item())


@_kept
def scoreboard(outcome: ScenarioPath) -> pd.DataFrame:
    """Domestic share of every battleground, percent.

    One column a shown year, `baseline` and `final` in the last year, the weakest node with its
    share; `of` says what is counted: the whole chain, or the sector where there is no chain.
    `headquarters` is the part of the value along the chain that is counted by headquarters,
    `plants` the part of plants at home in the work of plants, by location.
    """
    table = outcome.battlegrounds
    whole = table["chain_share"].fillna(table["sector_share"])
    years = years_shown(outcome)
    last = years[-1]
    rows = {}
    for name in table["battleground"].values:
        here = table.sel(battleground=name)
        now = here.sel(run=SCENARIO, year=last)
        chain = bool(np.isfinite(now["chain_share"]))
        share = whole.sel(battleground=name)
        rows[str(name)] = {
            "title": title_of(outcome, name),
            "kind": str(here["kind"].item()),
            "of": "chain" if chain else "sector",
            "market": bool(here["market"].item()),
            **{str(year): float(share.sel(run=SCENARIO, year=year)) for year in years},
            "baseline": float(share.sel(run=BASELINE, year=last)),
            "final": float(now["final_share"]),
            "sector": float(now["sector_share"]),
            "headquarters": float(now["headquarters_part"]),
            "plants": float(now["plants_at_home"]),
            "weakest": str(now["weakest"].item()),
            "weakest_share": float(now["weakest_share"]),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("battleground")


@_kept
def money(outcome: ScenarioPath) -> pd.DataFrame:
    """What each measure costs and what is missing without it, in the order of the scenario.

    outlay   bn of the world's currency over the path, prices of the base year, planned
    income   real income of the focus in the last year, percent, with the measure over without it
    moved, points  battleground that it moves most, and by how many points of the domestic share
    node, node_points  the same for a single node
    """
    found = outcome.attribution
    last = outcome.case.years[-1]
    place = outcome.case.world.regions.index(outcome.focus)
    pressures = pressures_on(outcome.focus, outcome.scenario, outcome.context)
    rows = {}
    for measure in outcome.scenario.measures:
        spent = outcome.compiled.ledger.of(measure=measure.label).new
        payers = dict.fromkeys(entry.payer for entry in spent.entries)
        row: dict[str, object] = {
            "lever": measure.lever,
            "pressure": measure.label in pressures,
            "outlay": spent.total / _BILLION,
            "payers": ", ".join(payers),
            "income": np.nan,
            "moved": "",
            "points": np.nan,
            "node": "",
            "node_points": np.nan,
            "source": measure.source,
        }
        if found is not None and measure.label in found.measures:
            row["income"] = float(found.income(found.measures[measure.label])[-1, place])
            points = found.points(measure.label).sel(year=last).to_series().dropna()
            if len(points):
                most = str(points.abs().idxmax())
                row |= {"moved": most, "points": float(points[most])}
            by_node = found.node_points(measure.label).sel(year=last).to_series().dropna()
            if len(by_node):
                most = str(by_node.abs().idxmax())
                row |= {"node": most, "node_points": float(by_node[most])}
        rows[measure.label] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


def spending(outcome: ScenarioPath) -> pd.DataFrame:
    """Planned spending by measure, payer and year, bn of the world's currency."""
    ledger = outcome.compiled.ledger
    rows = [
        {
            "measure": entry.measure,
            "lever": entry.lever,
            "region": entry.region,
            "payer": entry.payer,
            "in_baseline": entry.before,
            **dict(zip(map(str, ledger.years), entry.by_year / _BILLION, strict=True)),
        }
        for entry in ledger.entries
    ]
    columns = ["measure", "lever", "region", "payer", "in_baseline", *map(str, ledger.years)]
    return pd.DataFrame(rows, columns=columns)


@_kept
def chokes(outcome: ScenarioPath) -> pd.DataFrame:
    """Nodes that bind in the scenario, those barred themselves first, then by what they lack."""
    rows = [
        {
            "node": spell.node,
            "name": picks.node_name(outcome.outcome, spell.node),
            "root": spell.root,
            "first": spell.first,
            "last": spell.last,
            "stopped": spell.stopped,
            "peak": spell.peak,
            "peak_year": spell.peak_year,
            "now": spell.now,
            "purchases": spell.purchases,
        }
        for spell in outcome.spells
        if spell.run == SCENARIO
    ]
    columns = ["node", "name", "root", "first", "last", "stopped", "peak", "peak_year", "now"]
    table = pd.DataFrame(rows, columns=[*columns, "purchases"])
    order = table.sort_values(["root", "now", "peak"], ascending=False, kind="stable")
    return order.reset_index(drop=True)


def abroad(outcome: ScenarioPath) -> pd.DataFrame:
    """Real income of other regions against the baseline in the shown years, percent."""
    effect = outcome.outcome.dataset["real_income_effect"].drop_sel(region=outcome.focus)
    years = years_shown(outcome)[1:]
    table = pd.DataFrame(
        {str(year): effect.sel(year=year).to_series() for year in years}
    ).rename_axis("region")
    return table.sort_values(table.columns[-1], kind="stable")


@_kept
def doubts(outcome: ScenarioPath) -> pd.DataFrame:
    """The headline in the last year under each other choice, the largest move first.

    income  real income of the focus against the baseline of the same choice, percent
    moved   by how many points that differs from the headline
    """
    place = outcome.case.world.regions.index(outcome.focus)
    headline = float(
        outcome.outcome.dataset["real_income_effect"].sel(region=outcome.focus).isel(year=-1)
    )
    rows = []
    for doubt in outcome.doubts:
        gone = doubt.scenario.log_real_income[-1] - doubt.baseline.log_real_income[-1]
        income = float(100 * np.expm1(gone[place]))
        rows.append(
            {
                "choice": doubt.name,
                "title": doubt.title,
                "setting": doubt.setting,
                "income": income,
                "moved": income - headline,
                "source": doubt.source,
            }
        )
    columns = ["choice", "title", "setting", "income", "moved", "source"]
    table = pd.DataFrame(rows, columns=columns)
    order = table["moved"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


@_kept
def shocks(outcome: ScenarioPath) -> pd.DataFrame:
    """Losses under each shock, with the scenario's levers and without, early and late; percent."""
    found = outcome.resilience
    if found is None:
        return pd.DataFrame()
    rows = [
        {
            "shock": str(shock),
            "title": str(found["title"].sel(shock=shock).item()),
            "year": int(year),
            "probability": float(found["probability"].sel(shock=shock)),
            "loss": float(found["loss"].sel(shock=shock, shock_year=year, run=SCENARIO)),
            "without": float(found["loss"].sel(shock=shock, shock_year=year, run=WITHOUT)),
            "break_even": float(found["break_even"].sel(shock=shock, shock_year=year)),
            "verdict": str(found["verdict"].sel(shock=shock, shock_year=year).item()),
        }
        for shock in found["shock"].values
        for year in found["shock_year"].values
    ]
    return pd.DataFrame(rows)


def targets(outcome: ScenarioPath) -> pd.DataFrame:
    """Targets of the scenario: reached or missed, with and without its measures."""
    fields = [
        *("label", "title", "what", "at_least", "year", "run", "value", "reached", "gap"),
        *("first_year", "source", "note", "definition", "otherwise"),
    ]
    rows = [{name: getattr(result, name) for name in fields} for result in outcome.targets]
    return pd.DataFrame(rows, columns=fields)
