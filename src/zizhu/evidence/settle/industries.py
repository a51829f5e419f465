"""Industries: who leads in knowledge industries, and the weight of pharmaceuticals."""

from __future__ import annotations

import pandas as pd

from zizhu.evidence.claims import Claim
from zizhu.evidence.derived import derived
from zizhu.evidence.settle.finding import Finding, Number, cited
from zizhu.world import open_world

_TABLE = "derived table knowledge_industries"
_RAIL, _ELECTRICAL = "railroad, military vehicles, and other transport", "electrical equipment"


def _industries() -> pd.DataFrame:
    frame = derived("knowledge_industries").frame
    return frame[frame.total == 0]


def _share(industry: str, year: int) -> Number:
    frame = _industries()
    row = frame[(frame.industry == industry) & (frame.year == year)].iloc[0]
    short = "rail and other transport" if industry == _RAIL else industry
    share = float(100 * row.china / row.world)
    return Number(f"{short}, {year}", share, "percent", "value_added", _TABLE)


def knowledge_industries(claim: Claim) -> Finding:
    """Chinese value added in knowledge industries beside the American, or over the world's."""
    frame = _industries()
    first, last = int(frame.year.min()), int(frame.year.max())
    if claim.id == "C056":
        old = [_share(name, first) for name in (_RAIL, _ELECTRICAL)]
        new = [_share(name, last) for name in (_RAIL, _ELECTRICAL)]
        reached = all(one.value >= 35 for one in new)
        return Finding(
            "knowledge_industries",
            claim.id,
            (*new, *old, cited("F68", "world_share_2022", "headquarters", "CRRC, world market")),
            f"China's share of world value added went from {old[0].value:.1f} to "
            f"{new[0].value:.1f} percent in rail and other transport and from {old[1].value:.1f} "
            f"to {new[1].value:.1f} in electrical equipment, {first} to {last}.",
            f"35 percent by 2015-19 (judgement); the table ends in {last}",
            True if reached else None,
        )
    ahead = {
        year: sorted(frame[(frame.year == year) & (frame.china > frame.usa)].industry)
        for year in (first, last)
    }
    every = frame.industry.nunique()
    numbers = (
        Number(f"industries ahead of the US, {last}", len(ahead[last]), "1", "value_added", _TABLE),
        Number(
            f"industries ahead of the US, {first}", len(ahead[first]), "1", "value_added", _TABLE
        ),
        Number("industries", every, "1", "value_added", _TABLE),
        cited("F2A", "led_2020_2024", "counts", "technologies led in papers"),
        cited("F2A", "total_2020_2024", "counts", "technologies followed"),
    )
    return Finding(
        "knowledge_industries",
        claim.id,
        numbers,
        f"China's value added was above the American in {len(ahead[last])} of {every} knowledge "
        f"industries in {last}, after {len(ahead[first])} in {first}.",
        f"ahead in 6 of 12 by 2019; the table ends in {last}",
        True if len(ahead[last]) >= 6 else None,
    )


def _pharma(name: str) -> float:
    world = open_world(name)
    made = world.value_added[:, world.sectors.index("C21")]
    return float(100 * made[world.regions.index("CHN")] / made.sum())


def pharma_share(claim: Claim) -> Finding:
    """Chinese share of the world's value added in pharmaceuticals, measured and cited."""
    early, middle = _share("pharmaceuticals", 2002), _share("pharmaceuticals", 2012)
    old, new = _pharma("2017"), _pharma("2022")
    between = old + (new - old) * (2019 - 2017) / (2022 - 2017)
    said = cited("F6C", "pharma_share_2019", "value_added", "NCSES")
    label = "share of world pharmaceuticals"
    numbers = (
        Number(f"{label}, 2022", new, "percent", "value_added", "world 2022"),
        Number(f"{label}, 2017", old, "percent", "value_added", "world 2017"),
        Number(f"{label}, 2019, in between", between, "percent", "value_added", "worlds"),
        said,
        middle,
        early,
    )
    return Finding(
        "pharma_share",
        claim.id,
        numbers,
        f"The share rose from {early.value:.1f} percent in 2002 to {middle.value:.1f} in 2012 by "
        f"NCSES, which has {said.value:g} in 2019, and from {old:.1f} in 2017 to {new:.1f} in 2022 "
        f"by our sector C21, {between:.1f} in between.",
        "levels of NCSES and of our C21 are not comparable, and a share is not strategic weight",
        None,
    )
