"""A small balanced table with whatever labels a published format has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Toy:
    """Sales, taxes and value added that add up: x = sum Z + taxes + value added by column.

    z, y    sales to sectors [s, s] and to final uses [s, region and category]
    taxes, value_added, output  by producer
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    categories: tuple[str, ...]
    z: np.ndarray
    y: np.ndarray
    taxes: np.ndarray
    value_added: np.ndarray

    @property
    def output(self) -> np.ndarray:
        return self.z.sum(axis=1) + self.y.sum(axis=1)

    @property
    def cells(self) -> pd.MultiIndex:
        return pd.MultiIndex.from_product([self.regions, self.sectors], names=["region", "sector"])

    @property
    def uses(self) -> pd.MultiIndex:
        return pd.MultiIndex.from_product(
            [self.regions, self.categories], names=["region", "category"]
        )


def toy(regions, sectors, categories, *, seed=1, empty=()) -> Toy:
    """Random sales, four times as many at home, and inputs of about half of output.

    Categories in `empty` hold nothing.
    """
    rng = np.random.default_rng(seed)
    n, k = len(regions), len(sectors)
    home = np.where(np.eye(n)[:, None, :, None] > 0, 4.0 * n, 1.0)
    z = (rng.uniform(0.5, 1.5, (n, k, n, k)) * home).reshape(n * k, n * k)
    y = rng.uniform(0.5, 1.5, (n, k, n, len(categories))) * home * k / len(categories)
    for at, category in enumerate(categories):
        if category in empty:
            y[..., at] = 0.0
    y = y.reshape(n * k, -1)
    output = z.sum(axis=1) + y.sum(axis=1)
    # Inputs of every column shrink until they leave value added, and uses take what is set free.
    scale = np.minimum(1.0, 0.5 * output / z.sum(axis=0))
    y *= ((z * (1 - scale)).sum(axis=1) / y.sum(axis=1) + 1)[:, None]
    z = z * scale[None, :]
    output = z.sum(axis=1) + y.sum(axis=1)
    taxes = 0.03 * z.sum(axis=0)
    left = output - z.sum(axis=0) - taxes
    assert (left > 0).all()
    return Toy(tuple(regions), tuple(sectors), tuple(categories), z, y, taxes, left)
