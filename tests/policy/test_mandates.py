"""Quotas, preferences and their targets: who is bound, and what nothing can act on."""

from __future__ import annotations

import numpy as np
import pytest
from lever_contexts import YEARS, compiled, context, node, place, touched

from zizhu.errors import ScenarioError
from zizhu.parameters import values

MANDATE = "{lever: mandate, label: %s, regions: CHN, %s}"


def test_a_mandate_is_the_bound_part_times_the_quota():
    found = compiled(
        MANDATE % ("x", "nodes: software_stack/office, bound: 40 %, quota: 50 %, from: 2024-01-01")
    )
    assert touched(found.wedges) == {"mandate"}
    column = found.wedges.mandate[:, node("software_stack/office"), place()]
    np.testing.assert_allclose(column, [0.2 if year >= 2024 else 0.0 for year in YEARS])
    assert np.count_nonzero(found.wedges.mandate) == len([y for y in YEARS if y >= 2024])
    assert not found.ledger.entries


def test_who_is_bound_by_default():
    chosen = values({})
    public = compiled(MANDATE % ("x", "nodes: software_stack/office"))
    state = compiled(MANDATE % ("x", "nodes: software_stack/office, state_firms: true"))
    assert public.wedges.mandate.max() == pytest.approx(chosen["public_share"])
    both = chosen["public_share"] + chosen["state_firm_share"]
    assert state.wedges.mandate.max() == pytest.approx(both)
    with pytest.raises(ScenarioError, match="state_firms: bound says who is bound already"):
        compiled(MANDATE % ("x", "nodes: software_stack/office, bound: 1 %, state_firms: true"))


def test_two_rules_on_other_buyers_bind_what_the_other_leaves():
    one, two = (
        f"{{lever: mandate, label: {label}, regions: CHN, nodes: ai/accelerator, bound: {bound} %, "
        f"adds: true, from: 2024-01-01}}"
        for label, bound in (("a", 30), ("b", 50))
    )
    found = compiled(one, two).wedges.mandate[5, node("ai/accelerator"), place()]
    assert found == pytest.approx(1 - 0.7 * 0.5)


def test_one_rule_after_the_other_adds_no_year_twice():
    first = (
        "{lever: mandate, label: a, regions: CHN, nodes: ai/accelerator, bound: 40 %, quota: 50 %"
    )
    found = compiled(
        first + ", from: 2025-01-01, to: 2025-06-30}",
        "{lever: mandate, label: b, regions: CHN, nodes: ai/accelerator, bound: 40 %, "
        "from: 2025-07-01}",
    ).wedges.mandate[:, node("ai/accelerator"), place()]
    half = 181 / 365
    assert found[3] == pytest.approx(0.2 * half + 0.4 * (1 - half))
    np.testing.assert_allclose(found[4:], 0.4)


@pytest.mark.parametrize("lever", ["mandate", "procurement_preference"])
def test_a_node_that_nobody_sells_is_refused(lever):
    text = f"{{lever: {lever}, label: x, regions: CHN, nodes: %s}}"
    with pytest.raises(ScenarioError) as error:
        compiled(text % "[semiconductors/etch, semiconductors/wfe]")
    assert "semiconductors/wfe is put together by its buyers" in str(error.value)
    assert "name its parts" in str(error.value)
    field = "mandate" if lever == "mandate" else "node_preference"
    every = getattr(compiled(text % "semiconductors/*").wedges, field)[5, :, place()]
    chain = np.array([label.startswith("semiconductors/") for label in context().labels.nodes])
    np.testing.assert_array_equal(every > 0, chain & context().traded)


def test_a_preference_reaches_products_and_plants_too():
    """Not tools and materials alone, as it was: what acts is the model's business."""
    names = ["semiconductors/fab_mature", "commercial_aircraft/airliner", "ai/cloud"]
    found = compiled(
        f"{{lever: procurement_preference, label: x, regions: CHN, nodes: {names}, size: 20 %}}"
    )
    rows = [node(name) for name in names]
    part = values({})["public_share"]
    np.testing.assert_allclose(found.wedges.node_preference[4, rows, place()], part * np.log(1.2))


def test_a_mandate_on_a_sector_takes_every_node_made_there():
    sectors = context().node_sectors
    known = [(row, sector) for row, sector in enumerate(sectors) if sector]
    if not known:
        with pytest.raises(ScenarioError, match="no chain has a node that is made in"):
            compiled(MANDATE % ("x", "sectors: C28"))
        return
    sector = known[0][1]
    found = compiled(MANDATE % ("x", f"sectors: {sector}")).wedges.mandate[4, :, place()]
    wanted = np.array([one == sector for one in sectors]) & context().traded
    np.testing.assert_array_equal(found > 0, wanted)
