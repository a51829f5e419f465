"""Draws of the pace: how shares of nodes, and sectors, go on moving from the base year.

STAND-IN until a posterior is estimated: momentum is normal around what the base year has, each
share that was measured on its own, with the error of its pace. Shares without a measured pace keep
theirs: drawn one by one with the prior spread, some of the many small makers of every node would
always run away, and the middle of the draws would lie far below the registered path (found: 16
percent for a field at 49). That leaves bands too narrow at nodes that nobody measured. What steers
momentum later comes from the distributions of the registry, each on its own. Comparative
advantage of sectors gets standard normal innovations each year (`sector_drift`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.ensemble.design import stratified
from zizhu.laboratory.path.case import PathCase

# Read by rates: what steers abilities once the base year's momentum fades.
OF_ABILITY = (
    "catch_up",
    "effort_clock_exponent",
    "effort_productivity",
    "experience_years",
    "foreign_experience",
    "momentum_fade",
    "widest_gap",
)
OF_SECTORS = ("sector_reversion", "sector_momentum", "sector_fade", "sector_shock")


class PaceDraw(NamedTuple):
    """One draw of the pace.

    momentum    yearly gain of ability in the base year [m,n], nodes in the order of the case
    parameters  of `OF_ABILITY` and `OF_SECTORS`, registered units
    shocks      standard normal innovations of sectors [t,n,k]
    """

    momentum: Float[np.ndarray, "m n"]
    parameters: Mapping[str, float]
    shocks: Float[np.ndarray, "t n k"]


def pace_draws(case: PathCase, number: int, seed: int) -> list[PaceDraw]:
    """Draws of the pace of a case's nodes and sectors; the one place where they come from.

    Log odds a year over the elasticity of sourcing are ability a year, as in the case itself.
    """
    central = np.asarray(case.base.technology.momentum)[case.chains.places]
    error = momentum_error(case)
    tables = stratified((*OF_ABILITY, *OF_SECTORS), number, seed)
    # Opposite pairs: the mean of the draws is what the base year has, to rounding.
    random = np.random.default_rng([seed, 1])
    noise = _opposite(random, number, central.shape)
    shape = (len(case.years), len(case.world.regions), len(case.world.sectors))
    shocks = _opposite(random, number, shape)
    return [
        PaceDraw(central + error * z, table, e)
        for z, table, e in zip(noise, tables, shocks, strict=True)
    ]


def still_pace(case: PathCase) -> PaceDraw:
    """The pace as registered: no draw."""
    central = np.asarray(case.base.technology.momentum)[case.chains.places]
    parameters = {name: case.parameters[name] for name in (*OF_ABILITY, *OF_SECTORS)}
    shape = (len(case.years), len(case.world.regions), len(case.world.sectors))
    return PaceDraw(central, parameters, np.zeros(shape))


def momentum_error(case: PathCase) -> Float[np.ndarray, "m n"]:
    """Standard error of the yearly gain of ability by node and region; zero where none is known.

    Of the pace that was measured, log odds a year, over the elasticity of sourcing.
    """
    chains, eta = case.chains, case.parameters["chain_sourcing_elasticity"]
    found = np.zeros((len(chains.nodes), len(case.world.regions)))
    for row, name in enumerate(chains.nodes):
        known = chains.figures.get(name)
        if known is not None:
            seen = known.paces.observed & (known.shares > 0)
            found[row] = np.where(seen, known.paces.error, 0.0) / eta
    return found


def _opposite(
    random: np.random.Generator, number: int, shape: Sequence[int]
) -> list[Float[np.ndarray, "..."]]:
    """Standard normal draws in pairs of opposite signs; the last of an odd number stands alone."""
    half = [random.standard_normal(tuple(shape)) for _ in range(-(-number // 2))]
    return [one for z in half for one in (z, -z)][:number]
