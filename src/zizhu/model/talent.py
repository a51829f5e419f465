"""The stock of researchers and engineers of each region, year by year.

Region n is where they grew up; r is the part of a stock that is still at work a year later.

    graduates   G_n   = places that were opened `lag` years ago
    stayed      S_n   = q_n G_n,    left  L_n = (1 - q_n) G_n,    q_n = base + change, in [0, 1]
    returned    R_n   = x_n A_n,    x_n = base + returnees, in [0, r]
    at home     H_n'  = r H_n + S_n + R_n
    abroad      A_n'  = r A_n + L_n - R_n
    recruited   Z_n'  = r Z_n + max(x_n - base, 0) A_n                       (a part of H_n')
    opened      p_n'  = p_n (1 + graduates_n), at least 0, at the end of the pipeline
    effective   E_n   = H_n + premium Z_n

So that, exactly and for each region alone,

    G = S + L,    H' = H - retired_home + S + R,    A' = A - retired_abroad + L - R
    H' + A' = r (H + A) + G,    0 <= Z <= H,    sum(pipeline') = sum(pipeline) - G + opened

Stocks and flows are people (any one unit); rates are per year. Those abroad count at home only:
where they live is another region's business, so that no head is counted twice.

Retention, the lag, stay rates and the premium are parameters (F23, F24, assumptions); that the base
is stationary, and that those who return do not retire in the same year, are assumptions.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float


class TalentStocks(NamedTuple):
    """People at the start of a year.

    home       H[n], at work at home
    abroad     A[n], from n, at work elsewhere
    recruited  Z[n], part of H that came back beyond the base flow of returnees
    places     the pipeline: row 0 graduates in this year, the last in the year before its lag is up
    """

    home: Float[Array, " n"]
    abroad: Float[Array, " n"]
    recruited: Float[Array, " n"]
    places: Float[Array, "lag n"]


class TalentRates(NamedTuple):
    """How stocks move without a measure.

    retention    r, part of a stock still at work a year later, below 1
    stay         q[n], part of graduates that stay
    places       p[n], places opened a year
    base_return  part of the stock abroad that returns in a year
    premium      output of a recruited returnee above that of others
    """

    retention: Float[Array, ""]
    stay: Float[Array, " n"]
    places: Float[Array, " n"]
    base_return: Float[Array, " n"]
    premium: Float[Array, ""]


class TalentFlows(NamedTuple):
    """People who moved during a year, by region of origin."""

    graduates: Float[Array, " n"]
    stayed: Float[Array, " n"]
    left: Float[Array, " n"]
    returned: Float[Array, " n"]
    retired_home: Float[Array, " n"]
    retired_abroad: Float[Array, " n"]


def stationary_places(
    home: Float[Array, " n"],
    retention: Float[Array, ""],
    stay: Float[Array, " n"],
    base_return: Float[Array, " n"],
) -> Float[Array, " n"]:
    """Places a year that keep `home` where it is, the stock abroad being at its steady state.

    p = (1 - r) H / (q + x (1 - q) / (1 - r + x)); some must stay or return (q + x above 0).
    """
    retiring = 1 - retention
    back = base_return / (retiring + base_return)
    return retiring * home / (stay + (1 - stay) * back)


def talent_base(home: Float[Array, " n"], rates: TalentRates, lag: int) -> TalentStocks:
    """Stocks of the base year: a full pipeline, A = (1 - q) p / (1 - r + x), nobody recruited.

    `lag` counts years from a place to a graduate, 0 or more; it fixes the shape of the pipeline.
    With the places of `stationary_places` nothing moves until a measure does.
    """
    leaving = 1 - rates.retention + rates.base_return
    return TalentStocks(
        home=home,
        abroad=(1 - rates.stay) * rates.places / leaving,
        recruited=jnp.zeros_like(home),
        places=jnp.broadcast_to(rates.places, (lag, *rates.places.shape)),
    )


def next_talent(
    stocks: TalentStocks,
    rates: TalentRates,
    graduates: Float[Array, " n"],
    stay_rate: Float[Array, " n"],
    returnees: Float[Array, " n"],
) -> tuple[TalentStocks, TalentFlows]:
    """Move the stocks by a year; also say who moved.

    `graduates` is the change of places opened this year (0.1: a tenth more), `stay_rate` the change
    of the stay rate in fractions, `returnees` the added part of the stock abroad that returns.
    """
    opened = rates.places * (1 + _within(graduates, -1.0, jnp.inf))
    pipeline = jnp.concatenate([stocks.places, opened[None]])
    leaving_university = pipeline[0]
    stayed = _within(rates.stay + stay_rate, 0.0, 1.0) * leaving_university
    left = leaving_university - stayed
    returning = _within(rates.base_return + returnees, 0.0, rates.retention)
    returned = returning * stocks.abroad
    retiring = 1 - rates.retention
    flows = TalentFlows(
        graduates=leaving_university,
        stayed=stayed,
        left=left,
        returned=returned,
        retired_home=retiring * stocks.home,
        retired_abroad=retiring * stocks.abroad,
    )
    extra = _within(returning - rates.base_return, 0.0, jnp.inf) * stocks.abroad
    moved = TalentStocks(
        home=stocks.home - flows.retired_home + stayed + returned,
        abroad=stocks.abroad - flows.retired_abroad + left - returned,
        recruited=rates.retention * stocks.recruited + extra,
        places=pipeline[1:],
    )
    return moved, flows


def effective_talent(stocks: TalentStocks, rates: TalentRates) -> Float[Array, " n"]:
    """People at work at home, recruited ones counting 1 + premium (F24: more papers per head)."""
    return stocks.home + rates.premium * stocks.recruited


def _within(
    value: Float[Array, " n"], low: float, high: float | Float[Array, ""]
) -> Float[Array, " n"]:
    """Hold values between two ends.

    Not `clip`: a stay rate of one, or a base without returnees, lies on an end before any measure,
    and the slope there must be that of the measure, not half of it.
    """
    return jnp.where(value < low, low, jnp.where(value > high, high, value))
