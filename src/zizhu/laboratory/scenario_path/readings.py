"""Indicators of a path that need its records, not only its dataset."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zizhu.indicators.partners import partners
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.indicators.path_circulation import path_circulation
from zizhu.indicators.path_content import chain_content
from zizhu.laboratory.path.run import Path


def partners_of(path: Path, region: str) -> xr.Dataset:
    """Who gains, and what each partner's producers sell in a region: see `partners`."""
    income = np.asarray(path.case.base.economy.income)
    return partners(path.record, path.baseline, income, path.case.labels, region)


def circulation_of(path: Path) -> xr.Dataset:
    """Dual circulation in every year of both runs: see `path_circulation`."""
    return path_circulation(path.record, path.baseline, path.case.labels)


def origins(path: Path) -> xr.DataArray:
    """Whose value is in what regions buy at the end of chains: see `chain_content`."""
    case, runs = path.case, {SCENARIO: path.record, BASELINE: path.baseline}
    technology, names = case.base.technology, case.chains.names
    return chain_content(runs, technology, case.years, case.world.regions, names)
