"""Knowledge: research spending, graduates, patents, citations, those who stay abroad."""

from __future__ import annotations

from zizhu.evidence.claims import Claim
from zizhu.evidence.derived import derived
from zizhu.evidence.facts import fact
from zizhu.evidence.settle.finding import Finding, Number, cited, worked_out

_SPENDING = "derived table research_spending"
_PATENTS = "derived table patent_families"


def _spending(year: int, column: str) -> dict[str, float]:
    """One column of research spending by country; groups of countries are left out."""
    frame = derived("research_spending").frame
    frame = frame[(frame.year == year) & (frame.group == 0)]
    return dict(zip(frame.country, frame[column], strict=True))


def research_rank(claim: Claim) -> Finding:
    """Rank of China by research spending at purchasing power, and its share of GDP over time."""
    money = _spending(2021, "gerd_bn_ppp_usd")
    order = sorted(money, key=lambda country: -money[country])
    rank = order.index("China") + 1
    ratio = 100 * money["China"] / money[order[0]]
    shares = {year: _spending(year, "percent_of_gdp")["China"] for year in (2000, 2010, 2021)}
    numbers = (
        Number("rank by spending, 2021", float(rank), "1", "ppp", _SPENDING),
        Number(f"China over {order[0]}, 2021", ratio, "percent", "ppp", _SPENDING),
        *(
            Number(f"research over GDP, {year}", value, "% of GDP", "official", _SPENDING)
            for year, value in shares.items()
        ),
        cited("F20", "rd_2024", "revised", "research over GDP"),
    )
    values = list(shares.values())
    return Finding(
        "research_rank",
        claim.id,
        numbers,
        f"China ranked {rank} of {len(order)} economies in 2021, at {ratio:.0f} percent of the "
        f"first ({order[0]}); its share of GDP went from {values[0]:g} to {values[-1]:g} percent "
        "in 21 years.",
        "second by spending, and a share of GDP that rises at each date",
        rank == 2 and values == sorted(values),
    )


def research_growth(claim: Claim) -> Finding:
    """Growth of research spending before and after 2022."""
    money = {year: _spending(year, "gerd_bn_ppp_usd")["China"] for year in (2000, 2010, 2021)}
    early = 100 * ((money[2010] / money[2000]) ** (1 / 10) - 1)
    late = 100 * ((money[2021] / money[2010]) ** (1 / 11) - 1)
    now = cited("F20", "growth_2024", "growth", "growth, at home prices")
    numbers = (
        now,
        Number("growth a year, 2010-21", late, "percent", "ppp", _SPENDING),
        Number("growth a year, 2000-10", early, "percent", "ppp", _SPENDING),
    )
    return Finding(
        "research_growth",
        claim.id,
        numbers,
        f"Spending grew {now.value:g} percent in 2024, after {late:.1f} a year in 2010-21 at "
        "purchasing power, a different measure: it keeps growing, not visibly faster.",
        "growth of 8 to 10 percent a year after 2022 (judgement)",
        8 <= now.value <= 10,
    )


def graduates_by_measure(claim: Claim) -> Finding:
    """Who has most graduates: first degrees, engineering, doctorates."""
    pairs = (
        ("first degrees, science and engineering", "F21", "degrees_china", "degrees_india"),
        ("first degrees, engineering", "F21", "engineering_china", "engineering_india"),
        ("doctorates, 2018", "F22", "doctorates_china_2018", "doctorates_us_2018"),
        ("doctorates, 2019, other count", "F22", "cset_china_2019_low", "cset_us_2019"),
    )
    ratios = {
        label: fact(name).quantity(china).value / fact(name).quantity(other).value
        for label, name, china, other in pairs
    }
    rivals = {"F21": "India", "F22": "the US"}
    numbers = tuple(
        worked_out(f"China over {rivals[name]}: {label}", ratios[label], "1", "counts", name)
        for label, name, _, _ in pairs
    )
    behind = [label for label, ratio in ratios.items() if ratio < 1]
    return Finding(
        "graduates_by_measure",
        claim.id,
        numbers,
        f"China leads by {len(ratios) - len(behind)} of {len(ratios)} measures; it is behind in "
        f"{' and in '.join(behind)}."
        if behind
        else "China leads by every measure.",
        "China leads by every measure",
        not behind,
    )


def chip_patents_count_and_quality(claim: Claim) -> Finding:
    """Chinese share of patent families in semiconductors, beside its share of US grants."""
    frame = derived("patent_families").frame
    chips = frame[frame.field == "semiconductors"].set_index("year")
    every = frame[frame.field == "all fields"].set_index("year")
    year = int(chips.index.max())
    plain = float(100 * chips.china[year] / chips.world[year])
    before = float(100 * chips.china[2010] / chips.world[2010])
    grants = cited("F28", f"grant_share_{year}", "quality_weighted", "share of US grants")
    ratio = plain / grants.value
    numbers = (
        Number(
            "plain over quality-weighted share", ratio, "1", "quality_weighted", f"{_PATENTS}; F28"
        ),
        Number(f"share of chip patent families, {year}", plain, "percent", "counts", _PATENTS),
        grants,
        Number("share of chip patent families, 2010", before, "percent", "counts", _PATENTS),
        Number(
            f"share of all patent families, {year}",
            float(100 * every.china[year] / every.world[year]),
            "percent",
            "counts",
            _PATENTS,
        ),
    )
    return Finding(
        "chip_patents_count_and_quality",
        claim.id,
        numbers,
        f"China has {plain:.1f} percent of chip patent families in {year} ({before:.1f} in 2010) "
        f"and {grants.value:g} percent of US grants, {ratio:.1f} to 1.",
        "a ratio of about 4, taken as 3 to 5 (judgement); correlation with markets is not tested",
        3 <= ratio <= 5,
    )


def graduate_and_citation_growth(claim: Claim) -> Finding:
    """Growth of doctorates and of the index of most-cited papers."""
    talent, papers = fact("F22"), fact("F27")
    same = (
        talent.quantity("cset_china_2019_low").value,
        talent.quantity("cset_china_2025_forecast").value,
    )
    growth = 100 * ((same[1] / same[0]) ** (1 / 6) - 1)
    first, last = papers.quantity("index_china_2003"), papers.quantity("index_china_2020")
    crossing = 2003 + 17 * (1 - first.value) / (last.value - first.value)
    numbers = (
        worked_out("growth of doctorates a year, 2019-25", growth, "percent", "forecast", "F22"),
        cited("F27", "index_china_2020", "quality_weighted", "index of most-cited papers"),
        cited("F27", "index_china_2003", "quality_weighted", "index of most-cited papers"),
        worked_out("year in which a straight line passes 1", crossing, "1", "estimate", "F27"),
    )
    return Finding(
        "graduate_and_citation_growth",
        claim.id,
        numbers,
        f"Doctorates grow by {growth:.1f} percent a year by one count and its forecast; the index "
        f"went from {first.value:g} to {last.value:g}, past 1 in {int(crossing)} on a straight "
        "line.",
        "growth above 5 percent a year (judgement) and an index above 1 by 2020; the two dates "
        "seen do not fix the year of passing",
        growth > 5 and last.value > 1,
    )


def stay_rates(claim: Claim) -> Finding:
    """Doctorates who stay in the US, and those who return."""
    early, late, cohort = (
        cited("F23", "stay_2003", "stock", "stay rate, five years"),
        cited("F23", "stay_2017", "stock", "stay rate, five years"),
        cited("F23", "stay_2021", "stock", "stay rate, cohort of 2015-17"),
    )
    back = cited("F25", "growth", "flow", "growth of returns")
    elite = cited("F26", "top_2_percent_in_china", "location", "top AI researchers in China")
    return Finding(
        "stay_rates",
        claim.id,
        (late, early, cohort, back, elite),
        f"The stay rate fell from {early.value:g} to {late.value:g} percent and was "
        f"{cohort.value:g} for the last cohort, while returns rose {back.value:g} percent in 2021: "
        "most still stay away.",
        "more than half stay (judgement), with both signs in the data: lower rates, higher returns",
        min(late.value, cohort.value) > 50 and late.value < early.value and back.value > 0,
    )
