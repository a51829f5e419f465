"""The economy in motion: one pure step from a year to the next, and the path as its scan.

A year: controls and money find the chains' prices; knowledge, chains and listed firms make
productivity; factors, productivity and trade wedges clear all markets; what is bought, made, learnt
and invested moves every stock. Nothing is solved across years: expectations play no part.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model import knowledge as know
from zizhu.model.anderson import Settings
from zizhu.model.chain_demand import Demand
from zizhu.model.chain_stocks import ChainPush, chain_base, next_stocks
from zizhu.model.chain_year import ChainYear, chain_year
from zizhu.model.economy import Economy
from zizhu.model.equilibrium import Solution, base_unknowns, equilibrium
from zizhu.model.factors import log_factors, next_capital
from zizhu.model.feed import chain_ceiling, chain_cost
from zizhu.model.firms import firm_answer, firm_base, next_firms
from zizhu.model.knowledge import Knowledge
from zizhu.model.money import next_money
from zizhu.model.path_inputs import PathBase, Rates, Structure, YearWedges
from zizhu.model.path_record import Fixed, Outlay, Productivity, Record, Stocks
from zizhu.model.reaction import next_reaction, reaction_base
from zizhu.model.shock import NoShock
from zizhu.model.talent import effective_talent, next_talent, talent_base
from zizhu.model.technology import Bars, bars

SETTINGS = Settings(tolerance=1e-11)
# Keeps quotients finite where nothing is used; not so small that its derivative overflows.
_LEAST = 1e-30
# Years whose solutions the search of the next starts from.
_REMEMBERED = 3
MILLION_PER_BILLION = 1000.0


def first_stocks(base: PathBase, rates: Rates, fixed: Fixed, graduate_lag: int) -> Stocks:
    """Stocks at the start of the base year."""
    regions = base.economy.regions
    by_cell = jnp.zeros_like(base.levels)
    solved = base_unknowns(base.economy)
    return Stocks(
        year=jnp.zeros(()),
        knowledge=Knowledge(by_cell, jnp.zeros(regions), by_cell),
        capital=jnp.ones(regions),
        talent=talent_base(base.talent, rates.talent, graduate_lag),
        money=base.money,
        reaction=reaction_base(regions),
        firms=firm_base(base.firms),
        chains=fixed.chains.stocks,
        price_level=jnp.zeros(regions),
        solved=jnp.broadcast_to(solved, (_REMEMBERED, *solved.shape)),
    )


def fixed_of(base: PathBase, rates: Rates, building_years: int) -> Fixed:
    """Everything that the years share."""
    economy, technology = base.economy, base.technology
    regions = economy.regions
    insights = know.log_insights(
        base.levels,
        value_added_share=economy.value_added_share,
        input_shares=economy.input_shares,
        origin_shares=economy.origin_shares[..., 0],
        openness=jnp.ones((regions, regions)),
        rates=rates.knowledge,
    )
    chains = chain_base(technology, base.barred, building_years, rates.chains, rates.ability)
    cost, ceiling = _felt(base, chains.year, rates)
    rents = _barred_sales(chains.demand, chains.year.bars)
    return Fixed(chains, insights, cost, ceiling, rents)


def _felt(
    base: PathBase, now: ChainYear, rates: Rates
) -> tuple[Float[Array, "n k"], Float[Array, "n k"]]:
    technology, feed = base.technology, rates.chains.feed
    price, lack = now.price[technology.final], now.lack[technology.final]
    cost = chain_cost(technology.attached, price, feed)
    return cost, chain_ceiling(technology.attached, lack, feed, rates.chains.ceiling)


def _barred_sales(demand: Demand, held: Bars) -> Float[Array, " n"]:
    """Bn USD of base sales abroad that suppliers may not make."""
    unrelieved = demand.bought * (1 - held.relief)
    lost = jnp.einsum("mn,mni->i", unrelieved, held.barred)
    if held.answer is not None:
        lost = lost + jnp.einsum("mn,mni->i", unrelieved * held.controls, held.answer)
    return lost


def step(
    stocks: Stocks,
    wedges: YearWedges,
    base: PathBase,
    *,
    fixed: Fixed,
    rates: Rates,
    structure: Structure,
    settings: Settings = SETTINGS,
) -> tuple[Stocks, Record]:
    """One year: what it is like, and the stocks of the next."""
    technology, economy = base.technology, base.economy
    pressed = stocks.reaction
    part = (1 - (1 - base.barred) * (1 - wedges.barred)) * (1 - wedges.lifted)
    held = bars(technology, part, pressed.controls, stocks.chains.cover)
    money, at_work = next_money(stocks.money, wedges.commitment, rates.paid_in, rates.leakage)
    pushed = jnp.zeros_like(at_work)
    if technology.controllable is not None:
        reached = jnp.max(technology.controllable, axis=2)
        pushed = reached * pressed.push * fixed.chains.demand.bought
    node_money = base.node_money + wedges.node_money + pushed + at_work

    now = chain_year(
        technology,
        stocks.chains,
        held,
        wedges.node_preference,
        year=stocks.year,
        rates=rates.chains,
        ability_rates=rates.ability,
    )
    cost, ceiling = _felt(base, now, rates)
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
    lost = _barred_sales(fixed.chains.demand, held) - fixed.rents
    gross = wedges.node_money + pushed + at_work / (1 - rates.leakage)
    outlay = Outlay(
        policy=wedges.outlay,
        research=wedges.research,
        nodes=MILLION_PER_BILLION * gross.sum(axis=0),
        rents=on.chains * rates.chains.rent * MILLION_PER_BILLION * lost,
    )
    solution = equilibrium(
        economy,
        base.elasticities,
        _shock(
            economy,
            wedges,
            productivity,
            factors=factors,
            outlay=outlay,
            price_level=stocks.price_level,
        ),
        settings=settings,
        guess=_extrapolated(stocks.solved),
    )
    learnt, log_insights, log_size = _next_knowledge(
        stocks,
        wedges,
        base,
        fixed=fixed,
        rates=rates,
        structure=structure,
        solution=solution,
        factors=factors,
    )
    push = ChainPush(
        money=node_money,
        hoarding=wedges.hoarding,
        openness=1 - wedges.isolation,
        learning=on.learning,
    )
    chains, flows = next_stocks(
        technology,
        stocks.chains,
        now,
        fixed.chains,
        final=_final_demand(base, wedges, solution),
        push=push,
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
        money=money,
        reaction=next_reaction(
            pressed,
            rates.responses._replace(on=on.reaction),
            jnp.zeros_like(stocks.capital),
            jnp.max(cost - fixed.cost, axis=1),
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
        solved=jnp.concatenate([stocks.solved[1:], jax.lax.stop_gradient(solution.unknowns)[None]]),
    )
    return following, Record(
        stocks=stocks,
        productivity=productivity,
        factors=factors,
        outlay=outlay,
        chains=now,
        flows=flows,
        talent=moved,
        at_work=at_work,
        node_money=node_money,
        firms=listed,
        log_insights=log_insights,
        log_size=log_size,
        investment=investment,
        solution=solution,
    )


def _extrapolated(solved: Float[Array, "r d"]) -> Float[Array, " d"]:
    """Where the search of a year starts: on the parabola through the last three years.

    Halves the iterations. The solution does not depend on it, nor do derivatives.
    """
    return 3 * solved[2] - 3 * solved[1] + solved[0]


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
    talent = effective_talent(stocks.talent, rates.talent) / base.talent
    money = 1 + wedges.research / base.research
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


def _final_demand(base: PathBase, wedges: YearWedges, solution: Solution) -> Float[Array, "c n"]:
    """Bn USD of chains' products that the output of the sectors they are attached to asks for."""
    cost, subsidy = base.economy.cost, base.economy.subsidy
    sales = solution.cost * (1 - subsidy - wedges.subsidy) / (1 - subsidy)
    volume = jnp.where(cost > 0, sales / jnp.where(cost > 0, cost, 1.0), 0.0)
    volume = volume * jnp.exp(-solution.log_price)
    used = jnp.einsum("ck,nk->cnk", base.technology.attached, cost)
    total = jnp.maximum(used.sum(axis=2), _LEAST)
    return base.technology.purchases * jnp.sum(used * volume, axis=2) / total


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


@partial(jax.jit, static_argnames=("graduate_lag", "building_years", "settings"))
def simulate(
    wedges: YearWedges,
    base: PathBase,
    rates: Rates,
    structure: Structure,
    *,
    graduate_lag: int,
    building_years: int,
    settings: Settings = SETTINGS,
) -> Record:
    """A path: one record per year of the wedges, the base year first.

    `graduate_lag` and `building_years` count years of delay and fix shapes.
    Pure: to be batched by `vmap` and differentiated in wedges, rates and base. NOT checked: the
    largest `solution.residual` says whether every year was solved, `path_audit` whether every stock
    adds up.
    """
    fixed = fixed_of(base, rates, building_years)
    start = first_stocks(base, rates, fixed, graduate_lag)

    def one_year(stocks: Stocks, year: YearWedges) -> tuple[Stocks, Record]:
        return step(
            stocks,
            year,
            base,
            fixed=fixed,
            rates=rates,
            structure=structure,
            settings=settings,
        )

    _, records = jax.lax.scan(one_year, start, wedges)
    return records
