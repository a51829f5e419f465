"""From a scenario to wedges by year and a ledger, refusing what contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zizhu.errors import ScenarioError, ZizhuError
from zizhu.policy import overlaps
from zizhu.policy.action import Action
from zizhu.policy.excess_burden import with_excess
from zizhu.policy.ledger import Entry, Ledger
from zizhu.policy.measure import Measure
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PARTS, PathWedges, moves
from zizhu.policy.scenario import Scenario
from zizhu.policy.storing import storing

_LEAST_TARIFF, _MOST_SUBSIDY = -0.95, 0.9
# Openness may at most double: nothing is known beyond.
_LEAST_ISOLATION = -1.0
# Tariffs that fall this far below zero are told; rounding is not.
_BELOW_ZERO = -1e-9
# Beyond this, support is no longer what the curvature of misallocation was calibrated to.
_MOST_SUPPORT = 0.5


@dataclass(frozen=True)
class CompiledPath:
    """A scenario on a path.

    by_measure  wedges of each measure, by label, with the excess cost of the public money it spends
    wedges      all of them together
    ledger      who spends what
    remarks     what the reader of a result should know
    pressed     regions that each measure presses on, by label
    """

    by_measure: Mapping[str, PathWedges]
    wedges: PathWedges
    ledger: Ledger
    remarks: tuple[str, ...]
    pressed: Mapping[str, tuple[str, ...]]

    def pressures(self, region: str) -> tuple[str, ...]:
        """Labels of measures that are done to a region, in the order of the scenario."""
        return tuple(label for label, regions in self.pressed.items() if region in regions)

    def levers(self, region: str) -> tuple[str, ...]:
        """Labels of all others: what is done to build, by the region or by others."""
        return tuple(label for label, regions in self.pressed.items() if region not in regions)

    def without(self, *labels: str) -> PathWedges:
        """Everything but some measures."""
        return together(
            [wedges for label, wedges in self.by_measure.items() if label not in labels],
            self.wedges,
        )


def compile_path(scenario: Scenario, context: PathContext) -> CompiledPath:
    """All measures of the scenario as wedges by year, and what they cost.

    Raises `ScenarioError` naming the measure and field, two measures of one lever that set the same
    thing in the same year, or a region whose spending nobody finances.
    """
    actions = {measure.label: _action(measure, scenario, context) for measure in scenario.measures}
    overlaps.refuse_overlaps(scenario, actions, context)
    actions = overlaps.one_after_the_other(scenario, actions, context)
    actions = storing(scenario, actions, context)
    funds = context.parameters["public_funds"]
    by_measure = {label: with_excess(action, funds) for label, action in actions.items()}
    wedges = together(list(by_measure.values()), context.no_path())
    _refuse_extremes(scenario, wedges, context)
    remarks = [
        f"{measure.label}: it starts in or before {context.years[0]}, whose tables contain what it "
        "did until then; its wedges come on top"
        for measure in scenario.measures
        if measure.start
        and measure.start.year <= context.years[0]
        and not by_measure[measure.label].is_none
    ]
    for label, action in actions.items():
        remarks += [f"{label}: {remark}" for remark in action.remarks]
    remarks += overlaps.borrowing_twice(scenario, actions, context)
    remarks += _below_zero(by_measure, wedges, context)
    ledger = _ledger(scenario, actions, context)
    _require_financed(scenario, ledger, context)
    pressed = {
        measure.label: tuple(
            region for region in context.world.regions if measure.presses(region, context)
        )
        for measure in scenario.measures
    }
    return CompiledPath(by_measure, wedges, ledger, tuple(remarks), pressed)


def together(parts: Sequence[PathWedges], none: PathWedges) -> PathWedges:
    """All of several wedges, field by field: an array that nobody writes to is not copied.

    none  of the same shapes, for no parts at all
    """
    found = {}
    for name in PathWedges._fields:
        arrays = [array for part in parts if moves(array := getattr(part, name))]
        if not arrays:
            found[name] = np.broadcast_to(np.float64(0.0), getattr(none, name).shape)
        elif name in PARTS:
            left = np.ones_like(arrays[0])
            for array in arrays:
                left = left * (1 - array)
            found[name] = 1 - left if len(arrays) > 1 else arrays[0]
        else:
            found[name] = np.sum(arrays, axis=0) if len(arrays) > 1 else arrays[0]
    return PathWedges(**found)


def _action(measure: Measure, scenario: Scenario, context: PathContext) -> Action:
    place = f"scenario {scenario.name}, measure {measure.label}"
    try:
        action = measure.on_path(context)
    except ZizhuError as error:
        raise ScenarioError(f"{place}, {error}") from error
    for name, array in zip(PathWedges._fields, action.wedges, strict=True):
        if not moves(array):
            continue
        if not np.isfinite(array).all():
            raise ScenarioError(f"{place}: its {name} is not a finite number")
        least = _LEAST_ISOLATION if name == "isolation" else 0.0
        if name in PARTS and not (array.min() >= least and array.max() <= 1):
            raise ScenarioError(f"{place}: its {name} is no part between {least:g} and 1")
    return action


def _refuse_extremes(scenario: Scenario, wedges: PathWedges, context: PathContext) -> None:
    place = f"scenario {scenario.name}"
    if wedges.tariff.any() and (context.world.tariff + wedges.tariff < _LEAST_TARIFF).any():
        raise ScenarioError(f"{place}: tariffs fall below -95 % in total")
    if (wedges.subsidy >= _MOST_SUBSIDY).any():
        raise ScenarioError(f"{place}: subsidies exceed 90 % of cost in total")
    if (wedges.support >= _MOST_SUPPORT).any():
        raise ScenarioError(f"{place}: support exceeds 50 % of output in total")
    if (wedges.isolation < _LEAST_ISOLATION).any():
        raise ScenarioError(f"{place}: openness more than doubles in total")
    if (wedges.graduates <= -1).any():
        raise ScenarioError(f"{place}: places at universities fall by 100 % or more in total")


def _below_zero(
    by_measure: Mapping[str, PathWedges], wedges: PathWedges, context: PathContext
) -> list[str]:
    """A remark on tariffs that several measures together, and none alone, take below zero."""
    base = context.world.tariff
    if not wedges.tariff.any():
        return []
    low = (base + wedges.tariff < _BELOW_ZERO) & (base >= 0)
    for alone in by_measure.values():
        if alone.tariff.any():
            low &= base + alone.tariff >= _BELOW_ZERO
    if not low.any():
        return []
    total = np.where(low, base + wedges.tariff, 0.0)
    year, seller, sector, buyer = np.unravel_index(int(total.argmin()), total.shape)
    moving = [label for label, one in by_measure.items() if one.tariff[year, seller, sector, buyer]]
    world = context.world
    return [
        f"{' and '.join(moving)}: together they take the tariff of {world.regions[buyer]} on "
        f"{world.sectors[sector]} from {world.regions[seller]} to {100 * total.min():.1f} % in "
        f"{context.years[year]}, an import subsidy; 0 % or more is usual"
    ]


def _ledger(scenario: Scenario, actions: Mapping[str, Action], context: PathContext) -> Ledger:
    entries = [
        Entry(
            measure=measure.label,
            lever=measure.lever,
            payer=spending.payer,
            region=context.world.regions[spending.region],
            by_year=np.asarray(spending.by_year, dtype=float),
            before=spending.before,
        )
        for measure in scenario.measures
        for spending in actions[measure.label].spending
    ]
    return Ledger(context.years, tuple(entries), context.parameters["public_funds"])


def _require_financed(scenario: Scenario, ledger: Ledger, context: PathContext) -> None:
    regions = context.world.regions
    budget = {}
    gdp = {region: context.gdp[:, place] for place, region in enumerate(regions)}
    try:
        for name, size in scenario.budget.items():
            place = context.region(name, field="budget")
            budget[regions[place]] = context.by_year(size, place, None)
        ledger.require_financed(gdp, context.parameters["unfinanced_outlay_limit"] / 100, budget)
    except ScenarioError as error:
        raise ScenarioError(f"scenario {scenario.name}, {error}") from error
