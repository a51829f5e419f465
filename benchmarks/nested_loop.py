"""The nested-loop algorithm of the appendix of Caliendo and Parro (2015), in plain NumPy.

Wages outside; for given wages prices and unit costs by substitution; for given prices all
expenditures as one dense linear system of regions times sectors; then wages move with the excess
demand for labour. Cobb-Douglas, origins pooled over uses, tariffs, constant returns. Vectorised
as the published code is, with one kindness: prices start where the last round left them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.model import Economy

Values = Float[np.ndarray, "..."]

# Wages move by this share of the relative excess demand for labour, as published.
_DAMPING = 0.2
_MOST_ROUNDS = 20_000


@dataclass(frozen=True)
class NestedLoopResult:
    """Logs of changes [n] and what they took.

    excess  largest relative excess demand for labour at the end
    outer   rounds of the wage loop, each with one dense solve
    inner   rounds of the price loops, all together
    """

    log_wage: Values
    log_real_wage: Values
    excess: float
    outer: int
    inner: int


def _prices(
    wage: Values,
    price: Values,
    *,
    weight: Values,
    gamma: Values,
    beta: Values,
    theta: Values,
    tolerance: float,
) -> tuple[Values, Values, int]:
    """Sector prices [k,n] and unit costs [n,j] at given wages, and the rounds taken.

    `weight` is base share times trade cost to the power of minus theta [i,k,n].
    """
    for rounds in range(1, _MOST_ROUNDS + 1):
        bundle = np.exp(np.einsum("knj,kn->nj", gamma, np.log(price)))
        cost = wage[:, None] ** beta * bundle ** (1 - beta)
        total = np.einsum("ikn,ik->kn", weight, cost**-theta)
        new = np.where(total > 0, total, 1.0) ** (-1 / theta[:, None])
        gap = np.max(np.abs(new - price))
        price = new
        if gap < tolerance:
            return price, cost, rounds
    raise RuntimeError(f"prices did not converge in {_MOST_ROUNDS} rounds")


def _expenditure(
    net: Values, tariff: Values, alpha: Values, inputs: Values, fixed_income: Values
) -> Values:
    """Expenditures [k,n] from one dense system: inputs, final demand and tariff revenue at once.

    `net` is the share of spending that reaches the producer [i,k,n], `inputs` the spending on k
    per unit of revenue of (n,j) [k,n,j].
    """
    sectors, regions = alpha.shape
    size = sectors * regions
    system = -(inputs[:, :, :, None] * net[None])  # k n j m
    duty = np.einsum("ikn,ikn->kn", tariff, net)
    own = np.arange(regions)
    system[:, own, :, own] -= alpha.T[:, :, None] * duty.T[:, None, :]
    system = system.reshape(size, size)
    system[np.diag_indices(size)] += 1.0
    return np.linalg.solve(system, (alpha * fixed_income).ravel()).reshape(sectors, regions)


def solve(
    economy: Economy,
    theta: Values,
    tariff_change: Values,
    *,
    tolerance: float = 1e-8,
    price_tolerance: float = 1e-10,
) -> NestedLoopResult:
    """Solve for the counterfactual in which tariffs change by `tariff_change` [i,k,n].

    `tolerance` bounds the relative excess demand for labour of every region, `price_tolerance`
    the last change of any price in the inner loop.
    """
    if not economy.pooled:
        raise ValueError("the nested loop has one set of origin shares: pool them first")
    share, gamma = np.asarray(economy.origin_shares)[..., 0], np.asarray(economy.input_shares)
    beta, wage_bill = np.asarray(economy.value_added_share), np.asarray(economy.wage_bill)
    alpha = np.einsum(
        "knf,nf->kn", np.asarray(economy.final_sector_shares), np.asarray(economy.final_use_shares)
    )
    deficit, before = np.asarray(economy.deficit), np.asarray(economy.tariff)
    abroad = 1.0 - np.eye(economy.regions)[:, None, :]
    tariff = before + abroad * tariff_change
    power = -theta[:, None]
    weight = share * ((1 + tariff) / (1 + before)) ** power
    inputs = gamma * (1 - beta)
    wage, price = np.ones(economy.regions), np.ones_like(alpha)
    inner = 0
    for outer in range(1, _MOST_ROUNDS + 1):
        price, cost, rounds = _prices(
            wage,
            price,
            weight=weight,
            gamma=gamma,
            beta=beta,
            theta=theta,
            tolerance=price_tolerance,
        )
        inner += rounds
        new_share = weight * (cost**-theta)[:, :, None] * price ** (-power)
        net = new_share / (1 + tariff)
        spending = _expenditure(net, tariff, alpha, inputs, wage * wage_bill + deficit)
        revenue = np.einsum("ikn,kn->ik", net, spending)
        excess = np.sum(beta * revenue, axis=1) / (wage * wage_bill) - 1
        largest = float(np.max(np.abs(excess)))
        if largest < tolerance:
            log_price = np.sum(alpha * np.log(price), axis=0)
            return NestedLoopResult(np.log(wage), np.log(wage) - log_price, largest, outer, inner)
        wage = wage * (1 + _DAMPING * excess)
        wage = wage * np.sum(wage_bill) / np.sum(wage * wage_bill)
    raise RuntimeError(f"wages did not converge in {_MOST_ROUNDS} rounds")
