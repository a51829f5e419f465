"""The paper's own fixed point, in NumPy: an oracle that shares nothing with our solver.

Campos and others (2023) solve p and P by the iteration of Alvarez and Lucas (2007):

    p_i^(1+psi+phi) = P_i^psi sum_j (X_ij/Y_i) tau_ij^-phi P_j^phi p_j (p_j/P_j)^psi
    P_i^-phi        = sum_j (X_ji/E_i) tau_ji^-phi p_j^-phi

with p scaled to sum to one, so that spending is a constant part of output times one factor for all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from zizhu.errors import NotConverged

_MOST_ROUNDS, _TOLERANCE = 10_000, 1e-15


class Answer(NamedTuple):
    """Price of output over the price index by country, and trade after the shock [i,n]."""

    relative_price: Float[np.ndarray, " n"]
    trade: Float[np.ndarray, "i n"]


def fixed_point(
    trade: Float[np.ndarray, "i n"], log_cost: Float[np.ndarray, "i n"], phi: float, psi: float
) -> Answer:
    """Iterate to the last digit; output of the world is as before on average over countries.

    Raises `NotConverged` after 10,000 rounds.
    """
    output, spending = trade.sum(axis=1), trade.sum(axis=0)
    cheaper = np.exp(-phi * log_cost) * trade
    count = len(trade)
    price = np.full(count, 1 / count)
    index = price.copy()
    for _ in range(_MOST_ROUNDS):
        supply = price * (price / index) ** psi
        demanded = (cheaper / output[:, None]) @ (index**phi * supply)
        new = (index**psi * demanded) ** (1 / (1 + psi + phi))
        new /= new.sum()
        if np.linalg.norm(new - price) < _TOLERANCE:
            break
        price = new
        new_index = ((cheaper / spending).T @ price**-phi) ** (-1 / phi)
        if np.linalg.norm(new_index - index) < _TOLERANCE:
            break
        index = new_index
    else:
        raise NotConverged(f"the paper's iteration still moves after {_MOST_ROUNDS} rounds")
    supply = price * (price / index) ** psi
    scale = 1 / supply.mean()
    after = cheaper * (scale * price)[:, None] ** -phi * ((scale * index) ** phi * scale * supply)
    # One factor for all: sales of the first country equal its output.
    after *= scale * supply[0] * output[0] / after[0].sum()
    return Answer(price / index, after)
