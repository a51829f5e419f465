"""The table of 2008 that the chapter uses: WIOD in 34 regions and 31 sectors, origins pooled.

Shipped as sales by sector to each region and as inputs and final uses by using sector: the parts of
a table in which all uses of a region buy from the same suppliers. `python -m
zizhu.replications.gains_from_trade.table FOLDER` makes the file anew from WIOD.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError
from zizhu.world import World, locate
from zizhu.world.build.wiod import WiodTable, read_wiod
from zizhu.world.negatives import remove_negative_uses

YEAR = 2008
SOURCE = (
    "World Input-Output Database, 2013 release, table of 2008 (Timmer, Dietzenbacher, Los, Stehrer "
    "and de Vries 2015)"
)
LICENCE = "CC BY 4.0"
_FILE = "wiod2008_34x31.npz"
# Small members that the chapter adds to the rest of the world, and sectors that it joins.
_REST = ("BGR", "CYP", "EST", "LTU", "LUX", "LVA", "MLT", "ROW")
_JOINED = {"17t18+19": ("17t18", "19"), "50+51": ("50", "51"), "L+O+P": ("L", "O", "P")}
_ROUNDS = 20
_FINAL_USES = ("household", "government", "investment")


def chapter_table(data: str | Path | None = None) -> World:
    """The shipped table, or the one made from WIOD in the folder `data`.

    Raises `WorldError` if the folder lacks the table of 2008.
    """
    if data is None:
        with np.load(str(files(__package__) / _FILE)) as shipped:
            return _world(**{name: shipped[name] for name in shipped.files})
    return _world(**_parts(data))


def _parts(data: str | Path) -> dict[str, np.ndarray]:
    full = _without_run_downs(locate("icio", data).parent)
    regions = {code: [code] for code in full.regions if code not in _REST}
    regions["ROW"] = list(_REST)
    joined = {member: name for name, members in _JOINED.items() for member in members}
    sectors = list(dict.fromkeys(joined.get(code, code) for code in full.sectors))
    which = [[float(joined.get(code, code) == name) for name in sectors] for code in full.sectors]
    found = full.pooled(regions, np.array(which))
    inputs, final = found.intermediate.sum(axis=0), found.final.sum(axis=0)
    # Greece buys 13 million USD of water transport abroad and, after rounding, none at home, where
    # autarky would have no price: those purchases, 1 in 100,000 of its spending, are left out.
    here = np.arange(len(regions))
    bought_at_home = (found.flows[here, :, here] > 0).T
    sales = found.flows * bought_at_home
    inputs, final = inputs * bought_at_home[..., None], final * bought_at_home[..., None]
    # Rounding leaves a refinery with inputs above its output (SVN 23, by 4 million USD): its inputs
    # are cut to the output, and those who sell to it, itself among them, sell that much less.
    for _ in range(_ROUNDS):
        output, asked = sales.sum(axis=2), inputs.sum(axis=0)
        inputs = inputs * np.minimum(1.0, _part(output, asked))
        sales = sales * _part(inputs.sum(axis=2) + final.sum(axis=2), sales.sum(axis=0))
    return {
        "regions": np.array(list(regions)),
        "sectors": np.array(sectors),
        "sales": sales,
        "inputs": inputs,
        "final": final,
    }


def _without_run_downs(folder: Path) -> WiodTable:
    """The table of 2008 with each negative inventory at zero, before it is part of investment."""
    read = read_wiod(folder, YEAR)  # labels; raises if the file is missing
    with np.load(folder / "wiod2013" / f"wiod2013_{YEAR}.npz") as data:
        flows, uses = data["Z"].astype(float), data["F"].astype(float)
    none = np.zeros(len(flows))
    flows, uses, _, _, _ = remove_negative_uses(flows, uses, none, none)
    count, width = len(read.regions), len(read.sectors)
    final = uses.reshape(count, width, count, -1)
    household, government, investment = final[..., :2], final[..., 2], final[..., 3:]
    return replace(
        read,
        intermediate=flows.reshape(count, width, count, width),
        final=np.stack([household.sum(axis=3), government, investment.sum(axis=3)], axis=3),
    )


def _part(
    of: Float[np.ndarray, "a b"], whole: Float[np.ndarray, "a b"]
) -> Float[np.ndarray, "a b"]:
    return np.asarray(np.divide(of, whole, out=np.ones_like(whole), where=whole > 0))


def _world(
    regions: np.ndarray,
    sectors: np.ndarray,
    sales: Float[np.ndarray, "i k n"],
    inputs: Float[np.ndarray, "k n j"],
    final: Float[np.ndarray, "k n u"],
) -> World:
    bought = sales.sum(axis=0)
    origin = np.divide(sales, bought, out=np.zeros_like(sales), where=bought > 0)
    intermediate = origin[..., None] * inputs
    output = sales.sum(axis=2)
    return World(
        name="wiod-2008-34x31",
        year=YEAR,
        currency="USD",
        regions=tuple(map(str, regions)),
        sectors=tuple(map(str, sectors)),
        final_uses=_FINAL_USES,
        intermediate=intermediate,
        final=origin[..., None] * final,
        value_added=np.maximum(output - inputs.sum(axis=0), 0.0),
        taxes=np.zeros_like(output),
        tariff=np.zeros_like(sales),
        source=SOURCE,
        licence=LICENCE,
        notes=(
            "BGR, CYP, EST, LTU, LUX, LVA and MLT are part of the rest of the world; textiles and "
            "leather, trade and repair of vehicles and wholesale trade, and public, other and "
            "household services are joined",
            "negative inventories are set to zero and output follows by the Leontief inverse",
            "left out: 13 million USD of water transport that Greece buys only abroad, and the 4 "
            "million by which inputs of refining in Slovenia exceed its output",
            "origins are common to all uses of a region; net taxes and margins are value added",
        ),
        pooled_origins=True,
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise WorldError("give the folder that holds icio_cube and wiod2013")
    parts: dict[str, Any] = _parts(sys.argv[1])
    np.savez_compressed(Path(__file__).with_name(_FILE), **parts)
