"""Money of measures counted again from their sizes: who pays what, and what of it works.

Of every lever that spends, one function here gives by year what each payer pays, and the wedges
that the money becomes: what reaches unit cost, what is wasted, what works on nodes. The equations
are those of the levers' own pages; no code of theirs is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zizhu.laboratory.recount.asked import Asked
from zizhu.laboratory.recount.bill import (
    CENTRE,
    FUNDS,
    LOCAL,
    Bill,
    amounts,
    counted,
    public,
    to_sectors,
)
from zizhu.parameters import parameters
from zizhu.policy.units import MONEY, PERCENT, Size


def _subsidy(kind: str) -> Callable[[Asked, Any], Bill]:
    def bill_of(asked: Asked, measure: Any) -> Bill:
        bill, force = Bill(), asked.force(measure.start, measure.end, measure.phase_in)
        regions, works = asked.regions(measure.regions), asked.parameters[f"{kind}_efficiency"]
        if measure.nodes is not None:
            _on_nodes(bill, asked, measure, force, works=works)
            return bill
        amount = amounts(
            asked, regions, asked.sectors(measure.sectors), measure.size, measure.start
        )
        amount = force[:, None, None] * amount
        to_sectors(bill, asked, amount, works, asked.parameters[f"effort_of_{kind}"])
        for region in regions:
            public(bill, asked, measure.payer, region, amount[:, region].sum(axis=1))
        return bill

    return bill_of


def _on_nodes(bill: Bill, asked: Asked, measure: Any, force: Any, *, works: float) -> None:
    """Money for nodes of chains: the part that works, and the waste."""
    regions = asked.regions(getattr(measure, "regions", None) or measure.region)
    bill.node_money, bill.outlay = np.zeros_like(asked.gdp), np.zeros_like(asked.gdp)
    size = getattr(measure, "size", None)
    for region in regions:
        if size is None or size.kind == PERCENT:
            rows = asked.node_places(measure.nodes)
            made = np.asarray(asked.made)[rows, region].sum()
            rate = asked.part(size or measure.subsidy, "champion_support")
            whole = np.full(len(asked.gdp), rate * made)
        elif size.kind == MONEY:
            whole = np.full(len(asked.gdp), asked.billion_usd(size, measure.start))
        else:
            whole = asked.yearly(size, region, measure.start) / 1e3
        paid = force * whole
        bill.node_money[:, region] = works * paid
        bill.outlay[:, region] = 1e3 * (1 - works) * paid
        public(bill, asked, measure.payer, region, 1e3 * paid)


def _local_support(asked: Asked, measure: Any) -> Bill:
    bill, force = Bill(), asked.force(measure.start, measure.end, measure.phase_in)
    chosen = asked.parameters
    regions = asked.regions(measure.regions)
    tools = {"cash": "production", "tax": "investment", "land": "entry", "credit": "investment"}
    weight = {tool: chosen[f"local_{tool}_support"] for tool in tools}
    whole = sum(weight.values())
    if not whole:
        weight, whole = {"cash": 1.0}, 1.0
    works = sum(part * chosen[f"{tools[tool]}_efficiency"] for tool, part in weight.items()) / whole
    able = sum(part * chosen[f"effort_of_{tools[tool]}"] for tool, part in weight.items()) / whole
    herd = chosen["local_herding"] if measure.signalled is not None else 0.0
    amount = (1 - herd) * amounts(
        asked, regions, asked.sectors(measure.sectors), measure.size, measure.start
    )
    if herd:
        amount = amount + herd * amounts(
            asked, regions, asked.sectors(measure.signalled), measure.size, measure.start
        )
    amount = force[:, None, None] * amount
    to_sectors(bill, asked, amount, works, able)
    for region in regions:
        public(bill, asked, measure.payer, region, amount[:, region].sum(axis=1))
    return bill


def _champion(asked: Asked, measure: Any) -> Bill:
    bill, force = Bill(), asked.force(measure.start, measure.end, measure.phase_in)
    regions, works = asked.regions(measure.region), asked.parameters["production_efficiency"]
    if measure.nodes is not None:
        _on_nodes(bill, asked, measure, force, works=works)
        return bill
    rate = asked.part(measure.subsidy, "champion_support")
    rate = rate * asked.part(measure.segment, "firm_segment")
    sectors = asked.sectors(measure.sectors)
    amount = amounts(asked, regions, sectors, Size(100 * rate, PERCENT), measure.start)
    amount = force[:, None, None] * amount
    to_sectors(bill, asked, amount, works, asked.parameters["effort_of_production"])
    for region in regions:
        public(bill, asked, measure.payer, region, amount[:, region].sum(axis=1))
    return bill


def _fund(asked: Asked, measure: Any) -> Bill:
    bill, chosen = Bill(), asked.parameters
    (region,) = asked.regions(measure.region)
    first = asked.years[0]
    announced = measure.start.year if measure.start else first + 1
    bill.before = announced < first
    at = min(max(announced, first), asked.years[-1]) - first
    if measure.size.kind == MONEY:
        whole = asked.million(measure.size, measure.start)
    else:
        whole = float(asked.yearly(measure.size, region, measure.start)[at])
    life = int(chosen["early_pay_in_life" if bill.before else "pay_in_life"])
    lag = int(chosen["deployment_lag"])
    ratio = chosen["paid_in_ratio" if measure.guidance else "national_fund_paid_in"]
    ratio = 1.0 if measure.raised else ratio
    paid, deployed = np.zeros(len(asked.years)), np.zeros(len(asked.years))
    for instalment in range(life):
        for money, delay in ((paid, 0), (deployed, lag)):
            place = announced + instalment + delay - first
            if 0 <= place < len(money):
                money[place] += ratio * whole / life
    bill.charge(FUNDS, region, paid)
    if measure.sectors is None or bill.before:
        return bill
    sectors = asked.sectors(measure.sectors)
    share = asked.cost[:, region][:, sectors]
    share = np.ones_like(share) if measure.split == "equal" else share
    share = share / share.sum(axis=1, keepdims=True)
    amount = np.zeros_like(asked.cost)
    amount[:, region, sectors] = deployed[:, None] * share
    left = 1 - chosen["leakage"]
    useful, able = chosen["investment_efficiency"], chosen["effort_of_investment"]
    to_sectors(bill, asked, amount, useful * left, able * left)
    return bill


def _laboratories(asked: Asked, measure: Any) -> Bill:
    bill, force = Bill(), asked.force(measure.start, measure.end, measure.phase_in)
    money = np.zeros_like(asked.gdp)
    basic = measure.basic.value / 100 if measure.basic else 0.0
    rise = measure.trend.value * measure.phase_in if measure.trend else 0.0
    going_on = min(rise / measure.size.value, 1.0) if measure.size.value else 0.0
    for region in asked.regions(measure.regions):
        money[:, region] = force * asked.yearly(measure.size, region, measure.start)
        bill.charge(CENTRE, region, basic * money[:, region])
        bill.charge(measure.payer, region, (1 - basic) * money[:, region])
    bill.known = {at: going_on * amount for at, amount in bill.paid.items()}
    bill.research, bill.outlay = counted(asked, (1 - going_on) * money)
    return bill


def _credit(asked: Asked, measure: Any) -> Bill:
    bill, chosen = Bill(), asked.parameters
    force = asked.force(measure.start, measure.end, measure.phase_in)
    before = asked.part(measure.before, "super_deduction_base")
    tax = asked.part(measure.tax, "profit_tax")
    now = before + force * (measure.deduction.value / 100 - before)
    ratio = (1 - tax - tax * before) / (1 - tax - tax * now)
    covered = measure.covered.value / 100 if measure.covered else 1.0
    money = np.zeros_like(asked.gdp)
    for region in asked.regions(measure.regions):
        growth = asked.gdp[:, region] / asked.gdp[0, region]
        business = chosen["business_research_share"] * covered * asked.research[region] * growth
        real = business * (ratio ** chosen["user_cost_elasticity_real"] - 1)
        reported = business * ratio ** chosen["user_cost_elasticity_reported"]
        lost = tax * (now * reported - before * business)
        money[:, region] = real
        bill.charge(CENTRE, region, lost)
        bill.charge("firms", region, np.maximum(real - lost, 0.0))
    bill.research, bill.outlay = counted(asked, money)
    return bill


def _places(asked: Asked, measure: Any) -> Bill:
    bill, force = Bill(), asked.force(measure.start, measure.end, measure.phase_in)
    study = max(int(asked.parameters["graduate_lag"]), 1)
    opened = measure.size.value / 100 * force
    studying = [opened[max(at - study + 1, 0) : at + 1].sum() / study for at in range(len(opened))]
    bill.outlay = np.zeros_like(asked.gdp)
    for region in asked.regions(measure.regions):
        cost = asked.parameters["places_cost"] / 100 * asked.gdp[:, region] * studying
        bill.outlay[:, region] = cost
        bill.charge(CENTRE, region, cost)
    return bill


def _recruits(asked: Asked, measure: Any) -> Bill:
    bill, force = Bill(), asked.force(measure.start, measure.end, measure.phase_in)
    each = measure.cost or _registered("recruit_cost", asked)
    bill.outlay = np.zeros_like(asked.gdp)
    for region in asked.regions(measure.regions):
        stock = measure.stock or 1e3 * asked.parameters["talent_abroad"]
        people = measure.people or measure.size.value / 100 * stock
        cost = force * people * asked.million(each, measure.start)
        bill.outlay[:, region] = cost
        bill.charge(CENTRE, region, cost)
    return bill


def _registered(name: str, asked: Asked) -> Size:
    """A sum of money, in million, that a registered parameter stands for."""
    return Size(1e6 * asked.parameters[name], MONEY, parameters()[name].unit.split()[-1])


def _giants(asked: Asked, measure: Any) -> Bill:
    bill, chosen = Bill(), asked.parameters
    (region,) = asked.regions(measure.region)
    rising = asked.force(measure.start, None, measure.phase_in)
    begun, open_ = asked.force(measure.start, None), asked.force(measure.start, measure.end)
    review = max(int(chosen["little_giants_review"]), 1)
    kept = 1 - chosen["little_giants_attrition"]
    firms = np.zeros(len(rising))
    labelled = measure.firms * rising + measure.intake * asked.gone_by(
        measure.start, measure.phase_in
    )
    for at in range(len(rising)):
        for year in range(at + 1):
            new = labelled[year] - (labelled[year - 1] if year else 0.0)
            firms[at] += new * kept ** ((at - year) // review)
    still = np.where(begun > 0, open_ / np.where(begun > 0, begun, 1.0), 0.0)
    # Awards are in bn of the registered sum's currency, for all firms that have the label.
    labels = max(0.5 * chosen["little_giants_2021"] + 0.5 * chosen["little_giants_2025"], 1.0)
    awards = _registered("little_giants_awards", asked)
    size = measure.research or Size(1e3 * awards.value / labels, MONEY, awards.currency)
    working = measure.part.value / 100 if measure.part else 1.0
    paid = working * firms * still * asked.billion_usd(size, measure.start)
    bill.node_money = np.zeros_like(asked.gdp)
    bill.node_money[:, region] = paid
    grant = 1.0 if measure.research is None else 0.0
    grant = measure.grant.value / 100 if measure.grant else grant
    bill.charge(CENTRE, region, 1e3 * grant * paid)
    bill.charge("firms", region, 1e3 * (1 - grant) * paid)
    return bill


def _cluster(asked: Asked, measure: Any) -> Bill:
    bill, begun = Bill(), asked.force(measure.start, measure.end)
    bill.outlay = np.zeros_like(asked.gdp)
    if measure.cost is not None:
        for region in asked.regions(measure.regions):
            cost = begun * asked.yearly(measure.cost, region, measure.start)
            bill.charge(LOCAL, region, cost)
            _part_on_ability(bill, asked, measure, region, cost, name="effort_of_clusters")
    return bill


def _part_on_ability(
    bill: Bill, asked: Asked, measure: Any, region: int, cost: Any, *, name: str
) -> None:
    """Of an outlay the part for abilities, shared by output, and the rest."""
    part, sectors = asked.parameters[name], asked.sectors(measure.sectors)
    if bill.effort is None:
        bill.effort = np.zeros_like(asked.cost)
    output = asked.cost[:, region][:, sectors]
    if asked.years:
        shares = output / output.sum(axis=1, keepdims=True)
        bill.effort[:, region, sectors] += part * cost[:, None] * shares
        cost = (1 - part) * cost
    bill.outlay[:, region] += cost


def _upgrading(asked: Asked, measure: Any) -> Bill:
    bill, begun = Bill(outlay=np.zeros_like(asked.gdp)), asked.force(measure.start, measure.end)
    regions = asked.regions(measure.regions)
    if measure.keep is not None:
        sectors = asked.sectors(measure.sectors)
        amount = amounts(asked, regions, sectors, measure.keep, measure.start)
        amount = begun[:, None, None] * amount
        to_sectors(bill, asked, amount, asked.parameters["production_efficiency"])
        for region in regions:
            public(bill, asked, "both", region, amount[:, region].sum(axis=1))
    if measure.cost is not None:
        for region in regions:
            cost = begun * asked.yearly(measure.cost, region, measure.start)
            _part_on_ability(bill, asked, measure, region, cost, name="effort_of_upgrading")
            public(bill, asked, "both", region, cost)
    return bill


def _demand(asked: Asked, measure: Any) -> Bill:
    bill, force = Bill(), asked.force(measure.start, measure.end, measure.phase_in)
    regions = asked.regions(measure.regions)
    spent = np.zeros_like(asked.gdp)
    if measure.size is not None:
        for region in regions:
            spent[:, region] += force * asked.yearly(measure.size, region, measure.start)
    if measure.subsidy is not None:
        sectors = asked.sectors(measure.sectors)
        amount = amounts(asked, regions, sectors, measure.subsidy, measure.start)
        amount = force[:, None, None] * amount
        works = asked.parameters["production_efficiency"]
        to_sectors(bill, asked, amount, works)
        flows = asked.world.intermediate.sum(axis=3) + asked.world.final.sum(axis=3)
        sold = flows.sum(axis=2)
        home = np.stack([flows[n, :, n] for n in range(len(flows))])
        home = np.where(sold > 0, home / np.where(sold > 0, sold, 1.0), 0.0)
        bill.support = home * bill.support
        bill.outlay = (home * amount * (1 - works)).sum(axis=2)
        spent += (home * amount).sum(axis=2)
    for region in range(spent.shape[1]):
        public(bill, asked, measure.payer, region, spent[:, region])
    return bill


def _transfer(asked: Asked, measure: Any) -> Bill:
    bill, begun = Bill(), asked.force(measure.start, measure.end)
    absorbed = np.zeros_like(asked.gdp)
    for region in asked.regions(measure.users):
        fees = 0.0
        if measure.fees is not None:
            fees = begun * asked.yearly(measure.fees, region, measure.start)
        if measure.absorb is not None:
            absorbed[:, region] = begun * asked.yearly(measure.absorb, region, measure.start)
        bill.charge(measure.payer, region, fees + absorbed[:, region])
    if measure.sectors is None:
        bill.research, bill.outlay = counted(asked, absorbed)
        return bill
    sectors = asked.sectors(measure.sectors)
    output = asked.cost[:, :, sectors]
    bill.effort = np.zeros_like(asked.cost)
    bill.effort[:, :, sectors] = absorbed[..., None] * output / output.sum(axis=2, keepdims=True)
    return bill


BILLS: dict[str, Callable[[Asked, Any], Bill]] = {
    "production_subsidy": _subsidy("production"),
    "investment_subsidy": _subsidy("investment"),
    "entry_subsidy": _subsidy("entry"),
    "local_support": _local_support,
    "champion": _champion,
    "investment_fund": _fund,
    "research_spending": _laboratories,
    "research_tax_credit": _credit,
    "talent_pipeline": _places,
    "talent_recruitment": _recruits,
    "little_giants": _giants,
    "cluster": _cluster,
    "upgrading": _upgrading,
    "demand_policy": _demand,
    "technology_transfer": _transfer,
}
