"""Worlds for tests of the accounts: random ones, and ones whose answers are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pymrio

from zizhu.world import World

REGIONS, SECTORS, FINAL_USES = 4, 5, 2


def world_of(
    intermediate: np.ndarray, final: np.ndarray, tariff: np.ndarray | None = None
) -> World:
    """A world whose value added is what inputs and duties leave of output."""
    regions, sectors = intermediate.shape[:2]
    tariff = np.zeros((regions, sectors, regions)) if tariff is None else tariff
    taxes = (intermediate * tariff[..., None]).sum(axis=(0, 1))
    output = intermediate.sum(axis=(2, 3)) + final.sum(axis=(2, 3))
    return World(
        name="made up",
        year=2020,
        currency="USD",
        regions=tuple(f"R{n}" for n in range(regions)),
        sectors=tuple(f"S{k}" for k in range(sectors)),
        final_uses=("household", "government", "investment")[: final.shape[3]],
        intermediate=intermediate,
        final=final,
        value_added=output - intermediate.sum(axis=(0, 1)) - taxes,
        taxes=taxes,
        tariff=tariff,
    )


def random_world(
    seed: int,
    *,
    regions: int = REGIONS,
    sectors: int = SECTORS,
    trade: bool = True,
    absent: tuple[int, int] | None = None,
) -> World:
    """Draw input coefficients, final demand and tariffs; output is what they need.

    Inputs are 0.3 to 0.7 of output; home counts for about half, a third of foreign flows are zero.
    `trade`: without it nobody trades. `absent`: a (region, sector) without output.
    """
    rng = np.random.default_rng(seed)
    home = np.eye(regions)[:, None, :]
    shape = (regions, sectors, regions)
    links = rng.gamma(2.0, size=shape) * (rng.uniform(size=shape) > 1 / 3) * (1 - home)
    pull = links * float(trade) + home * rng.uniform(2, 6, size=shape)
    if absent is not None:
        pull[absent] = 0.0
    use = rng.uniform(0.1, 1.0, size=(1, sectors, regions, sectors))
    coefficients = pull[..., None] * use
    size = rng.uniform(0.3, 0.7, size=(regions, sectors))
    coefficients = coefficients / coefficients.sum(axis=(0, 1)) * size
    demand = pull[..., None] * rng.uniform(1, 20, size=(1, sectors, regions, FINAL_USES))
    cells = regions * sectors
    table = coefficients.reshape(cells, cells)
    output = np.linalg.solve(np.eye(cells) - table, demand.sum(axis=(2, 3)).reshape(cells))
    intermediate = coefficients * output.reshape(regions, sectors)
    tariff = rng.uniform(0, 0.2, size=shape) * (1 - home)
    return world_of(intermediate, demand, tariff)


def symmetric(*, inputs: float = 0.4, abroad: float = 0.25) -> World:
    """Two equal regions, one sector, output 100.

    Inputs are `inputs` of output; of inputs and final uses alike `abroad` is bought abroad.
    """
    origin = np.array([[1 - abroad, abroad], [abroad, 1 - abroad]])
    intermediate = (100 * inputs * origin).reshape(2, 1, 2, 1)
    final = (100 * (1 - inputs) * origin).reshape(2, 1, 2, 1)
    return world_of(intermediate, final)


def pymrio_of(world: World) -> pymrio.IOSystem:
    """The same table as a `pymrio.IOSystem`, value added and taxes as extension, calculated."""
    cells = pd.MultiIndex.from_product([world.regions, world.sectors], names=["region", "sector"])
    uses = pd.MultiIndex.from_product(
        [world.regions, world.final_uses], names=["region", "category"]
    )
    size = len(cells)
    kinds = pd.Index(["value added", "taxes"], name="stressor")
    extension = {
        "name": "factors",
        "F": pd.DataFrame(
            np.stack([world.value_added.ravel(), world.taxes.ravel()]), index=kinds, columns=cells
        ),
        "unit": pd.DataFrame({"unit": ["M", "M"]}, index=kinds),
    }
    system = pymrio.IOSystem(
        Z=pd.DataFrame(world.intermediate.reshape(size, size), index=cells, columns=cells),
        Y=pd.DataFrame(world.final.reshape(size, -1), index=cells, columns=uses),
        factors=extension,
    )
    return system.calc_all(include_ghosh=True)
