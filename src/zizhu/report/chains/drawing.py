"""Where the boxes and lines of a chain are drawn: columns, an order with few crossings, heights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zizhu.chains import Chain

# A line that passes a column takes this part of the height of a box.
_LANE = 0.45
_SWEEPS = 12

Point = tuple[float, float]


@dataclass(frozen=True)
class Drawing:
    """A chain in columns, inputs left, the final product in the last one.

    place   column and height of each node; heights are in boxes, larger is lower
    lines   by (input, parent), the points that a line passes, column and height
    height  of the whole, in boxes
    """

    columns: int
    height: float
    place: Mapping[str, Point]
    lines: Mapping[tuple[str, str], tuple[Point, ...]]


def drawing_of(chain: Chain) -> Drawing:
    """Lay a chain out: a node stands as far right as its users allow."""
    distance: dict[str, int] = {}
    for name in reversed(chain.order()):
        distance[name] = 1 + max((distance[e.parent] for e in chain.parents(name)), default=-1)
    last = max(distance.values())
    column = {name: last - far for name, far in distance.items()}
    paths = _paths(chain, column)
    layers: list[list[str]] = [[] for _ in range(last + 1)]
    for name in sorted(column, key=lambda one: chain.nodes[one].name):
        layers[column[name]].append(name)
    for path in paths.values():
        for step in path[1:-1]:
            layers[_column(step, column)].append(step)
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for path in paths.values():
        for left, right in pairwise(path):
            after.setdefault(left, []).append(right)
            before.setdefault(right, []).append(left)
    layers = _ordered(layers, before, after)
    heights = _heights(layers, before, after, set(column))
    low, high = min(heights.values()), max(heights.values())
    where = {
        step: (float(number), heights[step] - low)
        for number, layer in enumerate(layers)
        for step in layer
    }
    return Drawing(
        columns=last + 1,
        height=high - low + 1,
        place={name: where[name] for name in column},
        lines={ends: tuple(where[step] for step in path) for ends, path in paths.items()},
    )


def _paths(chain: Chain, column: Mapping[str, int]) -> dict[tuple[str, str], list[str]]:
    """Each edge as the steps that it takes; lines that leave one node together share their lane."""
    return {
        (edge.input, edge.parent): [
            edge.input,
            *(f"{edge.input}@{at}" for at in range(column[edge.input] + 1, column[edge.parent])),
            edge.parent,
        ]
        for edge in chain.edges
    }


def _column(step: str, column: Mapping[str, int]) -> int:
    return int(step.rsplit("@", 1)[1]) if "@" in step else column[step]


def _ordered(
    layers: list[list[str]],
    before: Mapping[str, Sequence[str]],
    after: Mapping[str, Sequence[str]],
) -> list[list[str]]:
    """Sweep right to left and back, each step to the mean place of its neighbours; the best."""
    layers = [list(dict.fromkeys(layer)) for layer in layers]
    best, least = [list(layer) for layer in layers], _crossings(layers, after)
    for sweep in range(_SWEEPS):
        backwards = sweep % 2 == 0
        numbers = range(len(layers) - 2, -1, -1) if backwards else range(1, len(layers))
        for number in numbers:
            beside = layers[number + 1] if backwards else layers[number - 1]
            near = after if backwards else before
            at = {name: place for place, name in enumerate(beside)}
            own = {name: place for place, name in enumerate(layers[number])}
            middle = {
                name: float(np.mean([at[one] for one in set(near.get(name, ()))] or [place]))
                for name, place in own.items()
            }
            layers[number].sort(key=middle.__getitem__)
        crossed = _crossings(layers, after)
        if crossed < least:
            best, least = [list(layer) for layer in layers], crossed
    return best


def _crossings(layers: Sequence[Sequence[str]], after: Mapping[str, Sequence[str]]) -> int:
    count = 0
    for left, right in pairwise(layers):
        at = {name: place for place, name in enumerate(right)}
        ends = [[at[one] for one in set(after.get(name, ()))] for name in left]
        for upper, first in enumerate(ends):
            for second in ends[upper + 1 :]:
                count += sum(a > b for a in first for b in second)
    return count


def _heights(
    layers: Sequence[Sequence[str]],
    before: Mapping[str, Sequence[str]],
    after: Mapping[str, Sequence[str]],
    boxes: set[str],
) -> dict[str, float]:
    """Near the mean of the neighbours, in the given order and without touching."""
    from scipy.optimize import isotonic_regression  # noqa: PLC0415 (slow, and only drawings need it)

    offsets: dict[str, float] = {}
    height: dict[str, float] = {}
    for layer in layers:
        tall = np.array([1.0 if name in boxes else _LANE for name in layer])
        middles = np.cumsum(tall) - tall / 2
        offsets.update(zip(layer, middles.tolist(), strict=True))
        height.update({name: offsets[name] - float(tall.sum()) / 2 for name in layer})
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 else list(layers)[::-1]:
            wanted = []
            for name in layer:
                near = {*before.get(name, ()), *after.get(name, ())}
                mean = float(np.mean([height[one] for one in near])) if near else height[name]
                wanted.append(mean - offsets[name])
            # Lanes give way to boxes.
            weights = np.array([1.0 if name in boxes else 0.3 for name in layer])
            fitted = isotonic_regression(np.array(wanted), weights=weights).x
            height.update(
                {name: float(fit) + offsets[name] for name, fit in zip(layer, fitted, strict=True)}
            )
    return height
