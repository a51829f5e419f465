"""True chokepoints: the smallest sets of suppliers whose joint cut is worth a threshold."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zizhu.errors import ChainError
from zizhu.laboratory.bottleneck.case import ChainCase
from zizhu.laboratory.bottleneck.cut import Triple, pack_batch
from zizhu.model.bottleneck import making_cost_batch

MOST_CANDIDATES = 200_000
# A supplier below this part of the buyer's purchases is no element of a set of country:node pairs
# (assumption: so small a supplier chokes nobody alone, and the search stays short).
LEAST_PART = 0.01
_BATCH = 2_000


@dataclass(frozen=True)
class CutSet:
    """Suppliers that together raise the cost of making the target by `rise` (0.1 is 10 percent).

    Without any one of them the rise stays below the threshold. Elements are countries, or
    country:node pairs.
    """

    suppliers: tuple[str, ...]
    rise: float


def elements_of(
    case: ChainCase, buyer: str, kind: Literal["countries", "suppliers"]
) -> dict[str, dict[Triple, float]]:
    """What may be cut: each country at all nodes, or each country at each node."""
    members = case.members(buyer)
    weights = case.weights(members)
    bought = np.einsum("mni,n->mi", case.sourcing[:, list(members)], weights)
    found: dict[str, dict[Triple, float]] = {}
    for row in case.traded():
        for supplier, region in enumerate(case.regions):
            least = 0.0 if kind == "countries" else LEAST_PART
            if supplier in members or bought[row, supplier] <= least:
                continue
            name = region if kind == "countries" else f"{region}:{case.nodes[row]}"
            found.setdefault(name, {}).update({(row, one, supplier): 1.0 for one in members})
    return found


def minimal_cut_sets(
    case: ChainCase,
    buyer: str,
    threshold: float,
    *,
    target: str | None = None,
    kind: Literal["countries", "suppliers"] = "countries",
    largest: int = 3,
    progress: Callable[[str], None] | None = None,
) -> list[CutSet]:
    """All minimal sets of at most `largest` suppliers, by exact search, strongest first.

    A cost never falls when more is cut, so that no set that contains a found one is minimal: sizes
    are walked upwards and such sets are skipped. `target` is the node whose cost of making counts,
    the final product if not given. Raises `ChainError` if the search would be too long.
    """
    if not threshold > 0:
        raise ChainError(
            f"threshold {threshold:g} is not a rise of cost; 0.1 (10 percent) is right"
        )
    row = case.place(target or case.chain.final)
    elements = elements_of(case, buyer, kind)
    members = case.members(buyer)
    weights = case.weights(members)
    names = list(elements)
    length = largest * max((len(one) for one in elements.values()), default=1)
    found: list[CutSet] = []
    minimal: list[frozenset[str]] = []
    sizes = range(1, min(largest, len(names)) + 1)
    most = sum(math.comb(len(names), size) for size in sizes)
    if most > MOST_CANDIDATES:
        raise ChainError(
            f"there are {most:,} sets of up to {largest} among {len(names)} {kind}, more than "
            f"{MOST_CANDIDATES:,}; ask for smaller sets or for countries"
        )
    for size in sizes:
        if progress is not None:
            progress(f"sets of {size} among {len(names)} {kind}")
        candidates = (
            one
            for one in itertools.combinations(names, size)
            if not any(known <= set(one) for known in minimal)
        )
        new = [
            CutSet(one, rise)
            for one, rise in _rises(case, candidates, (elements, length), row, (members, weights))
            if rise >= threshold
        ]
        minimal += [frozenset(one.suppliers) for one in new]
        found += sorted(new, key=lambda one: -one.rise)
    return found


def _rises(
    case: ChainCase,
    candidates: Iterable[tuple[str, ...]],
    cuttable: tuple[Mapping[str, Mapping[Triple, float]], int],
    row: int,
    buyer: tuple[Sequence[int], np.ndarray],
) -> Iterable[tuple[tuple[str, ...], float]]:
    (elements, length), (members, weights) = cuttable, buyer
    for part in _parts(candidates):
        # Lists of one length for all sizes of set, so that the program is compiled once.
        lists = [{t: p for name in one for t, p in elements[name].items()} for one in part]
        cuts = pack_batch(case, lists, length)
        place = int(case.layout.slots[row])
        cost = np.asarray(making_cost_batch(case.links, cuts, place))
        rises = np.expm1(cost[:, list(members)]) @ weights
        yield from ((one, float(rise)) for one, rise in zip(part, rises, strict=False))


def _parts(candidates: Iterable[tuple[str, ...]]) -> Iterable[list[tuple[str, ...]]]:
    walk = iter(candidates)
    while part := list(itertools.islice(walk, _BATCH)):
        yield part
