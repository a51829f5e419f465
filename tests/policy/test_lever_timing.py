"""When measures act, and what controls bar, against arithmetic done by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lever_contexts import YEARS, case, compiled, context, node, place, sector, touched

from zizhu.laboratory.path.standing import control_wedges
from zizhu.parameters import values

DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2035, 12, 31))
BAR = (
    "{lever: export_control, label: %s, suppliers: [USA, NLD], users: CHN, "
    "nodes: [semiconductors/etch, semiconductors/lith_duv], share: %s%s}"
)


def days_of(year: int) -> int:
    return (dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days


@settings(deadline=None)
@given(one=DAYS, other=DAYS)
def test_in_force_counts_days(one, other):
    start, end = min(one, other), max(one, other)
    force = context().in_force(start, end)
    days = [round(part * days_of(year)) for part, year in zip(force, YEARS, strict=True)]
    np.testing.assert_allclose(force, np.array(days) / [days_of(year) for year in YEARS], atol=1e-9)
    assert sum(days) == (end - start).days + 1
    assert force.min() >= 0
    assert force.max() <= 1 + 1e-12


@settings(deadline=None)
@given(start=DAYS, phase=st.floats(0.1, 12.0))
def test_what_rises_has_the_area_of_a_ramp(start, phase):
    force = context().in_force(start, None, phase)
    begun = start.year + (start - dt.date(start.year, 1, 1)).days / days_of(start.year)
    left = YEARS[-1] + 1 - begun
    rising = min(left, phase)
    area = rising**2 / (2 * phase) + max(left - phase, 0.0)
    assert force.sum() == pytest.approx(area, abs=1e-9)
    assert (np.diff(force) >= -1e-12).all()


def test_a_tariff_of_half_a_year_is_half_a_tariff():
    found = compiled(
        "{lever: tariff, label: x, importers: USA, exporters: CHN, sectors: C26, "
        "size: 20 percentage points, from: 2025-07-02}"
    )
    flow = found.wedges.tariff[:, place(), sector("C26"), place("USA")]
    np.testing.assert_allclose(flow[3], 0.2 * 183 / 365)
    np.testing.assert_allclose(flow[4:], 0.2)
    assert not flow[:3].any()


def test_two_months_of_lockdown_are_two_months_of_the_year():
    found = compiled(
        "{lever: lockdown, label: x, regions: CHN, spared: C21, manufacturing: -15 %, "
        "services: -12 %, rest: -10 %, from: 2025-01-01, to: 2025-02-28}"
    )
    lost = found.wedges.log_productivity[3, place()]
    world = context().world
    share = world.value_added[place()] / world.output[place()]
    for name, fall in (("C26", -0.15), ("G", -0.12), ("B05_06", -0.10), ("C21", 0.0)):
        at = sector(name)
        assert lost[at] == pytest.approx(share[at] * np.log1p(fall * 59 / 365)), name
    assert not np.delete(found.wedges.log_productivity, 3, axis=0).any()


def test_a_lockdown_takes_its_registered_sizes():
    found = compiled(
        "{lever: lockdown, label: x, regions: CHN, from: 2025-01-01, to: 2025-12-31}",
        parameters={"lockdown_manufacturing": -20.0},
    )
    world = context().world
    share = world.value_added[place()] / world.output[place()]
    lost = found.wedges.log_productivity[3, place()]
    assert lost[sector("C28")] == pytest.approx(share[sector("C28")] * np.log(0.8))
    services = values({})["lockdown_services"] / 100
    assert lost[sector("G")] == pytest.approx(share[sector("G")] * np.log1p(services))


def test_a_workforce_declines_over_years():
    found = compiled(
        "{lever: workforce_decline, label: x, regions: CHN, size: -10 %, over: 4, from: 2023-01-01}"
    )
    labour = found.wedges.log_labour[:, place()] / np.log(0.9)
    np.testing.assert_allclose(labour[:7], [0, 0.125, 0.375, 0.625, 0.875, 1, 1], atol=1e-12)
    some = compiled(
        "{lever: workforce_decline, label: x, regions: CHN, sectors: C13T15, size: -10 %, over: 4}"
    )
    assert touched(some.wedges) == {"log_productivity"}


def test_a_phase_may_be_a_registered_parameter():
    text = (
        "{lever: trade_agreement, label: x, members: [CHN, JPN], from: 2022-01-01, "
        "phase_in: =rcep_phase}"
    )
    tariff = compiled(text).wedges.tariff
    cell = place("JPN"), sector("C29"), place()
    full = -context().world.tariff[cell]
    np.testing.assert_allclose(tariff[(10, *cell)], full * 10.5 / 20)


def test_bars_are_parts_of_sales_and_own_sales_are_free():
    found = compiled(BAR % ("x", "40 %", ", from: 2025-01-01"))
    barred = found.wedges.barred
    for row in ("semiconductors/etch", "semiconductors/lith_duv"):
        for seller in ("USA", "NLD"):
            np.testing.assert_allclose(barred[3:, node(row), place(), place(seller)], 0.4)
    assert np.count_nonzero(barred) == 4 * 11


def test_over_compliance_bars_more_and_at_most_all():
    over = values({})["over_compliance"]
    some = compiled(BAR % ("x", "40 %", ", over_compliance: true"))
    assert some.wedges.barred.max() == pytest.approx(0.4 * over)
    assert not some.remarks
    whole = compiled(BAR % ("x", "90 %", ", over_compliance: true"))
    assert whole.wedges.barred.max() == 1
    assert any(f"would bar {90 * over:g} %" in remark for remark in whole.remarks)


def test_allies_apply_their_part():
    found = compiled(BAR % ("x", "40 %", ", allies: JPN, aligned: 25 %, cuts_ideas: 20 %"))
    row = node("semiconductors/etch")
    assert found.wedges.barred[5, row, place(), place("JPN")] == pytest.approx(0.1)
    assert found.wedges.barred[5, row, place(), place("USA")] == pytest.approx(0.4)
    assert found.wedges.isolation[5, place(), place("JPN")] == pytest.approx(0.05)
    assert found.wedges.isolation[5, place(), place("USA")] == pytest.approx(0.2)
    assert np.count_nonzero(found.wedges.isolation[5]) == 3


def test_stores_are_laid_in_before_a_bar_rises():
    found = compiled(BAR % ("x", "40 %", ", hoarding: true, from: 2026-01-01"))
    hoarding = found.wedges.hoarding
    row = node("semiconductors/etch")
    left = 1 - context().barred[4, row, place()]  # of what the baseline's bars leave
    part = (left * context().sourcing[row, place()])[[place("USA"), place("NLD")]].sum()
    cover = values({})["hoarding_cover"]
    assert hoarding[3, row, place()] == pytest.approx(cover * 0.4 * part)
    assert np.count_nonzero(hoarding) == 2
    early = compiled(BAR % ("x", "40 %", ", hoarding: true, from: 2023-01-01"))
    assert not early.wedges.hoarding.any()  # the base year's tables have what was


def test_bars_of_two_measures_multiply_what_they_leave():
    found = compiled(BAR % ("a", "40 %", ""), BAR % ("b", "50 %", ", adds: true"))
    assert found.wedges.barred.max() == pytest.approx(0.7)
    assert found.without("b").barred.max() == pytest.approx(0.4)


def test_the_timeline_is_that_of_the_laboratory():
    until = dt.date(2025, 12, 31)
    for hoarding in (True, False):
        said = str(hoarding).lower()
        found = compiled(
            f"{{lever: controls_timeline, label: x, until: 2025-12-31, hoarding: {said}}}"
        )
        expected = control_wedges(case(), until, hoarding=hoarding)
        for field in ("barred", "barred_above", "hoarding"):
            np.testing.assert_array_equal(
                getattr(found.wedges, field), getattr(expected, field), err_msg=field
            )
        assert found.wedges.hoarding.any() == hoarding
    none = compiled("{lever: controls_timeline, label: x, until: 2021-12-31}")
    assert not touched(none.wedges)
    assert any("no control later than the base year" in remark for remark in none.remarks)


def test_controls_bar_what_is_above_their_threshold_and_stops_all_of_it():
    """Tools above it are barred for good; letters stopped some sales, whole, for weeks of 2025."""
    wedges = compiled("{lever: controls_timeline, label: x, until: 2025-12-31}").wedges
    stopped = {
        "ai/accelerator",
        "semiconductors/eda",
        "commercial_aircraft/avionics",
        "commercial_aircraft/engine",
        "commercial_aircraft/systems",
    }
    nodes = context().labels.nodes
    years, rows, buyers, _ = np.nonzero(wedges.barred)
    assert {nodes[row] for row in rows} == stopped
    assert {YEARS[year] for year in years} == {2025}
    assert set(buyers) == {place()}
    assert (wedges.barred < 0.5).all()
    chosen = context().parameters
    above = wedges.barred_above[-1, :, place(), :]
    # The first year's rule on tools is in the base: what allies added later is not.
    assert above[node("semiconductors/lith_duv"), place("NLD")] == chosen["barred_duv"]
    assert above[node("semiconductors/hbm"), place("KOR")] == chosen["barred_hbm"]
    assert not above[node("semiconductors/etch"), place("USA")]
    of_others = np.delete(wedges.barred_above, place(), axis=2)
    assert not of_others.any()


def test_lifting_says_where_there_is_nothing_to_lift():
    text = "{lever: lift_controls, label: x, suppliers: %s, users: CHN, nodes: %s, share: 30 %%}"
    found = compiled(text % ("USA", "semiconductors/etch"))
    assert found.wedges.lifted[4, node("semiconductors/etch"), place(), place("USA")] == 0.3
    assert not found.remarks
    nothing = compiled(text % ("BRA", "shipbuilding/steel"))
    assert any("has no control on any" in remark for remark in nothing.remarks)


def test_openness_may_rise_and_two_measures_multiply():
    open_ = "{lever: technology_transfer, label: a, users: CHN, suppliers: JPN, size: 50 %}"
    cut = (
        "{lever: export_control, label: b, suppliers: JPN, users: CHN, sectors: C28, cost: 1 %, "
        "cuts_ideas: 40 %}"
    )
    both = compiled(open_, cut).wedges.isolation[5, place(), place("JPN")]
    assert 1 - both == pytest.approx(1.5 * 0.6)


def test_both_signs_of_pressure_abroad():
    """Fewer stay, and more come back: V15 has both (F25)."""
    found = compiled(
        "{lever: brain_drain, label: x, regions: CHN, size: 5 percentage points, abroad: 200 %}"
    )
    chosen = values({})
    np.testing.assert_allclose(found.wedges.stay_rate[1:, place()], -0.05)
    back = 2 * chosen["pressure_return"] * chosen["base_return"]
    np.testing.assert_allclose(found.wedges.returnees[1:, place()], back)


def test_a_preference_for_nodes_counts_for_those_who_follow_it():
    text = "{lever: procurement_preference, label: x, regions: CHN, nodes: robots_cnc/servo%s}"
    chosen = values({})
    public = compiled(text % "").wedges
    assert touched(public) == {"node_preference"}
    size = np.log1p(chosen["procurement_preference"] / 100)
    at = (5, node("robots_cnc/servo"), place())
    assert public.node_preference[at] == pytest.approx(chosen["public_share"] * size)
    both = compiled(text % ", state_firms: true").wedges
    part = chosen["public_share"] + chosen["state_firm_share"]
    assert both.node_preference[at] == pytest.approx(part * size)
    assert touched(compiled(text % ", sectors: C28").wedges) == {
        "node_preference",
        "home_preference",
    }


def test_an_answer_taxes_or_bars():
    text = "{lever: counter_control, label: x, regions: CHN, users: USA, sectors: C28, %s}"
    taxed = compiled(text % "tax: 15 %").wedges
    assert taxed.export_tax[4, place(), sector("C28"), place("USA")] == pytest.approx(0.15)
    assert np.count_nonzero(taxed.export_tax) == 13
    dearer = compiled(text % "cost: 15 %").wedges
    assert dearer.log_iceberg.max() == pytest.approx(np.log(1.15))


def test_blocs_have_walls_both_ways_and_none_inside():
    found = compiled(
        "{lever: decoupling, label: x, one: [CHN, RUS], other: [USA, JPN], sectors: C26, "
        "ideas: 50 %, nodes: semiconductors/etch, share: 20 %}"
    ).wedges
    chips = sector("C26")
    size = values({})["decoupling_tariff"] / 100
    for one in ("CHN", "RUS"):
        for other in ("USA", "JPN"):
            for seller, buyer in ((one, other), (other, one)):
                assert found.tariff[5, place(seller), chips, place(buyer)] == pytest.approx(size)
                assert found.isolation[5, place(buyer), place(seller)] == 0.5
                row = node("semiconductors/etch")
                assert found.barred[5, row, place(buyer), place(seller)] == pytest.approx(0.2)
    assert np.count_nonzero(found.tariff[5]) == 8
    assert np.count_nonzero(found.isolation[5]) == 8
    assert np.count_nonzero(found.barred[5]) == 8


def test_what_is_kept_is_paid_at_once_and_what_is_better_comes_slowly():
    found = compiled(
        "{lever: upgrading, label: x, regions: CHN, sectors: C13T15, size: 4 %, keep: 2 %, "
        "cost: 1 bn USD, from: 2024-01-01, phase_in: 4}"
    )
    cell = place(), sector("C13T15")
    assert found.wedges.subsidy[2][cell] == pytest.approx(0.02)
    assert found.wedges.log_productivity[2][cell] == pytest.approx(np.log(1.04) / 8)
    assert found.wedges.log_productivity[6][cell] == pytest.approx(np.log(1.04))
    part = values({})["effort_of_upgrading"]
    np.testing.assert_allclose(found.wedges.outlay[2:, place()], (1 - part) * 1e3)
    np.testing.assert_allclose(found.wedges.sector_effort[2:][:, *cell], part * 1e3)


def test_a_cluster_is_denser_and_more_crowded():
    found = compiled(
        "{lever: cluster, label: x, regions: CHN, sectors: C26, size: 50 %, cost: 2 bn USD}"
    )
    cell = place(), sector("C26")
    dense = np.log(1.5)
    assert found.wedges.density[3][cell] == pytest.approx(dense)
    crowded = -values({})["cluster_congestion"] * dense
    assert found.wedges.log_productivity[3][cell] == pytest.approx(crowded)
    np.testing.assert_allclose(found.ledger.of(payer="local governments").by_year[1:], 2e3)
