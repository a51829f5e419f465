"""Money of levers: schedules, what is wasted, who pays, against arithmetic done by hand."""

from __future__ import annotations

import datetime as dt

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lever_contexts import (
    GROWTH,
    YEARS,
    compiled,
    context,
    node,
    place,
    sector,
    touched,
)

from zizhu.errors import ScenarioError
from zizhu.model.money import money_base, next_money
from zizhu.parameters import exchange_rate, values
from zizhu.policy import load_scenario
from zizhu.policy.paying_in import schedule
from zizhu.policy.units import MONEY, parse_size

SUBSIDIES = {
    "production_subsidy": "production_efficiency",
    "investment_subsidy": "investment_efficiency",
    "entry_subsidy": "entry_efficiency",
}
FUND = "{lever: investment_fund, label: x, region: CHN, size: 100 bn USD, from: 2024-05-24, %s}"


def spent(found) -> np.ndarray:
    """Planned spending by year, bn USD."""
    return found.ledger.by_year / 1e3


@pytest.mark.parametrize("name", SUBSIDIES)
def test_of_an_amount_the_efficient_part_works_and_the_rest_is_wasted(name):
    found = compiled(
        f"{{lever: {name}, label: x, regions: CHN, sectors: [C26, C28], size: 50 bn USD}}"
    )
    efficiency = values({})[SUBSIDIES[name]]
    china, sectors = place(), [sector("C26"), sector("C28")]
    output = context().cost[1:, china, sectors]
    subsidy = found.wedges.subsidy[1:, china, sectors]
    works = (subsidy / (1 - subsidy) * output).sum(axis=1)  # what it costs at unchanged revenue
    effort = found.wedges.sector_effort[1:, china, sectors]
    part = values({})[f"effort_of_{name.removesuffix('_subsidy')}"]
    np.testing.assert_allclose(effort.sum(axis=1), part * 50e3)
    np.testing.assert_allclose(effort[:, 0] / effort[:, 1], output[:, 0] / output[:, 1])
    np.testing.assert_allclose(works, (efficiency - part) * 50e3, rtol=1e-12)
    np.testing.assert_allclose(
        found.wedges.outlay[1:, china], (1 - efficiency) * 50e3, rtol=1e-9, atol=1e-9
    )
    np.testing.assert_allclose(spent(found), [0, *[50] * 13])
    support = found.wedges.support[1:, china, sectors] * output
    np.testing.assert_allclose(support.sum(axis=1), 50e3)
    others = np.delete(found.wedges.subsidy, china, axis=1)
    assert not others.any()


def test_equal_money_costs_the_same_whatever_the_instrument():
    each = [
        compiled(f"{{lever: {name}, label: x, regions: CHN, sectors: C26, size: 1 % of GDP}}")
        for name in SUBSIDIES
    ]
    for found in each:
        np.testing.assert_allclose(found.ledger.by_year, each[0].ledger.by_year)
    rates = [found.wedges.subsidy.max() for found in each]
    assert rates[0] > rates[1] > rates[2] > 0
    growth = spent(each[0])[2:] / spent(each[0])[1:-1]
    np.testing.assert_allclose(growth, 1 + GROWTH)  # a share of GDP grows with it


def test_percent_is_a_share_of_cost_and_local_governments_pay_their_share():
    found = compiled(
        "{lever: investment_subsidy, label: x, regions: CHN, sectors: C26, size: 10 %}",
        parameters={
            "investment_efficiency": 0.9,
            "effort_of_investment": 0.2,
            "local_share": 0.6,
        },
    )
    output = context().cost[1:, place(), sector("C26")]
    money = output * 0.1 / 0.9
    np.testing.assert_allclose(found.ledger.by_year[1:], money)
    local = found.ledger.of(payer="local governments").by_year
    np.testing.assert_allclose(local, 0.6 * found.ledger.by_year)
    subsidy = found.wedges.subsidy[1:, place(), sector("C26")]
    np.testing.assert_allclose(subsidy, 0.7 * money / (output + 0.7 * money))
    effort = found.wedges.sector_effort[1:, place(), sector("C26")]
    np.testing.assert_allclose(effort, 0.2 * money)


def test_no_more_is_spent_on_ability_than_works():
    found = compiled(
        "{lever: entry_subsidy, label: x, regions: CHN, sectors: C26, size: 1 bn USD}",
        parameters={"entry_efficiency": 0.1, "effort_of_entry": 0.2},
    )
    np.testing.assert_allclose(found.wedges.sector_effort[1:].sum(axis=(1, 2)), 100)
    assert not found.wedges.subsidy.any()
    np.testing.assert_allclose(found.wedges.outlay[1:, place()], 900)


def test_a_tax_on_production_wastes_nothing_and_is_no_support():
    found = compiled("{lever: entry_subsidy, label: x, regions: CHN, sectors: C26, size: -10 %}")
    assert touched(found.wedges) == {"subsidy", "support"}
    assert found.wedges.support.min() == -values({})["misallocation_base"]
    assert found.wedges.subsidy.min() == pytest.approx(-0.1)
    assert found.ledger.by_year.min() < 0


def test_subsidy_of_nodes_is_money_at_work_and_waste():
    names = ["semiconductors/etch", "robots_cnc/servo"]
    text = "{lever: entry_subsidy, label: x, regions: CHN, nodes: [%s], size: 2 bn USD, split: %s}"
    equal, bought = (compiled(text % (", ".join(names), how)) for how in ("equal", "purchases"))
    rows = [node(name) for name in names]
    efficiency = values({})["entry_efficiency"]
    np.testing.assert_allclose(equal.wedges.node_money[3, rows, place()], efficiency)
    np.testing.assert_allclose(equal.wedges.outlay[3, place()], (1 - efficiency) * 2e3)
    weights = context().purchases[rows, place()]
    np.testing.assert_allclose(
        bought.wedges.node_money[3, rows, place()], 2 * efficiency * weights / weights.sum()
    )
    for found in (equal, bought):
        np.testing.assert_allclose(spent(found)[1:], 2)
    rate = compiled(
        "{lever: production_subsidy, label: x, regions: CHN, nodes: semiconductors/etch, size: 5 %}"
    )
    np.testing.assert_allclose(spent(rate)[1:], 0.05 * context().made[rows[0], place()])


def test_an_amount_of_years_says_that_it_is_paid_in_each():
    text = "{lever: production_subsidy, label: x, regions: CHN, sectors: C26, size: 1 bn USD, "
    found = compiled(text + "from: 2024-01-01, to: 2028-06-30}")
    np.testing.assert_allclose(spent(found)[2:7], [1, 1, 1, 1, 182 / 366], rtol=1e-9)
    (remark,) = [one for one in found.remarks if "paid in each year" in one]
    assert remark.startswith("x: '1 bn USD' is paid in each year from 2024 to 2028")
    assert any("money of 2024 meets output of 2022" in one for one in found.remarks)


def test_a_fund_is_paid_in_by_rule():
    found = compiled(FUND % "guidance: true, nodes: [semiconductors/etch, semiconductors/track]")
    chosen = values({})
    instalment = chosen["paid_in_ratio"] * 100 / chosen["pay_in_life"]
    expected = [instalment if 2024 <= year < 2034 else 0 for year in YEARS]
    np.testing.assert_allclose(spent(found), expected)
    assert spent(found).sum() == pytest.approx(chosen["paid_in_ratio"] * 100)
    commitment = found.wedges.commitment
    assert np.count_nonzero(commitment) == 2
    np.testing.assert_allclose(commitment[2, node("semiconductors/etch"), place()], 50)
    raised = compiled(FUND % "nodes: semiconductors/etch, raised: true")
    assert spent(raised).sum() == pytest.approx(100)
    assert raised.wedges.commitment.sum() * chosen["paid_in_ratio"] == pytest.approx(100)


def test_of_a_national_fund_more_is_paid_in_than_of_a_guidance_fund():
    """0.43 is what guidance funds raised of their targets (F04); national funds raised it all."""
    chosen = values({})
    found = compiled(FUND % "nodes: semiconductors/etch")
    assert spent(found).sum() == pytest.approx(chosen["national_fund_paid_in"] * 100)
    told = found.wedges.commitment.sum() * chosen["paid_in_ratio"]
    assert told == pytest.approx(chosen["national_fund_paid_in"] * 100)
    less = compiled(FUND % "nodes: semiconductors/etch", parameters={"national_fund_paid_in": 0.7})
    assert spent(less).sum() == pytest.approx(70)


def test_parts_of_a_fund_go_where_they_say():
    found = compiled(
        FUND % "raised: true, parts: {'semiconductors/etch': 30 %, "
        "'semiconductors/fab_adv, semiconductors/dram': 70 %}"
    )
    got = found.wedges.commitment[2, :, place()] * values({})["paid_in_ratio"]
    rows = [node(f"semiconductors/{name}") for name in ("etch", "fab_adv", "dram")]
    np.testing.assert_allclose(got[rows], [30, 35, 35])
    assert got.sum() == pytest.approx(100)
    with pytest.raises(ScenarioError, match="parts: they add up to 90 %; 100 % is right"):
        compiled(FUND % "parts: {'semiconductors/etch': 90 %}")


def test_a_fund_for_sectors_works_after_its_lag_less_what_leaks():
    found = compiled(FUND % "sectors: [C26, C28], split: equal")
    chosen = values({})
    lag, china = int(chosen["deployment_lag"]), place()
    assert not found.wedges.subsidy[: 2 + lag].any()
    instalment = chosen["national_fund_paid_in"] * 100e3 / chosen["pay_in_life"]
    left = 1 - chosen["leakage"]
    at_work = left * chosen["investment_efficiency"] * instalment
    effort = left * chosen["effort_of_investment"] * instalment
    sectors = [sector("C26"), sector("C28")]
    output = context().cost[2 + lag, china, sectors]
    useful = np.full(2, (at_work - effort) / 2)
    np.testing.assert_allclose(
        found.wedges.subsidy[2 + lag, china, sectors], useful / (output + useful)
    )
    np.testing.assert_allclose(found.wedges.outlay[2 + lag, china], instalment - at_work)
    assert found.wedges.sector_effort[2 + lag].sum() == pytest.approx(effort)


def test_a_fund_from_before_the_base_year_is_told_and_does_nothing():
    found = compiled(
        "{lever: investment_fund, label: two, region: CHN, nodes: semiconductors/etch, "
        "size: 204.15 bn CNY, from: 2019-10-22, raised: true}"
    )
    assert not touched(found.wedges)
    (entry,) = found.ledger.entries
    assert entry.before
    assert entry.by_year[:2].min() > 0  # five years from 2019
    assert not entry.by_year[2:].any()
    assert not found.ledger.new.entries
    assert any("announced before 2022" in one for one in found.remarks)


def test_schedule_of_the_levers_is_that_of_the_model():
    """The same commitment, paid in by the model's stocks and by the levers' rule."""
    life, lag, ratio, leakage = 4, 2, 0.43, 0.2
    stocks = money_base(1, 1, life, lag)
    ours = schedule(YEARS, 2024, 10.0, ratio=ratio, life=life, lag=lag, leakage=leakage)
    for at, year in enumerate(YEARS):
        commitment = jnp.full((1, 1), 10.0 if year == 2024 else 0.0)
        moved, work = next_money(stocks, commitment, jnp.asarray(ratio), jnp.asarray(leakage))
        assert float(work[0, 0]) == pytest.approx(ours.at_work[at])
        assert float(moved.paid[0, 0] - stocks.paid[0, 0]) == pytest.approx(ours.paid[at])
        stocks = moved


@settings(deadline=None)
@given(
    size=st.floats(0.1, 1e3),
    ratio=st.floats(0.05, 1.0),
    life=st.integers(1, 12),
    lag=st.integers(0, 5),
    leakage=st.floats(0.0, 0.9),
    year=st.integers(2022, 2030),
)
def test_schedules_add_up(*, size, ratio, life, lag, leakage, year):
    years = range(2022, 2060)
    found = schedule(years, year, size, ratio=ratio, life=life, lag=lag, leakage=leakage)
    assert found.paid.sum() == pytest.approx(ratio * size)
    assert found.deployed.sum() == pytest.approx(ratio * size)
    assert found.at_work.sum() == pytest.approx((1 - leakage) * ratio * size)
    before = np.cumsum(found.paid) - np.cumsum(found.deployed)
    assert before.min() >= -1e-9 * size  # nothing is deployed before it is paid in


def test_local_support_herds_after_what_the_centre_names():
    text = "{lever: local_support, label: x, regions: CHN, size: 1 %% of GDP%s}"
    alone = compiled(text % "")
    herded = compiled(text % ", signalled: C26")
    np.testing.assert_allclose(alone.ledger.by_year, herded.ledger.by_year)
    china, chips = place(), sector("C26")
    money = [found.wedges.support[3, china] * context().cost[3, china] for found in (alone, herded)]
    total = 0.01 * context().gdp[3, china]
    for each in money:
        assert each.sum() == pytest.approx(total)
    herd = values({})["local_herding"]
    np.testing.assert_allclose(money[1][chips], (1 - herd) * money[0][chips] + herd * total)
    chosen = values({})
    mix = {"cash": "production", "tax": "investment", "land": "entry", "credit": "investment"}
    parts = np.array([chosen[f"local_{name}_support"] for name in mix])
    works = np.array([chosen[f"{name}_efficiency"] for name in mix.values()])
    wasted = 1 - parts @ works / parts.sum()
    np.testing.assert_allclose(alone.wedges.outlay[3, china], wasted * total)


def test_research_money_keeps_up_with_the_economy_and_all_of_it_costs():
    found = compiled("{lever: research_spending, label: x, regions: CHN, size: 1 % of GDP}")
    china = place()
    money = 0.01 * context().gdp[:, china]
    wedges = found.wedges
    np.testing.assert_allclose(wedges.research[1:, china] + wedges.outlay[1:, china], money[1:])
    np.testing.assert_allclose(wedges.research[1:, china], money[0])
    np.testing.assert_allclose(found.ledger.by_year[1:], money[1:])


def test_basic_research_is_the_centre_s():
    found = compiled(
        "{lever: research_spending, label: x, regions: CHN, size: 10 bn USD, basic: 30 %, "
        "payer: firms}"
    )
    assert found.ledger.of(payer="central government").by_year[5] == pytest.approx(3e3)
    assert found.ledger.of(payer="firms").by_year[5] == pytest.approx(7e3)


def test_a_deduction_costs_revenue_on_what_is_reported_and_moves_what_is_real():
    found = compiled(
        "{lever: research_tax_credit, label: x, regions: CHN, deduction: 100 %, before: 50 %}"
    )
    chosen, china = values({}), place()
    business = chosen["business_research_share"] * context().research[china]
    cheaper = (1 - 0.25 * 1.5) / (1 - 0.25 * 2)
    real = business * (cheaper ** chosen["user_cost_elasticity_real"] - 1)
    reported = business * cheaper ** chosen["user_cost_elasticity_reported"]
    np.testing.assert_allclose(found.wedges.research[1:, china], real)
    growth = context().gdp[1:, china] / context().gdp[0, china]
    lost = 0.25 * (1.0 * reported - 0.5 * business) * growth
    np.testing.assert_allclose(found.ledger.of(payer="central government").by_year[1:], lost)
    firms = found.ledger.of(payer="firms").by_year[1:]
    np.testing.assert_allclose(firms, np.maximum(real * growth - lost, 0), atol=1e-9)
    small = compiled(
        "{lever: research_tax_credit, label: x, regions: CHN, deduction: 100 %, before: 50 %, "
        "covered: 10 %}"
    )
    np.testing.assert_allclose(small.wedges.research, found.wedges.research / 10)


def test_places_cost_while_their_students_study():
    found = compiled(
        "{lever: talent_pipeline, label: x, regions: CHN, size: 10 %, from: 2024-01-01, "
        "to: 2024-12-31}"
    )
    china, chosen = place(), values({})
    assert found.wedges.graduates[2, china] == pytest.approx(0.1)
    assert np.count_nonzero(found.wedges.graduates) == 1
    lag = int(chosen["graduate_lag"])
    expected = np.zeros(len(YEARS))
    expected[2 : 2 + lag] = 0.1 / lag * chosen["places_cost"] / 100
    np.testing.assert_allclose(found.ledger.by_year, expected * context().gdp[:, china])
    np.testing.assert_allclose(found.wedges.outlay[:, china], found.ledger.by_year)


def test_recruits_cost_each_and_are_a_part_of_those_abroad():
    found = compiled(
        "{lever: talent_recruitment, label: x, regions: CHN, people: 3000, cost: 1 mn USD}"
    )
    stock = 1e3 * values({})["talent_abroad"]
    np.testing.assert_allclose(found.wedges.returnees[1:, place()], 3000 / stock)
    np.testing.assert_allclose(found.ledger.by_year[1:], 3000)
    share = compiled(
        "{lever: talent_recruitment, label: x, regions: USA, size: 1 %, stock: 50000, "
        "cost: 1 mn USD}"
    )
    np.testing.assert_allclose(share.ledger.by_year[1:], 500)
    np.testing.assert_allclose(share.wedges.returnees[1:, place("USA")], 0.01)


def test_little_giants_lose_their_label_at_review():
    found = compiled(
        "{lever: little_giants, label: x, region: CHN, nodes: robots_cnc/servo, firms: 100, "
        "research: 10 mn USD, grant: 25 %, from: 2024-01-01, to: 2031-12-31}"
    )
    chosen = values({})
    kept, review = 1 - chosen["little_giants_attrition"], int(chosen["little_giants_review"])
    money = found.wedges.node_money[:, node("robots_cnc/servo"), place()]
    expected = [kept ** ((year - 2024) // review) if 2024 <= year < 2032 else 0.0 for year in YEARS]
    np.testing.assert_allclose(money, expected)
    np.testing.assert_allclose(found.ledger.of(payer="firms").by_year, 750 * np.array(expected))
    assert found.ledger.by_year.sum() == pytest.approx(1e3 * money.sum())


def test_new_little_giants_take_the_place_of_those_that_lose_their_label():
    """With an intake the stock settles at intake x review / attrition, whatever it began with."""
    text = (
        "{lever: little_giants, label: x, region: CHN, nodes: robots_cnc/servo, firms: 100, "
        "research: 10 mn USD, from: 2023-01-01, phase_in: 1%s}"
    )
    alone, followed = (
        compiled(text % more).wedges.node_money[:, node("robots_cnc/servo"), place()]
        for more in ("", ", intake: 10")
    )
    added = followed - alone
    kept, review = 1 - values({})["little_giants_attrition"], 3
    # Labelled evenly over each year from 2024 on: half of the first year's are there on average.
    by_year = np.array([0, 0, 5.0, *[10.0] * 11])
    expected = [
        sum(new * kept ** ((at - year) // review) for year, new in enumerate(by_year[: at + 1]))
        for at in range(len(YEARS))
    ]
    np.testing.assert_allclose(added, np.array(expected) / 100)
    assert alone[-1] < 0.3 < alone[2]
    assert (np.diff(added[2:]) > 0).all()
    assert added[-1] < 10 * review / (1 - kept) / 100


def test_a_little_giant_adds_its_award():
    """Of a size that is left out: awards by firm with the label, paid with public money."""
    text = (
        "{lever: little_giants, label: x, region: CHN, nodes: robots_cnc/servo, firms: 1000, "
        "from: 2024-01-01, to: 2025-12-31%s}"
    )
    found, half = compiled(text % ""), compiled(text % ", part: 50 %")
    chosen = values({})
    labels = (4762 + 17600) / 2
    dollars = chosen["little_giants_awards"] / exchange_rate("CNY", dt.date(2024, 1, 1)).per_usd
    money = found.wedges.node_money[:, node("robots_cnc/servo"), place()]
    expected = [1000 / labels * dollars if year in (2024, 2025) else 0.0 for year in YEARS]
    np.testing.assert_allclose(money, expected)
    np.testing.assert_allclose(half.wedges.node_money, found.wedges.node_money / 2)
    paid = found.ledger.of(payer="central government").by_year
    np.testing.assert_allclose(paid, 1e3 * money)
    assert found.ledger.by_year.sum() == pytest.approx(paid.sum())
    # Whoever names what a firm does himself has it paid by firms.
    own = compiled(text % ", research: 1 mn CNY")
    assert {entry.payer for entry in own.ledger.entries} == {"firms"}


def test_labels_of_the_drive_grow_as_counted():
    """From about 12,500 in July 2023 to 17,600 at the end of 2025, and on, losses made good."""
    (giants,) = (
        one for one in load_scenario("china-2035").measures if one.lever == "little_giants"
    )
    chosen = values({})
    more = chosen["little_giants_2025"] - chosen["little_giants_2023"]
    assert giants.firms == pytest.approx(more)
    assert giants.intake == pytest.approx(chosen["little_giants_intake"])
    counted = giants.model_copy(update={"research": parse_size("1 bn USD", MONEY), "part": None})
    labels = counted.on_path(context()).wedges.node_money.sum(axis=(1, 2))
    years = list(YEARS)
    # A mean over 2026: those at the end of 2025, and half of that year's.
    assert more < labels[years.index(2026)] < more + giants.intake
    assert (np.diff(labels[years.index(2023) :]) > 0).all()


def test_research_counts_beyond_its_trend():
    text = (
        "{lever: research_spending, label: x, regions: CHN, size: 0.87 %% of GDP, "
        "from: 2023-01-01, phase_in: 10%s}"
    )
    whole, beyond = compiled(text % ""), compiled(text % ", trend: 0.065 % of GDP")
    np.testing.assert_allclose(beyond.wedges.research, (0.87 - 0.65) / 0.87 * whole.wedges.research)
    np.testing.assert_allclose(beyond.ledger.by_year, whole.ledger.by_year)
    np.testing.assert_allclose(beyond.ledger.new.by_year, 0.22 / 0.87 * whole.ledger.by_year)
    assert any("the baseline has 75 % of it" in one for one in beyond.remarks)
    slow = compiled(text % ", trend: 0.1 % of GDP")
    assert not touched(slow.wedges)
    assert any("the baseline has all of it" in one for one in slow.remarks)
    with pytest.raises(ScenarioError, match="trend: it is a rise in a year; give the years"):
        compiled(
            "{lever: research_spending, label: x, regions: CHN, size: 1 % of GDP, "
            "trend: 0.1 % of GDP}"
        )


def test_absorbed_technology_is_effort_where_sectors_are_named():
    text = (
        "{lever: technology_transfer, label: x, users: CHN, suppliers: DEU, size: 5 %%, "
        "absorb: 3 bn USD%s}"
    )
    wide, narrow = compiled(text % ""), compiled(text % ", sectors: [C28, C29]")
    assert touched(wide.wedges) == {"isolation", "research", "outlay"}
    assert touched(narrow.wedges) == {"isolation", "sector_effort"}
    effort = narrow.wedges.sector_effort[1:, place()]
    np.testing.assert_allclose(effort.sum(axis=1), 3000)
    assert not np.delete(effort, [sector("C28"), sector("C29")], axis=1).any()
    np.testing.assert_allclose(narrow.ledger.by_year, wide.ledger.by_year)


def test_a_champion_is_paid_for_its_own_part_of_the_sector():
    text = (
        "{lever: champion, label: x, region: CHN, sectors: C29, subsidy: 10 %%, preference: 20 %%, "
        "segment: %s, entry_loss: 1 %%}"
    )
    small, large = compiled(text % "5 %"), compiled(text % "50 %")
    cell = place(), sector("C29")
    left = 1 - values({})["effort_of_production"]

    def rate(share: float) -> float:
        money = left * share / (1 - share)
        return money / (1 + money)

    assert small.wedges.subsidy[4][cell] == pytest.approx(rate(0.005))
    assert large.wedges.subsidy[4][cell] == pytest.approx(rate(0.05))
    assert large.wedges.home_preference[4][cell] == pytest.approx(0.5 * np.log(1.2))
    assert small.wedges.log_productivity[4][cell] == pytest.approx(np.log(0.99))
    on_node = compiled("{lever: champion, label: x, region: CHN, nodes: robots_cnc/servo}")
    public = values({})["public_share"]
    liking = on_node.wedges.node_preference[4, node("robots_cnc/servo"), place()]
    assert liking == pytest.approx(public * np.log(1.2))


def test_a_subsidy_of_buyers_leaves_export_prices_alone():
    found = compiled("{lever: demand_policy, label: x, regions: CHN, sectors: C29, subsidy: 8 %}")
    china, cars = place(), sector("C29")
    subsidy = found.wedges.subsidy[3, china, cars]
    tax = found.wedges.export_tax[3, china, cars]
    abroad = np.arange(len(tax)) != china
    assert subsidy == pytest.approx(0.08)
    np.testing.assert_allclose((1 - subsidy) * (1 + tax[abroad]), 1)
    flows = context().world.flows[china, cars]
    home = flows[china] / flows.sum()
    output = context().cost[3, china, cars]
    assert found.ledger.by_year[3] == pytest.approx(home * output * 0.08 / 0.92)


@pytest.mark.parametrize(
    "text",
    [
        "{lever: demand_policy, label: x, regions: CHN, size: 100 bn USD}",
        "{lever: demand_slump, label: x, regions: [CHN, JPN], size: -2 %}",
        "{lever: technology_transfer, label: x, users: CHN, suppliers: [DEU, USA], size: 5 %, "
        "fees: 7 bn USD}",
    ],
)
def test_what_one_borrows_others_lend(text):
    deficit = compiled(text).wedges.deficit
    np.testing.assert_allclose(deficit.sum(axis=1), 0, atol=1e-6)
    assert deficit[5].any()
    world = context().gdp.sum(axis=1)
    shrink = world[0] / world[5]
    if "100 bn" in text:
        assert deficit[5, place()] == pytest.approx(100e3 * shrink)
    if "fees" in text:
        assert deficit[5, place()] == pytest.approx(-7e3 * shrink)
        assert np.count_nonzero(deficit[5]) == 3


def test_effort_that_costs_nothing_costs_nothing():
    found = compiled("{lever: intellectual_property, label: x, regions: CHN, size: 10 %}")
    wedges = found.wedges
    np.testing.assert_allclose(wedges.research + wedges.outlay, 0, atol=1e-9)
    power = 1 / values({})["research_money_exponent"]
    gain = 1 + wedges.research[4, place()] / context().research[place()]
    assert gain == pytest.approx(1.1**power)
    assert not found.ledger.entries


def test_two_measures_of_one_region_may_both_waste():
    """An outlay is a sum over a region, and no overlap."""
    text = "{lever: entry_subsidy, label: %s, regions: CHN, sectors: %s, size: 1 bn USD}"
    both = compiled(text % ("a", "C26"), text % ("b", "C28"))
    one = compiled(text % ("a", "C26"))
    np.testing.assert_allclose(both.wedges.outlay, 2 * one.wedges.outlay)
