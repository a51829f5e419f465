"""What the model would have said of a series from what was known at an origin, and what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from zizhu.laboratory.backtest.sector_tables import shipped_table


@dataclass(frozen=True)
class Foreseen:
    """One forecast of a share that was observed later, percent.

    origin         year until which everything was known
    year, truth    of the later observation
    p10, p50, p90  of the model
    """

    origin: int
    year: float
    truth: float
    p10: float
    p50: float
    p90: float

    @property
    def inside(self) -> bool:
        """Whether the truth lies within the band."""
        return self.p10 <= self.truth <= self.p90


@lru_cache(maxsize=1)
def foreseen() -> Mapping[str, tuple[Foreseen, ...]]:
    """Every stored forecast by the name of its series, in order of origins and years."""
    found: dict[str, list[Foreseen]] = {}
    for row in shipped_table("node_cases").itertuples():
        numbers = (float(getattr(row, one)) for one in ("year", "truth", "p10", "p50", "p90"))
        found.setdefault(str(row.name), []).append(Foreseen(int(str(row.origin)), *numbers))
    return {name: tuple(of) for name, of in found.items()}
