"""Small panels to test with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit


@dataclass(frozen=True)
class Line:
    name: str
    subject: str
    region: str
    kind: str
    years: np.ndarray
    percents: np.ndarray


def walks(count=20, years=range(2005, 2021), *, seed=1, step=0.15):
    """Random walks in log odds."""
    draw = np.random.default_rng(seed)
    at = np.array(list(years), dtype=float)
    lines = []
    for n in range(count):
        steps = step * draw.standard_normal(len(at))
        odds = draw.normal(-1, 1) + np.cumsum(steps)
        lines.append(
            Line(f"s{n}", f"t{n // 2}", "CHN" if n % 2 else "USA", "market", at, 100 * expit(odds))
        )
    return lines
