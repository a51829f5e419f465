"""Value added as a published system states it, beside output less inputs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.errors import quoted
from zizhu.world.published.final_use_codes import spelled

# A gap above this share of output is told as a warning and not only in the notes.
LARGE_GAP = 0.01
# Less is the last digits of the sums.
_ROUNDING = 1e-9

VALUE_ADDED, PART, TAX, OTHER = "value added", "part", "tax", "other"

# Rows by the beginning of their names, as `spelled` has them, the first that fits.
# WIOD, OECD ICIO, EXIOBASE (classification file `valueadded`), Eora and GLORIA, ESA 2010.
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (TAX, ("taxeslesssubsidiesonproducts", "tls", "d21x31", "taxsub", "txsintfnl")),
    (
        PART,
        (
            "compensationofemployees",
            "operatingsurplus",
            "netoperatingsurplus",
            "grossoperatingsurplus",
            "netmixedincome",
            "mixedincome",
            "consumptionoffixedcapital",
            "taxesonproduction",
            "subsidiesonproduction",
            "othernettaxesonproduction",
            "d1",
            "d29x39",
            "b2a3g",
            "b2a3n",
            "p51c",
        ),
    ),
    (VALUE_ADDED, ("valueadded", "valu", "va", "grossvalueadded", "b1g")),
    (
        OTHER,
        (
            "ciffobadjustments",
            "directpurchasesabroad",
            "purchasesonthedomesticterritory",
            "internationaltransportmargins",
            "opres",
            "opnres",
        ),
    ),
)
# Short codes must be the whole name; they begin too many other words.
_WHOLE = ("va", "valu", "tls", "d1", "p51c", "b1g", "opres", "opnres", "taxsub")


_CONTAINS = "value added is output less inputs: it contains net taxes on products"


@dataclass(frozen=True)
class Published:
    """Primary inputs that a system states, by producer, in millions of its currency.

    value_added  at basic prices, a row of that name or the sum of its parts
    taxes        net taxes on products, if they have rows of their own
    other        margins and adjustments that are neither
    where        name of the extension
    """

    value_added: Float[np.ndarray, " s"]
    taxes: Float[np.ndarray, " s"] | None
    other: Float[np.ndarray, " s"]
    where: str


def published_value_added(
    iosystem: Any,
    summed: Callable[[Any], Float[np.ndarray, "r s"]],
    factor_of: Callable[[str], float | None],
) -> Published | None:
    """Value added of the first extension of a `pymrio.IOSystem` that states it; None if none does.

    `summed` turns a table of the extension into an array by the world's producers; `factor_of` a
    unit's text into millions of the world's currency, None where it cannot.
    """
    for extension in iosystem.get_extensions(data=True):
        flows = getattr(extension, "F", None)
        if flows is None:
            continue
        kinds = _kinds([_name_of(label) for label in flows.index])
        if VALUE_ADDED not in kinds and PART not in kinds:
            continue
        factors = _factors(extension, len(flows.index), factor_of)
        if factors is None:
            continue
        table = summed(flows) * factors[:, None]
        if not np.isfinite(table).all():
            continue
        chosen = np.array(kinds)
        rows = VALUE_ADDED if VALUE_ADDED in kinds else PART
        return Published(
            table[chosen == rows].sum(axis=0),
            table[chosen == TAX].sum(axis=0) if TAX in kinds else None,
            table[chosen == OTHER].sum(axis=0),
            str(getattr(extension, "name", "") or "an extension"),
        )
    return None


def _name_of(label: Any) -> str:
    # Eora and GLORIA put what they are the inputs of before the name.
    return str(label[-1] if isinstance(label, tuple) else label)


def _kinds(names: Sequence[str]) -> list[str]:
    """Kind of each row; totals whose parts are there, and unknown rows, are nothing."""
    found = [_kind(spelled(name)) for name in names]
    spellings = [spelled(name) for name in names]
    for at, spelling in enumerate(spellings):
        # `Compensation of employees; ...: Total` beside its parts by skill.
        stem = spelling.removesuffix("total")
        if stem != spelling and any(
            other != spelling and other.startswith(stem) for other in spellings
        ):
            found[at] = ""
    return found


def _kind(spelling: str) -> str:
    # OECD 2018 has one row of taxes for each country: AUS_TAXSUB. VA+TAXSUB of 2016 is both.
    if spelling == "vataxsub":
        return VALUE_ADDED
    if spelling.endswith("taxsub"):
        return TAX
    for kind, beginnings in _KINDS:
        for beginning in beginnings:
            if spelling == beginning or (
                beginning not in _WHOLE and len(beginning) > 3 and spelling.startswith(beginning)
            ):
                return kind
    return ""


def _factors(
    extension: Any, rows: int, factor_of: Callable[[str], float | None]
) -> Float[np.ndarray, " r"] | None:
    """Factor of each row; rows in tonnes or persons are nothing, an extension of them is None."""
    unit = getattr(extension, "unit", None)
    if unit is None or len(unit) != rows:
        found = factor_of("")
        return None if found is None else np.full(rows, found)
    read = [factor_of(str(text)) for text in unit.iloc[:, 0]]
    if all(one is None for one in read):
        return None
    return np.array([0.0 if one is None else one for one in read])


def accounts(
    published: Published | None,
    left: Float[np.ndarray, " s"],
    output: Float[np.ndarray, " s"],
    names: Sequence[str],
) -> tuple[Float[np.ndarray, " s"], list[str]]:
    """Net taxes on products, as published or none, and notes on them and on the gap."""
    if published is None:
        return np.zeros(len(left)), [_CONTAINS]
    gap = _gap(left, output, published, names)
    if published.taxes is None:
        return np.zeros(len(left)), [_CONTAINS, gap]
    what = (
        "value added is output less inputs and the net taxes on products of "
        f"{quoted(published.where)}"
    )
    return published.taxes, [what, gap]


def _gap(
    left: Float[np.ndarray, " s"],
    output: Float[np.ndarray, " s"],
    published: Published,
    names: Sequence[str],
) -> str:
    """How far what is left of output lies from the published primary inputs, in a sentence.

    Above `LARGE_GAP` of output a `UserWarning` says it too.
    """
    stated = published.value_added + published.other
    what = "value added"
    if published.taxes is not None:
        stated = stated + published.taxes
        what = "value added and net taxes"
    if published.other.any():
        what += " (with margins and adjustments)"
    gap = left - stated
    share = float(np.abs(gap).sum() / output.sum())
    worst = int(np.argmax(np.abs(gap)))
    text = f"published {what} of {quoted(published.where)}"
    if share < _ROUNDING:
        return f"{text} is output less inputs"
    text += (
        f" lies {100 * share:.2g} percent of output from output less inputs, most in "
        f"{names[worst]}: {stated[worst]:.6g} published, {left[worst]:.6g} left"
    )
    if share > LARGE_GAP:
        warnings.warn(f"{text}; the world has what is left", stacklevel=4)
    return text
