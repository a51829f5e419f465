"""Equilibria whose deficits or labour follow what they find: an outer loop around the solver.

Some published models let a deficit stay a share of the region's own income or output, or labour
rise with the real wage. In ours both are given to the solver; solved again with what the solution
implies until nothing moves, they are the same equilibria.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.errors import NotConverged
from zizhu.model import Economy, Elasticities
from zizhu.model.anderson import Settings
from zizhu.model.equilibrium import Solution, base_unknowns, solve_unchecked
from zizhu.model.shock import NoShock

_MOST_ROUNDS = 200


class Implied(NamedTuple):
    """What a solution implies: deficits in the unit of account, and the log change of labour."""

    deficit: Float[np.ndarray, " n"]
    log_labour: Float[np.ndarray, " n"]


class Settled(NamedTuple):
    """A solution that implies the shock it was solved with, that shock, and the rounds it took."""

    solution: Solution
    shock: NoShock
    rounds: int


def settle(
    economy: Economy,
    elasticities: Elasticities,
    shock: NoShock,
    implied: Callable[[Solution], Implied],
    *,
    settings: Settings,
    tolerance: float,
) -> Settled:
    """Solve until deficits, relative to the largest output, and labour move by `tolerance` or less.

    Raises `NotConverged` if they go on moving or a round has no equilibrium.
    """
    base = np.asarray(economy.deficit)
    size = float(np.max(np.asarray(economy.cost).sum(axis=1)))
    guess = base_unknowns(economy)
    moved = np.inf
    for rounds in range(1, _MOST_ROUNDS + 1):
        solution: Solution = solve_unchecked(
            economy, elasticities, shock, settings=settings, guess=guess
        )
        guess = solution.unknowns
        asked = implied(solution)
        deficit = asked.deficit - base
        moved = max(
            float(np.abs(deficit - np.asarray(shock.deficit)).max()) / size,
            float(np.abs(asked.log_labour - np.asarray(shock.log_labour)).max()),
        )
        if moved <= tolerance and float(solution.residual) <= 10 * settings.tolerance:
            return Settled(solution, shock, rounds)
        shock = shock._replace(
            deficit=jnp.asarray(deficit), log_labour=jnp.asarray(asked.log_labour)
        )
    raise NotConverged(
        f"deficits and labour still move by {moved:.1e} after {_MOST_ROUNDS} rounds, "
        f"{tolerance:.0e} is asked"
    )
