"""Ledger, wedges of money and timing counted again from a scenario's measures and dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.recount.asked import Asked
from zizhu.laboratory.recount.bill import PUBLIC, Bill
from zizhu.laboratory.recount.misses import Misses, Recount, joined, miss
from zizhu.laboratory.recount.payments import BILLS
from zizhu.parameters import values
from zizhu.policy import Scenario, Wedges
from zizhu.policy.measure import Measure
from zizhu.policy.path_wedges import PARTS
from zizhu.world import World

# What acts before the first day: stores that buyers lay in, and a timeline with days of its own.
_AHEAD = ("hoarding",)
_OWN_DAYS = ("controls_timeline",)


def static_policy(scenario: Scenario, world: World, wedges: Wedges) -> Recount:
    """Subsidies, what is wasted of them, tariffs and productivity of a static run."""
    asked = Asked(
        scenario=scenario,
        world=world,
        years=(),
        parameters=values(scenario.parameters),
        gdp=world.value_added.sum(axis=1)[None],
        cost=(world.intermediate.sum(axis=(2, 3)) + world.final.sum(axis=(2, 3)))[None],
        research=np.zeros(len(world.regions)),
    )
    unknown = _unknown(scenario)
    own = {"outlay": np.zeros_like(asked.gdp[0]), "subsidy": np.zeros_like(asked.cost[0])}
    rates = {name: np.zeros_like(getattr(wedges, name)) for name in _RATES}
    for measure in scenario.measures:
        if measure.lever in BILLS:
            bill = BILLS[measure.lever](asked, measure)
            for name, sum_ in own.items():
                value = getattr(bill, name)
                own[name] = sum_ if value is None else sum_ + value[0]
        if measure.lever in _RATES.values():
            name = next(one for one, lever in _RATES.items() if lever == measure.lever)
            rates[name] = rates[name] + _rate(asked, measure)
    size = float(asked.gdp.max())
    levers = {measure.lever for measure in scenario.measures}
    found: Misses = {}
    if not unknown and levers <= _TOLD_APART:
        found["money of measures"] = max(
            miss(wedges.outlay, own["outlay"], size), miss(wedges.subsidy, own["subsidy"], 1.0)
        )
    for name, lever in _RATES.items():
        if levers <= {*_MOVE[name]} | _NO_PART and lever in levers:
            found["timing and sizes of measures"] = max(
                found.get("timing and sizes of measures", 0.0),
                miss(getattr(wedges, name), rates[name], 1.0),
            )
    return Recount(found, unknown)


def asked_of(scenario: Scenario, case: Any, baseline: Any) -> Asked:
    """A scenario on a path's baseline: its GDP and output in purchasing power of the base year."""
    solution = baseline.solution
    level = np.exp(np.asarray(solution.log_final_price))
    # What factors earn: the wage, and how much of them there is.
    earned = np.exp(np.asarray(solution.log_wage) + np.asarray(baseline.factors))
    places = np.asarray(case.chains.places)
    demand = baseline.flows.demand
    return Asked(
        scenario=scenario,
        world=case.world,
        years=case.years,
        parameters=case.parameters,
        gdp=case.world.value_added.sum(axis=1) * earned / earned[0] / level,
        cost=np.asarray(solution.cost) / level[:, :, None],
        research=np.asarray(case.growth.research_spending),
        nodes=case.chains.nodes,
        made=np.asarray(demand.made)[0][places],
        purchases=np.asarray(demand.bought)[0][places],
        also=case.chains.also,
    )


def path_policy(asked: Asked, compiled: Any, context: Any) -> Recount:
    """What levers were told, the ledger, the money in every measure's wedges, and its years."""
    scenario = asked.scenario
    told = {
        "what levers were told": max(
            miss(context.gdp, asked.gdp),
            miss(context.cost, asked.cost),
            miss(context.purchases, asked.purchases),
            miss(context.made, asked.made),
            miss(context.research, asked.research),
        )
    }
    bills = {
        measure.label: BILLS[measure.lever](asked, measure)
        for measure in scenario.measures
        if measure.lever in BILLS
    }
    parts = [told, _ledger(compiled.ledger, bills, asked)]
    for measure in scenario.measures:
        wedges = compiled.by_measure[measure.label]
        if measure.label in bills:
            parts.append(_money(wedges, bills[measure.label], asked))
        parts.append(_timing(wedges, measure, asked))
    parts.append(_whole(compiled))
    return Recount(joined(*parts), _unknown(scenario))


def _unknown(scenario: Scenario) -> tuple[str, ...]:
    """Levers that say that somebody pays, and whose money is not known here: a user's own."""
    own = {m.lever for m in scenario.measures if m.lever not in BILLS and _spends(m)}
    return tuple(f"money of the lever {lever}" for lever in sorted(own))


def _spends(measure: Measure) -> bool:
    return not type(measure).pays.startswith("nobody")


def _ledger(ledger: Any, bills: Mapping[str, Bill], asked: Asked) -> Misses:
    """Every entry against the bill of its measure, and the sums that are printed."""
    regions = asked.world.regions
    size = float(asked.gdp.max())
    none = np.zeros(len(asked.years))
    shown: dict[tuple[str, str, int], Float[np.ndarray, " t"]] = {}
    known = True
    for entry in ledger.entries:
        if entry.measure not in bills:
            known = False
            continue
        at = (entry.measure, entry.payer, regions.index(entry.region))
        shown[at] = shown.get(at, none) + entry.by_year
    worst = 0.0
    expected = {
        (label, payer, region): (amount, bill.before)
        for label, bill in bills.items()
        for (payer, region), amount in bill.paid.items()
    }
    for at in {*shown, *expected}:
        amount, _ = expected.get(at, (none, False))
        worst = max(worst, miss(shown.get(at, none), amount, size))
    found = {"ledger": worst}
    if known:
        funds = asked.parameters["public_funds"]
        whole = np.sum([none, *(amount for amount, _ in expected.values())], axis=0)
        going_on = [amount for bill in bills.values() for amount in bill.known.values()]
        new = np.sum([none, *(amount for amount, old in expected.values() if not old)], axis=0)
        new = new - np.sum([none, *going_on], axis=0)
        public = [amount for at, (amount, _) in expected.items() if at[1] in PUBLIC]
        raised = np.sum([none, *public], axis=0)
        found["ledger"] = max(
            worst,
            miss(ledger.by_year, whole, size),
            miss(ledger.new.by_year, new, size),
            miss(ledger.total, whole.sum(), size),
        )
        found["cost of public funds"] = miss(
            ledger.cost_by_year, whole + (funds - 1) * raised, size
        )
    return found


def _money(wedges: Any, bill: Bill, asked: Asked) -> Misses:
    """What the money of a measure becomes: less cost, waste, work on nodes, research."""
    excess = np.zeros_like(asked.gdp)
    if not bill.before:
        for (payer, region), amount in bill.paid.items():
            if payer in PUBLIC:
                raised = amount - bill.known.get((payer, region), 0.0)
                excess[:, region] += (asked.parameters["public_funds"] - 1) * raised
    size = float(asked.gdp.max())
    outlay = excess if bill.outlay is None else bill.outlay + excess

    def given(value: Any, like: np.ndarray) -> np.ndarray:
        return np.zeros_like(like) if value is None else np.asarray(value)

    nodes = given(bill.node_money, asked.gdp)
    return {
        "money of measures": max(
            miss(wedges.outlay, outlay, size),
            miss(wedges.subsidy, given(bill.subsidy, asked.cost), 1.0),
            miss(wedges.support, given(bill.support, asked.cost), 1.0),
            miss(wedges.node_money.sum(axis=1), nodes, size / 1e3),
            miss(wedges.sector_effort, given(bill.effort, asked.cost), size),
            miss(wedges.research, given(bill.research, asked.gdp), size),
        )
    }


# Wedges whose size a lever states outright, and the lever that does.
_RATES = {"tariff": "tariff", "log_productivity": "productivity"}
# Levers that move the same wedge as well.
_MOVE = {"tariff": ("tariff",), "log_productivity": ("productivity",)}
# Levers of static runs that move neither of them.
_NO_PART = frozenset(
    {
        "production_subsidy",
        "investment_subsidy",
        "entry_subsidy",
        "local_support",
        "trade_cost",
        "procurement_preference",
        "labour_supply",
    }
)
# Levers of static runs whose subsidies and outlays are all counted here.
_TOLD_APART = frozenset({*_NO_PART, "tariff", "productivity"})


def _rate(asked: Asked, measure: Any) -> Float[np.ndarray, "..."]:
    """Full size of a measure of a lever in `_RATES`."""
    world = asked.world
    if measure.lever == "productivity":
        found: Float[np.ndarray, "..."] = np.zeros_like(asked.cost[0])
        cells = np.ix_(asked.regions(measure.regions), asked.sectors(measure.sectors))
        found[cells] = np.log(1 + measure.size.value / 100)
        return found
    tariffs: Float[np.ndarray, "..."] = np.zeros_like(world.tariff)
    sizes = measure.size if isinstance(measure.size, dict) else {None: measure.size}
    for name, size in sizes.items():
        sectors = asked.sectors(measure.sectors if name is None else name)
        for seller in asked.regions(measure.exporters):
            for buyer in asked.regions(measure.importers):
                if seller == buyer:
                    continue
                added = 0.0 if size is None else size.value / 100
                change = np.full(len(sectors), added)
                if size is None:
                    change = measure.rate.value / 100 - world.tariff[seller, sectors, buyer]
                tariffs[seller, sectors, buyer] += change
    return tariffs


def _moves(array: Any) -> bool:
    """Whether anything is not zero: of one number seen many times, one look."""
    one = array.size and not any(array.strides)
    return bool(array.flat[0] != 0) if one else bool(array.any())


def _timing(wedges: Any, measure: Any, asked: Asked) -> Misses:
    """That a measure acts in its years, and by its size where the lever states one.

    Where a lever's static wedges act from year to year, every year has the same of them times the
    part of the year in which the measure is in force; no lever acts before its first day.
    """
    force = asked.force(measure.start, measure.end, measure.phase_in)
    begun = asked.force(measure.start, None) > 0
    worst = 0.0
    regular = type(measure).on_path is Measure.on_path
    most = int(force.argmax())
    for name, array in wedges._asdict().items():
        if not _moves(array):
            continue
        size = float(np.abs(array).max())
        if regular:
            by = force.reshape(-1, *[1] * (array.ndim - 1))
            worst = max(worst, miss(array * force[most], by * array[most], size))
        if name not in _AHEAD and measure.lever not in _OWN_DAYS:
            worst = max(worst, float(np.abs(array[~begun]).max(initial=0.0)) / size)
    if measure.lever in _RATES.values():
        name = next(one for one, lever in _RATES.items() if lever == measure.lever)
        rate = _rate(asked, measure)
        by = force.reshape(-1, *[1] * rate.ndim)
        worst = max(worst, miss(getattr(wedges, name), by * rate, 1.0))
    return {"timing and sizes of measures": worst}


def _whole(compiled: Any) -> Misses:
    """All measures together: sums, and of parts what each leaves of the others."""
    worst = 0.0
    for name, array in compiled.wedges._asdict().items():
        parts: Sequence[Any] = [getattr(one, name) for one in compiled.by_measure.values()]
        parts = [one for one in parts if _moves(one)]
        expected = np.zeros((1,) * array.ndim)
        if name in PARTS:
            for one in parts:
                expected = expected + one - expected * one
        else:
            for one in parts:
                expected = expected + one
        size = float(np.abs(expected).max()) or 1.0
        if parts or _moves(array):
            worst = max(worst, miss(array, np.broadcast_to(expected, array.shape), size))
    return {"measures together": worst}
