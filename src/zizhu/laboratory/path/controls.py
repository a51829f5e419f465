"""From the timeline of export controls to barred flows between regions.

Which controls a path has in force by itself, which sales each bars, and the parameter of how much,
stand in `controls.yaml`. Parts are parts of the sales above the threshold that controls name
(advanced generations); what a stop of licences bars of all sales is asked for as `whole`. Where
several controls bar the same sale, the largest part counts, since rules on one thing are nested
(assumption).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
from jaxtyping import Float

from zizhu.chains.controls import PAUSE, Bar, Control, controls, first_day
from zizhu.chains.regions import region_of
from zizhu.world import World
from zizhu.world.classification import EUROPEAN_UNION


def chip_tools() -> tuple[str, ...]:
    """Tools of chip plants other than lithography, `chain/node`."""
    return tuple(map(_label, controls().groups["chip_tools"]))


def controlled_flows(nodes: Sequence[str], world: World, at: dt.date) -> Float[np.ndarray, "m n n"]:
    """1 where a control of the timeline names node, seller and buyer; `date.max` is any time."""
    found = np.zeros((len(nodes), len(world.regions), len(world.regions)))
    rows = {node: row for row, node in enumerate(nodes)}
    for control in controls().of_paths().values():
        if not (at == dt.date.max or _binds(control, at)):
            continue
        named: list[tuple[Sequence[str], Sequence[str]]] = [(control.targets, control.by)]
        named += [(controls().barred_nodes(bar), _sellers(control, bar)) for bar in control.bars]
        for targets, by in named:
            for row in _rows(targets, rows):
                for seller, buyer in _pairs(by, control.on, world):
                    found[row, buyer, seller] = 1.0
    return found


def barred_flows(
    nodes: Sequence[str],
    world: World,
    at: dt.date,
    parameters: Mapping[str, float],
    *,
    whole: bool = False,
) -> Float[np.ndarray, "m n n"]:
    """Part of each flow above the threshold of controls that is barred on a day.

    whole  instead the part of all of the flow, which a stop of licences bars
    """
    found = np.zeros((len(nodes), len(world.regions), len(world.regions)))
    rows = {node: row for row, node in enumerate(nodes)}
    binding, replaced = _in_force(at)
    for name, control in binding.items():
        for bar in control.bars:
            if bar.whole != whole:
                continue
            targets = [n for n in controls().barred_nodes(bar) if (name, n) not in replaced]
            for row in _rows(targets, rows):
                for seller, buyer in _pairs(_sellers(control, bar), control.on, world):
                    size = max(found[row, buyer, seller], parameters[bar.size])
                    found[row, buyer, seller] = size
    return found


def barred_in_year(
    nodes: Sequence[str],
    world: World,
    year: int,
    parameters: Mapping[str, float],
    *,
    until: dt.date = dt.date.max,
    whole: bool = False,
) -> Float[np.ndarray, "m n n"]:
    """`barred_flows` as a mean over the days of a year, so that a stop of weeks counts as weeks.

    until  last day whose controls count; what is in force then stays in force
    """
    start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    turns = sorted({start, *(day for day in _turns() if start < day <= end and day <= until)})
    found = np.zeros((len(nodes), len(world.regions), len(world.regions)))
    for day, following in zip(turns, [*turns[1:], end + dt.timedelta(days=1)], strict=True):
        part = barred_flows(nodes, world, min(day, until), parameters, whole=whole)
        found += part * ((following - day).days / ((end - start).days + 1))
    return found


@cache
def _in_force(at: dt.date) -> tuple[dict[str, Control], set[tuple[str, str]]]:
    """Controls that bind on a day, and (control, node) that another one replaces by then."""
    binding = {name: one for name, one in controls().of_paths().items() if _binds(one, at)}
    replaced = {
        (name, node)
        for control in binding.values()
        for bar in control.bars
        for name in bar.replaces
        for node in controls().barred_nodes(bar)
    }
    return binding, replaced


def _turns() -> Iterator[dt.date]:
    """Days on which a control begins or ends."""
    for control in controls().controls.values():
        for period in control.periods:
            yield first_day(period.start)
            if period.until is not None:
                yield first_day(period.until)


def _binds(control: Control, at: dt.date) -> bool:
    return control.instrument != PAUSE and control.binds(at.isoformat())


def _sellers(control: Control, bar: Bar) -> Sequence[str]:
    return bar.sellers or control.by


def _label(target: str) -> str:
    return target.replace(":", "/")


def _rows(targets: Sequence[str], rows: Mapping[str, int]) -> list[int]:
    return [rows[_label(target)] for target in targets if _label(target) in rows]


def _pairs(by: Sequence[str], on: Sequence[str], world: World) -> list[tuple[int, int]]:
    """Places of sellers and buyers; groups of countries that have no region are left out."""
    sellers, buyers = (_places(tuple(codes), world.regions) for codes in (by, on))
    return [(s, b) for s in sellers for b in buyers if s != b]


@cache
def _places(codes: tuple[str, ...], regions: tuple[str, ...]) -> tuple[int, ...]:
    """Places of countries that stand for themselves or their union; none for merged ones."""
    members = [c for code in codes for c in (EUROPEAN_UNION if code == "EU27" else (code,))]
    countries = [code for code in members if len(code) == len("ISO")]
    found = {region_of(code, regions) for code in countries} - {"ROW"}
    return tuple(sorted(map(regions.index, found)))
