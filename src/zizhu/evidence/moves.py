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

from zizhu.evidence.derived import derived

# Sources print tenths of a percent at best: nothing is read beyond.
LEAST, MOST = 0.1, 99.9
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


def logit(percent: float) -> float:
    """ln(s / (1 - s)) of a share in percent, cut to what sources can print."""
    share = float(np.clip(percent, LEAST, MOST)) / 100
    return float(np.log(share / (1 - share)))


@lru_cache(maxsize=1)
def moves() -> tuple[Move, ...]:
    """The derived table `observed_moves`, row by row."""
    found = []
    for row in derived("observed_moves").frame.to_dict("records"):
        known = bool(np.isfinite(row["from_year"]))
        found.append(
            Move(
                item=row["item"],
                market=row["market"],
                node=row["node"] if isinstance(row["node"], str) else "",
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
