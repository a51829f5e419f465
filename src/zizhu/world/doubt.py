"""How wrong a cell of an estimated table may be, by class of cell.

A class is what is supplied (goods, services), from where (domestic, imported), to which use
(goods sectors, services sectors, household, government, investment), how large the cell is among
all purchases of its user, and whether the user region had a table of its own among the sources.
The error of a class is the value-weighted root mean square of ln(estimate / truth), measured where
the truth is known; for small errors it is a relative standard error, and exp(error * z) with a
standard normal z is the draw that an ensemble makes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

# A figure with a larger error carries a mark.
LARGE_ERROR = 0.3

SUPPLY = ("goods", "services")
ORIGIN = ("domestic", "imported")
USE = ("goods sectors", "services sectors", "household", "government", "investment")
# Smallest share of all purchases of the user (a sector, or a final use of a region).
SIZE: Mapping[str, float] = {"large": 0.01, "medium": 0.001, "small": 0.0}
STRUCTURE = ("own", "pooled")

# Figures whose errors were measured as such: errors of cells cancel in sums.
FIGURES = ("inputs face value", "inputs look-through", "sales face value", "sales look-through")
SECTOR_KIND = ("goods", "services")
# Smallest share of the partner; all foreign partners together are `foreign`.
FIGURE_SIZE: Mapping[str, float] = {"share >= 5%": 0.05, "share >= 1%": 0.01, "share < 1%": 0.0}
FOREIGN = "foreign"


class FigureClass(NamedTuple):
    """One class of figures: what, of which sectors, how large a partner, which structure."""

    figure: str
    kind: str
    partner: str
    structure: str


def every_figure() -> Iterator[FigureClass]:
    """All classes of figures in a fixed order."""
    for parts in product(FIGURES, SECTOR_KIND, (*FIGURE_SIZE, FOREIGN), STRUCTURE):
        yield FigureClass(*parts)


class CellClass(NamedTuple):
    """One class of cells."""

    supply: str
    origin: str
    use: str
    size: str
    structure: str


def every_class() -> Iterator[CellClass]:
    """All classes in a fixed order: the index of `class_of`."""
    for parts in product(SUPPLY, ORIGIN, USE, SIZE, STRUCTURE):
        yield CellClass(*parts)


@dataclass(frozen=True)
class Doubt:
    """Errors by class of cell and of figure, regions with a table of their own, and the source.

    published  whether sales of goods by supplier and user are published figures, not estimates
    """

    errors: Mapping[CellClass, float]
    figures: Mapping[FigureClass, float]
    own_structure: tuple[str, ...]
    source: str
    published: bool = True

    def to_json(self) -> str:
        """As text, for a world's file."""
        return json.dumps(
            {
                "errors": {"|".join(one): round(error, 6) for one, error in self.errors.items()},
                "figures": {"|".join(one): round(error, 6) for one, error in self.figures.items()},
                "own_structure": list(self.own_structure),
                "source": self.source,
                "published": self.published,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Doubt:
        """Read back what `to_json` wrote. Raises `ValueError` or `KeyError` if it cannot."""
        found = json.loads(text)
        errors = {CellClass(*name.split("|")): error for name, error in found["errors"].items()}
        figures = {FigureClass(*name.split("|")): e for name, e in found["figures"].items()}
        missing = [
            *("|".join(one) for one in every_class() if one not in errors),
            *("|".join(one) for one in every_figure() if one not in figures),
        ]
        if missing:
            raise ValueError(f"class {missing[0]} has no error")
        known = bool(found.get("published", True))
        return cls(errors, figures, tuple(found["own_structure"]), found["source"], known)

    def cells(
        self,
        uses: Float[np.ndarray, "i k i ju"],
        regions: tuple[str, ...],
        goods: tuple[bool, ...],
        final_uses: tuple[str, ...],
    ) -> Float[np.ndarray, "i k i ju"]:
        """Relative error of every cell of [i,k,n,j+u]."""
        own = tuple(region in self.own_structure for region in regions)
        table = np.array([self.errors[one] for one in every_class()])
        return np.asarray(table[class_of(uses, goods, final_uses, own)])


def class_of(
    uses: Float[np.ndarray, "i k i ju"],
    goods: tuple[bool, ...],
    final_uses: tuple[str, ...],
    own_structure: tuple[bool, ...],
) -> Int[np.ndarray, "i k i ju"]:
    """Index of each cell's class in `every_class`."""
    count, width = uses.shape[0], len(goods)
    is_service = ~np.array(goods)
    supply = is_service.astype(int)
    origin = 1 - np.eye(count, dtype=int)
    use = np.array([int(s) for s in is_service] + [USE.index(name) for name in final_uses])
    bought = uses.sum(axis=(0, 1))
    share = np.divide(uses, bought, out=np.zeros_like(uses), where=bought > 0)
    large, medium, _ = SIZE.values()
    size = np.where(share >= large, 0, np.where(share >= medium, 1, 2))
    structure = 1 - np.array(own_structure, dtype=int)
    if len(use) != uses.shape[3] or uses.shape[1] != width:
        raise ValueError(
            f"uses have shape {uses.shape}; {width} sectors, {len(use)} uses are right"
        )
    index = supply[None, :, None, None]
    index = index * len(ORIGIN) + origin[:, None, :, None]
    index = index * len(USE) + use[None, None, None, :]
    index = index * len(SIZE) + size
    return np.asarray(index * len(STRUCTURE) + structure[None, None, :, None])
