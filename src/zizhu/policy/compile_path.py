"""From a scenario to wedges by year and a ledger, refusing what contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError, ZizhuError
from zizhu.policy.action import Action
from zizhu.policy.ledger import Entry, Ledger
from zizhu.policy.measure import Measure
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PARTS, PathWedges
from zizhu.policy.scenario import Scenario

_LEAST_TARIFF, _MOST_SUBSIDY = -0.95, 0.9
# Openness may at most double: nothing is known beyond.
_LEAST_ISOLATION = -1.0
# What is summed over a region says nothing about two measures on the same thing.
_SUMS = ("outlay", "deficit")
# Beyond this, support is no longer what the curvature of misallocation was calibrated to.
_MOST_SUPPORT = 0.5


@dataclass(frozen=True)
class CompiledPath:
    """A scenario on a path.

    by_measure  wedges of each measure, by label
    wedges      all of them together
    ledger      who spends what
    remarks     what the reader of a result should know
    """

    by_measure: Mapping[str, PathWedges]
    wedges: PathWedges
    ledger: Ledger
    remarks: tuple[str, ...]

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
    _refuse_overlaps(scenario, actions, context)
    by_measure = {label: action.wedges for label, action in actions.items()}
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
    ledger = _ledger(scenario, actions, context)
    _require_financed(scenario, ledger, context)
    return CompiledPath(by_measure, wedges, ledger, tuple(remarks))


def together(parts: Sequence[PathWedges], none: PathWedges) -> PathWedges:
    """All of several wedges, field by field: an array that nobody writes to is not copied.

    none  of the same shapes, for no parts at all
    """
    found = {}
    for name in PathWedges._fields:
        arrays = [array for part in parts if (array := getattr(part, name)).any()]
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
        if not np.isfinite(array).all():
            raise ScenarioError(f"{place}: its {name} is not a finite number")
        least = _LEAST_ISOLATION if name == "isolation" else 0.0
        if name in PARTS and array.any() and not (array.min() >= least and array.max() <= 1):
            raise ScenarioError(f"{place}: its {name} is no part between {least:g} and 1")
    return action


def _refuse_overlaps(
    scenario: Scenario, actions: Mapping[str, Action], context: PathContext
) -> None:
    """Two measures of one lever that change the same place in the same year."""
    measures = scenario.measures
    for place, later in enumerate(measures):
        for earlier in measures[:place]:
            if later.adds or later.lever != earlier.lever:
                continue
            one, two = actions[later.label].wedges, actions[earlier.label].wedges
            for name in PathWedges._fields:
                if name in _SUMS:
                    continue
                mine, theirs = getattr(one, name), getattr(two, name)
                if not (mine.any() and theirs.any()):
                    continue
                both = (mine != 0) & (theirs != 0)
                if both.any():
                    where = _words(name, np.argwhere(both)[0], context)
                    raise ScenarioError(
                        f"scenario {scenario.name}, measure {later.label}: it overlaps with "
                        f"measure {earlier.label} on {where}; merge the two, or say "
                        "`adds: true` if both apply"
                    )


def _words(name: str, at: Float[np.ndarray, " a"], context: PathContext) -> str:
    """A place of a wedge in words."""
    world, labels = context.world, context.labels
    regions, sectors = world.regions, world.sectors
    axes = {
        "barred": (labels.nodes, regions, regions),
        "lifted": (labels.nodes, regions, regions),
        "isolation": (regions, regions),
        "listed": (labels.firms,),
    }
    axes |= dict.fromkeys(("tariff", "export_tax", "log_iceberg"), (regions, sectors, regions))
    axes |= dict.fromkeys(
        ("node_money", "commitment", "node_preference", "hoarding"), (labels.nodes, regions)
    )
    named = axes.get(name, (regions, sectors))
    places = [labels_[int(i)] for labels_, i in zip(named, at[1:], strict=False)]
    return f"{', '.join(places)} in {labels.years[int(at[0])]} ({name})"


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
    for name, size in scenario.budget.items():
        (place,) = context.regions(name, field="budget")
        budget[regions[place]] = context.by_year(size, place, None)
    gdp = {region: context.gdp[:, place] for place, region in enumerate(regions)}
    try:
        ledger.require_financed(gdp, context.parameters["unfinanced_outlay_limit"] / 100, budget)
    except ScenarioError as error:
        raise ScenarioError(f"scenario {scenario.name}, {error}") from error
