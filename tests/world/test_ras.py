"""Scaling to margins: reached, nearest to the start, and refused when it cannot be."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zizhu.errors import WorldError
from zizhu.world.ras import Margin, fit

CELLS = arrays(float, (4, 3), elements=st.floats(0.1, 10))
CUBES = arrays(float, (3, 4, 2), elements=st.floats(0.1, 10))


def rows_and_columns(target: np.ndarray) -> list[Margin]:
    """The two exact margins of a matrix."""
    return [
        Margin("rows", (0,), target.sum(axis=1)),
        Margin("columns", (1,), target.sum(axis=0)),
    ]


def plain_ras(start: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The textbook's alternation."""
    table = start.copy()
    for _ in range(5_000):
        table *= (rows / table.sum(axis=1))[:, None]
        table *= columns / table.sum(axis=0)
    return table


def test_two_by_two_in_closed_form():
    """All margins 1: the diagonal is sqrt(r) / (1 + sqrt(r)) of it, r the start's cross-ratio."""
    start = np.array([[3.0, 1.0], [2.0, 6.0]])
    root = np.sqrt(3.0 * 6.0 / (1.0 * 2.0))
    found = fit(start, rows_and_columns(np.full((2, 2), 0.5)))
    diagonal = root / (1 + root)
    wanted = [[diagonal, 1 - diagonal], [1 - diagonal, diagonal]]
    np.testing.assert_allclose(found.table, wanted, rtol=1e-10)
    assert max(found.gaps.values()) < 1e-10


@given(start=CELLS, target=CELLS)
def test_margins_are_reached_with_the_cross_ratios_of_the_start(start, target):
    kept = start.copy()
    found = fit(start, rows_and_columns(target)).table
    np.testing.assert_array_equal(start, kept)
    np.testing.assert_allclose(found.sum(axis=1), target.sum(axis=1), rtol=1e-9)
    np.testing.assert_allclose(found.sum(axis=0), target.sum(axis=0), rtol=1e-9)
    ratio = np.log(found / start)
    cross = ratio - ratio[:1] - ratio[:, :1] + ratio[0, 0]
    np.testing.assert_allclose(cross, 0, atol=1e-8)


def test_the_same_as_plain_ras():
    rng = np.random.default_rng(4)
    start, target = rng.uniform(0.1, 5, (2, 6, 5))
    found = fit(start, rows_and_columns(target))
    wanted = plain_ras(start, target.sum(axis=1), target.sum(axis=0))
    np.testing.assert_allclose(found.table, wanted, rtol=1e-9)


@given(start=CUBES, target=CUBES)
def test_three_margins_of_a_cube(start, target):
    """Two faces and one line, exact: the ratio to the start is a product of their factors."""
    margins = [
        Margin("front", (0, 1), target.sum(axis=2)),
        Margin("side", (1, 2), target.sum(axis=0)),
        Margin("line", (0,), target.sum(axis=(1, 2))),
    ]
    found = fit(start, margins)
    for margin in margins:
        np.testing.assert_allclose(margin.sums(found.table), margin.target, rtol=1e-9)
    # Given the second index, the ratio is a product of one of the first and one of the third.
    ratio = np.log(found.table / start)
    cross = ratio - ratio[:1] - ratio[..., :1] + ratio[:1, :, :1]
    np.testing.assert_allclose(cross, 0, atol=1e-8)


def test_grouped_margin():
    """One sum over two groups of rows, by column: each block is scaled by one number."""
    rng = np.random.default_rng(5)
    start = rng.uniform(1, 2, (4, 3))
    groups = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]])
    target = rng.uniform(1, 2, (2, 3))
    found = fit(start, [Margin("blocks", (0, 1), target, {0: groups})]).table
    np.testing.assert_allclose(groups.T @ found, target, rtol=1e-12)
    np.testing.assert_allclose(found, start * (groups @ (target / (groups.T @ start))))


@pytest.mark.parametrize("weight", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_a_fitted_margin_moves_by_its_weight(weight):
    """One margin alone: the sum is start^(1-w) target^w."""
    start = np.array([[1.0, 3.0], [2.0, 2.0]])
    target = np.array([8.0, 2.0])
    found = fit(start, [Margin("rows", (0,), target, weight=weight)])
    wanted = start.sum(axis=1) ** (1 - weight) * target**weight
    np.testing.assert_allclose(found.table.sum(axis=1), wanted, rtol=1e-10)
    if weight == 0:
        np.testing.assert_array_equal(found.table, start)


def test_a_fitted_margin_beside_an_exact_one():
    """The exact one is reached; the other comes nearer the larger its weight."""
    rng = np.random.default_rng(6)
    start, target = rng.uniform(0.5, 2, (2, 4, 4))
    columns = Margin("columns", (1,), start.sum(axis=0))
    gaps = []
    for weight in (0.0, 0.3, 0.6, 0.9):
        rows = Margin("rows", (0,), target.sum(axis=1), weight=weight)
        found = fit(start, [rows, columns])
        np.testing.assert_allclose(found.table.sum(axis=0), start.sum(axis=0), rtol=1e-9)
        gaps.append(found.gaps["rows"])
    # To rounding: past some weight the exact margin leaves nothing more to win.
    assert all(more <= less * (1 + 1e-12) for less, more in pairwise(gaps))
    assert gaps[-1] < 0.8 * gaps[0]


def test_fitted_margin_is_the_least_of_its_objective():
    """No small change of the answer lowers relative entropy plus the weighted miss."""
    rng = np.random.default_rng(7)
    start = rng.uniform(0.5, 2, (3, 3))
    target, weight = rng.uniform(2, 6, 3), 0.7
    found = fit(start, [Margin("rows", (0,), target, weight=weight)]).table
    rho = weight / (1 - weight)

    def miss(table):
        rows = table.sum(axis=1)
        near = (table * np.log(table / start) - table + start).sum()
        return near + rho * (rows * np.log(rows / target) - rows + target).sum()

    for _ in range(50):
        assert miss(found * np.exp(1e-3 * rng.standard_normal(found.shape))) > miss(found)


def test_a_target_that_follows_from_the_table():
    """Columns are a share of the rows of the same number, as inputs are of sales."""
    rng = np.random.default_rng(8)
    start, share = rng.uniform(1, 2, (3, 4)), np.array([0.3, 0.5, 0.6])
    sales = np.array([10.0, 20.0, 30.0])

    def wanted(table):
        return np.append(share * table.sum(axis=1), np.nan)

    found = fit(start, [Margin("inputs", (1,), wanted), Margin("sales", (0,), sales)])
    np.testing.assert_allclose(found.table.sum(axis=1), sales, rtol=1e-9)
    np.testing.assert_allclose(found.table[:, :3].sum(axis=0), share * sales, rtol=1e-9)
    assert found.gaps["inputs"] < 1e-9


def test_not_a_number_leaves_a_cell_free():
    start = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = fit(start, [Margin("rows", (0,), np.array([6.0, np.nan]))])
    np.testing.assert_allclose(found.table, [[2.0, 4.0], [3.0, 4.0]])
    assert found.gaps["rows"] < 1e-12


def test_zeros_stay_zero_and_a_target_of_zero_empties():
    start = np.array([[0.0, 2.0, 1.0], [3.0, 4.0, 1.0]])
    found = fit(start, [Margin("columns", (1,), np.array([5.0, 3.0, 0.0]))]).table
    assert found[0, 0] == 0
    np.testing.assert_allclose(found.sum(axis=0), [5.0, 3.0, 0.0])


def test_contradictions_are_refused():
    cells = np.ones((2, 2))
    two, three = np.ones(2), np.array([1.0, 2.0])
    with pytest.raises(WorldError, match=r"margin columns is off|margin rows is off") as error:
        fit(cells, [Margin("rows", (0,), two), Margin("columns", (1,), three)], most_passes=200)
    assert "the exact margins contradict each other" in str(error.value)
    # Totals agree, but zeros leave no way to reach them.
    diagonal = np.array([[1.0, 0.0], [0.0, 1.0]])
    crossed = [Margin("rows", (0,), three), Margin("columns", (1,), three[::-1])]
    with pytest.raises(WorldError, match="factors still change"):
        fit(diagonal, crossed, most_passes=200)


def test_what_else_is_refused():
    with pytest.raises(WorldError, match=r"margin rows: 2 is wanted at cell \(1,\) where"):
        fit(np.array([[1.0], [0.0]]), [Margin("rows", (0,), np.array([1.0, 2.0]))])
    with pytest.raises(WorldError, match=r"margin rows: target has shape \(3,\), \(2,\) is right"):
        fit(np.ones((2, 2)), [Margin("rows", (0,), np.ones(3))])


def test_progress_is_told():
    seen = []
    rng = np.random.default_rng(9)
    start, target = rng.uniform(1, 2, (2, 3, 3))
    found = fit(start, rows_and_columns(target), progress=lambda *step: seen.append(step))
    assert [number for number, _ in seen] == list(range(1, found.passes + 1))
    assert seen[-1][1] < 1e-11
