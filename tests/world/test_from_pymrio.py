"""Any pymrio system becomes a world; scenarios run on it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import zizhu as lab
from zizhu.errors import WorldError
from zizhu.policy import Scenario
from zizhu.world import from_pymrio, load, save


@pytest.fixture
def system():
    """The test system of pymrio, whose own warnings are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pymrio = pytest.importorskip("pymrio")
        return pymrio.load_test().calc_all()


@pytest.fixture
def read(system):
    """The test system as a world."""

    def make(**changes):
        return from_pymrio(system, **{"name": "test", "year": 2010, "currency": "EUR", **changes})

    return make


def test_tables_are_the_system_s(system, read):
    world = read(factor=2.0)
    assert world.regions == tuple(system.get_regions())
    assert world.sectors == tuple(system.get_sectors())
    assert all(identity.holds for identity in world.identities())
    z = world.intermediate.reshape(system.Z.shape)
    final = world.final.sum(axis=3).reshape(len(system.Y), -1)
    expected = system.Y.T.groupby(level=0, sort=False).sum().T.to_numpy()
    assert (system.Y.to_numpy() >= 0).all()
    np.testing.assert_allclose(z, 2 * system.Z.to_numpy(), rtol=1e-12)
    np.testing.assert_allclose(final, 2 * expected, rtol=1e-12)
    np.testing.assert_allclose(world.output.ravel(), 2 * system.x["indout"].to_numpy(), rtol=1e-10)
    assert set(world.final_uses) == {"household", "government", "investment"}
    assert any("Gross fixed capital formation" in note for note in world.notes)
    assert world.isic == dict.fromkeys(world.sectors, ())
    assert not world.pooled_origins


def test_negative_uses_are_removed_and_said(system, read):
    """An inventory run-down in one cell is set to zero and noted."""
    inventories = [c for c in system.Y.columns if "inventor" in c[1].lower()]
    assert inventories
    system.Y.loc[:, inventories[0]] = 0.0
    system.Y.iloc[0, system.Y.columns.get_loc(inventories[0])] = -0.1 * system.x.iloc[0, 0]
    world = read()
    assert (world.final >= 0).all()
    assert all(identity.holds for identity in world.identities())
    assert any("negative final uses of" in note for note in world.notes)


def test_uses_can_be_named(read, system):
    categories = set(system.get_Y_categories())
    world = read(uses=dict.fromkeys(categories, "household"))
    assert world.final_uses == ("household",)
    assert not any("read as" in note for note in world.notes)
    with pytest.raises(WorldError, match="use 'army' is not one of household, government"):
        read(uses={next(iter(categories)): "army"})


def test_system_without_tables(system, read):
    system.Y = None
    with pytest.raises(WorldError, match=r"table Y is missing; run calc_all\(\) first"):
        read()


def test_rows_and_columns_must_agree(system, read):
    system.Z = system.Z.iloc[:, ::-1]
    with pytest.raises(WorldError, match="rows and columns of Z are labelled differently"):
        read()


def test_a_scenario_runs_on_it(read, tmp_path):
    """From Python and from a file, with one elasticity for sectors without ISIC codes."""
    world = read()
    fields = {
        "name": "toll",
        "title": "a toll",
        "focus": "reg2",
        "options": {"elasticities": "uniform"},
        "measures": [
            {
                "lever": "trade_cost",
                "label": "toll",
                "suppliers": "reg1",
                "users": "reg2",
                "size": "10 %",
            }
        ],
    }
    outcome = lab.run(Scenario.model_validate(fields), world=world, drivers=False)
    assert outcome.audit.largest < 1e-9
    assert outcome.real_income.sel(region="reg2") < -1e-6
    path = tmp_path / "toll.yaml"
    path.write_text(
        "title: a toll\nfocus: reg2\noptions: {elasticities: uniform}\nmeasures:\n"
        "- {lever: trade_cost, label: toll, suppliers: reg1, users: reg2, size: 10 %}\n"
    )
    file = save(world, tmp_path / "test.nc")
    assert load(file).name == "test"
    again = lab.run(path, world=file, variants=False, drivers=False)
    # The file has the same cells; reading it may change the memory layout and so the last bits.
    np.testing.assert_allclose(again.real_income.values, outcome.real_income.values, rtol=1e-9)


def test_a_regime_needs_isic_codes(read):
    with pytest.raises(lab.ParameterError, match="use the regime uniform"):
        lab.run(Scenario(name="none", title="none"), world=read())
