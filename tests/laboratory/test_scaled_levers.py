"""Levers of one kind at a multiple of their size, on a small world."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from small_paths import LAST, four_by_six

from zizhu.errors import ScenarioError
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.laboratory.scenario_path.scaled import FACTORS, KINDS, responses, scaled
from zizhu.policy import Scenario, load_scenario, scenario_names
from zizhu.policy.path_wedges import PARTS

# Levers that build but are no matter of size: with whom one trades, and what is done in return.
NOT_SCALED = {"trade_agreement", "tariff", "lift_controls", "counter_control", "export_control"}
MEASURES = [
    {
        "lever": "production_subsidy",
        "label": "subsidy",
        "regions": "CHN",
        "nodes": "semiconductors/etch",
        "size": "1 bn USD",
        "from": "2023-01-01",
        "source": "F05",
    },
    {
        "lever": "research_spending",
        "label": "laboratories",
        "regions": "CHN",
        "size": "0.3 % of GDP",
        "from": "2023-01-01",
        "source": "F05",
    },
    {
        "lever": "tariff",
        "label": "duty",
        "importers": "USA",
        "exporters": "CHN",
        "size": "10 percentage points",
        "from": "2024-01-01",
        "source": "F05",
    },
]


@cache
def answer() -> ScenarioPath:
    scenario = Scenario.model_validate(
        {"name": "s", "title": "S", "years": LAST, "focus": "CHN", "measures": MEASURES}
    )
    return run_path(scenario, world=four_by_six(), quick=True)


def run(factors=FACTORS) -> xr.Dataset:
    one = answer()
    return responses(
        one.scenario, one.outcome.path, one.compiled, one.outcome.dataset, "CHN", factors=factors
    )


@pytest.fixture(scope="module")
def found() -> xr.Dataset:
    return run()


def test_kinds_and_factors(found):
    assert dict(found.sizes) == {
        "kind": 2,
        "factor": 4,
        "battleground": found.sizes["battleground"],
    }
    assert found["kind"].values.tolist() == ["money", "knowledge"]
    assert found["measures"].values.tolist() == ["subsidy", "laboratories"]
    assert found["factor"].values.tolist() == [0, 1, 2, 4]
    assert (found.attrs["year"], found.attrs["region"]) == (LAST, "CHN")


def test_the_scenario_itself_is_at_factor_one(found):
    whole = answer().battlegrounds.isel(year=-1).sel(run="scenario")
    expected = whole["chain_share"].fillna(whole["sector_share"])
    for kind in found["kind"].values:
        np.testing.assert_allclose(found["share"].sel(kind=kind, factor=1), expected)
    effect = answer().outcome.dataset["real_income_effect"].sel(region="CHN").isel(year=-1)
    np.testing.assert_allclose(found["income"].sel(factor=1), float(effect), atol=1e-9)


def test_points_are_read_against_nothing_and_follow_the_money(found):
    assert not found["points"].sel(factor=0).fillna(0.0).any()
    chips = found["points"].sel(kind="money", battleground="semiconductors").values
    assert (np.diff(chips) > 0).all()
    outlay = found["outlay"].sel(kind="money").values
    np.testing.assert_allclose(outlay, outlay[1] * np.array(FACTORS))
    assert outlay[1] == pytest.approx(LAST - 2022, rel=0.2)


def test_factors_need_a_zero():
    with pytest.raises(ScenarioError, match="factors without 0"):
        run((1.0, 2.0))


def test_parts_of_a_whole_end_at_one():
    wedges = answer().compiled.wedges
    part = np.full(wedges.barred.shape, 0.4)
    found = scaled(wedges._replace(barred=part), 4.0)
    assert (found.barred == 1.0).all()
    np.testing.assert_allclose(found.tariff, 4 * wedges.tariff)
    assert not any(getattr(scaled(wedges, 0.0), name).any() for name in wedges._fields)
    assert "barred" in PARTS


def test_every_building_lever_of_the_drive_has_a_kind():
    """A lever of a shipped scenario with years is scaled, presses, or says that it is no size."""
    kinds = [lever for levers in KINDS.values() for lever in levers]
    assert len(kinds) == len(set(kinds))
    drive = load_scenario("china-2035")
    for measure in drive.measures:
        assert measure.lever in {*kinds, *NOT_SCALED} or measure.is_pressure, measure.label
    assert "china-2035" in scenario_names()
