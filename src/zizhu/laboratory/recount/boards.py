"""What a scenario with years is judged by, counted again: fields, targets, partners."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.battlegrounds import battleground_list
from zizhu.laboratory.recount.asked import Asked
from zizhu.laboratory.recount.content import Followed, already, group_of, nodes_of, whole_value
from zizhu.laboratory.recount.misses import Misses, miss
from zizhu.laboratory.recount.path import flows_of

_RUNS = ("scenario", "baseline")
_CELL = ("year", "partner", "sector")
_ALONG = (
    *("chain_share", "chain_share_location", "chain_share_headquarters"),
    *("headquarters_part", "plants_at_home"),
)


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
        self._followed = Followed(record, case, users)

    def of_nodes(self, names: Any, parts: Any = None) -> Float[np.ndarray, " t"]:
        """Over traded nodes of these names; not a number where there are none.

        parts  by name, what part of the node's purchases counts
        """
        rows = [
            row
            for row, node in enumerate(self._case.chains.nodes)
            if node in names and self.traded[row]
        ]
        part = [1.0 if parts is None else parts[self._case.chains.nodes[row]] for row in rows]
        return _mean(self._home[:, rows], self._bought[:, rows] * np.array(part))

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

    def along(self, names: Any) -> set[str]:
        """Nodes of chains of these names."""
        chains = [one for one in names if one in self._case.chains.names]
        return {node for chain in chains for node in nodes_of(self._case, chain)}

    def of_chains(self, names: Any) -> dict[str, Float[np.ndarray, " t"]]:
        """Shares of value at the ends of chains of these names, each over what it is a part of."""
        chains = [one for one in names if one in self._case.chains.names]
        found = [self._followed.of_chain(one) for one in chains]
        # Where everything can be had, kinds of value are the same part of every purchase.
        parts = [whole_value(self._case, one) for one in chains]
        whole = [
            sum(one[0][:, 0] * part[kind] for one, part in zip(found, parts, strict=True))
            for kind in range(3)
        ]
        if not found:
            return dict.fromkeys(_ALONG, np.full(len(self._case.years), np.nan))
        money = [np.sum([one[at][:, 0] for one in found], axis=0) for at in range(4)]
        added = whole[0] + whole[1]
        pairs = [
            (money[1] + money[2], added),
            (money[2], whole[1]),
            (money[1], whole[0]),
            (whole[0], added),
            (money[3], whole[2]),
        ]
        return {
            name: _percent(np.asarray(above), np.asarray(below))
            for name, (above, below) in zip(_ALONG, pairs, strict=True)
        }

    def of_tier(self, chains: Any, final: Any, group: tuple[str, str]) -> Float[np.ndarray, " t"]:
        """Over nodes of chains of one tier that are counted in one way, final products left out."""
        inner = [one for one in self.along(chains) if one not in final]
        alike = [one for one in inner if group_of(self._case, one) == group]
        return self.of_nodes(alike, {one: 1 - already(self._case, one) for one in alike})


def _mean(home: np.ndarray, bought: np.ndarray) -> np.ndarray:
    whole = bought.sum(axis=1)
    some = whole > 0
    return np.where(some, 100 * (home * bought).sum(axis=1) / np.where(some, whole, 1.0), np.nan)


def board_misses(board: xr.Dataset, tiers: xr.Dataset, shares: dict[str, Shares]) -> Misses:
    """Shares of every battleground, and of its tiers."""
    worst = 0.0
    place = {str(name): at for at, name in enumerate(board["battleground"].values)}
    for run in _RUNS:
        here, table = shares[run], board.sel(run=run)
        shown = {
            str(what): one.transpose("battleground", "year").values
            for what, one in table.data_vars.items()
        }
        for name, entry in battleground_list().items():
            expected = {
                "final_share": here.of_nodes(entry.final),
                **here.of_chains(entry.chains),
                "sector_share": here.of_sectors(entry.sectors),
                "purchases": here.bought(entry.final),
            }
            for what, values in expected.items():
                size = None if what == "purchases" else 100.0
                worst = max(worst, miss(shown[what][place[name]], values, size))
    return {"shares of battlegrounds": worst, "shares of tiers": _tier_misses(tiers, shares)}


def _tier_misses(tiers: xr.Dataset, shares: dict[str, Shares]) -> float:
    worst, found = 0.0, tiers["tier_share"].transpose(..., "year")
    for name in tiers["battleground"].values:
        entry = battleground_list()[str(name)]
        for tier in tiers["tier"].values.tolist():
            for way in tiers["counts"].values.tolist():
                shown = found.sel(battleground=name, tier=tier, counts=way)
                for run in _RUNS:
                    expected = shares[run].of_tier(entry.chains, entry.final, (tier, way))
                    worst = max(worst, miss(shown.sel(run=run).values, expected, 100.0))
    return worst


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
            counts = {group_of(case, node)[1] for node in entry.final if node in case.chains.nodes}
            if target.counts == "location" != "".join(counts):
                by_place = here.of_chains(entry.chains)["plants_at_home"]
                values = by_place if np.isfinite(by_place).any() else values
            if not set(entry.final) & set(case.chains.nodes):
                values = here.of_sectors(entry.sectors)
        elif target.node is not None:
            rows = asked.node_places(target.node)
            values = here.of_nodes([case.chains.nodes[row] for row in rows])
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
