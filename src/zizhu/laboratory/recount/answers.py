"""Every kind of answer counted again: static runs, paths, scenarios with years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xarray as xr

from zizhu.laboratory.recount.base import base_misses, motion_misses
from zizhu.laboratory.recount.boards import Shares, board_misses, partner_misses, target_misses
from zizhu.laboratory.recount.content import value_misses
from zizhu.laboratory.recount.misses import Misses, Recount, joined
from zizhu.laboratory.recount.path import path_misses
from zizhu.laboratory.recount.policy import asked_of, path_policy, static_policy
from zizhu.laboratory.recount.static import static_misses
from zizhu.laboratory.recount.why import why_misses
from zizhu.policy import Scenario, Wedges
from zizhu.world import World


def recount_static(
    scenario: Scenario, world: World, wedges: Wedges, *, case: Any, solution: Any, table: xr.Dataset
) -> Recount:
    """Second count of a static run.

    case   economy under the scenario's options
    table  of indicators

    Raises `NotConverged` where anything differs.
    """
    misses = static_misses(table, case.economy, solution, wedges, world)
    if scenario.options.deficits == "fixed" and not wedges.differs_by_use:
        misses = joined(misses, base_misses(case.economy, world))
    found = Recount(misses).together(static_policy(scenario, world, wedges))
    found.require()
    return found


def recount_path(table: xr.Dataset, path: Any, switches: Any, games: Sequence[Any]) -> Recount:
    """Second count of a path; raises `NotConverged` where anything differs.

    table     dataset of the path
    switches  `Structure` of its runs
    games     of the decomposition
    """
    case = path.case
    misses: Misses = joined(
        base_misses(case.base.economy, case.world),
        motion_misses(case),
        path_misses(table, path, switches),
        value_misses(table, path),
        why_misses(table["decomposition"], games, path),
    )
    found = Recount(misses)
    found.require()
    return found


def recount_scenario(outcome: Any) -> Recount:
    """Second count of what a scenario with years has beside its path; raises `NotConverged`."""
    path, case, scenario = outcome.outcome.path, outcome.case, outcome.scenario
    runs = {"scenario": (path.record, path.wedges), "baseline": (path.baseline, case.labels.none())}
    asked = asked_of(scenario, case, path.baseline)
    regions = {outcome.focus, *(target.region for target in scenario.targets)}
    shares = {
        region: {run: Shares(*of, case, region) for run, of in runs.items()} for region in regions
    }
    dataset, here = outcome.outcome.dataset, shares[outcome.focus]
    misses = joined(
        board_misses(outcome.battlegrounds, outcome.tiers, here),
        target_misses(outcome.targets, asked, shares),
        partner_misses(outcome.partners, path, here, dataset),
    )
    found = Recount(misses).together(path_policy(asked, outcome.compiled, outcome.context))
    found.require()
    return found
