"""Resilience: shocks of no size lose nothing, break-even odds are what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_paths import LAST, busy_path, four_by_six, small_path

from zizhu.errors import ScenarioError
from zizhu.laboratory.path.case import path_case
from zizhu.laboratory.path.run import simulate_path
from zizhu.laboratory.scenario_path.resilience import (
    ABOVE,
    AT_THESE,
    BELOW,
    NEVER,
    NOT_AT_THESE,
    PAYS,
    SAME,
    WITHOUT,
    break_even,
    resilience,
    shocked,
)
from zizhu.laboratory.scenario_path.shocks import critical_nodes, standard_shocks

NAMES = ["supplier-cut", "embargo", "lockdown-home", "lockdown-partner"]
MONEY = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e-3 else x)


@given(MONEY, MONEY, st.floats(0.0, 1.0))
def test_break_even_says_when_the_gain_is_positive(cost, avoided, odds):
    verdict, at = break_even(cost, avoided)
    gain = odds * avoided - cost
    close = 1e-9 * (abs(cost) + abs(avoided))
    if verdict == SAME:
        assert cost == avoided == 0
    elif verdict == PAYS:
        assert gain >= -close
    elif verdict == NEVER:
        assert gain <= close
    else:
        assert 0 <= at <= 1
        assert abs(at * avoided - cost) <= close
        right_side = odds >= at if verdict == ABOVE else odds <= at
        assert verdict in (ABOVE, BELOW)
        assert gain >= -close if right_side else gain <= close
    assert np.isnan(at) == (verdict in (SAME, PAYS, NEVER))


@pytest.mark.parametrize(
    ("cost", "avoided", "found"),
    [
        (1.0, 4.0, (ABOVE, 0.25)),
        (4.0, 1.0, (NEVER, None)),
        (4.0, 4.0, (NEVER, None)),
        (-1.0, 4.0, (PAYS, None)),
        (-1.0, -4.0, (BELOW, 0.25)),
        (-4.0, -1.0, (PAYS, None)),
        (1.0, -4.0, (NEVER, None)),
        (0.0, 4.0, (PAYS, None)),
        (0.0, -4.0, (NEVER, None)),
        (-1.0, 0.0, (PAYS, None)),
        (1.0, 0.0, (NEVER, None)),
        (0.0, 0.0, (SAME, None)),
    ],
)
def test_every_sign(cost, avoided, found):
    verdict, at = break_even(cost, avoided)
    assert verdict == found[0]
    assert at == found[1] if found[1] is not None else np.isnan(at)


@pytest.fixture(scope="module")
def path():
    return busy_path().path


@pytest.fixture(scope="module")
def table(path):
    said: list[str] = []
    found = resilience(path, "CHN", progress=said.append)
    assert len(said) == 2 * 2 * len(NAMES)
    return found


def test_stated_shocks(path):
    shocks = standard_shocks(path.case, path.baseline, "CHN")
    assert [shock.name for shock in shocks] == NAMES
    chosen = path.case.parameters
    china = path.case.world.regions.index("CHN")
    for shock in shocks:
        wedges = shock.wedges(2)
        moved = [name for name in wedges._fields if getattr(wedges, name).any()]
        assert moved == ["log_labour" if "lockdown" in shock.name else "barred"]
        values = getattr(wedges, moved[0])
        assert [place for place in range(len(values)) if values[place].any()] == [2]
        assert 0 < shock.probability < 1
        assert "\n" not in shock.means
    cut, embargo, home, partner = (shock.wedges(1) for shock in shocks)
    assert (cut.barred[1] == 1).sum() == chosen["shock_nodes"]
    assert not cut.barred[:, :, china, china].any()
    assert not np.delete(cut.barred, china, axis=2).any()
    # Of the bloc this small world has the United States and the Union.
    sellers = np.flatnonzero(embargo.barred[1].any(axis=(0, 1)))
    assert [path.case.world.regions[i] for i in sellers] == ["USA", "EU"]
    fall = chosen["lockdown_labour"] / 100 * chosen["shock_lockdown_years"]
    assert home.log_labour[1, china] == pytest.approx(np.log1p(fall))
    assert partner.log_labour[1].sum() == pytest.approx(np.log1p(fall))
    assert not partner.log_labour[1, china]
    # The other side fears for rare earths.
    other = standard_shocks(path.case, path.baseline, "USA")
    of = {shock.name: shock for shock in other}
    assert "rare_earths_magnets by CHN to USA, EU stop" in of["embargo"].means
    buyers = np.flatnonzero(of["embargo"].wedges(1).barred[1].any(axis=(0, 2)))
    assert [path.case.world.regions[i] for i in buyers] == ["USA", "EU"]
    # Who belongs to no bloc fears the one that more of what it buys comes from.
    rest = {s.name: s for s in standard_shocks(path.case, path.baseline, "ROW")}
    assert "by USA, EU to ROW stop" in rest["embargo"].means
    assert "semiconductors" in rest["embargo"].means


def test_a_world_without_the_country_of_the_other_bloc_has_its_shocks():
    """Nothing in code is tied to one country: firms and blocs that are not there are left out."""
    world = four_by_six().aggregate(
        regions={"USA": ["USA"], "EU": ["EU"], "ROW": ["CHN", "ROW"]},
        sectors={sector: [sector] for sector in four_by_six().sectors},
    )
    case = path_case(world, (2022, 2023, 2024))
    assert case.labels.firms == ()
    path = simulate_path(case, case.labels.none(), {}, lambda _: None)
    shocks = standard_shocks(case, path.baseline, "USA")
    assert [shock.name for shock in shocks] == [n for n in NAMES if n != "embargo"]
    found = resilience(path, "EU", [shocks[0]], (2023,))
    assert np.isfinite(found["loss"]).all()


def test_critical_nodes_by_first_order(path):
    """The order is that of purchases times the rise of the price, by hand for the first ones."""
    case = path.case
    nodes, suppliers, cost = critical_nodes(case, path.baseline, "CHN")
    here = case.world.regions.index("CHN")
    assert (np.diff(cost) <= 0).all()
    assert sorted(nodes) == list(range(len(case.chains.nodes)))
    for node, supplier, money in list(zip(nodes, suppliers, cost, strict=True))[:5]:
        assert supplier != here
        assert money == pytest.approx(first_order(path, node, here, supplier))
    # EUV was barred already: only what is bought for products below the threshold is left to cut.
    euv = case.chains.nodes.index("semiconductors/lith_euv")
    rank = list(nodes).index(euv)
    assert cost[rank] == pytest.approx(first_order(path, euv, here, suppliers[rank]))
    assert left_of(path, euv, here, suppliers[rank]) < 0.05
    # What is left, and what the year itself says is barred, make up all purchases.
    for node, place in enumerate(case.chains.places):
        left = [left_of(path, node, here, seller) for seller in range(len(case.world.regions))]
        need = path.baseline.chains.need[0, place, here]
        whole = case.sourcing[node, here].sum()
        assert case.sourcing[node, here] @ left + need == pytest.approx(whole)


def left_of(path, node, buyer, supplier):
    """Part of a flow that the base year's bars left, from the base itself."""
    case = path.case
    flow = case.chains.places[node], buyer, supplier
    above = path.baseline.stocks.chains.above[0, flow[0], buyer]
    return (1 - case.base.barred[flow]) * (1 - case.base.barred_above[flow] * above)


def first_order(path, node, buyer, supplier):
    """Purchases times the rise of the price if the supplier stopped selling."""
    case = path.case
    part = case.sourcing[node, buyer, supplier] * left_of(path, node, buyer, supplier)
    rise = min(
        -np.log(1 - part) / case.parameters["chain_elasticity_at_once"],
        np.log(case.parameters["choke_price"]),
    )
    return path.baseline.flows.demand.bought[0, case.chains.places[node], buyer] * rise


def test_losses_of_a_path(path, table):
    assert list(table.shock.values) == NAMES
    assert list(table.shock_year.values) == [2023, LAST]
    assert table.loss.dims == ("run", "shock", "shock_year")
    for name, variable in table.data_vars.items():
        assert set(variable.attrs) == {"long_name", "units", "definition"}, name
    # To be cut off, and to stay at home, costs something; an embargo more than five nodes.
    assert (table.loss.sel(shock=["supplier-cut", "embargo", "lockdown-home"]) > 0).all()
    # In the last year there is no later one.
    last = table.sel(shock_year=LAST)
    np.testing.assert_allclose(last.loss_sum, last.loss, atol=1e-12)
    # Money is percent of the run's own real income.
    income = float(path.case.base.economy.income[path.case.world.regions.index("CHN")])
    level = income * np.exp(path.baseline.solution.log_real_income[-1, 0])
    np.testing.assert_allclose(
        last.loss_money.sel(run=WITHOUT), level * last.loss.sel(run=WITHOUT) / 100
    )
    gone = table.loss_money.sel(run=WITHOUT) - table.loss_money.sel(run="scenario")
    np.testing.assert_allclose(
        table.avoided, gone, atol=path.case.parameters["largest_residual"] * income
    )
    for shock in NAMES:
        for year in (2023, LAST):
            here = table.sel(shock=shock, shock_year=year)
            found = break_even(float(here.duplication_cost), float(here.avoided))
            assert here.verdict.item() == found.verdict
            np.testing.assert_equal(float(here.break_even), found.probability)
    odds = table.probability
    np.testing.assert_allclose((odds * table.loss_money).sum("shock"), table.expected_loss)
    pays = table.expected_avoided > table.duplication_cost
    said = [AT_THESE if one else NOT_AT_THESE for one in pays.values]
    assert table.overall_verdict.values.tolist() == said
    effect = busy_path().real_income_effect.sel(region="CHN", year=[2023, LAST])
    assert (np.sign(table.duplication_cost.values) == -np.sign(effect.values)).all()


def test_without_a_drive_there_is_nothing_to_compare():
    found = resilience(small_path().path, "CHN", years=[2024])
    assert (found.verdict == SAME).all()
    assert not found.avoided.any()
    assert found.overall_verdict.values.tolist() == [SAME]
    assert not found.duplication_cost.any()


def test_bars_of_a_shock_are_not_lifted():
    """A pact is no shelter from an embargo: the bars that it lifted come back."""
    path = small_path("lifted from=USA,EU to=CHN node=semiconductors/* size=100% years=2023-").path
    embargo = next(
        s for s in standard_shocks(path.case, path.baseline, "CHN") if s.name == "embargo"
    )
    given = embargo.wedges(2)
    both = shocked(path.wedges, given)
    hit = given.barred > 0
    assert path.wedges.lifted[hit].all()
    assert not both.lifted[hit].any()
    np.testing.assert_array_equal(both.lifted[~hit], path.wedges.lifted[~hit])
    np.testing.assert_array_equal(both.barred, given.barred)
    found = resilience(path, "CHN", [embargo], [2024]).loss.squeeze()
    assert float(found.sel(run=WITHOUT)) > 1
    assert float(found.sel(run="scenario")) > 0.8 * float(found.sel(run=WITHOUT))


def test_the_reference_is_run_as_it_is_given(path):
    """Against itself a scenario makes no difference; against a part of it, only the rest does."""
    same = resilience(path, "CHN", years=[2024], reference=path.wedges)
    assert (same.verdict == SAME).all()
    assert not same.avoided.any()
    assert not same.duplication_cost.any()
    assert not same.outlays.any()
    np.testing.assert_array_equal(same.loss.sel(run="scenario"), same.loss.sel(run=WITHOUT))
    none = path.case.labels.none()
    part = none._replace(subsidy=path.wedges.subsidy, outlay=none.outlay)
    found = resilience(path, "CHN", years=[2024], reference=part)
    direct = simulate_path(path.case, part, path.structure, lambda _: None, path.baseline)
    here = path.case.world.regions.index("CHN")
    income = float(path.case.base.economy.income[here])
    level = [np.exp(one.solution.log_real_income[:, here]) for one in (path.record, direct.record)]
    np.testing.assert_allclose(found.cost_by_year, income * (level[1] - level[0]), rtol=1e-9)
    lockdown = standard_shocks(path.case, path.baseline, "CHN")[2]
    again = simulate_path(
        path.case, shocked(part, lockdown.wedges(2)), path.structure, lambda _: None, path.baseline
    )
    lost = 100 * (1 - np.exp(again.record.solution.log_real_income[2, here]) / level[1][2])
    hit = found.loss.sel(run=WITHOUT, shock="lockdown-home").item()
    assert hit == pytest.approx(lost, abs=1e-9)


def test_shocks_of_no_size_lose_nothing():
    years = tuple(range(2022, LAST + 1))
    case = path_case(four_by_six(), years, {"shock_barred": 0.0, "shock_lockdown_years": 0.0})
    path = simulate_path(case, case.labels.none(), {}, lambda _: None)
    found = resilience(path, "CHN", years=[2024])
    assert not found.loss.any()
    assert not found.loss_sum.any()
    assert not found.expected_loss.any()


@pytest.mark.parametrize(
    ("region", "years", "words"),
    [
        ("CN", None, "region: 'CN' is not in world 2022; did you mean CHN?"),
        ("CHN", [2021], f"years: 2021 lies outside the path, 2022 to {LAST}"),
    ],
)
def test_bad_questions(path, region, years, words):
    with pytest.raises(ScenarioError) as error:
        resilience(path, region, years=years)
    assert words in str(error.value)


def test_an_own_shock(path):
    """Any wedges may be a shock; one that changes nothing loses nothing."""
    some = standard_shocks(path.case, path.baseline, "CHN")[0]
    none = replace(some, name="nothing", wedges=lambda _: path.case.labels.none())
    found = resilience(path, "CHN", [none], [2024])
    assert found.shock.values.tolist() == ["nothing"]
    assert not found.loss.any()
