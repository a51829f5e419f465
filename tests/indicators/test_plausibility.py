"""Warnings: where an answer lies beyond what the model can know, with the right value and place."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import small_tables
from small_paths import LAST, four_by_six, small_path

import zizhu as lab
from zizhu.indicators.plausibility import outlay_warnings, static_warnings
from zizhu.laboratory.experiment import run as run_static
from zizhu.laboratory.scenario_path.run import run_path
from zizhu.parameters import parameters, values
from zizhu.policy import Scenario

LIMITS = [name for name in parameters() if name.startswith("plausible_")]


def scenario(*measures, **fields):
    return Scenario.model_validate({"name": "odd", "title": "Odd", "measures": measures, **fields})


def odd(*measures, **fields):
    """A static run on a made-up world of two regions, N and S."""
    world = lab.World(**small_tables())
    chosen = scenario(*measures, focus="N", **fields)
    return run_static(chosen, world=world, variants=False, drivers=False)


def kinds(warnings):
    return {one.kind: one for one in warnings}


def plunge(size="-60 %"):
    return {"lever": "productivity", "label": "plunge", "regions": "S", "size": size}


def test_a_region_that_loses_half_of_its_income_is_warned_of():
    outcome = odd(plunge())
    income = float(outcome.real_income.sel(region="S"))
    assert income < -50
    found = kinds(outcome.warnings)["fall of real income"]
    assert found.place == ("South",)
    assert found.value == pytest.approx(-income)
    assert found.limit == 27
    assert str(found) == (
        f"beyond what the model can know: real income of South falls by {-income:.1f} percent; "
        "where all trade was stopped it fell by 27 at most (plausible_income_fall)"
    )
    assert outcome.manifest["warnings"] == [str(one) for one in outcome.warnings]


def test_a_small_answer_is_not_warned_of():
    assert odd(plunge("-2 %")).warnings == ()


def test_a_limit_is_a_parameter():
    """Lowered, a small answer is beyond it; raised, a large one is not."""
    low = odd(plunge("-2 %"), parameters={"plausible_income_fall": 1.0})
    assert list(kinds(low.warnings)) == ["fall of real income"]
    high = odd(plunge(), parameters={"plausible_income_fall": 100.0})
    assert "fall of real income" not in kinds(high.warnings)


def test_a_large_subsidy_is_warned_of_with_what_it_costs():
    outcome = odd(
        {
            "lever": "production_subsidy",
            "label": "gift",
            "regions": "S",
            "sectors": "C10T12",
            "size": "60 %",
        },
        parameters={"production_efficiency": 1.0},
        options={"scale": "none"},
    )
    found = kinds(outcome.warnings)
    assert found["subsidies"].place == ("South", "C10T12")
    assert found["subsidies"].value == pytest.approx(60)
    spent = float(outcome.subsidy_cost.sel(region="S"))
    gdp = float(outcome.world.gdp[outcome.world.regions.index("S")])
    assert found["public outlay"].value == pytest.approx(100 * spent / gdp)
    assert found["public outlay"].place == ("South",)


def test_a_gain_is_warned_of_as_a_loss_is():
    found = kinds(odd(plunge("100 %")).warnings)
    assert found["rise of real income"].value > 27
    assert found["rise of real income"].place == ("South",)


@pytest.fixture(scope="module")
def quiet():
    """A run in which nothing moves, whose tables are then changed by hand."""
    return odd()


def judged(outcome, *, wage=None, subsidy=None, spent=None, **changed):
    """Warnings of a run's tables, some of their values replaced: {name: (place, value)}."""
    world, table = outcome.world, outcome.indicators.copy(deep=True)
    for name, (place, value) in changed.items():
        table[name].loc[place] = value
    shape = (len(world.regions), len(world.sectors))
    return kinds(
        static_warnings(
            table,
            world,
            values(),
            wage=np.ones(shape[0]) if wage is None else np.array(wage),
            subsidy=np.zeros(shape) if subsidy is None else np.array(subsidy),
            spent=np.zeros(shape[0]) if spent is None else np.array(spent),
        )
    )


@pytest.mark.parametrize(
    ("change", "kind", "shown"),
    [
        (("terms_of_trade", {"region": "N"}, 594.0), "terms of trade", 594.0),
        (("terms_of_trade", {"region": "N"}, -21.0), "terms of trade", 21.0),
        (("consumer_price", {"region": "S"}, 150.0), "consumer prices", 2.5),
        (("consumer_price", {"region": "S"}, -60.0), "consumer prices", 2.5),
        (("output_volume", {"region": "N", "sector": "A"}, 1100.0), "output of sectors", 12.0),
        (("output_volume", {"region": "N", "sector": "A"}, -95.0), "output of sectors", 0.05),
        (("output_volume", {"region": "N", "sector": "A"}, -100.0), "output of sectors", 0.0),
    ],
)
def test_each_kind_has_its_limit(quiet, change, kind, shown):
    name, place, value = change
    found = judged(quiet, **{name: (place, value)})
    assert list(found) == [kind]
    assert found[kind].value == pytest.approx(shown)
    assert found[kind].place[0] == {"N": "North", "S": "South"}[place["region"]]


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("terms_of_trade", {"region": "N"}, 19.0),
        ("consumer_price", {"region": "S"}, 99.0),
        ("output_volume", {"region": "N", "sector": "A"}, 890.0),
        ("output_volume", {"region": "N", "sector": "A"}, -89.0),
        ("real_income", {"region": "N"}, -26.9),
    ],
)
def test_inside_its_limit_nothing_is_said(quiet, name, place, value):
    assert judged(quiet, **{name: (place, value)}) == {}


def test_wages_and_outlays(quiet):
    assert judged(quiet, wage=[1.0, 0.4])["wages"].value == pytest.approx(2.5)
    gdp = quiet.world.gdp
    assert judged(quiet, spent=0.043 * gdp) == {}
    assert judged(quiet, spent=0.05 * gdp)["public outlay"].others == 1


def test_a_sector_that_is_next_to_nothing_is_not_judged(quiet):
    """Fifty-fold of nothing is nothing: below a thousandth of the region, before and after."""
    world, table = quiet.world, quiet.indicators.copy(deep=True)
    cell = {"region": "N", "sector": "A"}
    table["output_volume"].loc[cell] = 5000.0
    for name in ("output", "output_base"):
        table[name].loc[cell] = 1e-9
    nothing = {"wage": np.ones(2), "subsidy": np.zeros((2, 3)), "spent": np.zeros(2)}
    assert static_warnings(table, world, values(), **nothing) == ()


def test_several_places_are_counted(quiet):
    table = quiet.indicators.copy(deep=True)
    table["real_income"][:] = [-40.0, -30.0]
    nothing = {"wage": np.ones(2), "subsidy": np.zeros((2, 3)), "spent": np.zeros(2)}
    (found,) = static_warnings(table, quiet.world, values(), **nothing)
    assert found.place == ("North",)
    assert found.others == 1
    assert "(and 1 more beyond 27)" in str(found)


def test_a_path_is_warned_of_with_its_year():
    outcome = small_path(
        "productivity region=CHN sector=all size=-60%", decompose=(), years=(2022, 2023)
    )
    found = kinds(outcome.warnings)
    effect = outcome.real_income_effect.sel(region="CHN")
    worst = int(effect.argmin("year"))
    fall = found["fall of real income"]
    assert fall.value == pytest.approx(-float(effect[worst]))
    assert fall.place == ("China", str(2022 + worst))
    assert f" in {2022 + worst}" in str(fall)
    assert outcome.manifest["warnings"] == [str(one) for one in outcome.warnings]


def test_a_quiet_path_is_not_warned_of():
    assert small_path("tariff from=USA to=CHN sector=C26 size=5%").warnings == ()


def test_public_outlay_of_a_scenario_with_years():
    money = {
        "lever": "research_spending",
        "label": "laboratories",
        "regions": "CHN",
        "size": "6 % of GDP",
        "from": "2023-01-01",
    }
    chosen = scenario(money, focus="CHN", years=LAST, budget={"CHN": "7 % of GDP"})
    found = kinds(run_path(chosen, world=four_by_six(), quick=True).warnings)
    assert found["public outlay"].value == pytest.approx(6)
    assert found["public outlay"].place == ("China", "2023")


def test_outlays_are_compared_with_the_gdp_of_their_year():
    world = four_by_six()
    gdp = np.tile(world.gdp, (2, 1))
    spent = np.zeros_like(gdp)
    spent[1, 0] = 0.1 * gdp[1, 0]
    (found,) = outlay_warnings(spent, gdp, (2022, 2023), world, values())
    assert found.value == pytest.approx(10)
    assert found.place[-1] == "2023"


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_has_a_source_or_is_an_assumption(name):
    entry = parameters()[name]
    assert entry.assumed or entry.facts or "(20" in entry.source
    assert entry.low < entry.value < entry.high
