"""The tables that terminal, HTML, JSON and CSV show: picked and sorted from the dataset."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import xarray as xr

from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.path.outcome import PathOutcome
from zizhu.report.path import picks


class Stock(NamedTuple):
    """A stock or flow that is told only where it moved.

    variable  of the dataset, with the kind of outlay behind a slash
    title     with its unit
    factor    from the unit of the dataset to the one shown
    digits    shown
    """

    variable: str
    title: str
    factor: float
    digits: int


STOCKS = (
    Stock("funds_committed", "funds announced, bn USD", 1.0, 1),
    Stock("funds_paid", "of these paid in", 1.0, 1),
    Stock("funds_deployed", "of these spent", 1.0, 1),
    Stock("funds_leaked", "of these leaked", 1.0, 1),
    Stock("outlay/nodes", "spent on nodes beyond base year, bn", 1e-3, 1),
    Stock("outlay/rents", "rents of barred sales lost, bn", 1e-3, 1),
    Stock("research_spending", "added research, bn a year", 1e-3, 1),
    Stock("talent_home", "talent at home, base 1", 1.0, 3),
    Stock("talent_abroad", "talent abroad, home base 1", 1.0, 3),
    Stock("controls", "controls in answer, percent", 1.0, 1),
    Stock("push", "push in answer, years of purchases", 1.0, 2),
)
# Regions beside the focus whose stocks are shown.
_OTHERS = 3


def channels(outcome: PathOutcome, focus: str) -> pd.DataFrame:
    """Contributions of the channels that do something, log points x 100."""
    found = picks.decomposed(outcome, focus)
    return found[(abs(found) >= picks.SMALL_INCOME / 10).any(axis=1)]


def nodes(outcome: PathOutcome, focus: str) -> pd.DataFrame:
    """Nodes of the focus that moved most: first and last year, scenario beside baseline."""
    chosen = picks.moved_nodes(outcome, focus)
    home, price, lack, gap = (
        {run: picks.by_node(outcome, focus, name, run).loc[chosen] for run in (SCENARIO, BASELINE)}
        for name in ("node_home_share", "node_price", "node_lack", "node_gap")
    )
    return pd.DataFrame(
        {
            "name": [picks.node_name(outcome, node) for node in chosen],
            "home_first": home[SCENARIO].iloc[:, 0],
            "home_last": home[SCENARIO].iloc[:, -1],
            "home_last_baseline": home[BASELINE].iloc[:, -1],
            "price_last": price[SCENARIO].iloc[:, -1],
            "price_last_baseline": price[BASELINE].iloc[:, -1],
            "lack_most": lack[SCENARIO].max(axis=1),
            "lack_last": lack[SCENARIO].iloc[:, -1],
            "lack_last_baseline": lack[BASELINE].iloc[:, -1],
            "gap_first": gap[SCENARIO].iloc[:, 0],
            "gap_last": gap[SCENARIO].iloc[:, -1],
            "gap_last_baseline": gap[BASELINE].iloc[:, -1],
        },
        index=pd.Index(chosen, name="node"),
    )


def nodes_over_time(outcome: PathOutcome, focus: str, years: list[int]) -> pd.DataFrame:
    """Home shares of the baseline's nodes that drift most, percent by year."""
    chosen = picks.moved_nodes(outcome, focus)
    return picks.by_node(outcome, focus, "node_home_share", BASELINE).loc[chosen, years]


def stocks(outcome: PathOutcome, focus: str) -> pd.DataFrame:
    """Stocks that differ from the baseline: every year of the scenario, the baseline's last one."""
    rows = []
    for stock in STOCKS:
        name, _, kind = stock.variable.partition("/")
        variable = outcome.dataset[name]
        if kind:
            variable = variable.sel(outlay_kind=kind)
        smallest = 0.5 * 10.0**-stock.digits / stock.factor
        # All regions at once: to pick them one by one takes seconds.
        gap = abs(variable.sel(run=SCENARIO) - variable.sel(run=BASELINE))
        largest = gap.max([name for name in gap.dims if name != "region"])
        most = dict(zip(map(str, gap["region"].values), map(float, largest.values), strict=True))
        most = {region: most[region] for region in picks.world_regions(outcome)}
        moved = sorted((r for r in most if most[r] >= smallest), key=lambda r: -most[r])
        others = [region for region in moved if region != focus][:_OTHERS]
        for region in [*([focus] if focus in moved else []), *others]:
            ours, theirs = picks.both_runs(variable, region)
            rows.append(
                {
                    "stock": stock.title,
                    "region": region,
                    "digits": stock.digits,
                    **(stock.factor * ours).to_dict(),
                    "baseline": stock.factor * float(theirs.iloc[-1]),
                }
            )
    columns = ["stock", "region", "digits", *picks.years_of(outcome), "baseline"]
    return pd.DataFrame(rows, columns=columns)


def stock_rows(outcome: PathOutcome, focus: str, years: list[int]) -> list[list[str]]:
    """The same as text: name, chosen years, the baseline's last one."""
    rows = []
    for row in stocks(outcome, focus).to_dict("records"):
        place = "" if row["region"] == focus else f" ({row['region']})"
        values = (row[year] for year in [*years, "baseline"])
        rows.append([f"{row['stock']}{place}", *(f"{one:.{row['digits']}f}" for one in values)])
    return rows


def growth(outcome: PathOutcome, focus: str, count: int | None = None) -> pd.DataFrame:
    """Growth of the baseline's real income in three spans, beside the outlook, percent a year."""
    years = picks.years_of(outcome)
    first, last = years[0], years[-1]
    middle = years[len(years) // 2]
    spans = {f"{a} to {b}": (a, b) for a, b in ((first, middle), (middle, last), (first, last))}
    table = pd.DataFrame(
        {name: picks.growth(outcome, BASELINE, a, b) for name, (a, b) in spans.items() if b > a}
    )
    table["outlook"] = picks.outlook(outcome)
    regions = picks.world_regions(outcome)
    return table.loc[picks.largest_regions(outcome, focus, count or len(regions))]


def csv_tables(outcome: PathOutcome, focus: str) -> dict[str, pd.DataFrame]:
    """Every table as it is written to `tables/`; cells by node and sector are of the focus."""
    found = outcome.dataset
    of_focus = found.sel(region=focus)
    by_region = [
        name
        for name, one in found.items()
        if one.dims == ("run", "year", "region") and name != "outlay"
    ]
    regions = found[by_region].to_dataframe().reset_index()
    outlays = found.outlay.to_dataset("outlay_kind").to_dataframe().reset_index(drop=True)
    regions = pd.concat([regions, outlays.add_prefix("outlay_")], axis=1)
    tables = {
        "effects": found.real_income_effect.to_dataframe().reset_index(),
        "regions": regions,
        "sectors": _cells(of_focus, "sector", focus),
        "nodes": _cells(of_focus, "node", focus),
        "chains": _cells(of_focus, "chain", focus),
        "audit": found.audit.to_dataframe().reset_index(),
        "definitions": definitions(outcome),
    }
    if picks.moves(outcome) and found.decomposition.size:
        tables["decomposition"] = found.decomposition.to_dataframe().reset_index()
    if found.firm.size:
        tables["firms"] = found.firm_revenue.to_dataframe().reset_index()
    return tables


def _cells(of_focus: xr.Dataset, dim: str, focus: str) -> pd.DataFrame:
    """Variables by run, year and one more dimension."""
    names = [name for name, one in of_focus.data_vars.items() if one.dims == ("run", "year", dim)]
    table = of_focus[names].drop_vars("region").to_dataframe().reset_index()
    return pd.DataFrame(table).assign(region=focus)


def definitions(outcome: PathOutcome) -> pd.DataFrame:
    """Dimensions, unit and definition of every variable."""
    return pd.DataFrame(
        [
            {
                "variable": name,
                "dimensions": " ".join(map(str, one.dims)),
                "units": one.attrs["units"],
                "definition": one.attrs["definition"],
            }
            for name, one in outcome.dataset.items()
        ]
    )


def shown_tables(outcome: PathOutcome, focus: str) -> dict[str, pd.DataFrame]:
    """The tables of the page, as JSON has them."""
    years = list(picks.years_of(outcome))
    if not picks.moves(outcome):
        return {
            "growth": growth(outcome, focus).rename_axis("region").reset_index(),
            "home_shares": nodes_over_time(outcome, focus, years).reset_index(),
        }
    return {
        "real_income_effect": picks.effects(
            outcome, list(picks.world_regions(outcome)), years
        ).reset_index(),
        "decomposition": picks.decomposed(outcome, focus).reset_index(),
        "nodes": nodes(outcome, focus).reset_index(),
        "firms": picks.listed_firms(outcome).reset_index(),
        "stocks": stocks(outcome, focus).drop(columns="digits"),
    }
