"""The second count: the same numbers another way, on every lever and on what is not shipped."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache

import numpy as np
import pytest
import yaml
from small_paths import LAST, busy_path, four_by_six, small_path

import zizhu as lab
from zizhu.errors import NotConverged
from zizhu.laboratory.path.decompose import Game, contributions
from zizhu.laboratory.recount.asked import Asked
from zizhu.laboratory.recount.misses import LARGEST_MISS, Recount, miss
from zizhu.laboratory.recount.payments import BILLS
from zizhu.laboratory.recount.policy import asked_of, path_policy
from zizhu.laboratory.scenario_path.context import path_context
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.parameters import exchange_rate
from zizhu.policy import Scenario
from zizhu.policy.compile_path import compile_path
from zizhu.policy.levers import levers
from zizhu.policy.units import parse_size
from zizhu.report.path.write import path_json

BUDGET = {"CHN": "50 % of GDP"}
# Levers whose money another lever's rules or none decide.
SPENDING = [name for name, one in levers().items() if not one.pays.startswith("nobody")]


@cache
def drive() -> ScenarioPath:
    """A duty, laboratories, a fund and a target on the small world."""
    measures = [
        yaml.safe_load(levers()[name].example)
        for name in ("tariff", "research_spending", "investment_fund", "local_support")
    ]
    target = {"label": "t", "region": "USA", "sector": "C26", "at_least": "1 %", "year": LAST}
    fields = {"name": "drive", "title": "Drive", "years": LAST, "focus": "CHN"}
    chosen = {**fields, "measures": measures, "targets": [target]}
    return run_path(Scenario.model_validate(chosen), world=four_by_six(), quick=True)


def test_what_is_shown_is_the_same_counted_twice():
    for outcome in (busy_path(), small_path(), drive().outcome):
        assert outcome.recount.largest <= LARGEST_MISS
        assert outcome.recount.left_out == ()
    kinds = set(drive().outcome.recount.misses)
    assert {"ledger", "shares of battlegrounds", "targets", "partners"} <= kinds
    assert {"technology levels", "contributions", "home shares of sectors"} <= kinds


def test_it_is_in_the_manifest(quick):
    war = quick("tariff-war-2018")
    found = war.manifest["audit"]["second_count"]
    assert found["largest"] == war.recount.largest <= LARGEST_MISS
    assert set(found["by_kind"]) == set(war.recount.misses)
    assert found["left_out"] == []
    path = drive().outcome
    assert path.manifest["audit"]["second_count"]["by_kind"]["ledger"] <= LARGEST_MISS
    assert set(path.manifest["audit"]["identities"]) == {"scenario", "baseline"}
    json.dumps(path.manifest)
    assert path_json(busy_path(), "CHN")["warnings"] == []


def test_every_lever_that_spends_is_counted():
    """A new lever of the package needs its line here; one of a user's own is named as left out."""
    assert set(SPENDING) <= set(BILLS)


@pytest.fixture(scope="module")
def baseline():
    return lab.simulate("2022", years=2024, decompose=()).path


def of_lever(name, baseline, **changes):
    """A scenario of a lever's own example, as it is counted twice."""
    entry = levers()[name]
    measure = {**yaml.safe_load(entry.path_example or entry.example), **changes}
    scenario = Scenario.model_validate(
        {"name": "one", "title": "One", "years": 2024, "measures": [measure], "budget": BUDGET}
    )
    context = path_context(scenario, baseline.case, baseline.baseline)
    compiled = compile_path(scenario, context)
    return path_policy(asked_of(scenario, baseline.case, baseline.baseline), compiled, context)


@pytest.mark.long
@pytest.mark.parametrize("name", BILLS)
def test_money_of_each_lever(name, baseline):
    """On the shipped world, for the whole path and for some days of it."""
    for dates in ({"from": "2023-02-01"}, {"from": "2022-11-15", "to": "2024-05-20"}):
        # A fund is announced on a day and ends by its own rule.
        days = {k: v for k, v in dates.items() if k == "from" or name != "investment_fund"}
        found = of_lever(name, baseline, **days)
        assert found.largest <= LARGEST_MISS, (dates, found.misses)
        assert found.left_out == ()


def test_money_of_some_levers(baseline):
    for name in ("local_support", "research_tax_credit", "little_giants", "upgrading"):
        assert of_lever(name, baseline).largest <= LARGEST_MISS


def test_a_rise_over_years_is_counted_in_pieces(baseline):
    found = of_lever("talent_pipeline", baseline, **{"from": "2022-04-01", "phase_in": 1.75})
    assert found.largest <= LARGEST_MISS


def asked() -> Asked:
    path = small_path().path
    scenario = Scenario.model_validate({"name": "x", "title": "X", "years": 2026})
    return asked_of(scenario, path.case, path.baseline)


def test_days_in_force():
    """Half of a leap year, a rise whose middle year is known by hand."""
    found = asked().force(dt.date(2024, 7, 1), dt.date(2024, 12, 31))
    np.testing.assert_allclose(found, [0, 0, 184 / 366, 0, 0], atol=1e-12)
    rising = asked().force(dt.date(2023, 1, 1), None, 2.0)
    np.testing.assert_allclose(rising, [0, 0.25, 0.75, 1, 1], atol=1e-12)
    np.testing.assert_allclose(asked().force(None, None), [0, 1, 1, 1, 1])


def test_money_of_a_day():
    """Yuan to dollars at the registered rate of the day."""
    found = asked().million(parse_size("72 bn CNY", "money"), None)
    rate = exchange_rate("CNY", dt.date(2022, 7, 1)).per_usd
    assert found == pytest.approx(72e3 / rate)


def test_dividends_are_shapley_values():
    """Two channels, worth 1 and 2 alone and 5 together: 2 and 3."""
    worth = np.array([[0.0], [1.0], [2.0], [5.0]])
    found = contributions([Game(2030, ("ideas", "scale"), worth)], 1)[0, 0]
    assert found[2] == pytest.approx(2)
    assert found[4] == pytest.approx(3)


def test_a_miss_is_an_error_and_says_of_what():
    with pytest.raises(NotConverged, match=r"home shares, computed a second time, differ by 2\.0e"):
        Recount({"home shares": 0.2, "levels": 1e-12}).require()
    with pytest.raises(NotConverged):
        Recount({"levels": float("nan")}).require()
    Recount({"levels": 1e-12}).require()
    Recount().require()


def test_what_is_not_a_number_must_be_none_in_both():
    assert miss([1.0, np.nan], [1.0, np.nan]) == 0
    assert miss([1.0, np.nan], [1.0, 2.0]) == np.inf
    assert miss([1.0], [1.0, 2.0]) == np.inf
    assert miss([3.0, 4.0], [3.0, 5.0]) == pytest.approx(0.2)
