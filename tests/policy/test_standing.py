"""What stands: older funds at work, told from those that a path announces."""

from __future__ import annotations

import numpy as np
import pytest
from lever_contexts import YEARS, case, context, node, place

from zizhu.errors import ScenarioError
from zizhu.parameters import values
from zizhu.policy import load_scenario
from zizhu.policy import standing as module
from zizhu.policy.path_labels import PathLabels
from zizhu.policy.standing import standing_measures, standing_money


def test_older_money_is_at_work_by_the_rule_of_its_fund():
    chosen = values({})
    money = standing_money(context().labels, chosen, context().traded)
    assert set(np.flatnonzero(money.any(axis=(0, 1)))) == {place()}
    # 204.15 bn CNY at the rate of its day, in five parts, two years late, a fifth lost: 2021-2025.
    instalment = chosen["big_fund_2"] / 6.91 / chosen["early_pay_in_life"] * (1 - chosen["leakage"])
    total = money.sum(axis=(1, 2))
    np.testing.assert_allclose(total[:4], instalment, rtol=1e-3)
    assert not total[4:].any()
    packaging = money[:, node("semiconductors/osat"), place()]
    np.testing.assert_allclose(packaging, 0.05 * total)


def test_a_path_that_begins_before_a_fund_has_none_of_it():
    world = context().world
    labels = PathLabels(world, (2015, 2016, 2017), context().labels.nodes, ())
    money = standing_money(labels, values({}), context().traded).sum(axis=(1, 2))
    # Of the fund of 2014 the first instalment works from 2016 on; that of 2019 is news.
    assert not money[0]
    assert money[1] == pytest.approx(money[2]) != 0
    later = PathLabels(world, (2014, 2015, 2016), context().labels.nodes, ())
    assert not standing_money(later, values({}), context().traded).any()


def test_it_scales_with_its_parameter_and_misses_no_region():
    usual, doubled = (
        standing_money(context().labels, values(more), context().traded)
        for more in ({}, {"big_fund_2": 2 * values({})["big_fund_2"]})
    )
    np.testing.assert_allclose(doubled, 2 * usual)
    none = PathLabels(context().world, YEARS, ("chain/node",), ())
    assert not standing_money(none, values({}), np.ones(1, dtype=bool)).any()


def test_the_scenario_lists_what_stands_and_changes_nothing_by_it():
    listed = {measure.label: measure for measure in load_scenario("china-2035").measures}
    for fund in standing_measures(values({})):
        assert listed[fund.label] == fund
        assert fund.on_path(context()).wedges.is_none


def test_only_funds_stand(monkeypatch):
    written = [
        {"lever": "cluster", "label": "x", "regions": "CHN", "sectors": "C26", "size": "1 %"}
    ]
    monkeypatch.setattr(module, "_written", lambda: written)
    with pytest.raises(ScenarioError, match="measure x: cluster cannot stand"):
        standing_measures(case().parameters)
