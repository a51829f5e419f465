"""Resilience: what shocks cost with and without a scenario, and when the shelter pays.

The same shock hits scenario and baseline for one year, early and late. Its loss is real income
below that of the same run without the shock, in that year. Against it stands what duplication costs
in a year without a shock: real income of the baseline less that of the scenario. With c the cost, d
the loss that the scenario avoids and p the odds of the shock in a year, the scenario gains p d - c,
so that it breaks even at p* = c / d. Every sign of c and d occurs; `break_even` says what each
means. Shocks are compared one by one, and weighed by their odds as if no two came together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.cache import remembered_arrays
from zizhu.errors import ScenarioError
from zizhu.indicators.glossary import attributes
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.path.many import run_many
from zizhu.laboratory.path.run import Path, Progress
from zizhu.laboratory.scenario_path.shocks import Shock, standard_shocks
from zizhu.model.path_record import Record

Array = Float[np.ndarray, "..."]

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
    """When a scenario pays, by the odds of a shock in a year.

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


def resilience(
    path: Path,
    region: str,
    shocks: Sequence[Shock] | None = None,
    years: Sequence[int] | None = None,
    *,
    threads: int = 2,
    key: bytes | None = None,
    progress: Progress = lambda _: None,
) -> xr.Dataset:
    """What shocks cost a region in a scenario and in its baseline, and when the scenario pays.

    shocks  the stated set of `standard_shocks` by default
    years   in which each hits; by default the year after the base year, and the last
    key     under which the paths of the standard shocks are remembered, see `memory`; no memory
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
        raise ScenarioError(f"region: {region!r} is not in world {case.world.name}")
    here = case.world.regions.index(region)
    wedges, names = [], []
    for run in (SCENARIO, BASELINE):
        for shock in chosen:
            for year in when:
                given = shock.wedges(case.years.index(year))
                wedges.append(path.wedges.together(given) if run == SCENARIO else given)
                names.append(f"{shock.name} in {year}, {run}")

    def read(record: Record) -> Float[np.ndarray, " t"]:
        return np.array(record.solution.log_real_income[:, here])

    def paths() -> Mapping[str, Array]:
        found = run_many(
            case,
            wedges,
            read,
            structure=path.structure,
            names=names,
            threads=threads,
            progress=progress,
        )
        return {"log_real_income": np.array(found)}

    if key is None:
        found = paths()["log_real_income"]
    else:
        found = remembered_arrays(f"resilience {names}", key, paths)["log_real_income"]
    shocked = np.reshape(found, (2, len(chosen), len(when), len(case.years)))
    return _tables(path, here, chosen, when, shocked)


def _tables(
    path: Path,
    here: int,
    shocks: Sequence[Shock],
    when: Sequence[int],
    shocked: Float[np.ndarray, "r s y t"],
) -> xr.Dataset:
    case, runs = path.case, (path.record, path.baseline)
    income = float(np.asarray(case.base.economy.income)[here])
    calm = np.stack([np.asarray(run.solution.log_real_income)[:, here] for run in runs])
    places = [case.years.index(year) for year in when]
    gone = -np.expm1(shocked - calm[:, None, None])  # part of real income lost, by year
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
    spent = [sum(np.asarray(kind)[places, here] for kind in run.outlay) for run in runs]
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
            "run": [SCENARIO, BASELINE],
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
