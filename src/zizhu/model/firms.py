"""A listed champion: a segment of its sector that loses inputs, finds others and recovers.

Firm f in region n(f) and sector k(f), whose inputs of concern are node m(f) of a chain:

    missing    g_f = listed_f (1 - home_f) (1 - v_f)     years of normal purchases of the inputs
    drawn      u_f = min(cover_f, g_f)                   from stock
    access     a_f = 1 - g_f + u_f                       = 1 - listed (1 - home) (1 - v) (1 - u / g)
    revenue    y_f = 1 - exposure_f (1 - a_f)            relative to the firm unlisted
    sector     ln T_nk += ln(1 - sum over f in (n, k) of segment_f (1 - diverted_f) (1 - y_f))

    diversified  v_f' = v_f + speed_f listed_f (1 - v_f)
    stock        cover_f' = cover_f - u_f + bought_f,    0 or more, exactly

home is the share of the node's use in the region that is supplied at home, v the part of the rest
that the firm has replaced or designed out. Rationing, not price: a barred input is not to be had.
What a firm does not make, home rivals make up to the part `diverted`; the rest is output that the
sector loses with its labour and capital in place, hence productivity. What a firm has learned to
replace stays replaced after it is taken off the list.

With a full listing from year one, no stock and a constant home share,

    y(year t) = 1 - exposure (1 - home) (1 - speed)^(t - 1)

Exposure and speed are calibrated to F54 (revenue of one firm, whose fall the sale of a unit blurs),
so that F54 cannot test them; the part diverted is an assumption.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

# Most of a sector's output that its firms can lose. Only a sector that is one firm which can make
# nothing comes near; without an end its productivity would be minus infinity in logs (assumption).
_MOST_LOST = 0.99


class Firms(NamedTuple):
    """Firms that may be listed.

    region, sector, node  places of each firm in the arrays of the model
    segment          share of the firm in the output of its sector in its region; sums to at most 1
    exposure         part of revenue that cannot be made without the inputs of the node
    diversification  speed, part of the remaining gap closed in a year under a full listing
    diverted         part of lost revenue that rivals in the region take over
    """

    region: Int[Array, " f"]
    sector: Int[Array, " f"]
    node: Int[Array, " f"]
    segment: Float[Array, " f"]
    exposure: Float[Array, " f"]
    diversification: Float[Array, " f"]
    diverted: Float[Array, " f"]


class FirmStocks(NamedTuple):
    """Where firms stand at the start of a year.

    diversified  v[f], part of foreign inputs replaced, 0 to 1
    cover        stock of the inputs, in years of normal purchases
    """

    diversified: Float[Array, " f"]
    cover: Float[Array, " f"]


class FirmAnswer(NamedTuple):
    """What a listing does in a year.

    revenue           y[f], relative to the firm unlisted
    access            a[f], part of the inputs that the firm has
    log_productivity  [n,k], to be added to log productivity, 0 or less
    """

    revenue: Float[Array, " f"]
    access: Float[Array, " f"]
    log_productivity: Float[Array, "n k"]


def firm_base(firms: Firms) -> FirmStocks:
    """Nothing replaced, nothing in stock beyond normal."""
    return FirmStocks(jnp.zeros_like(firms.exposure), jnp.zeros_like(firms.exposure))


def firm_answer(
    firms: Firms,
    stocks: FirmStocks,
    listed: Float[Array, " f"],
    home_share: Float[Array, " f"],
    shape: tuple[int, int],
) -> FirmAnswer:
    """What a listing does to firms and to their sectors in a year.

    `listed` is the part of a firm's inputs that is barred, `home_share` that of its node in its
    region (the caller's `home[node, region]`), `shape` the number of regions and of sectors.
    """
    missing, drawn = _shortage(stocks, listed, home_share)
    access = 1 - (missing - drawn)
    revenue = 1 - firms.exposure * (1 - access)
    lost = firms.segment * (1 - firms.diverted) * (1 - revenue)
    in_sector = jnp.zeros(shape).at[firms.region, firms.sector].add(lost)
    return FirmAnswer(revenue, access, jnp.log1p(-jnp.minimum(in_sector, _MOST_LOST)))


def next_firms(
    firms: Firms,
    stocks: FirmStocks,
    listed: Float[Array, " f"],
    home_share: Float[Array, " f"],
    bought: Float[Array, " f"],
) -> FirmStocks:
    """Move the stocks by a year.

    `bought` is what a firm buys in advance, in years of normal purchases (the caller's
    `hoarding[node, region]`); it can be used from the next year on.
    """
    _, drawn = _shortage(stocks, listed, home_share)
    closed = firms.diversification * listed * (1 - stocks.diversified)
    return FirmStocks(stocks.diversified + closed, stocks.cover - drawn + bought)


def _shortage(
    stocks: FirmStocks, listed: Float[Array, " f"], home_share: Float[Array, " f"]
) -> tuple[Float[Array, " f"], Float[Array, " f"]]:
    """Inputs missing, and the part of them that comes out of stock, in years of purchases.

    Not `minimum`: without a listing and without a stock both are zero, and the slope in the listing
    must be that of a firm with nothing in stock, not half of it.
    """
    missing = listed * (1 - home_share) * (1 - stocks.diversified)
    return missing, jnp.where(stocks.cover > missing, missing, stocks.cover)
