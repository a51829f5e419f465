"""Money that stands in the baseline, and what public money costs on a path."""

from __future__ import annotations

import numpy as np
import pytest
from small_paths import LAST, four_by_six

import zizhu as zz
from zizhu.laboratory.path.case import path_case
from zizhu.laboratory.path.standing import fund_at_work, standing_base, standing_wedges
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.policy import Scenario

ETCH = "semiconductors/etch"


@pytest.mark.parametrize(("world", "has_it"), [("2017", False), ("2022", True)])
def test_the_fund_of_2019_stands_where_it_was_known(world, has_it):
    """On a path that starts before it, it is news: a scenario's lever pays it, once."""
    base = int(world)
    case = path_case(zz.open_world(world), tuple(range(base, base + 10)))
    assert bool(fund_at_work(case)) == has_it
    row, china = case.chains.nodes.index(ETCH), case.world.regions.index("CHN")
    money = np.asarray(standing_base(case).node_money)[case.chains.places][row, china]
    assert (money > 0) == has_it
    assert standing_wedges(case).node_money[:, row, china].any() == has_it
    euv = case.chains.nodes.index("semiconductors/lith_euv")
    assert np.asarray(standing_base(case).node_money)[case.chains.places][euv, china] > 0


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
