"""From a scenario to its outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from calibration_2017 import calibration_world

import zizhu as lab
from zizhu.laboratory import elasticities_of, rebase_world, world_hash
from zizhu.parameters import values
from zizhu.policy import Scenario
from zizhu.policy.scenario import ElasticityOverrides, Options

STATIC = [name for name in lab.scenario_names() if lab.load_scenario(name).years is None]
PATHS = [name for name in lab.scenario_names() if name not in STATIC]
SLOW = ("lockdown", "self-sufficiency")


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
    "name",
    [pytest.param(name, marks=[pytest.mark.long] if name in SLOW else []) for name in STATIC],
)
def test_every_static_scenario_is_audited(name, quick):
    outcome = quick(name)
    assert outcome.audit.largest < 1e-9
    assert outcome.audit.walras < 1e-9
    assert outcome.focus == "CHN"
    assert outcome.scale_eigenvalue < 1
    if outcome.scenario.measures:
        assert np.abs(outcome.real_income).max() > 0.1


# The path that moves most runs by default: it holds every bar, tariff and lever of the others.
FIRST = "full-decoupling"


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name == FIRST else [pytest.mark.long]) for name in PATHS],
)
def test_every_scenario_with_years_adds_up(name):
    """A run audits each year and raises where anything misses; the limits are looked at again."""
    found = lab.run(name, drivers=False)
    assert found.case.years == tuple(range(2022, 2036))
    for audit in found.outcome.audits.values():
        assert audit.largest < 1e-9
    moved = np.abs(found.outcome.dataset["real_income_effect"]).max()
    assert moved > (0.005 if name in ("eu-chips", "us-chips") else 0.05)


@pytest.fixture(scope="module")
def design() -> Callable[..., lab.Outcome]:
    """Outcomes on the 7x44 table of 2017 with scale economies in full, as the design has them."""

    @cache
    def solved(name: str, *settings: str) -> lab.Outcome:
        full = ("parameters.scale_strength=1", *settings)
        world = calibration_world()
        return lab.run(name, world=world, settings=full, variants=False, drivers=False)

    return solved


@pytest.mark.parametrize(
    ("settings", "china", "america", "within"),
    [
        ((), -0.92, 0.055, 0.03),
        (("options.scale=none", "options.deficits=fixed"), -0.19, -0.055, 0.02),
    ],
)
def test_tariff_war_of_the_design(settings, china, america, within, design):
    """The design's figures for the tariffs of the United States, on its own table."""
    outcome = design("tariff-war-2018", *settings)
    assert income(outcome, "CHN") == pytest.approx(china, abs=within)
    assert income(outcome, "USA") == pytest.approx(america, abs=within)


def test_answered_tariff_war_of_the_design(design):
    """China -0.90, United States -0.03 percent, within 0.03."""
    outcome = design("tariff-war-2018-retaliation")
    assert income(outcome, "CHN") == pytest.approx(-0.90, abs=0.03)
    assert income(outcome, "USA") == pytest.approx(-0.03, abs=0.03)


def test_tariff_war_of_the_design_without_two_sectors(design):
    """Without scale economies of petroleum and electronics the loss is about half."""
    without = [f"elasticities.scale.{sector}=0" for sector in ("C19", "C26", "C27")]
    half = income(design("tariff-war-2018", *without), "CHN")
    assert half == pytest.approx(0.5 * income(design("tariff-war-2018"), "CHN"), rel=0.15)


def test_tariff_war_signs(quick, war):
    """Ju, Ma, Wang and Zhu (2024): China loses; America gains, and loses when it is answered."""
    answered = quick("tariff-war-2018-retaliation")
    assert income(war, "CHN") < -0.1
    assert income(war, "USA") > 0.005
    assert income(answered, "CHN") < -0.1
    assert income(answered, "USA") < -0.005
    # Its own tariffs serve China a little.
    assert income(answered, "CHN") > income(war, "CHN")


def test_variants(war):
    found = {variant.name: variant for variant in war.variants}
    assert set(found) == {variant.name for variant in war.scenario.variants}
    plain = found["constant-returns-fixed-deficits"]
    assert plain.scale_eigenvalue == 0
    assert plain.stable
    # Economies of scale raise the loss, the more of them the more.
    china = {name: v.real_income["CHN"] for name, v in found.items() if v.real_income}
    without = china["no-scale-c19-c26-c27"]
    assert income(war, "CHN") < without < china["constant-returns"] < 0
    # Four fifths of the published elasticities are stable, all of them are not.
    assert not found["full-scale"].stable
    assert war.scale_eigenvalue < 1 < found["full-scale"].scale_eigenvalue
    # A base that economies would leave may have no equilibrium nearby; it then says so.
    for variant in war.variants:
        assert set(variant.real_income) == set(war.world.regions) or variant.note
    assert found["full-scale"].real_income or "no equilibrium" in found["full-scale"].note


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
    # Four fifths of the published 0.552 act.
    assert (first.elasticity, first.sector) == ("scale", "C26")
    assert first.value == pytest.approx(0.8 * 0.552)
    # One percent more of it, solved anew: the derivative is exact, the step is not small.
    moved = quick("tariff-war-2018", f"elasticities.scale.C26={0.8 * 0.552 * 1.01}")
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
    """Flows of machinery from two regions and a group to China keep a fifth of their value."""
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
    union = ["DEU", "NLD", "FRA", "ITA", "REU"]
    assert list(outcome.world.groups["EU"]) == union
    limited = {"supplier": ["USA", "JPN", *union], "sector": "C28", "user": "CHN"}
    np.testing.assert_allclose(flow.sel(limited).values, 0.2, rtol=1e-9)
    cost = outcome.limit_cost
    assert (cost.sel(limited) > 0).all()
    assert np.count_nonzero(cost) == 7
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


def test_focus_defaults_to_the_first_region(world):
    plain = Scenario(name="plain", title="plain")
    assert lab.run(plain).focus == "CHN"
    assert lab.run(plain, world=world).focus == "BRA"


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
    assert world_hash(balanced) != world_hash(world)


def test_rebasing_keeps_the_rates_of_other_taxes(balanced, world):
    """Net taxes on products that are no duties stay at their share of output."""

    def others(table):
        return table.taxes - (table.intermediate * table.tariff[..., None]).sum(axis=(0, 1))

    assert np.abs(others(world)).sum() > 0.01 * world.output.sum()
    np.testing.assert_allclose(
        others(balanced) / balanced.output, others(world) / world.output, atol=1e-12
    )
    # What the model calls earnings of factors contains them; their sum is the numeraire.
    earned = [table.gdp.sum() + others(table).sum() for table in (balanced, world)]
    np.testing.assert_allclose(earned[0], earned[1], rtol=1e-8)


def test_rebasing_a_rebased_world_changes_nothing(balanced):
    again = rebase_world(balanced)
    np.testing.assert_allclose(again.output, balanced.output, rtol=1e-8)


def test_elasticities_of(world):
    options = Options()
    acting, nothing = elasticities_of(world, options, ElasticityOverrides(), values())
    # Four fifths of the published elasticities act, which leaves no sector near the limit.
    assert nothing == ()
    full = values({"scale_strength": 1.0})
    plain, notes = elasticities_of(world, options, ElasticityOverrides(), full)
    np.testing.assert_allclose(acting.scale, 0.8 * np.asarray(plain.scale))
    np.testing.assert_array_equal(acting.trade, plain.trade)
    product = np.asarray(plain.scale * plain.trade)
    k = int(np.argmax(product))
    assert notes[0].startswith("psi times theta above 0.9: ")
    assert notes[0].count(",") + 1 == (product > 0.9).sum()
    assert f"{world.sectors[k]} {product[k]:.2f}" in notes[0]
    capped, capped_notes = elasticities_of(
        world, Options(cap_scale=True), ElasticityOverrides(), full
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
