"""V20: every unit of money that a ledger names is used by the model, and no other."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.model.path_record import Record
from zizhu.policy.compile_path import CompiledPath

_MILLION_PER_BILLION = 1e3
EXACT = 1e-12
# One measure of each way to spend: on nodes and sectors, research, people, through a fund.
_FROM = {"from": "2023-01-01"}
_MEASURES = (
    {
        "lever": "investment_fund",
        "label": "fund",
        "region": BUYER,
        "nodes": ["semiconductors/etch", "semiconductors/lith_duv"],
        "size": "40 bn USD",
        "from": "2024-05-24",
    },
    {
        "lever": "production_subsidy",
        "label": "sector",
        "regions": BUYER,
        "sectors": "C26",
        "size": "20 bn USD",
        **_FROM,
    },
    {
        "lever": "entry_subsidy",
        "label": "entry",
        "regions": BUYER,
        "sectors": "C29",
        "size": "10 bn USD",
        **_FROM,
    },
    {
        "lever": "investment_subsidy",
        "label": "nodes",
        "regions": BUYER,
        "nodes": ["semiconductors/cleaning"],
        "size": "2 bn USD",
        **_FROM,
    },
    {
        "lever": "research_spending",
        "label": "research",
        "regions": BUYER,
        "size": "0.1 % of GDP",
        **_FROM,
    },
    {
        "lever": "talent_recruitment",
        "label": "recruits",
        "regions": BUYER,
        "people": 1000,
        **_FROM,
    },
)
LABELS = tuple(str(one["label"]) for one in _MEASURES)
_NAMES = (
    *(f"ledger {label}" for label in LABELS),
    *(f"sum {label}" for label in LABELS),
    "charged",
    "committed",
    "paid_in",
    "total",
)


def _measure(runs: Runs) -> Numbers:
    runs.progress("a budget of six measures")
    compiled = runs.policies(*_MEASURES)
    path = runs.run("six measures that cost money", wedges=compiled.wedges)
    n = runs.place(BUYER)
    found: dict[str, float] = {}
    for label in LABELS:
        used = _used(runs, compiled, label, n)
        planned = compiled.ledger.of(measure=label, region=BUYER).by_year
        found[f"ledger {label}"] = _miss(used, planned)
        found[f"sum {label}"] = float(planned.sum() / _MILLION_PER_BILLION)
    record, base = path.record, path.baseline
    planned = compiled.ledger.of(measure="fund").by_year
    new = _money(record, "paid")[:, n] - _money(base, "paid")[:, n]
    # The stock at the start of a year has what was paid in until then.
    found["paid_in"] = _miss(_MILLION_PER_BILLION * np.diff(new), planned[:-1])
    found["committed"] = _scheduled(record, runs.case.parameters["paid_in_ratio"])
    found["charged"] = _charged(runs, record, compiled, n)
    found["total"] = compiled.ledger.total / _MILLION_PER_BILLION
    return found


def _used(runs: Runs, compiled: CompiledPath, label: str, n: int) -> Float[np.ndarray, " t"]:
    """Million a year that a measure's wedges use, at the baseline's output."""
    wedges, base = compiled.by_measure[label], runs.baseline
    deflated = np.exp(-np.asarray(base.solution.log_final_price))[:, n]
    cost = np.asarray(base.solution.cost)[:, n] * deflated[:, None]
    rate = wedges.subsidy[:, n]
    used = wedges.outlay[:, n] + wedges.research[:, n] + (rate / (1 - rate) * cost).sum(axis=1)
    used = used + _MILLION_PER_BILLION * wedges.node_money[:, :, n].sum(axis=1)
    used = used + wedges.sector_effort[:, n].sum(axis=1)
    if wedges.commitment.any():
        chosen = runs.case.parameters
        life = int(chosen["pay_in_life"])
        yearly = chosen["paid_in_ratio"] * wedges.commitment[:, :, n].sum(axis=1) / life
        paid = [yearly[max(0, t - life + 1) : t + 1].sum() for t in range(len(yearly))]
        used = used + _MILLION_PER_BILLION * np.array(paid)
    return np.asarray(used)


def _money(record: Record, stock: str) -> Float[np.ndarray, "t n"]:
    """Bn USD of a stock of funds, all nodes together."""
    found: Float[np.ndarray, "t n"] = np.asarray(getattr(record.stocks.money, stock)).sum(axis=1)
    return found


def _scheduled(record: Record, ratio: float) -> float:
    """Largest miss of: ratio x committed = paid in + instalments to come."""
    money = record.stocks.money
    coming = np.asarray(money.instalments).sum(axis=1)
    expected = np.asarray(money.paid) + coming
    return _miss(ratio * np.asarray(money.committed), expected)


def _charged(runs: Runs, record: Record, compiled: CompiledPath, n: int) -> float:
    """Largest miss of what the model charges the region against wedges and money deployed."""
    wedges = compiled.wedges
    deployed = np.diff(_money(record, "deployed")[:, n])
    spent = _MILLION_PER_BILLION * wedges.node_money[:-1, :, n].sum(axis=1)
    expected = wedges.outlay[:-1, n] + wedges.research[:-1, n] + spent
    expected = expected + wedges.sector_effort[:-1, n].sum(axis=1)
    expected = expected + _MILLION_PER_BILLION * deployed

    def charged(of: Record) -> Float[np.ndarray, " t"]:
        kinds = (of.outlay.policy, of.outlay.research, of.outlay.nodes)
        return np.asarray(np.sum([np.asarray(kind)[:-1, n] for kind in kinds], axis=0))

    return _miss(charged(record) - charged(runs.baseline), expected)


def _miss(one: Float[np.ndarray, "..."], other: Float[np.ndarray, "..."]) -> float:
    """Largest difference over the largest value."""
    largest = max(float(np.abs(one).max()), float(np.abs(other).max()), 1e-300)
    return float(np.abs(one - other).max() / largest)


def _checks(found: Numbers) -> tuple[Check, ...]:
    def exact(name: str, title: str, value: float, note: str = "") -> Part:
        return Part(name, title, value, "1", (0.0, EXACT), "identity", note=note)

    parts = [
        exact(
            f"budget_{label}",
            f"ledger against what the wedges use, by year: {label}",
            found[f"ledger {label}"],
            f"{found[f'sum {label}']:.1f} bn USD in all",
        )
        for label in LABELS
    ]
    parts += [
        exact(
            "budget_paid_in", "the fund: ledger against what the model pays in", found["paid_in"]
        ),
        exact(
            "budget_committed",
            "funds: part of commitments to be paid against paid in and still to come",
            found["committed"],
        ),
        exact(
            "budget_charged",
            "what the model charges against outlays, research, abilities of sectors, nodes and "
            "money deployed",
            found["charged"],
            f"{found['total']:.0f} bn USD planned in all",
        ),
    ]
    return (
        Check(
            "V20",
            "Budget",
            "What measures plan to spend is what the model uses, year by year; what is committed "
            "is paid or still to come.",
            f"{len(LABELS)} measures in {BUYER}, each a way of its own to spend; largest relative "
            "miss over years",
            tuple(parts),
            exact=True,
        ),
    )


GROUP = Group("budget", ("V20",), _NAMES, _measure, _checks)
