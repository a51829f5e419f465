"""Two measures of one lever on a path: at once on the same place, or one after the other.

Measures whose days have none in common do not overlap, even if they share a year. What is summed
adds up to the mean over that year's days by itself; of parts of a whole p and q, which otherwise
multiply what they leave, the later one is written as q / (1 - p), so that both leave 1 - p - q.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError
from zizhu.policy.action import Action
from zizhu.policy.measure import Measure
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PARTS, PathWedges, moves
from zizhu.policy.scenario import Scenario

# What is summed over a region says nothing about two measures on the same thing.
_SUMS = ("outlay", "deficit")


def refuse_overlaps(
    scenario: Scenario, actions: Mapping[str, Action], context: PathContext
) -> None:
    """Two measures of one lever that change the same place in the same year, on common days.

    Raises `ScenarioError` naming both, unless the later one says `adds`.
    """
    for later, earlier in _pairs(scenario.measures):
        if later.adds or not _meet(later, earlier, context):
            continue
        one, two = actions[later.label].wedges, actions[earlier.label].wedges
        for name in PathWedges._fields:
            if name in _SUMS:
                continue
            both = _both(getattr(one, name), getattr(two, name))
            if both is not None:
                where = _words(name, np.argwhere(both)[0], context)
                raise ScenarioError(
                    f"scenario {scenario.name}, measure {later.label}: it overlaps with "
                    f"measure {earlier.label} on {where}; merge the two, or say "
                    "`adds: true` if both apply"
                )


def borrowing_twice(
    scenario: Scenario, actions: Mapping[str, Action], context: PathContext
) -> list[str]:
    """A remark on two measures of one lever that move the spending of one region in one year."""
    found = []
    for later, earlier in _pairs(scenario.measures):
        one, two = actions[later.label], actions[earlier.label]
        shared = sorted({*one.borrowers} & {*two.borrowers})
        if later.adds or not shared or not _meet(later, earlier, context):
            continue
        both = _both(one.wedges.deficit[:, shared], two.wedges.deficit[:, shared])
        if both is not None:
            year, place = np.argwhere(both)[0]
            found.append(
                f"{later.label}: it moves the spending of "
                f"{context.world.regions[shared[int(place)]]} in {context.years[int(year)]} as "
                f"{earlier.label} does, and both add up; say `adds: true` if that is meant"
            )
    return found


def one_after_the_other(
    scenario: Scenario, actions: Mapping[str, Action], context: PathContext
) -> dict[str, Action]:
    """Actions whose parts add up where measures of one lever follow each other within a year."""
    found = dict(actions)
    for place, later in enumerate(scenario.measures):
        before = [
            one
            for one in scenario.measures[:place]
            if one.lever == later.lever and not _meet(later, one, context)
        ]
        wedges = found[later.label].wedges
        for name in PARTS:
            mine = getattr(wedges, name)
            taken = [getattr(found[one.label].wedges, name) for one in before]
            taken = [one for one in taken if _both(mine, one) is not None]
            if taken:
                left = np.prod([1 - one for one in taken], axis=0)
                more = np.divide(mine, left, out=np.zeros_like(mine), where=mine != 0)
                wedges = wedges._replace(**{name: more})
        found[later.label] = found[later.label]._replace(wedges=wedges)
    return found


def _pairs(measures: Sequence[Measure]) -> Iterator[tuple[Measure, Measure]]:
    """Two measures of one lever, the later one in the scenario first."""
    for place, later in enumerate(measures):
        for earlier in measures[:place]:
            if later.lever == earlier.lever:
                yield later, earlier


def _meet(one: Measure, other: Measure, context: PathContext) -> bool:
    """Whether the days of two measures have any in common."""
    begins = dt.date(context.years[0] + 1, 1, 1)

    def span(measure: Measure) -> tuple[dt.date, dt.date]:
        return measure.start or begins, measure.end or dt.date.max

    (first, last), (start, end) = span(one), span(other)
    return first <= end and start <= last


def _both(
    mine: Float[np.ndarray, "*shape"], theirs: Float[np.ndarray, "*shape"]
) -> np.ndarray | None:
    """Where both differ from nothing; None if nowhere."""
    if not (moves(mine) and moves(theirs)):
        return None
    both = (mine != 0) & (theirs != 0)
    return both if both.any() else None


def _words(name: str, at: np.ndarray, context: PathContext) -> str:
    """A place of a wedge in words."""
    world, labels = context.world, context.labels
    regions, sectors = world.regions, world.sectors
    axes = {
        "barred": (labels.nodes, regions, regions),
        "barred_above": (labels.nodes, regions, regions),
        "lifted": (labels.nodes, regions, regions),
        "isolation": (regions, regions),
        "listed": (labels.firms,),
    }
    axes |= dict.fromkeys(("tariff", "export_tax", "log_iceberg"), (regions, sectors, regions))
    axes |= dict.fromkeys(
        ("node_money", "commitment", "node_preference", "mandate", "node_ability", "hoarding"),
        (labels.nodes, regions),
    )
    named = axes.get(name, (regions, sectors))
    places = [labels_[int(i)] for labels_, i in zip(named, at[1:], strict=False)]
    return f"{', '.join(places)} in {labels.years[int(at[0])]} ({name})"
