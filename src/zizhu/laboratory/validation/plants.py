"""Chip plants with controls and the drive as they were, and the distance to the ablest without."""

from __future__ import annotations

from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.duplication import PLANTS
from zizhu.laboratory.validation.runs import BUYER, Runs

# What plants make is sold in.
CHIPS = ("ic", "adv_chip")
# Distance to the ablest region without new measures.
GAPS = ("semiconductors/fab_adv", "semiconductors/lith_duv", "batteries_nev/cell")
_NAMES = (
    *(f"mature {year}" for year in (2022, 2024, 2030, 2035)),
    *(f"location {year}" for year in (2022, 2026)),
    *(f"advanced {year}" for year in (2022, 2030)),
    *(f"gap {name} {year}" for name in GAPS for year in (2022, 2035)),
)


def _measure(runs: Runs) -> Numbers:
    path = runs.happened
    demand, n = path.record.flows.demand, runs.place(BUYER)
    plants, chips = ([runs.node(name) for name in names] for names in (PLANTS, CHIPS))

    def location(year: int) -> float:
        """What plants in China make over the chips that China buys, percent."""
        at = runs.at(year)
        return float(100 * demand.made[at, plants, n].sum() / demand.bought[at, chips, n].sum())

    found = {f"mature {y}": runs.home(path, "fab_mature", y) for y in (2022, 2024, 2030, 2035)}
    found |= {f"location {y}": location(y) for y in (2022, 2026)}
    gap = runs.baseline.chains.gap
    found |= {
        f"gap {name} {year}": 100 * float(gap[runs.at(year), runs.node(name), n])
        for name in GAPS
        for year in (2022, 2035)
    }
    return found | {f"advanced {y}": runs.world_share(path, "fab_adv", y) for y in (2022, 2030)}


def _checks(found: Numbers) -> tuple[Check, ...]:
    parts = (
        Part(
            "mature_home",
            "mature logic used in China that is made there, 2024 less 2022",
            found["mature 2024"] - found["mature 2022"],
            "percentage point",
            (-1.0, 5.0),
            "F60, F61 (a point or two a year; band is judgement)",
            note=", ".join(f"{y}: {found[f'mature {y}']:.1f}" for y in (2022, 2030, 2035)),
            missed="the drift of all Chinese makers, and a dear year for who has no plants of its "
            "own, move mature logic as well, which moved a little more slowly",
        ),
        Part(
            "plants_growth",
            "chips made in China over chips used there, 2026 relative to 2022",
            found["location 2026"] / found["location 2022"],
            "1",
            (1.1, 21.2 / 16.7),
            "F60 (16.7 percent in 2021, forecast 21.2 for 2026)",
            note=f"{found['location 2022']:.1f} percent in 2022, {found['location 2026']:.1f} in "
            "2026; the work of plants over chips bought, where F60 counts chips",
            missed="advanced plants grow with the world's demand for accelerators, which the "
            "forecast of 2022 did not see",
        ),
        Part(
            "advanced_plants",
            "advanced logic: China's share of the world, 2030 less 2022",
            found["advanced 2030"] - found["advanced 2022"],
            "percentage point",
            (0.0, 10.0),
            "known output at 7 nm: the share must not fall (judgement)",
            note=f"{found['advanced 2022']:.1f} percent in 2022",
            missed="bars on tools take away what advanced plants are built with, bars on stacked "
            "memory the customers at home, while the world's demand grows several times; known "
            "output grew under the same bars, so that they are taken to bind too much",
        ),
    )
    return (
        Check(
            "plants",
            "Chip plants",
            "Chinese plants grow as forecast and do not take over at once.",
            "the same run; plants are a stock that takes years to build",
            parts,
        ),
    )


GROUP = Group("plants", ("plants",), _NAMES, _measure, _checks)
