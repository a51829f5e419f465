"""Which draws go together: each group's draws come again beside other draws of the others.

What is not known is drawn in four groups: pace, strength of levers, tables of the chains, structure
of the model. A member of the ensemble takes one draw of each. Draws of a group serve several
members, whose other groups differ, so that the same members give bands and say what part of them
each group is (`split`). Orders are random and seeded: the same number and seed, the same members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from zizhu.errors import ScenarioError, quoted
from zizhu.parameters import parameters

PACE, LEVERS, TABLE, STRUCTURE = GROUPS = ("pace", "levers", "table", "structure")
# Members that a draw serves; a table of all chains takes long to reconcile.
_SERVES = {PACE: 2, LEVERS: 2, TABLE: 8}
DRAWS, SEED, MOST_DRAWS = 64, 15, 10_000


class Design(NamedTuple):
    """Members of an ensemble.

    number, seed  as asked
    place         by group: which of its draws each member takes, [d] from 0
    """

    number: int
    seed: int
    place: Mapping[str, Int[np.ndarray, " d"]]

    def distinct(self, group: str) -> int:
        """Number of draws of a group."""
        return int(self.place[group].max()) + 1


def require_number(number: object) -> int:
    """A number of draws from 0 to `MOST_DRAWS`; raises `ScenarioError`."""
    good = isinstance(number, int) and not isinstance(number, bool)
    if not good or not 0 <= int(str(number)) <= MOST_DRAWS:
        raise ScenarioError(
            f"draws: {quoted(number)} found; a whole number from 0 (no bands) to "
            f"{MOST_DRAWS:,} is right"
        )
    return int(str(number))


def design(number: int, seed: int, weights: Sequence[float]) -> Design:
    """Members of an ensemble of at least one.

    weights  of the structures, which sum to one; each gets its part of the members, rounded, and
             those with the largest rest get what rounding leaves
    """
    random = np.random.default_rng([seed, number])
    place: dict[str, Int[np.ndarray, " d"]] = {}
    for group, serves in _SERVES.items():
        distinct = max(1, -(-number // serves))
        place[group] = random.permutation(np.arange(number) % distinct)
    # One table after the other: they are made while members run.
    place[TABLE] = np.sort(place[TABLE])
    exact = number * np.asarray(weights, dtype=float)
    counts = np.floor(exact).astype(int)
    rest = np.argsort(counts - exact, kind="stable")[: number - counts.sum()]
    counts[rest] += 1
    place[STRUCTURE] = random.permutation(np.repeat(np.arange(len(counts)), counts))
    return Design(number, seed, place)


def stratified(names: Sequence[str], number: int, seed: int) -> list[dict[str, float]]:
    """Values of registered parameters by draw, one from each of `number` equal parts.

    Latin hypercube (McKay, Beckman and Conover 1979, Technometrics 21(2)): u = (p + r) / number
    with p a random order of the parts and r uniform, each parameter on its own (assumption: none
    goes with another).
    """
    known, random = parameters(), np.random.default_rng(seed)
    table = np.empty((number, len(names)))
    for column, name in enumerate(names):
        share = (random.permutation(number) + random.random(number)) / number
        table[:, column] = known[name].distribution.quantile(share)
    return [dict(zip(names, map(float, row), strict=True)) for row in table]
