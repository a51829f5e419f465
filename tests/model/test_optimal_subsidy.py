"""R3: s = psi / (1 + psi) everywhere is efficient under composite-input scale, links or not."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from worlds import random_economy, random_elasticities, reverse

from zizhu.model.audit import audit
from zizhu.model.equilibrium import solve
from zizhu.model.shock import NoShock

NESTS = {"inputs": 0.6, "value_added": 0.8, "final": 1.5}


def subsidy_gradient(
    seed: int, *, links: bool, factor: float = 1.0, **options: object
) -> np.ndarray:
    """Gradient of sum_n Y'_n ln W_n over world income in every s[n,j], Y' frozen at the point.

    The point is s = factor * psi / (1 + psi) in every region.
    """
    economy = random_economy(seed, tariffs=False, zero_deficits=True, links=links)
    elasticities = random_elasticities(seed, **options)
    rate = factor * elasticities.scale / (1.0 + elasticities.scale)
    shock = NoShock.of(economy)._replace(subsidy=jnp.broadcast_to(rate, economy.cost.shape))
    solution = solve(economy, elasticities, shock)
    assert audit(economy, elasticities, shock, solution).largest < 1e-9
    weights = solution.income / jnp.sum(solution.income)
    return np.asarray(reverse(economy, elasticities, shock, weights)[1].subsidy)


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("nests", [{}, NESTS], ids=["cobb-douglas", "ces"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gradient_is_zero_at_the_optimum(seed: int, nests: dict[str, float], links: bool) -> None:
    assert np.max(np.abs(subsidy_gradient(seed, links=links, **nests))) < 1e-8


@pytest.mark.parametrize("links", [True, False])
def test_gradient_is_not_zero_elsewhere(links: bool) -> None:
    """Too little and too much: the slopes have opposite signs along the direction of psi."""
    direction = np.asarray(random_elasticities(0).scale)
    low = subsidy_gradient(0, links=links, factor=0.5) @ direction
    high = subsidy_gradient(0, links=links, factor=1.5) @ direction
    assert low.sum() > 1e-4
    assert high.sum() < -1e-4


def test_labour_only_scale_with_links_is_another_optimum() -> None:
    """With links the scale of labour alone is distorted still; without links both are the same."""
    wrong = subsidy_gradient(0, links=True, scale_variable="labour")
    assert np.max(np.abs(wrong)) > 1e-3
    same = subsidy_gradient(0, links=False, scale_variable="labour")
    assert np.max(np.abs(same)) < 1e-8
