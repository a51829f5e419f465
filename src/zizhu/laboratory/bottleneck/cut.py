"""What happens along a chain if suppliers are barred at nodes for a buyer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.chains.regions import BEYOND_UNION, EUROPE
from zizhu.errors import ChainError, quoted
from zizhu.laboratory.bottleneck.case import ChainCase
from zizhu.model.bottleneck import Cuts, Prices

Triple = tuple[int, int, int]

ALL = "ALL"


@dataclass(frozen=True)
class Cut:
    """Suppliers barred at one node: names of regions, countries or groups; ALL is every foreigner.

    part  of the flow that is barred, 0 to 1
    """

    suppliers: tuple[str, ...]
    node: str
    part: float = 1.0

    def __str__(self) -> str:
        part = "" if self.part == 1.0 else f":{self.part:g}"
        return f"{','.join(self.suppliers)}:{self.node}{part}"


def read_cut(text: str) -> Cut:
    """Read `USA,JPN:etch` or `USA:etch:0.5`; raises `ChainError` with an example."""
    fields = [field.strip() for field in text.split(":")]
    suppliers = tuple(name.strip().upper() for name in fields[0].split(",") if name.strip())
    right = "write SUPPLIER[,SUPPLIER]:NODE[:PART], for example USA,JPN:etch or USA:etch:0.5"
    if len(fields) not in (2, 3) or not suppliers or not fields[1]:
        raise ChainError(f"cut {quoted(text)} cannot be read; {right}")
    try:
        part = float(fields[2]) if len(fields) == 3 else 1.0
    except ValueError as error:
        raise ChainError(
            f"cut {quoted(text)}: {quoted(fields[2])} is not a number; {right}"
        ) from error
    if not 0 <= part <= 1:
        raise ChainError(f"cut {quoted(text)}: part {part:g} lies outside 0 to 1")
    return Cut(suppliers, fields[1], part)


@dataclass(frozen=True)
class CutAnswer:
    """What the cuts do to a buyer, all as proportional rises (0.1 is 10 percent dearer).

    making  cost of making each node at the buyer's
    buying  price that the buyer pays for each node; for an assembled node the cost of its inputs
    home    part of what the buyer buys from suppliers that comes from itself, before and after
    """

    cuts: tuple[Cut, ...]
    buyer: str
    nodes: tuple[str, ...]
    making: Float[np.ndarray, " m"]
    buying: Float[np.ndarray, " m"]
    home_before: Float[np.ndarray, " m"]
    home_after: Float[np.ndarray, " m"]


def cut_chain(case: ChainCase, cuts: Sequence[Cut], buyer: str) -> CutAnswer:
    """Bar suppliers for one buyer (a region or a group, weighted by its members' purchases)."""
    members = case.members(buyer)
    triples = barred_by(case, cuts, buyer)
    weights = case.weights(members)
    after = case.prices(pack(case, triples))

    def rise(table: Float[np.ndarray, "m n"]) -> Float[np.ndarray, " m"]:
        return np.asarray(np.expm1(np.asarray(table)[:, list(members)]) @ weights)

    return CutAnswer(
        cuts=tuple(cuts),
        buyer=buyer,
        nodes=case.nodes,
        making=rise(np.asarray(after.cost)),
        buying=rise(np.asarray(after.price)),
        home_before=case.home(members),
        home_after=_home_after(case, after, members, triples),
    )


def _home_after(
    case: ChainCase, prices: Prices, members: Sequence[int], barred: Mapping[Triple, float]
) -> Float[np.ndarray, " m"]:
    """Part of what a group still buys of each node from suppliers that comes from inside it.

    1 for assembled nodes, 0 where nobody may supply.
    """
    places = list(members)
    eta = float(case.links.trade[0, 0])
    offers = case.sourcing[:, places] * np.exp(-eta * np.asarray(prices.cost))[:, None, :]
    for (node, buyer, supplier), part in barred.items():
        offers[node, places.index(buyer), supplier] *= 1 - part
    total = offers.sum(2)
    inside = offers[:, :, places].sum(2)
    share = np.divide(inside, total, out=np.zeros_like(total), where=total > 0)
    return np.where(case.assembled, 1.0, share @ case.weights(members))


def barred_by(case: ChainCase, cuts: Sequence[Cut], buyer: str) -> dict[Triple, float]:
    """Flows that the cuts bar, each with the part of it; the largest part where cuts overlap.

    Raises `ChainError` for unknown names, an assembled node, or a buyer cut off from itself.
    """
    members = case.members(buyer)
    found: dict[Triple, float] = {}
    for cut in cuts:
        barred = triples_of(case, cut.suppliers, cut.node, members)
        if not barred:
            raise ChainError(
                f"cut {cut}: {buyer} cannot be cut off from itself; name suppliers other than it"
            )
        for triple in barred:
            found[triple] = max(cut.part, found.get(triple, 0.0))
    return found


def triples_of(
    case: ChainCase, suppliers: Iterable[str], node: str, members: Sequence[int]
) -> list[Triple]:
    """(node, buyer, supplier) places of a cut; a group never cuts itself off.

    Raises `ChainError` for an unknown node or supplier, or a node that its buyer assembles.
    """
    row = case.place(node)
    if case.assembled[row]:
        inputs = ", ".join(edge.input for edge in case.chain.inputs(node)[:4])
        raise ChainError(
            f"node {node} is put together by its buyer, so that nobody can be barred from it; cut "
            f"its inputs instead ({inputs}, ...)"
        )
    barred: set[int] = set()
    for name in suppliers:
        barred |= set(range(len(case.regions)) if name == ALL else _places(case, name))
    return [
        (row, buyer, supplier) for buyer in members for supplier in sorted(barred - set(members))
    ]


def _places(case: ChainCase, supplier: str) -> tuple[int, ...]:
    if supplier == EUROPE:
        beyond = [name for name in BEYOND_UNION if name in case.regions]
        return (*case.members("EU"), *(case.regions.index(name) for name in beyond))
    return case.members(supplier)


def pack(case: ChainCase, barred: Mapping[Triple, float]) -> Cuts:
    """One list of cuts for the model."""
    packed = pack_batch(case, [barred])
    return Cuts(*(field[0] for field in packed))


def pack_batch(case: ChainCase, lists: Sequence[Mapping[Triple, float]], length: int = 1) -> Cuts:
    """Many lists of cuts as one batch, padded to `length` or more with entries that do nothing."""
    # Powers of two, so that lists of similar length share one compiled program.
    longest = max(length, *(len(one) for one in lists))
    length = 1 << (longest - 1).bit_length()
    places = np.zeros((len(lists), length, 3), dtype=np.int64)
    parts = np.zeros((len(lists), length))
    for row, one in enumerate(lists):
        for column, ((node_row, *flow), part) in enumerate(one.items()):
            places[row, column] = (case.layout.slots[node_row], *flow)
            parts[row, column] = part
    node, buyer, supplier = (jnp.asarray(places[..., axis]) for axis in range(3))
    return Cuts(node, buyer, supplier, jnp.asarray(parts))
