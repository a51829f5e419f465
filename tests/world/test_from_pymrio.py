"""Any pymrio system becomes a world; scenarios run on it."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from formats.toy import toy

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
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="published value added")
            return from_pymrio(system, **{"name": "test", "year": 2010, **changes})

    return make


def system_of(table, *, unit="M USD", y=None, z=None):
    """A table as a system without anything else."""
    pymrio = pytest.importorskip("pymrio")
    z = table.z if z is None else z
    y = table.y if y is None else y
    return pymrio.IOSystem(
        Z=pd.DataFrame(z, index=table.cells, columns=table.cells),
        Y=pd.DataFrame(y, index=table.cells, columns=table.uses),
        unit=pd.DataFrame({"unit": unit}, index=table.cells),
    )


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
    assert world.final_uses == ("household", "government", "investment")
    assert world.currency == "USD"
    assert world.isic == dict.fromkeys(world.sectors, ())
    assert not world.pooled_origins
    assert all(table.flags.c_contiguous for table in (world.intermediate, world.final))


def test_each_category_has_its_use(system, read):
    """Household, non-profit | government | capital formation, inventories, valuables."""
    world = read()
    y = system.Y["reg3"]
    columns = [[0, 1], [2], [3, 4, 5]]
    for use, chosen in enumerate(columns):
        np.testing.assert_allclose(
            world.final[:, :, 2, use].ravel(), y.iloc[:, chosen].sum(axis=1), rtol=1e-12
        )


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
    assert not any("final use" in note for note in world.notes)
    with pytest.raises(WorldError, match="use 'army' is not one of household, government"):
        read(uses={next(iter(categories)): "army"})


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ({"uses": {"Exprot": "drop"}}, "uses names 'Exprot', .* did you mean Export"),
        ({"isic": {"minning": (5,)}}, "isic names 'minning', .* did you mean mining"),
        ({"regions": {"A": ["reg1", "rge2"]}}, "region 'rge2' of A .* did you mean reg2"),
        ({"sectors": {"A": ["food"], "B": ["food"]}}, "sector food is in two groups, A and B"),
        ({"regions": {"reg1": ["reg2", "reg3"]}}, "reg1 is a region of the world already"),
        ({"negatives": "keep"}, "negatives is 'keep'; refuse or zero is right"),
        ({"classification": "ISIC5"}, "classification 'ISIC5' is unknown; did you mean ISIC4"),
        ({"classification": "ISIC3"}, "classification ISIC3 has no sector such as 'food'"),
        ({"currency": "EUR"}, "'Mill USD' is in USD, and currency says EUR; give factor"),
    ],
)
def test_what_matches_nothing_is_refused_with_the_nearest(read, argument, words):
    with pytest.raises(WorldError, match=words):
        read(**argument)


def test_unknown_categories_are_refused():
    table = toy(["A", "B"], ["x"], ["household", "G", "Army"])
    with pytest.raises(WorldError, match=r"'G', 'Army' are not known; .* uses=\{'G': 'ho"):
        from_pymrio(system_of(table))
    world = from_pymrio(system_of(table), uses={"G": "government", "Army": "government"})
    assert world.final_uses == ("household", "government")


def test_exports_are_no_use_of_a_region():
    """Refused with the way out, which lets output fall by them and says so."""
    table = toy(["A", "B"], ["x", "y"], ["HFCE", "Export"])
    with pytest.raises(WorldError, match=r"'Export' .* exports to elsewhere .* 'drop'"):
        from_pymrio(system_of(table))
    world = from_pymrio(system_of(table), uses={"Export": "drop"})
    kept = table.z.sum(axis=1) + table.y[:, ::2].sum(axis=1)
    np.testing.assert_allclose(world.output.ravel(), kept, rtol=1e-12)
    assert any("'Export' of Y left out" in note for note in world.notes)
    empty = toy(["A", "B"], ["x", "y"], ["HFCE", "Export"], empty=["Export"])
    assert from_pymrio(system_of(empty)).final_uses == ("household",)


def test_totals_and_discrepancies_are_left_out_with_their_size():
    table = toy(["A", "B"], ["x", "y"], ["P3_S14", "P3_S13", "P51G"])
    parts = table.y.reshape(4, 2, 3)
    with_sums = np.concatenate([parts, parts[:, :, :2].sum(axis=2, keepdims=True)], axis=2)
    columns = pd.MultiIndex.from_product([["A", "B"], [*table.categories, "P3"]])
    system = system_of(table)
    system.Y = pd.DataFrame(with_sums.reshape(4, -1), index=table.cells, columns=columns)
    world = from_pymrio(system)
    np.testing.assert_allclose(world.output.ravel(), table.output, rtol=1e-12)
    assert any("'P3' of Y, a total, left out" in note for note in world.notes)
    # Consumption as a whole is two uses, and not known without its parts.
    system.Y = system.Y.loc[:, [("A", "P3"), ("B", "P3")]]
    with pytest.raises(WorldError, match="'P3' is not known"):
        from_pymrio(system)


def test_a_discrepancy_belongs_to_no_region_and_is_small():
    table = toy(["A", "B"], ["x", "y"], ["HFCE"])
    system = system_of(table)
    for share, passes in ((0.001, True), (0.1, False)):
        y = pd.DataFrame(table.y, index=table.cells, columns=table.uses)
        y[("ALL", "DISC")] = share * table.y.sum(axis=1)
        system.Y = y
        if passes:
            assert any("a discrepancy, left out: 0.1 perc" in n for n in from_pymrio(system).notes)
        else:
            with pytest.raises(WorldError, match="'DISC' of Y holds 10 percent of final use"):
                from_pymrio(system)


def test_a_column_of_a_region_without_rows_is_refused():
    table = toy(["A", "B"], ["x"], ["HFCE"])
    system = system_of(table)
    system.Y.columns = pd.MultiIndex.from_tuples([("A", "HFCE"), ("BB", "HFCE")])
    with pytest.raises(WorldError, match="column BB HFCE of Y has a region that Z does not have"):
        from_pymrio(system)


def test_units_of_the_system_are_read_and_only_what_is_missing_is_asked_for():
    table = toy(["A", "B"], ["x"], ["HFCE"])
    world = from_pymrio(system_of(table, unit="000 USD"))
    np.testing.assert_allclose(world.output.ravel(), table.output / 1000, rtol=1e-12)
    with pytest.raises(WorldError, match=r"'10 t' does not say it; give currency='USD'.*factor"):
        from_pymrio(system_of(table, unit="10 t"))
    with pytest.raises(WorldError, match="give factor=") as error:
        from_pymrio(system_of(table, unit="units"), currency="RMB")
    assert "currency=" not in str(error.value)
    with pytest.raises(WorldError, match="give currency=") as error:
        from_pymrio(system_of(table, unit="millions"))
    assert "factor=" not in str(error.value)
    assert from_pymrio(system_of(table, unit="mn"), currency="RMB").currency == "CNY"


def test_published_value_added_s_gap_is_told(system):
    """Its distance from output less inputs is noted, and above one percent a warning."""
    with pytest.warns(UserWarning, match="published value added of 'Factor Inputs' lies 98 perc"):
        world = from_pymrio(system)
    left = (system.x["indout"] - system.Z.sum(axis=0)).to_numpy()
    np.testing.assert_allclose(world.value_added.ravel(), left, rtol=1e-9)
    gap = np.abs(left - system.factor_inputs.F.iloc[0].to_numpy()).sum()
    share = 100 * gap / system.x["indout"].sum()
    assert any(f"lies {share:.2g} percent of output" in note for note in world.notes)
    # In billions it is the same gap, and none if it is what is left.
    system.factor_inputs.F = system.factor_inputs.F.astype(float)
    system.factor_inputs.F.iloc[0] = left / 1000
    system.factor_inputs.unit["unit"] = "bn USD"
    notes = from_pymrio(system).notes
    assert any("of 'Factor Inputs' is output less inputs" in note for note in notes)


def test_published_taxes_on_products_are_the_world_s(system):
    left = (system.x["indout"] - system.Z.sum(axis=0)).to_numpy()
    taxes = 0.1 * left
    rows = pd.DataFrame(
        [taxes, left - taxes],
        index=pd.Index(["taxes less subsidies on products", "Value added at basic prices"]),
        columns=system.Z.columns,
    )
    system.factor_inputs.F = rows
    system.factor_inputs.unit = pd.DataFrame({"unit": "Mill USD"}, index=rows.index)
    world = from_pymrio(system, factor=2.0)
    np.testing.assert_allclose(world.taxes.ravel(), 2 * taxes, rtol=1e-12)
    np.testing.assert_allclose(world.value_added.ravel(), 2 * (left - taxes), rtol=1e-9)


def test_negative_cells_are_named_at_once_and_lifted_by_one_setting():
    """A negative sale, inputs above output, and output of less than nothing."""
    table = toy(["A", "B"], ["x", "y", "w"], ["HFCE", "INVNT"])
    z, y = table.z.copy(), table.y.copy()
    z[0, 4] = -1.0
    z[:, 3] *= 3.0
    y[2, 1] -= z[2].sum() + y[2].sum() + 0.5
    system = system_of(table, z=z, y=y)
    with pytest.raises(WorldError, match=r"3 cells of .* percent .* negatives='zero'") as error:
        from_pymrio(system)
    for place in ("sales of A x to B y", "value added of B x", "output of A w"):
        assert place in str(error.value)
    world = from_pymrio(system, negatives="zero")
    assert all(identity.holds for identity in world.identities())
    assert world.value_added.min() >= 0
    note = next(note for note in world.notes if "negative sales and value added" in note)
    assert "moved by" in note
    # Merged before it is checked, the table has none of them.
    merged = from_pymrio(
        system, regions={"ALL": ["A", "B"]}, sectors={"all": ["x", "y", "w"]}, negatives="zero"
    )
    assert merged.intermediate.shape == (1, 1, 1, 1)
    assert not any("negative sales" in note for note in merged.notes)


def test_regions_and_sectors_are_merged_before_the_checks():
    """CN1 and CN2 hold the production, CHN the final use, as in the extended tables of the OECD."""
    table = toy(["CHN", "CN1", "CN2", "USA"], ["B05_06", "B07_08", "C26"], ["HFCE", "GGFC"])
    z, y = table.z.reshape(4, 3, 4, 3).copy(), table.y.reshape(4, 3, 4, 2).copy()
    z[0], z[:, :, 0], y[0] = 0.0, 0.0, 0.0
    y[:, :, 0] += y[:, :, 1:3].sum(axis=2)
    y[:, :, 1:3] = 0.0
    system = system_of(table, z=z.reshape(12, 12), y=y.reshape(12, -1))
    with pytest.raises(WorldError, match="region CHN has no value added"):
        from_pymrio(system)
    world = from_pymrio(
        system, regions={"CHN": ["CHN", "CN1", "CN2"]}, sectors={"B": ["B05_06", "B07_08"]}
    )
    assert (world.regions, world.sectors) == (("CHN", "USA"), ("B", "C26"))
    assert world.isic == {"B": (5, 6, 7, 8), "C26": (26,)}
    np.testing.assert_allclose(world.output.sum(), z.sum() + y.sum(), rtol=1e-12)
    np.testing.assert_allclose(world.intermediate[0, 1, 1, 0], z[:3, 2, 3, :2].sum(), rtol=1e-12)
    np.testing.assert_allclose(world.final[1, 0, 0, 1], y[3, :2, :3, 1].sum(), rtol=1e-12)


def test_system_without_tables(system, read):
    system.Y = None
    with pytest.raises(WorldError, match=r"table Y is missing; run calc_all\(\) first"):
        read()


def test_uses_that_hold_nothing_are_refused():
    table = toy(["A", "B"], ["x"], ["HFCE"])
    with pytest.raises(WorldError, match="table Y holds no final use"):
        from_pymrio(system_of(table, y=0 * table.y))


def test_rows_and_columns_must_agree(system, read):
    z = system.Z
    system.Z = z.iloc[:, ::-1]
    with pytest.raises(WorldError, match="rows and columns of Z are labelled differently"):
        read()
    system.Z, system.Y = z, system.Y.iloc[1:]
    with pytest.raises(WorldError, match="rows of Y are labelled differently from those of Z"):
        read()


def test_a_cell_that_is_no_number_is_named(system, read):
    system.Z.iloc[3, 5] = np.nan
    with pytest.raises(WorldError, match="table Z has a cell that is no number, in row reg1 elec"):
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
