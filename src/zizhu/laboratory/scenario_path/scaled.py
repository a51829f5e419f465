"""What a scenario's levers of one kind do at no, their own, twice and four times their size.

The wedges of all measures of a kind are multiplied alike, all else stays: a straight line in
policy, so that a bend in the answer is the model's. Parts of a whole (mandates,
openness) end at one. No budget is asked whether it can pay four times the sum; the outlay is in the
answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from zizhu.errors import ScenarioError
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.path.many import run_many
from zizhu.laboratory.path.run import Path, Progress
from zizhu.laboratory.scenario_path.glimpse import glimpse_of, shares_of
from zizhu.policy.compile_path import CompiledPath, together
from zizhu.policy.path_wedges import PARTS, PathWedges
from zizhu.policy.scenario import Scenario

# Levers by what they work with; what is in none is not scaled.
KINDS: dict[str, tuple[str, ...]] = {
    "money": (
        "investment_fund",
        "investment_subsidy",
        "entry_subsidy",
        "production_subsidy",
        "local_support",
        "little_giants",
        "champion",
        "upgrading",
    ),
    "knowledge": (
        "research_spending",
        "research_tax_credit",
        "technology_transfer",
        "intellectual_property",
        "cluster",
    ),
    "talent": ("talent_pipeline", "talent_recruitment"),
    "demand": ("procurement_preference", "demand_policy", "mandate"),
}
FACTORS = (0.0, 1.0, 2.0, 4.0)


def scaled(wedges: PathWedges, factor: float) -> PathWedges:
    """Wedges at a multiple of their size; parts of a whole end at one."""
    found = {}
    for name, array in wedges._asdict().items():
        if not array.any():
            found[name] = array
        elif name in PARTS:
            found[name] = np.clip(factor * array, -1.0, 1.0)
        else:
            found[name] = factor * array
    return PathWedges(**found)


def labels_by_kind(scenario: Scenario, compiled: CompiledPath, region: str) -> dict[str, list[str]]:
    """Labels of the measures of each kind that are no pressure on the region and move anything."""
    building = set(compiled.levers(region))
    return {
        kind: [
            measure.label
            for measure in scenario.measures
            if measure.lever in levers
            and measure.label in building
            and not compiled.by_measure[measure.label].is_none
        ]
        for kind, levers in KINDS.items()
    }


def responses(
    scenario: Scenario,
    path: Path,
    compiled: CompiledPath,
    dataset: xr.Dataset,
    region: str,
    *,
    factors: Sequence[float] = FACTORS,
    progress: Progress = lambda _: None,
) -> xr.Dataset:
    """Every battleground's share when all levers of one kind are scaled, in the last year.

    path, compiled, dataset  of the scenario itself, see `ScenarioPath`
    region                   whose shares and income are read

    share   [kind, factor, battleground] percent, along the chain; of the sector where there is no
            chain
    points  the same less that at the factor zero, of the same kind
    income  [kind, factor] real income against the baseline, percent
    outlay  [kind, factor] planned spending of the kind's measures over all years, bn USD
    measures  [kind] labels; a kind without any is left out

    Raises `ScenarioError` without the factor zero, or if the scenario has no lever of any kind.
    """
    if 0 not in factors:
        raise ScenarioError("responses: factors without 0; points are read against it")
    read = glimpse_of(path.case, region)
    kinds = {
        k: labels for k, labels in labels_by_kind(scenario, compiled, region).items() if labels
    }
    if not kinds:
        raise ScenarioError(f"responses: scenario {scenario.name} has no lever that moves {region}")
    members = {
        f"{kind} x {factor:g}": _at(compiled, labels, factor)
        for kind, labels in kinds.items()
        for factor in factors
        if factor != 1
    }
    found = dict(
        zip(
            members,
            run_many(
                path.case,
                list(members.values()),
                read,
                structure=path.structure,
                names=list(members),
                progress=progress,
            ),
            strict=True,
        )
    )
    glimpses = {SCENARIO: read(path.record), BASELINE: read(path.baseline), **found}
    shares = shares_of(glimpses, dataset, region).isel(year=-1)
    whole = shares["chain_share"].fillna(shares["sector_share"])
    runs = [
        [SCENARIO if factor == 1 else f"{kind} x {factor:g}" for factor in factors]
        for kind in kinds
    ]
    share = np.array([[whole.sel(run=run).values for run in row] for row in runs])
    at = path.case.world.regions.index(region)
    base = glimpses[BASELINE].log_real_income[-1, at]
    income = [
        [100 * np.expm1(glimpses[run].log_real_income[-1, at] - base) for run in row]
        for row in runs
    ]
    ledger = compiled.ledger.new
    planned = {
        kind: sum(ledger.of(measure=label).total for label in labels) / 1e3
        for kind, labels in kinds.items()
    }
    start = list(factors).index(0)
    return xr.Dataset(
        {
            "share": (("kind", "factor", "battleground"), share),
            "points": (("kind", "factor", "battleground"), share - share[:, start : start + 1]),
            "income": (("kind", "factor"), np.array(income)),
            "outlay": (
                ("kind", "factor"),
                np.array([[factor * planned[kind] for factor in factors] for kind in kinds]),
            ),
            "measures": (("kind",), [", ".join(labels) for labels in kinds.values()]),
        },
        {
            "kind": list(kinds),
            "factor": list(factors),
            "battleground": shares["battleground"].values,
            "title": ("battleground", shares["title"].values),
        },
        {"year": int(path.case.years[-1]), "region": region, "scenario": scenario.name},
    )


def _at(compiled: CompiledPath, labels: Sequence[str], factor: float) -> PathWedges:
    """All wedges, those of some measures at a multiple."""
    parts = [
        scaled(wedges, factor) if label in labels else wedges
        for label, wedges in compiled.by_measure.items()
    ]
    return together(parts, compiled.wedges)
