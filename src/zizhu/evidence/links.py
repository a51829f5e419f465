"""Links both ways: facts, the claims on them, and the parameters and policies that rest on them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from zizhu.errors import ParameterError, did_you_mean, quoted
from zizhu.evidence.claims import claim, claims
from zizhu.evidence.facts import fact, facts
from zizhu.parameters import Parameter, parameters
from zizhu.policy import levers, load_scenario, scenario_names

# How a text names a fact: F06, F6H.
_NAMED = re.compile(r"\bF[0-9][0-9A-Z]\b")


def facts_named(text: str) -> tuple[str, ...]:
    """Ids of facts that a text names, in order and once each."""
    return tuple(dict.fromkeys(_NAMED.findall(text)))


@dataclass(frozen=True)
class Links:
    """What rests on a fact, or what a claim rests on; names only.

    facts  of a claim; empty for a fact
    """

    parameters: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    levers: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        """Plain data."""
        return {kind: list(names) for kind, names in vars(self).items()}


@lru_cache(maxsize=1)
def named_facts() -> dict[str, dict[str, tuple[str, ...]]]:
    """Fact ids by kind of place and name: parameters, claims, levers, scenarios, chains.

    They are read out of the texts that give sources, so that nothing has to be listed twice.
    """
    return {
        "parameters": {name: _facts_behind(one) for name, one in parameters().items()},
        "claims": {
            name: tuple(dict.fromkeys((*one.evidence, *facts_named(_words_of_claim(name)))))
            for name, one in claims().items()
        },
        "levers": {
            name: facts_named(f"{schema.known} {inspect.getdoc(schema) or ''} {schema.example}")
            for name, schema in levers().items()
        },
        "scenarios": {name: facts_named(_sources_of_scenario(name)) for name in scenario_names()},
        "chains": _chains(),
    }


def _facts_behind(one: Parameter) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one.facts, *facts_named(one.source))))


def _chains() -> dict[str, tuple[str, ...]]:
    """Facts that the files of chains and controls name; their text is enough, and quick."""
    folder = Path(str(files("zizhu.chains")))
    paths = [*sorted((folder / "library").glob("*.yaml")), folder / "controls.yaml"]
    return {
        path.stem: facts_named(path.read_text(encoding="utf-8")) for path in paths if path.is_file()
    }


def _words_of_claim(name: str) -> str:
    one = claims()[name]
    return " ".join((one.because, one.settled_by, one.observable))


def _sources_of_scenario(name: str) -> str:
    found = load_scenario(name)
    return " ".join([found.context, *found.sources, *(one.source for one in found.measures)])


def unknown_facts(known: Iterable[str] | None = None) -> list[str]:
    """Places that name a fact which does not exist, such as `lever tariff names F99`."""
    ids = set(facts() if known is None else known)
    return [
        f"{kind.rstrip('s')} {name} names {one}"
        for kind, places in named_facts().items()
        for name, named in places.items()
        for one in named
        if one not in ids
    ]


def _resting_on(wanted: Iterable[str]) -> dict[str, tuple[str, ...]]:
    ids = set(wanted)

    def of(places: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(name for name, named in places.items() if ids & set(named))

    return {kind: of(places) for kind, places in named_facts().items()}


def links_of_fact(name: str) -> Links:
    """What rests on a fact; raises `EvidenceError` for an unknown one."""
    return Links(**_resting_on([fact(name).id]))


def links_of_claim(name: str) -> Links:
    """What a claim rests on, and what else rests on the same facts.

    Raises `EvidenceError` for an unknown claim.
    """
    one = claim(name)
    # The facts of the evidence alone: others are named in passing.
    found = _resting_on(one.evidence)
    others = tuple(other for other in found["claims"] if other != one.id)
    return Links(**{**found, "claims": others, "facts": one.evidence})


def facts_of_parameter(name: str) -> tuple[str, ...]:
    """Ids of the facts that a parameter's source names.

    Raises `ParameterError` with the nearest name for an unknown parameter.
    """
    known = parameters()
    if name not in known:
        raise ParameterError(f"parameter {quoted(name)} is unknown{did_you_mean(name, known)}")
    return _facts_behind(known[name])


def claims_of_parameter(name: str) -> tuple[str, ...]:
    """Ids of the claims that cite a fact on which a parameter rests.

    Raises `ParameterError` with the nearest name for an unknown parameter.
    """
    ids = set(facts_of_parameter(name))
    return tuple(one.id for one in claims().values() if ids & set(one.evidence))
