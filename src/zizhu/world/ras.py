"""Scaling a table to margins: RAS with any number of margins, exact or fitted.

The answer is the table nearest to the start in relative entropy:

    min_x  sum x ln(x / x0) - x + x0  +  sum_m rho_m KL(margin_m(x), target_m)

with rho infinite for exact margins. Each pass multiplies the table by one factor per margin cell,
(target / sum)^w with w = rho / (1 + rho) of the sum without that factor (RAS, Stone 1961; several
margins, Gilchrist and St Louis 1999; fitted ones, the scaling algorithm of Chizat et al. 2018 for
unbalanced problems). Zeros stay zero; tables have no negative cells here (`negatives.py` nets them
first), so that the sign rule of GRAS has nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError

EXACT = 1.0


@dataclass(frozen=True)
class Margin:
    """Sums that the table must have.

    axes    axes of the table that the margin keeps, in increasing order
    target  wanted sums over the other axes; not-a-number leaves a cell free. A function of the
            table where the wanted sums follow from the table itself, as inputs that are a share of
            the sales of the same sector
    groups  for a kept axis, a 0/1 matrix [old, new] that sums it further
    weight  w above: 1 is exact, 0 no influence
    source  where the target comes from
    """

    name: str
    axes: tuple[int, ...]
    target: Float[np.ndarray, "..."] | Callable[[np.ndarray], np.ndarray]
    groups: Mapping[int, Float[np.ndarray, "old new"]] = field(default_factory=dict)
    weight: float = EXACT
    source: str = ""

    def wanted(self, table: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """Target sums, given the table so far."""
        return np.asarray(self.target(table) if callable(self.target) else self.target)

    def sums(self, table: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """Sums of a table over what the margin does not keep."""
        dropped = tuple(axis for axis in range(table.ndim) if axis not in self.axes)
        found = table.sum(axis=dropped)
        for place, axis in enumerate(self.axes):
            if axis in self.groups:
                found = np.moveaxis(np.tensordot(found, self.groups[axis], (place, 0)), -1, place)
        return np.asarray(found)

    def spread(self, factor: Float[np.ndarray, "..."], rank: int) -> Float[np.ndarray, "..."]:
        """A factor per margin cell, shaped to multiply a table of `rank` axes."""
        for place, axis in enumerate(self.axes):
            if axis in self.groups:
                group = self.groups[axis]
                inside = group.sum(axis=1) > 0  # labels in no group are left alone
                shape = [1] * factor.ndim
                shape[place] = len(inside)
                factor = np.where(
                    inside.reshape(shape), np.take(factor, np.argmax(group, axis=1), place), 1.0
                )
        kept = iter(factor.shape)
        return factor.reshape([next(kept) if axis in self.axes else 1 for axis in range(rank)])


@dataclass(frozen=True)
class Fit:
    """A scaled table, how far each margin is from its target, and the passes it took.

    gaps  by margin, sum of absolute gaps as a share of the sum of the target
    """

    table: Float[np.ndarray, "..."]
    gaps: Mapping[str, float]
    passes: int


def fit(
    start: Float[np.ndarray, "..."],
    margins: Sequence[Margin],
    *,
    tolerance: float = 1e-11,
    most_passes: int = 20_000,
    progress: Callable[[int, float], None] | None = None,
) -> Fit:
    """Scale `start` to the margins; exact ones end within `tolerance` of their cell, relative.

    `progress` is called with the pass and the largest relative change of a factor. Raises
    `WorldError` if a margin wants a positive sum where the start has nothing, or if exact margins
    disagree so that no table meets them all.
    """
    table = start.copy()
    factors = []
    for margin in margins:
        sums, target = margin.sums(table), margin.wanted(table)
        if sums.shape != target.shape:
            raise WorldError(
                f"RAS, margin {margin.name}: target has shape {target.shape}, {sums.shape} is right"
            )
        empty = (sums <= 0) & (target > 0)
        if empty.any():
            raise WorldError(
                f"RAS, margin {margin.name}: {target[empty].max():.4g} is wanted at cell "
                f"{tuple(map(int, np.argwhere(empty)[0]))} where the table has nothing to scale"
            )
        factors.append(np.ones(target.shape))
    change = np.inf
    for number in range(1, most_passes + 1):
        change = 0.0
        for margin, factor in zip(margins, factors, strict=True):
            sums, target = margin.sums(table), margin.wanted(table)
            alone = np.divide(sums, factor, out=np.zeros_like(sums), where=factor > 0)
            free = np.isnan(target) | (sums <= 0)
            ratio = np.divide(target, alone, out=np.ones_like(target), where=(alone > 0) & ~free)
            new = np.where(free, factor, ratio**margin.weight)
            step = np.divide(new, factor, out=np.zeros_like(new), where=factor > 0)
            table *= margin.spread(step, table.ndim)
            factor[...] = new
            live = ~free & (step > 0)
            if live.any():
                change = max(change, float(np.abs(step[live] - 1.0).max()))
        if progress is not None:
            progress(number, change)
        if change < tolerance:
            return Fit(table, _gaps(table, margins), number)
    gaps = _gaps(table, margins)
    worst = max(
        (m.name for m in margins if m.weight == EXACT), key=lambda name: gaps[name], default=""
    )
    if not worst:
        raise WorldError(
            f"RAS: factors still change by {change:.1e} after {most_passes} passes; give smaller "
            "weights"
        )
    raise WorldError(
        f"RAS: factors still change by {change:.1e} after {most_passes} passes; margin {worst} is "
        f"off by {100 * gaps[worst]:.2g} percent: the exact margins contradict each other"
    )


def _gaps(table: Float[np.ndarray, "..."], margins: Sequence[Margin]) -> dict[str, float]:
    found = {}
    for margin in margins:
        target = margin.wanted(table)
        known = ~np.isnan(target)
        gap = np.abs(margin.sums(table) - target)[known].sum()
        found[margin.name] = float(gap / max(target[known].sum(), np.finfo(float).tiny))
    return found
