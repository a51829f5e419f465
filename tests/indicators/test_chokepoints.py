"""The ranking of chokepoints: its parts, its weights and how far they decide it."""

from __future__ import annotations

import numpy as np
import pytest
from account_worlds import random_world

from zizhu.errors import ParameterError, WorldError
from zizhu.indicators import chokepoints
from zizhu.indicators.chokepoints import weight_grid
from zizhu.parameters import regime

COMPONENTS = ("loss", "concentration", "substitution")


@pytest.fixture
def found():
    return chokepoints(random_world(1), "R2", elasticities="uniform")


def foreign(variable):
    return variable.drop_sel(supplier="R2")


def test_loss_is_output_that_final_demand_needs():
    table = random_world(1)
    size = table.output.size
    system = np.eye(size) - (table.intermediate / table.output).reshape(size, size)
    demand = table.final[:, :, 2].sum(axis=2)
    needed = 100 * np.linalg.solve(system, demand.ravel()).reshape(demand.shape) / demand.sum()
    found = chokepoints(table, "R2", elasticities="uniform")
    others = [0, 1, 3]
    np.testing.assert_allclose(foreign(found.loss), needed[others], rtol=1e-9)
    assert np.isnan(found.loss.sel(supplier="R2")).all()
    share = needed[others] / needed[others].sum(axis=0)
    np.testing.assert_allclose(foreign(found.concentration), share, rtol=1e-9)


def test_first_order_loss_is_the_fall_of_purchasing_power():
    """A productivity loss of (i, k) at given factor prices, solved in the price system."""
    table = random_world(7)
    size = table.output.size
    coefficients = (table.intermediate / table.output).reshape(size, size)
    demand = table.final[:, :, 2].sum(axis=2).ravel()
    cell, step = 3, 1e-6
    costs = (1 - coefficients.sum(axis=0)).copy()
    dearer, other = coefficients.copy(), costs.copy()
    dearer[:, cell] *= 1 + step
    other[cell] *= 1 + step
    price = np.linalg.solve(np.eye(size) - dearer.T, other)
    rise = (price @ demand / demand.sum() - 1) / step
    found = chokepoints(table, "R2", elasticities="uniform")
    assert found.loss.values.ravel()[cell] == pytest.approx(100 * rise, rel=1e-4)


def test_ranks_are_percentiles_and_the_score_their_mean(found):
    for name in COMPONENTS:
        ranks = foreign(found[f"{name}_rank"])
        assert ranks.min() >= 0
        assert ranks.max() <= 1
        assert ranks.mean().item() == pytest.approx(0.5)
    # One elasticity for all sectors: that component does not tell pairs apart.
    np.testing.assert_allclose(foreign(found.substitution_rank), 0.5)
    mean = sum(found[f"{name}_rank"] for name in COMPONENTS) / 3
    np.testing.assert_allclose(found.score, mean)
    best = found.score.where(found["rank"] == 1).max()
    assert best.item() == found.score.max().item()


def test_range_of_ranks(found):
    grid = weight_grid()
    assert grid.shape == (36, 3)
    np.testing.assert_allclose(grid.sum(axis=1), 1)
    assert grid.min() == pytest.approx(0.1)
    assert (foreign(found.rank_low) <= foreign(found.rank_high)).all()
    for row in (grid[0], grid[20]):
        weights = dict(zip(COMPONENTS, row.tolist(), strict=True))
        one = chokepoints(random_world(1), "R2", elasticities="uniform", weights=weights)
        assert (foreign(one["rank"]) >= foreign(found.rank_low)).all()
        assert (foreign(one["rank"]) <= foreign(found.rank_high)).all()
    always = foreign(found.rank_high) <= 10
    np.testing.assert_array_equal(foreign(found.top_ten).values[always.values], 100)
    never = foreign(found.rank_low) > 10
    np.testing.assert_array_equal(foreign(found.top_ten).values[never.values], 0)


def test_all_weight_on_one_component_orders_by_it(found):
    one = chokepoints(random_world(1), "R2", elasticities="uniform", weights={"loss": 2.0})
    order = foreign(one["rank"]).values.ravel().argsort()
    assert (np.diff(foreign(one.loss).values.ravel()[order]) <= 0).all()
    assert one.attrs["weights"] == "loss 1, concentration 0, substitution 0"


def test_the_named_regime_is_used(world):
    found = chokepoints(world, "CHN", elasticities="caliendo-parro")
    theta, _ = regime("caliendo-parro").by_sector(world.isic, world.sectors)
    row = found.substitution.sel(supplier="USA").values
    reached = np.isfinite(row)
    np.testing.assert_allclose(row[reached], 1 / theta[reached])
    assert found["rank"].min().item() == 1
    assert set(found.dims) == {"supplier", "sector"}
    for name, variable in found.items():
        assert variable.attrs["units"], name
        assert len(variable.attrs["definition"]) > 10, name


def test_bad_arguments_are_refused():
    table = random_world(1)
    with pytest.raises(WorldError, match="region 'R8' is not in world"):
        chokepoints(table, "R8", elasticities="uniform")
    for weights in ({"loss": -1.0}, {"loss": 0.0}, {"loss": float("nan")}, {"size": 1.0}):
        with pytest.raises(ParameterError, match="weights"):
            chokepoints(table, "R2", elasticities="uniform", weights=weights)
    with pytest.raises(ParameterError, match="ISIC"):
        chokepoints(table, "R2")
