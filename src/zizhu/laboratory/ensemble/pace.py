"""Draws of the pace: how shares of nodes, and sectors, go on moving from the base year.

A draw takes one point of the joint posterior of the pace, correlations kept, and one of that of
sectors (`zizhu.laboratory.pace`, `zizhu.laboratory.backtest.sector_posterior`), and with them

    momentum of every share that moves by itself, around what the panel tells of it,
    shocks to these shares: sigma a year in log odds, which last (`Known.abilities` makes abilities
    of them), and innovations of the comparative advantage of sectors,

all normal, in pairs of opposite signs. What steers abilities beside them comes from the
distributions of the registry, each on its own. How hard single nodes are stays as registered in
what effort does (assumption: in the drift it is drawn).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.ensemble.design import stratified
from zizhu.laboratory.pace.at_nodes import REGISTERED, drawn_numbers, node_pace
from zizhu.laboratory.path.case import PathCase
from zizhu.parameters import parameters
from zizhu.reading import commented_rows

# Read by rates and not estimated: what steers abilities beside the pace.
_ASSUMED = (
    "effort_clock_exponent",
    "effort_productivity",
    "experience_years",
    "foreign_experience",
    "widest_gap",
)
# Estimated, and read by rates.
_ESTIMATED = ("catch_up", "momentum_fade")
OF_ABILITY = (*_ASSUMED, *_ESTIMATED)
OF_SECTORS = ("sector_reversion", "sector_momentum", "sector_fade", "sector_shock")


class PaceDraw(NamedTuple):
    """One draw of the pace.

    momentum    yearly gain of ability in the base year [m,n], nodes in the order of the case
    ability     shocks by year [t,m,n]
    parameters  of `OF_ABILITY` and `OF_SECTORS`, registered units
    shocks      standard normal innovations of sectors [t,n,k]
    """

    momentum: Float[np.ndarray, "m n"]
    ability: Float[np.ndarray, "t m n"]
    parameters: Mapping[str, float]
    shocks: Float[np.ndarray, "t n k"]


def pace_draws(case: PathCase, number: int, seed: int) -> list[PaceDraw]:
    """Draws of the pace of a case's nodes and sectors; the one place where they come from.

    Numbers that the case sets itself, away from the registry, are not drawn.
    """
    known, eta = case.chains.told, case.parameters["chain_sourcing_elasticity"]
    if known is None:
        raise TypeError("chains of which nothing is told cannot be drawn")
    random = np.random.default_rng([seed, 1])
    rows, years = len(known.node), len(case.years)
    noise = _opposite(random, number, (rows,))
    shaken = _opposite(random, number, (years, rows))
    shocks = _opposite(random, number, (years, *case.world.output.shape))
    joint = [_own(case, one) for one in drawn_numbers(number, seed)]
    sectors = _sector_draws(number, seed)
    tables = stratified(_ASSUMED, number, seed)
    found = []
    for place in range(number):
        numbers = joint[place]
        pace = node_pace(known, numbers, eta, noise[place])
        moved = numbers["shock world"] * shaken[place]
        # What moves a share within a year is felt in the next.
        steps = np.array([known.abilities(row, eta) for row in moved])
        estimated = {name: numbers[of] for of, name in REGISTERED.items() if name in _ESTIMATED}
        chosen = _within({**tables[place], **estimated, **sectors[place]})
        found.append(PaceDraw(pace.every, steps, chosen, shocks[place]))
    return found


def _sector_draws(number: int, seed: int) -> list[dict[str, float]]:
    """Rows of the shipped joint draws, as many as asked, in a seeded order."""
    file = files("zizhu.laboratory.backtest") / "tables" / "sector_draws.csv"
    rows = commented_rows(file.read_text(encoding="utf-8"))
    order = np.random.default_rng([seed, 2]).permutation(len(rows))
    return [
        {name: float(rows[order[place % len(rows)]][name]) for name in OF_SECTORS}
        for place in range(number)
    ]


def still_pace(case: PathCase) -> PaceDraw:
    """The pace as registered: no draw."""
    central = np.asarray(case.base.technology.momentum)[case.chains.places]
    chosen = {name: case.parameters[name] for name in (*OF_ABILITY, *OF_SECTORS)}
    years = len(case.years)
    still = np.zeros((years, *central.shape))
    return PaceDraw(central, still, chosen, np.zeros((years, *case.world.output.shape)))


def _own(case: PathCase, drawn: Mapping[str, float]) -> dict[str, float]:
    """Drawn numbers, but those that the case has set away from the registry.

    What rates read stays drawn here, as of the base year: members run with what a scenario sets.
    """
    known = parameters()
    fixed = {
        of: case.parameters[name]
        for of, name in REGISTERED.items()
        if name not in _ESTIMATED and case.parameters[name] != known[name].value
    }
    return {**drawn, **fixed}


def _within(drawn: Mapping[str, float]) -> dict[str, float]:
    """Cut to what a scenario may set."""
    known = parameters()
    return {
        name: float(np.clip(value, known[name].low, known[name].high))
        for name, value in drawn.items()
    }


def _opposite(
    random: np.random.Generator, number: int, shape: Sequence[int]
) -> list[Float[np.ndarray, "..."]]:
    """Standard normal draws in pairs of opposite signs; the last of an odd number stands alone."""
    half = [random.standard_normal(tuple(shape)) for _ in range(-(-number // 2))]
    return [one for z in half for one in (z, -z)][:number]
