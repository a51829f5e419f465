"""Log odds of sectors in two parts: the country's, and the rest that is comparative advantage.

    log odds[i,k,t] = C[i,t] + x[i,k,t],    C the mean over the sectors of a country,

weighted by the root of p (1 - p) at the mean share p: log odds are known as far as that, and no
sector should decide alone. The exchange rate and the demand of a country move all its sectors at
once: they are in C, and would be taken for momentum of every sector otherwise. x is what the
process of `path.sectors` is about; it reverts to what country and sector let expect.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float, Int

from zizhu.laboratory.backtest.motion import Observed
from zizhu.laboratory.backtest.origin import Past
from zizhu.world.build.competitiveness import demeaned

# Regions without which neither countries nor sectors have parts of their own.
COUNTRIES = 5


@dataclass(frozen=True)
class Cells:
    """Histories of one kind, on a yearly grid that ends at the origin.

    row      number of each cell's history [c]
    anchor   of x, to which it reverts [c]
    seen     x less its anchor
    member   number of each cell's country [c]
    region   of each cell
    country  C less its last value, one row a country; none with fewer than five countries
    level    last C [i], zero with fewer
    """

    row: Int[np.ndarray, " c"]
    anchor: Float[np.ndarray, " c"]
    seen: Observed
    member: Int[np.ndarray, " c"]
    region: tuple[str, ...]
    country: Observed | None
    level: Float[np.ndarray, " i"]


@lru_cache(maxsize=16)
def cells_of(past: Past, kind: str) -> Cells:
    """Cells of a kind, from the past alone."""
    row = np.flatnonzero([one == kind for one in past.kinds])
    histories = [past.histories[n] for n in row]
    first = min(one.years[0] for one in histories)
    length = round(past.origin - first) + 1
    odds = np.zeros((len(row), length))
    known = np.zeros((len(row), length), dtype=bool)
    for c, n in enumerate(row):
        at = np.rint(past.histories[n].years - first).astype(int)
        odds[c, at], known[c, at] = past.odds[n], True
    region = [one.region for one in histories]
    names, member = np.unique(region, return_inverse=True)
    level = np.zeros((len(names), length))
    country = None
    # Cells that touch the edge do not move as log odds do: foreseen, but nothing is learnt there.
    cut = past.edge * (1 + 1e-9)
    inside = np.array([((cut < h.percents) & (h.percents < 100 - cut)).all() for h in histories])
    if len(names) >= COUNTRIES:
        weight = inside * known.all(axis=1) * _information(odds, known)
        level, whole = _means(odds, weight, member, len(names))
        country = Observed(
            (level - level[:, -1:]) * whole[:, None],
            np.repeat(whole[:, None], length, axis=1),
            _standard(level.mean(axis=1)),
            whole.astype(float),
        )
    rest = odds - level[member]
    mean = (rest * known).sum(axis=1) / known.sum(axis=1)
    anchor = anchors(mean, region, [one.subject for one in histories])
    size = (odds * known).sum(axis=1) / known.sum(axis=1)
    seen = Observed(
        np.where(known, rest - anchor[:, None], 0.0), known, _standard(size), inside.astype(float)
    )
    return Cells(row, anchor, seen, member, tuple(region), country, level[:, -1])


def anchors(
    mean: Float[np.ndarray, " c"], region: list[str], sector: list[str]
) -> Float[np.ndarray, " c"]:
    """What region and sector let expect of every cell: means over cells, added.

    With fewer than five regions a sector has no mean of its own, and that of the region counts.
    """
    regions, i = np.unique(region, return_inverse=True)
    sectors, k = np.unique(sector, return_inverse=True)
    if len(regions) < COUNTRIES:
        by_region = np.bincount(i, weights=mean) / np.bincount(i)
        return np.asarray(by_region[i])
    table = np.full((len(regions), len(sectors)), np.nan)
    table[i, k] = mean
    return np.asarray(mean - demeaned(table)[i, k])


def _information(
    odds: Float[np.ndarray, "c t"], known: Bool[np.ndarray, "c t"]
) -> Float[np.ndarray, " c"]:
    """Root of p (1 - p) at the mean share."""
    share = 1 / (1 + np.exp(-odds))
    mean = (share * known).sum(axis=1) / known.sum(axis=1)
    return np.asarray(np.sqrt(mean * (1 - mean)))


def _means(
    odds: Float[np.ndarray, "c t"],
    weight: Float[np.ndarray, " c"],
    member: Int[np.ndarray, " c"],
    countries: int,
) -> tuple[Float[np.ndarray, "i t"], Bool[np.ndarray, " i"]]:
    """Weighted means of every country, zero where no cell weighs, and where one does."""
    top = np.zeros((countries, odds.shape[1]))
    np.add.at(top, member, weight[:, None] * odds)
    total = np.bincount(member, weights=weight, minlength=countries)
    whole = total > 0
    return top / np.where(whole, total, 1.0)[:, None], whole


def _standard(values: Float[np.ndarray, " c"]) -> Float[np.ndarray, " c"]:
    """Less the mean, by the standard deviation."""
    return np.asarray((values - values.mean()) / (float(values.std()) or 1.0))
