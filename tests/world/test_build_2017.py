"""The builder of the shipped world."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zizhu.errors import WorldError
from zizhu.laboratory import world_hash
from zizhu.world.build_2017 import SOURCE_FILE, build, ras
from zizhu.world.catalogue import DATA_VARIABLE

CELLS = arrays(float, (4, 3), elements=st.floats(0.1, 10))


def data_folder() -> Path:
    """The folder with the project's tables, or a reason to skip."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get(DATA_VARIABLE) or beside)
    if not (folder / SOURCE_FILE).is_file():
        if os.environ.get("CI") and folder.is_dir():
            pytest.fail(f"{SOURCE_FILE} is not in the data folder")
        pytest.skip(f"{SOURCE_FILE} is not here: set {DATA_VARIABLE}")
    return folder


@given(start=CELLS, target=CELLS)
def test_ras_reaches_margins_by_scaling_rows_and_columns(start, target):
    rows, columns = target.sum(axis=1), target.sum(axis=0)
    kept = start.copy()
    found = ras(start, rows, columns)
    np.testing.assert_array_equal(start, kept)
    np.testing.assert_allclose(found.sum(axis=1), rows, rtol=1e-9)
    np.testing.assert_allclose(found.sum(axis=0), columns, rtol=1e-9)
    # Biproportional: every two-by-two cross ratio is the start's.
    ratio = np.log(found / start)
    cross = ratio - ratio[:1] - ratio[:, :1] + ratio[0, 0]
    np.testing.assert_allclose(cross, 0, atol=1e-8)


def test_ras_refuses_what_cannot_be_reached():
    with pytest.raises(WorldError, match="rows sum to 2 and columns to 3"):
        ras(np.ones((2, 2)), np.ones(2), np.array([1.0, 2.0]))
    start = np.array([[1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(WorldError, match="margins not reached"):
        ras(start, np.array([1.0, 2.0]), np.array([2.0, 1.0]), most_iterations=50)


def test_missing_source(tmp_path):
    with pytest.raises(WorldError, match=rf"{SOURCE_FILE} is not in"):
        build(tmp_path)


def test_rebuild_equals_the_shipped_world(world):
    built = build(data_folder())
    for table in ("intermediate", "final", "value_added", "taxes", "tariff"):
        np.testing.assert_array_equal(getattr(built, table), getattr(world, table), err_msg=table)
    assert built.notes == world.notes
    assert world_hash(built) == world_hash(world)


def test_trade_and_tariffs_are_the_source_s(world):
    with np.load(data_folder() / SOURCE_FILE) as data:
        np.testing.assert_allclose(world.flows, data["trade"], rtol=1e-10)
        np.testing.assert_array_equal(world.tariff, data["tariff_prewar"])
        share = world.value_added + world.taxes
        duty = np.einsum("iknj,ikn->nj", world.intermediate, world.tariff)
        np.testing.assert_allclose(world.taxes, duty, rtol=1e-10)
        np.testing.assert_allclose(
            (share - world.taxes) / world.output, data["va_share"], rtol=1e-8
        )
