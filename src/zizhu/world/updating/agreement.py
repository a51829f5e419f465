"""Whether exact margins agree on the sums that they have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError
from zizhu.world.ras import EXACT, Margin
from zizhu.world.updating.margins import BOTH_SIDES, LABELS
from zizhu.world.world import World

# Relative: sums that differ by less are the same.
SAME = 1e-9

Array = Float[np.ndarray, "..."]


def sides(sectors: int, uses: int) -> Float[np.ndarray, "old new"]:
    """Which uses are intermediate and which are final."""
    first = np.arange(uses) < sectors
    return np.stack([first, ~first], axis=1).astype(float)


def summed(margin: Margin, base: Array, axes: Sequence[int], halves: bool = False) -> list[Array]:
    """A target summed to fewer axes: as far as it is determined, and of what is given.

    Cells where the table is empty count as given. With `halves` uses are summed to intermediate
    and final.
    """
    wanted = margin.wanted(base)
    target = np.where(np.isnan(wanted) & (margin.sums(base) <= 0), 0.0, wanted)
    if halves and 3 in margin.axes and 3 not in margin.groups:
        sectors = base.shape[1]
        sides = (target[..., :sectors], target[..., sectors:])
        determined = np.stack([part.sum(axis=-1) for part in sides], axis=-1)
        least = np.stack([np.nansum(part, axis=-1) for part in sides], axis=-1)
    else:
        determined, least = target, np.nan_to_num(target)
    dropped = tuple(place for place, axis in enumerate(margin.axes) if axis not in axes)
    return [np.asarray(determined.sum(axis=dropped)), np.asarray(least.sum(axis=dropped))]


def check_agreement(world: World, base: Array, margins: Sequence[Margin]) -> None:
    """Refuse exact margins whose common sums differ, before any scaling."""
    exact = [margin for margin in margins if margin.weight == EXACT]
    for number, one in enumerate(exact):
        for other in exact[:number]:
            common = sorted(set(one.axes) & set(other.axes))
            halves = bool(one.groups or other.groups) and 3 in common
            first, first_least = summed(one, base, common, halves)
            second, second_least = summed(other, base, common, halves)
            size = SAME * np.maximum(np.nan_to_num(first), np.nan_to_num(second)) + 1e-300
            for a, b, wrong in (
                (first, second, np.abs(first - second) > size),
                (first_least, second, first_least > second + size),
                (first, second_least, second_least > first + size),
            ):
                if not wrong.any():
                    continue
                at = tuple(map(int, np.argwhere(wrong)[0]))
                raise WorldError(
                    f"margins: {_where(world, common, at, halves)} is {a[at]:.10g} "
                    f"by `{one.name}` and {b[at]:.10g} by `{other.name}`; make them "
                    "agree or give one a weight below 1"
                )


def _where(world: World, axes: Sequence[int], at: Sequence[int], halves: bool) -> str:
    uses = BOTH_SIDES if halves else (*world.sectors, *world.final_uses)
    labels = (world.regions, world.sectors, world.regions, uses)
    words = (f"{LABELS[axis]} {labels[axis][place]}" for axis, place in zip(axes, at, strict=True))
    return f"the sum for {', '.join(words)}" if axes else "the sum of everything"
