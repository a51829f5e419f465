"""From an announcement to money at work: committed, paid in, deployed, leaked.

For every node m and region n, in bn USD:

    committed  C' = C + commitment
    scheduled  commitment * ratio / life  in this year and in each of the life - 1 years after it
    paid in    P' = P + what is scheduled for this year
    deployed   D' = D + what was paid in `lag` years ago
    leaked     K' = K + leakage * newly deployed
    at work    newly deployed * (1 - leakage), the money that moves a node in this year

So that, exactly, for commitments of 0 or more and one ratio over the whole path,

    ratio C = P + sum(instalments),    P = D + sum(waiting),    D = K + sum of money at work
    C >= P >= D >= K >= 0

What the ratio leaves out is never paid and costs nobody anything. Leaked money has been spent.
Funds announced before the base year are moved by the same step through the years before it.

The ratio (F04), the life (F01, F03), the lag (assumption) and leakage (assumption around F15) are
parameters; equal instalments are an assumption.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float


class MoneyStocks(NamedTuple):
    """Sums since the start of a path, and what is on its way, in bn USD.

    committed    C[m,n], announced
    paid         P[m,n], paid into funds
    deployed     D[m,n], spent by funds, leaked money included
    leaked       K[m,n], part of D that moved nothing
    instalments  scheduled payments, row 0 is due in the coming year
    waiting      paid in and not yet deployed, row 0 is deployed in the coming year
    """

    committed: Float[Array, "m n"]
    paid: Float[Array, "m n"]
    deployed: Float[Array, "m n"]
    leaked: Float[Array, "m n"]
    instalments: Float[Array, "life m n"]
    waiting: Float[Array, "lag m n"]


def money_base(nodes: int, regions: int, life: int, lag: int) -> MoneyStocks:
    """Empty stocks; `life` of 1 or more and `lag` of 0 or more fix the shapes of what is to come.

    Raises `ValueError` where they do not.
    """
    if life < 1 or lag < 0:
        raise ValueError(f"life is {life} and lag is {lag}; 1 or more and 0 or more are right")
    empty = jnp.zeros((nodes, regions))
    return MoneyStocks(
        committed=empty,
        paid=empty,
        deployed=empty,
        leaked=empty,
        instalments=jnp.zeros((life, nodes, regions)),
        waiting=jnp.zeros((lag, nodes, regions)),
    )


def next_money(
    stocks: MoneyStocks,
    commitment: Float[Array, "m n"],
    paid_in_ratio: Float[Array, ""],
    leakage: Float[Array, ""],
) -> tuple[MoneyStocks, Float[Array, "m n"]]:
    """Move the stocks by a year; also give the money at work in it, net of leakage.

    `commitment` is what is announced in the year, `paid_in_ratio` and `leakage` parts of 0 to 1.
    """
    life = stocks.instalments.shape[0]
    scheduled = stocks.instalments + paid_in_ratio * commitment / life
    queue = jnp.concatenate([stocks.waiting, scheduled[:1]])
    spent = queue[0]
    wasted = leakage * spent
    moved = MoneyStocks(
        committed=stocks.committed + commitment,
        paid=stocks.paid + scheduled[0],
        deployed=stocks.deployed + spent,
        leaked=stocks.leaked + wasted,
        instalments=jnp.concatenate([scheduled[1:], jnp.zeros_like(scheduled[:1])]),
        waiting=queue[1:],
    )
    return moved, spent - wasted
