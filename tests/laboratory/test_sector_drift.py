"""Sectors drift around their region: closed forms, and what stays where it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zizhu.errors import ScenarioError
from zizhu.laboratory.path.sectors import Measured, advantage_path, measured_on, sector_drift
from zizhu.parameters import values
from zizhu.world import World, open_world

_RNG = np.random.default_rng(3)
_STILL = {
    "sector_reversion": 0.0,
    "sector_momentum": 0.0,
    "sector_fade": 0.8,
    "sector_shock": 0.0,
    "level_trade_elasticity": 4.0,
}
_THETA = np.array([2.0, 4.0, 8.0, 5.0])


def measured() -> Measured:
    """Three regions, three goods and a service that is not measured."""
    known = np.ones((3, 4), dtype=bool)
    known[:, 3] = False
    level, change = _RNG.normal(size=(2, 3, 4)) * known
    return Measured(level, change, known)


def drift(given: Measured, **changes: float) -> np.ndarray:
    return sector_drift(given, 10, {**_STILL, **changes}, _THETA, _RNG.uniform(1, 2, (3, 4)))


def test_nothing_moves_without_reversion_and_momentum():
    assert not drift(measured()).any()


def test_reversion_and_momentum_have_closed_forms():
    given = measured()
    fallen = advantage_path(given, 10, {**_STILL, "sector_reversion": 0.1})
    np.testing.assert_allclose(fallen[9], 0.9**9 * given.level)
    risen = advantage_path(given, 10, {**_STILL, "sector_momentum": 0.5})
    total = 0.5 * (1 - 0.8**9) / (1 - 0.8)
    np.testing.assert_allclose(risen[9], given.level + total * given.change)


def test_the_region_keeps_its_trend_and_services_stay():
    given, weights = measured(), _RNG.uniform(1, 2, (3, 4))
    found = sector_drift(
        given, 10, {**_STILL, "sector_reversion": 0.1, "sector_momentum": 0.5}, _THETA, weights
    )
    assert not found[0].any()
    assert not found[:, :, 3].any()
    np.testing.assert_allclose(np.einsum("tnk,nk->tn", found, weights), 0.0, atol=1e-12)
    assert np.abs(found[9, :, :3]).min() > 1e-4


def test_advantages_are_divided_by_the_elasticity_or_its_least():
    given, weights = measured(), np.zeros((3, 4))
    # All weight on the last good, so that the others' drift is relative to it.
    weights[:, 2] = 1.0
    found = sector_drift(given, 2, {**_STILL, "sector_reversion": 0.1}, _THETA, weights)[1]
    moved = -0.1 * given.level / np.array([4.0, 4.0, 8.0, 5.0])
    np.testing.assert_allclose(found[:, :3], (moved - moved[:, 2:3])[:, :3])


def test_shocks_add_up():
    given = measured()
    shocks = _RNG.normal(size=(10, 3, 4))
    path = advantage_path(given, 10, {**_STILL, "sector_shock": 0.5}, shocks)
    np.testing.assert_allclose(
        path[9] - path[0], 0.5 * shocks[1:].sum(axis=0) * given.known, atol=1e-12
    )
    with pytest.raises(ScenarioError, match=r"shocks of shape \(10, 3, 4\) found"):
        advantage_path(given, 9, _STILL, shocks)


@pytest.fixture(scope="module")
def shipped() -> World:
    return open_world("2022")


def test_the_shipped_world_is_measured_in_goods_only(shipped):
    found = measured_on(shipped)
    goods = [sector[0] in "ABC" for sector in shipped.sectors]
    assert not found.known[:, ~np.array(goods)].any()
    assert found.known[:, goods].mean() > 0.8
    # A year that the table does not have is not measured, and stays.
    assert not measured_on(replace(shipped, year=2005)).known.any()


def test_no_sector_runs_away(shipped):
    """Thirteen years ahead move less than thirteen years moved: most of the past is noise."""
    output = shipped.intermediate.sum((2, 3)) + shipped.final.sum((2, 3))
    found = sector_drift(
        measured_on(shipped), 14, values(), np.full(len(shipped.sectors), 5.0), output
    )
    weighted = np.sqrt((output * found[-1] ** 2).sum() / output.sum())
    assert 0.001 < weighted < 0.03
    assert np.abs(found[-1]).max() < 0.15
