"""Hypothetical extraction through the model: what a cut costs when everybody adjusts.

The accounting version is `zizhu.indicators.extraction`. This one needs a scenario and a solved
equilibrium, and so belongs to the laboratory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import xarray as xr

from zizhu.laboratory.case import make_case, solved_and_audited
from zizhu.parameters import values
from zizhu.policy import compile_wedges
from zizhu.policy.scenario import validate
from zizhu.world import World

Names = str | Iterable[str] | None


def equilibrium_extraction(
    world: World,
    *,
    suppliers: Names = None,
    sectors: Names = None,
    users: Names = None,
    cut: float = 0.9,
    options: Mapping[str, Any] | None = None,
) -> xr.Dataset:
    """Loss of real income of every region if flows fall by the share `cut` of their value.

    The flows are cut by the lever `export_control`: an iceberg cost, earned by nobody, holds each
    at 1 - cut of its base value; all else adjusts, buyers to other suppliers included. None means
    all; own sales are never cut.

        real_income_loss[n] = -100 ((Y'/Y) / P - 1)    percent; negative for a gain
        log_limit_cost[i,k,n]                          log iceberg cost that holds the flows

    cut      0 to 1; 0.9 by default, an assumption: at 1 the cost has no finite value
             and a prohibitive one takes its place
    options  of the model, as in a scenario file: `{"scale": "none"}`

    Raises `ScenarioError` for a bad target, share or option and `NotConverged` if no equilibrium
    was found; the audit of the one that was found is in `attrs["largest_residual"]`.
    """
    measure = {
        "lever": "export_control",
        "label": "extraction",
        "suppliers": _names(suppliers),
        "users": _names(users),
        "sectors": _names(sectors),
        "cut": f"{100 * cut:.12g} %",
        "source": "hypothetical extraction",
    }
    raw = {
        "name": "extraction",
        "title": "Hypothetical extraction",
        "options": dict(options or {}),
        "measures": [measure],
    }
    scenario = validate(raw, "extraction")
    wedges = compile_wedges(scenario, world)
    case = make_case(world, scenario, None, wedges)
    limit = values(scenario.parameters)["largest_residual"]
    solution, checked, _ = solved_and_audited(case, wedges, limit)
    loss = -100 * np.expm1(np.asarray(solution.log_real_income))
    cost = np.asarray(solution.log_limit_cost).transpose(1, 0, 2)
    found = xr.Dataset(
        {
            "real_income_loss": (
                ("region",),
                loss,
                {
                    "units": "percent",
                    "definition": "fall of final spending deflated by its price when flows are cut",
                },
            ),
            "log_limit_cost": (
                ("supplier", "sector", "user"),
                cost,
                {"units": "log", "definition": "iceberg cost that holds a cut flow at its limit"},
            ),
        },
        {
            "region": list(world.regions),
            "supplier": list(world.regions),
            "sector": list(world.sectors),
            "user": list(world.regions),
        },
    )
    found.attrs = {
        "cut": cut,
        "largest_residual": float(checked.largest),
        **{name: str(value) for name, value in scenario.options.model_dump().items()},
    }
    return found


def _names(names: Names) -> str | list[str]:
    if names is None:
        return "all"
    return names if isinstance(names, str) else list(names)
