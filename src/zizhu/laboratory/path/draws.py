"""Rates drawn from what is known about their parameters.

Drawn are parameters that only rates read. What is also built into the base of a path stays as the
case has it: who supplies whom, what wears out, who may enter (`SHARED`), and everything that rates
do not read, such as scale, levels, barred sales, delays in years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zizhu.errors import ParameterError
from zizhu.laboratory.path.case import PathCase, domar_weight
from zizhu.laboratory.path.rates import rates_of
from zizhu.model.path_inputs import Rates
from zizhu.parameters import parameters

# Read by rates and by what they must agree with: the tables and the plants of the chains, the
# weights of entrants.
SHARED = (
    "capital_new_share",
    "chain_sourcing_elasticity",
    "choke_price",
    "entry_gap",
    "inputs_elasticity",
)
# Read by rates alone.
DRAWN = (
    "absorptive_capacity",
    "base_return",
    "catch_up",
    "chain_elasticity_at_once",
    "cluster_elasticity",
    "control_cap",
    "control_response",
    "cross_border_spillover",
    "effort_clock_exponent",
    "effort_productivity",
    "entry_time",
    "experience_years",
    "feed_elasticity",
    "felt_cost_weight",
    "foreign_experience",
    "home_stay_rate",
    "idea_diffusion",
    "idea_growth",
    "idea_shape",
    "idle_discount",
    "leakage",
    "lost_rent",
    "misallocation_base",
    "misallocation_strength",
    "momentum_fade",
    "paid_in_ratio",
    "plant_capital",
    "plant_response",
    "push_cap",
    "push_response",
    "quality_ceiling",
    "reach_gap",
    "reach_width",
    "reaction_persistence",
    "research_elasticity",
    "research_money_exponent",
    "research_speed",
    "research_talent_exponent",
    "returnee_premium",
    "scale_speed",
    "scarcity_price",
    "talent_retention",
    "widest_gap",
    "young_yield",
)


def draws(
    number: int,
    seed: int,
    *,
    names: Sequence[str] = DRAWN,
    uniform: bool = False,
    spread: float = 1.0,
) -> list[dict[str, float]]:
    """Values of registered parameters by draw; the same seed and names give the same draws.

    uniform  over the whole range that a scenario may set, also where the distribution is narrower
             or fixed; otherwise from the distribution
    spread   how many times as far from the registered value, cut to the range: at 1 as drawn, at
             a large number every parameter is at an end of its range

    Raises `ParameterError` for fewer draws than one, an unknown name or a spread that is no
    number of at least 0.
    """
    known = parameters()
    unknown = [name for name in names if name not in known]
    if number < 1 or unknown or not (np.isfinite(spread) and spread >= 0):
        raise ParameterError(
            f"draws: {number} draws of {unknown or 'known parameters'} with spread {spread:g}; "
            "at least one draw, registered names and a spread of at least 0 are right"
        )
    shares = np.random.default_rng(seed).random((number, len(names)))
    table = np.empty_like(shares)
    for column, name in enumerate(names):
        entry, share = known[name], shares[:, column]
        drawn = (
            entry.low + share * (entry.high - entry.low)
            if uniform
            else entry.distribution.quantile(share)
        )
        moved = entry.value + spread * (drawn - entry.value)
        table[:, column] = np.clip(moved, entry.low, entry.high)
    return [dict(zip(names, map(float, row), strict=True)) for row in table]


def draw_rates(
    case: PathCase, number: int, seed: int, *, uniform: bool = False, spread: float = 1.0
) -> list[Rates]:
    """Rates of a case with its parameters of `DRAWN` drawn, one after the other: see `draws`."""
    drawn = draws(number, seed, uniform=uniform, spread=spread)
    return [drawn_rates(case, one) for one in drawn]


def drawn_rates(case: PathCase, drawn: Mapping[str, float]) -> Rates:
    """Rates of a case with some of its parameters replaced.

    Raises `ParameterError` for parameters that are not only in the rates: a path with them needs a
    case of its own.
    """
    others = sorted(set(drawn) - set(DRAWN))
    if others:
        raise ParameterError(
            f"draws: {', '.join(others)} change more than the rates of a path; make a case of its "
            "own with them"
        )
    return rates_of(
        {**case.parameters, **drawn},
        case.growth,
        domar_weight(case.base.economy),
    )
