"""V04: in which order China supplies itself."""

from __future__ import annotations

import numpy as np
from scipy.stats import kendalltau

from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import Runs

# From the most to the least self-sufficient; equal ranks are not ordered among themselves. High-end
# machine tools are read at their control systems, aircraft at the airliner (judgement).
RANKS: dict[str, tuple[int, str]] = {
    "trains": (1, "high_speed_rail/hs_train"),
    "electric vehicles": (1, "batteries_nev/nev"),
    "batteries": (1, "batteries_nev/cell"),
    "solar": (1, "solar_pv/module"),
    "robots": (2, "robots_cnc/robot"),
    "medicines": (2, "biotech_pharma/therapy"),
    "chips": (3, "semiconductors/ic"),
    "machine tools": (4, "robots_cnc/cnc_system"),
    "aircraft": (4, "commercial_aircraft/airliner"),
    "design software": (5, "semiconductors/eda"),
    "lithography": (5, "semiconductors/lith_duv"),
}
_YEARS = (2022, 2030, 2035)
LEAST_TAU = 0.7
_SOURCE = "F60, F64, F66, F67, F68, F69, F6A, F6B, F6C; tau of 0.7 is judgement"
_NAMES = tuple(f"{name} {year}" for year in _YEARS for name in RANKS)


def tau(shares: dict[str, float]) -> float:
    """Kendall's tau-b between the expected order and shares; 0.91 at most, with ties as they are.

    0 where all shares are the same.
    """
    expected = [-rank for rank, _ in RANKS.values()]
    found = float(kendalltau(expected, [shares[name] for name in RANKS]).statistic)
    return 0.0 if np.isnan(found) else found


def _measure(runs: Runs) -> Numbers:
    return {
        f"{name} {year}": runs.home(runs.happened, node, year)
        for year in _YEARS
        for name, (_, node) in RANKS.items()
    }


def _checks(found: Numbers) -> tuple[Check, ...]:
    parts = []
    for year in _YEARS:
        shares = {name: found[f"{name} {year}"] for name in RANKS}
        order = sorted(shares, key=lambda name: -shares[name])
        parts.append(
            Part(
                f"order_{year}",
                f"Kendall's tau between the expected order and home shares, {year}",
                tau(shares),
                "1",
                (LEAST_TAU, np.inf),
                _SOURCE,
                note=", ".join(f"{name} {shares[name]:.0f}" for name in order) + " percent",
            )
        )
    return (
        Check(
            "V04",
            "Order of technologies",
            "Rail, electric vehicles, batteries and solar lie above robots and medicines, these "
            "above chips, these above high-end machine tools and aircraft, these above design "
            "software and lithography.",
            "home shares of nodes in China with controls and the drive as they were; those of 2022 "
            "come from the chains' tables, so that this tests the tables and that the path keeps "
            "their order",
            tuple(parts),
        ),
    )


GROUP = Group("order", ("V04",), _NAMES, _measure, _checks)
