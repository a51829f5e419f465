"""R2: the gains from trade in closed form (Arkolakis, Costinot and Rodriguez-Clare 2012).

Derivation, for one region n, with many sectors and input-output links (Cobb-Douglas, pooled
origins, constant returns, no tariffs, no deficits). Hats are autarky over base, logs throughout.

1.  Own share: lambda'_k / lambda_k = (c_k / P_k)^-theta_k as own goods carry no trade cost, and
    lambda'_k = 1 in autarky. Hence ln P_k = ln c_k + g_k with g_k = -ln(lambda_k) / theta_k >= 0.
2.  Unit cost: ln c_j = beta_j ln w + sum_k G_jk ln P_k with G_jk = (1 - beta_j) gamma_kj, the
    share of input k in the cost of j.
3.  Both: (I - G) ln P = beta ln w + g. Since the rows of I - G sum to beta,
    (I - G)^-1 beta = 1 and ln P = ln w + A g with A = (I - G)^-1, a_jk = A[j,k].
4.  Without duties and deficits income is the wage bill, Y' / Y = w, so that
    ln W = ln w - sum_j alpha_j ln P_j = -sum_jk alpha_j a_jk g_k
         = sum_jk (alpha_j a_jk / theta_k) ln lambda_k.

So a_jk is the Leontief inverse of cost shares with users in rows: the transpose of the usual one.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import foreign, random_economy, random_elasticities

from zizhu.errors import NotConverged
from zizhu.model.audit import audit
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import Solution, solve
from zizhu.model.gains import log_autarky
from zizhu.model.shock import NoShock

few = settings(max_examples=12, deadline=None, derandomize=True, database=None)
SEEDS = st.integers(min_value=0, max_value=10_000)


def closed_form(economy: Economy, theta: np.ndarray) -> np.ndarray:
    """Return W_n(autarky) / W_n = prod_jk lambda_nn,k^(alpha_nj a_n,jk / theta_k)."""
    beta, gamma = np.asarray(economy.value_added_share), np.asarray(economy.input_shares)
    mu = np.asarray(economy.final_use_shares)
    alpha = np.einsum("knf,nf->nk", np.asarray(economy.final_sector_shares), mu)
    result = np.empty(economy.regions)
    for n in range(economy.regions):
        own = np.asarray(economy.origin_shares)[n, :, n, 0]
        cost_shares = (1 - beta[n])[:, None] * gamma[:, n, :].T  # user sector, input
        leontief = np.linalg.inv(np.eye(economy.sectors) - cost_shares)
        result[n] = np.exp(alpha[n] @ leontief @ (np.log(own) / theta))
    return result


def autarky(economy: Economy, elasticities: Elasticities, log_cost: float = 15.0) -> Solution:
    """Solve with foreign flows so dear that none is left (theta >= 3: shares below e^-45)."""
    wall = jnp.broadcast_to(foreign(economy)[..., None], economy.origin_shares.shape)
    shock = NoShock.of(economy)._replace(log_iceberg=log_cost * wall)
    solution = solve(economy, elasticities, shock)
    assert audit(economy, elasticities, shock, solution).largest < 1e-9
    return solution


@few
@given(seed=SEEDS, links=st.booleans())
def test_autarky_equals_the_closed_form(seed: int, links: bool) -> None:
    economy = random_economy(seed, pooled=True, tariffs=False, zero_deficits=True, links=links)
    elasticities = random_elasticities(seed, scale=False)
    expected = closed_form(economy, np.asarray(elasticities.trade))
    assert np.all(expected < 0.97)
    ours = log_autarky(economy, np.asarray(elasticities.trade)).with_intermediates
    np.testing.assert_allclose(np.exp(ours), expected, rtol=1e-12)
    found = np.exp(np.asarray(autarky(economy, elasticities).log_real_income))
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_conditions_matter() -> None:
    """Tariffs, other nests or scale economies: the formula is no longer the answer."""
    plain = {"pooled": True, "tariffs": False, "zero_deficits": True}
    variants = [
        ({**plain, "tariffs": True}, {"scale": False}),
        (plain, {"scale": False, "inputs": 0.5, "final": 2.0}),
        (plain, {"scale": True}),
    ]
    for economy_options, elasticity_options in variants:
        economy = random_economy(2, **economy_options)
        elasticities = random_elasticities(2, **elasticity_options)
        expected = closed_form(economy, np.asarray(elasticities.trade))
        found = np.exp(np.asarray(autarky(economy, elasticities).log_real_income))
        assert np.max(np.abs(found / expected - 1)) > 1e-4  # the formula is good to 1e-6


def test_there_is_no_autarky_with_deficits() -> None:
    """A transfer that must go through a wall has no equilibrium: never a number."""
    economy = random_economy(2, pooled=True, tariffs=False)
    with pytest.raises(NotConverged):
        autarky(economy, random_elasticities(2, scale=False))
