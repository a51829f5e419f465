"""What indicators mean, and the identities among them."""

from __future__ import annotations

import numpy as np
import pytest

SCENARIOS = ("decoupling", "tariff-war-2018-retaliation", "targeted-subsidies")


@pytest.fixture(params=SCENARIOS)
def outcome(request, quick):
    return quick(request.param)


def test_units_and_definitions(outcome):
    for name, variable in outcome.indicators.items():
        assert variable.attrs["units"], name
        assert len(variable.attrs["definition"]) > 10, name
        values = variable.values
        if name == "output_volume":  # sectors without output have no change of it
            values = values[outcome.world.output > 0]
            assert np.isnan(variable.values[outcome.world.output <= 0]).all()
        assert np.isfinite(values).all(), name
    assert set(outcome.indicators.dims) == {"region", "sector", "supplier", "user"}


@pytest.mark.parametrize("name", ["self_sufficiency", "imported_input_share", "world_output_share"])
def test_shares_are_shares(outcome, name):
    for variable in (outcome.indicators[name], outcome.indicators[f"{name}_base"]):
        assert variable.min() >= 0
        assert variable.max() <= 100 + 1e-9
        assert variable.attrs["units"] == "percent"


def test_world_shares_sum_to_one_hundred(outcome):
    found = outcome.indicators
    for name in ("world_output_share", "world_output_share_base"):
        np.testing.assert_allclose(found[name].sum("region").values, 100, rtol=1e-10)
    np.testing.assert_allclose(found.world_value_added_share.sum().values, 100, rtol=1e-10)


def test_world_value_added_is_the_numeraire(outcome):
    found = outcome.indicators
    np.testing.assert_allclose(
        found.value_added.sum().values, found.value_added_base.sum().values, rtol=1e-10
    )


def test_output_is_what_is_sold(outcome):
    found = outcome.indicators
    for end in ("", "_base"):
        sold = found[f"flow{end}"].sum("user").rename(supplier="region")
        np.testing.assert_allclose(
            sold.transpose("region", "sector").values, found[f"output{end}"].values, rtol=1e-10
        )


def test_self_sufficiency_is_own_use_over_use(outcome):
    found = outcome.indicators
    own = np.einsum("iki->ik", found.flow.values)
    used = found.flow.sum("supplier").transpose("user", "sector").values
    np.testing.assert_allclose(found.self_sufficiency.values, 100 * own / used, rtol=1e-12)


def test_the_base_is_the_world_s(quick):
    outcome = quick("decoupling")
    found, world = outcome.indicators, outcome.world
    np.testing.assert_allclose(found.flow_base.values, world.flows, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(found.output_base.values, world.output, rtol=1e-9)
    duties = (world.tariff * world.flows).sum(axis=(0, 1))
    np.testing.assert_allclose(found.tariff_revenue_base.values, duties, rtol=1e-9)


def test_tariff_revenue_is_rate_times_flow(quick):
    outcome = quick("decoupling")
    world = outcome.world
    from zizhu.policy import compile_wedges  # noqa: PLC0415

    rate = world.tariff + compile_wedges(outcome.scenario, world).tariff
    expected = (rate * outcome.flow.values).sum(axis=(0, 1))
    np.testing.assert_allclose(outcome.tariff_revenue.values, expected, rtol=1e-9)
    assert outcome.tariff_revenue.sel(region="CHN") > outcome.tariff_revenue_base.sel(region="CHN")


def test_fiscal_cost(outcome):
    """Subsidies and preference less tariffs, against the base, without other public money."""
    found = outcome.indicators
    expected = (
        found.subsidy_cost
        + found.preference_cost
        - (found.tariff_revenue - found.tariff_revenue_base)
    )
    size = np.abs(found.nominal_income.values)
    assert (np.abs(found.fiscal_cost - expected).values < 1e-9 * size).all()


def test_subsidy_cost_is_its_rate_of_cost(quick):
    """Price is (1 - s) cost: s of cost is s / (1 - s) of revenue."""
    outcome = quick("targeted-subsidies")
    named = outcome.scenario.groups["made-in-china-2025"]
    sectors = [one for name in named for one in outcome.world.groups.get(name, (name,))]
    revenue = outcome.output.sel(region="CHN", sector=sectors).sum()
    paid = float(outcome.subsidy_cost.sel(region="CHN"))
    assert paid == pytest.approx(float(revenue) * 0.045 / (1 - 0.045), rel=1e-9)
    assert outcome.subsidy_cost.drop_sel(region="CHN").sum() == 0
    assert np.abs(outcome.preference_cost).max() < 1e-6


def test_output_volume_is_revenue_over_price(outcome):
    """Volume moves with revenue; a dearer producer sells less volume for the same revenue."""
    found = outcome.indicators
    made = outcome.world.output > 0
    revenue = 100 * (found.output.values[made] / found.output_base.values[made] - 1)
    assert np.corrcoef(revenue, found.output_volume.values[made])[0, 1] > 0.8


@pytest.mark.long
def test_preference_costs_its_buyer_only(quick):
    outcome = quick("self-sufficiency")
    assert outcome.preference_cost.sel(region="CHN") > 0
    assert np.abs(outcome.preference_cost.drop_sel(region="CHN")).max() < 1e-6
    change = outcome.self_sufficiency - outcome.self_sufficiency_base
    assert (change.sel(region="CHN", sector=["C26", "C28"]) > 0).all()


def test_limit_cost_is_only_there_for_limits(quick):
    assert "limit_cost" not in quick("decoupling").indicators
