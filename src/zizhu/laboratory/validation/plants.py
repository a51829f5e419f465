"""Chip plants with controls and the drive as they were, and the distance to the ablest without."""

from __future__ import annotations

from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.duplication import PLANTS
from zizhu.laboratory.validation.runs import BUYER, Runs

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
    demand, rows, n = path.record.flows.demand, [runs.node(p) for p in PLANTS], runs.place(BUYER)

    def location(year: int) -> float:
        """Plants in China over the plants behind the chips that China uses, percent."""
        at = runs.at(year)
        return float(100 * demand.made[at, rows, n].sum() / demand.bought[at, rows, n].sum())

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
            "mature logic used in China that is made there, 2024",
            found["mature 2024"],
            "percent",
            (0.0, 70.0),
            "F60, F61",
            apart="the trend of plants was set to the series of 2010 to 2021, not to a level",
            note=", ".join(f"{y}: {found[f'mature {y}']:.1f}" for y in (2022, 2030, 2035)),
        ),
        Part(
            "plants_growth",
            "chips made in China over chips used there, 2026 relative to 2022",
            found["location 2026"] / found["location 2022"],
            "1",
            (1.1, 21.2 / 16.7),
            "F60 (16.7 percent in 2021, forecast 21.2 for 2026)",
            note=f"the level is {found['location 2022']:.0f} percent in 2022 by value of plants' "
            "work, which is not the series of F60 (value of chips)",
            apart="the trend of plants was set to 2010 to 2021; the forecast for 2026 set nothing",
            missed="the trend of Chinese plants is that of 2010 to 2021; plants elsewhere answer "
            "and China's own market grows",
        ),
        Part(
            "advanced_plants",
            "advanced logic: China's share of the world, 2030 less 2022",
            found["advanced 2030"] - found["advanced 2022"],
            "percentage point",
            (0.0, 10.0),
            "known output at 7 nm: the share must not fall (judgement)",
            note=f"{found['advanced 2022']:.1f} percent in 2022",
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
