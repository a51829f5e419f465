"""Dependence indicators against pymrio, closed forms, and a chain worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from account_worlds import pymrio_of, random_world, symmetric, world_of

from zizhu.indicators import (
    Leontief,
    circulation,
    concentration,
    dependence,
    input_reliance,
    input_reliance_by_input,
    market_reliance,
    position,
    self_sufficiency,
    value_added_trade,
)

SEEDS = range(4)


def close(found, wanted, tolerance=1e-9):
    np.testing.assert_allclose(np.asarray(found), wanted, rtol=tolerance, atol=tolerance)


@pytest.fixture(params=[*SEEDS, "absent"])
def table(request):
    """Random worlds; in one of them a region lacks a sector."""
    return (
        random_world(9, absent=(1, 2)) if request.param == "absent" else random_world(request.param)
    )


def square(values):
    cells = values.shape[0] * values.shape[1]
    return values.reshape(cells, -1)


# Against pymrio


def test_leontief_system_equals_pymrio_s(table):
    system, peer = Leontief(table), pymrio_of(table)
    close(square(system.coefficients), peer.A)
    close(square(system.inverse()), peer.L)
    rng = np.random.default_rng(1)
    sides = rng.normal(size=(*system.output.shape, 3))
    close(square(system.solve(sides)), peer.L.to_numpy() @ square(sides))
    close(square(system.solve_transposed(sides)), peer.L.to_numpy().T @ square(sides))
    blocks = np.einsum("nknj->nkj", system.inverse())
    close(system.own_blocks(), blocks)


def test_own_blocks_do_not_depend_on_how_many_are_solved_at_once(table, monkeypatch):
    expected = Leontief(table).own_blocks()
    monkeypatch.setattr("zizhu.indicators.leontief.BLOCK", 7)
    close(Leontief(table).own_blocks(), expected)
    close(square(Leontief(table).inverse()), pymrio_of(table).L)


def test_input_reliance_equals_pymrio_s_inverse(table):
    peer, found = pymrio_of(table), input_reliance(table)
    made = table.output > 0
    content = (peer.L.to_numpy() - np.eye(len(peer.L))).reshape(*made.shape, *made.shape)
    close(found.look_through.values[:, made], 100 * content.sum(axis=1)[:, made])
    direct = peer.A.to_numpy().reshape(content.shape)
    close(found.face_value.values[:, made], 100 * direct.sum(axis=1)[:, made])
    assert np.isnan(found.look_through.values[:, ~made]).all()


def test_market_reliance_equals_pymrio_s_ghosh_inverse(table):
    peer, found = pymrio_of(table), market_reliance(table)
    made = table.output > 0
    ghosh = (peer.G.to_numpy() - np.eye(len(peer.G))).reshape(*made.shape, *made.shape)
    close(found.look_through.values[made], 100 * ghosh.sum(axis=3)[made])
    direct = peer.B.to_numpy().reshape(ghosh.shape)
    close(found.face_value.values[made], 100 * direct.sum(axis=3)[made])


def test_value_added_trade_equals_pymrio_s_footprints(table):
    peer, found = pymrio_of(table), value_added_trade(table)
    account = peer.factors
    close(found.value_added_exports.values.ravel(), account.D_exp.loc["value added"])
    by_region = found.absorbed.sum(("region", "sector"))
    footprint = account.D_cba_reg.loc["value added"]
    close(by_region, footprint)
    exports = found.exports.values
    multiplier = account.M.to_numpy().reshape(2, *exports.shape)
    close(found.origin.sum("supplier"), multiplier[0] * exports)
    close(found.taxes, multiplier[1] * exports)


def test_position_equals_row_and_column_sums_of_pymrio_s_inverses(table):
    peer, found = pymrio_of(table), position(table)
    made = table.output > 0
    up = peer.G.to_numpy().sum(axis=1).reshape(made.shape)
    down = peer.L.to_numpy().sum(axis=0).reshape(made.shape)
    close(found.upstreamness.values[made], up[made])
    close(found.downstreamness.values[made], down[made])
    size = table.output.sum(axis=1)
    close(found.region_upstreamness, (up * table.output).sum(axis=1) / size)
    # World output: stages to final use equal stages from primary inputs on average.
    mean = [(found[f"region_{way}streamness"] * size).sum().item() for way in ("up", "down")]
    close(mean[0], mean[1])


# Identities


def test_columns_add_up(table):
    system = Leontief(table)
    total = system.value_added_share + system.tax_share + system.coefficients.sum(axis=(0, 1))
    close(total, (table.output > 0).astype(float))


def test_exports_are_value_added_and_taxes(table):
    found = value_added_trade(table)
    parts = found.domestic_value_added + found.foreign_value_added + found.taxes
    close(parts, found.exports)
    share = found.foreign_value_added.sum("sector") / found.exports.sum("sector")
    close(found.backward_participation, 100 * share)
    # Whoever's value added is in exports of others is foreign value added there.
    sent = (found.forward_participation * found.exports.sum("sector")).sum()
    close(sent, 100 * found.foreign_value_added.sum())


def test_value_added_of_final_demand_is_gdp(table):
    found, split = value_added_trade(table), circulation(table)
    close(found.absorbed.sum("market"), table.value_added)
    close(split.internal + split.external, table.value_added)
    close(split.external, found.value_added_exports)
    ratio = split.internal.sum("sector") / split.external.sum("sector")
    close(split.region_dual_circulation_ratio, ratio)


def test_shares_of_reliance_add_up(table):
    found, made = input_reliance(table), table.output > 0
    close(found.look_through_share.sum("supplier").values[made], 100)
    close(found.production_share.sum("supplier").values[made], 100)
    close(found.direct_share.sum("supplier").values[made], 100)
    close(found.region_look_through_share.sum("supplier"), 100)
    for end in ("", "_share"):
        gap = found[f"look_through{end}"] - found[f"face_value{end}"]
        close(found[f"hidden{end}"], gap)
        assert found[f"hidden{end}"].min() > -1e-12
    markets = market_reliance(table)
    close(markets.sales.sum("market").values[made], 100)
    close(markets.final_market.sum("market").values[made], 100)
    assert markets.hidden.min() > -1e-12


def test_reliance_by_input_sums_to_reliance(table):
    whole, parts = input_reliance(table), input_reliance_by_input(table)
    made = table.output > 0
    for name in ("face_value", "look_through", "hidden"):
        total = parts[name].sum("input", skipna=False).values
        close(total[made], whole[f"foreign_{name}"].values[made])
        assert np.isnan(total[~made]).all()


def test_every_variable_has_a_unit_and_a_definition(table):
    for tables in dependence(table).values():
        for name, variable in tables.items():
            assert variable.attrs["units"], name
            assert len(variable.attrs["definition"]) > 10, name


def test_one_factorisation_serves_all(table, monkeypatch):
    system = Leontief(table)
    monkeypatch.setattr("scipy.linalg.lu_factor", lambda *_, **__: pytest.fail("factorised again"))
    alone = dependence(system)
    assert set(alone) > {"input_reliance", "position"}


# Closed forms


def test_autarky():
    table = random_world(3, trade=False)
    reliance, trade = input_reliance(table), value_added_trade(table)
    for name in ("face_value", "look_through", "hidden"):
        close(reliance[f"foreign_{name}"], 0)
    close(market_reliance(table).foreign_final_market, 0, 1e-9)
    close(trade.exports, 0)
    assert np.isnan(trade.backward_participation).all()
    found = self_sufficiency(table)
    close(found.home_share, 100)
    close(found.output_to_use, 100)
    close(found.input_home_share, 100)
    assert np.isnan(found.trade_balance).all()
    close(circulation(table).internal_share, 100)
    # Duties are on foreign goods only, so that there are none.
    close(found.value_added_home_share, 100)
    buyers = concentration(table)
    close(buyers.hhi.sel(scope="total"), 1)
    assert np.isnan(buyers.hhi.sel(scope="imports")).all()
    assert (buyers.largest_supplier.sel(scope="imports") == "").all()
    assert (buyers.largest_supplier.sel(scope="total") == buyers.user).all()


def test_two_equal_countries():
    """A = a [[1-m, m], [m, 1-m]]: eigenvalues a and a (1-2m) give L in closed form."""
    a, m = 0.4, 0.25
    table = symmetric(inputs=a, abroad=m)
    whole, spread = 1 / (1 - a), 1 / (1 - a * (1 - 2 * m))
    own, other = (whole + spread) / 2, (whole - spread) / 2
    found = input_reliance(table)
    close(found.foreign_face_value, 100 * a * m)
    close(found.foreign_look_through, 100 * other)
    close(found.foreign_look_through_share, 100 * other / (whole - 1))
    close(found.foreign_production_share, 100 * other / whole)
    close(found.foreign_direct_share, 100 * m)
    close(market_reliance(table).foreign_look_through, 100 * other)
    trade = value_added_trade(table)
    close(trade.exports, 100 * m)
    close(trade.backward_participation, 100 * (1 - a) * other)
    close(trade.forward_participation, 100 * (1 - a) * other)
    # Final demand of a country: (1-a) of which m from abroad.
    home = (1 - a) * (own * (1 - m) + other * m)
    close(circulation(table).internal_share, 100 * home)
    close(self_sufficiency(table).value_added_home_share, 100 * home)
    close(position(table).upstreamness, whole)
    close(position(table).downstreamness, whole)


def test_what_is_only_final_and_uses_no_inputs_is_one_stage():
    final = np.ones((2, 1, 2, 1)) * 10
    found = position(world_of(np.zeros((2, 1, 2, 1)), final))
    close(found.upstreamness, 1)
    close(found.downstreamness, 1)


def test_a_chain_worked_out_by_hand():
    """Cars of A use parts of B (20) and chips of C (5); parts use chips of C (10 of 50).

    Chips behind a car: 0.05 directly and 0.2 times 0.2 inside parts, 0.09 in all; a car uses 0.1
    of a car, so that a unit of output takes 1 / 0.9 cars: 0.1 in all. C's output is 50.
    """
    flows, final = np.zeros((3, 1, 3, 1)), np.zeros((3, 1, 3, 1))
    flows[:, 0, 0, 0] = 10, 20, 5
    flows[2, 0, 1, 0] = 10
    final[0, 0, 0, 0], final[1, 0, 1, 0], final[2, 0, 2, 0] = 90, 30, 35
    table = world_of(flows, final)
    found = input_reliance(table).sel(region="R0", sector="S0")
    close(found.face_value, [10, 20, 5])
    close(found.look_through, [100 / 9, 200 / 9, 10])
    close(found.hidden, [10 / 9, 20 / 9, 5])
    close(found.foreign_hidden, 5 + 20 / 9)
    all_tiers = 300 / 9 + 10
    close(found.look_through_share.sel(supplier="R2"), 1000 / all_tiers)
    close(found.face_value_share.sel(supplier="R2"), 500 / all_tiers)
    close(found.direct_share.sel(supplier="R2"), 500 / 35)
    close(found.production_share.sel(supplier="R2"), 1000 / (100 + all_tiers))
    chips = market_reliance(table).sel(region="R2", sector="S0")
    close(chips.face_value, [10, 20, 0])
    # Of chips worth 50, cars worth 100 L = 10 use them; G = 0.1 * 100 / 50.
    close(chips.look_through, [20, 20, 0])
    close(chips.final_market, [100 * 9 / 50, 100 * 6 / 50, 70])


@pytest.mark.parametrize("suppliers", [2, 3, 5])
def test_equal_suppliers(suppliers):
    final = np.ones((suppliers, 2, suppliers, 1))
    found = concentration(world_of(np.zeros((suppliers, 2, suppliers, 2)), final)).sel(use="all")
    close(found.hhi.sel(scope="total"), 1 / suppliers)
    close(found.effective_number.sel(scope="total"), suppliers)
    close(found.largest_share.sel(scope="imports"), 100 / (suppliers - 1))
    assert np.isnan(found.hhi.sel(scope="total")).sum() == 0


def test_concentration_by_hand():
    table = random_world(5)
    found = concentration(table)
    flows = table.intermediate.sum(axis=3)[:, 2, 1].copy()
    flows[1] = 0
    share = flows / flows.sum()
    one = found.sel(use="intermediate", scope="imports", user="R1", sector="S2")
    close(one.hhi, (share**2).sum())
    close(one.largest_share, 100 * share.max())
    assert one.largest_supplier.item() == f"R{share.argmax()}"


def test_self_sufficiency_by_hand():
    table = random_world(6)
    found = self_sufficiency(table).sel(region="R1", sector="S3")
    flows = table.flows[:, 3]
    own, used, made = flows[1, 1], flows[:, 1].sum(), flows[1].sum()
    close(found.home_share, 100 * own / used)
    close(found.output_to_use, 100 * made / used)
    close(found.trade_balance, 100 * (made - used) / (made + used - 2 * own))
    close(found.world_share, 100 * made / flows.sum())
    inputs = table.intermediate[..., 1, 3].sum(axis=1)
    close(found.input_home_share, 100 * inputs[1] / inputs.sum())
    value = pymrio_of(table).L.to_numpy() * (table.value_added / table.output).ravel()[:, None]
    content = value.reshape(4, 5, 4, 5)[1].sum(axis=0)[:, 3]
    bought = table.final[:, 3, 1].sum(axis=1)
    close(found.value_added_home_share, 100 * (content * bought).sum() / bought.sum())


def test_shipped_world(world):
    """The table of 2017: everything is finite, and shares are shares."""
    for name, tables in dependence(world).items():
        for label, variable in tables.items():
            if variable.dtype.kind == "f":
                # Sectors that nobody imports have no concentration of imports.
                missing = np.isnan(variable.values).mean()
                assert missing < 0.05, (name, label, missing)
    reliance = input_reliance(world)
    hidden = reliance.region_hidden_share.sel(supplier="CHN", region="USA").item()
    assert hidden > reliance.region_face_value_share.sel(supplier="CHN", region="USA").item() > 0
