"""What a path's tables mean: labels, the base table in the base year, sums and shares."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from small_paths import CONTROLS, LAST, busy_path, four_by_six, small_path

from zizhu.laboratory.path.standing import barred_in_baseline, control_wedges
from zizhu.model.path_record import Productivity


@pytest.fixture(scope="module")
def busy():
    return busy_path()


def test_every_variable_says_what_it_is(busy):
    for name, variable in busy.dataset.data_vars.items():
        for key in ("long_name", "units", "definition"):
            assert variable.attrs.get(key), (name, key)
        assert set(variable.attrs) == {"long_name", "units", "definition"}, name
    assert busy.real_income.dims == ("run", "year", "region")
    assert list(busy.dataset.run.values) == ["scenario", "baseline"]
    assert list(busy.dataset.year.values) == list(range(2022, LAST + 1))
    assert busy.productivity.dims == ("run", "year", "region", "sector", "productivity_channel")
    assert busy.node_home_share.dims == ("run", "year", "region", "node")
    assert busy.firm_revenue.dims == ("run", "year", "firm")
    assert busy.outlay.dims == ("run", "year", "region", "outlay_kind")
    assert busy.audit.dims == ("run", "identity")


def test_base_year_of_the_baseline_is_the_table(busy):
    """Up to the money at work in the base year, which costs a little of it."""
    world = four_by_six()
    base = busy.dataset.sel(run="baseline", year=2022)
    close = {"rtol": 1e-3}
    np.testing.assert_allclose(base.output, world.output, **close)
    # Net taxes on products are inside value added, as if factors earned them.
    inputs = world.intermediate * (1 + world.tariff)[..., None]
    np.testing.assert_allclose(base.value_added, world.output - inputs.sum(axis=(0, 1)), **close)
    np.testing.assert_allclose(base.sector_price, 1.0, **close)
    flows = world.flows
    own = np.einsum("nkn->nk", flows) / flows.sum(axis=0).T
    np.testing.assert_allclose(base.home_share, 100 * own, **close)
    share = world.output / world.output.sum(axis=0)
    np.testing.assert_allclose(base.world_share, 100 * share, **close)
    assert np.abs(base.real_income).max() < 0.1
    for name in ("productivity", "factors", "controls", "push"):
        np.testing.assert_allclose(base[name], 0.0, atol=1e-9)
    for name in ("capital", "talent_home", "node_capacity"):
        known = base[name].values[np.isfinite(base[name].values)]
        np.testing.assert_allclose(known, 1.0, rtol=1e-9)


def test_shares_and_numeraire(busy):
    data = busy.dataset
    np.testing.assert_allclose(data.world_share.sum("region"), 100.0, rtol=1e-12)
    made = data.node_world_share.sum("region", skipna=False).values
    np.testing.assert_allclose(made[np.isfinite(made)], 100.0, rtol=1e-12)
    assembled = data.node_counts.values == "assembled"
    assert set(data.node_counts.values) == {"location", "headquarters", "assembled"}
    assert np.isnan(data.node_home_share.values[..., assembled]).all()
    assert np.isfinite(data.node_home_share.values[..., ~assembled]).all()
    total = data.value_added.sum(("region", "sector"))
    np.testing.assert_allclose(total, total.values.flat[0], rtol=1e-8)
    for name in ("home_share", "node_home_share", "node_lack", "node_barred", "node_entry"):
        known = data[name].values[np.isfinite(data[name].values)]
        assert (known >= -1e-9).all(), name
        assert (known <= 100 + 1e-9).all(), name


def test_productivity_is_the_sum_of_its_channels(busy):
    assert tuple(busy.dataset.productivity_channel.values) == Productivity._fields
    for run, record in (("scenario", busy.path.record), ("baseline", busy.path.baseline)):
        by = record.productivity
        total = np.asarray(by.research)[:, :, None] + sum(
            np.asarray(values) for name, values in by._asdict().items() if name != "research"
        )
        shown = busy.productivity.sel(run=run).sum("productivity_channel")
        np.testing.assert_allclose(shown, 100 * total, rtol=0, atol=1e-10)


def test_effect_is_scenario_over_baseline(busy):
    level = 1 + busy.real_income / 100
    ratio = level.sel(run="scenario") / level.sel(run="baseline")
    np.testing.assert_allclose(100 * (ratio - 1), busy.real_income_effect, rtol=0, atol=1e-9)
    nothing = small_path()
    assert not nothing.real_income_effect.any()
    both = nothing.dataset.drop_vars(["decomposition"])
    for name, variable in both.data_vars.items():
        if "run" in variable.dims:
            one, other = variable.sel(run="scenario"), variable.sel(run="baseline")
            np.testing.assert_array_equal(one, other, err_msg=str(name))


def test_what_was_asked_for_is_seen(busy):
    now, base = busy.dataset.sel(run="scenario"), busy.dataset.sel(run="baseline")
    # 20 bn a year of research, from 2023 on.
    added = now.research_spending.sel(region="CHN")
    np.testing.assert_allclose(added, [0.0] + [20_000.0] * (LAST - 2022))
    np.testing.assert_allclose(now.outlay.sel(region="CHN", outlay_kind="research"), added)
    # Two funds of 10 bn: announced, paid in parts over years, spent after a lag, partly leaked.
    funds = {
        stage: (now - base)[f"funds_{stage}"].sel(region="CHN").values
        for stage in ("committed", "paid", "deployed", "leaked")
    }
    np.testing.assert_allclose(funds["committed"], [0.0, 10.0, 20.0, 20.0, 20.0], atol=1e-12)
    for more, less in (("committed", "paid"), ("paid", "deployed"), ("deployed", "leaked")):
        assert (funds[more] >= funds[less] - 1e-12).all()
    assert funds["deployed"][-1] > funds["leaked"][-1] > 0
    # The listed firm loses revenue in its first year and then recovers.
    revenue = now.firm_revenue.sel(firm="huawei").values
    np.testing.assert_allclose(revenue[:2], 100.0)
    assert revenue[2] < 85
    assert (np.diff(revenue[2:]) > 0).all()
    np.testing.assert_array_equal(base.firm_revenue, 100.0)
    # Controls bar tools for China alone, as far as they serve what is above their threshold: shares
    # of purchases times parts of sales times a part of the use. The timeline adds the Netherlands.
    case = busy.path.case
    row = case.chains.nodes.index("semiconductors/etch")
    china, america, union = (case.world.regions.index(one) for one in ("CHN", "USA", "EU"))
    standing = barred_in_baseline(case).above[:, row, china]
    added = control_wedges(case, dt.date.fromisoformat(CONTROLS)).barred_above[:, row, china]
    assert 0 < standing[0, america] < standing[-1, america] == case.parameters["barred_us_tools"]
    assert set(np.flatnonzero(added.any(axis=0))) == {union}
    every = 1 - (1 - standing) * (1 - added)
    for table, record, part in (
        (now, busy.path.record, every),
        (base, busy.path.baseline, standing),
    ):
        etch = table.node_barred.sel(node="semiconductors/etch")
        assert (etch.sel(region=["USA", "EU", "ROW"]) == 0).all()
        above = np.asarray(record.stocks.chains.above)[:, case.chains.places[row], china]
        assert (above < 1).all()
        expected = 100 * above * (part @ case.sourcing[row, china])
        np.testing.assert_allclose(etch.sel(region="CHN"), expected, rtol=1e-9)
    subsidised = now.output.sel(region="CHN", sector="C26", year=2023)
    assert float(subsidised) > float(base.output.sel(region="CHN", sector="C26", year=2023))
