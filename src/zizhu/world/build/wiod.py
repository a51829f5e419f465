"""World Input-Output Database, 2013 release: yearly tables of 40 countries and the rest, 1995-2011.

Timmer, Dietzenbacher, Los, Stehrer and de Vries (2015), Review of International Economics 23(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError
from zizhu.world.negatives import remove_negative_uses

FIRST_YEAR, LAST_YEAR = 1995, 2011
# The five published final uses as household, government, investment (fixed capital, inventories).
_USES = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], dtype=float)
# First services sector in the published order: goods come first.
GOODS = 16
# Country codes that differ from ISO 3166.
_CODES = {"ROM": "ROU", "RoW": "ROW"}


@dataclass(frozen=True)
class WiodTable:
    """One year: Z[i,k,n,j], F[i,k,n,u] (household, government, investment), value added [n,j]."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    intermediate: Float[np.ndarray, "i k i k"]
    final: Float[np.ndarray, "i k i u"]
    value_added: Float[np.ndarray, "i k"]

    @property
    def flows(self) -> Float[np.ndarray, "i k i"]:
        """Sales to all uses [i,k,n]."""
        return np.asarray(self.intermediate.sum(axis=3) + self.final.sum(axis=3))

    @property
    def uses(self) -> Float[np.ndarray, "i k i ju"]:
        """Intermediate and final sales side by side [i,k,n,j+u]."""
        return np.concatenate([self.intermediate, self.final], axis=3)

    def pooled(
        self, regions: dict[str, list[str]], sectors: Float[np.ndarray, "k m"] | None = None
    ) -> WiodTable:
        """Sum to groups of regions and, with a 0/1 matrix, of sectors."""
        r = np.array([[float(c in found) for found in regions.values()] for c in self.regions])
        if not (r.sum(axis=1) == 1).all():
            lost = self.regions[int(np.argmax(r.sum(axis=1) != 1))]
            raise WorldError(f"WIOD: {lost} is not in exactly one group of regions")
        s = np.eye(len(self.sectors)) if sectors is None else sectors
        return WiodTable(
            tuple(regions),
            tuple(str(m) for m in range(s.shape[1])) if sectors is not None else self.sectors,
            np.einsum("iknj,ia,kb,nc,jd->abcd", self.intermediate, r, s, r, s, optimize=True),
            np.einsum("iknu,ia,kb,nc->abcu", self.final, r, s, r, optimize=True),
            r.T @ self.value_added @ s,
        )


def read_wiod(folder: str | Path, year: int) -> WiodTable:
    """Read one year; inventory run-downs are removed by `remove_negative_uses`.

    Raises `WorldError` if the file is missing.
    """
    file = Path(folder) / "wiod2013" / f"wiod2013_{year}.npz"
    if not file.is_file():
        raise WorldError(f"{file.name} is not in {file.parent}")
    with np.load(file) as data:
        codes = [str(code) for code in data["countries"]]
        sectors = tuple(map(str, data["sectors"]))
        flows = data["Z"].astype(float)
        uses = data["F"].astype(float)
    count, width = len(codes), len(sectors)
    final = (uses.reshape(-1, count, len(_USES)) @ _USES).reshape(-1, count * 3)
    output = flows.sum(axis=1) + final.sum(axis=1)
    # Sectors that a country does not report have no output and no value added.
    value_added = np.maximum(output - flows.sum(axis=0), 0.0)
    flows, final, value_added, _, _ = remove_negative_uses(
        flows, final, value_added, np.zeros(len(output))
    )
    return WiodTable(
        tuple(_CODES.get(code, code) for code in codes),
        sectors,
        flows.reshape(count, width, count, width),
        final.reshape(count, width, count, 3),
        value_added.reshape(count, width),
    )
