"""Factors of production over the years: labour from outside, capital from investment.

    K'       = (1 - d) K + i0 I,          i0 = investment over capital in the base year
    factors  = l ln L + (1 - l) ln K

All relative to the base year: K = I = L = 1 there. The static model has one factor per region,
which earns all value added; its quantity is this Cobb-Douglas bundle (Solow 1956).
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float


class Factors(NamedTuple):
    """What growth of a region's factors needs.

    labour_share     part of value added that labour earns
    depreciation     of capital, a year
    investment_rate  investment over capital in the base year
    labour_growth    log growth of labour, a year
    """

    labour_share: Float[Array, " n"]
    depreciation: Float[Array, " n"]
    investment_rate: Float[Array, " n"]
    labour_growth: Float[Array, " n"]


def log_factors(
    capital: Float[Array, " n"], year: Float[Array, ""], factors: Factors
) -> Float[Array, " n"]:
    """Log change of the bundle of labour and capital since the base year."""
    labour = factors.labour_growth * year
    return factors.labour_share * labour + (1 - factors.labour_share) * jnp.log(capital)


def next_capital(
    capital: Float[Array, " n"], investment: Float[Array, " n"], factors: Factors
) -> Float[Array, " n"]:
    """Capital a year later; `investment` is real, relative to the base year."""
    return (1 - factors.depreciation) * capital + factors.investment_rate * investment
