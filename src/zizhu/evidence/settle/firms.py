"""Firms: lists of controlled firms, a champion under controls, small specialised firms."""

from __future__ import annotations

from zizhu.evidence.claims import Claim
from zizhu.evidence.facts import fact
from zizhu.evidence.settle.finding import Finding, cited, worked_out


def entity_list_count(claim: Claim) -> Finding:
    """Chinese firms on the Entity List."""
    old, new = (
        cited("F52", "listed_1997", "counts", "Chinese firms listed"),
        cited("F52", "listed_2022", "counts", "Chinese firms listed"),
    )
    return Finding(
        "entity_list_count",
        claim.id,
        (new, old),
        f"{new.value:.0f} Chinese firms were listed in 2022, {old.value:.0f} in 1997; how many are "
        "start-ups is not known.",
        "at least 200 firms; what kind they are is not tested (judgement)",
        new.value >= 200,
    )


def champion_revenue(claim: Claim) -> Finding:
    """Huawei's revenue in the year after the controls and three years later."""
    one = fact("F54")
    before, hit, later = (
        one.quantity(f"revenue_{year}").value for year in ("2020", "2021", "2024")
    )
    first = worked_out("group, 2021", 100 * (hit / before - 1), "percent", "revenue", "F54")
    consumer = cited("F54", "change_consumer_2021", "revenue", "consumer unit")
    back = worked_out("group, 2024 over 2020", 100 * later / before, "percent", "revenue", "F54")
    zte = claim.id == "C065"
    agrees = -55 <= consumer.value <= -40 and -35 <= first.value <= -20 and back.value >= 90
    return Finding(
        "champion_revenue",
        claim.id,
        (first, consumer, back),
        f"Huawei's revenue changed by {first.value:.1f} percent in 2021, its consumer unit by "
        f"about {consumer.value:g}, and was back at {back.value:.0f} percent of 2020 in 2024; part "
        "of the fall is the sale of Honor." + (" No figure for ZTE was found." if zte else ""),
        "as in C016 for Huawei; ZTE needs a figure first"
        if zte
        else "consumer unit -40 to -55, group -20 to -35 percent, at least 90 percent after four "
        "years (judgement)",
        None if zte else agrees,
    )


def little_giants(claim: Claim) -> Finding:
    """Number of little giants, what they earn, and how many leave."""
    old, new = (
        cited("F95", "firms_2021", "stock", "little giants"),
        cited("F95", "firms_2025", "stock", "little giants"),
    )
    growth = 100 * ((new.value / old.value) ** (1 / 4) - 1)
    one = fact("F95")
    lost = one.quantity("lost_status_batch_2").value
    leaving = 100 * (1 - (1 - lost / 100) ** (1 / 3))
    weight = one.quantity("share_of_revenue").value / one.quantity("share_of_firms").value
    numbers = (
        worked_out("growth a year, 2021-25", growth, "percent", "stock", "F95"),
        old,
        new,
        worked_out("leaving a year, review after three", leaving, "percent", "stock", "F95"),
        worked_out("share of revenue over share of firms", weight, "1", "revenue", "F95"),
    )
    return Finding(
        "little_giants",
        claim.id,
        numbers,
        f"The number grew from {old.value:,.0f} to {new.value:,.0f}, {growth:.0f} percent a year, "
        f"while {leaving:.0f} percent a year lost the title in one batch; the firms earn "
        f"{weight:.1f} times their part of all firms.",
        "a larger number in 2025, and about a tenth (8 to 13 percent) leaving a year (judgement)",
        new.value > old.value and 8 <= leaving <= 13,
    )
