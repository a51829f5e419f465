"""Money that stands in the baseline, and what public money costs on a path."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from small_paths import LAST, four_by_six

import zizhu as zz
from zizhu.laboratory.path.case import path_case
from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.model.capability import Ability, entered, next_ability
from zizhu.policy import Scenario

ETCH = "semiconductors/etch"


@pytest.mark.parametrize("world", ["2017", "2022"])
def test_only_the_effort_of_those_who_are_entering_stands(world):
    """In every year, also before it starts: its clock then runs up to zero and charges nobody.

    Funds announced before the path are in the momentum of the base year.
    """
    base = int(world)
    years = tuple(range(base, base + 10))
    case = path_case(zz.open_world(world), years)
    money = np.asarray(standing_base(case).node_money)[case.chains.places]
    money = money + standing_wedges(case).node_money
    expected = np.zeros_like(money)
    for row, name in enumerate(case.chains.nodes):
        clock = case.chains.joined.nodes[name].entry
        if clock is not None:
            expected[:, row, case.world.regions.index(clock.region)] = clock.effort
    np.testing.assert_allclose(money, expected)
    euv = case.chains.nodes.index("semiconductors/lith_euv")
    assert (money[:, euv, case.world.regions.index("CHN")] == 3).all()
    assert not money[:, case.chains.nodes.index(ETCH)].any()


def test_euv_is_entered_around_2031():
    """Half have got in by 2031, a tenth by 2028 and nine tenths by 2036, nobody before 2027."""
    years = tuple(range(2022, 2051))
    case = path_case(zz.open_world("2022"), years)
    entry, rates = case.base.technology.entry, case.rates.ability
    china = case.world.regions.index("CHN")
    place = case.chains.places[case.chains.nodes.index("semiconductors/lith_euv")]
    added = case.year_wedges(standing_wedges(case)).node_money
    money = np.asarray(standing_base(case).node_money + added)[:, place, china]
    nothing = jnp.zeros_like(case.base.node_money)
    ability = Ability(nothing, nothing, nothing + entry.start)
    chance = []
    for since in range(len(years)):
        year = jnp.asarray(float(since))
        chance.append(float(entered(ability.clock, entry, year, rates)[place, china]))
        ability = next_ability(
            ability,
            nothing,
            push=nothing,
            sales=nothing,
            money=nothing.at[place, china].set(money[since]),
            openness=jnp.ones((nothing.shape[1], nothing.shape[1])),
            active=nothing,
            exponent=nothing[:, 0],
            momentum=nothing,
            entry=entry,
            year=year,
            rates=rates,
        )
    assert (np.diff(chance) >= 0).all()
    assert not any(chance[: years.index(2027)])
    points = np.interp([0.1, 0.5, 0.9], chance, years)
    np.testing.assert_allclose(points, [2028, 2031, 2036], atol=0.3)


def paid_by(payer: str, public_funds: float) -> ScenarioPath:
    measure = {
        "lever": "research_spending",
        "label": "lab",
        "regions": "CHN",
        "size": "0.5 % of GDP",
        "from": "2023-01-01",
        "payer": payer,
    }
    scenario = Scenario.model_validate(
        {
            "name": "lab",
            "title": "Research",
            "years": LAST,
            "focus": "CHN",
            "parameters": {"public_funds": public_funds},
            "measures": [measure],
        }
    )
    return run_path(scenario, world=four_by_six(), quick=True)


def test_who_pays_decides_what_public_funds_cost():
    """Path and ledger agree: firms' money costs once, that of taxes `public_funds` times."""
    factor = 1.5
    plain, own, taxed = (
        paid_by("firms", 1.0),
        paid_by("firms", factor),
        paid_by("central government", factor),
    )
    china = plain.case.world.regions.index("CHN")
    income = [np.asarray(one.outcome.path.record.solution.log_real_income) for one in (plain, own)]
    np.testing.assert_allclose(income[1], income[0], atol=1e-12)
    dear = np.asarray(taxed.outcome.path.record.solution.log_real_income)
    assert (dear[1:, china] < income[0][1:, china] - 1e-3).all()

    def used(one: ScenarioPath) -> np.ndarray:
        kinds = one.outcome.path.record.outlay
        return np.asarray(kinds.policy + kinds.research)[:, china]

    for one in (own, taxed):
        ledger = one.compiled.ledger
        np.testing.assert_allclose(used(one), ledger.cost_by_year, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(used(taxed), factor * used(own), rtol=1e-9)
    assert float(taxed.case.base.elasticities.public_funds) == 1.0


def test_raw_wedges_have_no_payer():
    with pytest.raises(zz.ZizhuError) as stop:
        zz.simulate(four_by_six(), parameters={"public_funds": 1.3}, years=LAST)
    said = str(stop.value)
    assert said.startswith("parameters: public_funds is 1.3, but raw wedges do not say who pays")
    assert "\n" not in said
