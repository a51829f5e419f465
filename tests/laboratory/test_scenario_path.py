"""A scenario with years on a small world: what it does, what its parts did, what it rests on."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from small_paths import LAST, four_by_six

import zizhu as zz
from zizhu.indicators.battlegrounds import battlegrounds
from zizhu.laboratory.scenario_path.attribution import LEVERS
from zizhu.laboratory.scenario_path.doubts import ASSUMED, DOUBTED, SWITCHES, Doubt
from zizhu.laboratory.scenario_path.memory import path_key
from zizhu.laboratory.scenario_path.resilience import SAME, resilience, without_levers
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.parameters import parameters
from zizhu.policy import Scenario
from zizhu.report.scenario_path.write import groups

LOW_SPEED = float(parameters()["research_speed"].distribution.quantile(0.1))

MEASURES = [
    {
        "lever": "tariff",
        "label": "duty",
        "importers": "USA",
        "exporters": "CHN",
        "size": "10 percentage points",
        "from": "2024-01-01",
        "source": "F05",
    },
    {
        "lever": "production_subsidy",
        "label": "support",
        "regions": "CHN",
        "sectors": "C26",
        "size": "2 %",
        "from": "2023-07-01",
        "source": "F05",
    },
    {
        "lever": "investment_fund",
        "label": "fund",
        "region": "CHN",
        "nodes": "semiconductors/etch",
        "size": "50 bn USD",
        "from": "2022-06-01",
        "source": "Assumption of this test",
    },
    {
        "lever": "research_spending",
        "label": "laboratories",
        "regions": "CHN",
        "size": "0.3 % of GDP",
        "from": "2023-01-01",
        "source": "F05",
    },
]


def scenario(**changes: object) -> Scenario:
    fields = {"name": "small", "title": "Small", "years": LAST, "focus": "CHN", **changes}
    return Scenario.model_validate({"measures": MEASURES, **fields})


@cache
def small() -> ScenarioPath:
    return run_path(scenario(), world=four_by_six())


def test_leaving_everything_out_is_the_baseline():
    found = small().attribution
    assert found is not None
    both = found.levers.labels + found.pressures.labels
    assert sorted(both) == ["duty", "fund", "laboratories", "support"]
    assert found.pressures.labels == ("duty",)
    compiled = small().compiled
    assert compiled.without(*both).is_none
    all_in = compiled.without()
    for ours, theirs in zip(all_in, compiled.wedges, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_shares_of_a_left_out_part_are_those_of_the_indicators():
    """One definition: a path's own battlegrounds are what its glimpses give."""
    found = small().attribution
    assert found is not None
    direct = battlegrounds(small().outcome.dataset, "CHN")
    for name in ("final_share", "chain_share", "sector_share", "lack"):
        np.testing.assert_allclose(
            found.shares[name].sel(run=["scenario", "baseline"]).values,
            direct[name].sel(run=["scenario", "baseline"]).values,
            rtol=1e-9,
            atol=1e-9,
        )


@cache
def without_fund() -> ScenarioPath:
    rest = [one for one in MEASURES if one["label"] != "fund"]
    return run_path(scenario(measures=rest), world=four_by_six(), quick=True)


def test_a_part_is_what_a_run_without_it_lacks():
    """Against the scenario written without the measure, which is run on its own."""
    found = small().attribution
    assert found is not None
    part = found.income(found.measures["fund"])
    levels = [
        1 + one.outcome.dataset["real_income"].sel(run="scenario").values / 100
        for one in (small(), without_fund())
    ]
    np.testing.assert_allclose(part, 100 * (levels[0] / levels[1] - 1), atol=1e-9)
    assert abs(part).max() > 1e-3
    whole = small().outcome.dataset["real_income_effect"].values
    assert abs(part - whole).max() > 1e-3


def test_levers_move_what_they_are_for():
    found = small().attribution
    assert found is not None
    etch = found.node_points("fund").sel(year=LAST)
    place = list(small().outcome.dataset["node"].values).index("semiconductors/etch")
    assert float(etch[place]) > 0
    assert float(np.nanmax(np.abs(found.node_points("duty")))) < float(etch[place])
    assert LEVERS in found.shares["run"].values


def test_the_ledger_says_what_the_path_uses():
    """What a fund pays in by the plan is what the model's funds are paid."""
    run = small()
    planned = run.compiled.ledger.of(measure="fund").by_year
    paid = run.outcome.dataset["funds_paid"].sel(run="scenario", region="CHN").values
    before = run.outcome.dataset["funds_paid"].sel(run="baseline", region="CHN").values
    np.testing.assert_allclose(1e3 * np.diff(paid - before, prepend=0.0), planned, atol=1e-6)
    assert planned.sum() > 0


def headline(doubt: Doubt) -> np.ndarray:
    return 100 * np.expm1(doubt.scenario.log_real_income - doubt.baseline.log_real_income)


def test_doubts_are_other_paths():
    names = [doubt.name for doubt in small().doubts]
    assert {*SWITCHES, *DOUBTED, ASSUMED} == set(names)
    for doubt in small().doubts:
        assert np.isfinite(doubt.scenario.log_real_income).all()
        assert doubt.source


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        # Without capital the baseline's GDP is another, and so is 0.3 percent of it.
        ("accumulation", {"structure": ["accumulation=off"]}),
        ("research_speed", {"parameters": {"research_speed": LOW_SPEED}}),
    ],
)
def test_a_doubt_is_the_scenario_run_under_that_choice(name, changes):
    doubt = next(one for one in small().doubts if one.name == name)
    direct = run_path(scenario(**changes), world=four_by_six(), quick=True)
    effect = direct.outcome.dataset["real_income_effect"].values
    np.testing.assert_allclose(headline(doubt), effect, atol=1e-9)
    usual = small().outcome.dataset["real_income_effect"].values
    assert abs(effect - usual).max() > 1e-3


def test_the_last_doubt_leaves_assumed_sizes_out():
    (doubt,) = (one for one in small().doubts if one.name == ASSUMED)
    assert doubt.title == "without the measure whose size is an assumption"
    direct = without_fund().outcome.dataset["real_income_effect"].values
    np.testing.assert_allclose(headline(doubt), direct, atol=1e-9)


def test_resilience_is_that_of_the_levers():
    """Pressures are in both runs: the cost is that of support, fund and laboratories alone."""
    found, parts = small().resilience, small().attribution
    assert found is not None
    assert parts is not None
    income = float(small().case.base.economy.income[0])
    levels = [np.exp(g.log_real_income[:, 0]) for g in (parts.levers.without, parts.scenario)]
    cost = income * (levels[0] - levels[1])
    np.testing.assert_allclose(found["cost_by_year"], cost, rtol=1e-6)
    whole = income * (np.exp(parts.baseline.log_real_income[:, 0]) - levels[1])
    assert abs(whole - cost).max() > 1


def test_pressures_alone_make_no_difference():
    run = run_path(scenario(measures=MEASURES[:1]), world=four_by_six(), quick=True)
    beside = without_levers(run.scenario, run.compiled, run.context, "CHN")
    found = resilience(run.outcome.path, "CHN", years=[LAST], reference=beside)
    assert abs(run.outcome.dataset["real_income_effect"]).max() > 1e-3
    assert not found["duplication_cost"].any()
    assert (found["verdict"] == SAME).all()
    assert found["overall_verdict"].values.tolist() == [SAME]


def test_a_scenario_s_threshold_is_read_where_nodes_bind():
    run = run_path(
        scenario(parameters={"binding_threshold": 40.0}), world=four_by_six(), quick=True
    )
    assert run.spells
    assert min(spell.peak for spell in run.spells) > 40
    assert min(spell.peak for spell in small().spells) < 40
    assert groups(run)["chokepoints"].attrs["threshold"] == 40


def test_a_quick_run_is_the_same_path():
    quick = run_path(scenario(), world=four_by_six(), quick=True)
    assert quick.attribution is None
    assert quick.doubts == ()
    assert quick.resilience is None
    np.testing.assert_array_equal(
        quick.outcome.dataset["real_income"].values, small().outcome.dataset["real_income"].values
    )


def test_what_is_remembered_is_of_this_very_scenario():
    """A source that becomes an assumption moves no wedge, and still another doubt is asked."""
    run = small()

    def key(chosen: Scenario) -> bytes:
        return path_key(chosen, run.outcome.path, run.compiled.by_measure, run.focus)

    kept = key(run.scenario)
    assert key(run.scenario.model_copy(update={"title": "Another title"})) == kept
    first, *others = run.scenario.measures
    sourced = first.model_copy(update={"source": "F06"})
    assert key(run.scenario.model_copy(update={"measures": (sourced, *others)})) != kept


def test_the_manifest_has_the_scenario():
    text = small().outcome.manifest["scenario"]
    again = Scenario.model_validate({key: one for key, one in text.items() if one is not None})
    assert again.measures == small().scenario.measures


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"focus": "ATL"}, "focus: region 'ATL' is not in world"),
        ({"years": 2021}, "2021"),
        ({"structure": ["ideas=perhaps"]}, "ideas"),
        ({"structure": ["idea=off"]}, "idea"),
        ({"years": None}, "has no years"),
        ({"budget": {"ATL": "1 % of GDP"}}, "budget: region 'ATL'"),
        ({"options": {"deficits": "zero"}}, "options.deficits: a path has no such choice"),
        ({"variants": [{"name": "x", "title": "x"}]}, "variants: a path shows its own switches"),
    ],
)
def test_bad_scenarios_of_a_path(changes, said):
    with pytest.raises(zz.ZizhuError) as stop:
        run_path(scenario(**changes), world=four_by_six())
    assert said in str(stop.value), str(stop.value)
    assert "\n" not in str(stop.value)
