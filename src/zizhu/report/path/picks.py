"""What of a path is shown: years, regions, nodes, firms that matter, picked from its dataset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from zizhu.chains import Chain
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.path.outcome import PathOutcome

# Percent of real income, points of a share, points of a lack: what is smaller is not told.
SMALL_INCOME = 0.005
SMALL_SHARE = 0.5
SMALL_LACK = 0.5
# Regions and nodes of tables and figures; the files have all.
REGIONS, NODES = 8, 10
_ASSEMBLED = "assembled"


def years_of(outcome: PathOutcome) -> tuple[int, ...]:
    """Every year of the path."""
    return outcome.path.case.years


def some_years(outcome: PathOutcome, count: int = 7) -> list[int]:
    """First and last year, and others evenly between them."""
    years = years_of(outcome)
    places = np.linspace(0, len(years) - 1, min(count, len(years))).round().astype(int)
    return [years[place] for place in places]


def middle_and_last(outcome: PathOutcome) -> list[int]:
    """The year in the middle, and the last one; the last alone if there is nothing between."""
    years = years_of(outcome)
    return sorted({years[(len(years) - 1) // 2], years[-1]} - set(years[:1])) or [years[-1]]


def moves(outcome: PathOutcome) -> bool:
    """Whether there is a scenario beside the baseline."""
    return not outcome.path.wedges.is_none


def chain_of(outcome: PathOutcome) -> Chain:
    """All chains as one; its nodes are labelled like those of the dataset."""
    return outcome.path.case.chains.joined


def node_name(outcome: PathOutcome, node: str) -> str:
    """Name of a node for people, without what stands in brackets."""
    return chain_of(outcome).nodes[node].name.split(" (")[0]


def largest_regions(outcome: PathOutcome, focus: str, count: int) -> list[str]:
    """The focus, then the largest economies of the base year."""
    table = outcome.dataset.value_added.sel(run=BASELINE).isel(year=0).sum("sector").to_series()
    order = [str(code) for code in table.sort_values(ascending=False).index if code != focus]
    return [focus, *order[: count - 1]]


def moved_regions(outcome: PathOutcome, focus: str, count: int = REGIONS) -> list[str]:
    """The focus, then the regions whose real income moves most in any year."""
    most = abs(outcome.dataset.real_income_effect).max("year").to_series()
    order = [str(code) for code in most.sort_values(ascending=False, kind="stable").index]
    return [focus, *[code for code in order if code != focus][: count - 1]]


def _frame(variable: xr.DataArray, rows: str, columns: str) -> pd.DataFrame:
    """A variable of two dimensions as a table."""
    return pd.DataFrame(
        variable.transpose(rows, columns).values,
        pd.Index(variable[rows].values, name=rows),
        pd.Index(variable[columns].values, name=columns),
    )


def effects(outcome: PathOutcome, regions: list[str], years: list[int]) -> pd.DataFrame:
    """Real income against the baseline, percent: regions in rows, years in columns."""
    found = outcome.dataset.real_income_effect.sel(region=regions, year=years)
    return _frame(found, "region", "year")


def by_node(outcome: PathOutcome, focus: str, name: str, run: str) -> pd.DataFrame:
    """One variable of the focus region, nodes in rows and years in columns."""
    return _frame(outcome.dataset[name].sel(run=run, region=focus), "node", "year")


def moved_nodes(outcome: PathOutcome, focus: str, count: int = NODES) -> list[str]:
    """Nodes of the focus whose home share or lack moves most, scenario against baseline.

    Without a scenario: whose home share moves most over the years.
    """
    pairs = []
    for name in ("node_home_share", "node_lack"):
        ours, theirs = (by_node(outcome, focus, name, run) for run in (SCENARIO, BASELINE))
        if moves(outcome):
            pairs.append(abs(ours - theirs).max(axis=1))
        elif name == "node_home_share":
            pairs.append(abs(theirs.sub(theirs.iloc[:, 0], axis=0)).max(axis=1))
    most = pd.concat(pairs, axis=1).max(axis=1)
    kinds = outcome.dataset.node_counts.to_series()
    most = most[(kinds != _ASSEMBLED) & (most >= SMALL_SHARE)]
    return [str(node) for node in most.sort_values(ascending=False, kind="stable").index[:count]]


def lacking_nodes(outcome: PathOutcome, focus: str, run: str = SCENARIO) -> pd.Series:
    """What the focus cannot have in the last year, percent by node, the largest first.

    Nodes that buyers assemble are left out: what they lack is listed with their inputs.
    """
    last: pd.Series = by_node(outcome, focus, "node_lack", run).iloc[:, -1]
    kinds = outcome.dataset.node_counts.to_series()
    last = last[(kinds != _ASSEMBLED) & (last >= SMALL_LACK)]
    return last.sort_values(ascending=False, kind="stable")


def listed_firms(outcome: PathOutcome) -> pd.DataFrame:
    """Revenue of firms that are listed in some year, firms in rows and years in columns."""
    table = _frame(outcome.dataset.firm_revenue.sel(run=SCENARIO), "firm", "year")
    listed = pd.DataFrame(outcome.path.wedges.listed.T, table.index).any(axis=1)
    return table[listed]


def years_of_listing(outcome: PathOutcome, count: int = 7) -> list[int]:
    """The year before the first listing and those after it, and the last of the path."""
    years, table = years_of(outcome), outcome.path.wedges.listed
    start = max(int(table.any(axis=1).argmax()) - 1, 0)
    return sorted({*years[start : start + count - 1], years[-1]})


def decomposed(outcome: PathOutcome, focus: str) -> pd.DataFrame:
    """Contributions to the focus, channels in rows and explained years in columns."""
    return _frame(outcome.dataset.decomposition.sel(region=focus), "channel", "decomposed_year")


def effect(outcome: PathOutcome, region: str, year: int) -> float:
    """Real income of a region against the baseline in a year, percent."""
    return float(outcome.dataset.real_income_effect.sel(region=region, year=year))


def growth(outcome: PathOutcome, run: str, first: int, last: int) -> pd.Series:
    """Mean growth of real income by region between two years, percent a year."""
    level = 1 + outcome.dataset.real_income.sel(run=run) / 100
    ratio: pd.Series = (level.sel(year=last) / level.sel(year=first)).to_series()
    return 100 * (ratio ** (1 / (last - first)) - 1)


def outlook(outcome: PathOutcome) -> pd.Series:
    """What others expect real GDP to grow by around 2030, percent a year; recalled."""
    found = outcome.path.case.growth
    return pd.Series(100 * np.expm1(found.outlook_gdp_growth), list(found.regions))


def both_runs(variable: xr.DataArray, region: str) -> tuple[pd.Series, pd.Series]:
    """A variable of a region by year, scenario and baseline."""
    found = variable.sel(region=region)
    return found.sel(run=SCENARIO).to_series(), found.sel(run=BASELINE).to_series()


def world_regions(outcome: PathOutcome) -> Sequence[str]:
    """Every region."""
    return outcome.path.case.world.regions
