"""The economy at large: the shock of early 2020, the workforce, one region's growth."""

from __future__ import annotations

import numpy as np

from zizhu.evidence.claims import Claim
from zizhu.evidence.facts import fact
from zizhu.evidence.settle.finding import Finding, Number, cited, worked_out
from zizhu.world import open_history


def lockdown_output(claim: Claim) -> Finding:
    """Output in January and February 2020 against a year before."""
    industry = cited("F57", "industry", "growth", "industry, January-February")
    making = cited("F57", "manufacturing", "growth", "manufacturing, January-February")
    foreign = cited("F57", "foreign_owned_industry", "growth", "foreign-owned industry")
    before = cited("F57", "industry_dec_2019", "growth", "industry, December")
    swing = worked_out(
        "swing since December", industry.value - before.value, "percentage points", "growth", "F57"
    )
    return Finding(
        "lockdown_output",
        claim.id,
        (industry, making, foreign, before, swing),
        f"Industrial output fell by {-industry.value:g} percent, a swing of {-swing.value:.1f} "
        f"points since December; manufacturing fell by {-making.value:g} and foreign-owned "
        f"industry by {-foreign.value:g}.",
        "output of all industry does not show parts for phones and cars, nor how fast they ran out",
        None,
    )


def _use_growth(first: int, last: int) -> float:
    """Growth a year of what China buys of goods and services, current US dollars, percent."""
    flow = open_history().flow.sel(user="CHN")
    old, new = (
        float(np.asarray(flow.sel(year=year).values, float).sum()) for year in (first, last)
    )
    return float(100 * ((new / old) ** (1 / (last - first)) - 1))


def workforce(claim: Claim) -> Finding:
    """Employees in industry between two censuses, and the growth of what China buys."""
    one = fact("F58")
    lost, left = one.quantity("secondary_change").value, one.quantity("secondary_employees").value
    fall = worked_out(
        "secondary sector, 2018-23", 100 * lost / (left - lost), "percent", "counts", "F58"
    )
    said = cited("F58", "secondary_growth", "counts", "the same, as published")
    source = f"flows ({open_history().attrs['source']})"
    last = int(open_history().year.values[-1])
    early, late = _use_growth(2011, 2018), _use_growth(2018, last)
    numbers = (
        fall,
        said,
        Number(f"use of products a year, 2018-{last}", late, "percent", "market_use", source),
        Number("use of products a year, 2011-18", early, "percent", "market_use", source),
    )
    return Finding(
        "workforce",
        claim.id,
        numbers,
        f"The secondary sector lost {-fall.value:.1f} percent of its employees while manufacturing "
        f"gained; what China buys grew {late:.1f} percent a year in dollars over 2018-{last}, "
        f"after {early:.1f} in 2011-18.",
        "employees of the secondary sector fall, by the published percentage; manufacturing is a "
        "sign only",
        fall.value < 0 and abs(fall.value - said.value) < 0.1,
    )


def delta_growth(claim: Claim) -> Finding:
    """The Yangtze Delta against the nation."""
    here, nation = (
        cited("F91", "growth_delta_2024", "growth", "Delta, first three quarters"),
        cited("F91", "growth_nation_2024", "growth", "nation, first three quarters"),
    )
    old, new = (
        cited("F91", "share_2018", "official", "Delta in GDP"),
        cited("F91", "share_2023", "official", "Delta in GDP"),
    )
    lead, gain = here.value - nation.value, (new.value - old.value) / 5
    numbers = (
        worked_out("lead in growth", lead, "percentage points", "growth", "F91"),
        worked_out("gain of GDP share a year", gain, "percentage points", "official", "F91"),
        here,
        nation,
        old,
        new,
    )
    return Finding(
        "delta_growth",
        claim.id,
        numbers,
        f"The Delta grew {lead:.1f} points faster than the nation in 2024 and gained {gain:.2f} "
        "points of GDP a year over 2018-23.",
        "lead of 0.2 to 1.0 points, gain of 0.05 to 0.2 points a year (judgement)",
        0.2 <= lead <= 1.0 and 0.05 <= gain <= 0.2,
    )
