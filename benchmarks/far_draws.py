"""Paths far out in the space of parameters: how many are not solved, and do they say so.

`python -m benchmarks.far_draws [DRAWS] [WITH_AUDIT]` runs the default world under the timeline of
export controls with parameters drawn from anywhere in their ranges, and prints a line of JSON:

ranges  DRAWS members, each rate uniform over its whole range
ends    DRAWS members, each rate at one end of its range
cases   WITH_AUDIT members whose other parameters (sourcing, levels, scale, barred parts, growth)
        are drawn from their whole ranges as well, read by a path or not: each is a world of its
        own, run with its baseline through `zizhu.simulate`, which audits both

Failed are those not solved; of the cases also those that do not add up, by the sentence that says
so. Delays in whole years, the cost of public funds and what has no finite range stay as registered.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

import zizhu as zz
from benchmarks.paths import YEARS
from zizhu.errors import ZizhuError
from zizhu.laboratory.path.batch import simulate_batch
from zizhu.laboratory.path.case import path_case
from zizhu.laboratory.path.draws import draw_rates, draws
from zizhu.laboratory.path.standing import control_wedges
from zizhu.parameters import parameters

CONTROLS = "2026-11-01"
SEED = 5
# Far enough to be cut to an end of the range.
_TO_THE_END = 1e6
# Delays in whole years, and the cost of public funds, for which raw wedges do not say who pays.
_AS_REGISTERED = (
    "building_years",
    "deployment_lag",
    "early_pay_in_life",
    "graduate_lag",
    "pay_in_life",
    "public_funds",
)


def batches(number: int) -> dict[str, Mapping[str, float]]:
    """Failures among draws of the rates: from anywhere in their ranges, then from their ends."""
    world = zz.open_world()
    case = path_case(world, tuple(range(world.year, world.year + YEARS)))
    wedges = control_wedges(case, dt.date.fromisoformat(CONTROLS))
    found: dict[str, Mapping[str, float]] = {}
    for name, spread in (("ranges", 1.0), ("ends", _TO_THE_END)):
        start = time.perf_counter()
        rates = draw_rates(case, number, SEED, uniform=True, spread=spread)
        result = simulate_batch(case, wedges, rates, {}, progress=_say)
        solved = result.real_income[result.converged, -1]
        found[name] = {
            "members": number,
            "failed": result.failed,
            "largest_residual": float(np.nanmax(result.residual[result.converged], initial=0.0)),
            "china_lowest": float(solved[:, world.regions.index("CHN")].min(initial=np.inf)),
            "china_highest": float(solved[:, world.regions.index("CHN")].max(initial=-np.inf)),
            "seconds": time.perf_counter() - start,
        }
    return found


def cases(number: int) -> dict[str, Any]:
    """Failures among draws of everything but whole years, each audited."""
    world, known = zz.open_world(), parameters()
    names = [
        name
        for name, one in known.items()
        if name not in _AS_REGISTERED and np.isfinite([one.low, one.high]).all()
    ]
    start, largest, complaints = time.perf_counter(), 0.0, []
    for place, drawn in enumerate(draws(number, SEED, names=names, uniform=True)):
        try:
            outcome = zz.simulate(
                world,
                parameters=drawn,
                years=world.year + YEARS - 1,
                controls=CONTROLS,
                decompose=(),
            )
        except ZizhuError as error:
            complaints.append(f"draw {place}: {error}")
            continue
        largest = max(largest, *(one.largest for one in outcome.audits.values()))
        _say(f"{place + 1} of {number} cases, {len(complaints)} failed")
    return {
        "members": number,
        "parameters": len(names),
        "failed": len(complaints),
        "largest_miss": largest,
        "complaints": complaints,
        "seconds": time.perf_counter() - start,
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(number: str = "500", with_audit: str = "100") -> None:
    """Print the answer as a line of JSON."""
    answer: dict[str, Any] = {"controls": CONTROLS, "seed": SEED}
    if int(number):
        answer |= batches(int(number))
    if int(with_audit):
        answer["cases"] = cases(int(with_audit))
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
