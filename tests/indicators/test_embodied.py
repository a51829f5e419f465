"""What is in a product, each thing once: identities, made-up chains and an independent count."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.chains import shipped_chains
from zizhu.indicators.embodied import Graph, embodied, inside, members, new_part, own_value
from zizhu.indicators.tiers import MATERIALS, PLANTS, SOFTWARE, TIERS, TOOLS, chain_labels, tier_of

REGIONS = 4


def random_graph(seed: int, size: int = 9) -> Graph:
    """One node a level; the last but one is assembled by its buyers."""
    draw = np.random.default_rng(seed)
    inputs = np.tril(draw.random((size, size)) * (draw.random((size, size)) < 0.6), -1)
    inputs /= np.maximum(inputs.sum(axis=1, keepdims=True) / draw.uniform(0.2, 0.9, (size, 1)), 1.0)
    assembled = np.zeros(size, dtype=bool)
    assembled[-2] = True
    inputs[-1, -2] = 0.1 if inputs[-1].sum() < 0.9 else 0.0
    return Graph(1, inputs, assembled)


def random_shares(seed: int, size: int = 9, lost: float = 0.1) -> np.ndarray:
    draw = np.random.default_rng(seed)
    weights = draw.random((size, REGIONS, REGIONS)) + 0.05
    return weights / weights.sum(axis=2, keepdims=True) * (1 - lost * draw.random((size, 1, 1)))


def origins(graph: Graph, shares: np.ndarray) -> np.ndarray:
    return embodied(graph, shares, own_value(graph)[:, None, None] * np.eye(REGIONS))


def spending_followed(graph: Graph, shares: np.ndarray, final: int) -> np.ndarray:
    """Origin of a unit bought of the last node by each region, as a sum over all paths of money."""
    size = len(graph.inputs)
    makers = np.where(graph.assembled[:, None, None], np.eye(REGIONS), shares)
    # From who buys p, to who buys its inputs: [p n, m i].
    step = np.einsum("pm,pni->pnmi", graph.inputs, makers).reshape(size * REGIONS, -1)
    bought = np.zeros((REGIONS, size, REGIONS))
    bought[:, final] = np.eye(REGIONS)
    total, now = np.zeros_like(bought), bought
    while now.any():
        total = total + now
        now = (now.reshape(REGIONS, -1) @ step).reshape(bought.shape)
    own = 1 - graph.inputs.sum(axis=1)
    return np.einsum("umn,mni,m->ui", total, makers, own)


@pytest.mark.parametrize("seed", range(5))
def test_as_all_paths_of_money(seed):
    graph, shares = random_graph(seed), random_shares(seed + 100)
    expected = spending_followed(graph, shares, 8)
    np.testing.assert_allclose(origins(graph, shares)[8], expected, rtol=1e-12)


def test_everything_and_nothing_from_home():
    graph = random_graph(1)
    at_home = np.broadcast_to(np.eye(REGIONS), (9, REGIONS, REGIONS))
    np.testing.assert_allclose(origins(graph, at_home)[8], np.eye(REGIONS), atol=1e-12)
    # Everybody buys everything from the next region: of one step nothing is home's.
    alone = Graph(1, np.zeros((9, 9)), np.zeros(9, dtype=bool))
    away = np.broadcast_to(np.roll(np.eye(REGIONS), 1, axis=1), (9, REGIONS, REGIONS))
    assert not np.einsum("mnn->mn", origins(alone, away)).any()
    # All from one region, so that no region but that one has anything in anything.
    one = np.zeros((9, REGIONS, REGIONS))
    one[:, :, 2] = 1
    found = origins(graph, one)[8]
    np.testing.assert_allclose(found, np.eye(REGIONS)[[2] * REGIONS], atol=1e-12)


def test_what_cannot_be_had_is_nobodys():
    graph, shares = random_graph(2), random_shares(7, lost=0.0)
    np.testing.assert_allclose(origins(graph, shares)[8].sum(axis=1), 1.0, rtol=1e-12)
    cut = shares.copy()
    cut[8, 0] *= 0.75
    np.testing.assert_allclose(origins(graph, cut)[8, 0].sum(), 0.75, rtol=1e-12)
    np.testing.assert_allclose(origins(graph, cut)[8, 0], 0.75 * origins(graph, shares)[8, 0])


def with_reseller(graph: Graph, shares: np.ndarray, parent: int, node: int) -> tuple:
    """A node between two others that buys the one, adds nothing, and sells it to the other."""
    order = [*range(parent), len(graph.inputs), *range(parent, len(graph.inputs))]
    size = len(graph.inputs) + 1
    inputs = np.zeros((size, size))
    inputs[:-1, :-1] = graph.inputs
    inputs[parent, -1] = inputs[parent, node]
    inputs[parent, node] = 0.0
    inputs[-1, node] = 1.0
    # It is bought where it is used, and buys like its buyer.
    more = np.concatenate([shares, np.eye(REGIONS)[None]])
    assembled = np.append(graph.assembled, False)
    return Graph(1, inputs[np.ix_(order, order)], assembled[order]), more[order]


@pytest.mark.parametrize("seed", range(3))
def test_a_node_between_two_others_changes_nothing(seed):
    """Each product once: the mean over purchases of all nodes would move."""
    graph, shares = random_graph(seed), random_shares(seed)
    parent, node = max(zip(*np.nonzero(graph.inputs[:7, :7]), strict=True))
    longer, more = with_reseller(graph, shares, parent, node)
    np.testing.assert_allclose(origins(longer, more)[9], origins(graph, shares)[8], atol=1e-12)


def test_work_on_what_is_assembled():
    """A maker keeps the work on what he assembles; users' own work on the end is not bought."""
    #  ore -> kit (assembled, half of it work) -> machine
    inputs = np.array([[0, 0, 0], [0.5, 0, 0], [0, 0.4, 0.0]])
    inner = Graph(1, inputs, np.array([False, True, False]))
    np.testing.assert_allclose(own_value(inner), [1.0, 0.0, 0.8])
    end = Graph(1, inputs[:2, :2], np.array([False, True]))
    np.testing.assert_allclose(own_value(end), [1.0, 0.0])
    np.testing.assert_allclose(inside(end, own_value(end)), [1.0, 0.5])


def test_a_node_of_two_chains_is_a_member_of_both():
    # ore -> part -> (gadget, engine); fuel -> engine only
    inputs = np.zeros((5, 5))
    inputs[2, 0] = inputs[3, 2] = inputs[4, 2] = inputs[4, 1] = 0.2
    found = members(Graph(1, inputs, np.zeros(5, dtype=bool)), np.array([3, 4]))
    assert found.tolist() == [
        [True, False, True, True, False],
        [True, True, True, False, True],
    ]


def test_what_is_in_another_of_its_kind_counts_once():
    # mine (a) -> refinery (b) -> cell (a) -> car (c); a tenth of the car is mined things again
    inputs = np.zeros((4, 4))
    inputs[1, 0], inputs[2, 1], inputs[3, 2], inputs[3, 0] = 0.5, 0.6, 0.3, 0.1
    graph = Graph(1, inputs, np.zeros(4, dtype=bool))
    kinds = np.array(["a", "b", "a", "c"])
    np.testing.assert_allclose(new_part(graph, kinds), [1.0, 1.0, 1 - 0.3, 1.0])
    # What only passes on another of its kind counts nothing.
    inputs[2, 1], inputs[1, 0] = 1.0, 1.0
    np.testing.assert_allclose(new_part(graph, kinds)[2], 0.0)


def test_kinds_of_value_add_up():
    # fab (location, plant) -> chip (headquarters); tool (headquarters) -> fab
    inputs = np.array([[0, 0, 0], [0.4, 0, 0], [0, 0.5, 0]])
    graph = Graph(1, inputs, np.zeros(3, dtype=bool))
    found = chain_labels(
        graph,
        np.array([2]),
        np.arange(3),
        ["headquarters", "location", "headquarters"],
        [TOOLS, PLANTS, MATERIALS],
    )
    np.testing.assert_allclose(found.value, [[0.5 + 0.5 * 0.4, 0.5 * 0.6, 0.5]])
    np.testing.assert_allclose(found.bought, [1.0])
    assert found.member.tolist() == [[True, True, True]]


TIER_OF = {
    PLANTS: ["semiconductors/fab_adv", "semiconductors/osat", "batteries_nev/cathode", "ai/cowos"],
    TOOLS: ["semiconductors/etch", "semiconductors/lith_euv", "solar_pv/tools"],
    MATERIALS: ["semiconductors/wafers", "ai/accelerator", "shipbuilding/steel", "quantum/he3"],
    SOFTWARE: [
        "semiconductors/eda",
        "semiconductors/design_logic",
        "commercial_aircraft/certification",
    ],
}


def test_tiers_of_shipped_nodes():
    """Every node that is bought has one tier; those that readers know have the right one."""
    nodes = {
        f"{name}/{node}": one
        for name, chain in shipped_chains().items()
        for node, one in chain.nodes.items()
    }
    for name, one in nodes.items():
        assert tier_of(one) in (("",) if one.assembled else TIERS), name
        if one.stage == "raw_material":
            assert tier_of(one) == MATERIALS, name
        if one.stage == "tool":
            assert tier_of(one) == TOOLS, name
        if one.input == "licence":
            assert tier_of(one) == SOFTWARE, name
    for tier, names in TIER_OF.items():
        for name in names:
            assert tier_of(nodes[name]) == tier, name
    # Memory is a part where it is not made in plants that take years to build.
    dram = nodes["semiconductors/dram"]
    assert tier_of(dram, plant=True) == PLANTS
