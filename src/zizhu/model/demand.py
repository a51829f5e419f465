"""Sourcing: who is bought from, given producer prices; every big sum is a batched product.

The landed price is separable, m[i,k,n,g] = p[i,k] * wedge[i,k,n,g], so that the CES sums over
suppliers are products of a coefficient array, computed once per solve, with p^-theta.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.shock import Shock


class Sourcing(NamedTuple):
    """Coefficients of sourcing, sector first: [k, i, n, g] (or [k, n, g]).

    foreign     lambda * wedge^-theta, scaled by the largest wedge^-theta over suppliers i; zero
                for the own region, which is kept apart so that a small rest is never a difference
    home        the same for the own region
    log_scale   log of that largest value
    preference  extra price that the buyer of a group sees on foreign goods, in logs
    sales       price * exp(-preference on foreign) / ((1+t)(1+e)): spending to producer revenue
    duty        sales * t (1+e): spending to duty paid
    export_duty sales * e: spending to export tax
    limit       log of the most that a flow may be worth [k, i, n], inf where free
    """

    foreign: Float[Array, "k i n g"]
    home: Float[Array, "k n g"]
    log_scale: Float[Array, "k n g"]
    preference: Float[Array, "k n g"]
    sales: Float[Array, "k i n g"]
    duty: Float[Array, "k i n g"]
    export_duty: Float[Array, "k i n g"]
    limit: Float[Array, "k i n"]


class Purchases(NamedTuple):
    """What users buy at given prices and spending.

    sales         revenue of producers [i, k]
    duty          tariff revenue of the user region [n]
    export_duty   export tax revenue of the supplier region [i]
    """

    sales: Float[Array, "i k"]
    duty: Float[Array, " n"]
    export_duty: Float[Array, " i"]


def base_flow(economy: Economy) -> Float[Array, "k i n"]:
    """Base flows at producer price, before duties, summed over uses [k, i, n]."""
    spent = economy.spending()
    if economy.pooled:
        spent = spent.sum(axis=2, keepdims=True)
    paid = jnp.sum(economy.origin_shares * spent, axis=3)
    return (paid / ((1 + economy.tariff) * (1 + economy.export_tax))).transpose(1, 0, 2)


def public_part(economy: Economy) -> Float[Array, "k n"]:
    """Part of all spending on a sector's goods that is the public buyer's, in the base.

    Where origins are pooled, all uses choose alike: as if foreign goods were dearer by this part of
    what the public buyer's preference makes them (an approximation, first order in the preference).
    """
    spent = economy.spending()
    total = spent.sum(axis=2)
    public = spent[:, :, 1 + economy.public_use] if economy.public_use is not None else 0 * total
    return jnp.where(total > 0, public / jnp.where(total > 0, total, 1.0), 0.0)


def new_taxes(
    economy: Economy, shock: Shock
) -> tuple[Float[Array, "i k n"], Float[Array, "i k n"]]:
    """Tariffs and export taxes after the shock; own sales carry none."""
    foreign = 1.0 - jnp.eye(economy.regions)[:, None, :]
    return economy.tariff + foreign * shock.tariff, economy.export_tax + foreign * shock.export_tax


def sourcing(economy: Economy, elasticities: Elasticities, shock: Shock) -> Sourcing:
    """Coefficients that do not change during a solve."""
    theta = elasticities.trade
    foreign = 1.0 - jnp.eye(economy.regions)[:, None, :]
    tariff, export_tax = new_taxes(economy, shock)
    base_taxes = (1 + economy.tariff) * (1 + economy.export_tax)
    taxes = (1 + tariff) * (1 + export_tax)
    log_tax = jnp.log(taxes / base_taxes)
    groups = economy.origin_shares.shape[3]
    preference = jnp.zeros((economy.sectors, economy.regions, groups))
    if economy.public_use is not None:
        liked = shock.home_preference.T
        if groups > 1:
            preference = preference.at[:, :, 1 + economy.public_use].set(liked)
        else:
            preference = (public_part(economy) * liked)[:, :, None]
    traded = economy.origin_shares > 0
    # Iceberg costs may be one for all uses (last axis 1): no exponential is then taken per use.
    log_weight = -theta[:, None, None] * (shock.log_iceberg + log_tax[..., None])
    log_scale = jnp.max(jnp.where(traded, log_weight, -jnp.inf), axis=(0, 3))[..., None]
    # A use that nobody supplies has no spending either; its price stays at one. The scale is a
    # device against underflow: it cancels, hence no derivative.
    log_scale = jax.lax.stop_gradient(jnp.where(jnp.isfinite(log_scale), log_scale, 0.0))
    # Only suppliers count for the scale: the others are kept from overflowing times zero.
    sold = traded if log_weight.shape[3] == groups else traded.any(axis=3, keepdims=True)
    by_flow = jnp.exp(jnp.where(sold, log_weight - log_scale, 0.0))
    disliked = jnp.exp(-theta[:, None, None] * preference)
    price = economy.origin_shares * by_flow * jnp.where(foreign[..., None] > 0, disliked, 1.0)
    log_scale = jnp.broadcast_to(log_scale, preference.shape)
    # exp(-preference) on foreign goods only, without an exponential for every flow.
    sales = price * (1.0 + foreign[..., None] * jnp.expm1(-preference)) / taxes[..., None]
    region = jnp.arange(economy.regions)
    flow = base_flow(economy)
    limit = jnp.where(flow > 0, jnp.log(jnp.where(flow > 0, flow, 1.0)), jnp.inf)
    limit = limit + shock.log_flow_limit.transpose(1, 0, 2)
    return Sourcing(
        foreign=(price * foreign[..., None]).transpose(1, 0, 2, 3),
        home=price[region, :, region, :].transpose(1, 0, 2),
        log_scale=log_scale,
        preference=preference,
        sales=sales.transpose(1, 0, 2, 3),
        duty=(sales * (tariff * (1 + export_tax))[..., None]).transpose(1, 0, 2, 3),
        export_duty=(sales * export_tax[..., None]).transpose(1, 0, 2, 3),
        limit=limit,
    )


def relative_attraction(
    theta: Float[Array, " k"], log_price: Float[Array, "i k"]
) -> tuple[Float[Array, "k i"], Float[Array, " k"]]:
    """Return p^-theta relative to the sector's mean price, and that mean (in logs)."""
    centre = jnp.mean(log_price, axis=0)
    return jnp.exp(-theta * (log_price - centre)).T, centre


def sector_prices(
    coefficients: Sourcing,
    theta: Float[Array, " k"],
    attraction: Float[Array, "k i"],
    centre: Float[Array, " k"],
) -> tuple[Float[Array, "k n g"], Float[Array, "k n g"], Float[Array, "k n g"]]:
    """Return log sector prices, what spending is divided by, and log prices at no preference bias.

    The third is the price that the same buyer would pay if it chose by the true prices.
    """
    foreign = _over_suppliers(coefficients.foreign, attraction)
    home = coefficients.home * attraction[:, :, None]
    # Perceived sum S = home + foreign; what is paid per unit of perceived price: foreign shrinks.
    total = foreign + home
    paid = jnp.exp(-coefficients.preference) * foreign + home
    supplied = total > 0
    log_total = jnp.log(jnp.where(supplied, total, 1.0))
    log_paid = jnp.log(jnp.where(supplied, paid, 1.0))
    scale = theta[:, None, None]
    perceived = jnp.where(
        supplied, centre[:, None, None] - (coefficients.log_scale + log_total) / scale, 0.0
    )
    true = perceived + log_paid - log_total
    unbiased = jnp.exp(scale * coefficients.preference) * foreign + home
    log_unbiased = jnp.log(jnp.where(supplied, unbiased, 1.0))
    unbiased_price = perceived - (log_unbiased - log_total) / scale
    return true, jnp.where(supplied, paid, jnp.inf), unbiased_price


def origin_shares(
    coefficients: Sourcing, attraction: Float[Array, "k i"]
) -> Float[Array, "i k i g"]:
    """Share of spending that goes to each supplier, at the true prices paid."""
    region = jnp.arange(attraction.shape[1])
    bought = coefficients.foreign * attraction[:, :, None, None]
    bought = bought * jnp.exp(-coefficients.preference[:, None])
    bought = bought.at[:, region, region].add(coefficients.home * attraction[:, :, None])
    total = bought.sum(axis=1, keepdims=True)
    return (bought / jnp.where(total > 0, total, 1.0)).transpose(1, 0, 2, 3)


def flows(
    coefficients: Sourcing,
    attraction: Float[Array, "k i"],
    weight: Float[Array, "k n g"],
) -> Float[Array, "k i n"]:
    """Flows at producer price before duties; `weight` is spending over the divisor of prices."""
    return jnp.sum(coefficients.sales * weight[:, None], axis=3) * attraction[:, :, None]


def purchases(
    coefficients: Sourcing,
    attraction: Float[Array, "k i"],
    weight: Float[Array, "k n g"],
) -> Purchases:
    """Split spending over suppliers and collect duties, without forming the flows."""
    sales = _over_users(coefficients.sales, weight) * attraction
    duty = _over_suppliers(coefficients.duty, attraction)
    export_duty = _over_users(coefficients.export_duty, weight) * attraction
    return Purchases(
        sales=sales.T,
        duty=jnp.sum(duty * weight, axis=(0, 2)),
        export_duty=jnp.sum(export_duty, axis=0),
    )


# Users and groups are merged before the products below: a trailing axis of length one makes the
# compiler transpose the whole array first, at several times the cost of the product.
def _over_suppliers(
    array: Float[Array, "k i n g"], by_supplier: Float[Array, "k i"]
) -> Float[Array, "k n g"]:
    sectors, regions, users, groups = array.shape
    merged = array.reshape(sectors, regions, users * groups)
    return jnp.einsum("kim,ki->km", merged, by_supplier).reshape(sectors, users, groups)


def _over_users(
    array: Float[Array, "k i n g"], by_user: Float[Array, "k n g"]
) -> Float[Array, "k i"]:
    sectors, regions = array.shape[:2]
    merged = array.reshape(sectors, regions, -1)
    return jnp.einsum("kim,km->ki", merged, by_user.reshape(sectors, -1))
