"""Chips: who buys them, who makes them, the tools, and what happens before a control."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zizhu.evidence.claims import Claim
from zizhu.evidence.facts import fact
from zizhu.evidence.settle.chain_numbers import home_share, supplier_share
from zizhu.evidence.settle.finding import Finding, Number, cited, worked_out
from zizhu.world import open_history, open_world

CHINA, ELECTRONICS = "CHN", "C26"
TARGET = 70.0
SLOW = 2035


def chip_demand_share(claim: Claim) -> Finding:
    """Chinese part of the world's use of electronics, by kind of use, beside that of chips."""
    world = open_world("2022")
    china, sector = world.regions.index(CHINA), world.sectors.index(ELECTRONICS)
    inputs = world.intermediate[:, sector].sum(axis=(0, 2))
    final = world.final[:, sector].sum(axis=(0, 2))
    parts = {
        "all uses": inputs + final,
        "use as input": inputs,
        "final use": final,
    }
    shares = {name: float(100 * one[china] / one.sum()) for name, one in parts.items()}
    flow = np.asarray(open_history().flow.sel(year=2021, sector=ELECTRONICS).values, dtype=float)
    bought = flow.sum(axis=0)
    same_year = float(100 * bought[china] / bought.sum())
    said = cited("F62", "market_share_2021", "market_use", "chips sold in China, SIA")
    numbers = (
        said,
        Number("all uses of electronics, 2021", same_year, "percent", "market_use", "flows 2021"),
        *(
            Number(f"{name} of electronics, 2022", share, "percent", "market_use", "world 2022")
            for name, share in shares.items()
        ),
    )
    return Finding(
        "chip_demand_share",
        claim.id,
        numbers,
        f"China buys {same_year:.1f} percent of the world's electronics (C26, chips not apart) in "
        f"2021 and {said.value:g} percent of its chips; in 2022 it is {shares['use as input']:.0f} "
        f"percent of use as input and {shares['final use']:.0f} of final use.",
        "chips 34 to 36 percent in the cited figure, electronics less in final use than in all",
        34 <= said.value <= 36 and shares["final use"] < shares["all uses"],
    )


def chip_supply_share(claim: Claim) -> Finding:
    """What China makes of the chips that it buys, and of the world's, by place and by owner."""
    owner = supplier_share("semiconductors", "ic")
    place = cited("F60", "share_2021", "location", "made in China over the market")
    by_owner = cited("F60", "share_headquarters_2021", "headquarters", "made by Chinese firms")
    fabless = cited("F62", "fabless_share_2020", "headquarters", "fabless, world")
    circuits = cited("F62", "ic_sales_share_mainland", "headquarters", "all circuits, world, 2021")
    wide = cited("F62", "world_share_2020", "headquarters", "all chips, world, SIA")
    if claim.id == "C064":
        return Finding(
            "chip_supply_share",
            claim.id,
            (owner, circuits, wide, fabless),
            f"Chinese firms had {owner.value:g} percent of world chip sales by the chain's count, "
            f"{circuits.value:g} or {wide.value:g} by others and {fabless.value:g} of the fabless "
            "part; none of these is the integrated makers' share.",
            "below 1 percent for integrated makers, of which no figure was found",
            None,
        )
    # By place and by owner; the chain's figure by place is that of F60, by owner it is younger.
    earned = home_share("semiconductors", "ic", "firms_over_use")
    earned = replace(earned, label=f"earned by Chinese firms, {earned.label[-4:]}")
    return Finding(
        "chip_supply_share",
        claim.id,
        (place, by_owner, earned, owner),
        f"Plants in China made {place.value:g} percent of what its market bought in 2021 and "
        f"Chinese-owned firms {by_owner.value:g}; by another count Chinese firms earned "
        f"{earned.value:g} percent of it, and of the world's sales {owner.value:g}.",
        "less than half of the market by place and by owner, in each figure (judgement); the gap "
        "in process is not tested",
        max(one.value for one in (place, by_owner, earned)) < 50,
    )


def time_to_seventy_percent(claim: Claim) -> Finding:
    """Year in which chips made in China reach 70 percent of its market, at past slopes."""
    one = fact("F60")
    first, last = one.quantity("share_2011").value, one.quantity("share_2021").value
    slope = (last - first) / 10
    recent = cited("F61", "share_location_2023_recalled", "location", "recalled")
    fast = (recent.value - last) / 2

    def year(rate: float, since: float, start: float) -> float:
        return since + (TARGET - start) / rate

    past = year(slope, 2021, last)
    thrice = year(3 * slope, 2021, last)
    steep = year(fast, 2023, recent.value)
    nearest = min(past, thrice, steep)
    numbers = (
        worked_out("year at the slope of 2011-21", past, "1", "forecast", "F60"),
        worked_out("year at three times that slope", thrice, "1", "forecast", "F60"),
        worked_out("year at the slope of 2021-23", steep, "1", "forecast", "F60", "F61"),
        worked_out("slope of 2011-21, a year", slope, "percentage points", "location", "F60"),
        worked_out("slope of 2021-23, a year", fast, "percentage points", "location", "F60", "F61"),
    )
    return Finding(
        "time_to_seventy_percent",
        claim.id,
        numbers,
        f"At {slope:.1f} points a year 70 percent comes in {past:.0f}, at three times that in "
        f"{thrice:.0f}; even the {fast:.1f} points a year of 2021-23, from two sources that do not "
        f"splice, give {steep:.0f}, only {steep - SLOW:.1f} years after {SLOW}.",
        f"after {SLOW} at every slope shown (judgement); the nearest is {nearest:.0f}",
        nearest > SLOW,
    )


def lithography_share(claim: Claim) -> Finding:
    """Chinese share of lithography and of etch in the world market."""
    immersion = supplier_share("semiconductors", "lith_duv")
    extreme = supplier_share("semiconductors", "lith_euv")
    whole = cited("F64", "lithography_2024", "headquarters", "lithography, world")
    etch = cited("F64", "dry_etch_2024", "headquarters", "dry etch, world")
    largest = max(immersion.value, extreme.value, whole.value)
    return Finding(
        "lithography_share",
        claim.id,
        (whole, immersion, extreme, etch),
        f"Chinese firms have {whole.value:g} percent of world lithography, {immersion.value:g} of "
        f"DUV and {extreme.value:g} of EUV machines, against {etch.value:g} percent in dry etch.",
        "less than 2 percent of the world market (judgement)",
        largest < 2,
    )


def stockpiling(claim: Claim) -> Finding:
    """Purchases of tools before and after a control."""
    before = cited("F56", "asml_china_q1_2023", "revenue", "ASML, China, first quarter 2023")
    rush = cited("F56", "asml_china_q3_2023", "revenue", "ASML, China, third quarter 2023")
    after = cited("F56", "tool_spending_change_2025_forecast", "forecast", "tool spending")
    times = worked_out("third over first quarter", rush.value / before.value, "1", "revenue", "F56")
    return Finding(
        "stockpiling",
        claim.id,
        (times, before, rush, after),
        f"China's part of ASML's sales went from {before.value:g} to {rush.value:g} percent within "
        f"half a year of 2023, {times.value:.1f} times, and tool spending was expected to change "
        f"by {after.value:+g} percent in 2025.",
        "these are purchases around a control; neither worry nor the speed of policy is in them",
        None,
    )
