"""`zizhu validate`: ids, selection, exit codes, claims by the model; groups are stand-ins."""

from __future__ import annotations

import json
import re

import pytest

from zizhu.errors import EvidenceError
from zizhu.evidence import claims, definitions, research_lead, validation
from zizhu.evidence.settle import model
from zizhu.evidence.validation import check_ids, validate
from zizhu.laboratory.validation import GROUPS
from zizhu.replications.validation import ORACLES, WITH_DATA, with_data

ORACLE_IDS = {"R1", "R2", "R3", "R4", "R5", "R6", "foreign-value-added"}


def numbers_of(group) -> dict[str, float]:
    return {name: 1.0 + len(name) / 100 for name in group.names}


@pytest.fixture
def quick(monkeypatch):
    """Numbers that nobody computed, so that everything around them can be looked at."""
    monkeypatch.setattr(validation, "recall", numbers_of)
    monkeypatch.setattr(model, "remember", lambda group, _: numbers_of(group))
    monkeypatch.setattr(model, "recall", numbers_of)


def test_ids_are_in_order_and_once():
    ids = check_ids()
    assert len(ids) == len(set(ids))
    assert set(ids) >= ORACLE_IDS
    assert ids[0] == "V01"
    assert ids[-1] == "R6"
    assert not set(GROUPS) & set(ORACLES)


def test_research_lead_is_tested_by_its_correlation():
    fields = list(research_lead.PAIRS)
    numbers = {f"patents {field}": 10.0 + place for place, field in enumerate(fields)}
    alike = {f"market {field}": 3.0 * place for place, field in enumerate(fields)}
    (one,) = research_lead.GROUP.checks({**numbers, **alike})
    assert one.parts[0].value == pytest.approx(1.0)
    assert one.status == "failed"
    (one,) = research_lead.GROUP.checks({**numbers, **{name: -v for name, v in alike.items()}})
    assert one.status == "passed"


def test_all_or_some(quick):
    every = validate()
    assert tuple(one.id for one in every.checks) == check_ids()
    assert {one.claim for one in every.claims} == set(model.MODEL)
    some = validate(["v13", "R4", "c047"])
    assert [one.id for one in some.checks] == ["V13", "R4"]
    assert [one.claim for one in some.claims] == ["C047"]
    assert sum(every.counts.values()) == len(every.checks)
    with pytest.raises(EvidenceError, match="'V31' is unknown; did you mean V"):
        validate(["V31"])


def test_what_is_not_testable_counts_as_no_test(quick):
    found = validate(["R1", "V06"])
    assert found.counts["not testable"] == 2
    assert found.tests == (0, 0)


def test_plain_data_goes_round(quick):
    found = validate()
    plain = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert plain["checks"] == found.as_json()["checks"]
    assert [one["id"] for one in plain["checks"]] == list(check_ids())


@pytest.mark.parametrize("name", WITH_DATA)
def test_replications_need_their_tables(name, tmp_path):
    assert with_data(name, None).status == "not testable"
    assert "--data" in with_data(name, None).reason
    missing = with_data(name, tmp_path)
    assert missing.status == "not testable"
    assert "was not found" in missing.reason


@pytest.mark.parametrize("name", ORACLES)
def test_oracles_are_made_of_numbers_alone(name):
    group = ORACLES[name]
    found = group.checks(numbers_of(group))
    assert tuple(one.id for one in found) == group.ids
    assert all(part.band for one in found for part in one.parts)
    # Numbers of about one are far from exact.
    assert all(one.status == "failed" for one in found)


@pytest.mark.parametrize("name", model.MODEL)
def test_the_model_settles_a_claim(name, quick):
    found = model.settle_by_model(claims()[name])
    assert found.claim == name
    assert found.agrees in (True, False)
    assert re.search(r"\d", found.reading)
    assert found.reading.endswith(".")
    for number in found.numbers:
        assert number.definition in definitions()
        assert number.source
    # A claim is settled by tables or by the model, not by both.
    assert claims()[name].test is None
    assert model.MODEL[name][0] in GROUPS


def test_a_claim_can_be_refuted():
    numbers = dict.fromkeys(GROUPS["blocs"].names, 1.0)
    say = model.MODEL["C052"][1]
    good = {**numbers, "world": -2.0, "world_alone": -1.0}
    assert say(claims()["C052"], good).agrees
    assert not say(claims()["C052"], {**good, "world": 0.5}).agrees


def test_a_look_at_a_claim_runs_nothing(zz, monkeypatch):
    monkeypatch.setattr(model, "recall", lambda _: None)
    monkeypatch.setattr(model, "remember", lambda *_: pytest.fail("the model was run"))
    text = zz("claims", "C047").out
    assert "zizhu validate C047" in text
    monkeypatch.setattr(model, "recall", numbers_of)
    assert "gain of the loop" in zz("claims", "C047").out


def test_the_command(zz, quick):
    answer = zz("validate", "V15")
    assert "Talent" in answer.out
    assert "tests agree" in answer.out
    found = json.loads(zz("validate", "V15", "--json").out)
    assert [one["id"] for one in found["checks"]] == ["V15"]
    assert max(map(len, zz("validate").out.splitlines())) <= 80
    assert "did you mean V15" in zz("validate", "V151").complaint


def test_a_finding_that_fails_is_a_result_and_a_broken_identity_is_not(zz, quick):
    finding, identity = zz("validate", "V15"), zz("validate", "V20")
    assert "failed" in finding.out
    assert finding.code == 0
    assert "failed" in identity.out
    assert identity.code == 1
