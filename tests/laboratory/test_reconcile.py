"""One table from figures that contradict each other: what must come out whatever the figures."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zizhu.laboratory.base import Measured, reconcile
from zizhu.model.sourcing import home_biased_sourcing

N = 6
PRIOR = 5.0
weights = arrays(float, N, elements=st.floats(0.02, 1.0))
sellers = arrays(bool, N).filter(lambda sells: sells.sum() >= 2)
errors = arrays(float, N, elements=st.sampled_from([0.05, 0.2, 0.4]))
quick = settings(max_examples=60, deadline=None)


def normal(values):
    return values / values.sum()


def table_of(factors, bias):
    """Rows that buy with factors v and home biases k."""
    rows = np.broadcast_to(factors, (N, N)).copy()
    rows[np.arange(N), np.arange(N)] *= bias
    return rows / rows.sum(axis=1, keepdims=True)


@quick
@given(weights, sellers, weights, errors)
def test_without_home_shares_it_is_the_home_biased_table(shares, sells, buyers, error):
    shares, buyers = normal(shares * sells), normal(buyers)
    found = reconcile(shares, error, buyers, {}, PRIOR, buyers_error=0.3)
    wanted = home_biased_sourcing(jnp.asarray(shares), jnp.asarray(buyers), jnp.asarray(PRIOR))
    np.testing.assert_allclose(found.sourcing, wanted, atol=1e-6)
    np.testing.assert_allclose(found.shares, shares, atol=1e-9)
    assert (found.bias[shares > 0] == PRIOR).all()


@quick
@given(
    factors=weights,
    sells=sellers,
    buyers=weights,
    error=errors,
    bias=st.floats(0.3, 60.0),
    buyers_error=st.sampled_from([0.0, 0.3]),
)
def test_consistent_figures_are_matched_and_give_their_bias(
    *, factors, sells, buyers, error, bias, buyers_error
):
    buyers, biases = normal(buyers), np.full(N, PRIOR)
    places = np.flatnonzero(sells)[:2]
    biases[places] = bias
    truth = table_of(factors * sells, biases)
    home = {int(n): Measured(truth[n, n], 0.2) for n in places}
    inside = [0.01 < one.share < 0.99 for one in home.values()]
    if not all(inside):
        return
    found = reconcile(buyers @ truth, error, buyers, home, PRIOR, buyers_error=buyers_error)
    np.testing.assert_allclose(found.sourcing, truth, atol=1e-5)
    np.testing.assert_allclose(found.bias[places], bias, rtol=1e-3)
    assert abs(found.share_miss).max() < 1e-3
    assert max(abs(miss) for miss in found.home_miss.values()) < 1e-3


@quick
@given(
    shares=weights,
    sells=sellers,
    buyers=weights,
    error=errors,
    home=st.floats(0.0, 1.0),
    buyers_error=st.sampled_from([0.0, 0.3]),
)
def test_margins_hold_and_who_sells_nothing_stays_at_nothing(
    *, shares, sells, buyers, error, home, buyers_error
):
    buyer = int(np.flatnonzero(sells)[0])
    found = reconcile(
        shares * sells,
        error,
        buyers,
        {buyer: Measured(home, 0.3)},
        PRIOR,
        buyers_error=buyers_error,
    )
    np.testing.assert_allclose(found.sourcing.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(found.purchases.sum(), 1.0, atol=1e-12)
    np.testing.assert_allclose(found.purchases @ found.sourcing, found.shares, atol=1e-12)
    np.testing.assert_allclose(np.diag(found.sourcing), found.home, atol=0)
    assert (found.sourcing[:, ~sells] == 0).all()
    assert (found.sourcing[:, sells] > 1e-7).all()
    if buyers_error == 0:
        np.testing.assert_allclose(found.purchases, normal(buyers), rtol=1e-12)
    again = reconcile(
        100 * shares * sells,
        error,
        7 * buyers,
        {buyer: Measured(home, 0.3)},
        PRIOR,
        buyers_error=buyers_error,
    )
    np.testing.assert_allclose(again.sourcing, found.sourcing, atol=1e-5)


SHARES = np.array([0.2, 0.5, 0.3])
BUYERS = np.array([0.6, 0.2, 0.2])  # 0.9 of 0.6 cannot come from one who sells 0.2 of the world's


def contradicted(share_error, home_error, buyers_error=0.0):
    error = np.full(3, share_error)
    measured = {0: Measured(0.9, home_error)}
    return reconcile(SHARES, error, BUYERS, measured, PRIOR, buyers_error=buyers_error)


def test_a_contradiction_is_shared_out_by_confidence():
    sure_of_shares, sure_of_home = contradicted(0.02, 1.0), contradicted(1.0, 0.02)
    assert sure_of_shares.shares[0] == pytest.approx(0.2, abs=0.03)
    assert sure_of_shares.home[0] < 0.4
    assert sure_of_home.home[0] == pytest.approx(0.9, abs=0.01)
    assert sure_of_home.shares[0] > 0.5
    for error in (0.05, 0.1, 0.2, 0.4):
        trusted, doubted = contradicted(error, 0.3), contradicted(2 * error, 0.3)
        assert doubted.shares[0] > trusted.shares[0]
        assert doubted.home[0] > trusted.home[0]
    moved = contradicted(0.2, 0.2, buyers_error=0.3)
    assert moved.purchases[0] < BUYERS[0]
    assert moved.home_miss[0] < 0 < moved.share_miss[0]
    assert moved.purchase_miss[0] < 0


def test_exports_of_who_sells_at_home_first_do_not_vanish():
    found = contradicted(0.05, 0.05)
    assert found.sourcing[1, 0] > 1e-4
    narrow = reconcile(SHARES, np.full(3, 0.05), BUYERS, {0: Measured(0.9, 0.05)}, PRIOR, room=4.0)
    assert narrow.bias[0] < found.bias[0]
    assert narrow.sourcing[1, 0] > found.sourcing[1, 0]


def test_it_is_the_least_of_its_sum_of_squares():
    """No table of the family nearby has a smaller sum than the one found (checked by draws)."""
    error, home = np.array([0.2, 0.1, 0.4]), Measured(0.9, 0.3)
    found = reconcile(SHARES, error, BUYERS, {0: home}, PRIOR, room=1e6)

    def cost(factors, bias):
        table = factors * np.where(np.eye(3, dtype=bool), np.array([bias, PRIOR, PRIOR]), 1.0)
        table = table / table.sum(axis=1, keepdims=True)
        share_miss = np.log(BUYERS @ table / SHARES) / error
        home_miss = np.log(table[0, 0] / (1 - table[0, 0])) - np.log(0.9 / 0.1)
        return share_miss @ share_miss + (home_miss / home.error) ** 2

    factors = found.sourcing[0] / np.array([found.bias[0], 1, 1])
    least = cost(factors, found.bias[0])
    assert least == pytest.approx(
        found.share_miss @ found.share_miss + found.home_miss[0] ** 2, rel=1e-6
    )
    random = np.random.default_rng(0)
    for size in (0.3, 0.03):
        for _ in range(300):
            near = np.exp(size * random.standard_normal(4))
            assert cost(factors * near[:3], found.bias[0] * near[3]) > least


@pytest.mark.parametrize(
    ("shares", "home"), [((0.0, 0.6, 0.4), 0.3), ((1.0, 0.0, 0.0), 0.3), ((1.0, 0.0, 0.0), 1.0)]
)
def test_a_home_share_that_nothing_can_meet_is_a_miss(shares, home):
    found = reconcile(np.array(shares), np.full(3, 0.2), BUYERS, {0: Measured(home, 0.3)}, PRIOR)
    np.testing.assert_allclose(found.shares, shares, atol=1e-12)
    assert np.isfinite(found.sourcing).all()
    assert (found.home_miss[0] < 0) == (shares[0] == 0.0)


def test_a_buyer_of_nothing_buys_as_its_bias_says():
    found = reconcile(
        SHARES,
        np.full(3, 0.2),
        np.array([0.0, 0.5, 0.5]),
        {0: Measured(0.7, 0.3)},
        PRIOR,
        buyers_error=0.3,
    )
    assert found.purchases[0] == 0
    assert found.home[0] == pytest.approx(0.7, abs=1e-6)
