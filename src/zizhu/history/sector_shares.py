"""Series of goods sectors, computed from the sales between regions that the worlds ship."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from zizhu.history.reader import Row
from zizhu.history.series import LEAST
from zizhu.world.classification import EUROPEAN_UNION, SECTOR_NAMES
from zizhu.world.history import ALL_SERVICES, open_history

# Regions of the panel and the suppliers of the flows that they hold; the rest of the Union is REU.
_REGIONS = {
    "CHN": ("CHN",),
    "USA": ("USA",),
    "EU": (*EUROPEAN_UNION, "REU"),
    "JPN": ("JPN",),
    "KOR": ("KOR",),
    "IND": ("IND",),
}
_SOURCE = "OECD Inter-Country Input-Output tables, 2025 edition, as zizhu sums them"
_MEASURES = {
    "output": ("world", "output in current US dollars"),
    "exports": ("world", "exports in current US dollars"),
    "home": ("home", "purchases met by plants at home"),
}


def sector_rows() -> Iterator[Row]:
    """Shares of world output and exports, and of home purchases met at home, 2011-2022, percent.

    With sales x[r, u] of a sector from region r to region u: output share = sum_u x[r, u] over
    sum_ru x; export share = sum_{u != r} x[r, u] over the same of all regions; home share =
    x[r, r] over sum_r' x[r', r]. The Union is one region: trade within it is no export. Where a
    region's output never reaches 0.1 percent of the world's, its series are left out.
    """
    history = open_history()
    flow = np.asarray(history.flow.transpose("sector", "year", "supplier", "user"), dtype=float)
    suppliers = [str(code) for code in history.supplier.values]
    groups = [
        [suppliers.index(one) for one in held if one in suppliers] for held in _REGIONS.values()
    ]
    taken = {at for group in groups for at in group}
    # All others stand alone, so that what they sell to each other is trade.
    groups += [[at] for at in range(len(suppliers)) if at not in taken]
    which = np.zeros((len(groups), len(suppliers)))
    for row, group in enumerate(groups):
        which[row, group] = 1.0
    years = [float(year) for year in history.year.values]
    for number, code in enumerate(str(sector) for sector in history.sector.values):
        if code == ALL_SERVICES:
            continue
        shares = _shares(which @ flow[number] @ which.T)
        for at, region in enumerate(_REGIONS):
            if np.nanmax(shares["output"][:, at]) < LEAST:
                continue
            for measure, values in shares.items():
                made = _row(code, region, measure)
                for year, percent in zip(years, values[:, at], strict=True):
                    if np.isfinite(percent):
                        # Rounding may leave a hair above all of it.
                        yield replace(made, year=year, percent=min(max(float(percent), 0.0), 100.0))


def _shares(sold: Float[np.ndarray, "t r r"]) -> dict[str, Float[np.ndarray, "t r"]]:
    """Shares in percent of one sector, from sales (year, supplier, user)."""
    own = np.diagonal(sold, axis1=1, axis2=2)
    made, used = sold.sum(axis=2), sold.sum(axis=1)
    exports = made - own

    def part(value: Float[np.ndarray, "t r"], whole: Float[np.ndarray, "t _"]) -> np.ndarray:
        return np.asarray(100 * value / np.where(whole > 0, whole, np.nan))

    return {
        "output": part(made, made.sum(axis=1, keepdims=True)),
        "exports": part(exports, exports.sum(axis=1, keepdims=True)),
        "home": part(own, used),
    }


def _row(code: str, region: str, measure: str) -> Row:
    """A row without an observation."""
    place, words = _MEASURES[measure]
    return Row(
        subject=SECTOR_NAMES.get(code, code),
        node=f"sector:{code}",
        region=region,
        place=place,
        basis="location",
        measure=words,
        kind="sector",
        year=float("nan"),
        percent=float("nan"),
        source=_SOURCE,
        confidence="read",
    )
