"""What a scenario asks for, read again: places of names, days in force, money of a day.

Nothing of `zizhu.policy.context` is used, so that a fault in it shows.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.parameters import exchange_rate, parameters
from zizhu.policy import Scenario
from zizhu.world import World
from zizhu.world.classification import is_good, is_manufacturing

_ALL = "all"
_HUNDREDTHS = ("percent", "percentage point", "% of GDP")


@dataclass(frozen=True)
class Asked:
    """A scenario on a world, with the economy that it is written for.

    A static run is a path of one year in which everything is in force.

    years       of the path, none in a static run
    parameters  values that the run uses
    gdp         [t,n] million at prices of the base year
    cost        [t,n,k] production at cost, the same unit
    research    [n] million of research in the base year
    made, purchases  [m,n] bn USD of nodes in the base year
    also        what nodes are called in a chain that shares them
    """

    scenario: Scenario
    world: World
    years: tuple[int, ...]
    parameters: Mapping[str, float]
    gdp: Float[np.ndarray, "t n"]
    cost: Float[np.ndarray, "t n k"]
    research: Float[np.ndarray, " n"]
    nodes: tuple[str, ...] = ()
    made: Float[np.ndarray, "m n"] | None = None
    purchases: Float[np.ndarray, "m n"] | None = None
    also: Mapping[str, str] = field(default_factory=dict)

    def _groups(self) -> dict[str, tuple[str, ...]]:
        theirs = dict(self.world.groups)
        ours = {
            group: tuple(one for name in names for one in theirs.get(name, (name,)))
            for group, names in self.scenario.groups.items()
        }
        return {**theirs, **ours}

    def regions(self, names: Any) -> list[int]:
        """Places of regions and groups of them."""
        return self._places(names, self.world.regions, {_ALL: self.world.regions})

    def sectors(self, names: Any) -> list[int]:
        """Places of sectors and groups of them, those that every world has included."""
        world = self.world
        goods = [one for one in world.sectors if is_good(world.isic.get(one, ()))]
        made = [one for one in world.sectors if is_manufacturing(world.isic.get(one, ()))]
        every = {
            _ALL: world.sectors,
            "goods": tuple(goods),
            "manufacturing": tuple(made),
            "services": tuple(one for one in world.sectors if one not in goods),
        }
        return self._places(names, world.sectors, every)

    def _places(
        self, names: Any, labels: tuple[str, ...], every: Mapping[str, tuple[str, ...]]
    ) -> list[int]:
        known = {**every, **self._groups()}
        listed = [names] if isinstance(names, str) else list(names)
        wanted = {member for name in listed for member in known.get(name, (name,))}
        return [place for place, label in enumerate(labels) if label in wanted]

    def node_places(self, names: Any) -> list[int]:
        """Places of nodes: `chain/node`, `chain/*`, or the node's name alone."""
        listed = [names] if isinstance(names, str) else list(names)
        wanted = {one.strip() for name in listed for one in name.split(",")}
        whole = {name[:-2] for name in wanted if name.endswith("/*")}
        found = []
        for place, label in enumerate(self.nodes):
            called = [label, *(other for other, own in self.also.items() if own == label)]
            split = [one.partition("/") for one in called]
            words = {*called, *(node for _, _, node in split)}
            if words & wanted or {chain for chain, _, _ in split} & whole:
                found.append(place)
        return found

    def part(self, size: Any, name: str) -> float:
        """A size as a part of one, or the registered parameter that stands for it."""
        if size is not None:
            return float(size.value) / 100
        scale = 100 if parameters()[name].unit in _HUNDREDTHS else 1
        return self.parameters[name] / scale

    def force(
        self, start: dt.date | None, end: dt.date | None, rise: float = 0.0
    ) -> Float[np.ndarray, " t"]:
        """Part of a measure that acts in each year: days counted, a rise added up in pieces."""
        if not self.years:
            return np.ones(1)
        first = dt.date(self.years[0] + 1, 1, 1) if start is None else start
        begins = _moment(first)
        ends = np.inf if end is None else _moment(end + dt.timedelta(days=1))
        found = np.zeros(len(self.years))
        for place, year in enumerate(self.years):
            low, high = max(float(year), begins), min(year + 1.0, ends)
            if high <= low:
                continue
            if rise <= 0:
                found[place] = high - low
                continue
            # Straight until all of it is there: each piece is its length times its middle.
            full = min(max(begins + rise, low), high)
            middle = ((low + full) / 2 - begins) / rise
            found[place] = (full - low) * middle + (high - full)
        return found

    def gone_by(self, start: dt.date | None, after: float) -> Float[np.ndarray, " t"]:
        """Years since `after` years past the first day, at the middle of each year's days."""
        since = _moment(dt.date(self.years[0] + 1, 1, 1) if start is None else start) + after
        found = np.zeros(len(self.years))
        for place, year in enumerate(self.years):
            low = max(float(year), since)
            if low < year + 1:
                found[place] = (year + 1 - low) * ((low + year + 1) / 2 - since)
        return found

    def million(self, size: Any, day: dt.date | None) -> float:
        """Money in million of the world's currency at the rates of its day."""
        at = day or dt.date(self.world.year, 7, 1)
        dollars = size.value / exchange_rate(size.currency, at).per_usd
        return float(dollars * exchange_rate(self.world.currency, at).per_usd / 1e6)

    def billion_usd(self, size: Any, day: dt.date | None) -> float:
        """Money in bn USD at the rates of its day."""
        at = day or dt.date(self.world.year, 7, 1)
        return float(size.value / exchange_rate(size.currency, at).per_usd / 1e9)

    def yearly(self, size: Any, region: int, day: dt.date | None) -> Float[np.ndarray, " t"]:
        """Million in each year: a part of that year's GDP, or a sum of money."""
        if size.kind == "% of GDP":
            return np.asarray(size.value / 100 * self.gdp[:, region])
        return np.full(len(self.gdp), self.million(size, day))


def _moment(day: dt.date) -> float:
    """A day in years."""
    length = 366 if calendar.isleap(day.year) else 365
    return day.year + (day.timetuple().tm_yday - 1) / length
