"""Hypothetical extraction against tables that are cut and inverted anew, and by the model."""

from __future__ import annotations

import numpy as np
import pytest
from account_worlds import random_world, symmetric, world_of

from zizhu.errors import ScenarioError, WorldError
from zizhu.indicators import extraction
from zizhu.laboratory import equilibrium_extraction

TARGETS = [
    {"suppliers": "R1"},
    {"suppliers": "R1", "sectors": "S2", "users": "R3"},
    {"sectors": ["S0", "S4"], "cut": 0.5},
    {"users": "R0", "cut": 0.9},
    {"suppliers": ["R1", "R2"], "sectors": "S2", "own_sales": True},
]


def mask(world, *, suppliers=None, sectors=None, users=None, cut=1.0, own_sales=False):
    def chosen(names, known):
        names = known if names is None else [names] if isinstance(names, str) else names
        return np.array([name in names for name in known], dtype=float)

    share = np.einsum(
        "i,k,n->ikn",
        chosen(suppliers, world.regions),
        chosen(sectors, world.sectors),
        chosen(users, world.regions),
    )
    home = np.eye(len(world.regions))[:, None, :]
    return cut * share * (1.0 if own_sales else 1 - home)


@pytest.mark.parametrize("target", TARGETS, ids=str)
@pytest.mark.parametrize("seed", [1, 2, "absent"])
def test_equals_a_table_cut_and_inverted_anew(seed, target):
    table = random_world(9, absent=(1, 2)) if seed == "absent" else random_world(seed)
    share, output, size = mask(table, **target), table.output, table.output.size
    scale = np.where(output > 0, output, 1.0)
    coefficients = (table.intermediate / scale).reshape(size, size)
    less = (table.intermediate * (1 - share)[..., None] / scale).reshape(size, size)
    demand = (table.final.sum(axis=3) * (1 - share)).sum(axis=2).ravel()
    after = np.linalg.solve(np.eye(size) - less, demand).reshape(output.shape)
    found = extraction(table, **target)
    np.testing.assert_allclose(found.output_lost, output - after, rtol=1e-9, atol=1e-9)
    value = np.where(output > 0, table.value_added / scale, 0) * (output - after)
    np.testing.assert_allclose(found.value_added_lost, value, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        found.region_value_added_lost, 100 * value.sum(axis=1) / table.gdp, rtol=1e-9, atol=1e-9
    )
    gone = (table.intermediate * share[..., None] / scale).reshape(size, size)
    inverse = np.linalg.inv(np.eye(size) - coefficients)
    direct = gone.sum(axis=0)
    np.testing.assert_allclose(found.direct_cut_content.values.ravel(), 100 * direct, atol=1e-9)
    np.testing.assert_allclose(
        found.cut_content.values.ravel(), 100 * direct @ inverse, rtol=1e-9, atol=1e-9
    )


def test_two_equal_countries_that_stop_trading():
    """Only own sales are left: x = f (1-m) / (1 - a (1-m)) with f = 100 (1-a)."""
    a, m = 0.4, 0.25
    found = extraction(symmetric(inputs=a, abroad=m))
    left = 100 * (1 - a) * (1 - m) / (1 - a * (1 - m))
    np.testing.assert_allclose(found.output_lost, 100 - left)
    np.testing.assert_allclose(found.stopped_output, 100 * m)
    np.testing.assert_allclose(found.direct_cut_content, 100 * a * m)
    np.testing.assert_allclose(found.cut_content, 100 * a * m / (1 - a))
    np.testing.assert_allclose(found.final_use_cut, 100 * m)


def test_the_scarcest_input_stops_output():
    """A user buys half of one input and a tenth of another from who stops selling."""
    flows, final = np.zeros((2, 2, 2, 2)), np.ones((2, 2, 2, 1)) * 50
    flows[:, 0, 0, 0] = 5, 5
    flows[:, 1, 0, 0] = 9, 1
    found = extraction(world_of(flows, final), suppliers="R1", users="R0", cut=0.8)
    assert found.stopped_output.sel(region="R0", sector="S0").item() == pytest.approx(40)
    assert found.stopped_output.sel(region="R0", sector="S1").item() == 0
    assert found.stopped_output.sel(region="R1").max().item() == 0


def test_more_is_lost_the_more_is_cut():
    table = random_world(4)
    small, large = (extraction(table, suppliers="R2", cut=cut) for cut in (0.3, 0.9))
    for name in small:
        assert (large[name] >= small[name] - 1e-12).all(), name


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ({"suppliers": "R9"}, "suppliers: 'R9' is not in world"),
        ({"sectors": ["S1", "T"]}, "sectors: 'T' is not in world"),
        ({"suppliers": "R1", "users": "R1"}, "target is empty"),
        ({"cut": 0.0}, "above 0"),
        ({"cut": 1.5}, "above 0"),
    ],
)
def test_bad_targets_are_refused(target, complaint):
    with pytest.raises(WorldError, match=complaint):
        extraction(random_world(1), **target)


def test_equilibrium_version_on_the_shipped_world(world):
    """A cut of electronics from China: its buyer loses, the more the more is cut."""
    target = {"suppliers": "CHN", "sectors": "C26", "users": "USA", "cut": 0.9}
    found = equilibrium_extraction(world, **target, options={"scale": "none"})
    loss = found.real_income_loss
    assert found.attrs["largest_residual"] < 1e-6
    assert np.isfinite(loss).all()
    held = found.log_limit_cost
    assert held.sel(supplier="CHN", sector="C26", user="USA").item() > 0
    assert (held != 0).sum().item() == 1
    small = equilibrium_extraction(world, **{**target, "cut": 0.3}, options={"scale": "none"})
    assert loss.sel(region="USA") > small.real_income_loss.sel(region="USA") > 0


def test_equilibrium_version_refuses_a_bad_share(world):
    with pytest.raises(ScenarioError, match="share"):
        equilibrium_extraction(world, suppliers="CHN", cut=1.5)
