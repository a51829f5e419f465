"""Resilience: what shocks cost with and without a scenario's levers, and when the shelter pays.

The same shock hits the scenario, and a run beside it that lacks its levers, for one year, early and
late. Pressures from outside are in both, since nobody can choose to go without them. The loss is
real income below that of the same run without the shock, in that year. Against it stands what
duplication costs in a year without a shock: real income without the levers less that with them.
With c the cost, d the loss that the levers avoid and p the odds of the shock in a year, they gain
p d - c, so that they break even at p* = c / d. Every sign of c and d occurs; `break_even` says what
each means. Shocks are compared one by one, and weighed by their odds as if no two came together.

A bar that comes as a shock stands: what a measure has lifted on that flow does not lift it again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.cache import remembered_arrays
from zizhu.errors import ScenarioError, quoted
from zizhu.indicators.glossary import attributes
from zizhu.indicators.path import SCENARIO
from zizhu.laboratory.path.many import run_many
from zizhu.laboratory.path.run import Path, Progress
from zizhu.laboratory.scenario_path.attribution import pressures_on
from zizhu.laboratory.scenario_path.memory import digest_of
from zizhu.laboratory.scenario_path.shocks import Shock, standard_shocks
from zizhu.model.path_record import Record
from zizhu.policy.compile_path import CompiledPath
from zizhu.policy.context import Context
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.scenario import Scenario

Array = Float[np.ndarray, "..."]

# The run beside the scenario: the same pressures, no lever.
WITHOUT = "without levers"

PAYS, ABOVE, BELOW, NEVER, SAME = (
    "pays already",
    "pays above",
    "pays below",
    "never pays",
    "makes no difference",
)
AT_THESE, NOT_AT_THESE = "pays at these odds", "does not pay at these odds"
_AT = ("shock", "shock_year")


class BreakEven(NamedTuple):
    """When a scenario's levers pay, by the odds of a shock in a year.

    verdict      `pays already` at any odds, `pays above` or `pays below` the odds, `never pays`,
                 `makes no difference`
    probability  odds at which gain and cost are equal; nan where no odds between 0 and 1 are
    """

    verdict: str
    probability: float


def break_even(cost: float, avoided: float) -> BreakEven:
    """Odds p at which the gain p avoided - cost is zero, and on which side of them it is positive.

    cost     of the scenario in a year without the shock; below zero it gains even so
    avoided  loss that it avoids where the shock comes; below zero it is hit harder
    """
    if cost == 0 and avoided == 0:
        return BreakEven(SAME, math.nan)
    without, with_shock = -cost, avoided - cost
    if without >= 0 and with_shock >= 0:
        return BreakEven(PAYS, math.nan)
    if without <= 0 and with_shock <= 0:
        return BreakEven(NEVER, math.nan)
    return BreakEven(ABOVE if with_shock > 0 else BELOW, cost / avoided)


def without_levers(
    scenario: Scenario, compiled: CompiledPath, context: Context, region: str
) -> PathWedges:
    """What is left of a scenario without what is done to build: all that presses on a region."""
    pressing = pressures_on(region, scenario, context)
    return compiled.without(*(m.label for m in scenario.measures if m.label not in pressing))


def shocked(wedges: PathWedges, shock: PathWedges) -> PathWedges:
    """A path's wedges with those of a shock, whose bars stand: nothing of them is lifted."""
    both = wedges.together(shock)
    if not (wedges.lifted.any() and shock.barred.any()):
        return both
    return both._replace(lifted=np.where(shock.barred > 0, 0.0, both.lifted))


class _Calm(NamedTuple):
    """A region's path without a shock.

    log_real_income  since the base year
    outlay           resources used without welfare, million
    """

    log_real_income: Float[np.ndarray, " t"]
    outlay: Float[np.ndarray, " t"]


def resilience(
    path: Path,
    region: str,
    shocks: Sequence[Shock] | None = None,
    years: Sequence[int] | None = None,
    *,
    reference: PathWedges | None = None,
    threads: int = 2,
    key: bytes | None = None,
    progress: Progress = lambda _: None,
) -> xr.Dataset:
    """What shocks cost a region with a scenario's levers and without, and when the levers pay.

    shocks     the stated set of `standard_shocks` by default
    years      in which each hits; by default the year after the base year, and the last
    reference  wedges of the run beside the scenario, which is the scenario without its levers, see
               `without_levers`; by default none at all, as where nothing presses
    key        under which the paths of the standard shocks are remembered, see `memory`; no memory
               without it

    Each shock, year and run is a path of its own. Raises `ScenarioError` for an unknown region or
    year, and `NotConverged` naming the shock if a path was not solved.
    """
    case = path.case
    chosen = standard_shocks(case, path.baseline, region) if shocks is None else tuple(shocks)
    when = (case.years[min(1, len(case.years) - 1)], case.years[-1]) if years is None else years
    when = tuple(dict.fromkeys(when))
    for year in when:
        if year not in case.years:
            raise ScenarioError(
                f"years: {year} lies outside the path, {case.years[0]} to {case.years[-1]}"
            )
    if region not in case.world.regions:
        raise ScenarioError(f"region: {quoted(region)} is not in world {case.world.name}")
    here = case.world.regions.index(region)
    beside = case.labels.none() if reference is None else reference
    hits = [(shock, year) for shock in chosen for year in when]
    given = [path.wedges] if _same(path.wedges, beside) else [path.wedges, beside]
    names = [
        f"{shock.name} in {year}, {run}"
        for run in (SCENARIO, WITHOUT)[: len(given)]
        for shock, year in hits
    ]
    known = [_calm(path.record, here)]
    if len(given) == 2 and beside.is_none:
        known.append(_calm(path.baseline, here))
    if len(known) < len(given):
        names.append(WITHOUT)

    def paths() -> Mapping[str, Array]:
        wedges = [
            shocked(one, shock.wedges(case.years.index(year)))
            for one in given
            for shock, year in hits
        ]
        if len(known) < len(given):
            wedges.append(beside)
        found = run_many(
            case,
            wedges,
            lambda record: _calm(record, here),
            structure=path.structure,
            names=names,
            threads=threads,
            progress=progress,
        )
        return {name: np.array([getattr(one, name) for one in found]) for name in _Calm._fields}

    if key is None:
        found = paths()
    else:
        found = remembered_arrays(f"resilience {names}", key + digest_of(beside), paths)
    every = found["log_real_income"]
    if len(known) < len(given):
        known.append(_Calm(every[-1], found["outlay"][-1]))
        every = every[:-1]
    hit = np.reshape(every, (len(given), len(chosen), len(when), len(case.years)))
    runs = list(zip(known, hit, strict=True))
    return _tables(path, here, chosen, when, runs if len(runs) == 2 else [*runs, *runs])


def _calm(record: Record, here: int) -> _Calm:
    outlay = sum(np.asarray(kind)[:, here] for kind in record.outlay)
    return _Calm(np.array(record.solution.log_real_income[:, here]), np.asarray(outlay))


def _same(one: PathWedges, two: PathWedges) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def _tables(
    path: Path,
    here: int,
    shocks: Sequence[Shock],
    when: Sequence[int],
    runs: Sequence[tuple[_Calm, Array]],
) -> xr.Dataset:
    """The dataset of two runs: each without a shock, and its log real income [s,y,t] with each."""
    case = path.case
    hit = np.stack([after for _, after in runs])
    income = float(np.asarray(case.base.economy.income)[here])
    calm = np.stack([calm.log_real_income for calm, _ in runs])
    places = [case.years.index(year) for year in when]
    gone = -np.expm1(hit - calm[:, None, None])  # part of real income lost, by year
    each = np.arange(len(places))
    loss = gone[:, :, each, places]
    later = np.array([np.arange(len(case.years)) >= place for place in places])
    total = (gone * later).sum(axis=3)
    money = income * np.exp(calm[:, places])[:, None] * loss
    cost = income * (np.exp(calm[1]) - np.exp(calm[0]))[places]
    # What solvers cannot tell from zero is zero.
    noise = case.parameters["largest_residual"] * income
    still = np.where(np.abs(cost) > noise, cost, 0.0)
    avoided = np.where(np.abs(money[1] - money[0]) > noise, money[1] - money[0], 0.0)
    odds = np.array([shock.probability for shock in shocks])
    verdicts = [[break_even(c, d) for c, d in zip(still, row, strict=True)] for row in avoided]
    expected = np.einsum("s,rsy->ry", odds, money)
    saved = odds @ avoided
    spent = [run.outlay[places] for run, _ in runs]
    run_at, at = ("run", *_AT), ("shock_year",)
    table: dict[str, tuple[tuple[str, ...], Any]] = {
        "loss": (run_at, 100 * loss),
        "loss_money": (run_at, money),
        "loss_sum": (run_at, 100 * total),
        "avoided": (_AT, avoided),
        "break_even": (_AT, [[one.probability for one in row] for row in verdicts]),
        "verdict": (_AT, [[one.verdict for one in row] for row in verdicts]),
        "duplication_cost": (at, cost),
        "cost_by_year": (("year",), income * (np.exp(calm[1]) - np.exp(calm[0]))),
        "outlays": (at, spent[0] - spent[1]),
        "expected_loss": (("run", "shock_year"), expected),
        "expected_avoided": (at, saved),
        "odds_multiple": (
            at,
            [c / d if c * d > 0 else math.nan for c, d in zip(still, saved, strict=True)],
        ),
        "overall_verdict": (at, [_overall(c, d) for c, d in zip(still, saved, strict=True)]),
    }
    currency = case.world.currency
    return xr.Dataset(
        {
            name: (dims, of, attributes(name, currency=currency))
            for name, (dims, of) in table.items()
        },
        {
            "run": [SCENARIO, WITHOUT],
            "shock": [shock.name for shock in shocks],
            "shock_year": list(when),
            "year": list(case.years),
            "title": ("shock", [shock.title for shock in shocks]),
            "means": ("shock", [shock.means for shock in shocks]),
            "probability": ("shock", odds),
        },
        {"region": case.world.regions[here]},
    )


def _overall(cost: float, saved: float) -> str:
    """Whether the scenario pays at the stated odds."""
    if cost == 0 and saved == 0:
        return SAME
    return AT_THESE if saved > cost else NOT_AT_THESE
