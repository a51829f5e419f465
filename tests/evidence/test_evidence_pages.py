"""`zizhu facts` and `zizhu claims`: pages that fit, lists, JSON, one sentence for what is wrong."""

from __future__ import annotations

import io
import json
from functools import cache

import pytest
import yaml
from rich.console import Console

import zizhu.evidence.settle
from zizhu.evidence import claims, documents, facts
from zizhu.evidence.links import links_of_claim
from zizhu.evidence.settle import settle
from zizhu.report.evidence import claim_page


@cache
def page(name: str) -> str:
    one = claims()[name]
    file = io.StringIO()
    console = Console(file=file, width=80, highlight=False)
    console.print(claim_page(one, documents()[one.document], settle(one), links_of_claim(name)))
    return file.getvalue()


@pytest.mark.parametrize("name", sorted(claims()))
def test_a_claim_fits_one_screen(name):
    text, one = page(name), claims()[name]
    lines = text.splitlines()
    assert len(lines) < 25
    assert max(map(len, lines)) <= 80
    words = " ".join(text.split())
    for part in (one.summary, one.observable, one.settled_by, one.because):
        # Everything is said in full, however it is folded.
        assert part.split()[-1] in words
    assert one.verdict.replace("_", " ").upper() in words
    for fact in one.evidence:
        assert fact in words


def test_a_claim_page_shows_number_beside_cited_one():
    text = page("C063")
    assert "34.6 percent" in text
    assert "all uses of electronics" in text
    assert "D2 line 27" in text
    assert "agrees (restates a cited figure; tables beside it); rule" in " ".join(text.split())
    assert "agrees; rule" in page("C026")
    assert "restates cited figures" in " ".join(page("C023").split())


def test_one_page_runs_one_test(zz, monkeypatch):
    asked = []
    whole = zizhu.evidence.settle.find_test

    def spy(name):
        asked.append(name)
        return whole(name)

    monkeypatch.setattr(zizhu.evidence.settle, "find_test", spy)
    assert zz("claims", "C063").code == 0
    assert asked == ["chip_demand_share"]


def test_lists(zz):
    found = zz("facts")
    assert found.code == 0
    assert found.out.count("\n") <= len(facts()) + 3
    assert f"{len(facts())} of {len(facts())} facts" in found.out
    assert "F06" in zz("facts", "--topic", "money").out
    assert "F06" not in zz("facts", "--topic", "regions").out
    assert "F96" in zz("facts", "--search", "procurement preference").out
    found = zz("claims")
    assert "90 claims" in found.out
    assert "supported with caveat" in found.out
    assert "1 claims" in zz("claims", "--verdict", "misleading").out
    assert "C063" in zz("claims", "--document", "d2").out


def test_a_fact_says_what_rests_on_it(zz):
    text = " ".join(zz("facts", "f06").out.split())
    for word in ("misallocation", "C005", "productivity", "confidence high", "4.4", "% of GDP"):
        assert word in text


def test_check_units(zz):
    found = zz("claims", "--check-units", columns=100)
    assert "above 3 percent: C002" in found.out
    checks = json.loads(zz("claims", "--check-units", "--json").out)
    assert [one["entry"] for one in checks if one["off"]] == ["C002"]
    assert "its own rate" in found.out


def test_run_all_tests(zz):
    found = zz("claims", "--test", "--document", "D4", columns=100)
    assert found.code == 0
    assert "claims tested" in found.out
    assert "C080" in found.out
    rows = json.loads(zz("claims", "--test", "--document", "D4", "--json").out)
    assert {row["claim"] for row in rows} >= {"C080", "C082"}


def test_json(zz):
    one = json.loads(zz("claims", "C063", "--json").out)
    assert one["finding"]["agrees"] is True
    assert one["links"]["facts"] == ["F62"]
    assert json.loads(zz("claims", "C020", "--json").out)["finding"] is None
    assert len(json.loads(zz("claims", "--json").out)) == 90
    found = json.loads(zz("facts", "F96", "--json").out)
    assert "procurement_preference" in found["used_by"]["parameters"]
    assert len(json.loads(zz("facts", "--json").out)) == len(facts())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["facts", "F006"], ["fact 'F006'", "did you mean F06"]),
        (["claims", "C630"], ["claim 'C630'", "did you mean C"]),
        (["facts", "--topic", "mony"], ["'mony'", "did you mean money"]),
        (["claims", "--verdict", "suported"], ["'suported'", "did you mean supported"]),
        (["claims", "--document", "D9"], ["'D9'", "D0"]),
        (["facts", "F06", "--search", "x"], ["an id or --search, not both"]),
        (["claims", "C063", "--test"], ["an id or --test, not both"]),
        (["claims", "--file", "none.yaml"], ["none.yaml", "cannot be read"]),
        (["facts", "--file", "none.yaml"], ["none.yaml", "cannot be read"]),
    ],
    ids=lambda value: " ".join(value) if "--" in " ".join(value) else None,
)
def test_refused(zz, arguments, words):
    sentence = zz(*arguments).complaint
    assert not [word for word in words if word not in sentence], sentence


def test_own_files(zz, tmp_path):
    """A user's claims with facts and documents beside them."""
    shipped = yaml.safe_load(zizhu.evidence.entries.shipped("facts.yaml").read_text("utf-8"))
    (tmp_path / "facts.yaml").write_text(yaml.safe_dump({"X01": shipped["F01"]}), "utf-8")
    document = {"file": "a.txt", "outlet": "x", "genre": "y", "period": "2024", "lines": 3}
    (tmp_path / "documents.yaml").write_text(yaml.safe_dump({"X0": document}), "utf-8")
    claim = {
        "document": "X0",
        "lines": [3],
        "summary": "A fund raised 10 bn CNY.",
        "kind": "numeric",
        "observable": "money raised",
        "verdict": "supported",
        "because": "it did",
        "evidence": ["X01"],
        "settled_by": "the register",
        "test": "fund_sizes",
        "conversions": [{"amount": "10 bn CNY", "stated": "2 bn USD", "date": 2019}],
    }
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump({"X01": claim}), "utf-8")
    assert "1 claims" in zz("claims", "--file", "mine.yaml").out
    text = zz("claims", "X01", "--file", "mine.yaml").out
    assert "funds I and II" in text
    assert "above 3 percent: C" not in text
    off = zz("claims", "--file", "mine.yaml", "--check-units", columns=100).out
    assert "above 3 percent: X01" in off
    assert "X01" in zz("facts", "--file", "facts.yaml").out
    assert zz("facts", "X01", "--file", "facts.yaml").code == 0
    (tmp_path / "facts.yaml").write_text(yaml.safe_dump({"F01": shipped["F01"]}), "utf-8")
    sentence = zz("claims", "--file", "mine.yaml").complaint
    assert "F01" in sentence
    assert "shipped already" in sentence
