"""`python -m zizhu.world.build.persistence DATA`: how competitiveness moves, from two panels.

Log comparative advantage x of region i in sector k (`competitiveness`) reverts to the region's mean
and carries on as it moved:

    x_t+1 - x_t = -lambda x_t + mu f^(t-b) c + e,  c = (x_b - x_b-3) / 3 at the base year b.

Measured by local projections: the mean change over three years, beginning one year after b, on x_b
and c. The year between keeps noise in x_b, which enters both sides, from looking like reversion.
Means over sectors and regions of every year are taken out of x, so that region and sector effects
of each year are absorbed. Rows weigh as the root of their part of the year's exports: logs of small
flows are mostly noise, and no flow should decide alone (assumption). Standard errors are clustered
by region. Two panels: 24 goods of 29 regions, 2011-2022 (OECD), and 16 goods of 41 regions,
1995-2011 (WIOD), pooled with the spread between them (DerSimonian and Laird 1986).

The fade f needs long panels: the slope on c three, six and nine years ahead in WIOD falls as
f^lead, by weighted least squares.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from scipy.optimize import curve_fit

from zizhu.errors import ZizhuError
from zizhu.world.build.competitiveness import WINDOW, competitiveness, exports
from zizhu.world.build.oecd import GOODS as OECD_GOODS
from zizhu.world.build.oecd import read_cube
from zizhu.world.build.wiod import FIRST_YEAR, LAST_YEAR, read_wiod
from zizhu.world.build.wiod import GOODS as WIOD_GOODS

OECD_YEARS = range(2011, 2023)
WIOD_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
# Years between the base and the first change, and those of the fade.
GAP = 1
_STARTS = (1, 4, 7)
# Horizons over which forecasts go wrong by what lasts, and the shorter one taken off.
_LONG, _SHORT = 7, 3


@dataclass(frozen=True)
class Panel:
    """Competitiveness [t,i,k] and exports [t,i,k] of a source."""

    name: str
    level: Float[np.ndarray, "t i k"]
    exports: Float[np.ndarray, "t i k"]


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Slopes:
    """Of one projection: reversion a year, slope on the recent change, rows, R squared."""

    reversion: Estimate
    momentum: Estimate
    rows: int
    explained: float


@dataclass(frozen=True)
class Process:
    """What moves competitiveness, a year.

    reversion  lambda
    momentum   mu, of the recent change in the first year
    fade       f, what is left of momentum from year to year
    shock      standard deviation of lasting shocks to ln x, a year
    """

    reversion: Estimate
    momentum: Estimate
    fade: Estimate
    shock: float


def panel_of(name: str, sales: Sequence[Float[np.ndarray, "i k n"]]) -> Panel:
    """The panel of yearly sales of goods."""
    level = [competitiveness(one) for one in sales]
    return Panel(name, np.array(level), np.array([exports(one) for one in sales]))


def panels(data: str | Path) -> tuple[Panel, Panel]:
    """OECD's panel of our regions and sectors, and WIOD's of its own."""
    return (
        panel_of("OECD", [read_cube(data, year).trade[:, :OECD_GOODS] for year in OECD_YEARS]),
        panel_of("WIOD", [read_wiod(data, year).flows[:, :WIOD_GOODS] for year in WIOD_YEARS]),
    )


def projection(panel: Panel, start: int = GAP, length: int = WINDOW) -> Slopes:
    """Change over `length` years from `start` years after the base on level and recent change."""
    x = panel.level
    weight = np.sqrt(panel.exports / panel.exports.sum(axis=(1, 2), keepdims=True))
    base = range(WINDOW, len(x) - start - length)
    later = np.array([(x[b + start + length] - x[b + start]) / length for b in base])
    level = np.array([x[b] for b in base])
    recent = np.array([(x[b] - x[b - WINDOW]) / WINDOW for b in base])
    region = np.broadcast_to(np.arange(x.shape[1])[None, :, None], level.shape)
    known = np.isfinite(later) & np.isfinite(recent)
    # Reversion from the level's slope, as a rate a year.
    terms = np.stack([-level[known], recent[known]], axis=1)
    return _regress(later[known], terms, np.array([weight[b] for b in base])[known], region[known])


def _regress(
    left: Float[np.ndarray, " r"],
    terms: Float[np.ndarray, "r 2"],
    weight: Float[np.ndarray, " r"],
    cluster: np.ndarray,
) -> Slopes:
    """Weighted least squares without a constant, variance clustered (Liang and Zeger 1986)."""
    inverse = np.linalg.inv(terms.T @ (weight[:, None] * terms))
    slope = inverse @ (terms.T @ (weight * left))
    rest = left - terms @ slope
    groups = np.unique(cluster)
    scores = np.array([(weight * rest)[cluster == one] @ terms[cluster == one] for one in groups])
    variance = inverse @ scores.T @ scores @ inverse * len(groups) / (len(groups) - 1)
    error = np.sqrt(np.diag(variance))
    explained = 1 - float(weight @ rest**2 / (weight @ left**2))
    pair = [Estimate(float(s), float(e)) for s, e in zip(slope, error, strict=True)]
    return Slopes(pair[0], pair[1], len(left), explained)


def pooled(estimates: Sequence[Estimate]) -> Estimate:
    """Mean of estimates that differ by their errors and by more (DerSimonian and Laird 1986)."""
    value = np.array([one.value for one in estimates])
    variance = np.array([one.error**2 for one in estimates])
    weight = 1 / variance
    mean = weight @ value / weight.sum()
    excess = float(weight @ (value - mean) ** 2) - (len(value) - 1)
    between = max(0.0, excess / float(weight.sum() - weight @ weight / weight.sum()))
    weight = 1 / (variance + between)
    return Estimate(float(weight @ value / weight.sum()), float(weight.sum() ** -0.5))


def process(two: Sequence[Panel]) -> Process:
    """The pooled process of panels, the longest of which gives the fade."""
    found = [projection(one) for one in two]
    longest = max(two, key=lambda one: len(one.level))
    fade = _fade([projection(longest, start).momentum for start in _STARTS])
    # A slope over three years after a gap is the first year's times the mean of what is left.
    left = float(_left(np.array([GAP], dtype=float), 1.0, fade.value)[0])
    momentum = pooled([one.momentum for one in found])
    return Process(
        reversion=pooled([one.reversion for one in found]),
        momentum=Estimate(momentum.value / left, momentum.error / left),
        fade=fade,
        shock=float(np.mean([lasting_shock(one) for one in two])),
    )


def _left(start: Float[np.ndarray, " s"], first: float, fade: float) -> Float[np.ndarray, " s"]:
    """Mean slope over a window that begins `start` years after the base."""
    return np.asarray(first * np.mean([fade ** (start + year) for year in range(WINDOW)], axis=0))


def _fade(slopes: Sequence[Estimate]) -> Estimate:
    """What is left of momentum from year to year, between 0 and 1."""
    value, error = np.array([(one.value, one.error) for one in slopes]).T
    best, covariance = curve_fit(
        _left,
        np.array(_STARTS, dtype=float),
        value,
        p0=(0.1, 0.8),
        sigma=error,
        absolute_sigma=True,
        bounds=([-1.0, 0.0], [1.0, 1.0]),
    )
    return Estimate(float(best[1]), float(np.sqrt(covariance[1, 1])))


def lasting_shock(panel: Panel) -> float:
    """Standard deviation of what lasts of a year's change of ln x.

    The variance of changes over seven years less that over three, by the years between: noise that
    does not last is in both and drops out.
    """
    long, short = (_variance(panel, years) for years in (_LONG, _SHORT))
    return float(np.sqrt(max(0.0, long - short) / (_LONG - _SHORT)))


def _variance(panel: Panel, years: int) -> float:
    change = panel.level[years:] - panel.level[:-years]
    weight = np.sqrt(panel.exports[:-years])
    known = np.isfinite(change)
    return float(weight[known] @ change[known] ** 2 / weight[known].sum())


def report(data: str | Path) -> str:
    """Every projection and the pooled process, as text."""
    two = panels(data)
    lines = []
    for panel in two:
        for start in _STARTS:
            if WINDOW + start + WINDOW < len(panel.level):
                one = projection(panel, start)
                lines.append(
                    f"{panel.name}, from year {start}: lambda {_text(one.reversion)}, "
                    f"slope on the recent change {_text(one.momentum)}, "
                    f"R2 {one.explained:.3f}, {one.rows} rows"
                )
        lines.append(f"{panel.name}: lasting shock {lasting_shock(panel):.4f} a year")
    found = process(two)
    lines.append(
        f"pooled: lambda {_text(found.reversion)}, mu {_text(found.momentum)}, fade "
        f"{_text(found.fade)}, lasting shock {found.shock:.4f}"
    )
    return "\n".join(lines)


def _text(one: Estimate) -> str:
    return f"{one.value:.4f} ({one.error:.4f})"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m zizhu.world.build.persistence DATA")
    try:
        sys.stdout.write(report(sys.argv[1]) + "\n")
    except ZizhuError as error:
        sys.exit(str(error))
