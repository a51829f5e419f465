"""From pairs of glimpses to the headlines of each draw, labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from zizhu.indicators.battleground_tiers import battleground_tiers
from zizhu.indicators.battlegrounds import battlegrounds, domestic_share
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.indicators.path_choke import chokepoints_by_year
from zizhu.indicators.targets import target_results
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.scenario_path.glimpse import Glimpse, dataset_of
from zizhu.policy.target import Target

Arrays = Mapping[str, np.ndarray]
_BILLION = 1000.0
# Axes of each headline behind that of draws.
AXES: Mapping[str, tuple[str, ...]] = {
    "real_income_effect": ("region", "year"),
    "domestic_share": ("run", "battleground", "year"),
    "tier_share": ("run", "battleground_of_tiers", "tier", "counts", "year"),
    "node_home_share": ("run", "node", "year"),
    "node_lack": ("run", "node", "year"),
    "binds": ("run", "node", "year"),
    "outlay": (),
    "cost_per_point": ("battleground",),
    "target_value": ("run", "target"),
    "target_reached": ("run", "target"),
}


def headlines(
    pairs: Sequence[tuple[Glimpse, Glimpse]],
    outlays: Sequence[float],
    case: PathCase,
    *,
    dataset: xr.Dataset,
    region: str,
    targets: Sequence[Target],
) -> Arrays:
    """Headlines of pairs of baseline and scenario, with draws first: see `AXES`.

    outlays  new money that the scenario plans under each draw, million
    dataset  of the path as registered: labels, and what was barred (which draws do not change)

    cost_per_point is the outlay in billions over the points by which the scenario's domestic share
    of a battleground is higher in the last year; not a number where it is not.
    """
    glimpses: dict[str, Glimpse] = {}
    for place, (baseline, scenario) in enumerate(pairs):
        glimpses |= {f"{SCENARIO} {place}": scenario, f"{BASELINE} {place}": baseline}
    table = dataset_of(glimpses, dataset, region)
    both = (len(pairs), 2)

    def by_pair(values: xr.DataArray, *axes: str) -> np.ndarray:
        found = values.transpose("run", *axes).values
        return np.asarray(found.reshape(*both, *found.shape[1:]))

    share = by_pair(domestic_share(table, region), "battleground", "year")
    tiers = battleground_tiers(table, region)["tier_share"]
    barred = dataset["node_barred"].sel(region=region).sel(run=[SCENARIO, BASELINE] * len(pairs))
    barred = barred.assign_coords(run=table["run"].values).expand_dims(region=[region])
    chokes = chokepoints_by_year(
        table.assign(node_barred=barred), region, case.parameters["binding_threshold"]
    )
    income = np.array([after.log_real_income - before.log_real_income for before, after in pairs])
    spent = np.asarray(outlays, dtype=float) / _BILLION
    points = share[:, 0, :, -1] - share[:, 1, :, -1]
    cost = np.divide(spent[:, None], points, out=np.full(points.shape, np.nan), where=points > 0)
    known = [one for one in targets if one.region == region]
    found = target_results(table, known, case.labels)
    shape = (len(known), *both)
    value = np.reshape([one.value for one in found], shape).transpose(1, 2, 0)
    met = np.reshape(
        [np.nan if one.reached is None else float(one.reached) for one in found], shape
    ).transpose(1, 2, 0)
    return {
        "real_income_effect": 100 * np.expm1(income).transpose(0, 2, 1),
        "domestic_share": share,
        "tier_share": by_pair(tiers, "battleground", "tier", "counts", "year"),
        "node_home_share": by_pair(
            table["node_home_share"].sel(region=region, drop=True), "node", "year"
        ),
        "node_lack": by_pair(table["node_lack"].sel(region=region, drop=True), "node", "year"),
        "binds": by_pair(chokes["binds"], "node", "year").astype(float),
        "outlay": spent,
        "cost_per_point": np.where(np.isfinite(points), cost, np.nan),
        "target_value": value.astype(float),
        "target_reached": met.astype(float),
    }


def labelled(
    arrays: Arrays, dataset: xr.Dataset, region: str, targets: Sequence[str]
) -> xr.Dataset:
    """Headlines with their coordinates."""
    fields = battlegrounds_of(dataset, region)
    tiers = battleground_tiers(dataset, region)
    coordinates: dict[str, Any] = {
        "draw": np.arange(len(arrays["outlay"])),
        "run": [SCENARIO, BASELINE],
        "year": dataset["year"].values,
        "region": dataset["region"].values,
        "node": dataset["node"].values,
        "battleground": fields["battleground"].values,
        "title": ("battleground", fields["title"].values),
        "market": ("battleground", fields["market"].values),
        "battleground_of_tiers": tiers["battleground"].values,
        "tier": tiers["tier"].values,
        "counts": tiers["counts"].values,
        "target": list(targets),
    }
    return xr.Dataset({name: (("draw", *AXES[name]), arrays[name]) for name in AXES}, coordinates)


def battlegrounds_of(dataset: xr.Dataset, region: str) -> xr.Dataset:
    """Labels of battlegrounds alone."""
    return battlegrounds(dataset.isel(year=[0], run=[0]), region)
