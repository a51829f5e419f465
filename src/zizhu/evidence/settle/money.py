"""Money: conversions, funds, rates of support, relabelled research."""

from __future__ import annotations

import datetime as dt

from zizhu.errors import EvidenceError
from zizhu.evidence.claims import Claim
from zizhu.evidence.conversions import TOLERANCE, check_conversions
from zizhu.evidence.facts import fact
from zizhu.evidence.settle.finding import Finding, Number, cited, source_of, worked_out
from zizhu.parameters import exchange_rate
from zizhu.world import open_world

_MARKET = "market_rate"
# The fact with the pair of amounts that Xinhua gave, shown beside what is stated within so many
# days of it.
_XINHUA, _NEAR = "F16", 183


def money_conversion(claim: Claim) -> Finding:
    """Rate that a stated conversion implies, beside the dated rate and the one of F16.

    Raises `EvidenceError` if the claim converts nothing.
    """
    checks = check_conversions({claim.id: claim})
    if not checks:
        raise EvidenceError(
            f"claim {claim.id}: the test money_conversion needs a conversion in its field "
            "conversions"
        )
    found, pair = checks[0], claim.conversions[0]
    unit = f"{pair.amount.currency} per {pair.stated.currency}"
    numbers = [
        Number("implied rate", found.implied, unit, _MARKET, f"document {claim.document}", True),
        Number(f"rate of {found.rate_date}", found.dated, unit, _MARKET, found.source, True),
        Number("deviation from it", found.deviation, "percent", _MARKET, found.source, True),
    ]
    against = ""
    xinhua = fact(_XINHUA).conversions[0]
    near = abs((pair.date - xinhua.date).days) <= _NEAR
    if near and unit == f"{xinhua.amount.currency} per {xinhua.stated.currency}":
        rate = xinhua.implied_rate()
        apart = 100 * (found.implied / rate - 1)
        numbers += [
            worked_out(f"rate of the Xinhua report, {xinhua.date}", rate, unit, _MARKET, _XINHUA),
            worked_out("deviation from it", apart, "percent", _MARKET, _XINHUA),
        ]
        against = f", and {_apart(apart)} that of Xinhua's own pair ({rate:.3f})"
    return Finding(
        "money_conversion",
        claim.id,
        tuple(numbers),
        f"{found.amount} stated as {found.stated} means {found.implied:.3f} {unit}, "
        f"{_apart(found.deviation)} the rate of {found.rate_date} ({found.dated:.3f}){against}.",
        f"the implied rate is within {TOLERANCE:g} percent of the rate of {found.rate_date}",
        not found.off,
    )


def _apart(percent: float) -> str:
    return f"{abs(percent):.1f} percent {'above' if percent > 0 else 'below'}"


def strategic_investment_flow(claim: Claim) -> Finding:
    """The trillion of seven months beside a year and a plan of the same investors."""
    part, year, plan = (
        cited("F16", "investment_jan_jul_2024", "flow", "January-July 2024"),
        cited("F16", "investment_2023", "flow", "whole year 2023"),
        cited("F16", "cumulative_14th_plan", "flow", "14th plan, sum to 2025"),
    )
    times = worked_out("plan over the seven months", plan.value / part.value, "1", "flow", "F16")
    return Finding(
        "strategic_investment_flow",
        claim.id,
        (part, year, plan, times),
        f"{part.value:g} tn CNY is seven months of central state firms; the same firms invested "
        f"{year.value:g} tn in 2023 and {plan.value:g} tn over the plan, {times.value:.1f} times "
        "as much.",
        "no year and no sum of the same investors exceeds the amount claimed as the total",
        max(year.value, plan.value) <= part.value,
    )


def _dollars(amount: float, date: dt.date) -> float:
    return amount / exchange_rate("CNY", date).per_usd


def fund_sizes(claim: Claim) -> Finding:
    """The three chip funds in yuan and in dollars of their dates."""
    first, second = (
        cited("F01", "raised", "commitment", "fund I, raised, 2014"),
        cited("F02", "raised", "commitment", "fund II, raised, 2019"),
    )
    third = cited("F03", "registered", "commitment", "fund III, registered, 2024")
    both = first.value + second.value
    earlier = _dollars(first.value, dt.date(2014, 9, 1)) + _dollars(
        second.value, dt.date(2019, 10, 1)
    )
    later = _dollars(third.value, dt.date(2024, 5, 24))
    rates = "exchange rates of the parameters room"
    numbers: tuple[Number, ...]
    if claim.id == "C082":
        numbers = (
            third,
            Number(
                "fund III, at F03's own rate",
                later,
                "bn USD",
                "commitment",
                f"{source_of('F03')}; {rates}",
                True,
            ),
            worked_out(
                "fund III over I and II", third.value / both, "1", "commitment", "F01", "F02", "F03"
            ),
            first,
            second,
        )
        reading = (
            f"The third fund was registered with {third.value:g} bn CNY, {later:.1f} bn USD, "
            f"{third.value / both:.2f} times the first two together."
        )
        rule = "above 40 bn USD, and above each earlier fund"
        agrees = later > 40 and third.value > max(first.value, second.value)
    else:
        numbers = (
            Number(
                "funds I and II",
                earlier,
                "bn USD",
                "commitment",
                f"{source_of('F01', 'F02')}; {rates}",
                True,
            ),
            worked_out("funds I and II", both, "bn CNY", "commitment", "F01", "F02"),
            first,
            second,
        )
        reading = (
            f"The first two funds raised {both:.0f} bn CNY, {earlier:.0f} bn USD at the rates of "
            "their years."
        )
        rule = "between 10 and 100 bn USD (judgement on what tens of billions are)"
        agrees = 10 <= earlier < 100
    return Finding("fund_sizes", claim.id, numbers, reading, rule, agrees)


def support_rate(claim: Claim) -> Finding:
    """Who gives support, and how much of GDP it takes."""
    total = cited("F06", "total", "flow", "industrial policy, IMF")
    land = cited("F06", "land", "flow", "of which land")
    numbers: tuple[Number, ...]
    if claim.id == "C049":
        world = open_world("2022")
        gdp = float(world.gdp[world.regions.index("CHN")]) / 1e3
        cost = total.value / 100 * gdp
        fund = fact("F03")
        yearly = fund.quantity("registered").value / fund.quantity("pay_in_period").value
        numbers = (
            total,
            Number("the same of value added 2022", cost, "bn USD", "value_added", "world 2022"),
            cited("F05", "share_china", "lower_bound", "lower bound, CSIS"),
            worked_out("fund III, paid in over ten years, a year", yearly, "bn CNY", "flow", "F03"),
        )
        return Finding(
            "support_rate",
            claim.id,
            numbers,
            f"Support of {total.value:g} percent of GDP is about {cost:.0f} bn USD a year on the "
            f"Chinese value added of 2022; the third fund adds {yearly:.0f} bn CNY a year.",
            "whether a ceiling binds cannot be read off these figures",
            None,
        )
    local = cited("F17", "share_local", "counts", "local part of policy documents")
    raised = cited("F04", "ratio", "paid_in", "guidance funds, raised over target")
    return Finding(
        "support_rate",
        claim.id,
        (local, land, total, raised),
        f"{local.value:g} percent of the documents are local and land alone is {land.value:g} "
        f"percent of GDP, {100 * land.value / total.value:.0f} percent of all support.",
        "70 to 85 percent of the documents are local (judgement), and land is above zero",
        70 <= local.value <= 85 and land.value > 0,
    )


def subsidy_intensity(claim: Claim) -> Finding:
    """Support over revenue of Chinese firms beside that of all firms in the OECD's sample."""
    china = cited("F07", "support_to_revenue", "revenue", "Chinese industrial firms")
    every = cited("F09", "share_of_revenue", "revenue", "all groups in the OECD sample")
    low = cited("F09", "china_to_oecd_low", "revenue", "China over OECD firms, low end")
    high = cited("F09", "china_to_oecd_high", "revenue", "China over OECD firms, high end")
    ratio = worked_out(
        "quotient of the first two", china.value / every.value, "1", "revenue", "F07", "F09"
    )
    return Finding(
        "subsidy_intensity",
        claim.id,
        (ratio, china, every, low, high),
        f"Chinese firms receive {china.value:g} percent of revenue, {ratio.value:.1f} times the "
        f"{every.value:g} percent of a world sample that includes them; against OECD firms alone "
        f"the multiple is {low.value:g} to {high.value:g}.",
        f"a multiple of {low.value:g} to {high.value:g}",
        low.value <= ratio.value <= high.value,
    )


def relabelling(claim: Claim) -> Finding:
    """What is left of reported research once relabelled spending is taken out."""
    share = cited("F11", "relabelled_share", "estimate", "relabelled part of reported research")
    one = fact("F11")
    real = 100 - share.value
    elasticities = (
        one.quantity("user_cost_elasticity_real").value,
        one.quantity("user_cost_elasticity_reported").value,
    )
    doubling = 100 * (2 ** one.quantity("productivity_elasticity").value - 1)
    numbers = (
        worked_out("real part of reported research", real, "percent", "estimate", "F11"),
        share,
        worked_out(
            "real over reported response to the tax",
            100 * elasticities[0] / elasticities[1],
            "percent",
            "estimate",
            "F11",
        ),
        worked_out(
            "productivity per doubling of real research", doubling, "percent", "estimate", "F11"
        ),
    )
    return Finding(
        "relabelling",
        claim.id,
        numbers,
        f"Only {real:.1f} percent of research reported for the tax break is real; a doubling of "
        f"real research raises productivity by {doubling:.1f} percent.",
        "sizes one of four channels; whether such firms steady the chains is not measured",
        None,
    )
