"""Prices along a chain against closed forms, identities and differences."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zizhu.model.bottleneck import (
    Cuts,
    Links,
    Prices,
    Version,
    chain_prices,
    chain_prices_batch,
    chain_prices_grid,
)
from zizhu.model.sourcing import home_biased_sourcing

LEVELS, SLOTS, INPUTS, REGIONS = 3, 2, 3, 4
NODES = LEVELS * SLOTS


def random_links(seed: int, elasticity: float = 0.1, trade: float = 4.0) -> Links:
    random = np.random.default_rng(seed)
    shares = random.dirichlet(np.full(REGIONS, 0.7), size=NODES)
    sourcing = home_biased_sourcing(
        jnp.asarray(shares), jnp.asarray(random.dirichlet(np.ones(REGIONS))), jnp.asarray(3.0)
    )
    inputs = np.zeros((LEVELS, SLOTS, INPUTS), dtype=np.int64)
    tight, loose = np.zeros(inputs.shape), np.zeros(inputs.shape)
    for level, slot in itertools.product(range(1, LEVELS), range(SLOTS)):
        count = min(INPUTS, level * SLOTS)
        inputs[level, slot, :count] = random.choice(level * SLOTS, count, replace=False)
        split = random.dirichlet(np.ones(count + 1))[:count]
        is_tight = random.random(count) < 0.7
        tight[level, slot, :count] = split * is_tight
        loose[level, slot, :count] = split * ~is_tight
    return Links(
        sourcing=sourcing.reshape(LEVELS, SLOTS, REGIONS, REGIONS),
        inputs=jnp.asarray(inputs),
        tight=jnp.asarray(tight),
        loose=jnp.asarray(loose),
        elasticity=jnp.full((LEVELS, SLOTS), elasticity),
        trade=jnp.full((LEVELS, SLOTS), trade),
        assembled=jnp.zeros((LEVELS, SLOTS), dtype=bool),
        choke=jnp.asarray(25.0),
        preference=jnp.zeros((LEVELS, SLOTS, REGIONS)),
    )


def cuts_of(*triples: tuple[int, int, int], part: float = 1.0) -> Cuts:
    places = np.array(triples or [(0, 0, 0)], dtype=np.int64)
    parts = np.full(len(places), part if triples else 0.0)
    node, buyer, supplier = (jnp.asarray(places[:, axis]) for axis in range(3))
    return Cuts(node, buyer, supplier, jnp.asarray(parts))


def two_stage(share: float, elasticity: float, essential: bool = True) -> Links:
    """One input from two regions, one product; region 0 buys half of the input from each."""
    links = random_links(0, elasticity)
    sourcing = np.zeros((LEVELS, SLOTS, REGIONS, REGIONS))
    sourcing[...] = np.eye(REGIONS)
    sourcing[0, 0, 0] = [0.5, 0.5, 0, 0]
    tight, loose = np.zeros(links.tight.shape), np.zeros(links.tight.shape)
    (tight if essential else loose)[1, 0, 0] = share
    inputs = np.zeros(links.inputs.shape, dtype=np.int64)
    return links._replace(
        sourcing=jnp.asarray(sourcing),
        inputs=jnp.asarray(inputs),
        tight=jnp.asarray(tight),
        loose=jnp.asarray(loose),
    )


@pytest.mark.parametrize("elasticity", [0.0, 0.1, 0.9, 1.0, 2.0])
def test_two_stages_have_a_closed_form(elasticity):
    share, eta, choke = 0.2, 4.0, 25.0
    found = chain_prices(two_stage(share, elasticity), cuts_of((0, 0, 1)))
    spare = choke**-eta
    price = ((1 - spare) * 0.5 + spare) ** (-1 / eta)
    assert np.exp(found.price[0, 0]) == pytest.approx(price, rel=1e-12)
    power = 1 - elasticity
    cost = share * np.log(price) if power == 0 else np.log(1 - share + share * price**power) / power
    assert found.cost[SLOTS, 0] == pytest.approx(cost, rel=1e-11)
    # Nobody else buys from region 0.
    assert np.abs(np.asarray(found.price)[:, 1:]).max() < 1e-15


def test_a_loose_input_enters_with_its_share():
    found = chain_prices(two_stage(0.2, 0.1, essential=False), cuts_of((0, 0, 1)))
    assert found.cost[SLOTS, 0] == pytest.approx(0.2 * float(found.price[0, 0]), rel=1e-12)


def test_what_nobody_may_supply_has_the_choke_price():
    barred = [(0, 0, supplier) for supplier in range(REGIONS)]
    found = chain_prices(two_stage(0.2, 0.1), cuts_of(*barred))
    assert np.exp(found.price[0, 0]) == pytest.approx(25.0, rel=1e-12)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_no_cut_changes_nothing(seed):
    for answer in chain_prices(random_links(seed), cuts_of())[:2]:
        assert np.abs(np.asarray(answer)).max() < 1e-12


@given(st.integers(0, 10_000), st.data())
@settings(max_examples=40, deadline=None)
def test_a_further_cut_never_lowers_a_price(seed, data):
    links = random_links(seed)
    triple = st.tuples(
        st.integers(0, NODES - 1), st.integers(0, REGIONS - 1), st.integers(0, REGIONS - 1)
    )
    drawn = data.draw(st.lists(triple, min_size=4, max_size=4, unique=True))
    parts = np.array([1.0, 1.0, 1.0, 0.0])
    few = cuts_of(*drawn)._replace(part=jnp.asarray(parts))
    many = cuts_of(*drawn)
    before, after = chain_prices(links, few), chain_prices(links, many)
    assert (np.asarray(after.price) >= np.asarray(before.price) - 1e-12).all()
    assert (np.asarray(after.cost) >= np.asarray(before.cost) - 1e-12).all()
    assert np.asarray(after.price).max() <= np.log(25.0) + 1e-9


def test_a_batch_equals_a_loop():
    links = random_links(3)
    lists = [cuts_of((node, 0, 1), (node, 0, 2)) for node in range(NODES)]
    batch = Cuts(*(jnp.stack(fields) for fields in zip(*lists, strict=True)))
    together = chain_prices_batch(links, batch, chunk=4)
    for number, one in enumerate(lists):
        for found, wanted in zip(together, chain_prices(links, one), strict=True):
            np.testing.assert_allclose(found[number], wanted, rtol=0, atol=1e-14)


def test_a_grid_equals_a_loop():
    chains = [random_links(seed) for seed in (1, 2, 3)]
    base = chains[0]
    versions = Version(
        *(
            jnp.stack([getattr(base._replace(sourcing=one.sourcing), name) for one in chains])
            for name in Version._fields
        )
    )
    batch = Cuts(*(field[None] for field in cuts_of((0, 0, 1), (1, 0, 2))))
    together = chain_prices_grid(base, versions, batch, chunk=2)
    for number, one in enumerate(chains):
        wanted = chain_prices(base._replace(sourcing=one.sourcing), cuts_of((0, 0, 1), (1, 0, 2)))
        np.testing.assert_allclose(together.cost[number, 0], wanted.cost, atol=1e-14)


@pytest.mark.parametrize("field", ["part", "sourcing", "tight", "loose", "trade", "preference"])
def test_derivatives_equal_differences(field):
    links = random_links(5)._replace(preference=jnp.full((LEVELS, SLOTS, REGIONS), 0.1))
    cuts = cuts_of((0, 0, 1), (1, 0, 2), (2, 0, 3), part=0.6)

    def last_cost(value: jax.Array) -> jax.Array:
        if field == "part":
            answer: Prices = chain_prices(links, cuts._replace(part=value))
        else:
            answer = chain_prices(links._replace(**{field: value}), cuts)
        return answer.cost[-1, 0]

    at = cuts.part if field == "part" else getattr(links, field)
    direction = jnp.asarray(np.random.default_rng(1).random(at.shape))
    slope = float(jnp.vdot(jax.grad(last_cost)(at), direction))
    step = 1e-5
    up, down = last_cost(at + step * direction), last_cost(at - step * direction)
    difference = float(up - down) / (2 * step)
    assert slope == pytest.approx(difference, rel=1e-5, abs=1e-9)


def test_a_preference_cannot_buy_what_does_not_exist():
    links = two_stage(0.2, 0.1)
    # Region 0 has a supplier of node 0 at home; let node 1 have none.
    sourcing = np.asarray(links.sourcing).copy()
    sourcing[0, 1, 0] = [0.0, 1.0, 0.0, 0.0]
    liked = links._replace(
        sourcing=jnp.asarray(sourcing), preference=jnp.full((LEVELS, SLOTS, REGIONS), 0.25)
    )
    found = chain_prices(liked, cuts_of())
    assert found.home[0, 0] > 0.5  # the home share rises
    assert found.price[0, 0] > 0.0  # and the buyer pays for it
    assert found.home[1, 0] == 0.0
    assert found.price[1, 0] == pytest.approx(0.0, abs=1e-12)


@given(st.integers(0, 10_000), st.floats(1.0, 50.0))
@settings(max_examples=25, deadline=None)
def test_sourcing_has_both_margins(seed, bias):
    random = np.random.default_rng(seed)
    shares = random.dirichlet(np.full(9, 0.3), size=5)
    shares[shares < 1e-3] = 0.0
    shares /= shares.sum(1, keepdims=True)
    buyers = random.dirichlet(np.full(9, 0.5))
    table = np.asarray(
        home_biased_sourcing(jnp.asarray(shares), jnp.asarray(buyers), jnp.asarray(bias))
    )
    np.testing.assert_allclose(table.sum(2), 1.0, atol=1e-12)
    np.testing.assert_allclose(np.einsum("n,mni->mi", buyers, table), shares, atol=1e-9)
    assert (table[np.broadcast_to(shares[:, None, :] == 0, table.shape)] == 0).all()


def test_without_bias_everybody_buys_alike():
    shares = jnp.asarray(np.random.default_rng(0).dirichlet(np.ones(5), size=2))
    table = home_biased_sourcing(shares, jnp.full(5, 0.2), jnp.asarray(1.0))
    np.testing.assert_allclose(table, np.broadcast_to(shares[:, None], (2, 5, 5)), atol=1e-14)
