"""How fast Chinese shares of technologies moved, and where they stood.

The pace of a move is the change of its logit a year, (ln(s1/(1-s1)) - ln(s0/(1-s0))) / years: a
share that wins customers at a constant rate against the rest moves along a straight line in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from zizhu.history.moves_table import moves_table
from zizhu.history.series import LEAST, MOST, logit

__all__ = ["LEAST", "MOST", "STANDS_BELOW", "Move", "logit", "median_pace", "moves", "pace_by_node"]

# Where a maker's country has less of the world than this, it stands (judgement).
STANDS_BELOW = 1.0


@dataclass(frozen=True)
class Move:
    """An observation; percents.

    market      world: part of the world market; home: part of purchases in China
    node        `chain/node`, empty where no node is the same thing
    first       year and percent, None where only the level is known
    confidence  read, medium or low
    """

    item: str
    market: Literal["world", "home"]
    node: str
    first: tuple[float, float] | None
    last: tuple[float, float]
    source: str
    confidence: str

    @property
    def pace(self) -> float | None:
        """Change of the logit a year, signed; None where only the level is known."""
        if self.first is None:
            return None
        return (logit(self.last[1]) - logit(self.first[1])) / (self.last[0] - self.first[0])

    @property
    def stands(self) -> bool:
        """Whether it is a level so low that the technology has not moved."""
        return self.first is None and self.market == "world" and self.last[1] < STANDS_BELOW


@lru_cache(maxsize=1)
def moves() -> tuple[Move, ...]:
    """The rows of the panel's table of facts and press, two by two."""
    found = []
    for row in moves_table().to_dict("records"):
        known = bool(np.isfinite(row["from_year"]))
        found.append(
            Move(
                item=row["item"],
                market=row["market"],
                node=row["node"],
                first=(row["from_year"], row["from_percent"]) if known else None,
                last=(row["to_year"], row["to_percent"]),
                source=row["source"],
                confidence=row["confidence"],
            )
        )
    return tuple(found)


def median_pace(chosen: Sequence[Move]) -> float:
    """Median absolute pace of those that have one."""
    return float(np.median([abs(one.pace) for one in chosen if one.pace is not None]))


def pace_by_node() -> dict[tuple[str, str], float]:
    """Mean pace by node and market, signed; zero where it stands."""
    found: dict[tuple[str, str], list[float]] = {}
    for one in moves():
        if one.node and (one.pace is not None or one.stands):
            found.setdefault((one.node, one.market), []).append(one.pace or 0.0)
    return {key: float(np.mean(paces)) for key, paces in found.items()}
