"""Shipped facts and claims: formats, wording, links, conversions."""

from __future__ import annotations

import re

import pytest

from zizhu.errors import EvidenceError, ParameterError
from zizhu.evidence import (
    check_conversions,
    claim,
    claims,
    definitions,
    documents,
    fact,
    facts,
    search,
)
from zizhu.evidence.links import (
    claims_of_parameter,
    facts_named,
    facts_of_parameter,
    links_of_claim,
    links_of_fact,
    named_facts,
    unknown_facts,
)
from zizhu.evidence.vocabulary import TOPICS, VERDICTS


def test_counts():
    assert len(claims()) == 90
    assert len(facts()) >= 70
    assert {one.topic for one in facts().values()} == set(TOPICS)
    assert {one.verdict for one in claims().values()} <= set(VERDICTS)


def test_every_document_has_claims():
    used = {one.document for one in claims().values()}
    assert used == set(documents())
    assert all(one.lines for one in documents().values())


def test_every_tag_has_a_meaning():
    used = {tag for one in [*facts().values(), *claims().values()] for tag in one.definitions}
    assert used <= set(definitions())


def test_a_share_says_what_it_counts():
    """A fact of the sectors that has figures has a definition."""
    for one in facts().values():
        if one.topic == "sectors" and one.quantities:
            assert one.definitions, one.id


def test_quantities_are_in_the_statement():
    """Every figure that code may read stands in the text, digits and all."""
    missing = []
    for one in facts().values():
        digits = set(re.findall(r"\d+(?:[.,]\d+)*", one.statement + " " + (one.caveat or "")))
        plain = {text.replace(",", "") for text in digits}
        for name, figure in one.quantities.items():
            value = abs(figure.value)
            texts = {f"{value:.10g}", f"{value:.1f}", f"{value:.2f}"}
            scaled = {f"{value / scale:.10g}" for scale in (1e3, 1e6, 1e9)}
            if not (texts | scaled) & plain and value > 3:
                missing.append((one.id, name))
    # A difference of two figures that stand there, and a number in words.
    assert missing == [("F69", "shortfall_2024"), ("F90", "indicators_2023")]


def test_only_one_conversion_of_the_claims_is_off():
    found = check_conversions(facts(), claims())
    off = [one for one in found if one.off]
    assert [one.entry for one in off] == ["C002"]
    assert 7 < off[0].deviation < 10
    assert off[0].implied == pytest.approx(1000 / 128.68)
    assert all(one.source and one.rate_date for one in found)
    # The only rate of 2024 is the pair of F03, which cannot check itself.
    marks = {one.entry: one.mark for one in found}
    assert marks == {"F03": "its own rate", "F05": "holds", "F16": "holds", "C002": "above 3"}
    assert {one.rate_date for one in found} == {"2019", "2024-05-24"}


def test_lookups():
    assert fact("f06").id == "F06"
    assert claim("c063").id == "C063"
    with pytest.raises(EvidenceError, match=r"fact 'F006' is unknown; did you mean F06"):
        fact("F006")
    with pytest.raises(EvidenceError, match="quantity 'raized'; did you mean raised"):
        fact("F01").quantity("raized")


def test_search_wants_every_word():
    assert "F01" in [one.id for one in search(facts().values(), "big fund raised")]
    assert not search(facts().values(), "fund nosuchword")


def test_named_facts_are_found_in_text():
    assert facts_named("F96 (Guobanfa), F6H; not F-16, not XF06") == ("F96", "F6H")


def test_every_fact_that_is_named_exists():
    assert unknown_facts() == []
    assert unknown_facts(known=set(facts()) - {"F96"})


def test_links_both_ways():
    found = named_facts()
    for name, named in found["parameters"].items():
        for one in named:
            assert name in links_of_fact(one).parameters
        assert facts_of_parameter(name) == named
    links = links_of_fact("F96")
    assert "procurement_preference" in links.parameters
    assert "procurement_preference" in links.levers
    assert "self-sufficiency" in links.scenarios
    assert "C034" in links.claims
    back = links_of_claim("C034")
    assert back.facts == ("F96",)
    assert "procurement_preference" in back.parameters
    assert "C034" not in back.claims
    with pytest.raises(ParameterError, match="did you mean leakage"):
        facts_of_parameter("leakige")


def test_a_parameter_leads_to_claims():
    found = claims_of_parameter("relabelled_share")
    assert found
    for name in found:
        assert set(claims()[name].evidence) & set(facts_of_parameter("relabelled_share"))
    assert "relabelled_share" in links_of_claim(found[0]).parameters
    assert claims_of_parameter("choke_price") == ()
