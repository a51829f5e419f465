"""Caliendo and Parro (2015) as in their appendix, in plain NumPy: an oracle for one special case.

Three nested loops, none of them shared with the package: wages outside, prices inside, and for
given wages and prices expenditures as one dense linear system. Unit of account: world value added.
"""

from __future__ import annotations

import numpy as np

from zizhu.model.economy import Economy


def _prices(
    wage: np.ndarray,
    *,
    share: np.ndarray,
    cost_of_trade: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    theta: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Sector prices [k,n] and unit costs [n,j] at given wages, by substitution."""
    price = np.ones(gamma.shape[:2])
    for _ in range(10_000):
        inputs = np.prod(price[:, :, None] ** gamma, axis=0)
        cost = wage[:, None] ** beta * inputs ** (1 - beta)
        landed = cost[:, :, None] * cost_of_trade
        power = -theta[None, :, None]
        new = np.sum(share * landed**power, axis=0) ** (-1 / theta[:, None])
        gap = np.max(np.abs(new / price - 1))
        price = new
        if gap < 1e-14:
            return price, cost
    raise AssertionError("prices did not converge")


def solve(
    economy: Economy, theta: np.ndarray, tariff_change: np.ndarray, deficit_change: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hats of wages [n], sector prices [k,n] and real income [n] after a change of tariffs."""
    share, gamma = np.asarray(economy.origin_shares)[..., 0], np.asarray(economy.input_shares)
    beta, labour = np.asarray(economy.value_added_share), np.asarray(economy.wage_bill)
    mu = np.asarray(economy.final_use_shares)
    alpha = np.einsum("knf,nf->kn", np.asarray(economy.final_sector_shares), mu)
    before, deficit = np.asarray(economy.tariff), np.asarray(economy.deficit) + deficit_change
    regions, sectors = beta.shape
    abroad = (1 - np.eye(regions))[:, None, :]
    after = before + abroad * tariff_change
    cost_of_trade = (1 + after) / (1 + before)

    wage = np.ones(regions)
    for _ in range(5_000):
        price, cost = _prices(
            wage,
            share=share,
            cost_of_trade=cost_of_trade,
            gamma=gamma,
            beta=beta,
            theta=theta,
        )
        landed = cost[:, :, None] * cost_of_trade
        new_share = share * (landed / price[None]) ** (-theta[None, :, None])
        # X[k,n] = alpha[k,n] I[n] + sum_j gamma[k,n,j] (1 - beta[n,j]) R[n,j], where
        # R[n,j] = sum_m pi[n,j,m] X[j,m] / (1 + t), I[n] = w L + D + sum t pi X / (1 + t).
        system = np.eye(sectors * regions).reshape(sectors, regions, sectors, regions)
        net = new_share / (1 + after)
        for n in range(regions):
            inputs = gamma[:, n, :] * (1 - beta[n])[None, :]
            system[:, n] -= np.einsum("kj,jm->kjm", inputs, net[n])
            duty = np.einsum("ik,ik->k", after[:, :, n], net[:, :, n])
            system[:, n, :, n] -= np.outer(alpha[:, n], duty)
        fixed = alpha * (wage * labour + deficit)[None, :]
        size = sectors * regions
        spending = np.linalg.solve(system.reshape(size, size), fixed.ravel())
        spending = spending.reshape(sectors, regions)
        revenue = np.einsum("ikn,kn->ik", net, spending)
        demanded = np.sum(beta * revenue, axis=1) / labour
        new = wage * (demanded / wage) ** 0.25
        new /= np.sum(new * labour) / np.sum(labour)
        gap = np.max(np.abs(new / wage - 1))
        wage = new
        if gap < 1e-12:
            duties = np.einsum("ikn,ikn,kn->n", after, net, spending)
            income = wage * labour + deficit + duties
            index = np.prod(price**alpha, axis=0)
            return wage, price, income / np.asarray(economy.income) / index
    raise AssertionError("wages did not converge")
