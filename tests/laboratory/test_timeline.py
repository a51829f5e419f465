"""Bars of the timeline: sizes from the registry, days that count, rules that replace others."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from zizhu.chains import controls, shipped_chains
from zizhu.laboratory.path.controls import (
    barred_flows,
    barred_in_year,
    chip_tools,
    controlled_flows,
)
from zizhu.parameters import parameters, values
from zizhu.world import open_world

NODES = tuple(f"{name}/{node}" for name, chain in shipped_chains().items() for node in chain.nodes)
WORLD = open_world("2022")
CHOSEN = values({})


def at(array: np.ndarray, name: str, seller: str, buyer: str = "CHN") -> float:
    regions = WORLD.regions
    return float(array[NODES.index(name), regions.index(buyer), regions.index(seller)])


def day(text: str, *, whole: bool = False, **changed: float) -> np.ndarray:
    when = dt.date.fromisoformat(text)
    return barred_flows(NODES, WORLD, when, values(changed), whole=whole)


def test_every_control_in_force_has_a_size_or_says_why_not():
    assert controls().in_force == ("on_china",)
    for name, one in controls().controls.items():
        if name in controls().of_paths():
            assert bool(one.bars) != bool(one.unsized), name
        else:
            assert not one.bars, name
    for size in controls().sizes():
        entry = parameters()[size]
        assert 0 <= entry.low <= entry.value <= entry.high <= 1, size
    assert {target.replace("/", ":") for target in chip_tools()} <= {
        target for one in controls().controls.values() for target in one.targets
    }


@pytest.mark.parametrize(
    ("node", "seller", "before", "after", "size"),
    [
        ("semiconductors/lith_euv", "NLD", "2018-12-31", "2019-01-01", "barred_euv"),
        ("semiconductors/lith_duv", "NLD", "2023-08-31", "2023-09-01", "barred_duv"),
        ("semiconductors/track", "JPN", "2023-07-22", "2023-07-23", "barred_allied_tools"),
        ("ai/accelerator", "USA", "2022-10-06", "2022-10-07", "barred_ai_chips_2022"),
        ("semiconductors/hbm", "KOR", "2024-12-01", "2024-12-02", "barred_hbm"),
        ("semiconductors/eda", "USA", "2022-08-14", "2022-08-15", "barred_eda"),
        ("quantum/dilution", "GBR", "2024-03-31", "2024-04-01", "barred_quantum"),
    ],
)
def test_a_bar_has_its_day_and_its_parameter(node, seller, before, after, size):
    assert at(day(before), node, seller) == 0
    assert at(day(after), node, seller) == pytest.approx(CHOSEN[size])
    other = parameters()[size].low
    assert at(day(after, **{size: other}), node, seller) == pytest.approx(other)
    assert other != CHOSEN[size]
    assert at(day(after), node, seller, "IND") == 0


def test_a_rule_on_foreign_products_binds_sellers_elsewhere():
    before, after = day("2025-01-30"), day("2025-01-31")
    assert at(before, "semiconductors/fab_adv", "TWN") == pytest.approx(CHOSEN["barred_entity"])
    assert at(after, "semiconductors/fab_adv", "TWN") == pytest.approx(CHOSEN["barred_foundry"])
    named = controlled_flows(NODES, WORLD, dt.date.max)
    assert at(named, "semiconductors/fab_adv", "TWN") == 1
    assert not (after[named == 0]).any()


def test_a_later_rule_replaces_and_a_wider_one_counts():
    found = [
        at(day(when), "ai/accelerator", "USA")
        for when in ("2022-12-31", "2023-11-17", "2026-01-14", "2026-01-15")
    ]
    names = ("barred_ai_chips_2022", "barred_ai_chips", "barred_ai_chips", "barred_ai_chips_2026")
    assert found == pytest.approx([CHOSEN[name] for name in names])
    # The tools of the same rules stay barred.
    assert at(day("2026-01-15"), "semiconductors/etch", "USA") == CHOSEN["barred_us_tools"]
    chips = at(day("2026-01-15"), "semiconductors/adv_chip", "USA")
    assert chips == CHOSEN["barred_ai_chips_2026"]


def test_a_stop_counts_for_its_days_and_of_all_sales():
    june = day("2025-06-01", whole=True)
    assert at(june, "ai/accelerator", "USA") == pytest.approx(CHOSEN["barred_stop"])
    assert not day("2025-07-01", whole=True).any()
    year = barred_in_year(NODES, WORLD, 2025, CHOSEN, whole=True)
    days = (dt.date(2025, 7, 1) - dt.date(2025, 4, 9)).days
    assert at(year, "ai/accelerator", "USA") == pytest.approx(CHOSEN["barred_stop"] * days / 365)
    none = barred_in_year(NODES, WORLD, 2025, CHOSEN, until=dt.date(2025, 4, 8), whole=True)
    assert not none.any()


def test_a_year_is_the_mean_of_its_days():
    year = barred_in_year(NODES, WORLD, 2023, CHOSEN)
    days = [dt.date(2023, 1, 1) + dt.timedelta(days=number) for number in range(0, 365, 5)]
    mean = np.mean([barred_flows(NODES, WORLD, one, CHOSEN) for one in days], axis=0)
    np.testing.assert_allclose(year, mean, atol=0.02)
    assert 0 < at(year, "semiconductors/lith_duv", "NLD") < CHOSEN["barred_duv"]


def test_mature_nodes_are_named_by_no_bar():
    """Controls on advanced tools close no mature plant: none is barred from buying or selling."""
    ever = day("2026-11-01")
    for node in ("semiconductors/fab_mature", "semiconductors/osat", "semiconductors/ic"):
        assert not ever[NODES.index(node)].any()
