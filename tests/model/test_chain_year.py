"""Chains in time: at rest in the base year, and in the long run what the static program says."""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from path_worlds import small_base, small_case

from zizhu.model.bottleneck import Cuts, chain_prices
from zizhu.model.chain_demand import delivered, sourcing_shares
from zizhu.model.chain_stocks import ChainPush, chain_base, next_stocks
from zizhu.model.chain_year import chain_year
from zizhu.model.technology import Technology, bars


def technology(**changes) -> Technology:
    """Chains of the small world without trends of plants, without the reaction."""
    given = small_case().base.technology
    still = {"trend": jnp.zeros_like(given.trend), "controllable": None}
    return given._replace(**{**still, **changes})


@jax.jit
def one_year(chains, stocks, part, preference, base, push, rates, ability_rates):  # noqa: PLR0917
    held = bars(chains, part, jnp.zeros(part.shape[1]), stocks.cover)
    now = chain_year(
        chains,
        stocks,
        held,
        preference,
        year=jnp.zeros(()),
        rates=rates,
        ability_rates=ability_rates,
    )
    following, flows = next_stocks(
        chains,
        stocks,
        now,
        base,
        final=chains.purchases,
        push=push,
        year=jnp.zeros(()),
        rates=rates,
        ability_rates=ability_rates,
    )
    return now, following, flows


def start(chains, barred=None):
    rates, ability = small_case().rates.chains, small_case().rates.ability
    none = jnp.zeros((*chains.world.shape, chains.world.shape[1]))
    base = chain_base(chains, none if barred is None else barred, 2, rates, ability)
    regions = chains.world.shape[1]
    push = ChainPush(
        money=jnp.zeros_like(chains.world),
        hoarding=jnp.zeros_like(chains.world),
        openness=jnp.ones((regions, regions)),
        learning=jnp.zeros(()),
    )
    return base, push, none, rates, ability


def real(chains) -> np.ndarray:
    """Places that hold a node that somebody sells."""
    return np.asarray(chains.world).sum(axis=1) > 0


def test_the_base_year_is_at_rest():
    chains = technology()
    base, push, none, rates, ability = start(chains)
    now, following, flows = one_year(
        chains, base.stocks, none, 0 * chains.world, base, push, rates, ability
    )
    rows = real(chains)
    assert np.abs(now.price[rows]).max() < 1e-12
    assert np.abs(now.lack[rows]).max() < 1e-12
    home = np.einsum("mnn->mn", np.asarray(chains.sourcing))
    np.testing.assert_allclose(now.home[rows], home[rows], atol=1e-12)
    np.testing.assert_allclose(flows.demand.made[rows], base.demand.made[rows], rtol=1e-12)
    for name in ("search", "trust", "habit", "capacity", "young", "tool_price", "cover"):
        before, after = getattr(base.stocks, name), getattr(following, name)
        np.testing.assert_allclose(after[rows], before[rows], atol=1e-12, err_msg=name)
    assert np.abs(following.ability.gain[rows]).max() == 0


def test_world_shares_hold_in_the_base_year():
    chains = technology(trend=small_case().base.technology.trend)
    base, *_ = start(chains)
    made = np.asarray(base.demand.made)
    sold = real(chains) & ~np.asarray(chains.assembled) & (made.sum(axis=1) > 0)
    shares = made[sold] / made[sold].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, np.asarray(chains.world)[sold], atol=5e-3)


def test_what_is_bought_is_delivered():
    chains = technology()
    base, push, none, rates, ability = start(chains)
    rng = np.random.default_rng(1)
    part = jnp.asarray(rng.uniform(0, 0.5, none.shape))
    liking = jnp.asarray(rng.uniform(0, 0.3, chains.world.shape))
    now, _, _ = one_year(chains, base.stocks, part, liking, base, push, rates, ability)
    shares = np.asarray(sourcing_shares(chains, now))
    assert (shares >= 0).all()
    assert (shares.sum(axis=2) <= 1 + 1e-12).all()
    bought = jnp.asarray(rng.uniform(0, 1, chains.world.shape))
    for level in range(chains.levels):
        rows = slice(level * chains.slots, (level + 1) * chains.slots)
        sent = delivered(chains, now, bought[rows], level)
        np.testing.assert_allclose(
            sent, np.einsum("mni,mn->mi", shares[rows], bought[rows]), atol=1e-12
        )
    home = np.einsum("mnn->mn", shares)
    traded = ~np.asarray(chains.assembled)
    np.testing.assert_allclose(now.home[traded], home[traded], atol=1e-12)


def test_the_long_run_is_the_static_chain():
    # Without plants, ceilings of the choke price, or news of ability, only qualification moves.
    given = small_case().base.technology
    chains = technology(plant=jnp.zeros_like(given.plant))
    base, push, none, rates, ability = start(chains)
    rates = rates._replace(choke=jnp.asarray(1e9), at_once=jnp.asarray(1.5))
    # Nobody enters: this is year 0 throughout.
    case = small_case()
    node = case.chains.places[case.chains.nodes.index("semiconductors/etch")]
    part = none.at[node, 0, 1:].set(0.4)
    stocks = base.stocks
    liking = jnp.zeros_like(chains.world).at[node, 0].set(0.2)
    for _ in range(400):
        now, stocks, _ = one_year(chains, stocks, part, liking, base, push, rates, ability)
    links = chains.links._replace(
        sourcing=chains.by_level(chains.sourcing * (1 - part * (1 - jnp.eye(part.shape[1])))),
        trade=jnp.full_like(chains.links.trade, 1.0) * rates.in_time,
        choke=rates.choke,
        preference=chains.by_level(now.liking),
    )
    nobody = jnp.zeros(1, dtype=jnp.int64)
    static = chain_prices(links, Cuts(nobody, nobody, nobody, jnp.zeros(1)))
    rows = real(chains)
    assert float(static.price[node, 0]) > 0.05
    np.testing.assert_allclose(now.price[rows], static.price[rows], atol=1e-7)
    np.testing.assert_allclose(now.home[rows], static.home[rows], atol=1e-7)


def test_a_bar_costs_more_at_once_than_in_time():
    chains = technology()
    base, push, none, rates, ability = start(chains)
    case = small_case()
    node = case.chains.places[case.chains.nodes.index("semiconductors/photoresist")]
    part = none.at[node, 0, 1:].set(0.8)
    stocks, seen = base.stocks, []
    for _ in range(12):
        now, stocks, _ = one_year(
            chains, stocks, part, 0 * chains.world, base, push, rates, ability
        )
        seen.append(float(now.price[node, 0]))
    assert seen[0] > 1.0
    assert all(after < before for before, after in pairwise(seen))
    assert float(now.lack[node, 0]) > 0


def test_what_is_stored_relieves_a_bar_and_is_used_up():
    chains = technology()
    base, push, none, rates, ability = start(chains)
    case = small_case()
    node = case.chains.places[case.chains.nodes.index("semiconductors/photoresist")]
    stored = push._replace(hoarding=push.hoarding.at[node, 0].set(0.5))
    still = 0 * chains.world
    _, stocks, flows = one_year(chains, base.stocks, none, still, base, stored, rates, ability)
    assert float(stocks.cover[node, 0]) == pytest.approx(0.5)
    assert float(flows.demand.bought[node, 0]) == pytest.approx(
        1.5 * float(base.demand.bought[node, 0])
    )
    part = none.at[node, 0, 1:].set(1.0)
    bare, _, _ = one_year(chains, base.stocks, part, still, base, push, rates, ability)
    eased, after, _ = one_year(chains, stocks, part, still, base, push, rates, ability)
    assert float(eased.price[node, 0]) < float(bare.price[node, 0])
    need = float(eased.bars.need()[node, 0])
    left = float(stocks.cover[node, 0]) - min(0.5, need)
    assert float(after.cover[node, 0]) == pytest.approx(left, abs=1e-12)


def test_a_bar_of_the_base_year_is_in_the_base():
    chains = technology()
    case = small_case()
    node = case.chains.places[case.chains.nodes.index("semiconductors/lith_euv")]
    barred = jnp.asarray(small_base().barred)
    assert float(barred[node, 0].max()) == 1
    base, push, _, rates, ability = start(chains, barred)
    now, following, _ = one_year(
        chains, base.stocks, barred, 0 * chains.world, base, push, rates, ability
    )
    fab = case.chains.places[case.chains.nodes.index("semiconductors/fab_adv")]
    # Makers without the tool have made up for it: nothing moves, though the tool costs its most.
    assert float(now.price[node, 0]) > 1
    assert float(now.cost[fab, 0] - following.handicap[fab, 0]) == pytest.approx(0, abs=1e-9)
    assert float(following.handicap[fab, 0]) > 0.1
    np.testing.assert_allclose(now.home[fab], base.year.home[fab], atol=1e-12)
    # Where the bar is lifted the way around it is given up, so that costs do not fall below.
    freed, later, _ = one_year(
        chains, following, 0 * barred, 0 * chains.world, base, push, rates, ability
    )
    assert float(later.handicap[fab, 0]) <= float(freed.cost[fab, 0]) + 1e-12


def test_plants_are_built_late_and_yield_less_at_first():
    chains = technology()
    base, push, none, rates, ability = start(chains)
    case = small_case()
    node = case.chains.places[case.chains.nodes.index("semiconductors/fab_mature")]
    money = push._replace(money=push.money.at[node, 0].set(20.0))
    still = 0 * chains.world
    stocks, share, capacity = base.stocks, [], []
    for year in range(6):
        given = money if year == 0 else push
        _, stocks, flows = one_year(chains, stocks, none, still, base, given, rates, ability)
        made = np.asarray(flows.demand.made[node])
        share.append(made[0] / made.sum())
        capacity.append(float(stocks.capacity[node, 0]))
    assert capacity[0] == pytest.approx(1)
    assert capacity[1] == pytest.approx(1)
    assert capacity[2] > 1.05
    # Money of year 0 is finished in year 2, works at half its yield in year 3, wholly in year 4.
    assert share[2] == pytest.approx(share[0], rel=1e-3)
    assert share[4] > share[3] > share[2]
