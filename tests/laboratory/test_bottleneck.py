"""What the shipped chains say about chokepoints, and that the search for them is exact."""

import itertools
import math

import numpy as np
import pytest

from zizhu.chains import chain_names, load_chain
from zizhu.errors import ChainError
from zizhu.laboratory.bottleneck import (
    chain_case,
    criticality,
    cut_chain,
    exposures,
    minimal_cut_sets,
    rank_chains,
    ranking_doubt,
    read_cut,
    weightings,
)
from zizhu.laboratory.bottleneck.criticality import score_of
from zizhu.laboratory.bottleneck.cut_sets import elements_of
from zizhu.world import open_world

CHOKEPOINTS = ("lith_euv", "process_control", "fab_adv", "photoresist", "eda")
ORDINARY = ("wafers", "materials_other", "cleaning", "thermal", "cmp_tool", "osat", "fab_mature")


@pytest.fixture(scope="module")
def world():
    return open_world("2022")


@pytest.fixture(scope="module")
def chips(world):
    return chain_case(load_chain("semiconductors"), world)


@pytest.fixture(scope="module")
def china(world):
    return rank_chains("CHN", world=world)


def making(case, cut: str, node: str, buyer: str = "CHN") -> float:
    answer = cut_chain(case, [read_cut(cut)], buyer)
    return float(answer.making[answer.nodes.index(node)])


def test_euv_chokes_advanced_logic_and_not_mature(chips):
    for case in (chips, chips.with_horizon("in_time")):
        assert making(case, "NLD:lith_euv", "fab_adv") > 0.25
        assert making(case, "NLD:lith_euv", "fab_mature") < 1e-3


def test_a_small_supplier_changes_little(chips):
    """Suppliers with 3 to 6 percent of China's purchases: no other stage moves by 3 percent."""
    buyer = chips.regions.index("CHN")
    tried = 0
    for row, supplier in np.argwhere(
        (chips.sourcing[:, buyer] > 0.03) & (chips.sourcing[:, buyer] < 0.06)
    ):
        if chips.assembled[row] or supplier == buyer:
            continue
        answer = cut_chain(
            chips, [read_cut(f"{chips.regions[supplier]}:{chips.nodes[row]}")], "CHN"
        )
        others = np.delete(answer.making, row)
        assert others.max() < 0.03, (chips.regions[supplier], chips.nodes[row], others.max())
        tried += 1
    assert tried > 20


def test_barring_nobody_changes_nothing(chips):
    answer = cut_chain(chips, [read_cut("NLD:lith_euv:0")], "CHN")
    assert np.abs(answer.making).max() < 1e-12
    assert np.abs(answer.buying).max() < 1e-12


def test_results_do_not_rest_on_the_least_share(world):
    """The entry gate stands in place of a floor: from 1e-4 to 1e-6 nothing moves by 1e-3."""
    chain = load_chain("semiconductors")
    answers = []
    for gate in (1e-4, 1e-6):
        case = chain_case(chain, world, {"entry_share": gate})
        assert (case.world > 0).sum() > 0
        cuts = [read_cut("NLD:lith_euv"), read_cut("USA,JPN:process_control")]
        answers.append((case, cut_chain(case, cuts, "CHN")))
    (first, before), (second, after) = answers
    assert (second.world > 0).sum() >= (first.world > 0).sum()
    for old, new in ((before.making, after.making), (before.buying, after.buying)):
        assert np.abs(np.log1p(old) - np.log1p(new)).max() < 1e-3  # of the price


def test_chokepoints_of_china_are_in_the_top_group(china):
    """EUV, process control and advanced logic however the marks are weighed, plain inputs never.

    Photoresist and EDA are in the first third under most weightings, not under all, and in no
    smaller group: a finding, published in the docs.
    """
    places = {node: china.row("semiconductors", node) for node in (*CHOKEPOINTS, *ORDINARY)}
    for node in ("lith_euv", "process_control", "fab_adv"):
        assert china.top[places[node]] == 1.0, node
        assert china.top_at(0.25)[places[node]] == 1.0, node
    for node in ("photoresist", "eda"):
        assert china.top[places[node]] > 0.5, node
        assert china.worst[places[node]] < min(china.worst[places[one]] for one in ORDINARY)
    for node in ORDINARY:
        assert china.top[places[node]] == 0.0, node


def test_chokepoints_of_europe_are_rare_earths_and_magnets(world):
    ranking = rank_chains("EU", world=world)
    for node in ("heavy_feed", "separation", "metal", "magnet"):
        assert ranking.top[ranking.row("rare_earths_magnets", node)] == 1.0, node
    assert ranking.top[ranking.row("semiconductors", "lith_euv")] == 0.0


def test_a_stage_that_the_buyer_does_not_make_chokes_nothing(world):
    """China makes no airliner engines, so that their hot section cannot raise its costs."""
    found = criticality(chain_case(load_chain("commercial_aircraft"), world), "CHN")
    assert found.rise[found.nodes.index("hot_section")] == pytest.approx(0.0, abs=1e-9)
    assert found.rise[found.nodes.index("engine")] > 1.0


def test_a_region_is_at_home_in_the_countries_it_holds(world):
    case = chain_case(load_chain("batteries_nev"), world)
    answer = cut_chain(case, [read_cut("CHL:li_mine:0")], "ANZ")
    assert answer.home_before[answer.nodes.index("li_mine")] > 0.5
    with pytest.raises(ChainError, match="cut off from itself"):
        cut_chain(case, [read_cut("AUS:li_mine")], "ANZ")
    leaders = {one.buyer: one.leader for one in exposures(case, "li_mine")}
    assert leaders["ANZ"] != "AUS"


def test_every_reasonable_weighting_has_no_weight_below_a_tenth():
    drawn = weightings(0.1, 500)
    np.testing.assert_allclose(drawn.sum(1), 1.0)
    assert drawn.min() >= 0.1


def test_the_score_is_the_geometric_mean_of_the_marks():
    marks = np.array([[0.5, 0.25, 1.0, 0.5]])
    assert score_of(marks, np.full(4, 0.25))[0] == pytest.approx((0.5 * 0.25 * 0.5) ** 0.25)


@pytest.mark.parametrize("name", chain_names())
def test_every_chain_answers_for_every_kind_of_buyer(name, world):
    case = chain_case(load_chain(name), world)
    np.testing.assert_allclose(case.sourcing.sum(2), 1.0, atol=1e-12)
    for buyer in ("CHN", "EU", "IND"):
        found = criticality(case, buyer)
        assert set(found.nodes) == {n for n in case.nodes if not case.chain.nodes[n].assembled}
        assert np.isfinite(found.score).all()
        assert ((found.marks >= 0) & (found.marks <= 1)).all()
        assert (found.rise > -1e-12).all()
        assert (np.diff(found.score) <= 0).all()


def test_world_margins_hold_where_no_home_share_was_measured(chips):
    measured = {row for row, _ in chips.known}
    gaps = chips.margin_gaps()
    for row in chips.traded():
        assert gaps[row] < (0.2 if row in measured else 1e-9), chips.nodes[row]


def test_a_measured_home_share_is_the_buyers(chips):
    china = chips.regions.index("CHN")
    home = load_chain("semiconductors").nodes["eda"].home_share("CHN")
    assert home is not None
    assert chips.sourcing[chips.place("eda"), china, china] == pytest.approx(home.value / 100)


def test_cut_sets_equal_brute_force(world):
    case = chain_case(load_chain("rare_earths_magnets"), world)
    threshold = 0.2
    elements = elements_of(case, "EU", "countries")
    strong = {}
    for size in (1, 2, 3):
        for names in itertools.combinations(elements, size):
            cuts = [
                read_cut(f"{','.join(names)}:{node}")
                for node in case.nodes
                if not case.chain.nodes[node].assembled
            ]
            # Suppliers that sell nothing to speak of are no elements of the search.
            answer = cut_chain(case, cuts, "EU")
            strong[names] = float(answer.making[answer.nodes.index(case.chain.final)])
    smallest = {
        names
        for names, rise in strong.items()
        if rise >= threshold
        and not any(
            strong[part] >= threshold
            for size in range(1, len(names))
            for part in itertools.combinations(names, size)
        )
    }
    found = {one.suppliers for one in minimal_cut_sets(case, "EU", threshold)}
    assert found
    assert {frozenset(one) for one in found} == {frozenset(one) for one in smallest}


def test_a_search_that_would_be_too_long_is_refused(chips):
    with pytest.raises(ChainError, match="ask for smaller sets"):
        minimal_cut_sets(chips, "CHN", 50.0, kind="suppliers", largest=4)


def test_a_group_is_cut_off_together_and_not_from_itself(world):
    case = chain_case(load_chain("rare_earths_magnets"), world)
    answer = cut_chain(case, [read_cut("ALL:magnet")], "EU")
    magnet = answer.nodes.index("magnet")
    assert answer.home_after[magnet] == pytest.approx(1.0)  # what is left is made at home
    assert answer.buying[magnet] > 5
    with pytest.raises(ChainError, match="cut off from itself"):
        cut_chain(case, [read_cut("DEU,FRA:magnet")], "EU")


def test_exposures_name_the_largest_supplier_outside(chips):
    found = exposures(chips, "lith_euv")
    assert {one.leader for one in found if one.buyer != "NLD"} == {"NLD"}
    assert all(one.rise == pytest.approx(24.0) for one in found if one.buyer != "NLD")
    assert math.fsum(one.weight for one in found) == pytest.approx(1.0)
    assert exposures(chips, "wfe") == []


def test_the_home_share_of_the_base_is_that_of_sourcing(chips):
    answer = cut_chain(chips, [read_cut("NLD:lith_euv:0")], "CHN")
    china = chips.regions.index("CHN")
    diagonal = np.where(chips.assembled, 1.0, chips.sourcing[:, china, china])
    np.testing.assert_allclose(answer.home_before, diagonal, atol=1e-12)
    np.testing.assert_allclose(answer.home_after, diagonal, atol=1e-12)


def test_who_buys_all_at_home_is_not_exposed(chips):
    found = {one.buyer: one for one in exposures(chips, "gallium_germanium")}
    assert found["CHN"].leader == ""
    assert found["CHN"].rise == pytest.approx(0.0, abs=1e-12)


def test_doubt_is_the_same_from_the_same_seed(world):
    case = chain_case(load_chain("rare_earths_magnets"), world)
    central = criticality(case, "EU")
    first, second = (ranking_doubt(case, central, draws=12) for _ in range(2))
    np.testing.assert_array_equal(first.low, second.low)
    assert 0.5 < first.tau <= 1.0
    assert (first.low <= first.high).all()
    assert (first.best <= first.worst).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("USA", "cannot be read"),
        (":etch", "cannot be read"),
        ("USA:etch:much", "not a number"),
        ("USA:etch:2", "outside 0 to 1"),
    ],
)
def test_a_cut_that_cannot_be_read(text, words):
    with pytest.raises(ChainError, match=words):
        read_cut(text)


@pytest.mark.parametrize(
    ("cut", "buyer", "words"),
    [
        ("USA:etching", "CHN", "did you mean etch"),
        ("UAS:etch", "CHN", "did you mean USA"),
        ("USA:wfe", "CHN", "cut its inputs instead"),
        ("CHN:etch", "CHN", "cut off from itself"),
        ("USA:etch", "CHNA", "did you mean CHN"),
    ],
)
def test_a_cut_that_makes_no_sense(chips, cut, buyer, words):
    with pytest.raises(ChainError, match=words):
        cut_chain(chips, [read_cut(cut)], buyer)


def test_a_chain_needs_a_sector_of_the_world(world):
    chain = load_chain("quantum")
    bare = chain.attached[0].model_copy(update={"sectors": ("X99",)})
    with pytest.raises(ChainError, match="has none of them"):
        chain_case(chain.model_copy(update={"attached": (bare,)}), world)
