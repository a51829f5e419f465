"""The verdict of a scenario with years in plain words, made from its numbers and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zizhu.laboratory.scenario_path.doubts import LEFT_OUT
from zizhu.laboratory.scenario_path.resilience import SAME
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.path import picks
from zizhu.report.path.words import in_sentence, lacks
from zizhu.report.scenario_path import bands, tables
from zizhu.report.words import signed

# A battleground counts as mostly home-made, or as mostly foreign, from here on (percent).
_MOSTLY, _LITTLE = 80.0, 50.0
# Points and percent below which nothing is said to have moved.
_SMALL = 0.5
_SMALL_INCOME = picks.SMALL_INCOME
# Points below which a measure is not said to move a field.
_TOLD = 0.05
_NAMED = 3
# Marks a target whose source counts another thing than the model does.
_OTHERWISE = "~"


def verdict(outcome: ScenarioPath) -> list[str]:
    """The answer in one paragraph: one sentence an entry."""
    said = [
        headline(outcome),
        bands.sure(outcome),
        split(outcome),
        standing(outcome),
        bought(outcome),
        lacks(outcome.outcome, outcome.focus),
        resilience(outcome),
        robustness(outcome),
    ]
    return [sentence for sentence in said if sentence]


def region_name(outcome: ScenarioPath, region: str | None = None) -> str:
    """Name of a region, of the focus unless another is asked for, as it stands in a sentence."""
    return in_sentence(outcome.case.world.region_name(region or outcome.focus))


def world_line(outcome: ScenarioPath) -> str:
    """World, chains and choices in one line."""
    world, chosen = outcome.case.world, outcome.outcome.manifest["structure"]
    return (
        f"world {world.name} ({len(world.regions)} x {len(world.sectors)}), "
        f"{len(outcome.case.chains.nodes)} nodes of {len(outcome.case.chains.names)} chains, scale "
        f"{chosen['scale']}, {chosen['elasticities']}"
    )


def targets(outcome: ScenarioPath) -> str:
    """Which targets are reached, and which are missed, with what is reached of what was named.

    A `~` marks those whose source counts another thing than the model does.
    """
    table = tables.targets(outcome)
    said, odds = [], bands.chances(outcome)
    for word, met in (("reached", True), ("missed", False)):
        part = table[(table.run == "scenario") & (table.reached == met)]
        listed = ", ".join(
            f"{row.title or row.label} ({row.value:.0f} of {row.at_least:.0f}"
            f"{_OTHERWISE if row.otherwise else ''}{_chance(odds.get((row.label, row.run)))})"
            for _, row in part.iterrows()
        )
        said += [f"{word}: {listed}"] if listed else []
    if said and odds:
        said.append("p: probability of reaching it")
    if said and table.otherwise[table.reached.notna()].any():
        said.append(f"{_OTHERWISE} the source counts otherwise")
    return "; ".join(said) or "all lie outside the path"


def _chance(odds: float | None) -> str:
    return "" if odds is None or np.isnan(odds) else f", p {odds:.2f}"


def headline(outcome: ScenarioPath) -> str:
    """Real income against the baseline in the shown years."""
    years = tables.years_shown(outcome)[1:]
    effect = outcome.outcome.dataset["real_income_effect"].sel(region=outcome.focus)
    said = [
        f"{_against(float(effect.sel(year=year)))} in {year}{_band(outcome, year)}"
        for year in years
    ]
    name = region_name(outcome)
    if len(outcome.scenario.measures) == 0:
        return f"{name} without any measure: this is the baseline."
    return (
        f"Under this scenario real income of {name} is {' and '.join(said)}, against a path "
        "without it."
    )


def _band(outcome: ScenarioPath, year: int) -> str:
    """The band of the headline in brackets; nothing without draws."""
    ends = bands.said(bands.income(outcome, year), 2) if outcome.bands is not None else ""
    return f" (80 percent of draws: {ends})" if ends else ""


def _against(value: float) -> str:
    if abs(value) < _SMALL_INCOME:
        return "unchanged"
    return f"{abs(value):.2f} percent {'higher' if value > 0 else 'lower'}"


def split(outcome: ScenarioPath) -> str:
    """What levers and pressures do, each with the other in place."""
    found = outcome.attribution
    if found is None or not (found.levers.labels and found.pressures.labels):
        return ""
    place = outcome.case.world.regions.index(outcome.focus)
    levers = float(found.income(found.levers)[-1, place])
    pressures = float(found.income(found.pressures)[-1, place])
    last = outcome.case.years[-1]
    are = "is" if len(found.levers.labels) == 1 else "together are"
    return (
        f"{_count(len(found.levers.labels), 'lever')} {are} worth {signed(levers)} percent in "
        f"{last}, what others do {signed(pressures)}."
    )


def _count(number: int, what: str) -> str:
    return f"The {what}" if number == 1 else f"The {number} {what}s"


def standing(outcome: ScenarioPath) -> str:
    """Where the battlegrounds stand in the last year, and which moved most."""
    board = tables.scoreboard(outcome)
    board = board[board.market & (board.kind == "battleground")]
    last = str(outcome.case.years[-1])
    shares = board[last].dropna()
    mostly = [board.title[name] for name in shares.index if shares[name] >= _MOSTLY]
    little = [board.title[name] for name in shares.index if shares[name] < _LITTLE]
    moved = (board[last] - board["baseline"]).dropna()
    moved = moved[moved.abs() >= _SMALL].sort_values(key=abs, ascending=False, kind="stable")
    text = (
        f"In {last} home adds at least {_MOSTLY:.0f} percent of the value along the chain in "
        f"{len(mostly) or 'none'} of {len(shares)} battlegrounds with a market"
    )
    if len(little) == len(shares):
        text += ", and less than half in all of them"
    elif little:
        text += f", and less than half in {_some([_lower(one) for one in little])}"
    if len(moved):
        most = [
            f"{_lower(board.title[name])} ({signed(float(moved[name]), 1)})"
            for name in moved.index[:_NAMED]
        ]
        text += f"; against the baseline the scenario moves most {_listed(most)}, in points"
    else:
        text += "; none is moved by half a point or more against the baseline"
    return f"{text}."


def bought(outcome: ScenarioPath) -> str:
    """What it costs, and which levers did most and least for their money."""
    spent = outcome.compiled.ledger.new
    if not spent.entries or spent.total <= 0:
        return ""
    years = spent.years
    own = spent.of(region=outcome.focus)
    text = (
        f"Planned outlays of {region_name(outcome)} come to {own.total / 1e3:,.0f} bn "
        f"{outcome.case.world.currency} over {years[0]} to {years[-1]}, at most "
        f"{100 * float(np.max(own.by_year / _gdp(outcome))):.2f} percent of GDP in a year"
    )
    if spent.total > own.total * (1 + 1e-9):
        text += f" ({spent.total / 1e3:,.0f} bn by all regions)"
    table = tables.money(outcome)
    paid = table[(table.outlay > 0) & table.points.notna()]
    moving = paid[paid.points >= _TOLD]
    if len(moving):
        per = (moving.points / moving.outlay).sort_values(ascending=False, kind="stable")
        best = str(per.index[0])
        text += (
            f"; most for its money comes from `{best}` ({signed(float(paid.points[best]), 1)} "
            f"points of {_lower(tables.title_of(outcome, str(paid.moved[best])))} for "
            f"{float(paid.outlay[best]):,.0f} bn)"
        )
    still = len(paid) - int((paid.points.abs() >= _TOLD).sum())
    if still:
        text += f"; {still} of {len(paid)} paid measures move no field by {_TOLD:g} points"
    return f"{text}."


def _gdp(outcome: ScenarioPath) -> np.ndarray:
    place = outcome.case.world.regions.index(outcome.focus)
    return np.asarray(outcome.context.gdp[:, place])


def resilience(outcome: ScenarioPath) -> str:
    """Whether the scenario's levers pay for themselves as an insurance, in its last year."""
    found = outcome.resilience
    if found is None:
        return ""
    year = int(found["shock_year"].values[-1])
    now = found.sel(shock_year=year)
    cost, avoided = float(now["duplication_cost"]) / 1e3, float(now["expected_avoided"]) / 1e3
    currency = outcome.case.world.currency
    if outcome.attribution is not None and not outcome.attribution.levers.labels:
        return ""
    if now["overall_verdict"].item() == SAME:
        return f"What the stated shocks cost in {year} is the same with its levers and without."
    text = (
        f"In {year} the levers cost {cost:,.1f} bn {currency} of real income"
        if cost > 0
        else f"In {year} the levers gain {-cost:,.1f} bn {currency} of real income"
    )
    moved = f"{abs(avoided):,.1f} bn"
    part = f"avoid {moved} of" if avoided > 0 else f"add {moved} to"
    text += " before any shock, and "
    if abs(avoided) < _TOLD:
        text += "leave the loss expected at stated odds as it is"
    else:
        text += f"{part} the loss expected at stated odds"
    multiple = float(now["odds_multiple"])
    if cost > 0 and np.isfinite(multiple):
        text += f": they would pay as an insurance if shocks were {multiple:,.1f} times as likely"
    return f"{text}."


def robustness(outcome: ScenarioPath) -> str:
    """What would change the conclusion."""
    table = tables.doubts(outcome)
    if table.empty:
        return ""
    effect = outcome.outcome.dataset["real_income_effect"].sel(region=outcome.focus)
    headline_value = float(effect.isel(year=-1))
    turned = table[(table.income * headline_value < 0) & (table.income.abs() >= _SMALL_INCOME)]
    largest = table.iloc[0]
    low = min(float(table.income.min()), headline_value)
    high = max(float(table.income.max()), headline_value)
    text = (
        f"Over {len(table)} other choices the answer lies between {signed(low)} and "
        f"{signed(high)} percent"
    )
    if largest.setting == "off":
        text += f", and moves most where {largest.title}"
    elif largest.setting == LEFT_OUT:
        text += f", and moves most {largest.title}"
    else:
        text += f", and moves most with {_lower(str(largest.title))} at {largest.setting}"
    if turned.empty:
        return f"{text}; none turns its sign."
    names = list(dict.fromkeys(turned.choice))
    turn = "turns" if len(names) == 1 else "turn"
    if names == [str(largest.choice)]:
        return f"{text}, which turns its sign."
    return f"{text}; {_listed(names[:_NAMED])} {turn} its sign."


def audit(outcome: ScenarioPath) -> str:
    """By how much the worst identity of any year misses, and what is counted again: one line."""
    found, again = outcome.outcome, outcome.outcome.recount
    worst = max(again.largest, *(one.largest for one in found.audits.values()))
    text = (
        f"{found.dataset.identity.size} identities, {len(again.misses)} kinds of number counted "
        f"again: largest miss {worst:.0e}; markets {float(found.dataset.residual.max()):.0e}"
    )
    return text + (f"; not counted again: {', '.join(again.left_out)}" if again.left_out else "")


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _some(names: list[str], most: int = 4) -> str:
    """Names, the later ones counted."""
    if len(names) <= most:
        return _listed(names)
    return _listed([*names[: most - 1], f"{len(names) - most + 1} others"])


def _lower(title: str) -> str:
    """A title inside a sentence: capitals stay in names such as EUV or AI."""
    first = title.split(maxsplit=1)[0]
    return title if not first[1:].islower() else f"{title[0].lower()}{title[1:]}"


def abroad(outcome: ScenarioPath, most: int = 4) -> list[str]:
    """Who elsewhere gains and loses most in the last year, at most so many each."""
    table = tables.abroad(outcome)
    if table.empty:
        return ["this world has one region: nobody is abroad"]
    last = table.columns[-1]
    moved = table[last][table[last].abs() >= _SMALL_INCOME]
    losers = moved[moved < 0].head(most)
    winners = moved[moved > 0].sort_values(ascending=False, kind="stable").head(most)
    name = outcome.case.world.region_name
    said = []
    for what, part in (("lose", losers), ("gain", winners)):
        if len(part):
            listed = ", ".join(f"{name(str(code))} {signed(float(v))}" for code, v in part.items())
            said.append(f"{what}: {listed}")
    return said or [f"no region's real income moves by {_SMALL_INCOME:g} percent or more"]


def rests_on(outcome: ScenarioPath) -> list[str]:
    """What the numbers rest on that nobody has measured."""
    confirmed, every = picks.chain_of(outcome.outcome).share_counts()
    assumed = [m.label for m in outcome.scenario.measures if "assumption" in m.source.lower()]
    said = [
        f"{every - confirmed} of {every} supplier shares recalled; a pace in which history "
        "cannot tell momentum from past policy (zizhu backtest)",
    ]
    if assumed:
        said.append(
            f"{len(assumed)} of {len(outcome.scenario.measures)} measures with assumed sizes"
        )
    return said


def one_line(table: pd.DataFrame, count: int) -> str:
    """The choices that move the headline most, in one line."""
    return "; ".join(
        f"{row.choice} {row.setting}: {signed(float(row.income))}"
        for _, row in table.head(count).iterrows()
    )
