"""The paths that are timed have the sizes that their names say."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import paths


@pytest.mark.parametrize("name", list(paths.WORLDS))
def test_paths_are_as_large_as_they_say(name: str) -> None:
    try:
        given = paths.setup(name)
    except paths.UnavailableError as error:
        pytest.skip(str(error))
    case = given.case
    assert "x".join(map(str, case.base.economy.cost.shape)) == name
    assert len(case.years) == paths.YEARS
    assert {len(values) for values in given.wedges} == {paths.YEARS}
    first, second = paths.varied_rates(given, 2)
    assert first.knowledge.diffusion != second.knowledge.diffusion
    np.testing.assert_array_equal(first.factors.depreciation, second.factors.depreciation)
