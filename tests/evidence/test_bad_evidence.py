"""Whatever is wrong with a file of facts or claims: file, entry, field, what would be right."""

from __future__ import annotations

import copy

import pytest
import yaml

from zizhu.errors import EvidenceError
from zizhu.evidence import load_claims, load_documents, load_facts

FACT = {
    "topic": "money",
    "statement": "A fund raised 10 bn CNY.",
    "use": "size",
    "source": "Somebody (2024)",
    "where": ["https://example.org"],
    "year": 2024,
    "confidence": "high",
    "definitions": ["stock"],
    "quantities": {"raised": {"value": 10, "unit": "bn CNY", "year": 2024}},
    "conversions": [{"amount": "10 bn CNY", "stated": "1.4 bn USD", "date": "2024-05-24"}],
}
CLAIM = {
    "document": "D2",
    "lines": [4],
    "summary": "A fund raised 10 bn CNY.",
    "kind": "numeric",
    "observable": "money raised",
    "verdict": "supported",
    "because": "it did",
    "evidence": ["F01"],
    "settled_by": "the register",
    "definitions": ["stock"],
    "test": "stay_rates",
}
GONE = object()


def changed(entry, path, value):
    new = copy.deepcopy(entry)
    place = new
    *above, last = path.split(".")
    for key in above:
        place = place[int(key) if key.isdigit() else key]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return new


def complaint(load, path):
    with pytest.raises(EvidenceError) as stop:
        load(path)
    text = str(stop.value)
    assert "\n" not in text
    assert "Traceback" not in text
    assert str(path) in text
    return text


@pytest.fixture
def written(tmp_path):
    def write(name, content):
        path = tmp_path / name
        text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_good_files_are_read(written):
    found = load_facts(written("facts.yaml", {"X01": FACT}))["X01"]
    assert found.quantity("raised").value == 10
    assert found.conversions[0].implied_rate() == pytest.approx(10 / 1.4)
    assert load_claims(written("claims.yaml", {"X01": CLAIM}))["X01"].test == "stay_rates"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("topic", "mony", ["entry X01", "topic", "'mony'", "did you mean money"]),
        ("confidence", "hihg", ["confidence", "'hihg'", "did you mean high"]),
        ("definitions", ["stok"], ["definitions", "'stok'", "did you mean stock"]),
        ("quantities.raised.unit", "bn CYN", ["quantities.raised.unit", "did you mean bn CNY"]),
        ("quantities.raised.value", "ten", ["quantities.raised.value", "'ten'", "number"]),
        ("quantities.raised.value", float("nan"), ["quantities.raised.value", "finite number"]),
        ("quantities.raised", 10, ["quantities.raised", "a mapping of fields is right"]),
        ("source", GONE, ["field source", "it is missing"]),
        ("source", "", ["field source", "it is empty"]),
        ("statement", GONE, ["field statement", "it is missing"]),
        ("where", "https://example.org", ["field where", "a list such as"]),
        ("where", [], ["field where", "at least 1 item"]),
        ("year", "long ago", ["field year", "'long ago'", "a whole number"]),
        ("year", 24, ["field year", "'24' found", "1900"]),
        ("statment", "x", ["statment", "there is no such field", "did you mean statement"]),
        ("id", "X01", ["field id", "the id is the key X01"]),
        ("conversions.0.stated", "1.4 bn USX", ["conversions.0.stated", "'USX'", "USD"]),
        ("conversions.0.stated", "1.4", ["conversions.0.stated", "no unit", "344 bn CNY"]),
        ("conversions.0.stated", "1.4 bn CNY", ["both in CNY", "two currencies"]),
        ("conversions.0.amount", "-10 bn CNY", ["conversions.0", "above zero"]),
        ("conversions.0.date", "1890-01-01", ["no exchange rate for 1890", "from 2005 on"]),
        ("conversions.0.date", "in May", ["conversions.0.date", "'in May'", "is not a date"]),
        ("conversions.0.date", GONE, ["conversions.0.date", "it is missing"]),
    ],
)
def test_bad_facts(written, field, value, words):
    path = written("facts.yaml", {"X01": changed(FACT, field, value)})
    text = complaint(load_facts, path)
    assert not [word for word in ["X01", *words] if word not in text], text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kind", "numerical", ["field kind", "'numerical'", "did you mean numeric"]),
        ("verdict", "suported", ["field verdict", "'suported'", "did you mean supported"]),
        ("evidence", ["F0I"], ["field evidence", "there is no fact 'F0I'", "did you mean F"]),
        ("evidence", "F01", ["field evidence", "a list such as"]),
        ("document", "D9", ["field document", "there is no document 'D9'", "D0"]),
        ("lines", [400], ["field lines", "D2 has no line 400", "1 to 42"]),
        ("lines", [0], ["field lines", "has no line 0"]),
        ("lines", [], ["field lines", "at least 1 item"]),
        ("lines", ["four"], ["field lines", "'four'", "a whole number"]),
        ("test", "stay_rate", ["field test", "no test 'stay_rate'", "did you mean stay_rates"]),
        ("definitions", ["flows"], ["definitions", "'flows'", "did you mean flow"]),
        ("because", "  ", ["field because", "it is empty"]),
        ("settled_by", GONE, ["field settled_by", "it is missing"]),
        ("summary", [5], ["field summary", "['5'] found", "a text"]),
    ],
)
def test_bad_claims(written, field, value, words):
    path = written("claims.yaml", {"X01": changed(CLAIM, field, value)})
    text = complaint(load_claims, path)
    assert not [word for word in ["X01", *words] if word not in text], text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("X01: [unclosed", ["line", "not valid YAML"]),
        ("- a list\n", ["holds a list", "fields such as"]),
        ("", ["is empty"]),
        ("X01: {}\nX01: {}\n", ["line 2", "X01 appears twice"]),
        ("X01:\n", ["entry X01", "nothing found", "a mapping of fields"]),
        ("X01: words\n", ["entry X01", "'words' found", "a mapping of fields"]),
        ("x01: {}\n", ["entry x01", "capital letters", "F01"]),
    ],
)
@pytest.mark.parametrize("load", [load_facts, load_claims, load_documents])
def test_bad_files(written, load, content, words):
    text = complaint(load, written("mine.yaml", content))
    assert not [word for word in words if word not in text], text


def test_not_text(tmp_path):
    path = tmp_path / "facts.yaml"
    path.write_bytes(b"\xff\xfe\x00X01")
    assert "not UTF-8" in complaint(load_facts, path)
    assert "cannot be read" in complaint(load_facts, tmp_path / "none.yaml")


def test_documents(written):
    good = {"file": "a.txt", "outlet": "x", "genre": "y", "period": "2024", "lines": 3}
    assert load_documents(written("d.yaml", {"X0": good}))["X0"].lines == 3
    text = complaint(load_documents, written("e.yaml", {"X0": {**good, "lines": 0}}))
    assert "field lines" in text
    text = complaint(load_documents, written("f.yaml", {"X0": changed(good, "outlet", GONE)}))
    assert "field outlet" in text
