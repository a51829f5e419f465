"""What every indicator is called, measured in and means, and what it rests on: one place for all.

Tables of a path take their attributes from here, and `zizhu explain` reads the same entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zizhu.chains.controls import controls
from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.reading import read_mapping, sentence

# What stands for a word that depends on the table, where no table is meant.
_USUAL = {
    "currency": "of the world's currency",
    "region": "the region",
    "threshold": "the threshold",
}
# In the file it stands for all parameters of how much a control bars, which the timeline names.
_CONTROLS = "sizes of controls"


class Term(BaseModel):
    """One indicator.

    computed    the function that computes it, with its module
    parameters  registered parameters that it rests on most
    sources     facts, publications and data behind it, or what is assumed
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    definition: str = Field(min_length=1)
    computed: str = Field(pattern=r"^zizhu(\.\w+)+$")
    parameters: tuple[str, ...]
    sources: tuple[str, ...] = Field(min_length=1)


def glossary() -> dict[str, Term]:
    """Every term by name, in the order of the report."""
    return {name: _filled(entry, _USUAL) for name, entry in _entries().items()}


def term(name: str) -> Term:
    """Look a term up; raises `ScenarioError` with the nearest name."""
    known = _entries()
    if name not in known:
        raise ScenarioError(f"indicator {quoted(name)} is unknown{did_you_mean(name, known)}")
    return _filled(known[name], _USUAL)


def attributes(name: str, **fills: str) -> dict[str, str]:
    """Attributes of a variable: long name, units and definition of a term.

    fills  words for `currency`, `region`, `threshold` where the term names them
    """
    entry = _filled(_entries()[name], _USUAL | fills)
    return {"long_name": entry.title, "units": entry.unit, "definition": entry.definition}


def _filled(entry: Term, fills: Mapping[str, str]) -> Term:
    texts = {
        field: getattr(entry, field).format_map(fills) for field in ("title", "unit", "definition")
    }
    return entry.model_copy(update=texts)


@lru_cache(maxsize=1)
def _entries() -> dict[str, Term]:
    path = Path(str(files("zizhu.indicators") / "glossary.yaml"))
    found, sizes = {}, controls().sizes()
    for name, fields in read_mapping(path, "glossary", ScenarioError, "`title:`, `unit:`").items():
        try:
            one = Term.model_validate({**fields, "name": name})
        except ValidationError as error:
            raise ScenarioError(f"glossary {path}, {name}, {sentence(error, Term)}") from error
        named = (sizes if entry == _CONTROLS else (entry,) for entry in one.parameters)
        found[name] = one.model_copy(update={"parameters": tuple(chain.from_iterable(named))})
    return found
