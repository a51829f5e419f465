"""What a test of a claim finds: numbers with definition and source, a reading, an agreement."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from zizhu.evidence.facts import fact

TABLE, CITED = "table", "cited"


@dataclass(frozen=True)
class Number:
    """One number of a finding.

    definition  tag of the definitions: what the number counts
    source      table that it is computed from, or the fact that it is cited from
    cited       whether it is a figure of a fact, or arithmetic on such figures
    """

    label: str
    value: float
    unit: str
    definition: str
    source: str
    cited: bool = False


@dataclass(frozen=True)
class Finding:
    """What a test computes of one claim.

    numbers  the decisive one first
    reading  one sentence made from the numbers
    rule     what counts as agreement
    agrees   whether the numbers agree with the claim; nothing if the test cannot say
    """

    test: str
    claim: str
    numbers: tuple[Number, ...]
    reading: str
    rule: str
    agrees: bool | None

    @property
    def kind(self) -> str:
        """`table` if the decisive number is computed from tables, `cited` if it is cited."""
        return CITED if self.numbers[0].cited else TABLE

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "kind": self.kind}


def cited(name: str, quantity: str, definition: str, label: str = "") -> Number:
    """A figure of a fact, as its source states it.

    Raises `EvidenceError` if the fact or the quantity does not exist.
    """
    one = fact(name)
    found = one.quantity(quantity)
    year = "" if found.year is None else f", {found.year}"
    text = label or quantity.replace("_", " ")
    said = text if not year or str(found.year) in text else text + year
    return Number(said, found.value, found.unit, definition, source_of(name), cited=True)


def source_of(*names: str) -> str:
    """Facts with the sources that they cite: `F62 (SIA 2022; ...)`."""
    return "; ".join(f"{name} ({fact(name).source})" for name in names)


def worked_out(label: str, value: float, unit: str, definition: str, *names: str) -> Number:
    """Arithmetic on figures of the facts `names`."""
    return Number(label, value, unit, definition, source_of(*names), cited=True)
