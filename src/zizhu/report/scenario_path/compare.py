"""Scenarios with years side by side, in the terminal: readable at 80 columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from string import ascii_uppercase

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from zizhu.errors import ScenarioError
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.policy.scenario import Scenario
from zizhu.report.chains.terminal import grid, heading, quiet
from zizhu.report.path.terminal import coloured
from zizhu.report.path.words import audit_line, warnings
from zizhu.report.scenario_path import tables, words

_REGIONS, _NAME_WIDTH = 8, 33


def require_comparable(scenarios: Sequence[Scenario]) -> None:
    """Refuse what has no common scale, before anything is run.

    Raises `ScenarioError` naming the two scenarios that differ, and in what.
    """
    first = scenarios[0]
    for other in scenarios[1:]:
        if (first.years is None) != (other.years is None):
            path, still = (first, other) if other.years is None else (other, first)
            raise ScenarioError(
                f"compare: {path.name} runs to {path.years} and {still.name} has no years; "
                "scenarios of one kind are right"
            )
        if first.years is None:
            continue
        for name in ("years", "world", "focus"):
            ours, theirs = getattr(first, name), getattr(other, name)
            if ours != theirs:
                raise ScenarioError(
                    f"compare: {name} is {ours} in {first.name} and {theirs} in {other.name}; the "
                    f"same is right, for example --set {name}={ours}"
                )


def comparison(outcomes: Sequence[ScenarioPath]) -> RenderableType:
    """Real income, domestic shares, money, chokepoints and resilience of several scenarios."""
    letters = tuple(ascii_uppercase[: len(outcomes)])
    named = grid("", " ", left=("", " "))
    named.show_header = False
    named.columns[0].no_wrap = True
    for letter, one in zip(letters, outcomes, strict=True):
        named.add_row(Text(letter, style="bold cyan"), f"{one.scenario.name}: {one.scenario.title}")
    audits = [
        f"{letter}: {audit_line(one.outcome)}"
        for letter, one in zip(letters, outcomes, strict=True)
    ]
    warned = [
        Text(f"{letter}: {sentence}", style="bold yellow")
        for letter, one in zip(letters, outcomes, strict=True)
        for sentence in warnings(one.outcome)
    ]
    return Group(
        named,
        *warned,
        *_incomes(outcomes, letters),
        *_shares(outcomes, letters),
        *_money(outcomes, letters),
        *_resilience(outcomes, letters),
        Text(),
        *quiet(*audits),
    )


def incomes(outcomes: Sequence[ScenarioPath]) -> pd.DataFrame:
    """Real income against each one's baseline, percent: focus first, then who moves most.

    Columns are pairs of place of the scenario and year.
    """
    focus = outcomes[0].focus
    columns = {}
    for place, one in enumerate(outcomes):
        effect = one.outcome.dataset["real_income_effect"]
        for year in tables.years_shown(one)[1:]:
            columns[place, year] = effect.sel(year=year).to_series()
    table = pd.DataFrame(columns)
    most = table.abs().max(axis=1).drop(focus).sort_values(ascending=False, kind="stable")
    return table.loc[[focus, *most.index]]


def _incomes(outcomes: Sequence[ScenarioPath], letters: Sequence[str]) -> list[RenderableType]:
    table = incomes(outcomes)
    places, years = (table.columns.get_level_values(level) for level in (0, 1))
    heads = [f"{letters[int(at)]}\n{year}" for at, year in zip(places, years, strict=True)]
    made = grid("region", *heads, left=("region",), space=1)
    made.columns[0].max_width, made.columns[0].no_wrap = _NAME_WIDTH, True
    for code, row in table.iloc[: _REGIONS + 1].iterrows():
        made.add_row(
            outcomes[0].case.world.region_name(str(code)),
            *(coloured(float(value)) for value in row),
        )
    left = len(table) - _REGIONS - 1
    more = [f"{left} more regions move less: zizhu run has them"] if left > 0 else []
    return [
        heading("Real income against each one's baseline (percent)"),
        made,
        *quiet(*more),
    ]


def shares(outcomes: Sequence[ScenarioPath]) -> pd.DataFrame:
    """Domestic share of each battleground, percent: the base year, then each in its last year."""
    boards = [tables.scoreboard(one) for one in outcomes]
    first, last = (str(outcomes[0].case.years[place]) for place in (0, -1))
    columns = {"title": boards[0]["title"], first: boards[0][first]}
    for place, board in enumerate(boards):
        columns[f"{place}"] = board[last]
        columns[f"{place} baseline"] = board["baseline"]
    return pd.DataFrame(columns)


def _shares(outcomes: Sequence[ScenarioPath], letters: Sequence[str]) -> list[RenderableType]:
    table = shares(outcomes)
    first, last = (str(outcomes[0].case.years[place]) for place in (0, -1))
    made = grid(
        "battleground", first, *(f"{one} {last}" for one in letters), left=("battleground",)
    )
    made.columns[0].max_width, made.columns[0].no_wrap = _NAME_WIDTH, True
    for _, row in table.iterrows():
        cells = []
        for place in range(len(outcomes)):
            value, apart = row[f"{place}"], row[f"{place}"] - row[f"{place} baseline"]
            style = "green" if apart >= 0.5 else "red" if apart <= -0.5 else ""
            cells.append(Text("" if math.isnan(value) else f"{value:.1f}", style=style))
        base = row[first]
        made.add_row(row["title"], "" if math.isnan(base) else f"{base:.1f}", *cells)
    name = words.region_name(outcomes[0])
    return [
        heading(f"Domestic share along the chain in {name} (percent of value)"),
        made,
        *quiet("in colour: half a point or more from its own baseline; sectors where no chain is"),
    ]


def _money(outcomes: Sequence[ScenarioPath], letters: Sequence[str]) -> list[RenderableType]:
    made = grid("", *letters, left=("",))
    made.columns[0].no_wrap = True
    currency = outcomes[0].case.world.currency
    own = [one.compiled.ledger.of(region=one.focus).new for one in outcomes]
    made.add_row("measures", *(str(len(one.scenario.measures)) for one in outcomes))
    made.add_row(
        f"planned outlays, bn {currency}, all years", *(f"{one.total / 1e3:,.1f}" for one in own)
    )
    made.add_row(
        "with the cost of public funds", *(f"{one.cost_by_year.sum() / 1e3:,.1f}" for one in own)
    )
    chokes = [tables.chokes(one) for one in outcomes]
    made.add_row("nodes that bind in some year", *(str(len(one)) for one in chokes))
    last = outcomes[0].case.years[-1]
    still = [one[one["stopped"].isna()] for one in chokes]
    made.add_row(f"nodes that still bind in {last}", *(str(len(one)) for one in still))
    made.add_row("targets reached", *map(_reached, outcomes))
    return [heading("Money, chokepoints, targets"), made]


def _reached(outcome: ScenarioPath) -> str:
    table = tables.targets(outcome)
    known = table[(table["run"] == "scenario") & table["reached"].notna()]
    return (
        f"{int(known['reached'].astype(bool).sum())} of {len(known)}"
        if len(known)
        else "no targets"
    )


def _resilience(outcomes: Sequence[ScenarioPath], letters: Sequence[str]) -> list[RenderableType]:
    found = [tables.shocks(one) for one in outcomes]
    if any(one.empty for one in found):
        return []
    last = max(found[0]["year"])
    made = grid("shock", *letters, left=("shock", *letters))
    made.columns[0].no_wrap = True
    rows = [one[one["year"] == last].set_index("title") for one in found]
    for title in rows[0].index:
        cells = (_pays(one.loc[title]) if title in one.index else "" for one in rows)
        made.add_row(str(title), *cells)
    return [
        heading(f"Whether it pays as an insurance in {last}, and loss of real income (percent)"),
        made,
    ]


def _pays(row: pd.Series) -> str:
    odds = f" {100 * row['break_even']:.2g} % a year" if math.isfinite(row["break_even"]) else ""
    return f"{row['verdict']}{odds}; {row['loss']:.2f}"
