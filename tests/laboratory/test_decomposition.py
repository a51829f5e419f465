"""Why real income differs: channels add up exactly, and sourcing is what it says it is."""

from __future__ import annotations

import time

import jax.numpy as jnp
import numpy as np
import pytest
from small_paths import LAST, busy_path, small_path

import zizhu as zz
from zizhu.laboratory.path.coalitions import (
    Inputs,
    inputs_of,
    log_gains,
    log_landed,
    reference_of,
    worth_of,
)
from zizhu.laboratory.path.decompose import CHANNELS, contributions, games_of
from zizhu.laboratory.path.shapley import shapley
from zizhu.laboratory.path.standing import standing_wedges


def test_shapley_of_known_games():
    # A left glove and two right ones: a pair is worth 1 (Shapley's own example, 2/3, 1/6, 1/6).
    gloves = np.array([float(row & 1 and row & 6 > 0) for row in range(8)])[:, None]
    np.testing.assert_allclose(shapley(gloves)[:, 0], [2 / 3, 1 / 6, 1 / 6], atol=1e-15)
    single = shapley(np.array([[1.0], [4.0]]))
    np.testing.assert_array_equal(single, [[3.0]])


def test_shapley_does_not_depend_on_order_and_adds_up():
    rng = np.random.default_rng(3)
    players = 5
    worth = rng.normal(size=(1 << players, 4))
    values = shapley(worth)
    np.testing.assert_allclose(values.sum(axis=0), worth[-1] - worth[0], atol=1e-13)
    order = rng.permutation(players)
    other = np.empty_like(worth)
    for row in range(1 << players):
        other[sum(1 << int(order[p]) for p in range(players) if row >> p & 1)] = worth[row]
    np.testing.assert_allclose(shapley(other)[order], values, atol=1e-13)


def test_a_player_who_changes_nothing_gets_nothing():
    rng = np.random.default_rng(4)
    half = rng.normal(size=(8, 3))
    values = shapley(np.concatenate([half, half]))
    np.testing.assert_array_equal(values[3], 0.0)
    np.testing.assert_allclose(values[:3], shapley(half), atol=1e-14)


def effect(outcome: zz.PathOutcome, year: int) -> np.ndarray:
    at = outcome.path.case.years.index(year)
    now, base = outcome.path.record.solution, outcome.path.baseline.solution
    return np.asarray(now.log_real_income[at] - base.log_real_income[at])


def test_channels_add_up_to_the_effect():
    outcome = busy_path()
    table = outcome.decomposition
    assert tuple(table.channel.values) == CHANNELS
    for year in (2022, LAST):
        total = table.sel(decomposed_year=year).sum("channel").values / 100
        np.testing.assert_allclose(total, effect(outcome, year), rtol=0, atol=1e-12)
    last = table.sel(decomposed_year=LAST, region="CHN")
    assert (np.abs(last) > 1e-7).all()
    # Signs that can only be one way: cut ideas cost, research helps, outlays cost.
    assert float(last.sel(channel="ideas")) < 0 < float(last.sel(channel="research"))
    assert float(last.sel(channel="outlay")) < 0
    assert float(last.sel(channel="bottleneck")) < 0
    # Nothing has moved knowledge or capital yet in the first year.
    first = table.sel(decomposed_year=2022)
    for channel in ("ideas", "research", "scale", "factors", "other"):
        assert not first.sel(channel=channel).any()


def test_channels_that_are_alike_in_both_runs_get_exactly_zero():
    outcome = small_path("tariff from=USA to=CHN sector=C26 size=30%", decompose=2022)
    table = outcome.decomposition.sel(decomposed_year=2022)
    for channel in CHANNELS:
        # Duties move who supplies nodes too, and what chains cost with it.
        alike = channel not in ("prices", "sourcing", "bottleneck")
        assert bool((table.sel(channel=channel) == 0).all()) == alike, channel
    assert (table.sel(channel="sourcing") >= 0).all()
    assert float(table.sel(region="CHN", channel="sourcing")) > 0
    assert float(table.sel(region="CHN", channel="bottleneck")) < 0
    nothing = small_path(decompose=LAST)
    assert not nothing.decomposition.any()


def year_of(outcome: zz.PathOutcome, year: int):
    case = outcome.path.case
    at = case.years.index(year)
    standing = standing_wedges(case)
    ours = case.year_wedges(standing.together(outcome.path.wedges))
    ours = inputs_of(outcome.path.record, ours, at)
    theirs = inputs_of(outcome.path.baseline, case.year_wedges(standing), at)
    economy, elasticities = case.base.economy, case.base.elasticities
    reference = reference_of(outcome.path.baseline, theirs, economy, at)
    return at, ours, theirs, economy, elasticities, reference


def worth_at(inside, found, guess):
    _, ours, theirs, economy, elasticities, reference = found
    return worth_of(
        inside,
        ours,
        theirs,
        reference=reference,
        economy=economy,
        elasticities=elasticities,
        guess=guess,
    )


def test_sector_prices_are_fixed_weights_less_the_gain_of_sourcing():
    outcome = busy_path()
    at, ours, _, economy, elasticities, reference = year_of(outcome, LAST)
    now, then = outcome.path.record.solution, outcome.path.baseline.solution
    landed = log_landed(now.log_price[at], ours, economy)
    gain = log_gains(landed, reference, elasticities.trade)
    assert float(gain.min()) > -1e-15
    assert float(gain.max()) > 1e-5
    fixed = jnp.einsum("ikng,ikn->kng", reference.origins, landed - reference.log_landed)
    change = now.log_sector_price[at] - then.log_sector_price[at]
    np.testing.assert_allclose(change, fixed - gain, rtol=0, atol=1e-9)


def test_sourcing_is_the_price_of_shares_held_at_the_baseline():
    """At given wages, with shares of origin of the baseline, final prices are higher by G."""
    outcome = busy_path()
    at, ours, _, economy, _, reference = found = year_of(outcome, LAST)
    everybody = jnp.ones(len(Inputs._fields), dtype=bool)
    now, then = outcome.path.record.solution, outcome.path.baseline.solution
    guess = jnp.asarray(now.unknowns[at])
    worth = worth_at(everybody, found, guess)
    np.testing.assert_allclose(worth.income, now.log_real_income[at], rtol=0, atol=1e-8)
    # All changes below are scenario less baseline; the loop is the price system with fixed shares.
    share = np.asarray(then.origin_shares[at])[..., 0]
    own_cost = np.asarray(now.log_price[at] - then.log_price[at])
    inputs_price = np.asarray(now.log_sector_price[at] - then.log_sector_price[at])[:, :, 0]
    used = np.asarray(then.input_shares[at])
    bought = 1 - np.asarray(then.value_added_share[at])
    through = bought * np.einsum("knj,kn->nj", used, inputs_price)
    rest = own_cost - through  # wages, productivity, subsidies, scale
    landed = np.asarray(log_landed(now.log_price[at], ours, economy) - reference.log_landed)
    wedge = landed - own_cost[:, :, None]
    price = inputs_price
    for _ in range(400):
        producer = rest + bought * np.einsum("knj,kn->nj", used, price)
        price = np.einsum("ikn,ikn->kn", share, producer[:, :, None] + wedge)
    alpha = np.asarray(economy.final_sector_shares)
    weight = np.einsum("nf,knf->kn", np.asarray(economy.final_use_shares), alpha)
    higher = np.einsum("kn,kn->n", weight, price - inputs_price)
    np.testing.assert_allclose(worth.sourcing, higher, rtol=0, atol=1e-9)
    assert (np.asarray(worth.sourcing) > 0).all()


def test_without_its_own_inputs_a_coalition_is_the_baseline():
    outcome = busy_path()
    at, *_ = found = year_of(outcome, LAST)
    nobody = jnp.zeros(len(Inputs._fields), dtype=bool)
    guess = jnp.asarray(outcome.path.baseline.solution.unknowns[at])
    worth = worth_at(nobody, found, guess)
    base = outcome.path.baseline.solution.log_real_income[at]
    np.testing.assert_allclose(worth.income, base, rtol=0, atol=1e-8)
    np.testing.assert_allclose(worth.sourcing, 0.0, atol=1e-12)


@pytest.mark.long
def test_sums_stay_exact_where_nests_are_not_cobb_douglas():
    changed = {"inputs_elasticity": 0.6, "final_elasticity": 1.4, "value_added_elasticity": 0.8}
    outcome = zz.simulate(
        busy_path().path.case.world,
        ("tariff from=USA to=CHN sector=C26 size=30%",),
        changed,
        LAST,
        decompose=LAST,
    )
    total = outcome.decomposition.sum("channel").values[0] / 100
    np.testing.assert_allclose(total, effect(outcome, LAST), rtol=0, atol=1e-12)


@pytest.mark.long
def test_default_world_is_explained_exactly_and_soon():
    texts = (
        "tariff from=USA to=CHN sector=C26 size=25%",
        "research region=CHN size=20bn years=2024-",
        "isolation of=CHN from=USA size=50%",
        "support region=CHN sector=C26 size=2%",
    )
    outcome = zz.simulate("2022", texts, controls="2025-12-31", decompose=())
    games_of(outcome.path, (2030,))
    began = time.perf_counter()
    regions = len(outcome.path.case.world.regions)
    values = contributions(games_of(outcome.path, (2035,)), regions)[0]
    seconds = time.perf_counter() - began
    np.testing.assert_allclose(values.sum(axis=1), effect(outcome, 2035), rtol=0, atol=1e-12)
    # 256 equilibria; 2.5 seconds were measured on two cores, the rest is room for slow machines.
    assert seconds < 30
