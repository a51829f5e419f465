"""What a scenario with years is judged by, counted again: fields, targets, partners."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.battlegrounds import battleground_list
from zizhu.laboratory.recount.asked import Asked
from zizhu.laboratory.recount.misses import Misses, miss
from zizhu.laboratory.recount.path import flows_of

_RUNS = ("scenario", "baseline")
_CELL = ("year", "partner", "sector")


class Shares:
    """Domestic shares of one region in one run: mean of home's part by purchases, percent [t]."""

    def __init__(self, record: Any, wedges: Any, case: Any, region: str) -> None:
        """Take a run, its measures' wedges, and the region that buys."""
        self.here = case.world.regions.index(region)
        self._case = case
        users = slice(self.here, self.here + 1)
        # [t,i,k] what each maker sells here
        self.inside = flows_of(record, case, wedges, users)[..., 0]
        places = np.asarray(case.chains.places)
        home, bought = record.chains.home, record.flows.demand.bought
        self._home = np.asarray(home)[:, places, self.here]
        self._bought = np.asarray(bought)[:, places, self.here]
        self.lack = 100 * np.asarray(record.chains.lack)[:, places, self.here]
        self.traded = ~np.asarray(case.base.technology.assembled)[places]
        self._own, self._used = self.inside[:, self.here], self.inside.sum(axis=1)

    def of_nodes(self, names: Any) -> Float[np.ndarray, " t"]:
        """Over traded nodes of these names; not a number where there are none."""
        rows = [
            row
            for row, node in enumerate(self._case.chains.nodes)
            if node in names and self.traded[row]
        ]
        return _mean(self._home[:, rows], self._bought[:, rows])

    def of_sectors(self, names: Any) -> Float[np.ndarray, " t"]:
        """Over sectors of these names."""
        rows = [row for row, sector in enumerate(self._case.world.sectors) if sector in names]
        own, used = self._own[:, rows].sum(axis=1), self._used[:, rows].sum(axis=1)
        return np.asarray(np.where(used > 0, 100 * own / np.where(used > 0, used, 1.0), np.nan))

    def bought(self, names: Any) -> Float[np.ndarray, " t"]:
        """Purchases of nodes of these names."""
        rows = [row for row, node in enumerate(self._case.chains.nodes) if node in names]
        whole = self._bought[:, rows].sum(axis=1)
        return whole if rows else np.full(len(whole), np.nan)

    def along(self, names: Any) -> list[str]:
        """Nodes of chains of these names."""
        return [one for one in self._case.chains.nodes if one.split("/")[0] in names]


def _mean(home: np.ndarray, bought: np.ndarray) -> np.ndarray:
    whole = bought.sum(axis=1)
    some = whole > 0
    return np.where(some, 100 * (home * bought).sum(axis=1) / np.where(some, whole, 1.0), np.nan)


def board_misses(board: xr.Dataset, shares: dict[str, Shares], counts: np.ndarray) -> Misses:
    """Shares of every battleground; `counts` says by node how suppliers' shares are counted."""
    by_name = dict(zip(shares[_RUNS[0]]._case.chains.nodes, counts.tolist(), strict=True))
    worst = 0.0
    place = {str(name): at for at, name in enumerate(board["battleground"].values)}
    for run in _RUNS:
        here, table = shares[run], board.sel(run=run)
        shown = {
            str(what): one.transpose("battleground", "year").values
            for what, one in table.data_vars.items()
        }
        for name, entry in battleground_list().items():
            along = here.along(entry.chains)
            expected = {
                "final_share": here.of_nodes(entry.final),
                "chain_share": here.of_nodes(along),
                "sector_share": here.of_sectors(entry.sectors),
                "purchases": here.bought(entry.final),
            }
            for kind in ("location", "headquarters"):
                counted = [node for node in along if by_name[node] == kind]
                expected[f"chain_share_{kind}"] = here.of_nodes(counted)
            for what, values in expected.items():
                worst = max(worst, miss(shown[what][place[name]], values))
    return {"shares of battlegrounds": worst}


def target_misses(results: Any, asked: Asked, shares: dict[str, dict[str, Shares]]) -> Misses:
    """Value of each target, and whether it is reached.

    asked   the scenario that names them
    shares  by region and run
    """
    by_label = {target.label: target for target in asked.scenario.targets}
    worst = 0.0
    for result in results:
        target = by_label[result.label]
        here = shares[target.region][result.run]
        case = here._case
        if target.battleground is not None:
            entry = battleground_list()[target.battleground]
            values = here.of_nodes(entry.final)
            if not set(entry.final) & set(case.chains.nodes):
                values = here.of_sectors(entry.sectors)
        elif target.node is not None:
            whole = [n for n in case.chains.nodes if target.node in (n, n.partition("/")[2])]
            values = here.of_nodes(whole)
        else:
            names = [one.strip() for one in str(target.sector).split(",")]
            places = asked.sectors(names)
            values = here.of_sectors({case.world.sectors[place] for place in places})
        if target.year not in case.years:
            continue
        value = float(values[case.years.index(target.year)])
        worst = max(worst, miss(result.value, value, 100.0))
        reached = None if np.isnan(value) else value >= 100 * target.at_least.fraction - 1e-9
        worst = max(worst, 0.0 if reached == result.reached else float("inf"))
    return {"targets": worst}


def partner_misses(
    table: xr.Dataset, path: Any, shares: dict[str, Shares], dataset: xr.Dataset
) -> Misses:
    """Gains of partners, and what they sell in the market of one region and in the world.

    shares   of that region by run
    dataset  of the path, which has been counted again already
    """
    world = path.case.world
    base = np.einsum("iknu,ikn->n", world.final, 1 + world.tariff)
    ours, theirs = (
        np.asarray(run.solution.income) / base / np.exp(np.asarray(run.solution.log_final_price))
        for run in (path.record, path.baseline)
    )
    inside = {run: shares[run].inside for run in _RUNS}
    records = dict(zip(_RUNS, (path.record, path.baseline), strict=True))
    volume = dataset["output"].transpose("run", "year", "region", "sector")
    whole = {
        run: volume.sel(run=run).values * np.exp(np.asarray(records[run].solution.log_price))
        for run in _RUNS
    }
    by_partner = ("year", "partner")

    def shown(name: str, dims: tuple[str, ...], run: str = "") -> np.ndarray:
        one = table[name].sel(run=run) if run else table[name]
        return np.asarray(one.transpose(*dims).values)

    found = [
        miss(shown("income_effect", by_partner), 100 * (ours / theirs - 1), 100.0),
        miss(shown("income_gain", by_partner), base * (ours - theirs), base.max()),
    ]
    for run in _RUNS:
        market = np.broadcast_to(inside[run].sum(axis=1, keepdims=True), inside[run].shape)
        found += [
            miss(shown("sales_in_region", _CELL, run), inside[run]),
            miss(shown("market_share", _CELL, run), _percent(inside[run], market), 100.0),
        ]
    for name, by_run in (("sales_change", inside), ("world_sales_change", whole)):
        one, other = by_run[_RUNS[0]], by_run[_RUNS[1]]
        relative = _percent(one, other) - 100
        found += [
            miss(shown(name, _CELL), one - other, other.max()),
            miss(
                shown(f"{name}_percent", _CELL),
                relative,
                100 + np.abs(np.nan_to_num(relative)),
            ),
        ]
    return {"partners": max(found)}


def _percent(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    some = other > 0
    return np.asarray(np.where(some, 100 * one / np.where(some, other, 1.0), np.nan))
