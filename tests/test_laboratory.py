"""From a scenario to its outcome."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import zizhu as lab
from zizhu.laboratory import elasticities_of, rebase_world, world_hash
from zizhu.parameters import values
from zizhu.policy import Scenario
from zizhu.policy.scenario import ElasticityOverrides, Options

SHORT = [name for name in lab.scenario_names() if name not in ("lockdown", "self-sufficiency")]
LONG = [name for name in lab.scenario_names() if name not in SHORT]


def income(outcome, region):
    return float(outcome.real_income.sel(region=region))


def test_no_measure_changes_nothing(quick):
    found = quick("baseline").indicators
    for name in ("real_income", "real_wage", "consumer_price", "terms_of_trade", "output_volume"):
        assert np.abs(found[name]).max() < 1e-10, name
    for name in ("flow", "output", "value_added", "self_sufficiency", "nominal_income"):
        np.testing.assert_allclose(
            found[name].values, found[f"{name}_base"].values, rtol=1e-12, err_msg=name
        )
    assert quick("baseline").iterations == 0


@pytest.mark.parametrize(
    "name", [*SHORT, *(pytest.param(name, marks=pytest.mark.long) for name in LONG)]
)
def test_every_shipped_scenario_is_audited(name, quick):
    outcome = quick(name)
    assert outcome.audit.largest < 1e-9
    assert outcome.audit.walras < 1e-9
    assert outcome.focus == "CHN"
    assert outcome.scale_eigenvalue < 1
    if outcome.scenario.measures:
        assert np.abs(outcome.real_income).max() > 0.1


def test_tariff_war_without_an_answer(quick):
    """China -0.92, United States +0.055 percent, within 0.03."""
    outcome = quick("tariff-war-2018")
    assert income(outcome, "CHN") == pytest.approx(-0.92, abs=0.03)
    assert income(outcome, "USA") == pytest.approx(0.055, abs=0.03)


def test_tariff_war_with_an_answer(quick):
    """China -0.90, United States -0.03 percent, within 0.03."""
    outcome = quick("tariff-war-2018-retaliation")
    assert income(outcome, "CHN") == pytest.approx(-0.90, abs=0.03)
    assert income(outcome, "USA") == pytest.approx(-0.03, abs=0.03)


def test_variants(war):
    """Constant returns and deficits as they are: -0.19 and -0.055; scale where it is half."""
    found = {variant.name: variant for variant in war.variants}
    assert set(found) == {variant.name for variant in war.scenario.variants}
    plain = found["constant-returns-fixed-deficits"]
    assert plain.real_income["CHN"] == pytest.approx(-0.19, abs=0.02)
    assert plain.real_income["USA"] == pytest.approx(-0.055, abs=0.02)
    assert plain.scale_eigenvalue == 0
    assert plain.stable
    half = found["no-scale-c19-c26-c27"].real_income["CHN"]
    assert half == pytest.approx(0.5 * income(war, "CHN"), rel=0.15)
    assert not found["composite-scale"].stable
    assert all(set(variant.real_income) == set(war.world.regions) for variant in war.variants)


def test_a_variant_is_a_run_of_its_own(war, quick):
    """The same numbers as the scenario with these options set."""
    alone = quick("tariff-war-2018", "options.scale=none", "options.deficits=fixed")
    found = {variant.name: variant for variant in war.variants}
    plain = found["constant-returns-fixed-deficits"].real_income
    for region in war.world.regions:
        assert plain[region] == pytest.approx(income(alone, region), abs=1e-9)


def test_drivers_are_sorted_derivatives(war, quick):
    effects = [abs(driver.effect) for driver in war.drivers]
    assert effects == sorted(effects, reverse=True)
    assert len(war.drivers) == 2 * len(war.world.sectors) + 3
    first = war.drivers[0]
    assert (first.elasticity, first.sector, first.value) == ("scale", "C26", 0.552)
    # One percent more of it, solved anew: the derivative is exact, the step is not small.
    moved = quick("tariff-war-2018", f"elasticities.scale.C26={0.552 * 1.01}")
    # Deficits are rebased again here and held fixed there.
    assert income(moved, "CHN") - income(war, "CHN") == pytest.approx(first.effect, rel=0.1)


def test_no_variants_and_drivers_when_not_asked_or_nothing_moves(quick):
    assert quick("decoupling").variants == ()
    assert quick("decoupling").drivers == ()
    nothing = lab.run("baseline")
    assert nothing.variants == ()
    assert nothing.drivers == ()


def test_progress_names_each_step():
    steps = []
    lab.run("decoupling", variants=False, drivers=False, progress=steps.append)
    assert steps == ["reading scenario and world", "solving the equilibrium"]


def test_scenario_object_file_and_name_agree(quick, tmp_path):
    named = quick("decoupling")
    given = lab.run(lab.load_scenario("decoupling"), variants=False, drivers=False)
    np.testing.assert_array_equal(given.real_income.values, named.real_income.values)
    with pytest.raises(lab.ScenarioError, match="settings apply to scenario files"):
        lab.run(lab.load_scenario("decoupling"), settings=["title=x"])


def test_manifest_repeats_itself(quick):
    first = quick("decoupling").manifest
    again = lab.run("decoupling", variants=False, drivers=False).manifest
    changed = quick("decoupling", "parameters.decoupling_tariff=20").manifest
    for part in ("scenario", "world", "parameters", "elasticities"):
        assert first[part]["sha256"] == again[part]["sha256"]
        assert len(first[part]["sha256"]) == 64
    assert changed["scenario"]["sha256"] != first["scenario"]["sha256"]
    assert changed["parameters"]["sha256"] != first["parameters"]["sha256"]
    assert changed["world"]["sha256"] == first["world"]["sha256"]
    assert changed["parameters"]["values"]["decoupling_tariff"] == 20


def test_manifest_is_enough_to_run_again(war):
    content = war.manifest["scenario"]["content"]
    again = lab.run(Scenario.model_validate(content), variants=False, drivers=False)
    np.testing.assert_array_equal(again.real_income.values, war.real_income.values)


def test_a_cut_is_delivered_exactly(tmp_path, scenario_file):
    """Flows of machinery from three regions to China keep a fifth of their value."""
    path = scenario_file(
        lever="export_control",
        label="tools",
        suppliers="[USA, JPN, EU]",
        users="CHN",
        sectors="C28",
        cut="80 %",
        importers="",
        exporters="",
        size="",
    )
    outcome = lab.run(path, variants=False, drivers=False)
    flow = outcome.flow / outcome.flow_base
    limited = {"supplier": ["USA", "JPN", "EU"], "sector": "C28", "user": "CHN"}
    np.testing.assert_allclose(flow.sel(limited).values, 0.2, rtol=1e-9)
    cost = outcome.limit_cost
    assert (cost.sel(limited) > 0).all()
    assert np.count_nonzero(cost) == 3
    assert flow.sel(supplier="ROW", sector="C28", user="CHN") > 1
    assert outcome.audit.largest < 1e-9


def test_compare_stacks(quick):
    one, two = quick("decoupling"), quick("targeted-subsidies")
    both = one.compare(two, quick("baseline"))
    assert list(both.scenario.values) == ["decoupling", "targeted-subsidies", "baseline"]
    np.testing.assert_array_equal(
        both.real_income.sel(scenario="targeted-subsidies").values, two.real_income.values
    )
    assert both.real_income.attrs["units"] == "percent"


def test_compare_needs_the_same_world(quick, small):
    other = replace(quick("baseline"), world=small)
    with pytest.raises(lab.ScenarioError, match="decoupling and baseline are on worlds with"):
        quick("decoupling").compare(other)


def test_outcome_attributes(quick):
    outcome = quick("decoupling")
    assert outcome.real_income.identical(outcome.indicators.real_income)
    with pytest.raises(AttributeError, match="no 'real_incom'; did you mean real_income"):
        _ = outcome.real_incom
    with pytest.raises(AttributeError):
        _ = outcome._nothing
    assert not hasattr(outcome, "__array__")
    assert outcome.dataset.attrs["scenario"] == "decoupling"
    assert outcome.dataset.attrs["audit_largest_residual"] == outcome.audit.largest


def test_focus_defaults_to_the_first_region():
    assert lab.run(Scenario(name="plain", title="plain")).focus == "BRA"


@pytest.fixture(scope="module")
def balanced(world):
    return rebase_world(world)


def test_rebased_world_has_no_deficits(balanced, world):
    assert np.abs(world.deficit).max() > 1e5
    assert np.abs(balanced.deficit).max() < 1e-9 * balanced.gdp.sum()
    assert all(identity.holds for identity in balanced.identities())
    assert balanced.name == "2017-balanced"
    assert "rebased to zero deficits with the elasticities caliendo-parro" in balanced.notes
    np.testing.assert_array_equal(balanced.tariff, world.tariff)
    np.testing.assert_allclose(balanced.gdp.sum(), world.gdp.sum(), rtol=1e-8)
    assert world_hash(balanced) != world_hash(world)


def test_rebasing_a_rebased_world_changes_nothing(balanced):
    again = rebase_world(balanced)
    np.testing.assert_allclose(again.output, balanced.output, rtol=1e-8)


def test_elasticities_of(world):
    options = Options()
    plain, notes = elasticities_of(world, options, ElasticityOverrides(), values())
    product = np.asarray(plain.scale * plain.trade)
    k = int(np.argmax(product))
    assert notes[0].startswith("psi times theta above 0.9: ")
    assert notes[0].count(",") + 1 == (product > 0.9).sum()
    assert f"{world.sectors[k]} {product[k]:.2f}" in notes[0]
    capped, capped_notes = elasticities_of(
        world, Options(cap_scale=True), ElasticityOverrides(), values()
    )
    assert float(capped.scale[k] * capped.trade[k]) == pytest.approx(0.9)
    assert float(capped.scale[k]) < float(plain.scale[k])
    assert capped_notes[0].startswith("scale elasticities capped at 0.9/theta in ")
    assert world.sectors[k] in capped_notes[0]
    none, _ = elasticities_of(world, Options(scale="none"), ElasticityOverrides(), values())
    assert not np.asarray(none.scale).any()
    changed, _ = elasticities_of(
        world, options, ElasticityOverrides(trade={"C26": 2.0}, scale={"C26": 0.1}), values()
    )
    at = world.sectors.index("C26")
    assert (float(changed.trade[at]), float(changed.scale[at])) == (2.0, 0.1)
    with pytest.raises(lab.ScenarioError, match=r"psi times theta is 1\.2\d in sector C26"):
        elasticities_of(world, options, ElasticityOverrides(scale={"C26": 1.0}), values())
