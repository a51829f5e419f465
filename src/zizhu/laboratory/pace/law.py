"""The two parts of the law of ability along an observed share, by the model's own function.

With s the world share of a region's makers, l the leader and r research in percent of GDP over the
mean of the listed economies in the year, effort is s r of what the world's makers spend, and

    A = ln(1 + s r) - ln(1 + s_l r_l),      B = min(1, s r / s_l r_l)^(1/2) min(ln(s_l / s) / eta, gmax)

which is `zizhu.model.capability.pushes` at eps = 1, delta = 0 and at eps = 0, delta = 1, between
two makers who are open to each other. Before 2022 openness was never cut (assumption).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.model.capability import AbilityRates, pushes
from zizhu.model.effort import Effort

_TABLE = "tables/research_intensity.csv"


@lru_cache(maxsize=1)
def _intensities() -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
    text = (files("zizhu.laboratory.pace") / _TABLE).read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        found.setdefault(row["region"], []).append((float(row["year"]), float(row["percent"])))
    return {region: tuple(np.array(of).T) for region, of in found.items()}  # type: ignore[misc]


def relative_research(region: str, years: Float[np.ndarray, " y"]) -> Float[np.ndarray, " y"]:
    """Research in percent of GDP over the mean of the listed economies; 1 for who is not listed.

    Between the years of the table along a line, beyond them as in the nearest (assumption).
    """
    known = _intensities()
    if region not in known:
        return np.ones(len(years))
    mean = np.mean([np.interp(years, *of) for of in known.values()], axis=0)
    return np.asarray(np.interp(years, *known[region]) / mean)


def parts(
    share: Float[np.ndarray, " y"],
    leader: Float[np.ndarray, " y"],
    research: Float[np.ndarray, "2 y"],
    elasticity: float,
    widest: float,
) -> tuple[Float[np.ndarray, " y"], Float[np.ndarray, " y"]]:
    """A and B of a maker with world share `share` beside the largest other, by year.

    leader    share of the largest other maker's region, 0 to 1
    research  of both, relative
    """
    shares = np.stack([share, leader], axis=1)
    gap = jnp.asarray(np.log(shares.max(axis=1, keepdims=True) / shares) / elasticity)
    nothing = jnp.zeros_like(gap)
    spent = Effort(jnp.asarray(shares * research.T), nothing, nothing, jnp.ones(len(share)))
    none = jnp.zeros(())
    rates = AbilityRates(*[none] * len(AbilityRates._fields))._replace(widest=jnp.asarray(widest))

    def push(**switched: float) -> np.ndarray:
        chosen = rates._replace(**{name: jnp.asarray(value) for name, value in switched.items()})
        return np.asarray(
            pushes(
                gap,
                spent,
                openness=jnp.ones((2, 2)),
                world=jnp.asarray(shares),
                difficulty=jnp.ones(len(share)),
                rates=chosen,
            )
        )[:, 0]

    return push(effort=1.0), push(catch_up=1.0)
