"""Independent audit of a whole path: every stock, price and market again, by code of its own.

Nothing here is shared with the model: plain NumPy on the numbers of the record, all years at once.
A stock is recomputed from the record as

    stock at the start of year y + flows of year y  =  stock at the start of year y + 1

so that flows of the last year, which lead to no recorded stock, are checked as flows alone. The
markets of each year are checked by the audit of the static equilibrium, with the year's changes put
together anew from stocks, productivity and wedges. Chains are in `path_audit_chains` and
`path_audit_goods`; knowledge, people, money, escalation and firms in `path_audit_stocks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from types import SimpleNamespace

import jax
import numpy as np

from zizhu.errors import NotConverged
from zizhu.model.audit import audit
from zizhu.model.equilibrium import Solution
from zizhu.model.path_audit_chains import barred_parts, felt, sourcing_of
from zizhu.model.path_audit_goods import chain_misses, direct_cost, news_of
from zizhu.model.path_audit_stocks import stock_misses
from zizhu.model.path_audit_tools import Given, Misses, Tree, Values, miss, moved, together
from zizhu.model.path_inputs import PathBase, Rates, Structure, YearWedges
from zizhu.model.path_record import Fixed, Record
from zizhu.model.shock import NoShock

# Largest miss of an identity of stocks and flows: rounding of sums over nodes and regions, which
# grows where bars leave little (1e-12 on usual paths).
LARGEST_MISS = 1e-11
# Of prices and shares of chains: parts of what bars leave, so that rounding is divided by a part
# that may be very small.
LARGEST_MISS_OF_PRICES = 1e-10
_MILLION_PER_BILLION = 1000.0
_MARKETS = "markets"
_PRICES = ("prices", "shares")


@dataclass(frozen=True)
class PathAudit:
    """Largest relative miss of each identity over all years.

    Values are relative to the largest of their kind, logs and parts are taken as they are.

    start         stocks of the first year against the base, and the base year of the chains itself
    clock         years since the base year; price levels, costs and labour of the year before
    talent        people: home, abroad, recruited, places at universities
    money         funds: committed, paid in, deployed, leaked, what is on its way, money at work
    capital       capital against investment and wear; the bundle of factors
    ideas         log productivity from ideas against the insights of the year
    research      the same from research, talent and money
    scale         the same from the size of sectors (dynamic regime)
    reaction      controls and push
    firms         of listed firms: replaced inputs, stock, revenue
    productivity  channels against the stocks and chains that they come from
    outlay        resources by kind
    barred        chains: flows barred by the base year, wedges, the reaction; relief from store
    shares        chains: parts bought from each supplier, recomputed and between 0 and 1
    prices        chains: costs and prices, recomputed node by node
    lack          chains: what cannot be had
    purchases     chains: what is bought, against what is made with it, invested and stored
    sales         chains: what is made, against what is bought
    plants        chains: capacity, buildings, what was begun, finished and asked of them
    tools         chains: price and lack of tools in place
    cover         chains: years of purchases in store
    experience    chains: own sales and spill-over
    ability       chains: gains from effort, catching up, learning, momentum
    effort        chains: what makers spend, the clock of entry and its probability
    qualified     chains: search, trust, habit, duties, on their way to the long-run elasticity
    handicap      chains: what makers made up for
    markets       every market of every year (the audit of the static equilibrium)
    years         place of the year with the largest miss, by identity
    """

    start: float
    clock: float
    talent: float
    money: float
    capital: float
    ideas: float
    research: float
    scale: float
    reaction: float
    firms: float
    productivity: float
    outlay: float
    barred: float
    shares: float
    prices: float
    lack: float
    purchases: float
    sales: float
    plants: float
    tools: float
    cover: float
    experience: float
    ability: float
    effort: float
    qualified: float
    handicap: float
    markets: float
    years: Mapping[str, int]

    @property
    def by_identity(self) -> dict[str, float]:
        """Largest miss by identity."""
        return {name: value for name, value in vars(self).items() if name != "years"}

    @property
    def largest(self) -> float:
        """Worst miss of all, markets included."""
        return max(self.by_identity.values())

    @property
    def largest_of_stocks(self) -> float:
        """Worst miss of all identities but the markets."""
        return max(value for name, value in self.by_identity.items() if name != _MARKETS)

    @property
    def worst(self) -> str:
        """Name of the identity with the worst miss."""
        found = self.by_identity
        return max(found, key=lambda name: found[name])

    def require(self, largest_residual: float, largest_miss: float = LARGEST_MISS) -> None:
        """Raise `NotConverged`, naming year and identity, unless everything adds up.

        largest_residual  allowed to markets
        largest_miss      allowed to every other identity, prices and shares of chains excepted
        """
        allowed = dict.fromkeys(self.by_identity, largest_miss) | {_MARKETS: largest_residual}
        allowed |= dict.fromkeys(_PRICES, max(largest_miss, LARGEST_MISS_OF_PRICES))
        over = {name: value / allowed[name] for name, value in self.by_identity.items()}
        worst = max(over, key=lambda name: over[name])
        if over[worst] > 1:
            raise NotConverged(
                f"the path does not add up: year {self.years[worst]} after the first, "
                f"{worst} misses by {self.by_identity[worst]:.1e}, {allowed[worst]:.0e} is allowed"
            )


def audit_path(
    record: Record,
    wedges: YearWedges,
    base: PathBase,
    rates: Rates,
    structure: Structure,
    *,
    fixed: Fixed,
) -> PathAudit:
    """Recompute a path from its record and report by how much each identity misses.

    record  arrays with the year first
    wedges  that the path was given, year first
    fixed   what the years share (`simulate.fixed_of`); its base year is audited too
    """
    given = Given(
        record=_plain(record, "solution"),
        wedges=_plain(wedges),
        base=_plain(base, "economy", "elasticities"),
        rates=_plain(rates),
        structure=_plain(structure),
        fixed=_plain(fixed),
    )
    found = together(
        {"markets": _markets(given, base, record.solution), "start": _first(given)},
        _accounts(given),
        chain_misses(given),
        stock_misses(given),
    )
    years = {name: int(np.argmax(values)) for name, values in found.items()}
    return PathAudit(**{name: float(v.max()) for name, v in found.items()}, years=years)


def _plain(tree: Tree, *classes: str) -> Tree:
    """A tuple of the model with NumPy arrays; `classes` names fields that are no tuples."""
    known = {
        name: SimpleNamespace(
            **{field: np.asarray(getattr(value, field)) for field in value.__annotations__}
        )
        if name in classes
        else jax.tree.map(np.asarray, value)
        for name, value in tree._asdict().items()
    }
    return tree._replace(**known)


def _markets(given: Given, base: PathBase, solution: Solution) -> Values:
    """Audit of every year's equilibrium."""
    rec, wedge = given.record._replace(solution=None), given.wedges
    neutral: NoShock = jax.tree.map(np.asarray, NoShock.of(base.economy))
    solution = jax.tree.map(np.asarray, solution)
    found = []
    for year in range(rec.stocks.year.shape[0]):
        now, change = jax.tree.map(itemgetter(year), (rec, wedge))
        productivity = sum(part[:, None] if part.ndim == 1 else part for part in now.productivity)
        changes = {
            "tariff": change.tariff,
            "export_tax": change.export_tax,
            "subsidy": change.subsidy,
            "log_iceberg": np.broadcast_to(
                change.log_iceberg[..., None], neutral.log_iceberg.shape
            ),
            "log_productivity": productivity,
            "log_labour": now.factors + change.log_labour,
            "home_preference": change.home_preference,
            "deficit": change.deficit,
            "outlay": np.sum(now.outlay, axis=0) * np.exp(now.stocks.price_level),
        }
        shock = neutral._replace(**changes)
        solved = jax.tree.map(itemgetter(year), solution)
        found.append(audit(base.economy, base.elasticities, shock, solved).largest)
    return np.asarray(np.nan_to_num(np.array(found), nan=np.inf))


def _first(given: Given) -> Values:
    """Stocks that the first year starts with, where the base says no more than nothing or one."""
    had = given.record.stocks
    zero = (*had.knowledge, *had.reaction, *had.firms, had.price_level, had.year)
    zero += (had.sector_cost, had.labour)
    worst = max([float(np.abs(field[0]).max(initial=0.0)) for field in zero])
    found = np.zeros(had.year.shape[0])
    found[0] = max(worst, float(np.abs(had.capital[0] - 1).max()))
    return found


def _accounts(given: Given) -> Misses:
    """Capital and factors, productivity by channel, outlay by kind, bars, years."""
    rec, wedge, base, rates, on, fixed = given
    had, by, factors = rec.stocks, rates.knowledge, rates.factors
    real = rec.solution.income / base.economy.income / np.exp(rec.solution.log_final_price)
    kept = (1 - factors.depreciation) * had.capital
    capital = kept + factors.investment_rate * rec.investment
    labour = factors.labour_share * factors.labour_growth * had.year[:, None]
    bundle = on.accumulation * (labour + (1 - factors.labour_share) * np.log(had.capital))

    news, base_year = news_of(given), fixed.chains.year
    cost, ceiling = felt(base, rates, rec.chains.price, rec.chains.lack, news.sector_cost)
    cost0, ceiling0 = felt(
        base, rates, base_year.price[None], base_year.lack[None], 0 * news.sector_cost[:1]
    )
    support, s0 = wedge.support, by.support_base
    channels = {
        "ideas": on.growth * had.knowledge.ideas,
        "research": on.research * had.knowledge.research,
        "scale": had.knowledge.scale,
        "support": -by.misallocation * support * (support + 2 * s0),
        "chains": on.chains * (cost0 - cost),
        "ceiling": on.chains * (ceiling - ceiling0),
        "firms": on.firms * rec.firms.log_productivity,
        "other": wedge.log_productivity + by.density * wedge.density,
    }
    productivity = [miss(getattr(rec.productivity, name), v) for name, v in channels.items()]

    technology, bought = base.technology, fixed.chains.demand.bought
    every, higher = barred_parts(technology, news, had.reaction.controls)
    above = had.chains.above[..., None]
    barred = sourcing_of(technology) * (every + (1 - every) * higher * above)
    first = news._replace(every=base.barred[None], higher=base.barred_above[None])
    every, higher = barred_parts(technology, first, np.zeros_like(had.reaction.controls[:1]))
    above = fixed.chains.stocks.above[None, ..., None]
    barred0 = sourcing_of(technology) * (every + (1 - every) * higher * above)
    pushed = np.zeros_like(rec.at_work)
    if technology.controllable is not None:
        pushed = technology.controllable.max(axis=2) * had.reaction.push[:, None, :] * bought
    spent = wedge.node_money + pushed + rec.at_work / (1 - rates.leakage)
    at_work = base.node_money + wedge.node_money + pushed + rec.at_work
    held = barred * (1 - rec.chains.relief)[..., None] - barred0
    rents = rates.chains.rent * (bought[:, :, None] * held).sum(axis=(1, 2)) * on.chains
    size = base.economy.income
    kinds = {
        "policy": wedge.outlay + wedge.sector_effort.sum(axis=2),
        "research": wedge.research,
        "nodes": _MILLION_PER_BILLION * spent.sum(axis=1),
        "rents": _MILLION_PER_BILLION * rents,
    }
    outlay = [miss(getattr(rec.outlay, name), value, size) for name, value in kinds.items()]
    prices = moved(had.price_level, rec.solution.log_final_price - had.price_level)
    return {
        "capital": np.max(
            [
                moved(had.capital, capital - had.capital, had.capital),
                miss(rec.factors, bundle),
                miss(rec.investment, real, real),
            ],
            axis=0,
        ),
        "productivity": np.max(productivity, axis=0),
        "outlay": np.max([*outlay, miss(rec.node_money, at_work, at_work.max() or 1.0)], axis=0),
        "clock": np.max(
            [
                moved(had.year, np.ones_like(had.year)),
                prices,
                moved(had.sector_cost, _cost_of_sectors(given) - had.sector_cost),
                moved(had.labour, wedge.log_labour - had.labour),
            ],
            axis=0,
        ),
    }


def _cost_of_sectors(given: Given) -> Values:
    """Log producer prices [t,n,k] net of chains and of the year's own changes."""
    rec = given.record
    chains = rec.productivity.chains + rec.productivity.ceiling
    return np.asarray(rec.solution.log_price + chains - direct_cost(given))
