"""V14: January and February 2020, from the days on which work was forbidden.

The fall of labour is counted from notices, not from what industry lost, which the parameters of the
lever `lockdown` were set to: those would test nothing. Bands were set before the model was asked.
"""

from __future__ import annotations

import numpy as np

from zizhu.laboratory.case import make_case, solved_and_audited
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.parameters import values
from zizhu.policy import load_scenario
from zizhu.policy.compile import compile_wedges
from zizhu.world import World, open_world
from zizhu.world.classification import is_good
from zizhu.world.past import small

# Working days of January and February 2020 as planned, weekends that were to be worked included.
DAYS = 39
# 31 January, 1 February and 3 to 7 February where work was not to begin before the 10th: 24
# provinces with more than 80 percent of GDP (CNBC, 31 January 2020); the first two elsewhere.
LOST, LOST_ELSEWHERE, WHERE = 7, 2, 0.8
# Industrial value added in 2019, percent (National Bureau of Statistics, recalled).
BEFORE = 5.7
_ELECTRONICS, _MEDICINES = "C26", "C21"
_NAMES = ("industry", "medicines", "electronics", "manufacturing")


def lost_labour() -> float:
    """Part of the working days of both months that fell away by notice, 0 to 1."""
    return (WHERE * LOST + (1 - WHERE) * LOST_ELSEWHERE) / DAYS


def _measure(runs: Runs) -> Numbers:
    runs.progress("two months of lockdown in the world of 2017")
    world = small(open_world("2017"))
    settings = (f"measures.lockdown.size={-100 * lost_labour():.4f} %",)
    scenario = load_scenario("lockdown", settings)
    wedges = compile_wedges(scenario, world)
    case = make_case(world, scenario, None, wedges)
    limit = values(scenario.parameters)["largest_residual"]
    solution = solved_and_audited(case, wedges, limit).solution
    place = world.regions.index(BUYER)
    base = np.asarray(case.economy.cost)[place]
    now = np.asarray(solution.cost)[place] / np.exp(np.asarray(solution.log_price)[place])

    def volume(sectors: list[str]) -> float:
        rows = [world.sectors.index(one) for one in sectors]
        return 100 * float(now[rows].sum() / base[rows].sum() - 1)

    return {
        "industry": volume(_industry(world)),
        "manufacturing": volume([one for one in world.sectors if one.startswith("C")]),
        "medicines": volume([_MEDICINES]),
        "electronics": volume([_ELECTRONICS]),
    }


def _industry(world: World) -> list[str]:
    """Mining, manufacturing and utilities, as the statistics of industry have them."""
    farms = ("A01_02", "A03")
    goods = [s for s in world.sectors if is_good(world.isic.get(s, ())) and s not in farms]
    return list(dict.fromkeys([*goods, "D_E"]))


def _checks(found: Numbers) -> tuple[Check, ...]:
    year_on_year = 100 * ((1 + BEFORE / 100) * (1 + found["industry"] / 100) - 1)
    return (
        Check(
            "V14",
            "January and February 2020",
            "Industry falls by 10 to 17 percent, medicines and high technology less (F57).",
            f"the world of 2017 in seven regions with {100 * lost_labour():.1f} percent less "
            f"labour in China, the working days that fell away by notice: {LOST} of {DAYS} in "
            f"provinces with {100 * WHERE:.0f} percent of GDP, {LOST_ELSEWHERE} elsewhere; labour "
            "changes its sector with friction, and the answer is read as that of the two months",
            (
                Part(
                    "lockdown_industry",
                    "industry, year on year",
                    year_on_year,
                    "percent",
                    (-17.0, -10.0),
                    "V14; F57 (-13.5 percent)",
                    note=f"{found['industry']:.1f} against no lockdown, on growth of {BEFORE:g} "
                    "percent the year before",
                    missed="days lost by notice are the least: factories that might open lacked "
                    "people and parts until March",
                ),
                *(
                    Part(
                        f"lockdown_{name}",
                        f"{name} less all manufacturing",
                        found[name] - found["manufacturing"],
                        "percentage point",
                        (0.0, np.inf),
                        "V14; F57 has it of high-tech branches",
                        note=f"{found[name]:.1f} and {found['manufacturing']:.1f} against no "
                        "lockdown",
                        missed="all sectors lose the same part of labour here; what held up in "
                        "2020 was told to go on, or was ordered from home and abroad because of "
                        "the epidemic",
                    )
                    for name in ("medicines", "electronics")
                ),
            ),
        ),
    )


GROUP = Group("lockdown", ("V14",), _NAMES, _measure, _checks)
