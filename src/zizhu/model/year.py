"""One year in three parts: what it starts from, its equilibrium, and where it leads.

Controls and money find the chains' prices; knowledge, chains and listed firms make productivity
(`opening`). Factors, productivity and trade wedges clear all markets (`zizhu.model.equilibrium`).
What is bought, made, learnt and invested moves every stock (`closing`).
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model import knowledge as know
from zizhu.model.chain_demand import barred_sales
from zizhu.model.chain_state import ChainNews, ChainYear
from zizhu.model.chain_stocks import ChainFlows, ChainPush, next_stocks
from zizhu.model.chain_year import chain_year
from zizhu.model.economy import Economy
from zizhu.model.equilibrium import Solution
from zizhu.model.factors import log_factors, next_capital
from zizhu.model.feed import direct_cost, felt, final_demand, relative_cost
from zizhu.model.firms import FirmAnswer, firm_answer, next_firms
from zizhu.model.guess import starts_of_year
from zizhu.model.knowledge import Knowledge
from zizhu.model.money import MoneyStocks, next_money
from zizhu.model.path_inputs import PathBase, Rates, Structure, YearWedges
from zizhu.model.path_record import Fixed, Outlay, Productivity, Record, Stocks
from zizhu.model.reaction import next_reaction
from zizhu.model.shock import NoShock
from zizhu.model.talent import TalentFlows, effective_talent, next_talent
from zizhu.model.technology import bars

# Keeps quotients finite where nothing is used; not so small that its derivative overflows.
_LEAST = 1e-30
_MILLION_PER_BILLION = 1000.0


class Opening(NamedTuple):
    """What a year is like before its markets clear.

    chains        prices and sourcing
    duty          [i,k,n] what duties and trade costs add to prices, in logs
    sector_cost   [n,k] log unit cost of sectors, net of chains
    dearer        [n,k] cost of chains beyond that of the base year, in logs
    money         funds at the end of the year
    at_work       [m,n] bn USD that funds put to work
    node_money    [m,n] bn USD at work on nodes in all
    firms         of listed firms
    productivity, factors, outlay  see `Record`
    shock         of the year's equilibrium
    guess         where the search for it starts
    """

    chains: ChainYear
    duty: Float[Array, "n k n"]
    sector_cost: Float[Array, "n k"]
    dearer: Float[Array, "n k"]
    money: MoneyStocks
    at_work: Float[Array, "m n"]
    node_money: Float[Array, "m n"]
    firms: FirmAnswer
    productivity: Productivity
    factors: Float[Array, " n"]
    outlay: Outlay
    shock: NoShock
    guess: Float[Array, "s d"]


class Closing(NamedTuple):
    """What a year leads to, beside the stocks of the next: see `Record`."""

    flows: ChainFlows
    talent: TalentFlows
    log_insights: Float[Array, "n k"]
    log_size: Float[Array, "n k"]
    investment: Float[Array, " n"]


def opening(
    stocks: Stocks,
    wedges: YearWedges,
    base: PathBase,
    *,
    fixed: Fixed,
    rates: Rates,
    structure: Structure,
) -> Opening:
    """What a year starts from, given stocks and wedges."""
    technology, economy = base.technology, base.economy
    pressed = stocks.reaction
    open_ = 1 - wedges.lifted
    held = bars(
        technology,
        (1 - (1 - base.barred) * (1 - wedges.barred)) * open_,
        (1 - (1 - base.barred_above) * (1 - wedges.barred_above)) * open_,
        controls=pressed.controls,
        cover=stocks.chains.cover,
        above=stocks.chains.above,
    )
    duty = _duty(economy, wedges)
    sector_cost = relative_cost(economy, stocks.sector_cost + _direct(economy, wedges))
    money, at_work = next_money(stocks.money, wedges.commitment, rates.paid_in, rates.leakage)
    pushed = jnp.zeros_like(at_work)
    if technology.controllable is not None:
        reached = jnp.max(technology.controllable, axis=2)
        pushed = reached * pressed.push * fixed.chains.demand.bought
    node_money = base.node_money + wedges.node_money + pushed + at_work

    now = chain_year(
        technology,
        stocks.chains,
        ChainNews(
            bars=held,
            preference=wedges.node_preference,
            mandate=wedges.mandate,
            duty=duty,
            sector_cost=sector_cost,
            idle=jnp.maximum(stocks.labour - wedges.log_labour, 0.0),
            year=stocks.year,
        ),
        rates=rates.chains,
        ability_rates=rates.ability,
    )
    cost, ceiling = felt(base, now, sector_cost, rates)
    home = now.home[base.firms.node, base.firms.region]
    shape = (economy.regions, economy.sectors)
    listed = firm_answer(base.firms, stocks.firms, wedges.listed, home, shape)
    on = structure
    productivity = Productivity(
        ideas=on.growth * stocks.knowledge.ideas,
        research=on.research * stocks.knowledge.research,
        scale=stocks.knowledge.scale,
        support=know.misallocation(wedges.support, rates.knowledge),
        chains=-on.chains * (cost - fixed.cost),
        ceiling=on.chains * (ceiling - fixed.ceiling),
        firms=on.firms * listed.log_productivity,
        other=wedges.log_productivity + rates.knowledge.density * wedges.density,
    )
    factors = on.accumulation * log_factors(stocks.capital, stocks.year, rates.factors)
    lost = barred_sales(technology, fixed.chains.demand, held, stocks.chains.above) - fixed.rents
    gross = wedges.node_money + pushed + at_work / (1 - rates.leakage)
    outlay = Outlay(
        policy=wedges.outlay + wedges.sector_effort.sum(axis=1),
        research=wedges.research,
        nodes=_MILLION_PER_BILLION * gross.sum(axis=0),
        rents=on.chains * rates.chains.rent * _MILLION_PER_BILLION * lost,
    )
    return Opening(
        chains=now,
        duty=duty,
        sector_cost=sector_cost,
        dearer=cost - fixed.cost,
        money=money,
        at_work=at_work,
        node_money=node_money,
        firms=listed,
        productivity=productivity,
        factors=factors,
        outlay=outlay,
        shock=_shock(
            economy,
            wedges,
            productivity,
            factors=factors,
            outlay=outlay,
            price_level=stocks.price_level,
        ),
        guess=starts_of_year(stocks.solved, economy),
    )


def _drive(wedges: YearWedges, base: PathBase, fixed: Fixed, opened: Opening) -> Float[Array, " n"]:
    """The scenario's own push: its money on controllable nodes over their base purchases.

    Those who control answer it like the push that the loop itself brings. Money that runs out does
    not count against it.
    """
    technology = base.technology
    if technology.controllable is None:
        return jnp.zeros(base.economy.regions)
    reached = jnp.max(technology.controllable, axis=2)
    spent = jnp.maximum(wedges.node_money + opened.at_work, 0.0)
    bought = jnp.sum(reached * fixed.chains.demand.bought, axis=0)
    return jnp.sum(reached * spent, axis=0) / jnp.maximum(bought, _LEAST)


def closing(
    stocks: Stocks,
    wedges: YearWedges,
    base: PathBase,
    *,
    fixed: Fixed,
    rates: Rates,
    structure: Structure,
    opened: Opening,
    solution: Solution,
) -> tuple[Stocks, Closing]:
    """Stocks of the next year, and what moved them."""
    home = opened.chains.home[base.firms.node, base.firms.region]
    learnt, log_insights, log_size = _next_knowledge(
        stocks,
        wedges,
        base,
        fixed=fixed,
        rates=rates,
        structure=structure,
        solution=solution,
        factors=opened.factors,
    )
    made = base.economy.cost > 0
    per_sale = wedges.sector_effort / jnp.where(made, base.economy.cost, 1.0)
    push = ChainPush(
        money=opened.node_money,
        per_sale=jnp.where(made, per_sale, 0.0),
        research=_research(stocks, wedges, base, rates, structure),
        hoarding=wedges.hoarding,
        openness=1 - wedges.isolation,
        learning=structure.learning,
        gain=wedges.node_ability,
    )
    chains, flows = next_stocks(
        base.technology,
        stocks.chains,
        opened.chains,
        fixed.chains,
        final=final_demand(base, wedges, solution),
        push=push,
        duty=opened.duty,
        year=stocks.year,
        rates=rates.chains,
        ability_rates=rates.ability,
    )
    talent, moved = next_talent(
        stocks.talent, rates.talent, wedges.graduates, wedges.stay_rate, wedges.returnees
    )
    # Investment is a constant part of spending, and its price moves with that of all spending.
    investment = jnp.exp(solution.log_real_income)
    following = Stocks(
        year=stocks.year + 1,
        knowledge=learnt,
        capital=next_capital(stocks.capital, investment, rates.factors),
        talent=talent,
        money=opened.money,
        reaction=next_reaction(
            stocks.reaction,
            rates.responses._replace(on=structure.reaction),
            rates.responses.control * _drive(wedges, base, fixed, opened),
            jnp.max(opened.dearer, axis=1),
        ),
        firms=next_firms(
            base.firms,
            stocks.firms,
            wedges.listed,
            home,
            # What is stored relieves the node's buyers together: counted there, not twice.
            jnp.zeros_like(home),
        ),
        chains=chains,
        price_level=solution.log_final_price,
        sector_cost=solution.log_price
        + opened.productivity.chains
        + opened.productivity.ceiling
        - _direct(base.economy, wedges),
        labour=wedges.log_labour,
        solved=jnp.concatenate([stocks.solved[1:], jax.lax.stop_gradient(solution.unknowns)[None]]),
    )
    return following, Closing(flows, moved, log_insights, log_size, investment)


def record_of(stocks: Stocks, opened: Opening, solution: Solution, closed: Closing) -> Record:
    """All of a year; nothing is computed."""
    return Record(
        stocks=stocks,
        productivity=opened.productivity,
        factors=opened.factors,
        outlay=opened.outlay,
        chains=opened.chains,
        flows=closed.flows,
        talent=closed.talent,
        at_work=opened.at_work,
        node_money=opened.node_money,
        firms=opened.firms,
        log_insights=closed.log_insights,
        log_size=closed.log_size,
        investment=closed.investment,
        solution=solution,
    )


def _duty(economy: Economy, wedges: YearWedges) -> Float[Array, "n k n"]:
    """What changes of duties and trade costs add to the price of a flow, in logs."""
    tariff = wedges.tariff / (1 + economy.tariff)
    tax = wedges.export_tax / (1 + economy.export_tax)
    return jnp.log1p(tariff + tax + tariff * tax) + wedges.log_iceberg


def _direct(economy: Economy, wedges: YearWedges) -> Float[Array, "n k"]:
    return direct_cost(
        economy,
        labour=wedges.log_labour,
        productivity=wedges.log_productivity,
        subsidy=wedges.subsidy,
    )


def _behind_research(
    stocks: Stocks, wedges: YearWedges, base: PathBase, rates: Rates
) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
    """Money and talent of each region's research relative to the base year."""
    talent = effective_talent(stocks.talent, rates.talent) / base.talent
    return 1 + wedges.research / base.research, talent


def _research(
    stocks: Stocks, wedges: YearWedges, base: PathBase, rates: Rates, structure: Structure
) -> Float[Array, " n"]:
    """Research of each region relative to the base year, as its productivity knows it."""
    money, talent = _behind_research(stocks, wedges, base, rates)
    by = rates.knowledge
    return (money**by.research_money * talent**by.research_talent) ** structure.research


def _next_knowledge(
    stocks: Stocks,
    wedges: YearWedges,
    base: PathBase,
    *,
    fixed: Fixed,
    rates: Rates,
    structure: Structure,
    solution: Solution,
    factors: Float[Array, " n"],
) -> tuple[Knowledge, Float[Array, "n k"], Float[Array, "n k"]]:
    """Knowledge a year later; also the gain of insights and the size that scale follows."""
    had, by = stocks.knowledge, rates.knowledge
    insights = know.log_insights(
        base.levels + had.ideas,
        value_added_share=solution.value_added_share,
        input_shares=solution.input_shares,
        origin_shares=solution.origin_shares[..., 0],
        openness=1 - wedges.isolation,
        rates=by,
    )
    gained = insights - fixed.insights
    log_size = solution.log_scale - (factors + wedges.log_labour)[:, None]
    ideas = know.idea_growth(
        had.ideas,
        base.growth,
        gained,
        year=stocks.year,
        rates=by,
        diffusion_on=structure.ideas,
    )
    money, talent = _behind_research(stocks, wedges, base, rates)
    scale = base.dynamic_scale * structure.learning
    return (
        Knowledge(
            ideas=had.ideas + ideas,
            research=had.research + know.research_growth(had.research, money, talent, by),
            scale=had.scale + know.scale_growth(had.scale, log_size, scale, by),
        ),
        gained,
        log_size,
    )


def _shock(
    economy: Economy,
    wedges: YearWedges,
    productivity: Productivity,
    *,
    factors: Float[Array, " n"],
    outlay: Outlay,
    price_level: Float[Array, " n"],
) -> NoShock:
    """The year's changes as the static equilibrium takes them.

    Outlays are real: they cost what final spending cost last year.
    """
    neutral = NoShock.of(economy)
    return neutral._replace(
        tariff=wedges.tariff,
        export_tax=wedges.export_tax,
        subsidy=wedges.subsidy,
        log_iceberg=wedges.log_iceberg[..., None],
        log_productivity=productivity.total(),
        log_labour=factors + wedges.log_labour,
        home_preference=wedges.home_preference,
        deficit=wedges.deficit,
        outlay=sum(outlay) * jnp.exp(price_level),
    )
