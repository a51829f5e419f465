"""The rules for negative cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from calibration_2017 import data_folder
from hypothesis import given
from hypothesis import strategies as st

from zizhu.errors import WorldError
from zizhu.world import from_pymrio, lift_negatives, remove_negative_uses
from zizhu.world.negatives import negative_cells


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


def _balanced(seed: int):
    rng = np.random.default_rng(seed)
    z = rng.uniform(0.2, 1.0, size=(6, 6))
    f = rng.uniform(4, 6, size=(6, 3))
    x = z.sum(axis=1) + f.sum(axis=1)
    taxes = 0.02 * x
    return z, f, x - z.sum(axis=0) - taxes, taxes


@given(st.integers(0, 500))
def test_lifting_only_final_uses_is_the_older_rule(seed):
    z, f, va, taxes = _tables(seed, 3)
    lifted = lift_negatives(z, f, va, taxes)
    z1, f1, va1, taxes1, removed = remove_negative_uses(z, f, va, taxes)
    np.testing.assert_allclose(lifted.intermediate, z1, rtol=1e-10)
    np.testing.assert_allclose(lifted.final, f1, rtol=1e-12)
    np.testing.assert_allclose(lifted.value_added, va1, rtol=1e-10)
    np.testing.assert_allclose(lifted.taxes, taxes1, rtol=1e-10)
    assert (lifted.cells, lifted.zeroed) == (0, 0.0)
    np.testing.assert_allclose(lifted.uses * (z.sum() + f.sum()), removed * f1.sum(), rtol=1e-10)


@given(st.integers(0, 500))
def test_lifted_tables_balance_with_the_cost_shares_that_are_left(seed):
    """A negative sale, inputs above output, and a producer that sells and makes nothing."""
    z, f, va, taxes = _balanced(seed)
    z[0, 1] = -0.3
    z[:, 2] *= 20
    f[3, 2] -= z[3].sum() + f[3].sum()
    z[:, 3], taxes[3] = 0.0, 0.0
    f[3, 2] -= z[3].sum() + f[3].sum()
    x = z.sum(axis=1) + f.sum(axis=1)
    va = x - z.sum(axis=0) - taxes
    assert va[2] < 0
    assert abs(x[3]) < 1e-9
    lifted = lift_negatives(z, f, np.where(np.abs(va) < 1e-9, 0.0, va), taxes)
    by_use = lifted.intermediate.sum(axis=1) + lifted.final.sum(axis=1)
    by_cost = lifted.intermediate.sum(axis=0) + lifted.value_added + lifted.taxes
    np.testing.assert_allclose(by_cost, by_use, rtol=1e-10)
    assert min(lifted.intermediate.min(), lifted.final.min(), lifted.value_added.min()) >= 0
    # Columns without negative cells keep their cost shares; the third has inputs only, and the
    # fourth, of which no input is known, has value added only.
    for j in (0, 4, 5):
        np.testing.assert_allclose(lifted.intermediate[:, j] / by_use[j], z[:, j] / x[j], rtol=1e-9)
    np.testing.assert_allclose(
        lifted.intermediate[:, 2] / by_use[2], z[:, 2] / (z[:, 2].sum() + taxes[2]), rtol=1e-9
    )
    assert lifted.value_added[2] == 0
    np.testing.assert_allclose(lifted.value_added[3], by_use[3], rtol=1e-12)
    assert lifted.cells == 2
    np.testing.assert_allclose(lifted.moved, np.abs(by_use - x).sum() / np.abs(x).sum(), rtol=1e-9)


def test_all_cells_are_named_a_handful_in_full():
    z, f, va, _ = _balanced(1)
    names = [f"R{at} S" for at in range(6)]
    assert negative_cells(z, f, va, names) == ""
    z[0, :] = -0.5
    text = negative_cells(z, f, va, names)
    assert text.startswith("6 cells of ")
    assert text.endswith("; and 2 more")
    assert text.count("sales of R0 S to") == 4


@pytest.mark.parametrize("year", [1995, 2008, 2011])
def test_wiod_is_read_with_one_setting(year):
    """Tables rounded to whole millions have a few columns whose inputs exceed their output."""
    pymrio = pytest.importorskip("pymrio")
    path = data_folder(f"wiod2013/wiod2013_{year}.npz") / "wiod2013" / f"wiod2013_{year}.npz"
    with np.load(path) as data:
        countries, sectors = [str(c) for c in data["countries"]], [str(s) for s in data["sectors"]]
        uses = [str(use) for use in data["final_uses"]]
        z, f = data["Z"].astype(float), data["F"].astype(float)
    cells = pd.MultiIndex.from_product([countries, sectors])
    system = pymrio.IOSystem(
        Z=pd.DataFrame(z, index=cells, columns=cells),
        Y=pd.DataFrame(f, index=cells, columns=pd.MultiIndex.from_product([countries, uses])),
        unit=pd.DataFrame({"unit": "millions of US$"}, index=cells),
    )
    with pytest.raises(WorldError, match=r"cells of .*LUX 19.* negatives='zero'"):
        from_pymrio(system)
    world = from_pymrio(system, year=year, negatives="zero")
    assert all(identity.holds for identity in world.identities())
    # The published output of these columns is a few millions; the world's moves with inventories.
    x = z.sum(axis=1) + f.sum(axis=1)
    assert abs(world.output.sum() / x.sum() - 1) < 0.005
    assert world.isic["C"] == (5, 6, 7, 8, 9)
    assert any("before that, " in note and "LUX 19" in note for note in world.notes)
