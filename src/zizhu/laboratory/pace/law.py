"""Catching up along an observed share, by the model's own function, and growth of economies.

With s the world share of a region's makers, l the leader and r research in percent of GDP over the
mean of the listed economies in the year, effort is s r of what the world's makers spend, and

    B = min(1, s r / (s_l r_l))^(1/2) min(ln(s_l / s) / eta, gmax)

which is `zizhu.model.capability.pushes` at eps = 0, delta = 1 between two makers who are open to
each other: before 2022 openness was never cut (assumption). What effort does (eps) is not asked of
the panel: research and policy of the past moved with everything else that is in the drift of a
group of makers, so that their effect cannot be told apart by these data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.model.capability import AbilityRates, pushes
from zizhu.model.effort import Effort
from zizhu.reading import commented_rows

# A number, also inside a compiled program.
Scalar = Float[Array, ""] | float
_RESEARCH, _INCOMES = "research_intensity.csv", "income_share.csv"
# Years over which the growth of an economy is measured: exchange rates swing within them.
_BEFORE = 5
# Rows that are computed at once.
_ROWS = 2048


def _table(name: str) -> Iterator[tuple[str, tuple[np.ndarray, np.ndarray]]]:
    """Years and percents by region."""
    text = (files("zizhu.laboratory.pace") / "tables" / name).read_text(encoding="utf-8")
    found: dict[str, list[tuple[float, float]]] = {}
    for row in commented_rows(text):
        found.setdefault(row["region"], []).append((float(row["year"]), float(row["percent"])))
    for region, of in found.items():
        years, percents = np.array(of).T
        yield region, (years, percents)


@lru_cache(maxsize=1)
def _intensities() -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
    return dict(_table(_RESEARCH))


def relative_research(
    region: str, years: Float[np.ndarray, " y"], until: float = np.inf
) -> Float[np.ndarray, " y"]:
    """Research in percent of GDP over the mean of the listed economies; 1 for who is not listed.

    Between the years of the table along a line, beyond them as in the nearest (assumption).

    until  year beyond which the table may not be read
    """
    by_then = {}
    for name, (at, percents) in _intensities().items():
        seen = at <= until
        if seen.any():
            by_then[name] = (at[seen], percents[seen])
    if region not in by_then:
        return np.ones(len(years))
    mean = np.mean([np.interp(years, *of) for of in by_then.values()], axis=0)
    return np.asarray(np.interp(years, *by_then[region]) / mean)


@lru_cache(maxsize=1)
def _incomes() -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
    """Years and log odds of the part of world income, by region."""
    return {region: (years, np.log(of / (100 - of))) for region, (years, of) in _table(_INCOMES)}


def income_growth(region: str, years: Float[np.ndarray, " y"]) -> Float[np.ndarray, " y"]:
    """Mean yearly change, over the five years before, of log odds of a region's part of GDP.

    In current dollars. Beyond the table as in its last year; 0 for who is not listed.
    """
    if region not in _incomes():
        return np.zeros(len(years))
    known, odds = _incomes()[region]
    at = np.minimum(years, known[-1])
    return np.asarray((np.interp(at, known, odds) - np.interp(at - _BEFORE, known, odds)) / _BEFORE)


def catching_up(
    share: Float[np.ndarray, " y"],
    leader: Float[np.ndarray, " y"],
    research: Float[np.ndarray, "2 y"],
    elasticity: float,
    widest: float,
) -> Float[np.ndarray, " y"]:
    """B of a maker with world share `share` beside the largest other, by year.

    leader    share of the largest other maker's region, 0 to 1
    research  of both, relative
    """
    count = len(share)
    rows = -(-max(count, 1) // _ROWS) * _ROWS

    def filled(values: Float[np.ndarray, "y 2"]) -> Float[Array, "r 2"]:
        # To few lengths: the program is compiled for each.
        return jnp.asarray(np.concatenate([values, np.ones((rows - count, 2))]))

    shares = np.stack([share, leader], axis=1)
    found = _followed(filled(shares), filled(research.T), elasticity, widest)
    return np.asarray(found)[:count]


@jax.jit
def _followed(
    shares: Float[Array, "r 2"],
    research: Float[Array, "r 2"],
    elasticity: Scalar,
    widest: Scalar,
) -> Float[Array, " r"]:
    gap = jnp.log(shares.max(axis=1, keepdims=True) / shares) / elasticity
    nothing, none = jnp.zeros_like(gap), jnp.zeros(())
    rates = AbilityRates(*[none] * len(AbilityRates._fields))
    return pushes(
        gap,
        Effort(shares * research, nothing, nothing, jnp.ones(len(shares))),
        openness=jnp.ones((2, 2)),
        world=shares,
        difficulty=jnp.ones(len(shares)),
        rates=rates._replace(catch_up=jnp.ones(()), widest=jnp.asarray(widest)),
    )[:, 0]
