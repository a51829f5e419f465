"""Tables of a path counted again from its records. See `indicators.path`, `indicators.path_nodes`.

Nothing is read that can be formed: sales come from who supplies which part of whose spending and
from the rates of the wedges as the scenario has them, real income from spending and its price.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.laboratory.recount.misses import Misses, differs, joined, miss
from zizhu.policy.path_wedges import PathWedges

_SCENARIO, _BASELINE = "scenario", "baseline"
_CELL, _REGION, _NODE = ("year", "region", "sector"), ("year", "region"), ("year", "region", "node")


class Sales(NamedTuple):
    """Sales of a run in each year, before duties.

    own   [t,n,k] from home
    used  [t,n,k] from all
    sold  [t,i,k] to all
    """

    own: Float[np.ndarray, "t n k"]
    used: Float[np.ndarray, "t n k"]
    sold: Float[np.ndarray, "t i k"]


def flows_of(
    record: Any, case: Any, wedges: PathWedges, users: slice = slice(None)
) -> Float[np.ndarray, "t i k u"]:
    """Sales of a run before duties by maker, sector and user; `wedges` are of its own measures."""
    solution, world = record.solution, case.world
    abroad = (1 - np.eye(len(world.regions)))[:, None, :]
    origin, spent = np.asarray(solution.origin_shares), np.asarray(solution.spending)
    origin, spent = origin[:, :, :, users], spent[:, :, users]
    if origin.shape[4] == 1:
        flow = origin[..., 0] * spent.sum(axis=3)[:, None]
    else:
        flow = np.einsum("tiknu,tknu->tikn", origin, spent)
    for name, base in (("tariff", world.tariff), ("export_tax", 0.0)):
        change = getattr(wedges, name)
        # One rate for all years where no measure moves it.
        rate = base + abroad * (change if change.any() else change[:1])
        if np.any(rate):
            flow = flow / (1 + rate[..., users])
    return np.asarray(flow)


def sales_of(record: Any, case: Any, wedges: PathWedges) -> Sales:
    """What home and all users buy of each sector, and what its makers sell."""
    flow = flows_of(record, case, wedges)
    own = np.stack([flow[:, n, :, n] for n in range(flow.shape[3])], axis=1)
    return Sales(own, flow.sum(axis=1).transpose(0, 2, 1), flow.sum(axis=3))


def path_misses(table: xr.Dataset, path: Any, switches: Any) -> Misses:
    """Every table of both runs, and the effects between them.

    table     dataset of the path
    path      its case, wedges and records
    switches  `Structure` of the runs
    """
    case = path.case
    runs = {_SCENARIO: (path.record, path.wedges), _BASELINE: (path.baseline, None)}
    nothing = case.labels.none()
    found: Misses = {"labels": _labels(table, case)}
    logs = {}
    for run, (record, wedges) in runs.items():
        here = table.sel(run=run)
        logs[run] = _real_income(record, case)
        found = joined(
            found,
            _sectors(here, record, sales_of(record, case, wedges or nothing)),
            _nodes(here, record, case, wedges or nothing),
            _regions(here, record, case, logs[run], wedges),
        )
    effect = 100 * np.expm1(logs[_SCENARIO] - logs[_BASELINE])
    shown = table["real_income_effect"].transpose(*_REGION).values
    found["effects against the baseline"] = miss(shown, effect, 100.0)
    found["tables of nodes"] = max(found["tables of nodes"], _multiples(table, path))
    return joined(found, _wedges(path, switches))


def _labels(table: xr.Dataset, case: Any) -> float:
    """Whether the places of arrays are called what they are."""
    labels, world = case.labels, case.world
    expected = {
        "run": [_SCENARIO, _BASELINE],
        "year": list(case.years),
        "region": list(world.regions),
        "sector": list(world.sectors),
        "node": list(case.chains.nodes),
        "chain": list(case.chains.names),
        "firm": list(labels.firms),
    }
    return max(differs(table[name].values.tolist(), of) for name, of in expected.items())


def _real_income(record: Any, case: Any) -> Float[np.ndarray, "t n"]:
    """Log of spending over the base's, deflated."""
    world, solution = case.world, record.solution
    base = np.einsum("iknu,ikn->n", world.final, 1 + world.tariff)
    return np.asarray(np.log(np.asarray(solution.income) / base) - solution.log_final_price)


def _sectors(here: xr.Dataset, record: Any, sales: Sales) -> Misses:
    solution = record.solution
    own, used, sold = sales
    world = sold.sum(axis=1, keepdims=True)
    price = np.exp(np.asarray(solution.log_price))
    user_price = np.exp(np.moveaxis(np.asarray(solution.log_sector_price)[..., 0], 1, 2))
    levels = {
        "value_added": np.asarray(solution.value_added_share) * np.asarray(solution.cost),
        "output": sold / price,
        "use": used,
    }

    def shown(name: str, dims: tuple[str, ...] = _CELL) -> np.ndarray:
        return np.asarray(here[name].transpose(*dims).values)

    channels = here["productivity"].transpose(*_CELL, "productivity_channel")
    by_channel = {}
    for name, values in record.productivity._asdict().items():
        full = values if np.ndim(values) == 3 else np.repeat(values[:, :, None], sold.shape[2], 2)
        by_channel[str(name)] = miss(
            channels.sel(productivity_channel=name).values, 100 * np.asarray(full), 100.0
        )
    return {
        "levels in money": max(miss(shown(name), value) for name, value in levels.items()),
        "prices of sectors": miss(shown("sector_price"), user_price),
        "home shares of sectors": miss(shown("home_share"), _percent(own, used), 100.0),
        "world shares of sectors": miss(
            shown("world_share"), _percent(sold, np.broadcast_to(world, sold.shape)), 100.0
        ),
        "channels of productivity": max(by_channel.values()),
    }


def _nodes(here: xr.Dataset, record: Any, case: Any, wedges: PathWedges) -> Misses:
    technology, chains, stocks = case.base.technology, record.chains, record.stocks.chains
    places = [int(place) for place in case.chains.places]
    barred = _barred(record, case, wedges)
    made = np.asarray(record.flows.demand.made)
    whole = np.broadcast_to(made.sum(axis=2, keepdims=True), made.shape)
    outside = np.asarray(technology.entry.weight) > 0
    entry = np.where(outside, np.asarray(chains.entry), np.nan)
    traded, plant = ~np.asarray(technology.assembled), np.asarray(technology.plant)
    everything = np.ones_like(traded)
    spent = record.flows.effort
    tables = {
        "node_home_share": (traded, 100 * np.asarray(chains.home)),
        "node_world_share": (traded, _percent(made, whole)),
        "node_price": (everything, np.exp(np.asarray(chains.price))),
        "node_gap": (traded, 100 * np.asarray(chains.gap)),
        "node_lack": (everything, 100 * np.asarray(chains.lack)),
        "node_capacity": (plant, np.asarray(stocks.capacity)),
        "node_entry": (everything, 100 * entry),
        "node_made": (everything, made),
        "node_bought": (everything, np.asarray(record.flows.demand.bought)),
        "node_money": (everything, np.asarray(record.node_money)),
        "node_effort": (everything, _effort(record)),
        "node_effort_own": (everything, np.asarray(spent.own)),
        "node_effort_sector": (everything, np.asarray(spent.sector)),
        "node_barred": (traded, 100 * barred),
        "node_cover": (everything, np.asarray(stocks.cover)),
    }
    found: Misses = {}
    for name, (kind, values) in tables.items():
        expected = np.where(kind[None, :, None], values, np.nan)[:, places]
        shown = here[name].transpose("year", "node", "region").values
        what = "home shares of nodes" if name == "node_home_share" else "tables of nodes"
        found[what] = max(found.get(what, 0.0), miss(shown, expected))
    final = [int(place) for place in np.asarray(technology.final)]
    cost = here["chain_cost"].transpose("year", "chain", "region").values
    found["tables of nodes"] = max(
        found["tables of nodes"],
        miss(cost, 100 * np.asarray(chains.price)[:, final], 100.0),
        miss(here["firm_revenue"].transpose("year", "firm").values, 100 * record.firms.revenue),
    )
    return found


def _effort(record: Any) -> Float[np.ndarray, "t m n"]:
    """Own research, what the sector is given, and all money directed to the node."""
    spent = record.flows.effort
    return np.asarray(spent.own + np.asarray(spent.sector) + np.asarray(record.node_money))


def _multiples(table: xr.Dataset, path: Any) -> float:
    """Effort of each run over the baseline's of the same year."""
    places = [int(place) for place in path.case.chains.places]
    usual = _effort(path.baseline)
    missed = 0.0
    for run, record in ((_SCENARIO, path.record), (_BASELINE, path.baseline)):
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = np.where(usual > 0, _effort(record) / usual, np.nan)
        shown = table["node_effort_multiple"].sel(run=run).transpose("year", "node", "region")
        missed = max(missed, miss(shown.values, expected[:, places]))
    return missed


def _barred(record: Any, case: Any, wedges: PathWedges) -> Float[np.ndarray, "t m n"]:
    """Part of base purchases that bars take, by what stands, the scenario and the reaction."""
    technology, base, standing = case.base.technology, standing_base(case), standing_wedges(case)
    above = np.asarray(record.stocks.chains.above)
    regions, places = above.shape[2], case.chains.places
    sourcing = np.asarray(technology.links.sourcing).reshape(-1, regions, regions)
    lifted = (1 - standing.lifted) * (1 - wedges.lifted)

    def in_force(name: str) -> np.ndarray:
        left = (1 - getattr(standing, name)) * (1 - getattr(wedges, name))
        return np.asarray((1 - (1 - np.asarray(getattr(base, name))[places]) * left) * lifted)

    every, higher = in_force("barred"), in_force("barred_above")
    if technology.controllable is not None:
        controls = np.asarray(record.stocks.reaction.controls)[:, None, :, None]
        higher = 1 - (1 - higher) * (1 - controls * np.asarray(technology.controllable)[places])
    part = 1 - (1 - every) * (1 - above[:, places, :, None] * higher)
    part = part * (1 - np.eye(regions))
    found = np.zeros_like(above)
    found[:, places] = (part * sourcing[places]).sum(axis=3)
    return found


def _regions(
    here: xr.Dataset, record: Any, case: Any, log_income: Any, wedges: PathWedges | None
) -> Misses:
    stocks, base = record.stocks, case.base
    added = np.zeros_like(log_income) if wedges is None else wedges.research
    money, rates = stocks.money, case.rates
    # Of the year itself: what stands at the start of the next one, and in the last what is due.
    announced = np.zeros_like(np.asarray(money.committed))
    if wedges is not None:
        announced[:, case.chains.places] = wedges.commitment
    life = np.asarray(money.instalments).shape[1]
    due = np.asarray(money.instalments)[-1, 0] + float(rates.paid_in) * announced[-1] / life
    spent = np.asarray(record.at_work)[-1] / (1 - float(rates.leakage))
    flows = {
        "committed": announced[-1],
        "paid": due,
        "deployed": spent,
        "leaked": float(rates.leakage) * spent,
    }
    values = {
        "real_income": 100 * np.expm1(log_income),
        "capital": stocks.capital,
        "factors": 100 * np.expm1(np.asarray(record.factors)),
        "talent_home": np.asarray(stocks.talent.home) / base.talent,
        "talent_abroad": np.asarray(stocks.talent.abroad) / base.talent,
        "research_spending": added,
        "controls": 100 * np.asarray(stocks.reaction.controls),
        "push": stocks.reaction.push,
    }
    for name, flow in flows.items():
        stock = np.asarray(getattr(money, name))
        after = np.concatenate([stock[1:], (stock[-1] + flow)[None]])
        values[f"funds_{name}"] = after.sum(axis=1)
    shown = {name: here[name].transpose(*_REGION).values for name in values}
    outlay = here["outlay"].transpose(*_REGION, "outlay_kind")
    return {
        "real income": miss(shown.pop("real_income"), values.pop("real_income"), 100.0),
        "stocks and flows": max(miss(shown[name], values[name]) for name in values),
        "outlays": max(
            miss(outlay.sel(outlay_kind=kind).values, of, base.economy.income)
            for kind, of in record.outlay._asdict().items()
        ),
    }


def _wedges(path: Any, switches: Any) -> Misses:
    """What the wedges say of a year, against what enters in that year of the record."""
    record, wedges, rates, case = path.record, path.wedges, path.case.rates, path.case
    # Sectors drift in every run; nothing else that stands is productivity.
    other = standing_wedges(case).log_productivity + wedges.log_productivity
    other = other + float(rates.knowledge.density) * wedges.density
    base, more = float(rates.knowledge.support_base), wedges.support
    lost = float(rates.knowledge.misallocation) * ((base + more) ** 2 - base**2)
    labour = wedges.log_labour + np.asarray(record.factors)
    size = np.asarray(record.solution.wage_bill) / np.asarray(case.base.economy.wage_bill)
    size = np.log(size) - np.asarray(record.solution.log_wage)
    had, on = record.stocks.knowledge, switches
    income = np.asarray(case.base.economy.income)
    return {
        "productivity of the year": max(
            miss(record.productivity.other, other, 1.0),
            miss(record.productivity.support, -lost, 1.0),
            miss(record.productivity.ideas, float(on.growth) * np.asarray(had.ideas), 1.0),
            miss(record.productivity.research, float(on.research) * np.asarray(had.research), 1.0),
            miss(record.productivity.scale, had.scale, 1.0),
            miss(size, labour, 1.0),
        ),
        "outlays of the year": max(
            miss(record.outlay.policy, wedges.outlay + wedges.sector_effort.sum(axis=2), income),
            miss(record.outlay.research, wedges.research, income),
        ),
    }


def _percent(one: Any, other: Any) -> np.ndarray:
    some = other > 0
    return np.asarray(np.where(some, 100 * one / np.where(some, other, 1.0), np.nan))
