"""The rule for negative final uses."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zizhu.world import remove_negative_uses


def _tables(seed: int, negatives: int):
    rng = np.random.default_rng(seed)
    intermediate = rng.uniform(0, 1, size=(4, 4))
    final = rng.uniform(3, 5, size=(4, 3))
    for row in range(negatives):
        final[row, 2] = -rng.uniform(0.1, 1)
    output = intermediate.sum(axis=1) + final.sum(axis=1)
    taxes = 0.02 * output
    return intermediate, final, output - intermediate.sum(axis=0) - taxes, taxes


@given(st.integers(0, 1000), st.integers(1, 4))
def test_rebuilt_table_balances_with_the_same_cost_shares(seed, negatives):
    z, f, va, taxes = _tables(seed, negatives)
    z1, f1, va1, taxes1, removed = remove_negative_uses(z, f, va, taxes)
    assert (f1 >= 0).all()
    np.testing.assert_array_equal(f1[f >= 0], f[f >= 0])
    by_use = z1.sum(axis=1) + f1.sum(axis=1)
    np.testing.assert_allclose(z1.sum(axis=0) + va1 + taxes1, by_use, rtol=1e-10)
    output = z.sum(axis=1) + f.sum(axis=1)
    np.testing.assert_allclose(z1 / by_use, z / output, rtol=1e-10)
    np.testing.assert_allclose(va1 / by_use, va / output, rtol=1e-10)
    np.testing.assert_allclose(removed, -f[f < 0].sum() / f1.sum(), rtol=1e-12)
    # What ran down inventories is produced instead.
    assert by_use.sum() > output.sum()


def test_nothing_negative_changes_nothing():
    tables = _tables(3, 0)
    *same, removed = remove_negative_uses(*tables)
    assert removed == 0.0
    for before, after in zip(tables, same, strict=True):
        assert after is before
