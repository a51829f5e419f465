"""The same product in two chains is one node, whichever of its names a user writes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from lever_contexts import YEARS, case, compiled, context, scenario

from zizhu.laboratory.recount.policy import asked_of
from zizhu.policy.raw_wedge import raw_wedges

OWN, OTHER, BARE = "semiconductors/hbm", "ai/hbm", "hbm"
LEVERS = {
    "fund": "{lever: investment_fund, label: x, region: CHN, nodes: %s, size: 2 bn USD}",
    "mandate": "{lever: mandate, label: x, regions: CHN, nodes: %s, quota: 30 %%}",
    "control": (
        "{lever: export_control, label: x, suppliers: KOR, users: CHN, nodes: %s, share: 100 %%}"
    ),
}


def test_the_pair_is_one_node():
    assert case().chains.also[OTHER] == OWN
    assert OWN in context().labels.nodes
    assert OTHER not in context().labels.nodes


@pytest.mark.parametrize("name", [OTHER, BARE])
@pytest.mark.parametrize("kind", LEVERS)
def test_a_measure_reaches_it(kind, name):
    theirs, ours = (compiled(LEVERS[kind] % given).wedges for given in (name, OWN))
    assert any(values.any() for values in ours)
    for field, one, other in zip(ours._fields, theirs, ours, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=field)


def test_a_raw_wedge_reaches_it():
    text = "node_money region=CHN node=%s size=1bn years=2023-"
    theirs, ours = (raw_wedges([text % given], case().labels) for given in (OTHER, OWN))
    assert ours.node_money.sum() == len(YEARS) - 1
    np.testing.assert_array_equal(theirs.node_money, ours.node_money)


@pytest.mark.parametrize("name", [OWN, OTHER, BARE])
def test_the_second_count_finds_it_too(name):
    chosen = case()
    nothing = np.zeros((len(YEARS), len(chosen.world.regions)))
    nodes = np.zeros((1, chosen.base.technology.world.shape[0], nothing.shape[1]))
    shape = (*nothing.shape, len(chosen.world.sectors))
    baseline = SimpleNamespace(
        solution=SimpleNamespace(log_final_price=nothing, log_wage=nothing, cost=np.zeros(shape)),
        factors=nothing,
        flows=SimpleNamespace(demand=SimpleNamespace(made=nodes, bought=nodes)),
    )
    asked = asked_of(scenario(LEVERS["fund"] % OWN), chosen, baseline)
    assert [asked.nodes[row] for row in asked.node_places(name)] == [OWN]
    whole = {asked.nodes[row] for row in asked.node_places("ai/*")}
    assert OWN in whole
    assert whole == {chosen.labels.nodes[row] for row in chosen.labels.places("node", "ai/*")}
