"""Which series a user asks for: by node, sector, name, or words of a subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from zizhu.chains import shipped_chains
from zizhu.errors import HistoryError, did_you_mean, quoted
from zizhu.history.panel import observations
from zizhu.history.series import KINDS, Series

_SECTOR = "sector:"
_WORD = re.compile(r"\w+")
# Letters of a word of which the beginning is enough.
_LONG = 4
_CODE = re.compile(r"[A-Z]\d{2}[A-Z0-9_]*")


def find(
    asked: str | None, region: str | None = None, kind: str | None = None
) -> tuple[Series, ...]:
    """Series of a node, a sector, a name or words of a subject; of a region and a kind.

    Those of one year, which are levels, are among them. `asked` is None for all. Raises
    `HistoryError` with the nearest name where there is none.
    """
    every = observations()
    if region is not None:
        _known("region", region, sorted({one.region for one in every}))
    if kind is not None:
        _known("kind", kind, KINDS)
    found = every if asked is None else _of(asked.strip(), every)
    chosen = [o for o in found if region in (None, o.region) and kind in (None, o.kind)]
    if not chosen:
        limits = [f"region {region}"] * (region is not None) + [f"kind {kind}"] * (kind is not None)
        what = "" if asked is None else f" of {quoted(asked)}"
        known = ", ".join(sorted({o.kind if kind else o.region for o in found}))
        raise HistoryError(f"history: no series{what} has {' and '.join(limits)}; known: {known}")
    return tuple(chosen)


def _known(what: str, asked: str, names: Iterable[str]) -> None:
    names = list(names)
    if asked not in names:
        hint = did_you_mean(asked, names)
        raise HistoryError(f"history: {what} {quoted(asked)} is unknown{hint}")


def _of(asked: str, every: Sequence[Series]) -> list[Series]:
    for name in (asked, f"{_SECTOR}{asked.upper()}"):
        found = [one for one in every if name in (one.node, one.name)]
        if found:
            return found
    if "/" in asked:
        return _refuse_node(asked, every)
    sectors = sorted({o.node.removeprefix(_SECTOR) for o in every if o.node.startswith(_SECTOR)})
    if _CODE.fullmatch(asked.upper().removeprefix(_SECTOR.upper())):
        hint = did_you_mean(asked.removeprefix(_SECTOR), sectors)
        raise HistoryError(f"history: sector {quoted(asked)} has no observed shares{hint}")
    words = _WORD.findall(asked.casefold())
    found = [one for one in every if words and _has(one.subject, words)]
    if not found:
        subjects = dict.fromkeys(one.subject for one in every)
        raise HistoryError(
            f"history: {quoted(asked)} is no node, no sector, no series and in no subject"
            f"{did_you_mean(asked, subjects)}"
        )
    return found


def _has(subject: str, words: Sequence[str]) -> bool:
    """Whether all words stand in a subject; of long ones the beginning is enough."""
    those = _WORD.findall(subject.casefold())
    return all(
        word in those or (len(word) >= _LONG and any(one.startswith(word) for one in those))
        for word in words
    )


def _refuse_node(asked: str, every: Sequence[Series]) -> list[Series]:
    """Say whether there is no such node, or nothing was observed of it."""
    observed = sorted({one.node for one in every if "/" in one.node})
    nodes = {f"{name}/{node}" for name, chain in shipped_chains().items() for node in chain.nodes}
    if asked in nodes:
        same = [one for one in observed if one.startswith(f"{asked.partition('/')[0]}/")]
        others = f"; of its chain {', '.join(same)} have" if same else ""
        raise HistoryError(f"history: of node {asked} no dated shares are known{others}")
    hint = did_you_mean(asked, sorted(nodes))
    raise HistoryError(f"history: node {quoted(asked)} is unknown{hint}")
