"""A table drawn from the errors of an estimated world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zizhu.errors import WorldError
from zizhu.world.classification import is_good
from zizhu.world.ras import Margin, fit
from zizhu.world.world import World

# Looser than a built table: what is drawn is uncertain anyway, and draws are many.
_TOLERANCE = 1e-5


def draw(world: World, seed: int) -> World:
    """One table that the truth could be: each cell times exp(e z - e^2 / 2), then rebalanced.

    e is the cell's relative error (`World.relative_errors`), z standard normal and independent
    between cells (assumption: errors of real tables go together, so that sums are less certain
    than draws say). Held are sales of goods by supplier and user and of all services together,
    which are published, and inputs of each sector as a share of its sales, hence value-added
    shares, which are estimates too: what hangs on them is less certain than draws say. The
    same seed gives the same table. Raises `WorldError` if the world does not know its errors.
    """
    errors = world.relative_errors()
    if errors is None:
        raise WorldError(f"world {world.name} does not say how wrong its cells may be: no draws")
    uses = np.concatenate([world.intermediate, world.final], axis=3)
    noise = np.random.default_rng(seed).standard_normal(uses.shape)
    start = uses * np.exp(errors * noise - errors**2 / 2)
    goods = np.array([is_good(world.isic.get(sector, ())) for sector in world.sectors])
    known = np.zeros((len(goods), int(goods.sum()) + 1))
    known[goods, np.arange(goods.sum())] = 1.0
    known[~goods, -1] = 1.0
    trade = Margin("trade", (0, 1, 2), np.empty(0), {1: known})
    trade = replace(trade, target=trade.sums(uses))
    output = uses.sum(axis=(2, 3))
    width = len(world.sectors)
    share = np.divide(
        uses[..., :width].sum(axis=(0, 1)), output, out=np.zeros_like(output), where=output > 0
    )
    free = np.full((len(world.regions), len(world.final_uses)), np.nan)

    def inputs(table: np.ndarray) -> np.ndarray:
        return np.concatenate([table.sum(axis=(2, 3)) * share, free], axis=1)

    table = fit(start, [Margin("inputs", (2, 3), inputs), trade], tolerance=_TOLERANCE).table
    sales = table.sum(axis=(2, 3))
    grown = np.divide(sales, output, out=np.ones_like(sales), where=output > 0)
    taxes = world.taxes * grown
    return replace(
        world,
        name=f"{world.name}, draw {seed}",
        intermediate=np.ascontiguousarray(table[..., :width]),
        final=np.ascontiguousarray(table[..., width:]),
        value_added=np.maximum(sales - table[..., :width].sum(axis=(0, 1)) - taxes, 0.0),
        taxes=taxes,
        pooled_origins=False,
    )
