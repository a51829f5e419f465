"""What autarky costs, in closed form: home shares and trade elasticities are enough.

Arkolakis, Costinot and Rodriguez-Clare (2012), American Economic Review 102(1); many sectors and
input-output links as in Costinot and Rodriguez-Clare (2014), Handbook of International Economics 4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from zizhu.model.economy import Economy


class LogAutarky(NamedTuple):
    """ln of real income in autarky over the base [n]; minus infinity where a home supplier lacks.

    one_sector          (1/theta) ln lambda_nn, one elasticity, home's share of all spending
    many_sectors        sum_k alpha_nk ln(lambda_nn,k) / theta_k, no inputs
    with_intermediates  sum_jk alpha_nj a_n,jk ln(lambda_nn,k) / theta_k
    """

    one_sector: Float[np.ndarray, " n"]
    many_sectors: Float[np.ndarray, " n"]
    with_intermediates: Float[np.ndarray, " n"]


def log_autarky(
    economy: Economy, theta: Float[np.ndarray, " k"], one_theta: float = 5.0
) -> LogAutarky:
    """The move to autarky in closed form, W_n(autarky)/W_n, in logs.

    lambda_nn,k is the part of n's spending on k that stays at home, alpha_nk the share of k in
    final spending, and a_n the Leontief inverse of cost shares with users in rows. Exact for
    Cobb-Douglas nests, origins common to all uses, constant returns, no taxes and no deficits.
    Raises `ValueError` for an economy whose origins differ by use.
    """
    if not economy.pooled:
        raise ValueError("origins must be common to all uses: pool them first")
    here = np.arange(economy.regions)
    own = np.asarray(economy.origin_shares)[here, :, here, 0]
    beta, gamma = np.asarray(economy.value_added_share), np.asarray(economy.input_shares)
    mu = np.asarray(economy.final_use_shares)
    alpha = np.einsum("knf,nf->nk", np.asarray(economy.final_sector_shares), mu)
    spent = np.asarray(economy.spending()).sum(axis=2).T
    cost_shares = (1 - beta)[:, :, None] * gamma.transpose(1, 2, 0)  # n, user sector, input
    # Each row: what one unit of final spending on a sector uses of every sector, in all.
    used = np.linalg.solve(
        np.eye(economy.sectors) - cost_shares.transpose(0, 2, 1), alpha[:, :, None]
    )[..., 0]
    home = (own * spent).sum(axis=1) / spent.sum(axis=1)
    with np.errstate(divide="ignore"):
        log_own = np.log(own) / theta
        alone = np.log(home) / one_theta

    def weighted(weights: Float[np.ndarray, "n k"]) -> Float[np.ndarray, " n"]:
        # What is not used has no weight, whoever would supply it.
        return np.asarray(
            np.where(weights > 0, weights * np.where(weights > 0, log_own, 0), 0).sum(1)
        )

    return LogAutarky(np.asarray(alone), weighted(alpha), weighted(used))
