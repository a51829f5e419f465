"""What an answer about dependence holds: numbers with definitions, ranked tables, doubts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from zizhu.world import LARGE_ERROR, World


class Column(NamedTuple):
    """What a column of numbers is: its unit, its definition, and where it comes from."""

    units: str
    definition: str
    source: str


@dataclass(frozen=True)
class Headline:
    """One number that the page leads with.

    error      value-weighted relative error of the cells under it; 0 if published data alone
               determine it, nothing if the world does not say how wrong it may be
    low, high  its 10th and 90th percentile over tables drawn from the world's errors
    """

    name: str
    label: str
    value: float
    column: Column
    error: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def marked(self) -> bool:
        """Whether it rests on cells that may be far off."""
        return self.error is not None and self.error > LARGE_ERROR


@dataclass(frozen=True)
class Table:
    """A ranked table: one row per thing, named by its key columns.

    keys     columns of labels: region, supplier, sector, input, market, year
    columns  what each column of numbers is
    errors   relative error of the cells under each number, the same rows; columns that published
             data determine are missing
    """

    name: str
    title: str
    frame: pd.DataFrame
    keys: tuple[str, ...]
    columns: Mapping[str, Column]
    errors: pd.DataFrame = field(default_factory=pd.DataFrame)

    def error(self, row: int, column: str) -> float | None:
        """Relative error of the cells under a number, nothing where none is known."""
        if column not in self.errors:
            return None
        found = float(self.errors[column].iloc[row])
        return None if math.isnan(found) else found

    def marked(self, row: int, column: str) -> bool:
        """Whether a number rests on cells that may be far off."""
        found = self.error(row, column)
        return found is not None and found > LARGE_ERROR


@dataclass(frozen=True)
class Dependence:
    """The dependence of a region: what it buys abroad and from whom, and what it sells.

    world         the table, groups that were asked for summed to one region or sector
    region        whose dependence; `sector` of it, and `on` whom, where asked for
    headlines     the numbers that the page leads with, by name
    tables        ranked tables, by name; `history` only for worlds of the shipped regions
    cut           share of the flows that the loss columns cut
    cut_sectors   products that they cut
    model         options and largest residual of the equilibrium losses; empty without them
    draws         number of tables behind the ranges
    notes         what was left out, and why
    """

    world: World
    region: str
    sector: str | None
    on: str | None
    headlines: Mapping[str, Headline]
    tables: Mapping[str, Table]
    cut: float
    cut_sectors: tuple[str, ...]
    model: Mapping[str, str | float]
    draws: int
    notes: tuple[str, ...]

    @property
    def doubtful(self) -> bool:
        """Whether the world says how wrong its cells may be."""
        return self.world.doubt is not None

    @property
    def slug(self) -> str:
        """The question as part of a file name: CHN-C26-on-TWN."""
        parts = [self.region, self.sector, f"on-{self.on}" if self.on else None]
        return "-".join(part for part in parts if part)
