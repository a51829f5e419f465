"""Whatever is wrong with a measure: one sentence that names it, what was found and what is right.

Each case has the words without which the sentence would not help.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from lever_contexts import compiled

from zizhu.errors import ZizhuError
from zizhu.policy.compile import compile_wedges
from zizhu.policy.scenario import Scenario
from zizhu.policy.wedges import Wedges
from zizhu.world import open_world

SUBSIDY = "{lever: production_subsidy, label: x, regions: CHN, "
FUND = "{lever: investment_fund, label: x, region: CHN, "
CONTROL = "{lever: export_control, label: x, suppliers: USA, users: CHN, "
ANSWER = "{lever: counter_control, label: x, regions: CHN, users: USA, "
TARIFF = "{lever: tariff, label: x, importers: USA, exporters: CHN, size: 5 pp, "
ETCH = "nodes: semiconductors/etch, "
GIANTS = "{lever: little_giants, label: x, region: CHN, nodes: robots_cnc/servo, "
RECRUIT = "{lever: talent_recruitment, label: x, "

CASES = {
    # wrong units
    "plain-number": (SUBSIDY + "sectors: C26, size: 5}", ["size", "5 has no unit", "'20 %'"]),
    "points-for-percent": (SUBSIDY + "sectors: C26, size: 5 pp}", ["size", "percentage points"]),
    "percent-for-money": (
        FUND + ETCH + "size: 5 %}",
        ["size", "'5 %' is in percent", "344 bn CNY"],
    ),
    "unknown-currency": (FUND + ETCH + "size: 5 bn CNX}", ["size", "'CNX'", "CNY"]),
    "money-for-points": (
        "{lever: brain_drain, label: x, regions: CHN, size: 5 bn USD}",
        ["size", "money", "25 percentage points"],
    ),
    "share-of-gdp-for-a-firm": (
        GIANTS + "firms: 10, research: 1 % of GDP}",
        ["research", "no money", "30 mn CNY"],
    ),
    "cost-of-a-recruit-in-gdp": (
        RECRUIT + "regions: CHN, size: 1 %, cost: 1 % of GDP}",
        ["cost", "no money", "3.5 mn CNY"],
    ),
    "years-as-words": (TARIFF + "phase_in: ten}", ["phase_in", "'ten' found", "number"]),
    # signs and limits
    "negative-fund": (FUND + ETCH + "size: -5 bn USD}", ["size", "-5 bn USD", "0 or more"]),
    "negative-preference": (
        "{lever: procurement_preference, label: x, regions: CHN, size: -5 %}",
        ["size", "-5 %", "0 % or more"],
    ),
    "negative-money-for-nodes": (SUBSIDY + ETCH + "size: -1 bn USD}", ["size", "is negative"]),
    "share-above-all": (CONTROL + ETCH + "share: 120 %}", ["share", "120 %", "0 % and 100 %"]),
    "all-labour": (
        "{lever: labour_supply, label: x, regions: CHN, size: -100 %}",
        ["size", "-100 %", "above -100 %"],
    ),
    "subsidy-beyond-cost": (
        SUBSIDY + "sectors: C26, size: 95 %}",
        ["size", "95 % of cost", "between -100 % and 90 %"],
    ),
    "subsidy-beyond-cost-in-money": (
        SUBSIDY + "sectors: A03, size: 3000 bn USD}",
        ["size", "% of cost", "90 %"],
    ),
    "more-leave-than-there-are": (
        "{lever: brain_drain, label: x, regions: CHN, size: 99 pp}",
        ["size", "95 %", "between 0 % and 100 %"],
    ),
    "openness-beyond-double": (
        "{lever: intellectual_property, label: x, regions: CHN, openness: 150 %}",
        ["openness", "150 %", "at most 100 %"],
    ),
    "free-research": (
        "{lever: research_tax_credit, label: x, regions: CHN, deduction: 400 %}",
        ["deduction", "free", "below 300 %"],
    ),
    "same-deduction": (
        "{lever: research_tax_credit, label: x, regions: CHN, deduction: 75 %, before: 75 %}",
        ["deduction", "75 %", "nothing would change"],
    ),
    "slump-that-rises": (
        "{lever: demand_slump, label: x, regions: CHN, size: 3 %}",
        ["size", "no fall", "below 0 %"],
    ),
    "no-firms": (GIANTS + "firms: 0}", ["firms", "0 found", "greater than 0"]),
    "more-recruits-than-people": (
        RECRUIT + "regions: CHN, people: 900000}",
        ["people", "900000", "300000", "fewer"],
    ),
    "wall-below-zero": (
        "{lever: decoupling, label: x, one: CHN, other: USA, tariff: -5 pp}",
        ["tariff", "-5 percentage points", "0 pp or more"],
    ),
    # names
    "node": (CONTROL + "nodes: semiconductors/ech, share: 5 %}", ["nodes", "'ech'", "etch"]),
    "chain": (FUND + "nodes: semiconductor/etch, size: 1 bn USD}", ["nodes", "did you mean semi"]),
    "whole-chain-by-name": (
        FUND + "nodes: semiconductors, size: 1 bn USD}",
        ["nodes", "is a chain", "semiconductors/*"],
    ),
    "no-node": (FUND + "nodes: [], size: 1 bn USD}", ["nodes", "empty", "at least one"]),
    "firm": ("{lever: entity_list, label: x, firms: huawey}", ["firms", "huawey", "huawei"]),
    "region": (
        SUBSIDY.replace("CHN", "CHX") + "sectors: C26, size: 1 %}",
        ["regions", "CHX", "CHN"],
    ),
    "group-for-a-region": (
        FUND.replace("CHN", "EU") + ETCH + "size: 1 bn USD}",
        ["region", "'EU' has 5 regions", "name one"],
    ),
    "sector": (SUBSIDY + "sectors: C62, size: 1 %}", ["sectors", "'C62'", "did you mean"]),
    "signalled-sector": (
        "{lever: local_support, label: x, regions: CHN, size: 1 bn USD, signalled: C62}",
        ["signalled", "'C62'"],
    ),
    "payer": (
        SUBSIDY + "sectors: C26, size: 1 %, payer: nobody}",
        ["payer", "'nobody' found", "'central government'"],
    ),
    "field": (FUND + ETCH + "size: 1 bn USD, splits: equal}", ["splits", "did you mean split"]),
    "lever": ("{lever: investment_funds, label: x}", ["'investment_funds'", "investment_fund"]),
    "parameter": (FUND + ETCH + "size: =big_fund_4}", ["'big_fund_4'", "did you mean big_fund"]),
    "unknown-stock-abroad": (
        RECRUIT + "regions: IND, size: 1 %}",
        ["stock", "IND", "not registered", "give stock"],
    ),
    # missing, doubled, contradicting
    "neither-target": (SUBSIDY + "size: 1 %}", ["give either sectors or nodes"]),
    "both-targets": (SUBSIDY + ETCH + "sectors: C26, size: 1 %}", ["either sectors or nodes"]),
    "no-size": (FUND + ETCH + "}", ["size", "missing"]),
    "nodes-without-share": (CONTROL + ETCH + "}", ["nodes and share go together"]),
    "cut-of-nodes": (CONTROL + ETCH + "share: 5 %, cut: 5 %}", ["cut", "nodes take share"]),
    "cut-and-cost": (CONTROL + "sectors: C28, cut: 5 %, cost: 5 %}", ["either cut", "or cost"]),
    "alignment-of-nobody": (CONTROL + ETCH + "share: 5 %, aligned: 50 %}", ["aligned", "allies"]),
    "ally-that-supplies": (
        CONTROL + ETCH + "share: 5 %, allies: [USA, JPN]}",
        ["allies", "USA is a supplier already"],
    ),
    "hoarding-of-sectors": (
        CONTROL + "sectors: C28, cost: 5 %, hoarding: true}",
        ["hoarding", "it acts on nodes"],
    ),
    "tax-and-cost": (ANSWER + "sectors: C28, tax: 5 %, cost: 5 %}", ["either cost", "or tax"]),
    "tax-on-nodes": (ANSWER + ETCH + "share: 5 %, tax: 5 %}", ["tax", "nodes take share"]),
    "people-and-part": (
        RECRUIT + "regions: CHN, people: 10, size: 1 %}",
        ["either size", "or people"],
    ),
    "nothing-drains": ("{lever: brain_drain, label: x, regions: CHN}", ["give size", "abroad"]),
    "nothing-demanded": (
        "{lever: demand_policy, label: x, regions: CHN}",
        ["give size", "subsidy"],
    ),
    "subsidy-of-no-sector": (
        "{lever: demand_policy, label: x, regions: CHN, subsidy: 5 %}",
        ["sectors and subsidy go together"],
    ),
    "nothing-upgraded": (
        "{lever: upgrading, label: x, regions: CHN, sectors: C24}",
        ["give size", "keep"],
    ),
    "cost-of-nothing": (
        "{lever: upgrading, label: x, regions: CHN, sectors: C24, keep: 1 %, cost: 1 bn USD}",
        ["cost", "give size too"],
    ),
    "segment-of-nodes": (
        "{lever: champion, label: x, region: CHN, nodes: robots_cnc/servo, segment: 5 %}",
        ["segment", "leave segment out"],
    ),
    "state-firms-buy-no-sectors": (
        "{lever: procurement_preference, label: x, regions: CHN, state_firms: true}",
        ["state_firms", "name nodes"],
    ),
    "both-blocs": (
        "{lever: decoupling, label: x, one: [CHN, RUS], other: [USA, RUS]}",
        ["other", "RUS is in both blocs"],
    ),
    "stated-percent": (
        SUBSIDY + "sectors: C26, size: 5 %, stated: 5 bn USD}",
        ["stated checks a conversion", "money"],
    ),
    # own sales, empty targets
    "own-sales": (
        CONTROL.replace("USA", "CHN") + ETCH + "share: 5 %}",
        ["target is empty", "both CHN", "own sales"],
    ),
    "own-ideas": (
        "{lever: technology_transfer, label: x, users: CHN, suppliers: CHN, size: 5 %}",
        ["target is empty", "CHN"],
    ),
    "fees-to-oneself": (
        "{lever: technology_transfer, label: x, users: [CHN, JPN], suppliers: [CHN, JPN], "
        "size: 5 %, fees: 1 bn USD}",
        ["fees", "nobody is paid"],
    ),
    "all-borrow": (
        "{lever: demand_policy, label: x, regions: all, size: 1 bn USD}",
        ["regions", "cannot borrow at once"],
    ),
    "percent-of-what-is-not-made": (
        SUBSIDY.replace("CHN", "HKG") + "nodes: semiconductors/lith_euv, size: 5 %}",
        ["nodes", "HKG makes none", "give money"],
    ),
    # dates
    "after-the-path": (TARIFF + "from: 2040-01-01}", ["2040-01-01", "outside the path", "2035"]),
    "before-the-path": (
        TARIFF + "from: 2015-01-01, to: 2018-12-31}",
        ["outside the path", "2022 to 2035"],
    ),
    "fund-after-the-path": (
        FUND + ETCH + "size: 1 bn USD, from: 2040-01-01}",
        ["from", "2040-01-01", "2022 to 2035"],
    ),
    "backwards": (TARIFF + "from: 2030-01-01, to: 2028-01-01}", ["is after", "swap the dates"]),
    "fund-with-an-end": (FUND + ETCH + "size: 1 bn USD, to: 2030-01-01}", ["to", "leave to out"]),
    "fund-with-a-phase": (
        FUND + ETCH + "size: 1 bn USD, phase_in: 5}",
        ["phase_in", "own timing", "leave phase_in out"],
    ),
    "lockdown-with-a-phase": (
        "{lever: lockdown, label: x, regions: CHN, phase_in: 1}",
        ["phase_in", "own timing"],
    ),
    "timeline-with-a-date": (
        "{lever: controls_timeline, label: x, until: 2025-12-31, from: 2024-01-01}",
        ["from", "own dates", "until"],
    ),
    "timeline-without-a-date": ("{lever: controls_timeline, label: x}", ["until", "missing"]),
    "no-date": (
        "{lever: controls_timeline, label: x, until: soon}",
        ["until", "'soon' is not a date"],
    ),
    "negative-phase": (TARIFF + "phase_in: -1}", ["phase_in", "-1", "greater than or equal to 0"]),
    # what a path has not
    "cut-on-a-path": (CONTROL + "sectors: C28, cut: 50 %}", ["cut", "no limits on flows", "cost"]),
    "use-on-a-path": (
        "{lever: trade_cost, label: x, suppliers: USA, users: CHN, uses: intermediate, size: 5 %}",
        ["uses", "one trade cost for all uses"],
    ),
    # money that nobody raises
    "unfinanced": (
        "{lever: research_spending, label: x, regions: CHN, size: 9 % of GDP}",
        ["budget", "CHN", "9.0 % of GDP", "budget: {CHN:"],
    ),
}


def complaint(text: str, **fields: object) -> str:
    with pytest.raises(ZizhuError) as error:
        compiled(text, **fields)
    return str(error.value)


def check(sentence: str, words: list[str]) -> None:
    missing = [word for word in words if word not in sentence]
    assert not missing, (missing, sentence)
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert len(sentence) < 420, sentence


@pytest.mark.parametrize("name", CASES)
def test_one_sentence(name):
    text, words = CASES[name]
    check(complaint(text), words)


STATIC = {
    "fund": FUND + ETCH + "size: 1 bn USD}",
    "nodes": SUBSIDY + ETCH + "size: 1 %}",
    "control": CONTROL + ETCH + "share: 5 %}",
    "ideas": CONTROL + "sectors: C28, cost: 5 %, cuts_ideas: 5 %}",
    "blocs": "{lever: decoupling, label: x, one: CHN, other: USA, ideas: 5 %}",
    "talent": "{lever: talent_pipeline, label: x, regions: CHN, size: 5 %}",
    "phase": TARIFF + "phase_in: 3}",
    "preference": "{lever: procurement_preference, label: x, regions: CHN, nodes: a/b}",
}


def static(measure: dict[str, Any]) -> Wedges:
    """A measure in a run without years."""
    given = {"name": "t", "title": "t", "measures": [measure]}
    return compile_wedges(Scenario.model_validate(given), open_world("2022"))


@pytest.mark.parametrize("name", STATIC)
def test_a_static_run_asks_for_years(name):
    measure = yaml.safe_load(STATIC[name])
    with pytest.raises(ZizhuError) as error:
        static(measure)
    check(str(error.value), ["years", "x"])


def test_money_of_years_is_refused_where_there_are_none():
    text = SUBSIDY + "sectors: C26, size: 1 bn USD, from: 2022-01-01, to: 2026-12-31}"
    with pytest.raises(ZizhuError, match="money of 5 years; give the amount of one year"):
        static(yaml.safe_load(text))
    assert compiled(text).ledger.total == pytest.approx(5e3)


def test_overlaps_are_refused_by_year():
    one = TARIFF + "from: 2024-01-01, to: 2026-12-31}"
    other = one.replace("label: x", "label: y").replace("2024", "2026").replace("26-12", "28-12")
    with pytest.raises(ZizhuError) as error:
        compiled(one, other)
    words = ["measure y", "overlaps with measure x", "from USA", "2026", "`adds: true`"]
    check(str(error.value), [word for word in words if word != "from USA"])
    later = other.replace("2026-01-01", "2027-01-01")
    assert compiled(one, later).wedges.tariff.any()
    both = compiled(one, other.replace("}", ", adds: true}"))
    assert both.wedges.tariff.max() == pytest.approx(0.10)


def test_totals_have_limits():
    text = "{lever: production_subsidy, label: %s, regions: USA, sectors: A03, size: %s%s}"
    both = text % ("a", "49 %", ""), text % ("b", "50 %", ", adds: true")
    for wanted, texts in (("subsidies exceed 90 %", both), ("support exceeds 50 %", both[1:])):
        with pytest.raises(ZizhuError) as error:
            compiled(*texts)
        check(str(error.value), [wanted, "in total"])
    opened = "{lever: technology_transfer, label: %s, users: CHN, suppliers: JPN, size: 90 %%%s}"
    with pytest.raises(ZizhuError, match="openness more than doubles in total"):
        compiled(opened % ("a", ""), opened % ("b", ", adds: true"))


def test_a_budget_finances_what_it_says():
    text = "{lever: research_spending, label: x, regions: CHN, size: 9 % of GDP}"
    assert compiled(text, budget={"CHN": "9 % of GDP"}).ledger.total > 0
    check(complaint(text, budget={"CHN": "8 % of GDP"}), ["CHN", "8.0 % is financed"])
    firms = text.replace("}", ", payer: firms}")
    assert compiled(firms).ledger.total > 0  # no tax pays for it
