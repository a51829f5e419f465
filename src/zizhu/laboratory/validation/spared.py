"""What controls bind and what they spare, and whether what they close opens again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.path.run import Path
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.duplication import PLANTS
from zizhu.laboratory.validation.embargo import ADVANCED
from zizhu.laboratory.validation.runs import BUYER, LONG, Runs
from zizhu.policy.path_wedges import PathWedges

FABS = ("fab_mature", "fab_adv", "dram", "nand")
_ACCELERATOR, _HBM = "ai/accelerator", "semiconductors/hbm"
# What needs stacked memory, the second as far as it is in accelerators.
NEEDS_HBM = (_ACCELERATOR, "semiconductors/adv_chip")
_HBM_YEARS = (2022, 2024, 2027, 2030, 2035, LONG)
# The timeline bars stacked memory at the end of 2024.
_BEFORE, _AS_IT_WAS = 2024, (2022, 2024, 2025, 2028, 2030, 2035)
_YEARS = (2026, 2030, 2035)
_NAMES = (
    *(f"{how} {fab} {year}" for how in ("above", "every") for fab in FABS for year in _YEARS),
    *(
        f"{what} {node} {year}"
        for what in ("barred", "free")
        for node in NEEDS_HBM
        for year in _HBM_YEARS
    ),
    *(f"happened {node} {year}" for node in (_ACCELERATOR, _HBM) for year in _AS_IT_WAS),
    *(f"price {year}" for year in (2024, 2027, 2030, 2035, LONG)),
    *(f"fabs {year}" for year in (2023, 2030, 2035)),
    *(f"lost {node}" for node in PLANTS),
)


def tools_of_the_timeline(runs: Runs, *, every: bool) -> PathWedges:
    """The timeline's bars on chip-making tools alone; no stores, nothing else barred.

    every  whether the same bars are on all of the flow instead of what is above the threshold
    """
    known, none = runs.controls, runs.case.labels.none()
    rows = [runs.node(name) for name in ADVANCED]
    above = np.zeros_like(known.barred_above)
    above[:, rows] = known.barred_above[:, rows]
    return none._replace(barred=above) if every else none._replace(barred_above=above)


def _others(runs: Runs) -> str:
    return ",".join(region for region in runs.world.regions if region != BUYER)


def _measure(runs: Runs) -> Numbers:
    place = runs.place(BUYER)
    found: dict[str, float] = {}

    def made(path: Path, node: str) -> Float[np.ndarray, " t"]:
        after, before = (
            np.asarray(one.flows.demand.made)[:, runs.node(node), place]
            for one in (path.record, path.baseline)
        )
        return np.asarray(100 * (after / before - 1))

    for how in ("above", "every"):
        path = runs.run(
            f"bars on tools, {how}", wedges=tools_of_the_timeline(runs, every=how == "every")
        )
        for fab in FABS:
            change = made(path, fab)
            found |= {f"{how} {fab} {year}": float(change[runs.at(year)]) for year in _YEARS}

    bar = f"barred from={_others(runs)} to={BUYER} size=100% node="
    path = runs.run("no stacked memory", f"{bar}{_HBM} years=2024-", case=runs.long)
    without = replace(path, record=path.baseline)
    for node in NEEDS_HBM:
        for year in _HBM_YEARS:
            found[f"barred {node} {year}"] = runs.home(path, node, year)
            found[f"free {node} {year}"] = runs.home(without, node, year)
    price = np.asarray(path.record.chains.price - path.baseline.chains.price)
    hbm = price[:, runs.node(_HBM), place]
    found |= {f"price {y}": float(hbm[runs.at(y)]) for y in (2024, 2027, 2030, 2035, LONG)}
    for node in (_ACCELERATOR, _HBM):
        for year in _AS_IT_WAS:
            found[f"happened {node} {year}"] = runs.home(runs.happened, node, year)

    nodes = ",".join(f"semiconductors/{name}" for name in PLANTS)
    path = runs.run("no plant abroad works for China", f"{bar}{nodes} years=2023-")
    found |= {f"fabs {year}": runs.effect(path, year, BUYER) for year in (2023, 2030, 2035)}
    for node in PLANTS:
        path = runs.run(f"the same of {node} alone", f"{bar}semiconductors/{node} years=2023-")
        found[f"lost {node}"] = runs.effect(path, 2030, BUYER)
    return found


def _checks(found: Numbers) -> tuple[Check, ...]:
    def words(how: str, year: int) -> str:
        return ", ".join(f"{fab} {found[f'{how} {fab} {year}']:+.1f}" for fab in FABS)

    def course(node: str) -> str:
        return ", ".join(
            f"{year}: {found[f'barred {node} {year}']:.1f} of {found[f'free {node} {year}']:.1f}"
            for year in _HBM_YEARS
        )

    def happened(node: str) -> str:
        return ", ".join(f"{year}: {found[f'happened {node} {year}']:.1f}" for year in _AS_IT_WAS)

    def regained(node: str) -> float:
        """Part of the fall from the baseline that is made up for by the last year, percent."""

        def missing(year: int) -> float:
            return found[f"free {node} {year}"] - found[f"barred {node} {year}"]

        worst = max(missing(year) for year in _HBM_YEARS[1:-1])
        return 100 * (1 - missing(LONG) / worst) if worst > 0 else 0.0

    spared = (
        Part(
            "spared_mature",
            "output of mature logic in China, 2035, bars on tools above the threshold",
            found["above fab_mature 2035"],
            "percent",
            (-1.0, np.inf),
            "F60, F61 (it went on growing; that a hundredth may be lost is judgement)",
            note=f"2035: {words('above', 2035)}; 2026: {words('above', 2026)}",
        ),
        Part(
            "bound_advanced",
            "the same of advanced logic",
            found["above fab_adv 2035"],
            "percent",
            (-np.inf, -5.0),
            "judgement: what is named is hit",
        ),
        Part(
            "spared_difference",
            "mature logic: the same bars on all tools less those above the threshold, 2035",
            found["every fab_mature 2035"] - found["above fab_mature 2035"],
            "percentage point",
            (-np.inf, 0.0),
            "judgement: it is the threshold that spares",
            note=f"bars on all tools: {words('every', 2035)}",
        ),
    )
    why = (
        "makers who enter while all others are barred sell at the price of a small supplier "
        f"(log price of stacked memory {found['price 2030']:+.2f} in 2030, "
        f"{found['price 2035']:+.2f} in 2035); customers leave, and with sales go own research, "
        "which is a part of them, and what is learnt by selling"
    )
    last = _AS_IT_WAS[-1]
    as_it_was = Part(
        "reopens_as_it_was",
        f"{_ACCELERATOR}: home share with controls and drive as they were, {last} less {_BEFORE}",
        found[f"happened {_ACCELERATOR} {last}"] - found[f"happened {_ACCELERATOR} {_BEFORE}"],
        "percentage point",
        (0.0, np.inf),
        "judgement: more than before the bar, which it outlives",
        note=f"{_ACCELERATOR} {happened(_ACCELERATOR)}; {_HBM} {happened(_HBM)}",
    )
    opens = tuple(
        Part(
            f"reopens_{node.partition('/')[2]}",
            f"{node}: part of the lost home share that is back by {LONG}",
            regained(node),
            "percent",
            (50.0, np.inf),
            "judgement: a bar on an input that can be entered closes nothing for ever",
            note=course(node),
            missed=why,
        )
        for node in NEEDS_HBM
    )
    fabs = (
        Part(
            "foreign_fabs",
            "no plant abroad works for China: its real income, 2030",
            found["fabs 2030"],
            "percent",
            (-np.inf, -0.13),
            "0.13 percent is what the chains that stood still said (judgement: it costs more)",
            note=f"2023: {found['fabs 2023']:.2f}, 2035: {found['fabs 2035']:.2f}; one at a time, "
            "2030: " + ", ".join(f"{node} {found[f'lost {node}']:.2f}" for node in PLANTS),
        ),
    )
    return (
        Check(
            "spared",
            "What controls on tools bind and spare",
            "Controls on advanced tools hit advanced plants and do not shrink mature ones.",
            "the timeline's bars on chip-making tools alone, without stores, on what is above the "
            "threshold and, beside it, on all of the flow",
            spared,
        ),
        Check(
            "reopens",
            "What a bar closes and opens again",
            "Stacked memory barred does not close accelerators for ever.",
            f"no stacked memory from abroad reaches China from 2024 on; home shares until {LONG} "
            "beside the baseline; controls and drive as they were, with nearly all of it barred",
            (as_it_was, *opens),
        ),
        Check(
            "foreign-fabs",
            "No plant abroad",
            "Barring foreign plants is felt.",
            "all sales of chip plants abroad to China barred from 2023 on; makers count at their "
            "headquarters, so that what is lost is what Chinese chip makers have made abroad, and "
            "finished chips may still be bought",
            fabs,
        ),
    )


GROUP = Group("spared", ("spared", "reopens", "foreign-fabs"), _NAMES, _measure, _checks)
