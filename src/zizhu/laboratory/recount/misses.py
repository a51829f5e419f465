"""By how much what is shown misses what was counted again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zizhu.errors import NotConverged

# Rounding of sums over regions, sectors and years; 1e-13 on the shipped worlds.
LARGEST_MISS = 1e-9
# Of what solves a badly conditioned system, such as levels of regions that trade little.
LOOSE = {"technology levels": 1e-6}

Misses = dict[str, float]


@dataclass(frozen=True)
class Recount:
    """Largest miss of each kind of number that was computed twice.

    misses    relative to the largest value of the kind; logs and parts are taken as they are
    left_out  what could not be recomputed, in words: levers of the user's own, for example
    """

    misses: Mapping[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def largest(self) -> float:
        """Worst miss of all; infinite where a value is not a number and should be one."""
        return max(self.misses.values(), default=0.0)

    @property
    def worst(self) -> str:
        """Kind of number with the worst miss."""
        return max(self.misses, key=lambda name: self.misses[name]) if self.misses else ""

    def together(self, other: Recount) -> Recount:
        """Both: of a kind that both have, the larger miss."""
        return Recount(
            joined(dict(self.misses), dict(other.misses)), (*self.left_out, *other.left_out)
        )

    def require(self) -> None:
        """Raise `NotConverged`, naming the kind of number, unless all are the same to rounding."""
        over = {name: miss / LOOSE.get(name, LARGEST_MISS) for name, miss in self.misses.items()}
        wrong = max(over, key=lambda name: over[name], default="")
        if wrong and not over[wrong] <= 1:
            raise NotConverged(
                f"the answer does not follow from its own equilibrium: {wrong}, computed a second "
                f"time, differ by {self.misses[wrong]:.1e}, "
                f"{LOOSE.get(wrong, LARGEST_MISS):.0e} is allowed; this is a defect of the program"
            )


def miss(found: Any, expected: Any, size: Any = None) -> float:
    """Largest |found - expected| over `size`, by default over the largest that is expected.

    What is not a number must be so in both; anything else is infinitely wrong.
    """
    one, two = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    if one.shape != two.shape:
        return float("inf")
    if not one.size:
        return 0.0
    known = np.isfinite(two)
    if not np.array_equal(known, np.isfinite(one)):
        return float("inf")
    gap = np.abs(np.where(known, one, 0.0) - np.where(known, two, 0.0))
    by = size if size is not None else float(np.abs(np.where(known, two, 0.0)).max()) or 1.0
    return float((gap / np.asarray(by)).max())


def joined(*parts: Mapping[str, float]) -> Misses:
    """Worst miss of each kind over several parts."""
    found: Misses = {}
    for part in parts:
        for name, value in part.items():
            found[name] = max(found.get(name, 0.0), value)
    return found


def differs(found: object, expected: object) -> float:
    """0 where labels are what they should be, infinite where they are not."""
    return 0.0 if found == expected else float("inf")
