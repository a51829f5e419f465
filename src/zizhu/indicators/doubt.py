"""How wrong figures of dependence may be, by the errors that were measured for such figures."""

from __future__ import annotations

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.leontief import Leontief
from zizhu.indicators.reliance import input_reliance, market_reliance
from zizhu.world import LARGE_ERROR, World
from zizhu.world.classification import is_good
from zizhu.world.doubt import FIGURE_SIZE, FOREIGN, SECTOR_KIND, STRUCTURE, Doubt, FigureClass

Array = Float[np.ndarray, "..."]
_TEXT = "relative error measured for such figures where the truth is known"


def figure_errors(economy: World | Leontief) -> xr.Dataset:
    """Relative errors of the figures of `input_reliance` and `market_reliance`.

    inputs_error          (supplier, region, sector) and inputs_look_through_error
    foreign_inputs_error  (region, sector), all foreign suppliers; and with look_through
    sales_error           (region, sector, market) of sales to all uses there, and
                          sales_look_through_error of `market_reliance` at all tiers
    foreign_sales_error   (region, sector), all foreign markets; and with look_through

    Zero for a world without doubt and for sales of goods at face value, which are published. The
    class of a figure is the kind of sector, the size of the partner's share, and whether the
    region had a table of its own (`zizhu.world.doubt`). A figure whose error is above
    `LARGE_ERROR` is to be marked.

    Errors of cells are larger (`World.relative_errors`): they cancel in sums.
    """
    leontief = economy if isinstance(economy, Leontief) else Leontief(economy)
    world = leontief.world
    found: dict[str, xr.Variable] = {}
    reliance, markets = input_reliance(leontief), market_reliance(leontief)
    sold = world.output[:, :, None]
    to_market = np.divide(100 * world.flows, sold, out=np.zeros_like(world.flows), where=sold > 0)
    # The classes go by the shares that were measured: of direct inputs, of sales to all uses.
    shares_of = {
        "face value": (
            reliance["direct_share"],
            xr.DataArray(to_market, dims=("region", "sector", "market")),
        ),
        "look-through": (reliance["look_through_share"], markets["look_through_share"]),
    }
    for how, ending in (("face value", ""), ("look-through", "_look_through")):
        inputs, sales = shares_of[how]
        for what, table, order in (
            ("inputs", inputs, ("supplier", "region", "sector")),
            ("sales", sales, ("market", "region", "sector")),
        ):
            shares = np.nan_to_num(table.transpose(*order).values) / 100  # they are percent
            by_partner, together = _classified(world, f"{what} {how}", shares)
            attributes = {"units": "1", "definition": _TEXT}
            variable = xr.Variable(order, by_partner, attributes)
            found[f"{what}{ending}_error"] = variable.transpose(*table.dims)
            found[f"foreign_{what}{ending}_error"] = xr.Variable(order[1:], together, attributes)
    return xr.Dataset(
        found,
        {
            "supplier": list(world.regions),
            "market": list(world.regions),
            "region": list(world.regions),
            "sector": list(world.sectors),
        },
    )


def _classified(
    world: World, figure: str, shares: Float[np.ndarray, "i n k"]
) -> tuple[Float[np.ndarray, "i n k"], Float[np.ndarray, "n k"]]:
    doubt = world.doubt
    if doubt is None:
        return np.zeros(shares.shape), np.zeros(shares.shape[1:])
    kinds = [
        SECTOR_KIND[0 if is_good(world.isic.get(sector, ())) else 1] for sector in world.sectors
    ]
    rows = [STRUCTURE[0 if region in doubt.own_structure else 1] for region in world.regions]
    by_size = np.array(
        [
            [[_error(doubt, figure, kind, size, row) for kind in kinds] for row in rows]
            for size in (*FIGURE_SIZE, FOREIGN)
        ]
    )  # size, n, k
    large, medium, _ = FIGURE_SIZE.values()
    at = np.where(shares >= large, 0, np.where(shares >= medium, 1, 2))
    return np.take_along_axis(by_size, at, axis=0), by_size[-1]


def _error(doubt: Doubt, figure: str, kind: str, partner: str, row: str) -> float:
    return doubt.figures[FigureClass(figure, kind, partner, row)]


__all__ = ["LARGE_ERROR", "figure_errors"]
