"""Scenario files: shipped or not, extended, changed, set."""

from __future__ import annotations

import pytest

from zizhu.errors import ScenarioError
from zizhu.parameters import values
from zizhu.policy import load_scenario, scenario_names
from zizhu.policy.units import parse_size

PARENT = """\
title: parent
focus: CHN
groups: {west: [USA, EU]}
options: {scale: none, deficits: zero}
parameters: {public_funds: 1.2}
measures:
- {lever: tariff, label: one, importers: west, exporters: CHN, size: 10 pp}
- {lever: tariff, label: two, importers: CHN, exporters: west, size: 5 pp}
variants:
- {name: v, title: a variant}
"""


@pytest.fixture
def child(tmp_path):
    """Write parent and child, load the child."""
    (tmp_path / "parent.yaml").write_text(PARENT)

    def load(text, *settings):
        (tmp_path / "child.yaml").write_text(text)
        return load_scenario(tmp_path / "child.yaml", settings)

    return load


def sizes(scenario):
    return {measure.label: str(measure.size) for measure in scenario.measures}


def test_extends_takes_everything_but_the_name(child):
    found = child("extends: parent.yaml\n")
    assert found.name == "child"
    assert found.title == "parent"
    assert found.options.deficits == "zero"
    assert sizes(found) == {"one": "10 percentage points", "two": "5 percentage points"}
    assert [variant.name for variant in found.variants] == ["v"]


def test_options_parameters_and_groups_are_merged(child):
    found = child(
        "extends: parent.yaml\ntitle: child\noptions: {deficits: fixed}\n"
        "parameters: {lockdown_labour: -11}\ngroups: {east: [CHN]}\n"
    )
    assert (found.title, found.options.scale, found.options.deficits) == ("child", "none", "fixed")
    assert found.parameters == {"public_funds": 1.2, "lockdown_labour": -11}
    assert set(found.groups) == {"west", "east"}


def test_a_path_leaves_inherited_variants_behind(child):
    """They are of static runs; the same file without years keeps them."""
    text = "extends: baseline\ntitle: child\n"
    assert child(text).variants
    assert child(text + "years: 2035\n").variants == ()
    with pytest.raises(ScenarioError, match="leave variants out"):
        child(text + "years: 2035\nvariants: [{name: w, title: mine}]\n")


def test_overrides_without_and_more(child):
    found = child(
        "extends: parent.yaml\noverrides: {one: {size: 20 pp, importers: USA}}\nwithout: [two]\n"
        "measures:\n- {lever: labour_supply, label: three, regions: CHN, size: -1 %}\n"
    )
    assert sizes(found) == {"one": "20 percentage points", "three": "-1 %"}
    assert found.measures[0].importers == "USA"
    assert found.measures[0].exporters == "CHN"


def test_a_chain_of_three_files(child, tmp_path):
    (tmp_path / "middle.yaml").write_text("extends: parent.yaml\noverrides: {one: {size: 11 pp}}\n")
    found = child("extends: middle.yaml\noverrides: {one: {size: 12 pp}}\n")
    assert sizes(found)["one"] == "12 percentage points"


def test_the_parent_is_looked_for_beside_the_child(child, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert child("extends: parent.yaml\n").title == "parent"


def test_settings_reach_every_field(child):
    found = child(
        "extends: parent.yaml\n",
        "options.scale=composite",
        "measures.one.size=33 percentage points",
        "elasticities.scale.C19=0",
        "parameters.public_funds=1.3",
        "title=new",
        "groups.west=[USA]",
        "world=2017",
        "variants.v.title=other",
    )
    assert found.options.scale == "composite"
    assert sizes(found)["one"] == "33 percentage points"
    assert found.elasticities.scale == {"C19": 0.0}
    assert found.parameters["public_funds"] == 1.3
    assert (found.title, found.world) == ("new", "2017")
    assert found.groups["west"] == ("USA",)
    assert found.variants[0].title == "other"


def test_a_size_may_name_a_parameter(child):
    text = "extends: parent.yaml\noverrides: {one: {size: =decoupling_tariff}}\n"
    assert sizes(child(text))["one"] == "32 percentage points"
    changed = child(text, "parameters.decoupling_tariff=20.5")
    assert sizes(changed)["one"] == "20.5 percentage points"


def test_a_file_may_have_the_name_of_a_shipped_scenario(tmp_path):
    path = tmp_path / "baseline.yaml"
    path.write_text("extends: baseline\ntitle: mine\n")
    found = load_scenario(path)
    assert (found.name, found.title, found.focus) == ("baseline", "mine", "CHN")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("extends: paren.yaml\n", "'paren.yaml' is neither shipped nor a file"),
        ("extends: child.yaml\n", "scenario child extends itself: child extends child"),
        ("extends: [a]\n", "field extends: one name or path is right"),
        ("title: x\nwithout: [one]\n", "say which one with extends"),
        ("extends: parent.yaml\nwithout: [onee]\n", "measure 'onee' is not in the extended"),
        ("extends: parent.yaml\nwithout: one\n", "without a list of labels"),
        ("extends: parent.yaml\noverrides: {one: 3}\n", "overrides.one: fields are right"),
        (
            "extends: parent.yaml\nmeasures:\n- {lever: productivity, label: one, regions: CHN, "
            "size: 1 %}\n",
            "label one appears twice; to change a measure of the extended scenario",
        ),
        ("extends: list.yaml\n", "the extended scenario has a measure without a label of its own"),
        ("title: x\nname: ../up\n", "the output folder has this name"),
    ],
)
def test_refused(child, tmp_path, text, words):
    (tmp_path / "list.yaml").write_text("title: x\nmeasures: [a, b]\n")
    with pytest.raises(ScenarioError) as error:
        child(text)
    assert words in str(error.value)


def test_shipped_names_are_sorted_and_readable():
    names = scenario_names()
    assert names == sorted(names)
    assert {"baseline", "decoupling", "tariff-war-2018"} <= set(names)
    for name in names:
        assert load_scenario(name).name == name


def test_parameters_named_by_shipped_scenarios_arrive():
    found = {measure.label: measure for measure in load_scenario("decoupling").measures}
    assert found["west-on-east"].size == parse_size(
        f"{values()['decoupling_tariff']} percentage points", "percentage points"
    )
