"""A check and its parts: numbers with what is known about each, and a status that follows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from zizhu.laboratory.validation.runs import Runs
from zizhu.parameters import parameters

Kind = Literal["test", "calibration", "shown"]
Status = Literal["passed", "failed", "calibration", "not testable"]
Numbers = Mapping[str, float]
# How a text names a fact: F06, F6H.
_FACT = re.compile(r"\bF[0-9][0-9A-Z]\b")
_UNEXPLAINED = "no reason is known yet"


def calibrated_by(source: str) -> tuple[str, ...]:
    """Registered parameters that were set to a fact which a text names."""
    named = set(_FACT.findall(source))
    return tuple(
        name for name, one in parameters().items() if one.calibrated and named & set(one.facts)
    )


def kind_of(source: str) -> Kind:
    """A calibration where a parameter was set to what the source names, a test elsewhere.

    For numbers whose band is what the parameter was set to: the mark goes with the parameter.
    """
    return "calibration" if calibrated_by(source) else "test"


@dataclass(frozen=True)
class Part:
    """One number of a check.

    band    what is known: least and most, infinite where there is no bound; None for nothing
    source  of the band: facts, a paper, or `judgement`
    kind    a test; a calibration, which a parameter was set to; or shown beside
    note    more numbers
    missed  why it misses, if it does
    apart   why it tests something although its source names a fact that a parameter was set to
    """

    name: str
    title: str
    value: float
    unit: str
    band: tuple[float, float] | None
    source: str
    kind: Kind = "test"
    note: str = ""
    missed: str = ""
    apart: str = ""

    @property
    def set_by(self) -> tuple[str, ...]:
        """Registered parameters that were set to a fact which the source names."""
        return calibrated_by(self.source)

    @property
    def agrees(self) -> bool | None:
        """Whether a test lies in its band; None for what tests nothing."""
        if self.kind != "test" or self.band is None:
            return None
        return self.band[0] <= self.value <= self.band[1]


@dataclass(frozen=True)
class Check:
    """What must hold, and what was found.

    id         of the list of findings or oracles (V13, R4), or a name
    statement  what must hold, in plain words
    how        how it is computed
    parts      numbers; none where nothing can be computed
    untestable why this cannot be tested here; empty where it can
    exact      whether it is an identity or an oracle, which may not fail
    """

    id: str
    title: str
    statement: str
    how: str
    parts: tuple[Part, ...] = ()
    untestable: str = ""
    exact: bool = False

    @property
    def status(self) -> Status:
        """Failed if any test misses; without a test calibrated, or not testable."""
        if self.untestable:
            return "not testable"
        answers = [part.agrees for part in self.parts if part.agrees is not None]
        if not answers:
            return "calibration"
        return "passed" if all(answers) else "failed"

    @property
    def missed(self) -> tuple[Part, ...]:
        """Tests that lie outside their band."""
        return tuple(part for part in self.parts if part.agrees is False)

    @property
    def reason(self) -> str:
        """Why it failed or cannot be tested; empty where it passed."""
        if self.untestable:
            return self.untestable
        reasons = dict.fromkeys(part.missed or _UNEXPLAINED for part in self.missed)
        return "; ".join(reasons)

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of the facts that its words name, in order."""
        texts = (self.statement, self.how, *(part.source for part in self.parts))
        return tuple(dict.fromkeys(one for text in texts for one in _FACT.findall(text)))

    def as_json(self) -> dict[str, Any]:
        """Plain data; a bound that does not exist is null."""
        return {
            "id": self.id,
            "title": self.title,
            "statement": self.statement,
            "how": self.how,
            "status": self.status,
            "reason": self.reason,
            "exact": self.exact,
            "facts": list(self.facts),
            "parts": [
                {
                    "name": part.name,
                    "title": part.title,
                    "value": part.value,
                    "unit": part.unit,
                    "band": None if part.band is None else [_bound(end) for end in part.band],
                    "source": part.source,
                    "kind": part.kind,
                    "agrees": part.agrees,
                    "note": part.note,
                    "set_by": list(part.set_by),
                    "apart": part.apart,
                }
                for part in self.parts
            ],
        }


def _bound(value: float) -> float | None:
    return value if math.isfinite(value) else None


@dataclass(frozen=True)
class Group:
    """Checks that read the same runs.

    ids      of its checks, in order
    names    of its numbers
    measure  runs what is needed and reads every number
    checks   makes the checks of the numbers; no model is run
    """

    name: str
    ids: tuple[str, ...]
    names: tuple[str, ...] = ()
    measure: Callable[[Runs], Numbers] = field(default=lambda _: {})
    checks: Callable[[Numbers], tuple[Check, ...]] = field(default=lambda _: ())
