"""The published nested-loop algorithm and our solver find the same equilibrium."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import nested_loop
from benchmarks.worlds import synthetic
from zizhu.model import Elasticities
from zizhu.model.equilibrium import solve


@pytest.mark.parametrize("seed", [3, 4])
def test_same_wages_and_real_wages(seed: int) -> None:
    case = synthetic(scale=False, regions=4, sectors=6, seed=seed)
    theta, change = np.asarray(case.elasticities.trade), np.asarray(case.shock.tariff)
    ours = solve(case.economy, case.elasticities, case.shock)
    published = nested_loop.solve(case.economy, theta, change)
    assert np.abs(published.log_real_wage).max() > 1e-3
    np.testing.assert_allclose(published.log_wage, ours.log_wage, atol=1e-7)
    real_wage = ours.log_wage - ours.log_final_price
    np.testing.assert_allclose(published.log_real_wage, real_wage, atol=1e-7)


def test_separate_origins_are_refused() -> None:
    case = synthetic(scale=False, regions=3, sectors=4)
    with pytest.raises(ValueError, match="pool them first"):
        nested_loop.solve(case.economy.separate_origins(), np.ones(4), np.zeros((3, 4, 3)))


def test_scale_economies_are_within_their_range() -> None:
    case = synthetic(scale=True, regions=3, sectors=4)
    assert isinstance(case.elasticities, Elasticities)
    product = np.asarray(case.elasticities.scale * case.elasticities.trade)
    assert product.min() > 0.1
    assert product.max() <= 0.9
