"""The glossary: every term stands on code, parameters and facts that exist."""

from __future__ import annotations

import importlib
import re

import pytest

from zizhu.chains import controls
from zizhu.errors import ScenarioError
from zizhu.evidence import facts
from zizhu.indicators.glossary import attributes, glossary, term
from zizhu.parameters import parameters


@pytest.mark.parametrize("name", list(glossary()))
def test_terms_stand_on_what_exists(name):
    entry = glossary()[name]
    assert set(entry.parameters) <= set(parameters())
    named = {code for text in entry.sources for code in re.findall(r"\bF[0-9][0-9A-Z]\b", text)}
    assert named <= set(facts())
    module, _, function = entry.computed.rpartition(".")
    assert getattr(importlib.import_module(module), function).__doc__
    for text in (entry.title, entry.unit, entry.definition):
        assert "{" not in text
        assert not text.endswith(".")


def test_what_bars_change_rests_on_the_sizes_of_all_controls():
    """Whatever a control bars has a part in them; a new control needs no new line."""
    every = {name for name in parameters() if name.startswith("barred_")}
    assert every == set(controls().sizes())
    resting = {name for name, one in glossary().items() if set(one.parameters) & every}
    assert resting >= {"node_lack", "node_barred", "binds", "root"}
    for name in resting:
        assert every <= set(term(name).parameters), name


def test_words_of_a_table_are_filled_in():
    said = attributes("sales_in_region", region="CHN", currency="USD")
    assert said["long_name"] == "Sales in CHN"
    assert said["units"] == "million USD"
    assert term("sales_in_region").unit == "million of the world's currency"
    assert "above 7 percent" in attributes("binds", threshold="7")["definition"]


def test_unknown_term():
    with pytest.raises(
        ScenarioError, match=r"'chain_shares' is unknown; did you mean chain_share\?"
    ):
        term("chain_shares")
