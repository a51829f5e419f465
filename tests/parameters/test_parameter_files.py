"""Files of parameters: a user's own are read; a wrong one is one sentence."""

from __future__ import annotations

import re

import numpy as np
import pytest
import yaml

from zizhu.errors import ParameterError
from zizhu.parameters import load_parameters

GOOD = {
    "symbol": "x",
    "title": "A number of mine",
    "unit": "percent",
    "value": 12,
    "low": 5,
    "high": 20,
    "distribution": {"kind": "lognormal", "spread": 0.3},
    "source": "Author (2024), Journal 1, table 2",
    "used_by": "levers",
    "date": 2024,
}


def entry(**changes: object) -> str:
    fields = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return yaml.safe_dump({"mine": fields}, sort_keys=False)


def test_own_file(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(entry(facts=["F06"], calibrated=True), encoding="utf-8")
    found = load_parameters(file)["mine"]
    assert found == load_parameters(str(file))["mine"]
    assert (found.value, found.distribution.low, found.distribution.high) == (12, 5, 20)
    assert found.distribution.centre == 12
    assert found.facts == ("F06",)
    assert not found.assumed
    draws = found.distribution.quantile(np.linspace(0, 1, 11))
    assert draws[[0, -1]] == pytest.approx([5, 20])
    file.write_text(entry(distribution="triangular"), encoding="utf-8")
    assert load_parameters(file)["mine"].distribution.kind == "triangular"
    file.write_text(entry(high=float("inf"), distribution="fixed"), encoding="utf-8")
    assert load_parameters(file)["mine"].distribution.quantile(0.3) == 12


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"unit": "kg"}, "unit", "'kg' found, '1', 'percent'"),
        ({"unit": None}, "unit", "it is missing"),
        ({"value": 30}, "value", "30 lies outside its range 5 to 20"),
        ({"value": "many"}, "value", "'many' found; a number is right"),
        ({"value": True}, "value", "a number is right"),
        ({"value": float("nan")}, "value", "a number is right"),
        ({"low": 21}, "low", "the range 21 to 20 is empty"),
        ({"source": None}, "source", "it is missing"),
        ({"source": ""}, "source", "a publication with its year"),
        ({"source": "a colleague"}, "source", "or the word assumption"),
        ({"distribution": None}, "distribution", "it is missing"),
        ({"distribution": "gamma"}, "distribution.kind", "'gamma' found, 'fixed', 'uniform'"),
        (
            {"distribution": {"kind": "uniform", "low": 1}},
            "distribution",
            "inside the range 5 to 20",
        ),
        (
            {"distribution": {"kind": "uniform", "low": 15}},
            "distribution",
            "the value 12 lies outs",
        ),
        ({"distribution": {"kind": "normal"}}, "distribution", "normal needs the number spread"),
        (
            {"distribution": {"kind": "fixed", "centre": 13}},
            "distribution",
            "the value 12 is right",
        ),
        ({"distribution": {"kind": "uniform", "wide": 1}}, "distribution.wide", "no such field"),
        ({"distribution": 3}, "distribution.kind", "'3' found"),
        ({"facts": ["F6"]}, "facts.0", "'F6' found; the id of a fact such as F06"),
        ({"facts": "F06"}, "facts", "a list such as [A, B]"),
        ({"calibrated": True}, "calibrated", "facts that it was set to are missing"),
        ({"used_by": "model"}, "used_by", "'model' found, 'equilibrium'"),
        ({"symbol": ""}, "symbol", "at least 1 character"),
        ({"date": 20240}, "date", "'20240' found"),
        ({"name": "other"}, "name", "leave it out"),
        ({"sourc": "x"}, "sourc", "no such field; did you mean source?"),
    ],
)
def test_wrong_field(tmp_path, changes, field, words):
    file = tmp_path / "mine.yaml"
    file.write_text(entry(**changes), encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        load_parameters(file)
    said = str(error.value)
    assert said.startswith(f"parameter file {file}, parameter mine, field {field}: "), said
    assert words in said
    assert "\n" not in said
    assert not re.search(r"[.!?]\s+[A-Z]", said), said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (entry() + entry().replace("mine", "yours"), "field symbol: 'x' is the symbol of mine in"),
        (entry() + entry(), "the field mine appears twice"),
        ("", "it is empty"),
        ("- 1", "holds a list"),
        ("mine: 3", "parameter mine: '3' found; fields such as"),
        ("Mine-1: {}", "parameter Mine-1, field name: 'Mine-1' found; words in lower case"),
        ("mine: {", "not valid YAML"),
    ],
)
def test_wrong_file(tmp_path, text, words):
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        load_parameters(file)
    assert str(error.value).startswith(f"parameter file {file}")
    assert words in str(error.value)


def test_no_file(tmp_path):
    with pytest.raises(ParameterError, match="cannot be read"):
        load_parameters(tmp_path / "none.yaml")
