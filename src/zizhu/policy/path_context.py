"""What a lever may know about a path when it turns a measure into wedges by year."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from zizhu.errors import ScenarioError, quoted
from zizhu.policy.context import Context
from zizhu.policy.path_labels import PathLabels
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.units import GDP, MONEY, Size

# Controls of the timeline up to a day, with or without stores laid in before they bind.
Timeline = Callable[[dt.date, bool], PathWedges]


@dataclass(frozen=True)
class PathContext(Context):
    """A world in motion without the scenario's measures.

    Letters: t year, n region, k sector, m node, i supplier region.

    labels       what the axes of path wedges stand for
    gdp          [t,n] million of the world's currency at prices of the base year, baseline
    cost         [t,n,k] value of production at cost, the same unit, baseline
    purchases    [m,n] bn USD of each node that a region's users ask for in the base year
    made         [m,n] bn USD of each node that a region makes in the base year
    sourcing     [m,n,i] part of n's purchases of node m that comes from i in the base year
    barred       [t,m,n,i] part of each flow that the baseline bars, base year included
    controlled   [m,n,i] 1 where a control of the timeline, of any day, names the flow
    research     [n] million a year of research in the base year
    timeline     controls of the timeline as wedges beyond the baseline
    above        [t,m] part of the demand for a node that lies above what controls name
    traded       [m] whether a node is bought from suppliers, and not put together by its buyer
    node_sectors sector of the world whose makers make each node; empty where the chain names none
    """

    labels: PathLabels
    gdp: Float[np.ndarray, "t n"]
    cost: Float[np.ndarray, "t n k"]
    purchases: Float[np.ndarray, "m n"]
    made: Float[np.ndarray, "m n"]
    sourcing: Float[np.ndarray, "m n n"]
    barred: Float[np.ndarray, "t m n n"]
    controlled: Float[np.ndarray, "m n n"]
    research: Float[np.ndarray, " n"]
    timeline: Timeline
    above: Float[np.ndarray, "t m"]
    traded: Bool[np.ndarray, " m"]
    node_sectors: tuple[str, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the path, the base year first."""
        return self.labels.years

    def no_path(self) -> PathWedges:
        """No policy in any year."""
        return self.labels.none()

    def region(self, name: str, *, field: str = "region") -> int:
        """Place of exactly one region."""
        found = self.regions(name, field=field)
        if len(found) != 1:
            raise ScenarioError(
                f"{field}: {quoted(name)} has {len(found)} regions; name one region"
            )
        return found[0]

    def nodes(self, names: str | Iterable[str], *, field: str = "nodes") -> list[int]:
        """Places of traded nodes: `chain/node`, `chain/*`, or a name that only one chain has.

        Raises `ScenarioError` for a node that its buyer puts together: nobody sells it, so that no
        measure can act on it; of `chain/*` such nodes are left out.
        """
        found = self._beside_regions("node", names, field)
        given = names if isinstance(names, str) else ",".join(names)
        for name in (one.strip() for one in given.split(",")):
            assembled = [row for row in self.labels.places("node", name) if not self.traded[row]]
            if assembled and not name.endswith("/*"):
                label = self.labels.nodes[assembled[0]]
                raise ScenarioError(
                    f"{field}: {label} is put together by its buyers and sold by nobody, so that "
                    "nothing can act on it; name its parts"
                )
        return [row for row in found if self.traded[row]]

    def nodes_of(self, sectors: str | Iterable[str], *, field: str = "sectors") -> list[int]:
        """Places of all traded nodes that makers in the sectors make.

        Raises `ScenarioError` if no chain has one.
        """
        labels = {self.world.sectors[place] for place in self.sectors(sectors, field=field)}
        rows = [
            row
            for row, sector in enumerate(self.node_sectors)
            if sector in labels and self.traded[row]
        ]
        if not rows:
            given = sectors if isinstance(sectors, str) else ", ".join(sectors)
            raise ScenarioError(f"{field}: no chain has a node that is made in {quoted(given)}")
        return rows

    def firms(self, names: str | Iterable[str], *, field: str = "firms") -> list[int]:
        """Places of listed firms."""
        return self._beside_regions("firm", names, field)

    def _beside_regions(self, kind: str, names: str | Iterable[str], field: str) -> list[int]:
        given = names if isinstance(names, str) else ",".join(names)
        given = ",".join(name.strip() for name in given.split(","))
        if not given:
            raise ScenarioError(f"{field}: the target is empty; name at least one {kind}")
        try:
            return self.labels.places(kind, given)
        except ScenarioError as error:
            raise ScenarioError(f"{field}, {error}") from error

    def in_force(
        self, start: dt.date | None, end: dt.date | None, phase_in: float = 0.0
    ) -> Float[np.ndarray, " t"]:
        """Part of a measure's size that acts in each year, the mean over the year's days.

        From its first day it rises in a straight line over `phase_in` years to its full size, and
        stops after its last day. Without a first day it starts with the second year of the path,
        since the first is the base year. Raises `ScenarioError` if no day lies in the path.
        """
        first, last = self.years[0], self.years[-1]
        begins = _decimal(start) if start else first + 1.0
        ends = _decimal(end, days=1) if end else np.inf
        if begins >= last + 1 or ends <= first:
            raise ScenarioError(
                f"from and to: {start or 'the start'} to {end or 'the end'} lies outside the path, "
                f"{first} to {last}"
            )
        years = np.asarray(self.years, dtype=float)
        low, high = np.maximum(years, begins), np.minimum(years + 1, ends)
        days = np.maximum(high - low, 0.0)
        if phase_in <= 0:
            return np.asarray(days)

        def area(at: Float[np.ndarray, " t"]) -> Float[np.ndarray, " t"]:
            """Sum of the size from the first day until a time."""
            gone = np.maximum(at - begins, 0.0)
            rising = np.minimum(gone, phase_in)
            return np.asarray(rising**2 / (2 * phase_in) + np.maximum(gone - phase_in, 0.0))

        return np.where(days > 0, area(np.maximum(high, low)) - area(low), 0.0)

    def gone_by(self, start: dt.date | None, after: float) -> Float[np.ndarray, " t"]:
        """Years gone by since `after` years past the first day, the mean over each year's days."""
        years = np.asarray(self.years, dtype=float)
        since = (_decimal(start) if start else years[0] + 1.0) + after
        begins = np.maximum(years - since, 0.0)
        ends = np.maximum(years + 1 - since, 0.0)
        return np.asarray((ends**2 - begins**2) / 2)

    def year_of(self, start: dt.date | None) -> int:
        """Year of a measure's first day; the second year of the path where none is given."""
        return start.year if start else self.years[0] + 1

    def by_year(self, size: Size, region: int, day: dt.date | None) -> Float[np.ndarray, " t"]:
        """Yearly amount in million of the world's currency at prices of the base year.

        A share of GDP follows the baseline's GDP. Money is converted at the rate of its day and
        not deflated, which is an assumption of every path.
        """
        if size.kind == GDP:
            return np.asarray(size.fraction * self.gdp[:, region])
        if size.kind == MONEY:
            return np.full(len(self.years), self.million(size, day))
        raise ScenarioError(f"'{size}' is no amount; money or a share of GDP is one")

    def million(self, size: Size, day: dt.date | None) -> float:
        """Million of the world's currency."""
        return size.money(self.world.currency, self.date(day)) / 1e6

    def billions(self, size: Size, region: int, day: dt.date | None) -> Float[np.ndarray, " t"]:
        """Yearly amount in bn USD, what nodes are counted in."""
        if size.kind == MONEY:
            return np.full(len(self.years), size.money("USD", self.date(day)) / 1e9)
        return self.by_year(size, region, day) / 1e3

    def billion_usd(self, size: Size, region: int, day: dt.date | None) -> float:
        """Bn USD of money, or of a share of the region's GDP of the year of the day."""
        if size.kind == MONEY:
            return size.money("USD", self.date(day)) / 1e9
        at = min(max(self.year_of(day), self.years[0]), self.years[-1]) - self.years[0]
        return float(self.by_year(size, region, day)[at]) / 1e3

    def spread(
        self, rows: list[int], region: int, by: Float[np.ndarray, "m n"] | None = None
    ) -> Float[np.ndarray, " m"]:
        """Weights of nodes that add up to one: alike, or as what the region buys of each."""
        weights = np.zeros(len(self.labels.nodes))
        weights[rows] = 1.0 if by is None else by[rows, region]
        total = weights.sum()
        if not total > 0:
            raise ScenarioError(
                f"nodes: {self.world.regions[region]} has no market for any of them to share the "
                "money by; say `split: equal`"
            )
        return np.asarray(weights / total)


def _decimal(day: dt.date, days: int = 0) -> float:
    """A day as a decimal year, and some days later in it: the last day that there is has none."""
    length = 366 if calendar.isleap(day.year) else 365
    return day.year + ((day - dt.date(day.year, 1, 1)).days + days) / length
