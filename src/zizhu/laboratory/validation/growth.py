"""Whether the baseline grows as forecasters expect, and what misallocation was set to."""

from __future__ import annotations

import numpy as np

from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs

LARGE = ("CHN", "USA", "JPN", "DEU", "IND", "GBR", "FRA", "KOR", "BRA", "ROW")
_BAND = 1.5
_LAST = 2035
_NAMES = (
    *(f"{what} {region}" for region in LARGE for what in ("growth", "outlook")),
    "misallocation",
    "passage",
)


def _measure(runs: Runs) -> Numbers:
    income = np.asarray(runs.baseline.solution.log_real_income)[runs.at(_LAST)]
    yearly = 100 * income / (_LAST - runs.first)
    outlook = 100 * runs.case.growth.outlook_gdp_growth
    found = {}
    for region in LARGE:
        place = runs.place(region)
        found[f"growth {region}"] = float(yearly[place])
        found[f"outlook {region}"] = float(outlook[place])
    chosen, china = runs.case.parameters, runs.place(BUYER)
    lost = chosen["misallocation_strength"] * chosen["misallocation_base"] ** 2
    economy = runs.case.base.economy
    domar = np.asarray(economy.cost)[china].sum() / float(np.asarray(economy.wage_bill)[china])
    return found | {"misallocation": -100 * lost, "passage": -100 * lost * float(domar)}


def _checks(found: Numbers) -> tuple[Check, ...]:
    parts = tuple(
        Part(
            f"growth_{region.lower()}",
            f"baseline growth of {region}, mean 2022-{_LAST}",
            found[f"growth {region}"],
            "percent a year",
            (found[f"outlook {region}"] - _BAND, found[f"outlook {region}"] + _BAND),
            f"IMF outlook around 2030, recalled: {found[f'outlook {region}']:.1f}; band of "
            f"{_BAND:g} is judgement",
        )
        for region in LARGE
    )
    return (
        Check(
            "growth",
            "Baseline growth",
            "Every large region grows within 1.5 points of the outlook, which is no input.",
            "productivity from 2009 to 2019 and distance to the United States, capital from "
            "investment as it was, labour from population projections",
            parts,
        ),
        Check(
            "V11",
            "Support of 4.4 percent of GDP",
            "It lowers productivity by 0.5 to 2 percent.",
            "the curve of misallocation at that support; its strength was set to F06",
            (
                Part(
                    "misallocation",
                    "loss at the base year's support in every sector, within the sector",
                    found["misallocation"],
                    "percent",
                    None,
                    "F06 has -1.2 for the aggregate",
                    kind="calibration",
                    note=f"{found['passage']:.1f} to first order for the aggregate, if it passes "
                    "through all inputs",
                ),
            ),
        ),
    )


GROUP = Group("growth", ("growth", "V11"), _NAMES, _measure, _checks)
