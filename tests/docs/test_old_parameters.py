"""The list of what became of old parameters agrees with the registry and the chains."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from zizhu.chains.chain import Chain, Node
from zizhu.parameters import parameters

DOCS = Path(__file__).parents[2] / "docs"
HEAD = "name,was,fate,by,why\n"


@pytest.fixture
def old(monkeypatch):
    """The generator, which is found from the folder of the pages."""
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module("generate.old_parameters")


def test_the_list_is_true(old):
    rows = old.rows_of(old.FILE.read_text(encoding="utf-8"))
    assert old.wrong(rows, parameters(), {*Node.model_fields, *Chain.model_fields}) == []
    # All that the room had when chains stood still, and constants of the code.
    assert sum(row.name.islower() for row in rows) >= 40


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("b,1,kept,,", "b is kept, and the registry says otherwise"),
        ("a,1,gone,,never read", "a is gone, and the registry says otherwise"),
        ("b,1,gone,,", "without a word"),
        ("b,1,replaced,,why", "does not go with ''"),
        ("b,1,gone,a,why", "does not go with 'a'"),
        ("b,1,replaced,c,why", "c does not exist"),
        ("b,1,replaced,chain:c,why", "chain:c does not exist"),
        ("b,1,lost,,why", "fate 'lost'"),
        ("a,1,kept,,\na,1,kept,,", "appears twice"),
    ],
)
def test_a_wrong_row_is_found(old, row, words):
    (found,) = old.wrong(old.rows_of(HEAD + row), {"a"}, {"plants"})
    assert words in found


def test_the_table_has_what_changed_first(old):
    rows = old.rows_of(HEAD + "a,1,kept,,\nb,2,replaced,a chain:plants,a reason\nC,x,gone,,unused")
    assert old.wrong(rows, {"a"}, {"plants"}) == []
    lines = old.table_of(rows).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| `C`", "| `b`", "| `a`"]
    assert "`a`, `plants` of the node or chain" in lines[3]
