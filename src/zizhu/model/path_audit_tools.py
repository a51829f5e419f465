"""What the audit of a path reads, and how it measures a miss: by year, NaN counts as infinite."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

Values = Float[np.ndarray, "..."]
# A tuple of the model with NumPy arrays in its fields.
Tree = Any
# Miss of each identity in each year.
Misses = dict[str, Float[np.ndarray, " t"]]
# Below it a stock of experience, or a base purchase, counts as none: as in the model.
NOTHING = 1e-12


class Given(NamedTuple):
    """Record, YearWedges (both with the year first), PathBase, Rates, Structure, Fixed."""

    record: Tree
    wedges: Tree
    base: Tree
    rates: Tree
    structure: Tree
    fixed: Tree


def miss(found: Values, expected: Values, size: Values | float = 1.0) -> Float[np.ndarray, " t"]:
    """Largest |found - expected| / size in each year; 1 is the size of logs and parts."""
    gap = np.abs(found - expected) / np.asarray(size)
    by_year = gap.max(axis=tuple(range(1, gap.ndim)), initial=0.0)
    return np.asarray(np.where(np.isfinite(by_year), by_year, np.inf))


def moved(stock: Values, flow: Values, size: Values | float = 1.0) -> Float[np.ndarray, " t"]:
    """Miss of stock + flow against the stock of the next year, 0 in the last year."""
    sizes = np.broadcast_to(np.asarray(size, dtype=float), stock.shape)
    found = np.zeros(stock.shape[0])
    found[:-1] = miss(stock[1:], (stock + flow)[:-1], sizes[:-1])
    return found


def outside(values: Values, low: Values | float, high: Values | float) -> Float[np.ndarray, " t"]:
    """How far values lie outside two ends, in each year."""
    return miss(values, np.minimum(np.maximum(values, low), high))


def largest(values: Values) -> float:
    """Largest size in an array, for relative misses of values that share a unit; 1 if all zero."""
    return float(np.abs(values).max(initial=0.0)) or 1.0


def together(*parts: Misses) -> Misses:
    """Worst miss by identity and year over several parts of an audit."""
    found: Misses = {}
    for part in parts:
        for name, values in part.items():
            found[name] = np.maximum(found.get(name, values), values)
    return found
