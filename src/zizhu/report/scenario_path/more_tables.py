"""Tables of the report and the files that the terminal has no room for; picked, not computed."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from zizhu.chains import shipped_chains
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.indicators.path_choke import chokepoints_by_year
from zizhu.indicators.tiers import TIER_TITLES
from zizhu.laboratory.scenario_path.resilience import WITHOUT
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.path import picks
from zizhu.report.scenario_path import tables

_BILLION = 1e3
# Every so many years a table has a column, beside the years that the verdict speaks of.
_EVERY = 3
# Sums of the table of where money arrived, and the variables of nodes behind them.
_ARRIVED = {
    "added": "effort",
    "own": "effort_own",
    "sector": "effort_sector",
    "money": "money",
}
# Bn USD over all years; what is smaller is not told.
_SMALL_EFFORT = 0.005
# Columns of the table of the scenario as an insurance, and the items that they show.
INSURANCE = {
    "cost of duplication": "duplication_cost",
    "expected loss": "expected_loss",
    "expected loss without levers": "expected_loss",
    "avoided": "expected_avoided",
}


class Sales(NamedTuple):
    """Change of sales to the focus by region, all sectors: bn and percent."""

    money: pd.Series
    percent: pd.Series


def told_years(outcome: ScenarioPath) -> list[int]:
    """Years of a table: those of the verdict, and others evenly between them."""
    return sorted({*outcome.case.years[::_EVERY], *tables.years_shown(outcome)})


def contents(outcome: ScenarioPath) -> pd.DataFrame:
    """Part of the value of each chain's final product that is added at home, percent."""
    found = outcome.outcome.dataset["content_share"].sel(region=outcome.focus)
    years = tables.years_shown(outcome)
    columns = {str(year): found.sel(run=SCENARIO, year=year) for year in years}
    columns[f"baseline {years[-1]}"] = found.sel(run=BASELINE, year=years[-1])
    known = shipped_chains()
    titles = [known[one].title if one in known else one for one in map(str, found["chain"].values)]
    index = pd.Index(titles, name="chain")
    return pd.DataFrame({name: one.values for name, one in columns.items()}, index)


def tiers(outcome: ScenarioPath) -> pd.DataFrame:
    """Domestic shares of tiers of each battleground, percent, counted in one way each.

    With what is bought of them in the last year, bn USD; tiers of which nothing is are left out.
    """
    found = outcome.tiers
    years = tables.years_shown(outcome)
    last = found.sel(run=SCENARIO, year=years[-1])
    rows = []
    for name in found["battleground"].values:
        for tier in found["tier"].values:
            for way in found["counts"].values:
                place = {"battleground": name, "tier": tier, "counts": way}
                share = found["tier_share"].sel(place)
                bought = float(last["tier_bought"].sel(place))
                if bought > 0:
                    rows.append(
                        {
                            "battleground": str(name),
                            "title": str(found["title"].sel(battleground=name).item()),
                            "tier": TIER_TITLES[str(tier)],
                            "counts": str(way),
                            **{str(y): float(share.sel(run=SCENARIO, year=y)) for y in years},
                            f"baseline {years[-1]}": float(share.sel(run=BASELINE, year=years[-1])),
                            "bought": bought,
                        }
                    )
    return pd.DataFrame(rows)


def incomes(outcome: ScenarioPath) -> pd.DataFrame:
    """Real income of the focus and of the regions that move most against the baseline, percent."""
    years = told_years(outcome)
    regions = picks.moved_regions(outcome.outcome, outcome.focus)
    table = picks.effects(outcome.outcome, regions, years)
    table.index = pd.Index([outcome.case.world.region_name(str(code)) for code in table.index])
    return table


def payers(outcome: ScenarioPath) -> pd.DataFrame:
    """Planned spending by region and payer, bn: some years and the sum over all."""
    ledger = outcome.compiled.ledger.new
    pairs = dict.fromkeys((entry.region, entry.payer) for entry in ledger.entries)
    rows = {}
    for region, payer in pairs:
        here = ledger.of(region=region, payer=payer)
        if here.by_year.any():
            name = f"{outcome.case.world.region_name(region)}, {payer}"
            rows[name] = _by_year(outcome, here.by_year)
    return pd.DataFrame.from_dict(rows, orient="index")


def costs(outcome: ScenarioPath) -> pd.DataFrame:
    """All planned spending, and the same with the cost of public funds, bn."""
    ledger = outcome.compiled.ledger.new
    rows = {
        "together": _by_year(outcome, ledger.by_year),
        "with the cost of public funds": _by_year(outcome, ledger.cost_by_year),
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def _by_year(outcome: ScenarioPath, values: object) -> dict[str, float]:
    every = pd.Series(values, outcome.case.years) / _BILLION
    years = told_years(outcome)
    return {**{str(year): float(every[year]) for year in years}, "all years": float(every.sum())}


def groups(outcome: ScenarioPath) -> dict[str, float]:
    """Real income in the last year with all levers over without, and the same for pressures."""
    found = outcome.attribution
    if found is None:
        return {}
    place = outcome.case.world.regions.index(outcome.focus)
    parts = {"all levers": found.levers, "all pressures": found.pressures}
    return {
        name: float(found.income(part)[-1, place]) for name, part in parts.items() if part.labels
    }


def sales(outcome: ScenarioPath) -> Sales:
    """What every region sells to the focus against the baseline, all sectors, last year."""
    last = outcome.case.years[-1]
    found = outcome.partners["sales_in_region"].sel(year=last).sum("sector")
    ours, theirs = (found.sel(run=run).to_series() for run in (SCENARIO, BASELINE))
    return Sales((ours - theirs) / _BILLION, 100 * (ours / theirs - 1))


def arrived(outcome: ScenarioPath) -> pd.DataFrame:
    """Where money arrived: effort of the focus at each node beyond the baseline's.

    Those first that get most money, through their sector or directed to them.

    added          bn USD over all years, by source in `own`, `sector` and `money` (directed)
    base           bn USD of the baseline's effort over all years
    multiple YEAR  effort over the baseline's in that year, in the shown years after the first
    use            `plants` where directed money builds plants, else `abilities`
    """
    found = outcome.outcome.dataset.sel(region=outcome.focus)
    years = tables.years_shown(outcome)
    beyond = found.sel(run=SCENARIO) - found.sel(run=BASELINE)
    parts = {
        name: beyond[f"node_{variable}"].sum("year").values for name, variable in _ARRIVED.items()
    }
    multiple = found["node_effort_multiple"].sel(run=SCENARIO)
    nodes = [str(node) for node in found["node"].values]
    plants = found["node_capacity"].sel(run=BASELINE, year=years[-1]).notnull().values
    table = pd.DataFrame(
        {
            "name": [picks.node_name(outcome.outcome, node) for node in nodes],
            "use": ["plants" if plant else "abilities" for plant in plants],
            "base": found["node_effort"].sel(run=BASELINE).sum("year").values,
            **{f"multiple {year}": multiple.sel(year=year).values for year in years[1:]},
            **parts,
        },
        pd.Index(nodes, name="node"),
    )
    given = table["sector"] + table["money"]
    moved = (table["added"].abs() >= _SMALL_EFFORT) | (given.abs() >= _SMALL_EFFORT)
    return table.loc[given[moved].sort_values(ascending=False, kind="stable").index]


def circulation(outcome: ScenarioPath) -> pd.DataFrame:
    """Part of value added that lives from domestic demand: focus and largest economies, percent."""
    found = outcome.circulation["region_internal_share"]
    years = tables.years_shown(outcome)
    regions = picks.largest_regions(outcome.outcome, outcome.focus, 6)
    here = found.sel(region=regions)
    columns = {str(year): here.sel(run=SCENARIO, year=year).values for year in years}
    columns[f"baseline {years[-1]}"] = here.sel(run=BASELINE, year=years[-1]).values
    index = [outcome.case.world.region_name(region) for region in regions]
    return pd.DataFrame(columns, index)


def bars(outcome: ScenarioPath) -> pd.DataFrame:
    """What cannot be had, and what is barred and not from home, in the last year: percent by node.

    With a column for each in the scenario and in the baseline.
    """
    threshold = outcome.case.parameters["binding_threshold"]
    found = chokepoints_by_year(outcome.outcome.dataset, outcome.focus, threshold)
    last = found.sel(year=outcome.case.years[-1])
    columns = {
        (name, run): last[name].sel(run=run).to_series()
        for name in ("lack", "squeeze")
        for run in (SCENARIO, BASELINE)
    }
    return pd.DataFrame(columns)


def insurance(outcome: ScenarioPath) -> pd.DataFrame:
    """What the scenario costs and what expected losses are, by year of the shocks, bn."""
    found = outcome.resilience
    if found is None:
        return pd.DataFrame(columns=list(INSURANCE))
    values = (
        found["duplication_cost"],
        found["expected_loss"].sel(run=SCENARIO),
        found["expected_loss"].sel(run=WITHOUT),
        found["expected_avoided"],
    )
    years = [int(year) for year in found["shock_year"].values]
    return pd.DataFrame(
        {name: one.values / _BILLION for name, one in zip(INSURANCE, values, strict=True)}, years
    )
