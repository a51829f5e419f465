"""V09: what a point of subsidy moves, and what it does not."""

from __future__ import annotations

import numpy as np

from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.model.path_record import Record

# Electronics, electrical equipment, machinery, vehicles: what is subsidised most (F08, F09).
SECTORS = ("C26", "C27", "C28", "C29")
_FIRST, _LAST = 2023, 2035
_NAMES = tuple(
    f"{what} {sector} {year}"
    for what in ("share", "jobs", "productivity", "scale", "support")
    for sector in SECTORS
    for year in (_FIRST, _LAST)
) + tuple(f"weight {sector}" for sector in SECTORS)


def _measure(runs: Runs) -> Numbers:
    n = runs.place(BUYER)
    found: dict[str, float] = {}
    for sector in SECTORS:
        k = runs.world.sectors.index(sector)
        compiled = runs.policies(
            {
                "lever": "production_subsidy",
                "label": "a-point",
                "regions": BUYER,
                "sectors": sector,
                "size": "1 %",
                "from": f"{_FIRST}-01-01",
            }
        )
        path = runs.run(f"a point of subsidy for {sector}", wedges=compiled.wedges)

        def read(record: Record, at: int, k: int = k) -> dict[str, float]:
            solution, by = record.solution, record.productivity
            cost = np.asarray(solution.cost)[at]
            labour = cost[n, k] * np.asarray(solution.value_added_share)[at, n, k]
            total = sum(
                float(np.asarray(part)[at, n] if part.ndim == 2 else np.asarray(part)[at, n, k])
                for part in by
            )
            return {
                "share": 100 * float(cost[n, k] / cost[:, k].sum()),
                "jobs": 100 * float(np.log(labour / np.asarray(solution.wage_bill)[at, n])),
                "productivity": 100 * total,
                "scale": 100 * float(by.scale[at, n, k]),
                "support": 100 * float(by.support[at, n, k]),
            }

        for year in (_FIRST, _LAST):
            after, before = (read(record, runs.at(year)) for record in (path.record, path.baseline))
            found |= {f"{what} {sector} {year}": after[what] - before[what] for what in after}
        found[f"weight {sector}"] = float(np.asarray(path.baseline.solution.cost)[0, n, k])
    return found


def _checks(found: Numbers) -> tuple[Check, ...]:
    weight = np.array([found[f"weight {sector}"] for sector in SECTORS])
    weight = weight / weight.sum()

    def each(what: str, year: int) -> np.ndarray:
        return np.array([found[f"{what} {sector} {year}"] for sector in SECTORS])

    def words(what: str, year: int) -> str:
        return ", ".join(
            f"{sector} {value:+.2f}"
            for sector, value in zip(SECTORS, each(what, year), strict=True)
        )

    scale = float(weight @ each("scale", _LAST))
    loss = float(weight @ each("support", _LAST))
    mean = f"mean of {', '.join(SECTORS)} by output"
    parts = (
        Part(
            "subsidy_share",
            f"share of world output, {_LAST}: the least of the four",
            float(each("share", _LAST).min()),
            "percentage point",
            (0.0, np.inf),
            "F09",
            note=words("share", _LAST),
        ),
        Part(
            "subsidy_jobs",
            f"part of the country's labour, {_LAST}: the least of the four",
            float(each("jobs", _LAST).min()),
            "percent",
            (0.0, np.inf),
            "F10",
            note=words("jobs", _LAST),
        ),
        Part(
            "subsidy_productivity_first",
            f"productivity, {_FIRST}, {mean}",
            float(weight @ each("productivity", _FIRST)),
            "percent",
            (-np.inf, 0.0),
            "F09, F10",
            note=words("productivity", _FIRST),
        ),
        Part(
            "subsidy_productivity",
            f"productivity, {_LAST}, {mean}",
            float(weight @ each("productivity", _LAST)),
            "percent",
            (-np.inf, 0.0),
            "F09, F10",
            note=f"{words('productivity', _LAST)}; scale {scale:+.2f}, misallocation {loss:+.2f}",
            missed=f"economies of scale ({scale:+.2f} percent) build up with output and outweigh "
            f"what is lost by misallocation ({loss:+.2f})",
        ),
    )
    return (
        Check(
            "V09",
            "A point of subsidy",
            "One percent of production cost raises a sector's share of the world and its "
            "employment, and does not raise its productivity.",
            f"the lever `production_subsidy` at 1 percent from {_FIRST} on, one sector at a time",
            parts,
        ),
    )


GROUP = Group("subsidy", ("V09",), _NAMES, _measure, _checks)
