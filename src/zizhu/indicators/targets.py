"""Targets that governments named, set beside what a path gives.

A path has one value a year: it says whether a target is reached in it, not how likely that is.
How likely needs many paths with parameters drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from zizhu.errors import ScenarioError, quoted
from zizhu.indicators.asked import ASSEMBLED, LOCATION, known_region, weighted
from zizhu.indicators.battlegrounds import PLANTS_OF, battleground, battleground_share
from zizhu.policy.path_labels import PathLabels
from zizhu.policy.target import Target


class TargetResult(NamedTuple):
    """A target in one run.

    what        node, sector or battleground, in words
    definition  how the share is counted, and of what it is one
    value       domestic share in the target's year, percent; nan where the path does not have it
    reached     whether it is at least what was asked; None where the path does not have the year
    first_year  first year of the path in which it is; None if none is
    gap         value less what was asked, percentage points
    note        what the reader should know, or nothing
    otherwise   the source of the target is known to count another thing than the model does
    """

    label: str
    title: str
    region: str
    what: str
    definition: str
    at_least: float
    year: int
    run: str
    value: float
    reached: bool | None
    first_year: int | None
    gap: float
    source: str
    note: str
    otherwise: bool


# Shares are sums of many shares: what misses a target by less than rounding reaches it.
_ROUNDING = 1e-9
# Nodes of a battleground that are counted in different ways, see `asked.counted`.
_MIXED = "mixed"


def target_results(
    dataset: xr.Dataset, targets: Sequence[Target], labels: PathLabels
) -> tuple[TargetResult, ...]:
    """Each target in each run of a path's dataset: one row for a target and run.

    Raises `ScenarioError` naming the target and what it misses in this path.
    """
    found = []
    for target in targets:
        try:
            measured = _measured(dataset, target, labels)
        except ScenarioError as error:
            raise ScenarioError(f"target {target.label}, {error}") from error
        found += [_result(target, measured, str(run)) for run in dataset["run"].values]
    return tuple(found)


class _Measured(NamedTuple):
    """Domestic share by run and year, of what, how it is counted, and what it is a share of."""

    share: xr.DataArray
    what: str
    counts: str
    of: str


def _measured(dataset: xr.Dataset, target: Target, labels: PathLabels) -> _Measured:
    known_region(dataset, target.region)
    if target.battleground is not None:
        title = battleground(target.battleground).title
        found = battleground_share(dataset, target.region, target.battleground, target.counts)
        return _Measured(found.share, title, found.counts, found.of)
    if target.node is not None:
        places = labels.places("node", target.node)
        if len(places) != 1:
            raise ScenarioError(
                f"node: {quoted(target.node)} names {len(places)} nodes; one is right"
            )
        node = labels.nodes[places[0]]
        counts = str(dataset["node_counts"].sel(node=node).item())
        if counts == ASSEMBLED:
            raise ScenarioError(
                f"node: {node} is put together by its buyers and has no domestic share; name one "
                "of its inputs or the battleground"
            )
        share = dataset["node_home_share"].sel(region=target.region, node=node)
        return _Measured(share, labels.words("node", node), counts, "what users buy")
    places = labels.places("sector", str(target.sector))
    part = np.isin(np.arange(len(labels.world.sectors)), places)
    here = dataset.sel(region=target.region)
    share = weighted(here["home_share"], here["use"], "sector", part)
    return _Measured(share, labels.words("sector", str(target.sector)), LOCATION, "the sector")


def _result(target: Target, measured: _Measured, run: str) -> TargetResult:
    share, what, counted, of = measured
    share = share.sel(run=run)
    years = [int(year) for year in share["year"].values]
    otherwise = target.counts is not None and target.counts != counted
    asked = 100 * target.at_least.fraction
    enough = share.values >= asked - _ROUNDING
    inside = target.year in years
    value = float(share.sel(year=target.year)) if inside else math.nan
    notes = []
    if not inside:
        notes.append(f"{target.year} lies outside the path, {years[0]} to {years[-1]}")
    elif math.isnan(value):
        notes.append("this path has no such market")
    elif of == PLANTS_OF:
        notes.append(
            f"{target.title or target.label} counts plants where they stand, but who sells the "
            "final product is counted by headquarters: the value is the part that plants at home "
            "have in the work of plants on what users buy"
        )
    if otherwise:
        notes.append(
            f"the source of {target.title or target.label} counts by {target.counts}, the model "
            f"{'partly so' if counted == _MIXED else f'by {counted}'}: the two do not compare "
            "point by point"
        )
    known = inside and not math.isnan(value)
    return TargetResult(
        label=target.label,
        title=target.title or f"{what}: at least {asked:g} percent from home by {target.year}",
        region=target.region,
        what=what,
        definition=f"by {counted}, {of}",
        at_least=asked,
        year=target.year,
        run=run,
        value=value,
        reached=bool(enough[years.index(target.year)]) if known else None,
        first_year=years[int(enough.argmax())] if enough.any() else None,
        gap=value - asked,
        source=target.source,
        note="; ".join(notes),
        otherwise=otherwise,
    )
