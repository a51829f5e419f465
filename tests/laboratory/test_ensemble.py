"""Bands: draws that come again, pairs that differ by measures alone, quantiles, variance shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import jax
import numpy as np
import pytest
from small_paths import LAST, four_by_six

import zizhu as zz
from zizhu.errors import ScenarioError
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.ensemble import run as ensemble_run
from zizhu.laboratory.ensemble.design import GROUPS, PACE, TABLE, design, stratified
from zizhu.laboratory.ensemble.headlines import AXES
from zizhu.laboratory.ensemble.levers import (
    HELD,
    LeverDraw,
    lever_draws,
    parameters_read,
    strength_drawn,
)
from zizhu.laboratory.ensemble.members import Ground, Member, run_pair, run_pairs
from zizhu.laboratory.ensemble.pace import pace_draws, still_pace
from zizhu.laboratory.ensemble.result import EnsembleResult, quantile
from zizhu.laboratory.ensemble.run import ensemble
from zizhu.laboratory.ensemble.split import intraclass, variance_shares
from zizhu.laboratory.ensemble.structure import alternatives, weights, with_curvature
from zizhu.laboratory.ensemble.tables import drawn, technology_drawn
from zizhu.laboratory.path.arguments import choices_of
from zizhu.laboratory.path.draws import DRAWN
from zizhu.laboratory.scenario_path.glimpse import glimpse_of
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.parameters import parameters
from zizhu.policy import Scenario

YEARS, DRAWS, REGION = 2024, 4, "CHN"


def scenario(**changes: object) -> Scenario:
    fund = {
        "lever": "investment_fund",
        "label": "fund",
        "region": REGION,
        "nodes": "semiconductors/etch",
        "size": "50 bn USD",
        "from": "2022-06-01",
        "source": "assumption of this test",
    }
    subsidy = {
        "lever": "production_subsidy",
        "label": "support",
        "regions": REGION,
        "sectors": "C26",
        "size": "2 %",
        "from": "2023-07-01",
        "source": "F05",
    }
    target = {
        "label": "chips",
        "region": REGION,
        "node": "semiconductors/etch",
        "at_least": "20 %",
        "year": YEARS,
    }
    fields = {
        "name": "drawn",
        "title": "Drawn",
        "years": YEARS,
        "focus": REGION,
        "measures": [fund, subsidy],
        "targets": [target],
    }
    return Scenario.model_validate({**fields, **changes})


@cache
def answer() -> ScenarioPath:
    return run_path(scenario(), world=four_by_six(), quick=True, draws=DRAWS)


def bands() -> EnsembleResult:
    found = answer().bands
    assert found is not None
    return found


def again(number: int, key: bytes = b"again", **changes: object) -> EnsembleResult:
    """The ensemble of the same path under a key that nothing is remembered under."""
    one = answer()
    return ensemble(
        one.scenario,
        one.outcome.path,
        one.compiled,
        choices_of({}),
        context=one.context,
        dataset=one.outcome.dataset,
        region=REGION,
        key=key,
        number=number,
        **changes,
    )


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered."""

    def compute(name: str, key: bytes, make: Callable[[], object]) -> object:
        return make()

    monkeypatch.setattr(ensemble_run, "remembered_arrays", compute)


def test_without_draws_the_answer_is_what_it_was():
    without = run_path(scenario(), world=four_by_six(), quick=True)
    assert without.bands is None
    assert answer().outcome.dataset.equals(without.outcome.dataset)
    one, two = answer().outcome.path.record, without.outcome.path.record
    for here, there in zip(jax.tree.leaves(one), jax.tree.leaves(two), strict=True):
        np.testing.assert_array_equal(here, there)


def test_the_same_seed_gives_the_same_draws_and_memory_does_not_change_them(forgotten):
    first, second = bands(), again(DRAWS)
    assert first.dataset.identical(second.dataset)
    assert first.central.identical(second.central)
    other = design(DRAWS, 16, [0.5, 0.5])
    assert any((other.place[g] != design(DRAWS, 15, [0.5, 0.5]).place[g]).any() for g in GROUPS)


def test_every_draw_is_solved_and_the_bands_are_quantiles_of_them():
    found = bands()
    assert found.solved == found.number == DRAWS
    assert not found.trouble
    assert set(found.bands) == set(AXES)
    share = found.dataset["domestic_share"].sel(
        run=SCENARIO, battleground="semiconductors", year=YEARS
    )
    band = found.bands["domestic_share"].sel(
        run=SCENARIO, battleground="semiconductors", year=YEARS
    )
    assert share.std() > 0
    for part in (0.1, 0.5, 0.9):
        assert float(band.sel(quantile=part)) == pytest.approx(quantile(share.values, part))
    reached = found.dataset["target_reached"].sel(run=SCENARIO, target="chips")
    value = found.dataset["target_value"].sel(run=SCENARIO, target="chips")
    np.testing.assert_array_equal(reached, value >= 20)
    chance = found.bands["target_reached"].sel(run=SCENARIO, target="chips")
    assert float(chance) == pytest.approx(float(np.mean(value >= 20)))


def test_income_of_the_base_year_is_certain_and_tables_are_told_in_rows():
    found = bands()
    # The fund's own money is spent in the base year; abroad nothing is felt of it yet.
    abroad = found.dataset["real_income_effect"].drop_sel(region=REGION)
    np.testing.assert_allclose(abroad.sel(year=2022), 0, atol=1e-8)
    assert (np.abs(abroad.sel(year=YEARS)) > 1e-6).all()
    table = found.table()
    assert list(table.columns) == ["variable", "where", "run", "year", "p10", "p50", "p90",
                                   "central"]  # fmt: skip
    one = table[(table.variable == "real_income_effect") & (table["where"] == REGION)]
    low, high = found.band("real_income_effect", region=REGION, year=YEARS)
    row = one[one.year == YEARS].iloc[0]
    assert (row.p10, row.p90) == (pytest.approx(low), pytest.approx(high))
    assert row.p10 <= row.p50 <= row.p90
    central = answer().outcome.dataset["real_income_effect"].sel(region=REGION, year=YEARS)
    assert row.central == pytest.approx(float(central))


def test_no_group_drawn_is_the_path_as_registered(forgotten):
    still = again(2, only=())
    for name in AXES:
        for draw in range(2):
            np.testing.assert_allclose(
                still.dataset[name].isel(draw=draw), still.central[name], rtol=1e-7, atol=1e-7
            )


def ground() -> Ground:
    one = answer()
    return Ground.of(one.case, one.compiled.wedges, [])


def member(**changes: object) -> Member:
    one, case = answer(), answer().case
    none = LeverDraw({}, {})
    read = parameters_read(one.scenario, one.compiled, one.context)
    small = strength_drawn(one.scenario, one.compiled, one.context, none, read)
    asked = alternatives(case, choices_of({}), {})[0]
    return Member(still_pace(case), none, small, case.base.technology, asked)._replace(**changes)


def test_pairs_differ_by_the_measures_alone():
    pace = pace_draws(answer().case, 2, 1)[0]
    before, after = ground().wedges_of(member(pace=pace))
    drift = [np.array([now.log_productivity for now in run]) for run in (before, after)]
    assert np.abs(drift[0]).max() > 0
    np.testing.assert_allclose(drift[1], drift[0], atol=1e-14)
    for name in before[0]._fields:
        gone = np.array([getattr(now, name) for now in after])
        gone = gone - np.array([getattr(now, name) for now in before])
        measures = np.asarray(getattr(answer().compiled.wedges, name))
        assert np.any(gone) == np.any(measures), name


def test_a_draw_that_is_not_solved_is_counted_and_told(forgotten, monkeypatch):
    case = answer().case
    strict = replace(case, parameters={**case.parameters, "largest_residual": -1.0})
    harsh = replace(ground(), case=strict)
    kept, trouble = run_pair(harsh, member(), glimpse_of(case, REGION))
    assert kept is None
    assert trouble == "baseline, 2022"
    told: list[str] = []
    found = run_pairs(harsh, 2, lambda _: member(), glimpse_of(case, REGION), progress=told.append)
    assert [kept for kept, _ in found] == [None, None]
    assert told[-1] == "draws for bands, 2 of 2 pairs, 2 not solved"
    monkeypatch.setattr(ensemble_run, "run_pairs", lambda *_, **__: [(None, trouble)] * 2)
    none = again(2)
    assert none.solved == 0
    assert none.trouble == {0: trouble, 1: trouble}
    assert np.isnan(none.bands["real_income_effect"]).all()


def test_momentum_and_shocks_are_drawn_where_shares_move():
    case = answer().case
    pace, again = pace_draws(case, 4, 3), pace_draws(case, 4, 3)
    central, told = still_pace(case).momentum, case.chains.told
    assert (pace[0].momentum == again[0].momentum).all()
    assert (pace[1].ability == again[1].ability).all()
    supplies = told.shares > 0
    for one in pace:
        assert not one.momentum[~supplies].any()
        assert not one.ability[:, ~supplies].any()
        # Nobody gains on all at once: the share-weighted mean of a node is none.
        np.testing.assert_allclose((told.shares * one.ability).sum(axis=2), 0.0, atol=1e-12)
        assert not np.allclose(one.momentum, central)
    # Shocks come in pairs of opposite signs, up to the drawn size.
    flipped = pace[0].ability[1] * pace[1].ability[1]
    assert (flipped <= 0).all()
    assert (flipped < 0).any()


def test_a_drift_that_a_scenario_sets_stays():
    case = answer().case
    still = replace(case, parameters={**case.parameters, "maker_drift": 0.02})
    one, two = pace_draws(still, 2, 3), pace_draws(case, 2, 3)
    assert not np.allclose(one[0].momentum, two[0].momentum)


def test_drawn_tables_stay_near_and_add_up(forgotten, monkeypatch):
    case = answer().case
    one, two = (technology_drawn(case, place, 5, key=b"tables") for place in range(2))
    base = case.base.technology
    for table in (one, two):
        rows = np.asarray(table.links.sourcing).sum(axis=-1)
        np.testing.assert_allclose(rows, np.asarray(base.links.sourcing).sum(axis=-1), atol=1e-9)
        np.testing.assert_allclose(
            np.asarray(table.world).sum(axis=1), np.asarray(base.world).sum(axis=1), atol=1e-9
        )
    assert not np.allclose(one.world, two.world)
    known = next(k for k in case.chains.figures.values() if k.home and (k.shares > 0).sum() > 2)
    same = drawn(replace(known, shares_error=0 * known.shares_error), np.random.default_rng(0))
    np.testing.assert_allclose(same.shares, known.shares / known.shares.sum())


def test_levers_are_compiled_again_as_they_are_and_guesses_are_scaled():
    one = answer()
    read = parameters_read(one.scenario, one.compiled, one.context)
    assert "leakage" in read["fund"]
    assert "production_efficiency" in read["support"]
    registered = {name: one.context.parameters[name] for name in set().union(*read.values())}
    same = strength_drawn(one.scenario, one.compiled, one.context, LeverDraw(registered, {}), read)
    for name, values in same.items():
        assert name not in HELD
        np.testing.assert_allclose(values, getattr(one.compiled.wedges, name), atol=1e-12)
    twice = strength_drawn(
        one.scenario, one.compiled, one.context, LeverDraw({}, {"fund": 2.0}), read
    )
    np.testing.assert_allclose(twice["commitment"], 2 * one.compiled.wedges.commitment)
    np.testing.assert_allclose(twice["subsidy"], one.compiled.wedges.subsidy)
    weaker = {**registered, "production_efficiency": 0.5 * registered["production_efficiency"]}
    half = strength_drawn(one.scenario, one.compiled, one.context, LeverDraw(weaker, {}), read)
    assert np.abs(half["subsidy"]).sum() < np.abs(one.compiled.wedges.subsidy).sum()


def test_what_a_scenario_sets_is_not_drawn():
    one = answer()
    read = parameters_read(one.scenario, one.compiled, one.context)
    fixed = one.scenario.model_copy(update={"parameters": {"leakage": 0.3}})
    free, held = (lever_draws(s, read, 0.3, 3, 1)[0].parameters for s in (one.scenario, fixed))
    assert "leakage" in free
    assert "leakage" not in held
    assert Ground.of(one.case, one.compiled.wedges, ["catch_up"]).own({"catch_up": 1.0}) == {}
    names = {name for name in free if name in DRAWN}
    assert all(parameters()[name].distribution.kind != "fixed" for name in names)


def test_structures_are_others_that_were_not_asked_for():
    case = answer().case
    found = alternatives(case, choices_of({}), {})
    assert [one.name for one in found] == [
        "as asked",
        "elasticities=bartelme",
        "elasticities=caliendo-parro",
        "scale=none",
        "ideas=off",
    ]
    assert sum(weights(case, len(found))) == pytest.approx(1)
    assert weights(case, len(found))[0] == 0.5
    assert with_curvature(case, found[0], {}).curvature is None
    none = with_curvature(case, found[3], {}).curvature
    assert none is not None
    assert not np.asarray(none.dynamic_scale).any()
    off = alternatives(case, choices_of(["ideas=off", "scale=static"]), {})
    assert "ideas=off" not in [one.name for one in off]


def test_a_design_uses_every_draw_and_keeps_groups_apart():
    found = design(64, 15, [0.5, 0.25, 0.25])
    assert found.distinct(PACE) == 32
    assert found.distinct(TABLE) == 8
    assert sorted(np.bincount(found.place["structure"])) == [16, 16, 32]
    for group in GROUPS[:3]:
        assert len(set(np.bincount(found.place[group]))) == 1
    alone = design(1, 15, [0.5, 0.5])
    assert all(len(place) == 1 for place in alone.place.values())
    table = stratified(["catch_up", "leakage"], 8, 1)
    values = np.sort([one["catch_up"] for one in table])
    edges = parameters()["catch_up"].distribution.quantile(np.arange(9) / 8)
    assert ((values >= edges[:-1]) & (values <= edges[1:])).all()


def test_variance_shares_find_what_was_put_in():
    place = design(64, 2, [0.25] * 4).place
    random = np.random.default_rng(0)
    effect = random.standard_normal(32)[place["pace"]]
    alone = variance_shares(effect, place)
    assert alone["pace"].share == pytest.approx(1)
    assert alone["table"].share < 0.5
    noisy = variance_shares(effect + random.standard_normal(64), place)
    assert abs(noisy["pace"].share - 0.5) < 3 * noisy["pace"].error
    for one in noisy.values():
        assert 0 <= one.share <= 1
    assert np.isnan(intraclass(np.ones(4), np.array([0, 0, 1, 1])))
    assert np.isnan(intraclass(np.arange(2.0), np.array([0, 1])))
    # By hand: two draws that serve two members each, B = 4, W = 0.5.
    by_hand = intraclass(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0, 0, 1, 1]))
    assert by_hand == pytest.approx((4 - 0.5) / (4 + 0.5))


@pytest.mark.parametrize("number", [-1, 1.5, True, "many", 20_000])
def test_numbers_of_draws_that_are_refused(number):
    with pytest.raises(ScenarioError, match="a whole number from 0"):
        run_path(scenario(), world=four_by_six(), draws=number)


def test_static_scenarios_have_no_draws():
    with pytest.raises(ScenarioError, match="decoupling has no years, and only paths are drawn"):
        zz.run("decoupling", draws=4)


@pytest.mark.long
def test_bands_hold_the_registered_path_in_most_cells():
    found = run_path(scenario(years=LAST), world=four_by_six(), quick=True, draws=48).bands
    assert found is not None
    low, high = (found.bands["domestic_share"].sel(quantile=part) for part in (0.1, 0.9))
    central = found.central["domestic_share"]
    known = np.isfinite(central) & (found.central["year"] > 2022)
    inside = ((central >= low - 1e-9) & (central <= high + 1e-9)).where(known)
    assert float(inside.sel(run=[SCENARIO, BASELINE]).mean()) > 0.5
    split = found.splits(REGION)
    shares = split[list(GROUPS)].stack()
    assert ((shares >= 0) & (shares <= 1)).all()
