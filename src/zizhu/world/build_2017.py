"""Builder of the world of 2017: seven regions, 44 sectors.

Input: `calibration_2017_7x44.npz` (OECD ICIO 2017 aggregated; see the data dictionary of the
project). Trade by origin, sector and destination, value-added shares, input shares and final
shares are given, but spending implied by the shares misses spending implied by trade.

Rule of repair: trade, output, value added and total final spending are kept; the table of each
region (44 input rows, 44 using sectors and final use as columns) is scaled by RAS to these margins
starting from the given shares, which is the smallest change in relative entropy. The size of the
repair is recorded in the world's notes.

Origins are pooled: the source has trade by sector, not by use, so that every use of a sector in a
region has the same suppliers. Government use is a stated share of final use with the same sector
mix (assumption); household use contains investment.

Run: `python -m zizhu.world.build_2017 DATA_FOLDER TARGET.nc`
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError, ZizhuError
from zizhu.world.classification import SECTOR_NAMES, isic_divisions
from zizhu.world.store import save
from zizhu.world.world import GOVERNMENT, HOUSEHOLD, World

SOURCE_FILE = "calibration_2017_7x44.npz"

# Assumption: the public share of final use, close to government consumption in world GDP.
GOVERNMENT_SHARE = 0.15

REGION_NAMES = {
    "BRA": "Brazil",
    "CHN": "China",
    "EU": "European Union and United Kingdom",
    "IND": "India",
    "JPN": "Japan",
    "ROW": "Rest of the world",
    "USA": "United States",
}


def ras(
    start: Float[np.ndarray, "r c"],
    rows: Float[np.ndarray, " r"],
    columns: Float[np.ndarray, " c"],
    *,
    tolerance: float = 1e-13,
    most_iterations: int = 20_000,
) -> Float[np.ndarray, "r c"]:
    """Scale rows and columns of `start` until they sum to `rows` and `columns`.

    The sums of the two margins must agree. Raises `WorldError` if the scaling does not converge.
    """
    if abs(rows.sum() - columns.sum()) > 1e-9 * rows.sum():
        raise WorldError(
            f"RAS: rows sum to {rows.sum():.8g} and columns to {columns.sum():.8g}; they must agree"
        )
    table = start.copy()
    for _ in range(most_iterations):
        table *= (rows / table.sum(axis=1))[:, None]
        reached = table.sum(axis=0)
        if np.max(np.abs(reached / columns - 1.0)) < tolerance:
            return table
        table *= columns / reached
    raise WorldError("RAS: margins not reached; a row or column may have nothing to scale")


def build(folder: str | Path) -> World:
    """Build the world of 2017 from the data folder. Raises `WorldError` if the file is missing."""
    file = Path(folder) / SOURCE_FILE
    if not file.is_file():
        raise WorldError(f"{SOURCE_FILE} is not in {folder}")
    with np.load(file) as data:
        trade, tariff = data["trade"], data["tariff_prewar"]
        input_share, va_share, final_share = (
            data["input_share"],
            data["va_share"],
            data["final_share"],
        )
        regions, sectors = tuple(map(str, data["regions"])), tuple(map(str, data["sectors"]))
    count, width = len(regions), len(sectors)
    output = trade.sum(axis=2)
    paid = trade * (1 + tariff)
    spending = paid.sum(axis=0)  # k n
    by_use = np.zeros((width, count, width + 1))  # k n (j, final)
    repair = np.zeros(count)
    for n in range(count):
        inputs = (1 - va_share[n]) * output[n]
        final_total = spending[:, n].sum() - inputs.sum()
        start = np.concatenate(
            [input_share[n] * inputs[None, :], (final_share[n] * final_total)[:, None]], axis=1
        )
        by_use[:, n] = ras(start, spending[:, n], np.append(inputs, final_total))
        repair[n] = np.abs(by_use[:, n] - start).sum() / start.sum()
    gap = _identity_gap(spending, output, input_share, va_share, final_share)
    origin = paid / spending / (1 + tariff)  # value before tariff per unit of spending
    flows = origin[..., None] * by_use[None]  # i k n (j, final)
    uses = np.array([1 - GOVERNMENT_SHARE, GOVERNMENT_SHARE])
    intermediate = flows[..., :width]
    taxes = (intermediate * tariff[..., None]).sum(axis=(0, 1))
    worst = int(np.argmax(repair))
    return World(
        name="2017",
        year=2017,
        currency="USD",
        regions=regions,
        sectors=sectors,
        final_uses=(HOUSEHOLD, GOVERNMENT),
        intermediate=intermediate,
        final=flows[..., width:] * uses,
        value_added=output - intermediate.sum(axis=(0, 1)) - taxes,
        taxes=taxes,
        tariff=tariff,
        region_names=REGION_NAMES,
        sector_names={code: SECTOR_NAMES[code] for code in sectors},
        isic={code: isic_divisions(code) for code in sectors},
        source=(
            "OECD Inter-Country Input-Output tables (2017), aggregated to 7 regions x 44 "
            "activities; applied tariffs before the tariff war of 2018-19"
        ),
        licence="OECD terms: reuse with attribution",
        notes=(
            f"spending implied by the source's shares missed spending implied by its trade by "
            f"{100 * gap:.2f} percent of spending; input and final-use tables were scaled (RAS) to "
            f"trade, output and value added, moving {100 * repair.mean():.2f} percent of cells' "
            f"value on average, {100 * repair[worst]:.2f} percent in {regions[worst]}",
            "origins are pooled: every use of a sector in a region has the same suppliers",
            f"government is {100 * GOVERNMENT_SHARE:.0f} percent of final use with the same "
            "sector mix (assumption); household use contains investment",
            "EU contains the United Kingdom; rail stock, ships and aircraft share sector C30",
            "vehicles of China are 21 percent above the same cell of the 2025 edition",
            "interim default: a 2022 world replaces it",
        ),
        pooled_origins=True,
    )


def _identity_gap(
    spending: Float[np.ndarray, "k n"],
    output: Float[np.ndarray, "n k"],
    input_share: Float[np.ndarray, "n k k"],
    va_share: Float[np.ndarray, "n k"],
    final_share: Float[np.ndarray, "n k"],
) -> float:
    """Weighted absolute gap between spending by shares and spending by trade."""
    inputs = np.einsum("nkj,nj->kn", input_share, (1 - va_share) * output)
    final = final_share.T * (spending.sum(axis=0) - inputs.sum(axis=0))
    return float(np.abs(inputs + final - spending).sum() / spending.sum())


if __name__ == "__main__":
    try:
        save(build(sys.argv[1]), sys.argv[2])
    except ZizhuError as error:
        sys.exit(str(error))
