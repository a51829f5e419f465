"""What every replication returns: published or closed-form numbers against ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One number: what was published (or must hold in closed form) and what we compute.

    digits    decimals that the source prints; the two agree if they do so at these digits
    tolerance instead of digits: largest absolute difference, where the expectation is exact
    """

    quantity: str
    published: float
    computed: float
    digits: int = 2
    tolerance: float | None = None

    @property
    def difference(self) -> float:
        """Computed less published."""
        return self.computed - self.published

    @property
    def agrees(self) -> bool:
        """Whether the two agree to the printed digits, or within the tolerance."""
        # Half a unit of the last printed digit, and a hair for decimals that are not exact in
        # binary: 0.0850 printed as 0.08 or as 0.09 depends on digits that nobody printed.
        allowed = 0.5 * 10.0**-self.digits + 1e-9 if self.tolerance is None else self.tolerance
        return abs(self.difference) <= allowed


@dataclass(frozen=True)
class Replication:
    """A finished replication: its rows, and what is reported beside them without expectation."""

    name: str
    title: str
    source: str
    rows: tuple[Row, ...]
    beside: Mapping[str, float]
    remarks: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every row agrees."""
        return all(row.agrees for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """Plain data with separate objects for published, computed and difference."""
        return {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "published": {row.quantity: row.published for row in self.rows},
            "computed": {row.quantity: row.computed for row in self.rows},
            "difference": {row.quantity: row.difference for row in self.rows},
            "agrees": {row.quantity: row.agrees for row in self.rows},
            "beside": dict(self.beside),
            "remarks": list(self.remarks),
        }
