"""What the panel tells of nodes, and the abilities that move shares as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zizhu.laboratory.pace import at_nodes, told
from zizhu.laboratory.pace.at_nodes import (
    REGISTERED,
    ability_of,
    drawn_numbers,
    known_of,
    node_pace,
    numbers_at,
)
from zizhu.laboratory.pace.estimate import stored
from zizhu.laboratory.pace.law import catching_up, income_growth, relative_research
from zizhu.parameters import parameters, values

ETA = 4.0
REGIONS = ("CHN", "USA", "JPN", "DEU")


def moved(shares: np.ndarray, ability: np.ndarray, years: float = 1e-5) -> np.ndarray:
    """Log odds a year of shares that are a logit choice with elasticity eta."""
    weight = shares * np.exp(ETA * ability * years)
    after = weight / weight.sum(axis=1, keepdims=True)
    odds = np.log(after / (1 - after)) - np.log(shares / (1 - shares))
    return odds / years


def test_abilities_move_the_known_shares_at_their_pace():
    shares = np.array([[0.1, 0.5, 0.3, 0.1], [0.6, 0.2, 0.1, 0.1]])
    known = np.array([[True, False, False, False], [True, False, True, False]])
    pace = np.where(known, np.array([[0.2, 0, 0, 0], [-0.1, 0, 0.3, 0]]), 0.0)
    found = moved(shares, ability_of(pace, known, shares, ETA))
    np.testing.assert_allclose(found[known], pace[known], atol=1e-4)


def test_those_that_nobody_saw_give_way_alike():
    shares = np.array([[0.2, 0.5, 0.3, 0.0]])
    known = np.array([[True, False, False, False]])
    found = ability_of(np.array([[0.2, 0, 0, 0]]), known, shares, ETA)
    assert found[0, 1] == found[0, 2] < 0
    assert found[0, 3] == 0


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_the_mean_ability_of_all_makers_is_held(seed: int):
    random = np.random.default_rng(seed)
    shares = random.dirichlet(np.ones(4), 5)
    known = random.random((5, 4)) < 0.5
    found = ability_of(random.normal(size=(5, 4)), known, shares, ETA)
    np.testing.assert_allclose((shares * found).sum(axis=1), 0.0, atol=1e-12)


def test_nothing_known_moves_nothing():
    shares = np.full((3, 4), 0.25)
    none = np.zeros((3, 4))
    assert not ability_of(none + 1.0, none > 0, shares, ETA).any()


def test_catching_up_is_the_law_of_the_model():
    share, leader = np.array([0.05, 0.3]), np.array([0.4, 0.2])
    research = np.array([[0.8, 0.8], [1.2, 1.0]])
    found = catching_up(share, leader, research, ETA, 1.0)
    gap = np.log(0.4 / 0.05) / ETA
    assert found[0] == pytest.approx(np.sqrt(0.05 * 0.8 / (0.4 * 1.2)) * gap)
    # Who leads has nobody to follow.
    assert found[1] == 0


def test_research_and_incomes_are_those_of_the_tables():
    mean = np.mean([relative_research(r, np.array([2010.0]))[0] for r in ("CHN", "USA")])
    assert mean > 0
    assert relative_research("nowhere", np.array([2010.0]))[0] == 1
    grown = income_growth("CHN", np.array([2010.0, 2040.0]))
    assert grown[0] > 0.1
    assert income_growth("nowhere", np.array([2010.0]))[0] == 0


def test_registered_numbers_are_the_middle_of_the_posterior():
    posterior, registered = stored(), parameters()
    for name, parameter in REGISTERED.items():
        assert registered[parameter].value == pytest.approx(posterior.value(name), abs=6e-4)


def test_the_shipped_table_is_what_the_panel_tells():
    shipped = told.told(2022)
    found = {(one.node, one.region): one for one in told.told_of(2022)}
    assert found.keys() == shipped.keys()
    for key, one in found.items():
        np.testing.assert_allclose(
            [one.mean, one.spread, one.behind],
            [shipped[key].mean, shipped[key].spread, shipped[key].behind],
            rtol=1e-4,
            atol=1e-6,
        )


def known():
    nodes = ("semiconductors/etch", "semiconductors/photoresist")
    shares = np.array([[0.06, 0.5, 0.3, 0.14], [0.02, 0.08, 0.9, 0.0]])
    return known_of(nodes, REGIONS, shares, np.ones(2), year=2022, parameters=values())


def test_who_was_not_seen_has_the_pace_of_all_chinese_makers():
    found = known()
    unseen = [row for row in range(len(found.node)) if not found.seen[row]]
    assert [REGIONS[found.region[row]] for row in unseen] == ["CHN"]
    assert found.mean[unseen[0]] == 0
    numbers = numbers_at(values())
    pace = node_pace(found, numbers, ETA)
    # Photoresist of one Chinese maker: drift and catching up, nothing of its own.
    assert pace.own[1, 0] == pytest.approx(0.0, abs=1e-12)
    lasting = numbers["drift CHN world"] + ETA * numbers["follow"] * found.behind[unseen[0]]
    assert moved(np.array([[0.02, 0.08, 0.9]]), pace.common[1:, :3])[0, 0] == pytest.approx(
        lasting, abs=1e-4
    )


def test_what_is_hard_moves_more_slowly():
    nodes, shares = ("a/b",), np.array([[0.1, 0.9, 0.0, 0.0]])
    numbers = numbers_at(values())

    def common(difficulty: float) -> float:
        found = known_of(
            nodes, REGIONS, shares, np.array([difficulty]), year=2022, parameters=values()
        )
        return float(node_pace(found, numbers, ETA).common[0, 0])

    assert common(4.0) / common(1.0) == pytest.approx(4.0 ** -numbers["hardness"])


def test_noise_moves_what_was_seen_by_its_own_spread():
    found, numbers = known(), numbers_at(values())
    noise = np.zeros(len(found.node))
    noise[0] = 1.0
    calm, shaken = node_pace(found, numbers, ETA), node_pace(found, numbers, ETA, noise)
    assert (calm.common == shaken.common).all()
    assert not np.allclose(calm.own[0], shaken.own[0])
    assert np.allclose(calm.own[1], shaken.own[1])


def test_draws_are_joint_and_the_same_for_a_seed():
    one, two = drawn_numbers(200, 3), drawn_numbers(200, 3)
    assert one == two
    posterior = stored()
    names = ("drift CHN world", "hardness")
    drawn = np.array([[row[name] for name in names] for row in one])
    places = [posterior.names.index(name) for name in names]
    wanted = posterior.covariance[np.ix_(places, places)]
    found = np.cov(drawn.T)
    np.testing.assert_allclose(np.diag(found), np.diag(wanted), rtol=0.35)
    correlation = found[0, 1] / np.sqrt(found[0, 0] * found[1, 1])
    assert correlation == pytest.approx(
        wanted[0, 1] / np.sqrt(wanted[0, 0] * wanted[1, 1]), abs=0.25
    )


def test_a_scenario_may_set_registered_numbers():
    chosen = values({"maker_drift": 0.0, "catch_up": 0.5})
    numbers = numbers_at(chosen)
    assert numbers["drift CHN world"] == 0
    # How who follows caught up before the base year is not the scenario's to say.
    assert numbers["follow"] == numbers_at(values())["follow"]
    slower = at_nodes.node_pace(known(), numbers, ETA).common[1, 0]
    assert 0 < slower < at_nodes.node_pace(known(), numbers_at(values()), ETA).common[1, 0]
