"""Equal outlay: every lever spends the same, and what it buys is read from its own path."""

from __future__ import annotations

import json

import numpy as np
import pytest
from small_paths import LAST, four_by_six, small_path

from zizhu.errors import ScenarioError
from zizhu.indicators.battlegrounds import battlegrounds
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.scenario_path.equal_outlay import equal_outlay
from zizhu.laboratory.scenario_path.recipes import NOT_COMPARED, RECIPES
from zizhu.policy import levers


@pytest.fixture(scope="module")
def case() -> PathCase:
    return small_path().path.case


@pytest.fixture(scope="module")
def table(case):
    return equal_outlay(case, "CHN", baseline=small_path().path.baseline)


def test_recipes_are_levers():
    known = set(levers())
    assert {recipe.lever for recipe in RECIPES} <= known
    assert set(NOT_COMPARED) <= known
    assert not set(NOT_COMPARED) & {recipe.lever for recipe in RECIPES}
    assert len({recipe.name for recipe in RECIPES}) == len(RECIPES)


def test_outlays_are_equal(table):
    # 20 bn a year from 2024 on, as far as the path goes.
    assert (table.attrs["first"], table.attrs["last"]) == (2024, LAST)
    np.testing.assert_allclose(table.outlay, 20e3 * (LAST - 2024 + 1), rtol=1e-9)
    assert set(table.lever.values) == {recipe.name for recipe in RECIPES}
    assert set(json.loads(table.attrs["left_out"])) == set(NOT_COMPARED)
    for name, variable in table.data_vars.items():
        assert set(variable.attrs) == {"long_name", "units", "definition"}, name


def test_what_it_buys(table):
    of = {name: table.sel(lever=name) for name in table.lever.values}
    # Money on nodes moves the chain; of the same money less reaches its aim through entry.
    points = table.points_chain
    assert float(points.sel(lever="production-nodes")) > 0.1
    for on in ("nodes", "sectors"):
        by = [
            float(of[f"{kind}-{on}"].net_return) for kind in ("production", "investment", "entry")
        ]
        if on == "sectors":
            assert by == sorted(by, reverse=True)
        share = "points_chain" if on == "nodes" else "points_sector"
        got = [float(of[f"{k}-{on}"][share]) for k in ("production", "investment", "entry")]
        assert got == sorted(got, reverse=True)
    np.testing.assert_allclose(table.net_return, 100 * table.income_sum / table.outlay)
    rises = points > 0
    np.testing.assert_allclose(
        table.cost_per_point.where(rises), (table.outlay / 1e3 / points).where(rises)
    )
    assert np.isnan(table.cost_per_point.where(~rises)).all()


def test_waste_is_money_that_buys_nothing(case, table):
    """What is wasted is not invested either: a loss of more than all of it."""
    written = small_path("outlay region=CHN size=20bn years=2024-")
    here = case.world.regions.index("CHN")
    level = written.dataset["real_income"].sel(region="CHN")
    gone = level.sel(run="scenario") - level.sel(run="baseline")
    lost = float(case.base.economy.income[here]) * float(gone.sum()) / 100
    flat = table.sel(lever="production-nodes")
    assert float(flat.waste_return) == pytest.approx(100 * lost / float(flat.outlay), abs=1e-6)
    assert float(flat.waste_return) < -100
    np.testing.assert_allclose(table.better_than_waste, table.net_return - table.waste_return)


def test_waste_has_the_timing_of_its_lever(case):
    """A fund pays in over years what a subsidy spends in one: less of its waste is compounded."""
    found = equal_outlay(
        case,
        "CHN",
        years=(2024, 2024),
        levers=["production-nodes", "entry-nodes", "fund-nodes"],
        baseline=small_path().path.baseline,
    )
    subsidy, entry, fund = found.waste_return.values
    assert subsidy == pytest.approx(entry, rel=1e-9)
    assert subsidy < fund - 1


def test_the_path_is_the_lever_s_own(case, table):
    """One recipe against the same money written as a wedge."""
    efficiency = case.parameters["production_efficiency"]
    assert efficiency == 1.0
    bought = np.asarray(small_path().path.baseline.flows.demand.bought)[0, case.chains.places]
    joined = case.chains.joined.nodes
    rows = [
        (name, bought[row, case.world.regions.index("CHN")])
        for row, name in enumerate(case.chains.nodes)
        if name.startswith("semiconductors/") and not joined[name].assembled
    ]
    total = sum(weight for _, weight in rows)
    texts = [
        f"node_money region=CHN node={name} size={20 * weight / total:.15f}bn years=2024-"
        for name, weight in rows
    ]
    written = small_path(*texts)
    shares = battlegrounds(written.dataset, "CHN").sel(battleground="semiconductors", year=LAST)
    gone = shares.sel(run="scenario").chain_share - shares.sel(run="baseline").chain_share
    found = table.sel(lever="production-nodes")
    assert float(found.points_chain) == pytest.approx(float(gone), abs=1e-6)
    effect = written.real_income_effect.sel(region="CHN", year=LAST)
    assert float(found.income_effect) == pytest.approx(float(effect), abs=1e-6)


def test_a_field_that_the_world_does_not_have(case):
    with pytest.raises(ScenarioError, match="levers: none can spend on steel here: the field has"):
        equal_outlay(case, "CHN", "steel", levers=["fund-nodes", "entry-sectors"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"target": "chips"}, "battleground 'chips' is unknown"),
        ({"region": "CN"}, "region: 'CN' is not in world 2022; did you mean CHN?"),
        ({"amount": 0.0}, "amount: 0 bn USD a year found; more than 0 is right"),
        ({"years": (2021, 2024)}, f"years: 2021 to 2024 found; two years within 2022 to {LAST}"),
        ({"years": (2025, 2024)}, "years: 2025 to 2024 found"),
        ({"levers": ["funds"]}, "levers: 'funds' is unknown; did you mean"),
    ],
)
def test_bad_questions(case, options, words):
    region = options.pop("region", "CHN")
    with pytest.raises(ScenarioError) as error:
        equal_outlay(case, region, **options)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_recruits_of_unknown_people_are_left_out(case):
    found = equal_outlay(
        case,
        "USA",
        levers=["production-nodes", "recruitment"],
        amount=1.0,
        baseline=small_path().path.baseline,
    )
    assert found.lever.values.tolist() == ["production-nodes"]
    assert (
        "how many people of USA work abroad" in json.loads(found.attrs["left_out"])["recruitment"]
    )


def test_world_is_the_small_one(case):
    assert case.world.regions == four_by_six().regions
