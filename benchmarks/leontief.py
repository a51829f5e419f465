"""All dependence indicators of a large table beside `pymrio.calc_all`, each in its own process.

`python -m benchmarks.leontief pymrio FOLDER` and `... zizhu FOLDER` read the same table from
FOLDER, calculate, and print seconds and peak memory as a line of JSON; `... agree FOLDER` runs
both in one process and prints their largest relative difference.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.memory import peak_memory

if TYPE_CHECKING:
    from zizhu.world import World

REGIONS, SECTORS = 70, 43


def write_table(folder: Path, regions: int = REGIONS, sectors: int = SECTORS) -> None:
    """Draw a dense table: inputs are 0.3 to 0.7 of output, home is about two thirds of each."""
    rng = np.random.default_rng(1)
    cells = regions * sectors
    home = np.kron(np.eye(regions), np.ones((sectors, sectors)))
    coefficients = rng.gamma(0.5, size=(cells, cells)) * (1 + 2 * regions * home)
    del home
    coefficients *= rng.uniform(0.3, 0.7, size=cells) / coefficients.sum(axis=0)
    mix = np.kron(np.eye(regions), np.ones((sectors, 1)))
    final = rng.gamma(0.5, size=(cells, regions)) * (1 + 2 * regions * mix)
    # A few rounds come near the output that final demand needs; what is left is final demand too.
    output = final.sum(axis=1)
    for _ in range(200):
        output = final.sum(axis=1) + coefficients @ output
    intermediate = coefficients * output
    left = output - intermediate.sum(axis=1)
    final *= (left / final.sum(axis=1))[:, None]
    np.save(folder / "intermediate.npy", intermediate)
    np.save(folder / "final.npy", final)
    (folder / "size.json").write_text(json.dumps([regions, sectors]), encoding="ascii")


def _read(folder: Path) -> tuple[np.ndarray, np.ndarray, int, int]:
    regions, sectors = json.loads((folder / "size.json").read_text(encoding="ascii"))
    return np.load(folder / "intermediate.npy"), np.load(folder / "final.npy"), regions, sectors


def peer_system(folder: Path) -> Any:
    """The table as a `pymrio.IOSystem` with value added as its extension, not yet calculated."""
    import pandas as pd  # noqa: PLC0415
    import pymrio  # noqa: PLC0415

    intermediate, final, regions, sectors = _read(folder)
    names = [[f"R{n}" for n in range(regions)], [f"S{k}" for k in range(sectors)]]
    cells = pd.MultiIndex.from_product(names, names=["region", "sector"])
    uses = pd.MultiIndex.from_product([names[0], ["final"]], names=["region", "category"])
    value_added = intermediate.sum(axis=1) + final.sum(axis=1) - intermediate.sum(axis=0)
    kind = pd.Index(["value added"], name="stressor")
    return pymrio.IOSystem(
        Z=pd.DataFrame(intermediate, index=cells, columns=cells),
        Y=pd.DataFrame(final, index=cells, columns=uses),
        factors={
            "name": "factors",
            "F": pd.DataFrame(value_added[None], index=kind, columns=cells),
            "unit": pd.DataFrame({"unit": ["M"]}, index=kind),
        },
    )


def our_world(folder: Path) -> World:
    """The same table as a world, its accounts checked."""
    from zizhu.world import World  # noqa: PLC0415

    intermediate, final, regions, sectors = _read(folder)
    shape = (regions, sectors)
    output = intermediate.sum(axis=1) + final.sum(axis=1)
    return World(
        name="synthetic",
        year=2020,
        currency="USD",
        regions=tuple(f"R{n}" for n in range(regions)),
        sectors=tuple(f"S{k}" for k in range(sectors)),
        final_uses=("household",),
        intermediate=intermediate.reshape(*shape, *shape),
        final=final.reshape(*shape, regions, 1),
        value_added=(output - intermediate.sum(axis=0)).reshape(shape),
        taxes=np.zeros(shape),
        tariff=np.zeros((*shape, regions)),
    )


def measure(who: str, folder: Path) -> dict[str, float]:
    """Seconds of the calculation, and peak memory of this process before and after it."""
    if who == "pymrio":
        system = peer_system(folder)
        loaded, start = peak_memory(), time.perf_counter()
        result: Any = system.calc_all()
    else:
        from zizhu.indicators.dependence import dependence  # noqa: PLC0415

        world = our_world(folder)
        loaded, start = peak_memory(), time.perf_counter()
        result = dependence(world)
    seconds = time.perf_counter() - start
    del result
    return {"seconds": seconds, "loaded": loaded, "peak": peak_memory()}


def agreement(folder: Path) -> float:
    """Largest relative difference of indicators from the two sides, relative to their largest."""
    from zizhu.indicators.dependence import dependence  # noqa: PLC0415

    world = our_world(folder)
    system = peer_system(folder).calc_all(include_ghosh=True)
    found = dependence(world)
    shape = world.output.shape
    inverse = system.L.to_numpy().reshape(*shape, *shape)
    ghosh = system.G.to_numpy().reshape(*shape, *shape)
    content = 100 * inverse.sum(axis=1)
    content[np.arange(shape[0]), np.arange(shape[0])] -= 100
    abroad = 100 * (inverse.sum(axis=0) - np.einsum("nknj->knj", inverse))
    account = system.factors
    trade = found["value_added_trade"]
    multiplier = account.M.to_numpy().reshape(shape)
    pairs = [
        (found["input_reliance"].look_through, content),
        (found["input_reliance_by_input"].look_through, abroad),
        (found["position"].upstreamness, ghosh.sum(axis=(2, 3))),
        (found["position"].downstreamness, inverse.sum(axis=(0, 1))),
        (trade.value_added_exports, account.D_exp.to_numpy().reshape(shape)),
        (trade.origin.sum("supplier"), multiplier * trade.exports.values),
        (trade.absorbed.sum(("region", "sector")), account.D_cba_reg.to_numpy()[0]),
    ]
    return max(
        float(np.abs(np.asarray(ours) - theirs).max() / np.abs(theirs).max())
        for ours, theirs in pairs
    )


def main(what: str, folder: str) -> None:
    """Print the answer as a line of JSON."""
    place = Path(folder)
    answer = {"gap": agreement(place)} if what == "agree" else measure(what, place)
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
