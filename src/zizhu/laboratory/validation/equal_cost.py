"""V10: what the same money buys by instrument."""

from __future__ import annotations

import numpy as np

from zizhu.laboratory.scenario_path.equal_outlay import equal_outlay
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs

TARGETS = ("semiconductors", "vehicles-batteries")
# Money for whole sectors, paid for nothing in particular, and for named nodes of the chain.
ON_SECTORS = ("production-sectors", "investment-sectors", "entry-sectors")
ON_NODES = ("production-nodes", "investment-nodes", "entry-nodes")
_ENTRY, _TARGETED = ("entry-sectors", "entry-nodes"), ("production-nodes", "investment-nodes")
_NAMES = tuple(
    f"{what} {target} {name}"
    for target in TARGETS
    for name in (*ON_SECTORS, *ON_NODES)
    for what in ("return", "waste", "points")
)


def _measure(runs: Runs) -> Numbers:
    found: dict[str, float] = {}
    for target in TARGETS:
        runs.progress(f"equal outlay on {target}")
        table = equal_outlay(
            runs.case,
            BUYER,
            target,
            levers=(*ON_SECTORS, *ON_NODES),
            baseline=runs.baseline,
        )
        for name in (*ON_SECTORS, *ON_NODES):
            row = table.sel(lever=name)
            found[f"return {target} {name}"] = float(row["net_return"])
            found[f"waste {target} {name}"] = float(row["waste_return"])
            found[f"points {target} {name}"] = float(row["points_chain"])
    return found


def _on_scale_of_waste(found: Numbers, target: str, name: str) -> float:
    """Net return where that of pure waste of the same timing is -100."""
    return 100 * found[f"return {target} {name}"] / abs(found[f"waste {target} {name}"])


def _checks(found: Numbers) -> tuple[Check, ...]:
    parts = []
    for target in TARGETS:

        def of(what: str, name: str, target: str = target) -> float:
            return found[f"{what} {target} {name}"]

        for kind in (ON_SECTORS, ON_NODES):
            where = kind[0].partition("-")[2]
            others = min(of("return", name) for name in kind[:2])
            parts.append(
                Part(
                    f"entry_{target}_{where}",
                    f"{target}, money for {where}: return to entry subsidies less that of the next "
                    "worst",
                    of("return", kind[2]) - others,
                    "percentage point",
                    (-np.inf, 0.0),
                    "F12",
                    note=", ".join(f"{n.split('-')[0]} {of('return', n):.0f}" for n in kind)
                    + " percent",
                    missed="money on nodes returns less than it costs whatever the instrument, so "
                    "that wasting most of it loses hardly more or less",
                )
            )
        best = max(_TARGETED, key=lambda name: of("points", name))
        wide = max(of("points", name) for name in ON_SECTORS)
        parts.append(
            Part(
                f"targeted_{target}",
                f"{target}: points of self-reliance in the chain, targeted on nodes less paid to "
                "whole sectors",
                of("points", best) - wide,
                "percentage point",
                (0.0, np.inf),
                "F12 (targeted programmes do better)",
                note=", ".join(
                    f"{name} {of('points', name):+.2f}" for name in (*ON_NODES, *ON_SECTORS)
                ),
            )
        )
    entry = {target: _on_scale_of_waste(found, target, "entry-sectors") for target in TARGETS}
    parts.append(
        Part(
            "entry_return",
            "return to entry subsidies of sectors where pure waste of the same timing returns "
            "-100, mean of both",
            float(np.mean(list(entry.values()))),
            "percent",
            (-90.0, -70.0),
            "F12: about -80, one dollar returns 0.20 (band: judgement)",
            note="; ".join(
                f"{target} {value:.0f}, net return "
                f"{found[f'return {target} entry-sectors']:.0f} beside "
                f"{found[f'waste {target} entry-sectors']:.0f} of pure waste"
                for target, value in entry.items()
            ),
            missed="four fifths are wasted by assumption (F12), and on top the support of whole "
            "sectors misallocates, on a base of support that is high already; F12 counts returns "
            "to one industry, this the real income of the country until 2035",
        )
    )
    return (
        Check(
            "V10",
            "The same money by instrument",
            "Entry subsidies do worst and return about -80 percent; targeted ones do best. That "
            "counter-cyclical ones do better cannot be seen in years.",
            "equal outlay in China on semiconductors and on vehicles; return is real income gained "
            "to the last year over the outlay. A dollar that is lost costs more than a dollar "
            "here, since it is not invested either; F12 counts it once. Its -80 is therefore "
            "compared with the net return over the size of that of pure waste of the same timing",
            tuple(parts),
        ),
    )


GROUP = Group("equal-cost", ("V10",), _NAMES, _measure, _checks)
