"""The JSON schema that editors use, against what zizhu reads."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
import yaml

from zizhu.policy import json_schema, levers, load_scenario, scenario_names
from zizhu.policy.scenario import Scenario


@pytest.fixture(scope="module")
def schema():
    return json.loads(json.dumps(json_schema()))


def test_it_knows_every_field_of_a_file(schema):
    assert set(schema["properties"]) == {*Scenario.model_fields, "extends", "overrides", "without"}
    assert schema["additionalProperties"] is False
    assert schema["$schema"].startswith("https://json-schema.org/")


def test_it_has_every_lever_with_every_field(schema):
    options = schema["properties"]["measures"]["items"]
    assert set(options["discriminator"]["mapping"]) == set(levers())
    for name, option in options["discriminator"]["mapping"].items():
        definition = schema["$defs"][option.removeprefix("#/$defs/")]
        wanted = {field.alias or key for key, field in levers()[name].model_fields.items()}
        assert set(definition["properties"]) == wanted
        assert definition["additionalProperties"] is False
    assert len(options["oneOf"]) == len(levers())


def test_every_reference_leads_somewhere(schema):
    def references(node):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    found = set(references(schema))
    assert found
    for reference in found:
        assert reference.removeprefix("#/$defs/") in schema["$defs"], reference


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_files_use_known_fields_only(name, schema):
    """Raw files and resolved content: every field is in the schema."""
    file = files("zizhu.policy") / "scenarios" / f"{name}.yaml"
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    resolved = load_scenario(name).model_dump(mode="json", by_alias=True)
    json.dumps(resolved)
    mapping = schema["properties"]["measures"]["items"]["discriminator"]["mapping"]
    for content in (raw, resolved):
        assert set(content) <= set(schema["properties"])
        for measure in content.get("measures") or []:
            definition = schema["$defs"][mapping[measure["lever"]].removeprefix("#/$defs/")]
            assert set(measure) <= set(definition["properties"])
            assert set(definition.get("required", [])) <= set(measure)


def test_resolved_content_is_read_back():
    for name in scenario_names():
        found = load_scenario(name)
        assert Scenario.model_validate(found.model_dump(mode="json", by_alias=True)) == found
