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


# Registered elsewhere then, and changed with the chains.
CHANGED = [
    "barred_allied_tools",
    "barred_duv",
    "barred_euv",
    "barred_us_tools",
    "little_giant_research",
    "paid_in_ratio",
]


@pytest.fixture
def old(monkeypatch):
    """The generator, which is found from the folder of the pages."""
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module("generate.old_parameters")


def test_the_list_is_true(old):
    rows = old.rows_of(old.FILE.read_text(encoding="utf-8"))
    assert old.wrong(rows, parameters(), {*Node.model_fields, *Chain.model_fields}) == []
    assert {*BEFORE, *CHANGED} <= {row.name for row in rows if row.fate != "new"}


def test_what_takes_the_place_of_old_parameters_is_new_or_was_there(old):
    """And no parameter of the chains is missing from the list."""
    rows = old.rows_of(old.FILE.read_text(encoding="utf-8"))
    listed = {row.name: row.fate for row in rows}
    for row in rows:
        assert (row.name in parameters()) == (row.fate in ("kept", "new")), row.name
        for name in row.by:
            assert ":" in name or listed.get(name, "kept") in ("kept", "new"), (row.name, name)
    here = {name for name, one in parameters().items() if one.used_by == "chains"}
    assert here <= set(listed), here - set(listed)


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
        ("b,1,replaced,controls:c,why", "controls:c does not exist"),
        ("b,1,replaced,elsewhere:plants,why", "elsewhere:plants does not exist"),
        ("b,,new,,", "b is new, and the registry says otherwise"),
        ("a,,new,a,", "does not go with 'a'"),
        ("b,1,lost,,why", "fate 'lost'"),
        ("a,1,kept,,\na,1,kept,,", "appears twice"),
    ],
)
def test_a_wrong_row_is_found(old, row, words):
    (found,) = old.wrong(old.rows_of(HEAD + row), {"a"}, {"plants"})
    assert words in found


def test_the_table_has_what_changed_first(old):
    rows = old.rows_of(
        HEAD + "a,1,kept,,\nn,,new,,\nb,2,replaced,a chain:plants,a reason\nC,x,gone,,unused"
    )
    assert old.wrong(rows, {"a", "n"}, {"plants"}) == []
    lines = old.table_of(rows).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| `C`", "| `b`", "| `n`", "| `a`"]
    assert "`a`, `plants` of the node or chain" in lines[3]


def test_the_table_has_values_and_titles_of_the_registry(old):
    rows = old.rows_of(HEAD + "barred_duv,0.5,kept,,\ncatch_up,,new,,\nentry_gap,1.3,kept,,")
    _, _, new, duv, gap = old.table_of(rows, parameters()).splitlines()
    one, entry = parameters()["barred_duv"], parameters()["catch_up"]
    assert f"| 0.5, now {one.value:g} | kept |" in duv
    assert f"| {entry.value:g} | new |" in new
    assert entry.title in new
    assert "| 1.3 | kept |" in gap
