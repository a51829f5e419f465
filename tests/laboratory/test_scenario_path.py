"""A scenario with years on a small world: what it does, what its parts did, what it rests on."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from small_paths import LAST, four_by_six

import zizhu as zz
from zizhu.indicators.battlegrounds import battlegrounds
from zizhu.laboratory.scenario_path.attribution import LEVERS
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.policy import Scenario

MEASURES = [
    {
        "lever": "tariff",
        "label": "duty",
        "importers": "USA",
        "exporters": "CHN",
        "size": "10 percentage points",
        "from": "2024-01-01",
    },
    {
        "lever": "production_subsidy",
        "label": "support",
        "regions": "CHN",
        "sectors": "C26",
        "size": "2 %",
        "from": "2023-07-01",
    },
    {
        "lever": "investment_fund",
        "label": "fund",
        "region": "CHN",
        "nodes": "semiconductors/etch",
        "size": "50 bn USD",
        "from": "2022-06-01",
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
    assert sorted(both) == ["duty", "fund", "support"]
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


def test_a_measure_alone_is_its_part():
    """With one measure the part is the whole."""
    alone = run_path(scenario(measures=MEASURES[:1]), world=four_by_six())
    assert alone.attribution is not None
    part = alone.attribution.income(alone.attribution.measures["duty"])
    whole = alone.outcome.dataset["real_income_effect"].values
    np.testing.assert_allclose(part, whole, atol=1e-9)
    assert abs(whole).max() > 1e-3


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


def test_doubts_are_other_paths():
    names = [doubt.name for doubt in small().doubts]
    assert {"ideas", "learning", "effort_productivity"} <= set(names)
    for doubt in small().doubts:
        assert np.isfinite(doubt.scenario.log_real_income).all()
        assert doubt.source


def test_a_quick_run_is_the_same_path():
    quick = run_path(scenario(), world=four_by_six(), quick=True)
    assert quick.attribution is None
    assert quick.doubts == ()
    assert quick.resilience is None
    np.testing.assert_array_equal(
        quick.outcome.dataset["real_income"].values, small().outcome.dataset["real_income"].values
    )


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
