"""What it costs when no advanced tool can be had, and when a champion is listed."""

from __future__ import annotations

import numpy as np

from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.world import World

ADVANCED = (
    "lith_duv",
    "track",
    "etch",
    "dep_cvd",
    "dep_pvd",
    "dep_ald",
    "ion_implant",
    "cmp_tool",
    "cleaning",
    "thermal",
    "process_control",
)


def embargo(world: World) -> str:
    """No advanced tool from abroad reaches China from 2024 on."""
    others = ",".join(region for region in world.regions if region != BUYER)
    nodes = ",".join(f"semiconductors/{name}" for name in ADVANCED)
    return f"barred from={others} to={BUYER} node={nodes} size=100% years=2024-"


_NAMES = (
    *(f"{region} {year}" for region in ("CHN", "NLD", "JPN", "USA") for year in (2026, 2035)),
    "by_price",
    "champion_first",
    "champion_second",
    "champion_third",
    "champion_fourth",
)
_NO_CEILING = {"quality_ceiling": 0.0}


def _measure(runs: Runs) -> Numbers:
    path = runs.run("embargo on tools", embargo(runs.world))
    found = {
        f"{region} {year}": runs.effect(path, year, region)
        for region in ("CHN", "NLD", "JPN", "USA")
        for year in (2026, 2035)
    }
    path = runs.run("the same by price alone", embargo(runs.world), parameters=_NO_CEILING)
    found["by_price"] = runs.effect(path, 2026, BUYER)
    listed = runs.run("a listed champion", "listed firm=huawei size=100% years=2023-")
    revenue = np.asarray(listed.record.firms.revenue)[:, 0]
    return found | {
        "champion_first": 100 * float(revenue[1] - 1),
        "champion_second": 100 * float(revenue[2]),
        "champion_third": 100 * float(revenue[3]),
        "champion_fourth": 100 * float(revenue[4]),
    }


def _checks(found: Numbers) -> tuple[Check, ...]:
    champion = tuple(
        Part(name, title, found[name], "percent", band, "F54", "calibration")
        for name, title, band in (
            (
                "champion_first",
                "a listed champion: revenue in the first year, change (seen: -28.6)",
                (-35.0, -20.0),
            ),
            ("champion_second", "the same in the second year, of the old level (72.1)", None),
            ("champion_third", "the same in the third year (79.0)", None),
            ("champion_fourth", "the same in the fourth year (96.7)", (90.0, np.inf)),
        )
    )
    return (
        Check(
            "embargo",
            "All advanced tools barred",
            "An embargo is felt in China and by those who no longer sell.",
            "all advanced chip-making tools from abroad barred from China since 2024",
            (
                Part(
                    "embargo_china",
                    "real income of China, 2026",
                    found["CHN 2026"],
                    "percent",
                    (-np.inf, -0.1),
                    "judgement: visible",
                    note=f"{found['by_price']:.2f} if only prices mattered (no ceiling); "
                    f"{found['CHN 2035']:.2f} in 2035",
                ),
                Part(
                    "embargo_seller",
                    "real income of the Netherlands, 2026",
                    found["NLD 2026"],
                    "percent",
                    (-np.inf, -0.05),
                    "F50 (sellers lose; the size is judgement)",
                    note=f"JPN {found['JPN 2026']:.2f}, USA {found['USA 2026']:.2f}",
                ),
            ),
        ),
        Check(
            "V06",
            "A champion on the entity list",
            "It loses 20 to 35 percent in the first year and has 90 percent of its old level in "
            "the fourth (F54, net of the sale of Honor).",
            "one listed firm with all its inputs barred from the first year on",
            champion,
            untestable="all four years of the one firm that was cut off so long set the "
            "parameters; what is missing is a second one: yearly revenue for four years after a "
            "listing, and the part of it that needs what was barred (ZTE lacked its inputs for "
            "three months of 2018; makers of chips that were listed lost tools, not inputs)",
        ),
    )


GROUP = Group("embargo", ("embargo", "V06"), _NAMES, _measure, _checks)
