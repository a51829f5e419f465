"""The two sides of the accounts benchmark give the same indicators, on a small table."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import leontief


@pytest.mark.parametrize(("regions", "sectors"), [(5, 4), (3, 11)])
def test_indicators_agree_with_pymrio(tmp_path: Path, regions: int, sectors: int) -> None:
    leontief.write_table(tmp_path, regions, sectors)
    assert leontief.agreement(tmp_path) < 1e-9


@pytest.mark.parametrize("who", ["pymrio", "zizhu"])
def test_measures(tmp_path: Path, who: str) -> None:
    leontief.write_table(tmp_path, 3, 4)
    found = leontief.measure(who, tmp_path)
    assert found["seconds"] > 0
    assert found["peak"] >= found["loaded"] > 0
