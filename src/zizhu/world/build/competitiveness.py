"""`python -m zizhu.world.build.competitiveness DATA`: who is good at which goods, from trade.

In every year and sector, sales abroad are fitted by an exporter and an importer effect,

    E[X_in] = a_i b_n,  n != i,

the Poisson maximum likelihood of a gravity equation whose other trade costs stay in the exporter's
effect. It needs no logs of zeros, and its solution is iterative proportional fitting. Own sales are
left out. Competitiveness is ln a less its means over sectors and over regions, so that the size,
wage and currency of a region and the size of a sector drop out: what remains is comparative
advantage, as in Hanson, Lind and Muendler (2015, NBER working paper 21753), who add distance.
Letters: t year, i exporter, n importer, k sector (goods).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError, ZizhuError
from zizhu.world.build.oecd import GOODS, SECTORS, SINGLE, read_cube

SHIPPED = Path(__file__).parents[1] / "tables" / "competitiveness.csv"
# Base years of the shipped worlds.
YEARS = (2017, 2022)
# Years over which the recent change is measured: one year is mostly noise (assumption).
WINDOW = 3
# Below this part of the world's exports of a sector, a change of logs is noise (assumption).
THIN = 1e-3
_ROUNDS, _CLOSE = 5000, 1e-12

HEADER = (
    "source: OECD Inter-Country Input-Output tables, 2025 edition, bilateral sales of goods, "
    "summed to the regions and sectors of the worlds of 2017 and 2022",
    "licence: OECD terms: reuse with attribution",
    "level: log exporter effect of sales abroad (Poisson, exporter and importer effects), less its "
    "means over sectors and regions; change: its mean change a year over the last three years",
    "not measured, and left out: services, which the source does not tell apart, and cells below a "
    "thousandth of the world's exports of the sector in either year",
)


def exporter_effects(sales: Float[np.ndarray, "i k n"]) -> Float[np.ndarray, "i k"]:
    """Logs of a[i,k] in E[X_ikn] = a_ik b_kn, own sales left out; not a number without exports.

    Each sector's a sums to one. Raises `WorldError` if the fit does not settle.
    """
    flows = np.array(sales, dtype=float)
    own = np.arange(len(flows))
    flows[own, :, own] = 0.0
    sold, bought = exports(flows), flows.sum(axis=0).T  # [i,k], [n,k]
    a = _parts(sold)
    for _ in range(_ROUNDS):
        # A region buys from all others: a sums over them.
        b = _ratio(bought, a.sum(axis=0) - a)
        # Only a times b is known: scale goes to b.
        following = _parts(_ratio(sold, b.sum(axis=0) - b))
        settled = np.abs(following - a).max() <= _CLOSE
        a = following
        if settled:
            break
    else:
        raise WorldError("exporter effects: the fit to sales abroad does not settle")
    return np.asarray(np.log(a, out=np.full_like(a, np.nan), where=a > 0))


def exports(sales: Float[np.ndarray, "i k n"]) -> Float[np.ndarray, "i k"]:
    """Sales to all other regions."""
    own = np.arange(len(sales))
    return np.asarray(sales.sum(axis=2) - sales[own, :, own])


def _parts(found: Float[np.ndarray, "i k"]) -> Float[np.ndarray, "i k"]:
    return _ratio(found, np.broadcast_to(found.sum(axis=0), found.shape))


def _ratio(
    top: Float[np.ndarray, "i k"], bottom: Float[np.ndarray, "i k"]
) -> Float[np.ndarray, "i k"]:
    return np.asarray(np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0))


def demeaned(effects: Float[np.ndarray, "i k"]) -> Float[np.ndarray, "i k"]:
    """Less the means over regions and over sectors of what is a number."""
    known = np.isfinite(effects)
    rest = np.where(known, effects, 0.0)
    for _ in range(_ROUNDS):
        before = rest
        for axis in (0, 1):
            count = np.maximum(known.sum(axis=axis, keepdims=True), 1)
            rest = np.where(known, rest - rest.sum(axis=axis, keepdims=True) / count, 0.0)
        if np.abs(rest - before).max() <= _CLOSE:
            break
    return np.where(known, rest, np.nan)


def competitiveness(sales: Float[np.ndarray, "i k n"]) -> Float[np.ndarray, "i k"]:
    """Log comparative advantage [i,k] of one year's sales; not a number without exports."""
    return demeaned(exporter_effects(sales))


def text_of(data: str | Path) -> str:
    """The shipped table as text. Raises `WorldError` if a file is missing in `data`."""
    lines = [f"# {line}" for line in HEADER] + ["year,region,sector,level,change"]
    for year in YEARS:
        sales = [read_cube(data, at).trade[:, :GOODS] for at in (year, year - WINDOW)]
        now, then = map(competitiveness, sales)
        change = (now - then) / WINDOW
        # Cells without exports are not a number already.
        measured = np.all([_parts(exports(one)) >= THIN for one in sales], axis=0)
        lines += [
            f"{year},{region},{sector},{now[i, k]:.3f},{change[i, k]:.4f}"
            for i, region in enumerate(SINGLE)
            for k, sector in enumerate(SECTORS[:GOODS])
            if measured[i, k]
        ]
    return "\n".join(lines) + "\n"


def build(data: str | Path, target: str | Path = SHIPPED) -> Path:
    """Write the table from the sources in `data`; returns the file."""
    path = Path(target)
    path.write_text(text_of(data), encoding="utf-8")
    return path


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m zizhu.world.build.competitiveness DATA [FILE]")
    try:
        build(*sys.argv[1:])
    except ZizhuError as error:
        sys.exit(str(error))
