"""The cases that are timed have the sizes that their names say."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.worlds import CASES
from zizhu.model.audit import audit
from zizhu.model.equilibrium import solve


@pytest.mark.parametrize("name", ["7x38", "29x38"])
def test_shipped_worlds(name: str) -> None:
    case = CASES[name]()
    assert case.name == name
    assert "x".join(map(str, case.economy.cost.shape)) == name
    assert np.count_nonzero(case.shock.tariff) == 2 * 24  # goods, both directions
    solution = solve(case.economy, case.elasticities, case.shock)
    assert audit(case.economy, case.elasticities, case.shock, solution).largest < 1e-9
    assert solution.log_real_income.min() < -1e-3
