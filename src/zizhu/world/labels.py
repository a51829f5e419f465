"""What a label of a region, a sector or a use may be.

Tables come from spreadsheets, parsers and data frames: a code may be a number, may stand there
twice in two spellings, and a row of sums may look like one more sector.
"""

from __future__ import annotations

import numbers
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from zizhu.errors import WorldError, quoted

T = TypeVar("T")

# What tables call their rows and columns of sums, and, for sectors, the rows of the accounts that
# OECD, WIOD and Eurostat print under the producers (a region may be VA, Virginia).
_SUMS = (
    "total totals subtotal sum sums ttl tot grand_total output_total total_output world wld "
    "insgesamt summe gesamt général somme suma totale totaal 合计 总计 小计 合計 総計 계"
)
_ACCOUNTS = "va valu vab gva value_added tls taxsub out output go ii_fob ciftotal"
_NO_PRODUCER = {
    "region": frozenset(_SUMS.split()),
    "sector": frozenset(f"{_SUMS} {_ACCOUNTS}".split()),
}


def as_text(kind: str, labels: Iterable[Any]) -> tuple[str, ...]:
    """Labels as text; whole numbers become their digits.

    Raises `WorldError` for what is no label: empty, a truth value, a number with a fraction, a
    control character inside.
    """
    return tuple(_text(kind, label) for label in labels)


def keyed_by_text(kind: str, known: Mapping[Any, T]) -> dict[str, T]:
    """A mapping from labels, its keys as text."""
    return {_text(kind, label): value for label, value in known.items()}


def _text(kind: str, label: Any) -> str:
    if isinstance(label, numbers.Integral) and not isinstance(label, (bool, np.bool_)):
        return str(int(label))
    if not isinstance(label, str):
        raise WorldError(
            f"{kind} label {quoted(label)} is a {type(label).__name__}; a text such as 'CHN' is "
            "right"
        )
    if not label.strip():
        raise WorldError(f"a {kind} label is empty; a text such as 'CHN' is right")
    if any(unicodedata.category(letter) == "Cc" for letter in label):
        raise WorldError(f"{kind} label {quoted(label)} has a control character; remove it")
    # A string of pandas or NumPy is one of Python from here on.
    return str(label)


def folded(label: str) -> str:
    """A label as a reader sees it: without case, width, accents' encoding and stray spaces."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def look_alikes(labels: Sequence[str]) -> tuple[str, str] | None:
    """The first two labels that differ by case, width or spaces only; nothing if all differ."""
    seen: dict[str, str] = {}
    for label in labels:
        known = seen.setdefault(folded(label), label)
        if known != label:
            return known, label
    return None


def names_a_sum(kind: str, labels: Sequence[str]) -> str | None:
    """The first label that names a sum or a row of the accounts; alone it may name a whole."""
    if len(labels) < 2:
        return None
    words = _NO_PRODUCER[kind]
    return next((one for one in labels if folded(one).replace(" ", "_") in words), None)


def sums_of_others(sales: np.ndarray, axis: int) -> np.ndarray:
    """Which labels along `axis` sell in every cell what all others sell there together.

    A table of two cannot tell: one that equals the other is no sum. What sells nothing is none.
    """
    if sales.shape[axis] < 3:
        return np.zeros(sales.shape[axis], dtype=bool)
    whole = sales.sum(axis=axis, keepdims=True)
    others = tuple(other for other in range(sales.ndim) if other != axis)
    same = (np.abs(2 * sales - whole) <= 1e-6 * whole).all(axis=others)
    return np.asarray(same & (sales.sum(axis=others) > 0))
