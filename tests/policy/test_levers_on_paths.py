"""Every lever on a path: its example works, touches what it says, and is explained."""

from __future__ import annotations

import io

import numpy as np
import pytest
import yaml
from lever_contexts import CHINA, YEARS, compiled, context, scenario, touched
from rich.console import Console

from zizhu.chains import controls
from zizhu.errors import ScenarioError
from zizhu.evidence.facts import facts
from zizhu.evidence.links import facts_named
from zizhu.parameters import parameters
from zizhu.policy import levers
from zizhu.policy.compile_path import compile_path
from zizhu.policy.measure import Measure
from zizhu.report.levers import lever_page

# What each lever's example changes.
TOUCHES = {
    "brain_drain": {"returnees"},
    "champion": {"subsidy", "support", "sector_effort", "home_preference", "log_productivity"},
    "cluster": {"density", "log_productivity"},
    "controls_timeline": {"barred", "barred_above", "hoarding"},
    "counter_control": {"barred"},
    "decoupling": {"tariff", "log_iceberg", "isolation", "barred"},
    "demand_policy": {"deficit", "subsidy", "export_tax", "support"},
    "demand_slump": {"deficit"},
    "entity_list": {"listed"},
    "entry_subsidy": {"subsidy", "support", "sector_effort", "outlay"},
    "export_control": {"barred", "hoarding", "isolation"},
    "intellectual_property": {"research", "outlay", "isolation"},
    "investment_fund": {"commitment"},
    "investment_subsidy": {"subsidy", "support", "sector_effort", "outlay"},
    "labour_supply": {"log_labour"},
    "lift_controls": {"lifted"},
    "little_giants": {"node_money"},
    "local_support": {"subsidy", "support", "sector_effort", "outlay"},
    "lockdown": {"log_productivity"},
    "mandate": {"mandate"},
    "procurement_preference": {"home_preference"},
    "production_subsidy": {"subsidy", "support", "sector_effort"},
    "productivity": {"log_productivity"},
    "research_spending": {"research", "outlay"},
    "research_tax_credit": {"research", "outlay"},
    "talent_pipeline": {"graduates", "outlay"},
    "talent_recruitment": {"returnees", "outlay"},
    "tariff": {"tariff"},
    "technology_transfer": {"isolation", "deficit", "research", "outlay"},
    "trade_agreement": {"tariff"},
    "trade_cost": {"log_iceberg"},
    "upgrading": {"log_productivity", "subsidy", "support", "sector_effort", "outlay"},
    "workforce_decline": {"log_labour"},
}
# Who pays in the examples; all others cost no public money and nobody's.
PAYS = {
    "champion": {"central government"},
    "demand_policy": {"central government"},
    "entry_subsidy": {"central government", "local governments"},
    "investment_fund": {"state funds and banks"},
    "investment_subsidy": {"central government", "local governments"},
    "little_giants": {"central government"},
    "local_support": {"central government", "local governments"},
    "production_subsidy": {"central government"},
    "research_spending": {"central government", "local governments"},
    "research_tax_credit": {"central government", "firms"},
    "talent_pipeline": {"central government"},
    "talent_recruitment": {"central government"},
    "technology_transfer": {"firms"},
    "upgrading": {"central government", "local governments"},
}


def example(name: str) -> str:
    """The example that works on a path."""
    return levers()[name].path_example or levers()[name].example


# Levers that mean something in a static run only.
STATIC_ONLY = {"autarky"}


def test_the_list_is_complete():
    assert set(levers()) == set(TOUCHES) | STATIC_ONLY


@pytest.mark.parametrize("name", sorted(STATIC_ONLY))
def test_a_static_lever_is_refused_on_a_path(name):
    with pytest.raises(ScenarioError, match=f"{name} is for a static run; leave `years` out"):
        compiled(levers()[name].example)


def test_the_timeline_names_every_size_that_it_bars_by():
    assert set(levers()["controls_timeline"].sizes) == {*controls().sizes(), "hoarding_cover"}


@pytest.mark.parametrize("name", TOUCHES)
def test_it_says_what_it_is(name):
    schema = levers()[name]
    assert schema.wedges is not Measure.wedges or schema.on_path is not Measure.on_path
    own = vars(schema)
    for field in ("acts_through", "known", "example", "interacts", "__doc__"):
        assert own.get(field), field
    for parameter in schema.sizes:
        assert parameter in parameters(), parameter
    named = facts_named(schema.known + (schema.__doc__ or "") + schema.interacts)
    assert set(named) <= set(facts())
    # A lever meets others that exist, and never only in words.
    met = {word.strip("`,;:.()") for word in schema.interacts.split() if word.startswith("`")}
    fields = set(schema.model_fields) | {"signalled"}
    assert met <= set(levers()) | fields, met - set(levers())


@pytest.mark.parametrize("name", TOUCHES)
def test_example_does_what_it_says(name):
    found = compiled(example(name))
    assert touched(found.wedges) == TOUCHES[name]
    assert {entry.payer for entry in found.ledger.entries} == PAYS.get(name, set())
    assert {entry.region for entry in found.ledger.entries} <= {CHINA}
    assert all(entry.by_year.shape == (len(YEARS),) for entry in found.ledger.entries)


@pytest.mark.parametrize("name", TOUCHES)
def test_nobody_is_touched_by_its_own(name):
    """No flow to oneself has a tax, a cost or a bar, and nobody is cut off from itself."""
    wedges = compiled(example(name)).wedges
    own = np.arange(len(context().world.regions))
    for field in ("tariff", "export_tax", "log_iceberg"):
        assert not getattr(wedges, field)[:, own, :, own].any(), field
    for field in ("barred", "lifted"):
        assert not getattr(wedges, field)[:, :, own, own].any(), field
    assert not wedges.isolation[:, own, own].any()
    np.testing.assert_allclose(wedges.deficit.sum(axis=1), 0, atol=1e-6)


@pytest.mark.parametrize("name", TOUCHES)
def test_nothing_happens_in_the_base_year_of_its_own_accord(name):
    """Without a date a measure starts in the second year: the first is data."""
    given = yaml.safe_load(example(name))
    for field in ("from", "to"):
        given.pop(field, None)
    wedges = compiled(yaml.safe_dump(given)).wedges
    assert touched(wedges)
    for field, values in zip(wedges._fields, wedges, strict=True):
        assert not values[0].any(), field


@pytest.mark.parametrize("name", TOUCHES)
def test_example_survives_its_own_yaml(name):
    first = scenario(example(name))
    again = scenario(
        *(
            yaml.safe_dump(measure)
            for measure in first.model_dump(mode="json", by_alias=True)["measures"]
        )
    )
    assert again == first
    one, other = (compile_path(each, context()) for each in (first, again))
    for mine, theirs in zip(one.wedges, other.wedges, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(
    "name", [name for name, schema in levers().items() if schema.phases and name != "little_giants"]
)
def test_it_rises_over_its_phase(name):
    """Half of what it is at full size, or less where logs add up, midway; the same after."""
    given = yaml.safe_load(example(name)) | {"from": "2024-01-01", "phase_in": 4}
    given.pop("to", None)
    given.pop("hoarding", None)
    rising = compiled(yaml.safe_dump(given)).wedges
    at_once = compiled(yaml.safe_dump(given | {"phase_in": 0})).wedges
    grows = False
    for field, slow, quick in zip(rising._fields, rising, at_once, strict=True):
        if field == "outlay" or (field == "deficit" and name == "technology_transfer"):
            continue  # what is spent before the effect is whole
        assert (np.abs(slow) <= np.abs(quick) * (1 + 1e-9)).all(), field
        last = slice(6, None)
        np.testing.assert_allclose(slow[last], quick[last], rtol=1e-9, err_msg=field)
        if quick.any():
            early = np.abs(slow[2]).sum() / np.abs(quick[2]).sum()
            grows |= early == pytest.approx(1 / 8, rel=0.5)
    assert grows


@pytest.mark.parametrize("name", TOUCHES)
def test_page_has_everything_within_eighty_columns(name):
    schema = levers()[name]
    console = Console(width=80, file=io.StringIO())
    console.print(lever_page(name, schema))
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    words = " ".join(" ".join(lines).split())
    for heading in ("acts through", "when", "who pays", "what is known", "meets others"):
        assert heading in words
    for parameter in schema.sizes:
        entry = parameters()[parameter]
        assert parameter in words
        assert f"{entry.low:g} to {entry.high:g}" in words
        assert " ".join(f"{entry.title}: {entry.source}".split()) in words
    for text in filter(None, (schema.example, schema.path_example)):
        assert f"- {text.splitlines()[0]}" in words
    if not schema.phases:
        assert "phase_in number" not in words
