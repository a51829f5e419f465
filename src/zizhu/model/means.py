"""Whether regions have the means to live: why some shocks have no equilibrium at all.

A region lives on its wages, on duties and on what it borrows abroad, less what its subsidies and
measures cost. A trade surplus is a part of the world's value added that does not follow the fortune
of the region. Where wages do not pay for all that, no prices clear all markets: the search ends
where the floor under income holds (`zizhu.model.market`).
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.model.economy import Economy
from zizhu.model.equilibrium import Solution
from zizhu.model.market import LEAST_INCOME
from zizhu.model.shock import Shock
from zizhu.model.unknowns import base_state, unflatten

# What wages have to pay for, in words.
CLAIMS = {
    "surplus": "its trade surplus, which stays a part of the world's value added",
    "duties": "its tariffs and export taxes below zero",
    "subsidies": "its subsidies",
    "measures": "what its measures cost",
}
# Relative; the miss of the map and that of the floor are computed by the same numbers.
_SAME = 1e-6


class Means(NamedTuple):
    """What keeps a region from living on what it earns.

    region  its place
    claim   the largest of what its wages have to pay, of `CLAIMS`
    """

    region: int
    claim: str


def lacks_of(
    economy: Economy, unknowns: Float[Array | np.ndarray, " d"], wages: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """What regions lack of the least income, as parts of the base's; below zero where none does."""
    # Unknowns that bound labour or limits add come last.
    state = unflatten(jnp.asarray(unknowns), base_state(economy, bound_labour=False, limits=False))
    income = wages / np.asarray(economy.income) + np.asarray(state.transfers)
    return np.asarray(LEAST_INCOME - income)


def lacking(
    economy: Economy, solution: Solution, deficit: Float[np.ndarray, " n"]
) -> tuple[Means, ...]:
    """Regions without the means to live where that is the largest miss of a solution, worst first.

    solution  whose search ended without an equilibrium
    deficit   change of trade deficits in it
    """
    wages = np.asarray(solution.wage_bill)
    lacks = lacks_of(economy, solution.unknowns, wages)
    worst = float(lacks.max())
    if not (worst > 0 and abs(worst - float(solution.residual)) <= _SAME * worst):
        return ()
    claims = {
        "surplus": -(np.asarray(economy.deficit) + np.asarray(deficit)),
        "duties": -np.asarray(solution.tariff_revenue) - np.asarray(solution.export_tax_revenue),
        "subsidies": np.asarray(solution.subsidy_cost),
        "measures": np.asarray(solution.resource_cost),
    }
    found = []
    for region in np.argsort(-lacks):
        if lacks[region] > 0:
            sizes = {name: float(paid[region]) for name, paid in claims.items()}
            found.append(Means(int(region), max(sizes, key=sizes.__getitem__)))
    return tuple(found)


def claim_of(economy: Economy, solution: Solution, shock: Shock) -> str:
    """What wages do not pay for where a region lacks most, in words; empty if none lacks."""
    found = lacking(economy, solution, np.asarray(shock.deficit))
    return CLAIMS[found[0].claim] if found else ""
