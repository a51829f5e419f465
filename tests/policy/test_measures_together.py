"""Measures that meet: who pays, what follows what, stores, debts, tariffs, whom they press on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from lever_contexts import GROWTH, YEARS, compiled, context, node, place, scenario, sector

from zizhu.errors import ScenarioError
from zizhu.parameters import values

FUNDS = 1.4
ETCH = "semiconductors/etch"
RESEARCH = "{lever: research_spending, label: %s, regions: CHN, size: 10 bn USD, payer: %s%s}"
SUBSIDY = "{lever: production_subsidy, label: %s, regions: CHN, sectors: C26, size: 5 %%%s}"
BAR = (
    "{lever: export_control, label: %s, suppliers: %s, users: CHN, nodes: semiconductors/etch, "
    "share: %s, hoarding: true%s}"
)


def test_public_money_costs_what_raising_it_costs_and_firms_money_costs_itself():
    dear = {"public_funds": FUNDS}
    texts = (
        RESEARCH % ("own", "firms", ""),
        RESEARCH % ("taxed", "central government", ", adds: true"),
        "{lever: investment_fund, label: old, region: CHN, nodes: semiconductors/etch, "
        "size: 20 bn USD, from: 2019-01-01}",
        "{lever: investment_fund, label: new, region: CHN, nodes: semiconductors/etch, "
        "size: 20 bn USD, from: 2024-01-01}",
    )
    plain, found = compiled(*texts), compiled(*texts, parameters=dear)
    more = {
        label: found.by_measure[label].outlay - wedges.outlay
        for label, wedges in plain.by_measure.items()
    }
    for label in ("own", "old"):
        assert not more[label].any(), label
    for label in ("taxed", "new"):
        spent = found.ledger.of(measure=label).by_year
        assert spent.any()
        np.testing.assert_allclose(more[label][:, place()], (FUNDS - 1) * spent, rtol=1e-9)
        assert not np.delete(more[label], place(), axis=1).any()
    # All that paths use beyond what was planned is what the ledger says taxes cost.
    new = found.ledger.new
    np.testing.assert_allclose(
        (found.wedges.outlay - plain.wedges.outlay)[:, place()],
        new.cost_by_year - new.by_year,
        rtol=1e-9,
    )
    np.testing.assert_allclose(
        found.without("taxed").outlay, found.wedges.outlay - found.by_measure["taxed"].outlay
    )


def test_one_after_the_other_within_a_year_is_no_overlap():
    found = compiled(
        SUBSIDY % ("a", ", from: 2023-01-01, to: 2024-06-30"),
        SUBSIDY % ("b", ", from: 2024-07-01"),
    )
    money = context().cost[:, place(), sector("C26")] * 0.05 / 0.95
    np.testing.assert_allclose(found.ledger.by_year[1:], money[1:], rtol=1e-9)
    with pytest.raises(ScenarioError, match="overlaps with measure a"):
        compiled(
            SUBSIDY % ("a", ", from: 2023-01-01, to: 2024-06-30"),
            SUBSIDY % ("b", ", from: 2024-06-30"),
        )


def test_bars_that_follow_each_other_within_a_year_add_up():
    first = BAR % ("a", "USA", "50 %", ", from: 2023-01-01, to: 2024-06-30")
    then = BAR % ("b", "USA", "70 %", ", from: 2024-07-01")
    found = compiled(first, then)
    days = 182 / 366  # of 2024 until the end of June
    barred = found.wedges.barred[:, node(ETCH), place(), place("USA")]
    np.testing.assert_allclose(barred[1:4], [0.5, 0.5 * days + 0.7 * (1 - days), 0.7])
    # What is laid in is for what the second has more than the first.
    part = context().sourcing[node(ETCH), place(), place("USA")]
    left = 1 - context().barred[:, node(ETCH), place(), place("USA")]
    rise = left[2:4] * np.diff(barred[1:4])
    stored = found.wedges.hoarding[1:3, node(ETCH), place()]
    np.testing.assert_allclose(stored, values({})["hoarding_cover"] * part * rise, rtol=1e-9)


def test_stores_are_for_what_other_bars_leave():
    """Two bars and the timeline: what is laid in is for the rise of the whole."""
    dates = ", from: 2024-01-01", ", adds: true, from: 2026-01-01"
    texts = (
        BAR % ("a", "[USA, NLD]", "50 %", dates[0]),
        BAR % ("b", "[USA, NLD]", "60 %", dates[1]),
        "{lever: controls_timeline, label: x, until: 2023-12-31}",
    )
    found = compiled(*texts)
    row, china = node(ETCH), place()
    base = context().barred[:, row, china]
    whole = 1 - (1 - base) * (1 - found.wedges.barred[:, row, china])
    rise = np.maximum(np.diff(whole, axis=0), 0.0) @ context().sourcing[row, china]
    at = YEARS.index(2025)
    laid = found.wedges.hoarding[at, row, china]
    assert laid == pytest.approx(values({})["hoarding_cover"] * rise[at])
    alone = compiled(texts[1]).wedges.hoarding[at, row, china]
    assert 0 < laid < 0.6 * alone  # the first bar takes half of it already


def test_what_is_borrowed_until_a_day_is_paid_back_after_it():
    text = "{lever: demand_policy, label: x, regions: CHN, size: 100 bn USD%s}"
    found = compiled(text % ", from: 2024-01-01, to: 2027-12-31")
    world = context().gdp.sum(axis=1)
    real = found.wedges.deficit[:, place()] * world / world[0]
    left = [year for year in YEARS if year > 2027]
    expected = [
        100e3 if 2024 <= year <= 2027 else -400e3 / len(left) if year > 2027 else 0.0
        for year in YEARS
    ]
    np.testing.assert_allclose(real, expected, rtol=1e-9)
    np.testing.assert_allclose(found.wedges.deficit.sum(axis=1), 0, atol=1e-6)
    assert found.ledger.total == pytest.approx(400e3)  # counted once
    (said,) = [one for one in found.remarks if "paid back" in one]
    assert "x: what is borrowed abroad, 400 bn USD, is paid back in equal parts in 2028" in said
    (said,) = [one for one in compiled(text % "").remarks if "paid back" in one]
    assert "is not paid back within the path, so that real income is too high" in said


def test_what_a_slump_lends_comes_back():
    text = "{lever: demand_slump, label: x, regions: CHN, size: -3 %%, from: 2024-01-01%s}"
    found = compiled(text % ", to: 2024-12-31")
    world = context().gdp.sum(axis=1)
    real = found.wedges.deficit[:, place()] * world / world[0]
    spent = context().world.final.sum(axis=(0, 1, 3))[place()] * (1 + GROWTH) ** 2
    assert real[2] == pytest.approx(-0.03 * spent)
    np.testing.assert_allclose(real[3:], 0.03 * spent / len(YEARS[3:]))
    assert any("what is lent abroad" in one for one in found.remarks)
    endless = compiled(text % "")
    assert (endless.wedges.deficit[2:, place()] < 0).all()
    assert any("real income is too low" in one for one in endless.remarks)


def test_two_slumps_of_a_region_are_told():
    text = "{lever: demand_slump, label: %s, regions: %s, size: -1 %%%s}"
    both = compiled(text % ("a", "CHN", ""), text % ("b", "[CHN, JPN]", ""))
    (said,) = [one for one in both.remarks if "both add up" in one]
    assert said.startswith("b: it moves the spending of CHN in 2023 as a does")
    apart = compiled(text % ("a", "CHN", ""), text % ("b", "JPN", ""))
    meant = compiled(text % ("a", "CHN", ""), text % ("b", "CHN", ", adds: true"))
    for found in (apart, meant):
        assert not any("both add up" in one for one in found.remarks)


def test_tariffs_below_zero_in_total_are_told():
    pact = (
        "{lever: trade_agreement, label: pact, members: [CHN, JPN], tariff_cut: 90 %, "
        "from: 2023-01-01}"
    )
    duty = "{lever: tariff, label: free, importers: CHN, exporters: JPN, rate: %s}"
    (said,) = [one for one in compiled(pact, duty % "0 %").remarks if "import subsidy" in one]
    total = (context().world.tariff + compiled(pact, duty % "0 %").wedges.tariff).min()
    assert said.startswith("pact and free: together they take the tariff of CHN on ")
    assert f"from JPN to {100 * total:.1f} % in" in said
    assert total < 0
    for texts in ((pact,), (duty % "0 %",)):
        assert not any("import subsidy" in one for one in compiled(*texts).remarks)


def test_a_budget_is_one_region_s():
    text = "{lever: research_spending, label: x, regions: CHN, size: 1 bn USD}"
    with pytest.raises(ScenarioError) as error:
        compiled(text, budget={"EU": "1 % of GDP"})
    said = str(error.value)
    assert said.startswith("scenario t, budget: 'EU' has ")
    assert said.endswith("regions; name one region")


@pytest.mark.parametrize(
    ("text", "acts", "pressed"),
    [
        ("{lever: tariff, importers: EU, exporters: CHN, size: 5 pp}", ["DEU"], ["CHN", "USA"]),
        ("{lever: tariff, importers: west, exporters: CHN, size: 5 pp}", ["USA", "FRA"], ["CHN"]),
        (
            "{lever: export_control, suppliers: USA, allies: [JPN, EU], users: CHN, "
            "nodes: semiconductors/etch, share: 10 %}",
            ["USA", "JPN", "NLD"],
            ["CHN", "KOR"],
        ),
        ("{lever: decoupling, one: CHN, other: west}", [], ["CHN", "USA", "BRA"]),
        (
            "{lever: decoupling, one: CHN, other: west, starts: other}",
            ["USA", "FRA"],
            ["CHN", "BRA"],
        ),
        ("{lever: decoupling, one: CHN, other: west, starts: one}", ["CHN"], ["USA", "FRA"]),
        ("{lever: research_spending, regions: CHN, size: 1 bn USD}", ["CHN", "USA"], []),
    ],
)
def test_a_group_acts_by_each_of_its_members(text, acts, pressed):
    made = scenario(text.replace("{", "{label: x, ", 1))
    (measure,) = made.measures
    known = context()
    groups = {**known.groups, "west": ("USA", *known.groups["EU"])}
    seen = replace(known, groups=groups)
    for region in acts:
        assert not measure.presses(region, seen), region
    for region in pressed:
        assert measure.presses(region, seen), region


def test_levers_and_pressures_of_a_scenario():
    found = compiled(
        "{lever: tariff, label: duty, importers: EU, exporters: CHN, size: 5 pp}",
        RESEARCH % ("lab", "firms", ""),
    )
    assert (found.pressures("CHN"), found.levers("CHN")) == (("duty",), ("lab",))
    assert (found.pressures("FRA"), found.levers("FRA")) == ((), ("duty", "lab"))
