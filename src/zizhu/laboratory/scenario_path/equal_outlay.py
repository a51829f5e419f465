"""What a sum buys through each lever: equal outlay, one lever at a time, on one field.

Every lever is scaled until what it plans to spend inside the path is the same sum, at prices of the
base year and not discounted. Each then is a path of its own beside the baseline:

    points          domestic share in the last year less that of the baseline, by definition
    cost per point  outlay over points
    net return      sum over years of real income gained, over the outlay
    waste return    the same of pure waste: a path on which the money is spent in the same years and
                    buys nothing

Real income already pays for the outlay. Pure waste returns less than -100 percent, since resources
that are used up are not invested either, and what they would have built is missing in all later
years; the earlier the money is spent, the more. A net return is to be read beside it: money that
uses up resources and does nothing returns as much as waste, money that is only handed over about
zero. What a lever achieves after the last year is not counted, which is against those that act
late.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.indicators.asked import ASSEMBLED
from zizhu.indicators.battlegrounds import Battleground, battleground
from zizhu.indicators.glossary import attributes
from zizhu.indicators.path import BASELINE
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.chain_labels import labels_of
from zizhu.laboratory.path.many import run_many
from zizhu.laboratory.path.run import Progress, simulate_path
from zizhu.laboratory.scenario_path.glimpse import Glimpse, glimpse_of, shares_of
from zizhu.laboratory.scenario_path.recipes import NOT_COMPARED, RECIPES, Aim, Recipe
from zizhu.laboratory.scenario_path.sized import compiled_recipes
from zizhu.model.path_record import Record
from zizhu.policy.compile_path import CompiledPath
from zizhu.policy.path_wedges import PathWedges

Array = Float[np.ndarray, "..."]

# The plan begins two years after the base year: 2024 to 2028 on a world of 2022.
_WAIT = 2
_BILLION = 1e3
# Decimals of a million.
_DIGITS = 3


def equal_outlay(
    case: PathCase,
    region: str,
    target: str = "semiconductors",
    amount: float | None = None,
    years: tuple[int, int] | None = None,
    *,
    levers: Sequence[str] | None = None,
    structure: Mapping[str, bool] = {},
    baseline: Record | None = None,
    threads: int = 2,
    progress: Progress = lambda _: None,
) -> xr.Dataset:
    """What each money lever buys for a region in a battleground at the same outlay.

    target    name of a battleground
    amount    bn USD a year; the parameter `equal_outlay_amount` by default
    years     first and last year of spending; by default `equal_outlay_years` from the second year
              after the base year on, as far as the path goes
    levers    names of recipes (`recipes.RECIPES`), all by default
    baseline  record of the case's path without measures, if it is known already

    Recipes that cannot be followed in this path are named, with the reason, in the attribute
    `left_out` (JSON). Raises `ScenarioError` for what is unknown, or if no recipe is left.
    """
    entry = battleground(target)
    chosen = _recipes(levers)
    if region not in case.world.regions:
        raise ScenarioError(
            f"region: {quoted(region)} is not in world {case.world.name}"
            f"{did_you_mean(region, case.world.regions)}"
        )
    first, last = _span(case, years)
    yearly = case.parameters["equal_outlay_amount"] if amount is None else amount
    if not (math.isfinite(yearly) and yearly > 0):
        raise ScenarioError(f"amount: {yearly:g} bn USD a year found; more than 0 is right")
    most = case.world.gdp[case.world.regions.index(region)] / _BILLION
    if case.world.currency == "USD" and yearly >= most:
        raise ScenarioError(
            f"amount: {yearly:g} bn USD a year found; less than {most:,.0f}, the GDP of {region}, "
            "is right"
        )
    aim = _aim(case, entry, region, first, last)
    if baseline is None:
        progress("baseline")
        none = case.labels.none()
        baseline = simulate_path(case, none, structure, lambda _: None).baseline
    total = _BILLION * yearly * (last - first + 1)
    given, left_out = compiled_recipes(case, baseline, aim, chosen, total)
    if not given:
        raise ScenarioError(
            f"levers: none can spend on {target} here: {'; '.join(left_out.values())}"
        )
    read = glimpse_of(case, region)
    timing = {name: _timing(compiled) for name, compiled in given.items()}
    # One path of waste for each way of spreading the money over the years.
    wasted = {by: _waste(case, region, by) for by in dict.fromkeys(timing.values())}
    found = run_many(
        case,
        [*(compiled.wedges for compiled in given.values()), *wasted.values()],
        read,
        structure=structure,
        names=[*given, *(f"pure waste {place + 1}" for place in range(len(wasted)))],
        threads=threads,
        progress=progress,
    )
    glimpses = {BASELINE: read(baseline), **dict(zip(given, found, strict=False))}
    waste = dict(zip(wasted, found[len(given) :], strict=True))
    table = _tables(
        case,
        aim,
        entry,
        glimpses,
        spent={n: c.ledger.new.total for n, c in given.items()},
        wasted={name: waste[by] for name, by in timing.items()},
    )
    of = {recipe.name: recipe for recipe in chosen}
    return table.assign_coords(
        lever_name=("lever", [of[name].lever for name in given]),
        on=("lever", [of[name].on for name in given]),
        note=("lever", [of[name].note for name in given]),
    ).assign_attrs(
        region=region,
        target=target,
        title=entry.title,
        amount=yearly,
        first=first,
        last=last,
        left_out=json.dumps({**left_out, **NOT_COMPARED}),
    )


def _timing(compiled: CompiledPath) -> tuple[float, ...]:
    """Planned spending by year, million, rounded far below what is solved for.

    With the cost of public funds, which waste has as well.
    """
    return tuple(np.round(compiled.ledger.new.cost_by_year, _DIGITS).tolist())


def _waste(case: PathCase, region: str, by_year: tuple[float, ...]) -> PathWedges:
    """Money that is spent in the same years and buys nothing."""
    none = case.labels.none()
    outlay = np.zeros_like(none.outlay)
    outlay[:, case.world.regions.index(region)] = by_year
    return none._replace(outlay=outlay)


def _recipes(levers: Sequence[str] | None) -> tuple[Recipe, ...]:
    known = {recipe.name: recipe for recipe in RECIPES}
    for name in levers or ():
        if name not in known:
            raise ScenarioError(f"levers: {quoted(name)} is unknown{did_you_mean(name, known)}")
    return tuple(known[name] for name in (levers or known))


def _span(case: PathCase, years: tuple[int, int] | None) -> tuple[int, int]:
    start, end = case.years[0], case.years[-1]
    if years is None:
        first = min(start + _WAIT, end)
        return first, min(first + round(case.parameters["equal_outlay_years"]) - 1, end)
    first, last = years
    if not start <= first <= last <= end:
        raise ScenarioError(
            f"years: {first} to {last} found; two years within {start} to {end} are right"
        )
    return first, last


def _aim(case: PathCase, entry: Battleground, region: str, first: int, last: int) -> Aim:
    labels = labels_of(case.chains)
    along = np.isin(case.chains.names, entry.chains)
    whole = np.asarray(labels.member[along].any(axis=0)).tolist()
    nodes = [
        name
        for name, of, how in zip(case.chains.nodes, whole, labels.counts, strict=True)
        if of and how != ASSEMBLED
    ]
    sectors = [name for name in entry.made_in if name in case.world.sectors]
    start, end = dt.date(first, 1, 1), dt.date(last, 12, 31)
    return Aim(region, tuple(nodes), tuple(sectors), start, end)


def _tables(
    case: PathCase,
    aim: Aim,
    entry: Battleground,
    glimpses: Mapping[str, Glimpse],
    *,
    spent: Mapping[str, float],
    wasted: Mapping[str, Glimpse],
) -> xr.Dataset:
    world, names = case.world, list(spent)
    here = world.regions.index(aim.region)
    income = float(np.asarray(case.base.economy.income)[here])
    shares = shares_of(glimpses, _labels(case), aim.region).sel(battleground=entry.name)
    last = shares.isel(year=-1)

    def points(name: str) -> Array:
        gone = last[name].sel(run=names) - last[name].sel(run=BASELINE)
        return np.asarray(gone.values, dtype=float)

    made_in = [world.sectors.index(sector) for sector in aim.sectors]
    sector = {name: _sector_share(one, made_in) for name, one in glimpses.items()}
    level = {n: np.exp(g.log_real_income[:, here]) for n, g in glimpses.items()}
    gain = np.array([income * (level[name] - level[BASELINE]) for name in names])
    waste = [np.exp(wasted[name].log_real_income[:, here]) - level[BASELINE] for name in names]
    outlay = np.array([spent[name] for name in names])
    by = {
        "points_final": points("final_share"),
        "points_chain": points("chain_share"),
        "points_location": points("chain_share_location"),
        "points_headquarters": points("chain_share_headquarters"),
        "points_sector": np.array([sector[name] - sector[BASELINE] for name in names]),
    }
    moved = by["points_chain"] if aim.nodes else by["points_sector"]
    cost = np.divide(outlay / _BILLION, moved, out=np.full(len(names), np.nan), where=moved > 0)
    lost = [level[name][-1] / level[BASELINE][-1] - 1 for name in names]
    net = 100 * gain.sum(axis=1) / outlay
    waste_net = 100 * income * np.array(waste).sum(axis=1) / outlay
    table: dict[str, Array] = {
        "outlay": outlay,
        **by,
        "income_effect": 100 * np.array(lost),
        "income_sum": gain.sum(axis=1),
        "cost_per_point": cost,
        "net_return": net,
        "waste_return": waste_net,
        "better_than_waste": net - waste_net,
    }
    return xr.Dataset(
        {
            name: ("lever", of, attributes(_TERMS.get(name, name), currency=world.currency))
            for name, of in table.items()
        },
        {"lever": names},
    )


def _sector_share(glimpse: Glimpse, places: Sequence[int]) -> float:
    """Domestic share of some sectors in the last year, percent, weighted by use."""
    use = glimpse.sector_use[-1, places]
    if not use.sum() > 0:
        return math.nan
    return float(100 * (glimpse.sector_home[-1, places] @ use) / use.sum())


def _labels(case: PathCase) -> xr.Dataset:
    """What `shares_of` reads from a path's dataset."""
    return xr.Dataset(
        coords={
            "year": list(case.years),
            "sector": list(case.world.sectors),
            "node": list(case.chains.nodes),
            "chain": list(case.chains.names),
            **labels_of(case.chains).coordinates,
        }
    )


# Variables that share their name with another table.
_TERMS = {"outlay": "lever_outlay", "income_effect": "lever_income_effect"}
