"""What a verdict shows, section by section: every number has a name that `zizhu explain` knows."""

from __future__ import annotations

from typing import NamedTuple


class Section(NamedTuple):
    """A part of the report.

    anchor  place on the page
    title   its heading
    items   names in the glossary of what it shows
    """

    anchor: str
    title: str
    items: tuple[str, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "scoreboard",
        "Scoreboard",
        (
            "chain_share",
            "final_share",
            "sector_share",
            "weakest",
            "weakest_share",
            "headquarters_part",
            "plants_at_home",
            "tier_share",
            "tier_bought",
            "content_share",
            "band",
        ),
    ),
    Section("targets", "Targets", ("target_value", "target_reached", "band_chance")),
    Section("income", "Real income", ("real_income_effect", "band", "decomposition")),
    Section(
        "sure", "How sure", ("chain_share", "band", "band_chance", "band_cost", "variance_part")
    ),
    Section("money", "Where the money goes", ("planned_outlay", "public_funds_cost")),
    Section(
        "arrived",
        "Where the money arrived",
        (
            "node_effort",
            "node_effort_multiple",
            "node_effort_own",
            "node_effort_sector",
            "node_money",
        ),
    ),
    Section(
        "bought",
        "What each measure bought",
        ("planned_outlay", "measure_income", "measure_points", "measure_node_points"),
    ),
    Section(
        "chokes",
        "What still chokes",
        (
            "binds",
            "root",
            "spell",
            "lack",
            "squeeze",
            "purchases",
            "node_home_share",
            "node_price",
            "node_lack",
            "node_gap",
            "band_chance",
        ),
    ),
    Section(
        "abroad",
        "Who abroad gains and loses",
        ("income_effect", "sales_change", "sales_change_percent", "region_internal_share"),
    ),
    Section(
        "resilience",
        "Resilience",
        (
            "loss",
            "shock_probability",
            "break_even",
            "verdict",
            "duplication_cost",
            "expected_loss",
            "expected_avoided",
        ),
    ),
    Section("doubts", "What would change the conclusion", ("doubt",)),
    Section("rests", "What it rests on", ("audit", "residual")),
)


def anchor_of(item: str) -> str:
    """Where the page defines an item."""
    return f"item-{item}"


def shown_items() -> tuple[str, ...]:
    """Every item once, in the order of the page."""
    return tuple(dict.fromkeys(item for one in SECTIONS for item in one.items))


def known_item(anchor: str, item: str) -> str:
    """The place of an item that a section shows; `KeyError` for one that it does not name."""
    (section,) = (one for one in SECTIONS if one.anchor == anchor)
    if item not in section.items:
        raise KeyError(f"section {anchor} names no item {item}")
    return anchor_of(item)
