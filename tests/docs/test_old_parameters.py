"""The list of what became of old parameters agrees with the registry and the chains."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from zizhu.chains.chain import Chain, Node
from zizhu.parameters import parameters

DOCS = Path(__file__).parents[2] / "docs"
HEAD = "name,was,fate,by,why\n"
# Every parameter of the room when chains stood still: none may be missing from the list.
BEFORE = [
    "absorptive_capacity",
    "building_years",
    "capital_new_share",
    "chain_elasticity_at_once",
    "chain_home_bias",
    "chain_input_elasticity",
    "chain_sourcing_elasticity",
    "choke_price",
    "controlled_home_preference",
    "criticality_least_weight",
    "criticality_long_years",
    "cross_border_spillover",
    "effort_clock_exponent",
    "effort_clock_floor",
    "effort_clock_reference",
    "effort_clock_start",
    "effort_floor",
    "effort_gap_scale",
    "effort_productivity",
    "effort_reference",
    "entry_gap",
    "entry_share",
    "euv_entry_spread",
    "euv_entry_year",
    "euv_weight_2019",
    "euv_weight_2030",
    "experience_years",
    "feed_elasticity",
    "foreign_experience",
    "gap_decay",
    "hoarding_cover",
    "learning_exponent",
    "lithography_elasticity",
    "lost_rent",
    "node_difficulty",
    "openness_catch_up",
    "plant_capital",
    "plant_trend",
    "quality_ceiling",
    "share_error_confirmed",
    "share_error_medium",
    "share_error_recalled",
    "tool_purchases_china",
    "top_group_part",
    "young_yield",
]


@pytest.fixture
def old(monkeypatch):
    """The generator, which is found from the folder of the pages."""
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module("generate.old_parameters")


def test_the_list_is_true(old):
    rows = old.rows_of(old.FILE.read_text(encoding="utf-8"))
    assert old.wrong(rows, parameters(), {*Node.model_fields, *Chain.model_fields}) == []
    assert set(BEFORE) <= {row.name for row in rows}


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
