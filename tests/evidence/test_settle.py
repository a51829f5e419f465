"""Tests of claims: finite numbers with a source, no sentence without its number."""

from __future__ import annotations

import math
import re
from typing import get_args

import pytest

from zizhu.chains.chain import HomeShare
from zizhu.errors import EvidenceError, WorldError
from zizhu.evidence import claims, definitions, facts
from zizhu.evidence.build import TABLES
from zizhu.evidence.derived import derived, derived_names
from zizhu.evidence.registry import TESTS
from zizhu.evidence.settle import bottleneck, chain_numbers, find_test, settle
from zizhu.evidence.settle.chain_numbers import home_share, supplier_share
from zizhu.replications import replicate

TESTED = [one.id for one in claims().values() if one.test is not None]


@pytest.mark.parametrize("name", TESTED)
def test_finding(name):
    found = settle(claims()[name])
    assert found is not None
    assert found.numbers
    assert found.claim == name
    for one in found.numbers:
        assert math.isfinite(one.value), one
        assert one.source.strip(), one
        assert one.unit, one
        assert one.definition in definitions(), one
        if one.cited and re.match(r"F\d", one.source):
            assert re.match(r"F[0-9][0-9A-Z]", one.source)[0] in facts()
    assert found.rule
    assert found.agrees in (True, False, None)
    assert re.search(r"\d", found.reading)
    assert found.reading.endswith(".")
    assert found.kind == ("cited" if found.numbers[0].cited else "table")
    assert found.as_json()["kind"] == found.kind


def test_every_test_is_used_or_says_so():
    used = {one.test for one in claims().values()} - {None}
    assert used <= set(TESTS)
    # Not asked for by a claim, but of use with one's own.
    assert set(TESTS) - used <= {"manufacturing_weight"}


def test_every_test_exists():
    for name in TESTS:
        assert find_test(name).__doc__
    with pytest.raises(EvidenceError, match="did you mean stay_rates"):
        find_test("stay_rate")


def test_a_claim_without_a_test_finds_nothing():
    assert settle(claims()["C020"]) is None


def test_weight_in_manufacturing_is_near_the_published_one():
    found = find_test("manufacturing_weight")(claims()["C055"])
    assert found.agrees
    assert 20 < found.numbers[0].value < 35


@pytest.mark.long
def test_foreign_content_matches_the_replication():
    """The derived table of our own estimates is what the replication computes."""
    try:
        rows = {row.quantity: row.computed for row in replicate("foreign-value-added").rows}
    except WorldError as error:
        pytest.skip(str(error))
    frame = derived("foreign_value_added").frame
    ours = frame[(frame.year == 2018) & (frame.table == "zizhu")].set_index("exports").percent
    assert ours["all"] == pytest.approx(rows["all exports"], abs=0.006)
    assert ours["electronics"] == pytest.approx(rows["electronics (C26)"], abs=0.006)


def test_derived_tables_say_where_they_are_from():
    assert derived_names() == sorted([*TABLES, "observed_moves"])
    for name in TABLES:
        found = derived(name)
        assert found.source == TABLES[name][1]
        assert found.licence == TABLES[name][2]
        assert not found.frame.empty
    with pytest.raises(EvidenceError, match="did you mean patent_families"):
        derived("patent_family")


def test_derived_shares_are_those_of_the_facts():
    """Facts that were computed from the same tables agree with them."""
    frame = derived("patent_families").frame
    chips = frame[(frame.field == "semiconductors") & (frame.year == 2020)].iloc[0]
    assert chips.china == facts()["F28"].quantity("families_china_2020").value
    assert chips.world == facts()["F28"].quantity("families_world_2020").value
    table = derived("knowledge_industries").frame.set_index(["industry", "year"])
    for industry, name in (("pharmaceuticals", "pharma"), ("electrical equipment", "electrical")):
        for year in (2002, 2010):
            row = table.loc[(industry, year)]
            said = facts()["F63"].quantity(f"{name}_{year}").value
            assert 100 * row.china / row.world == pytest.approx(said, abs=0.06)
    money = derived("research_spending").frame.set_index(["country", "year"])
    said = facts()["F20"].quantity("spending_ppp_china_2021").value
    assert money.loc[("China", 2021)].gerd_bn_ppp_usd == said


def test_numbers_of_chains():
    found = supplier_share("semiconductors", "lith_euv")
    assert found.value == 0
    assert found.definition == "headquarters"
    made = home_share("semiconductors", "ic", "output_over_use")
    assert (made.value, made.definition) == (16.7, "location")
    assert home_share("semiconductors", "ic", "firms_over_use").definition == "headquarters"
    with pytest.raises(EvidenceError, match="no node 'lith_duf'; did you mean lith_duv"):
        supplier_share("semiconductors", "lith_duf")
    with pytest.raises(EvidenceError, match="has no local_content of CHN"):
        home_share("semiconductors", "ic", "local_content")


def test_a_part_of_a_node_is_asked_for():
    part = home_share("robots_cnc", "machine_tool", "home_market", scope="five-axis machines")
    assert "five-axis machines" in part.label
    assert part.value < home_share("robots_cnc", "machine_tool", "home_market").value
    with pytest.raises(EvidenceError, match="has no home_market of CHN for lathes"):
        home_share("robots_cnc", "machine_tool", "home_market", scope="lathes")


def test_every_definition_of_a_home_share_has_a_tag():
    asked = get_args(HomeShare.model_fields["definition"].annotation)
    assert set(chain_numbers._TAGS) == set(asked)
    assert set(chain_numbers._TAGS.values()) <= set(definitions())


@pytest.mark.parametrize("name", ["C018", "C019", "C042", "C059", "C067"])
def test_what_is_not_measured_is_not_judged(name):
    assert settle(claims()[name]).agrees is None


def test_both_needs_must_fall():
    found = settle(claims()["C021"])
    now, then, sold_now, sold_then = (one.value for one in found.numbers[:4])
    assert found.agrees == (now < then and sold_now < sold_then)


def test_a_dated_rate_has_its_own_date():
    found = settle(claims()["C002"])
    labels = [one.label for one in found.numbers]
    assert "rate of 2024-05-24" in labels
    assert not [label for label in labels if "2024-10" in label]
    assert found.numbers[1].source.startswith("F03")
    assert found.numbers[-1].source.startswith("F16")
    assert found.numbers[-1].value == pytest.approx(100 * (140.87 / 128.68 - 1))


def test_the_rule_on_multiple_patterning_can_fail(monkeypatch):
    assert settle(claims()["C039"]).agrees
    monkeypatch.setattr(bottleneck, "_DEARER", 1e6)
    assert not settle(claims()["C039"]).agrees
