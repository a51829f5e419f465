"""The stocks of the chains: their base, and where a year takes them."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.capability import (
    Ability,
    AbilityRates,
    base_experience,
    next_ability,
    pushes,
)
from zizhu.model.chain_demand import Demand, Rows, demand_along, every_row, part_above
from zizhu.model.chain_state import ChainNews, ChainRates, ChainStocks, ChainYear
from zizhu.model.chain_year import ahead, chain_year
from zizhu.model.effort import Effort, effort
from zizhu.model.plants import asked_now, world_ratio
from zizhu.model.technology import Technology, bars

# Keeps quotients finite where nothing is made; not so small that its derivative overflows.
_LEAST = 1e-30


class ChainPush(NamedTuple):
    """What policy adds to the chains in a year.

    money     [m,n] bn USD at work on nodes
    per_sale  [n,k] money given to sectors for abilities, per unit of their output
    research  [n] research of the region relative to the base year
    hoarding  [m,n] years of normal purchases bought in advance
    openness  [n,i] phi of learner n towards i
    learning  1, or 0 where learning is switched off
    gain      [m,n] log ability that comes from elsewhere in the year
    """

    money: Float[Array, "m n"]
    per_sale: Float[Array, "n k"]
    research: Float[Array, " n"]
    hoarding: Float[Array, "m n"]
    openness: Float[Array, "n n"]
    learning: Float[Array, ""]
    gain: Float[Array, "m n"]


class ChainFlows(NamedTuple):
    """What moved in a year, so that stocks can be audited.

    demand    who bought and made how much, bn USD at base prices
    effort    what makers spent on becoming abler, bn USD
    push      [m,i] of effort and catching up on ability, beyond the base year's
    starts    [m,i] capacity of plants begun, relative to the base year's
    finished  [m,i]
    stored    [m,n] added to what lies in store, taken out where negative, years of purchases
    """

    demand: Demand
    effort: Effort
    push: Float[Array, "m n"]
    starts: Float[Array, "m n"]
    finished: Float[Array, "m n"]
    stored: Float[Array, "m n"]


class ChainBase(NamedTuple):
    """The base year of the chains, with what was barred then.

    demand  purchases and output
    effort  behind abilities
    push    [m,i] that effort and catching up have on ability in a year
    stocks  at its start
    year    prices and sourcing
    """

    demand: Demand
    effort: Effort
    push: Float[Array, "m n"]
    stocks: ChainStocks
    year: ChainYear


def chain_base(
    technology: Technology,
    barred: tuple[Float[Array, "m n n"], Float[Array, "m n n"]],
    money: Float[Array, "m n"],
    building_years: int,
    *,
    rates: ChainRates,
    ability_rates: AbilityRates,
) -> ChainBase:
    """Stocks of the base year, in which tools in place are those that bars left.

    barred  parts of all flows and of those above the threshold of controls
    money   bn USD at work on nodes in the base year

    Plants replace what wears out and grow by their trend, nothing is stored. What was barred then
    is taken to have been so for as long as tools serve.
    """
    nothing = jnp.zeros_like(technology.world)
    regions, sectors = nothing.shape[1], technology.attached.shape[1]
    by_use = jnp.zeros((2, *nothing.shape))
    started = rates.depreciation + technology.trend
    stocks = ChainStocks(
        search=nothing,
        trust=nothing,
        habit=nothing,
        settled=jnp.zeros((regions, sectors, regions)),
        ability=Ability(nothing, nothing, nothing + technology.entry.start),
        capacity=jnp.ones_like(nothing),
        young=started,
        building=jnp.broadcast_to(started, (building_years, *nothing.shape)),
        sent=nothing,
        asked=jnp.ones_like(nothing),
        tool_price=by_use,
        tool_lack=by_use,
        cover=nothing,
        above=nothing,
        handicap=nothing,
    )
    settled = rates._replace(renewed=jnp.ones(()))

    def invest(made: Float[Array, "w n"], rows: Rows) -> Float[Array, "w n"]:
        return technology.tool_use * made * rows(started) / rates.depreciation

    def settle(handicap: Float[Array, "m n"], above: Float[Array, "m n"]) -> _Settled:
        held = bars(technology, *barred, controls=jnp.zeros(regions), cover=nothing, above=above)
        now = chain_year(
            technology,
            stocks._replace(handicap=handicap, above=above),
            ChainNews(
                bars=held,
                preference=nothing,
                mandate=nothing,
                duty=stocks.settled,
                sector_cost=jnp.zeros((regions, sectors)),
                idle=jnp.zeros(regions),
                year=jnp.zeros(()),
            ),
            rates=settled,
            ability_rates=ability_rates,
        )
        demand = demand_along(
            technology,
            technology.purchases,
            now.sourcing,
            extra=nothing,
            year=jnp.zeros(()),
            invest=invest,
        )
        return _Settled(handicap, above, now, demand)

    # The last round is the base year itself: written down once, it is compiled once.
    def again(_: int, had: _Settled) -> _Settled:
        return settle(jnp.maximum(had.year.cost, 0.0), part_above(had.demand))

    unknown: _Settled = jax.tree.map(
        lambda like: jnp.zeros(like.shape, like.dtype), jax.eval_shape(settle, nothing, nothing)
    )
    found = jax.lax.fori_loop(0, _ROUNDS + 1, again, unknown)
    now, demand = found.year, found.demand
    known = base_experience(demand.made, jnp.ones((regions, regions)), ability_rates)
    durable = technology.durable[None, :, None]
    stocks = stocks._replace(
        ability=stocks.ability._replace(experience=known),
        tool_price=jnp.where(durable, now.use_price, 0.0),
        tool_lack=jnp.where(durable, now.use_lack, 0.0),
        above=found.above,
        sent=now.sent,
        handicap=found.handicap,
    )
    spent = effort(
        technology,
        demand.made,
        money=money,
        per_sale=jnp.zeros((regions, sectors)),
        research=jnp.ones(regions),
    )
    push = pushes(
        now.gap,
        spent,
        openness=jnp.ones((regions, regions)),
        world=technology.world,
        difficulty=technology.difficulty,
        rates=ability_rates,
    )
    # Who does not supply yet has no place that its effort would keep.
    return ChainBase(demand, spent, jnp.where(technology.world > 0, push, 0.0), stocks, now)


class _Settled(NamedTuple):
    """A round of the base year: what it was given, and what it is like."""

    handicap: Float[Array, "m n"]
    above: Float[Array, "m n"]
    year: ChainYear
    demand: Demand


# Rounds until handicaps of makers are consistent: as many as traded nodes follow each other between
# a barred one and the end of a chain; the first starts from nothing known.
_ROUNDS = 8


def next_stocks(
    technology: Technology,
    stocks: ChainStocks,
    now: ChainYear,
    base: ChainBase,
    *,
    final: Float[Array, "c n"],
    push: ChainPush,
    duty: Float[Array, "n k n"],
    year: Float[Array, ""],
    rates: ChainRates,
    ability_rates: AbilityRates,
) -> tuple[ChainStocks, ChainFlows]:
    """Flows of the year and the stocks of the next.

    base   the base year
    final  bn USD of final products bought by chain and region, at base prices
    duty   [i,k,n] log of (1 + tariff) over the base year's
    """
    plant = technology.plant[:, None]
    worn = rates.depreciation * stocks.capacity
    stored = push.hoarding - now.relief * now.need
    made_before = jnp.maximum(base.demand.made, _LEAST)
    possible = jnp.where(plant, (1 - now.maker_lack) / (1 - base.year.maker_lack), 0.0)
    goal = asked_now(stocks, now.sent)
    wanted = goal / world_ratio(technology, goal, stocks.capacity)

    def starts_of(made: Float[Array, "w n"], rows: Rows) -> Float[Array, "w n"]:
        """Replace what wears out, grow by the trend, close in on what is asked, add what is paid.

        All relative to the base year's capacity and to the growth of the world's.
        """
        had = rows(stocks.capacity)
        kept = rows(worn) + rates.catching_up * (rows(wanted) - had)
        # Relative to what plants of the size of the world's would make today.
        size = rows(base.demand.made) * grown(made, rows)
        paid = rows(push.money) / rates.plant_capital / jnp.where(size > 0, size, 1.0)
        fund = jnp.where(size > 0, paid, 0.0)
        growing = rows(technology.trend) * jnp.exp(-ability_rates.fade * year) * had
        return rows(possible) * (jnp.maximum(kept + growing, 0.0) + fund)

    def grown(made: Float[Array, "w n"], rows: Rows) -> Float[Array, "w 1"]:
        """The world's output at base prices relative to the base year."""
        before = rows(base.demand.made).sum(axis=1, keepdims=True)
        total = made.sum(axis=1, keepdims=True)
        return jnp.where(before > 0, total / jnp.where(before > 0, before, 1.0), 1.0)

    def invest(made: Float[Array, "w n"], rows: Rows) -> Float[Array, "w n"]:
        served = rows(base.demand.made) * grown(made, rows) * starts_of(made, rows)
        return technology.tool_use * served / rates.depreciation

    demand = demand_along(
        technology,
        final,
        now.sourcing,
        extra=base.demand.bought * stored,
        year=year,
        invest=invest,
    )
    starts = starts_of(demand.made, every_row)
    building = jnp.concatenate([stocks.building[1:], starts[None]])
    finished = jnp.where(plant, stocks.building[0], 0.0)
    spent = effort(
        technology,
        demand.made,
        money=push.money,
        per_sale=push.per_sale,
        research=push.research,
    )
    pushed = pushes(
        now.gap,
        spent,
        openness=push.openness,
        world=technology.world,
        difficulty=technology.difficulty,
        rates=ability_rates,
    )
    beyond = pushed - base.push
    ability = next_ability(
        stocks.ability,
        now.gap,
        push=beyond,
        sales=demand.made,
        money=jnp.where(plant, 0.0, push.money),
        openness=push.openness,
        active=jnp.where(technology.world > 0, 1.0, now.entry),
        exponent=technology.learning * push.learning,
        momentum=technology.momentum,
        entry=technology.entry,
        year=year,
        rates=ability_rates,
    )
    ability = ability._replace(gain=ability.gain + push.gain)
    relative = demand.made / made_before * jnp.exp(rates.at_once * now.scarcity)
    asked = jnp.where(plant & (base.demand.made > 0), relative, 1.0)
    pace = jnp.minimum(1.0 / technology.qualify, 1.0)[:, None]
    further = rates.in_time - rates.at_once
    durable = technology.durable[None, :, None]
    return (
        ChainStocks(
            search=stocks.search + pace * (further * now.long_run - stocks.search),
            trust=stocks.trust
            + pace * (ahead(technology, rates) - further * now.net - stocks.trust),
            habit=stocks.habit + pace * (further * now.liking - stocks.habit),
            settled=stocks.settled
            + sector_pace(technology)[None, :, None] * (further * duty - stocks.settled),
            ability=ability,
            capacity=jnp.where(plant, stocks.capacity - worn + finished, 1.0),
            young=jnp.where(plant, finished, stocks.young),
            building=building,
            sent=now.sent,
            asked=asked,
            tool_price=jnp.where(durable, now.use_price, 0.0),
            tool_lack=jnp.where(durable, now.use_lack, 0.0),
            cover=stocks.cover + stored,
            above=part_above(demand),
            # Who gets what was barred gives up its way around it: no cheaper than without the bar.
            handicap=jnp.minimum(stocks.handicap, jnp.maximum(now.cost - now.own_cost, 0.0)),
        ),
        ChainFlows(demand, spent, beyond, starts, finished, stored),
    )


def sector_pace(technology: Technology) -> Float[Array, " k"]:
    """Part of the way that buyers get in a year where a duty moves them: mean over its nodes.

    One pace per sector: a stock by flow of every node would be the largest of the model.
    """
    pace = jnp.minimum(1.0 / technology.qualify, 1.0)
    real = jnp.where(technology.world.sum(axis=1) > 0, 1.0, 0.0)
    sectors = technology.attached.shape[1]
    total = jnp.zeros(sectors).at[technology.sector].add(real * pace)
    number = jnp.zeros(sectors).at[technology.sector].add(real)
    return jnp.where(number > 0, total / jnp.where(number > 0, number, 1.0), 1.0)
