"""`zz.gains_from_trade`: closed form by region, its conditions, and the solver beside it."""

from __future__ import annotations

import numpy as np
import pytest

import zizhu as zz
from zizhu.errors import WorldError
from zizhu.replications.gains_from_trade.table import chapter_table


def test_closed_form_and_solver_agree(world):
    found = zz.gains_from_trade(world, "lashkaripour-lugovskyy", rebase=True, solver=True)
    gap = np.abs(found.solver - found.with_intermediates)
    assert float(gap.max()) < 1e-4  # percentage points: a millionth of real income
    assert float(found.with_intermediates.min()) > 1
    assert found.solver.attrs["units"] == "percent"


def test_measured_shares_say_how_far_they_are_from_the_conditions(world):
    found = zz.gains_from_trade(world)
    assert "tariffs raise up to" in found.attrs["notes"]
    assert "deficits or surpluses reach" in found.attrs["notes"]
    rebased = zz.gains_from_trade(world, rebase=True)
    assert float(np.abs(rebased.with_intermediates - found.with_intermediates).max()) > 0.01
    with pytest.raises(WorldError, match=r"solver needs a world without tariffs .* rebase=True"):
        zz.gains_from_trade(world, solver=True)


def test_one_sector_is_home_share_to_the_power_of_one_over_theta():
    world = chapter_table()
    flows = world.flows
    home = np.einsum("nkn->n", flows) / flows.sum(axis=(0, 1))
    found = zz.gains_from_trade(world, 4.0, one_sector_elasticity=8.0)
    np.testing.assert_allclose(found.one_sector, 100 * (1 - home ** (1 / 8)), rtol=1e-12)


def test_a_region_without_a_home_supplier_has_no_number():
    found = zz.gains_from_trade("2022", regions=["SGP", "CHN"])
    assert list(found.region.values) == ["SGP", "CHN"]
    assert np.isnan(float(found.with_intermediates.sel(region="SGP")))
    assert float(found.with_intermediates.sel(region="CHN")) > 0
    assert "SGP has no home supplier in B05_06, B07_08, B09" in found.attrs["notes"]
    with pytest.raises(WorldError, match="no home supplier in B05_06, where autarky has no price"):
        zz.gains_from_trade("2022", rebase=True, solver=True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"regions": "ATL"}, "regions: 'ATL' is not in world"),
        ({"regions": []}, "regions: nothing is named"),
        ({"elasticities": {"C26": 5.0}}, r"elasticities: sector .* has none; give one for each"),
        ({"elasticities": {"C99": 5.0}}, "elasticities: sector 'C99' is not in world"),
        ({"elasticities": [5.0, 4.0]}, "2 values found; one, or one for each of the"),
        ({"elasticities": 0.0}, "elasticities: 0 found in sector .*; it must be above 0"),
        ({"one_sector_elasticity": -1.0}, "one_sector_elasticity: -1 found"),
    ],
)
def test_bad_input_is_one_sentence(world, options, words):
    with pytest.raises(WorldError, match=words):
        zz.gains_from_trade(world, **options)
