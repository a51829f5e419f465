"""A scenario: a named list of measures with options, readable and writable as YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializeAsAny,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from zizhu.errors import ScenarioError, ZizhuError, did_you_mean, quoted, short
from zizhu.parameters import parameters, regime, values
from zizhu.policy.levers import lever, levers
from zizhu.policy.measure import Amount, Measure
from zizhu.policy.target import Target
from zizhu.reading import Listed, sentence


class Options(BaseModel):
    """How the model answers; always named in results."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    elasticities: str = Field(
        default="lashkaripour-lugovskyy", description="named regime of trade and scale elasticities"
    )
    scale: Literal["labour", "composite", "none"] = Field(
        default="labour", description="what scale economies act on: labour, all inputs, nothing"
    )
    cap_scale: bool = Field(
        default=False, description="lower scale elasticities so that psi times theta is at most 0.9"
    )
    deficits: Literal["fixed", "zero"] = Field(
        default="fixed",
        description="trade deficits stay shares of world value added, or are first rebased to zero",
    )
    origins: Literal["separate", "pooled"] = Field(
        default="separate", description="suppliers' shares by use, or common to all uses"
    )
    labour: Literal["mobile", "bound"] = Field(
        default="mobile",
        description="labour moves freely between sectors, or with the elasticity labour_mobility",
    )

    @field_validator("elasticities")
    @classmethod
    def _known_regime(cls, name: str) -> str:
        regime(name)
        return name


class ElasticityOverrides(BaseModel):
    """Replacements by sector: `{scale: {C19: 0}}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trade: dict[str, float] = Field(default_factory=dict, description="theta by sector")
    scale: dict[str, float] = Field(default_factory=dict, description="psi by sector")

    def merged(self, other: ElasticityOverrides) -> ElasticityOverrides:
        """These, replaced by `other` where both name a sector."""
        return ElasticityOverrides(
            trade={**self.trade, **other.trade}, scale={**self.scale, **other.scale}
        )


# What a variant may change: the sizes of measures are those of the headline.
MODEL_PARAMETERS = (
    "inputs_elasticity",
    "value_added_elasticity",
    "final_elasticity",
    "labour_mobility",
    "public_funds",
    "scale_strength",
    "scale_limit",
)


class Variant(BaseModel):
    """The same measures under other options, shown beside the headline."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="short name, lower case with dashes")
    title: str = Field(description="what the variant assumes, in a few words")
    options: dict[str, Any] = Field(default_factory=dict, description="replaced options")
    parameters: dict[str, float] = Field(default_factory=dict, description="replaced parameters")
    elasticities: ElasticityOverrides = Field(
        default=ElasticityOverrides(), description="replaced elasticities by sector"
    )

    @field_validator("parameters")
    @classmethod
    def _of_the_model(cls, given: dict[str, float]) -> dict[str, float]:
        for name in given:
            if name not in MODEL_PARAMETERS:
                raise ValueError(
                    f"{name} is not a parameter of the model, and a variant changes nothing else; "
                    f"known: {', '.join(MODEL_PARAMETERS)}"
                )
        return given


# What a folder may be called wherever files are kept; no more than leaves room for endings.
_NAME = re.compile(r"\w[\w .,()&'+=@!#-]*(?<![ .])")
MOST_NAME = 100


class Scenario(BaseModel):
    """What governments do, in which world, under which options."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="short name, lower case with dashes", coerce_numbers_to_str=True)
    title: str = Field(description="one line")
    context: str = Field(default="", description="a paragraph for the reader")
    sources: list[str] = Field(default_factory=list, description="publications and fact ids")
    world: str = Field(
        default="2022",
        description="catalogue name or path of a world",
        coerce_numbers_to_str=True,
    )
    years: int | None = Field(
        default=None,
        ge=1900,
        le=2100,
        description="last year of a path that starts with the world's year; left out: a static "
        "run, all measures in force at once",
    )
    structure: tuple[str, ...] = Field(
        default=(),
        description="switches of a path such as `ideas=off`, see `zizhu simulate --help`",
    )
    budget: dict[str, Amount] = Field(
        default_factory=dict,
        description="what taxes of a region will pay for in a year, where measures spend much",
    )
    targets: tuple[Target, ...] = Field(
        default=(), description="targets that were named, to be set beside what a path gives"
    )
    focus: str | None = Field(default=None, description="region whose real income is the headline")
    groups: dict[str, Listed] = Field(
        default_factory=dict, description="named groups of regions or sectors"
    )
    options: Options = Field(default=Options(), description="how the model answers")
    parameters: dict[str, float] = Field(
        default_factory=dict, description="replaced values of registered parameters"
    )
    elasticities: ElasticityOverrides = Field(
        default=ElasticityOverrides(), description="replaced elasticities by sector"
    )
    measures: tuple[SerializeAsAny[Measure], ...] = Field(
        default=(), description="what governments do: one entry per measure"
    )
    variants: tuple[Variant, ...] = Field(
        default=(), description="other choices whose answer stands beside the headline"
    )

    @field_validator("name")
    @classmethod
    def _names_a_folder(cls, name: str) -> str:
        if not _NAME.fullmatch(name) or len(name) > MOST_NAME:
            raise ScenarioError(
                f"name: {quoted(name)} found; up to {MOST_NAME} letters, digits, spaces and marks "
                "such as - and & are right, because the output folder has this name"
            )
        return name

    @field_validator("parameters")
    @classmethod
    def _known_parameters(cls, given: dict[str, float]) -> dict[str, float]:
        values(given)
        return given

    @field_validator("measures", mode="before")
    @classmethod
    def _read_measures(cls, given: object, info: Any) -> object:
        if not isinstance(given, list | tuple):
            raise ScenarioError("measures: a list is right, each entry starting with `- lever:`")
        known = values(info.data.get("parameters"))
        return tuple(
            entry if isinstance(entry, Measure) else _measure(entry, position, known)
            for position, entry in enumerate(given)
        )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Scenario:
        """A path and a static run take different options; one that has no effect is refused."""
        if self.years is None:
            for name in ("structure", "budget", "targets"):
                if getattr(self, name):
                    raise ScenarioError(f"{name}: only a path has it; give `years` too")
            phased = [measure.label for measure in self.measures if measure.phase_in]
            if phased:
                raise ScenarioError(
                    f"measure {phased[0]}, phase_in: a static run has no years; give `years` to "
                    "the scenario or leave phase_in out"
                )
            return self
        chosen = {
            name
            for name, field in Options.model_fields.items()
            if getattr(self.options, name) != field.default and name != "elasticities"
        }
        if chosen - {"scale"} or self.options.scale == "composite":
            name = min(chosen - {"scale"}, default="scale")
            raise ScenarioError(
                f"options.{name}: a path has no such choice; it takes options.elasticities, "
                "options.scale as labour or none, and switches under `structure`"
            )
        if self.variants:
            raise ScenarioError("variants: a path shows its own switches; leave variants out")
        if self.elasticities.trade or self.elasticities.scale:
            raise ScenarioError(
                "elasticities: a path takes a named regime under options.elasticities, and no "
                "replaced ones"
            )
        return self

    @model_validator(mode="after")
    def _labels_unique(self) -> Scenario:
        seen: set[str] = set()
        for measure in self.measures:
            if measure.label in seen:
                raise ScenarioError(
                    f"measures: label {measure.label} appears twice; to change a measure of the "
                    "extended scenario write it under `overrides`"
                )
            seen.add(measure.label)
        return self


def _measure(entry: object, position: int, known: Mapping[str, float]) -> Measure:
    """Read one measure, with the parameters that it names (`size: =NAME`) filled in."""
    if not isinstance(entry, Mapping):
        raise ScenarioError(f"measure {position + 1}: {quoted(entry)} is not a mapping of fields")
    place = f"measure {short(entry.get('label', position + 1))}"
    if "lever" not in entry:
        raise ScenarioError(f"{place}: the field lever is missing{did_you_mean('', levers())}")
    try:
        schema = lever(entry["lever"])
        filled = {
            field: _parameter(text, known)
            if isinstance(text, str) and text.startswith("=")
            else text
            for field, text in entry.items()
        }
        return schema.model_validate(filled)
    except ValidationError as error:
        raise ScenarioError(f"{place}, {sentence(error, schema)}") from error
    except ScenarioError as error:
        raise ScenarioError(f"{place}: {error}") from error


def _parameter(text: str, known: Mapping[str, float]) -> str:
    name = text[1:].strip()
    if name not in known:
        raise ScenarioError(f"parameter {quoted(name)} is unknown{did_you_mean(name, known)}")
    return f"{known[name]:.12g} {parameters()[name].unit}"


def validate(raw: Mapping[str, Any], place: str) -> Scenario:
    """Check a raw mapping; raises `ScenarioError` naming `place`, the field and the remedy."""
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        raise ScenarioError(f"{place}, {sentence(error, Scenario)}") from error
    except ZizhuError as error:  # keeps its kind: a parameter's error stays one
        raise type(error)(f"{place}, {error}") from error


def json_schema() -> dict[str, Any]:
    """JSON schema of a scenario file, so that editors complete and check it.

    Beside the fields of a complete scenario it knows `extends`, `overrides` and `without`.
    """
    schema = Scenario.model_json_schema()
    every: Any = Union[tuple(levers().values())]  # noqa: UP007 (built from a list)
    union: Any = Annotated[every, Field(discriminator="lever")]
    measures = TypeAdapter[Any](union).json_schema(ref_template="#/$defs/{model}")
    definitions = schema.setdefault("$defs", {})
    definitions.update(measures.pop("$defs"))
    definitions.pop("Measure", None)
    properties = schema["properties"]
    properties["measures"] = {"type": "array", "items": measures, "title": "Measures"}
    properties["extends"] = {
        "type": "string",
        "description": "scenario (name or path) that this one changes",
    }
    properties["overrides"] = {
        "type": "object",
        "description": "changed fields of inherited measures, by label",
        "additionalProperties": {"type": "object"},
    }
    properties["without"] = {
        "type": "array",
        "items": {"type": "string"},
        "description": "labels of inherited measures to drop",
    }
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["additionalProperties"] = False
    return schema
