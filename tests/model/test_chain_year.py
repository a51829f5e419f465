"""Chains in time: at rest in the base year, and in the long run what the static program says."""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from path_worlds import small_base, small_case

from zizhu.model.bottleneck import Cuts, chain_prices
from zizhu.model.chain_demand import demand_along, part_above, sourcing_shares
from zizhu.model.chain_state import ChainNews
from zizhu.model.chain_stocks import ChainPush, chain_base, next_stocks
from zizhu.model.chain_year import chain_year
from zizhu.model.technology import Technology, bars

CHINA = 0


def technology(**changes) -> Technology:
    """Chains of the small world without momentum, growth, entry, and without the reaction."""
    given = small_case().base.technology
    still = {
        "momentum": jnp.zeros_like(given.momentum),
        "trend": jnp.zeros_like(given.trend),
        "growth": given.growth._replace(times=jnp.ones_like(given.growth.times)),
        "ladder": given.ladder._replace(pace=jnp.zeros_like(given.ladder.pace)),
        "entry": given.entry._replace(weight=jnp.zeros_like(given.entry.weight)),
        "controllable": None,
    }
    return given._replace(**{**still, **changes})


def place(node: str) -> int:
    case = small_case()
    return int(case.chains.places[case.chains.nodes.index(node)])


@jax.jit
def one_year(chains, stocks, news, base, push, rates, ability_rates):  # noqa: PLR0917
    now = chain_year(chains, stocks, news, rates=rates, ability_rates=ability_rates)
    following, flows = next_stocks(
        chains,
        stocks,
        now,
        base,
        final=chains.purchases,
        push=push,
        duty=news.duty,
        year=news.year,
        rates=rates,
        ability_rates=ability_rates,
    )
    return now, following, flows


class Start:
    """A base year, and what a year brings: nothing, unless it is said."""

    def __init__(self, chains, barred=None, barred_above=None) -> None:
        self.chains = chains
        self.rates = small_case().rates.chains
        # Abilities stay as they are: see test_capability.
        zero = jnp.zeros(())
        self.ability = small_case().rates.ability._replace(effort=zero, catch_up=zero)
        self.none = jnp.zeros((*chains.world.shape, chains.world.shape[1]))
        self.still = jnp.zeros_like(chains.world)
        every = self.none if barred is None else barred
        higher = self.none if barred_above is None else barred_above
        self.base = chain_base(
            chains, (every, higher), self.still, 2, rates=self.rates, ability_rates=self.ability
        )
        regions, sectors = chains.world.shape[1], chains.attached.shape[1]
        self.push = ChainPush(
            money=self.still,
            per_sale=jnp.zeros((regions, sectors)),
            research=jnp.ones(regions),
            hoarding=self.still,
            openness=jnp.ones((regions, regions)),
            learning=jnp.zeros(()),
            gain=self.still,
        )
        self.duty = jnp.zeros((regions, sectors, regions))
        self.cost = jnp.zeros((regions, sectors))
        self.idle = jnp.zeros(regions)

    def news(self, stocks, every=None, higher=None, **changes) -> ChainNews:
        held = bars(
            self.chains,
            self.none if every is None else every,
            self.none if higher is None else higher,
            controls=self.idle,
            cover=stocks.cover,
            above=stocks.above,
        )
        return ChainNews(
            **{
                "bars": held,
                "preference": self.still,
                "mandate": self.still,
                "duty": self.duty,
                "sector_cost": self.cost,
                "idle": self.idle,
                "year": jnp.zeros(()),
                **changes,
            }
        )

    def year(self, stocks=None, every=None, higher=None, *, push=None, rates=None, **changes):
        stocks = self.base.stocks if stocks is None else stocks
        return one_year(
            self.chains,
            stocks,
            self.news(stocks, every, higher, **changes),
            self.base,
            self.push if push is None else push,
            self.rates if rates is None else rates,
            self.ability,
        )


def real(chains) -> np.ndarray:
    """Places that hold a node that somebody sells."""
    return np.asarray(chains.world).sum(axis=1) > 0


def test_the_base_year_is_at_rest():
    chains = technology()
    start = Start(chains)
    now, following, flows = start.year()
    rows = real(chains)
    assert np.abs(now.price[rows]).max() < 1e-12
    assert np.abs(now.lack[rows]).max() < 1e-12
    home = np.einsum("mnn->mn", np.asarray(chains.sourcing))
    np.testing.assert_allclose(now.home[rows], home[rows], atol=1e-12)
    np.testing.assert_allclose(flows.demand.made[rows], start.base.demand.made[rows], rtol=1e-12)
    for name in ("search", "trust", "habit", "capacity", "young", "asked", "cover"):
        before, after = getattr(start.base.stocks, name), getattr(following, name)
        np.testing.assert_allclose(after[rows], before[rows], atol=1e-12, err_msg=name)
    assert np.abs(following.tool_price[:, rows]).max() < 1e-12
    assert np.abs(following.ability.gain[rows]).max() < 1e-12


def test_world_shares_and_market_sizes_hold_in_the_base_year():
    case = small_case()
    start = Start(technology(trend=case.base.technology.trend))
    chains = start.chains
    made, bought = np.asarray(start.base.demand.made), np.asarray(start.base.demand.bought)
    sold = real(chains) & ~np.asarray(chains.assembled) & (made.sum(axis=1) > 0)
    shares = made[sold] / made[sold].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, np.asarray(chains.world)[sold], atol=5e-3)
    walked = case.chains.walked.bought.sum(axis=1)
    np.testing.assert_allclose(bought.sum(axis=1)[case.chains.places], walked, rtol=2e-2)


def test_what_is_bought_is_delivered():
    start = Start(technology())
    rng = np.random.default_rng(1)
    part, more = (jnp.asarray(rng.uniform(0, 0.5, start.none.shape)) for _ in range(2))
    liking = jnp.asarray(rng.uniform(0, 0.3, start.still.shape))
    now, _, flows = start.year(every=part, higher=more, preference=liking, mandate=liking)
    shares = np.asarray(sourcing_shares(now.sourcing, flows.demand))
    assert (shares >= 0).all()
    assert (shares.sum(axis=2) <= 1 + 1e-12).all()
    traded = ~np.asarray(start.chains.assembled)
    sent = np.einsum("mni,mn->mi", shares, flows.demand.bought)
    np.testing.assert_allclose(flows.demand.made[traded], sent[traded], atol=1e-9)
    used = np.asarray(
        now.sourcing[0] + start.base.stocks.above[..., None] * (now.sourcing[1] - now.sourcing[0])
    )
    home = np.einsum("mnn->mn", used)
    np.testing.assert_allclose(now.home[traded], home[traded], atol=1e-12)


def test_the_long_run_is_the_static_chain():
    # Without plants, ceilings of the choke price, or news of ability, only qualification moves.
    given = small_case().base.technology
    start = Start(technology(plant=jnp.zeros_like(given.plant)))
    rates = start.rates._replace(choke=jnp.asarray(1e9), at_once=jnp.asarray(1.5))
    node = place("semiconductors/etch")
    part = start.none.at[node, CHINA, 1:].set(0.4)
    stocks = start.base.stocks
    liking = start.still.at[node, CHINA].set(0.2)
    for _ in range(400):
        now, stocks, _ = start.year(stocks, part, preference=liking, rates=rates)
    chains = start.chains
    links = chains.links._replace(
        sourcing=chains.by_level(chains.sourcing * (1 - part * (1 - jnp.eye(part.shape[1])))),
        trade=jnp.full_like(chains.links.trade, 1.0) * rates.in_time,
        choke=rates.choke,
        preference=chains.by_level(now.liking),
    )
    nobody = jnp.zeros(1, dtype=jnp.int64)
    static = chain_prices(links, Cuts(nobody, nobody, nobody, jnp.zeros(1)))
    rows = real(chains)
    assert float(static.price[node, CHINA]) > 0.05
    np.testing.assert_allclose(now.price[rows], static.price[rows], atol=1e-7)
    np.testing.assert_allclose(now.home[rows], static.home[rows], atol=1e-7)


def test_a_duty_moves_sourcing_and_ends_at_the_long_run_elasticity():
    start = Start(technology())
    node = place("semiconductors/photoresist")
    sector = int(start.chains.sector[node])
    # China pays a duty on what Japan sells.
    tax = 0.2
    duty = start.duty.at[2, sector, CHINA].set(jnp.log1p(tax))
    stocks, seen = start.base.stocks, []
    base = np.asarray(start.chains.sourcing[node, CHINA])
    for _ in range(120):
        now, stocks, _ = start.year(stocks, duty=duty)
        shares = np.asarray(now.sourcing[0, node, CHINA])
        seen.append(np.log(shares[2] / shares[1]) - np.log(base[2] / base[1]))
    assert seen[0] == pytest.approx(-float(start.rates.at_once) * np.log1p(tax), abs=1e-9)
    assert all(after <= before + 1e-12 for before, after in pairwise(seen))
    assert seen[-1] == pytest.approx(-float(start.rates.in_time) * np.log1p(tax), abs=1e-3)
    # What is paid is net of the duty, which markets charge: only the worse choice costs.
    assert 0 <= float(now.price[node, CHINA]) < 0.05


def test_costs_of_sectors_that_rise_alike_move_no_share():
    start = Start(technology())
    now, _, _ = start.year(sector_cost=start.cost + 0.1)
    rows = real(start.chains)

    def split(year) -> np.ndarray:
        """Who sells what is found: a dearer world leaves a little more to the choke price."""
        found = np.asarray(year.sourcing[:, rows])
        total = found.sum(axis=3, keepdims=True)
        return np.divide(found, total, out=np.zeros_like(found), where=total > 0)

    np.testing.assert_allclose(split(now), split(start.base.year), atol=1e-12)
    own = np.asarray(start.chains.own)
    assert own.max() <= 1
    raw = rows & (own == 1)
    np.testing.assert_allclose(now.cost[raw], 0.1, atol=1e-12)


def test_a_cheaper_sector_sells_more_of_its_nodes():
    start = Start(technology())
    node = place("semiconductors/etch")
    sector = int(start.chains.sector[node])
    now, _, _ = start.year(sector_cost=start.cost.at[CHINA, sector].set(-0.1))
    assert float(now.home[node, CHINA]) > float(start.base.year.home[node, CHINA]) + 1e-3


def test_a_quota_is_exact_where_it_can_be_served_and_nothing_where_it_cannot():
    start = Start(technology())
    etch, euv = place("semiconductors/etch"), place("semiconductors/lith_euv")
    quota = 0.3
    bound = start.still.at[etch, CHINA].set(quota).at[euv, CHINA].set(quota)
    free, _, _ = start.year()
    now, _, _ = start.year(mandate=bound)
    able = float(free.servable[etch, CHINA])
    assert 0.5 < able < 1
    had = float(free.home[etch, CHINA])
    assert float(now.home[etch, CHINA]) == pytest.approx(had + quota * able * (1 - had), abs=1e-12)
    assert float(free.servable[euv, CHINA]) == 0
    np.testing.assert_array_equal(now.sourcing[:, euv], free.sourcing[:, euv])
    # The buyers pay the gap between the odds of what they want and of what they must buy.
    to = had + quota * able * (1 - had)
    gap = to * np.log(to / had) + (1 - to) * np.log((1 - to) / (1 - had))
    part = float(start.rates.renewed)
    paid = np.log(1 - part + part * np.exp(gap / float(start.rates.in_time)))
    assert float(now.price[etch, CHINA]) == pytest.approx(paid, abs=1e-9)


def test_a_bar_costs_more_at_once_than_in_time():
    start = Start(technology())
    node = place("semiconductors/photoresist")
    part = start.none.at[node, CHINA, 1:].set(0.8)
    stocks, seen = start.base.stocks, []
    for _ in range(12):
        now, stocks, _ = start.year(stocks, part)
        seen.append(float(now.price[node, CHINA]))
    assert seen[0] > 1.0
    assert all(after < before for before, after in pairwise(seen))
    assert float(now.lack[node, CHINA]) > 0


def test_bars_above_the_threshold_spare_what_lies_below():
    """Advanced fabs lack barred tools; mature fabs, which buy the same node, do not."""
    start = Start(technology())
    tool = place("semiconductors/etch")
    mature, advanced = place("semiconductors/fab_mature"), place("semiconductors/fab_adv")
    higher = start.none.at[tool, CHINA, 1:].set(0.9)
    now, _, _ = start.year(higher=higher)
    assert float(now.use_price[1, tool, CHINA]) > float(now.use_price[0, tool, CHINA]) + 0.05
    assert float(now.maker_lack[mature, CHINA]) < 1e-4
    assert float(now.maker_lack[advanced, CHINA]) > 1e-3
    assert abs(float(now.cost[mature, CHINA])) < 1e-3 < float(now.cost[advanced, CHINA])
    # A bar on all of it spares nobody.
    whole, _, _ = start.year(every=higher)
    assert float(whole.maker_lack[mature, CHINA]) > 1e-3


def test_what_is_stored_relieves_a_bar_and_is_used_up():
    start = Start(technology())
    node = place("semiconductors/photoresist")
    stored = start.push._replace(hoarding=start.push.hoarding.at[node, CHINA].set(0.5))
    _, stocks, flows = start.year(push=stored)
    assert float(stocks.cover[node, CHINA]) == pytest.approx(0.5)
    assert float(flows.demand.bought[node, CHINA]) == pytest.approx(
        1.5 * float(start.base.demand.bought[node, CHINA])
    )
    part = start.none.at[node, CHINA, 1:].set(1.0)
    bare, _, _ = start.year(every=part)
    eased, after, _ = start.year(stocks, part)
    assert float(eased.price[node, CHINA]) < float(bare.price[node, CHINA])
    left = float(stocks.cover[node, CHINA]) - min(0.5, float(eased.need[node, CHINA]))
    assert float(after.cover[node, CHINA]) == pytest.approx(left, abs=1e-12)


def test_a_bar_of_the_base_year_is_in_the_base():
    node, fab = place("semiconductors/lith_euv"), place("semiconductors/fab_adv")
    barred = jnp.asarray(small_base().barred_above)
    assert float(barred[node, CHINA].max()) == 1
    start = Start(technology(), barred_above=barred)
    now, following, _ = start.year(higher=barred)
    # Makers without the tool have made up for it: nothing moves, though the tool costs its most.
    assert float(now.price[node, CHINA]) > 1
    assert float(now.cost[fab, CHINA] - following.handicap[fab, CHINA]) == pytest.approx(
        0, abs=1e-9
    )
    assert float(following.handicap[fab, CHINA]) > 0.1
    np.testing.assert_allclose(now.home[fab], start.base.year.home[fab], atol=1e-12)
    # Where the bar is lifted the way around it is given up, so that costs do not fall below.
    freed, later, _ = start.year(following)
    assert float(later.handicap[fab, CHINA]) <= float(freed.cost[fab, CHINA]) + 1e-12


def test_plants_are_built_late_and_yield_less_at_first():
    start = Start(technology())
    node = place("semiconductors/fab_mature")
    paid = start.push._replace(money=start.push.money.at[node, CHINA].set(20.0))
    stocks, share, capacity = start.base.stocks, [], []
    for year in range(6):
        _, stocks, flows = start.year(stocks, push=paid if year == 0 else None)
        made = np.asarray(flows.demand.made[node])
        share.append(made[CHINA] / made.sum())
        capacity.append(float(stocks.capacity[node, CHINA]))
    assert capacity[0] == pytest.approx(1, abs=1e-6)
    assert capacity[1] == pytest.approx(1, abs=1e-6)
    assert capacity[2] > 1.05
    # Money of year 0 is finished in year 2, works at half its yield in year 3, wholly in year 4.
    assert share[2] == pytest.approx(share[0], rel=1e-3)
    assert share[4] > share[3] > share[2]


def test_plants_answer_what_is_asked_of_them():
    """A quota makes plants scarce, then grow, until they are scarce no more."""
    start = Start(technology())
    node = place("semiconductors/fab_mature")
    quota = start.still.at[node, CHINA].set(0.3)
    stocks, scarce, capacity = start.base.stocks, [], []
    for _ in range(60):
        now, stocks, _ = start.year(stocks, mandate=quota)
        scarce.append(float(now.scarcity[node, CHINA]))
        capacity.append(float(stocks.capacity[node, CHINA]))
    assert scarce[0] == 0
    assert scarce[1] > 0.005
    assert capacity[-1] > 1.005
    assert abs(scarce[-1]) < 0.2 * max(scarce)


def test_hands_that_are_missing_idle_plants_for_that_year():
    start = Start(technology())
    node = place("semiconductors/fab_mature")
    idle = start.idle.at[CHINA].set(np.log(2))
    now, stocks, flows = start.year(idle=idle)
    scarcity = float(start.rates.scarcity) * np.log(2)
    assert float(now.scarcity[node, CHINA]) == pytest.approx(scarcity)
    made, before = flows.demand.made[node, CHINA], start.base.demand.made[node, CHINA]
    assert float(made) < 0.8 * float(before)
    # What was asked for at no scarcity is remembered, so that plants are not given up for it.
    assert float(stocks.asked[node, CHINA]) > 0.95 * float(made / before) * np.exp(scarcity)
    after, _, _ = start.year(stocks)
    assert abs(float(after.scarcity[node, CHINA])) < 0.1


def test_own_growth_is_a_logistic():
    given = small_case().base.technology
    node = place("semiconductors/photoresist")
    growth = given.growth._replace(
        times=jnp.ones_like(given.growth.times).at[node].set(5.0),
        speed=jnp.zeros_like(given.growth.speed).at[node].set(0.4),
    )
    start = Start(technology(growth=growth))
    for year in (0.0, 3.0, 50.0):
        demand = demand_along(
            start.chains,
            start.chains.purchases,
            start.base.year.sourcing,
            extra=start.still,
            year=jnp.asarray(year),
            invest=lambda made, _: 0 * made,
        )
        none = demand_along(
            start.chains,
            start.chains.purchases,
            start.base.year.sourcing,
            extra=start.still,
            year=jnp.zeros(()),
            invest=lambda made, _: 0 * made,
        )
        factor = 5 / (1 + 4 * np.exp(-0.4 * year))
        ratio = float(demand.bought[node].sum() / none.bought[node].sum())
        assert ratio == pytest.approx(factor, rel=1e-9)
        assert float(part_above(demand).max()) <= 1
