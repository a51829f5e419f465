"""Series from the chains: shares of a node of several dates, each under one definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zizhu.chains import Chain, HomeShare, Node, SupplierBlock, shipped_chains
from zizhu.chains.chain import OTHER
from zizhu.history.reader import Row
from zizhu.history.series import Basis, Place

# What a definition of a home share says of place and basis. `home_market` is met by makers of the
# country unless its words say that plants are meant.
_DEFINITIONS: dict[str, tuple[Place, Basis]] = {
    "home_market": ("home", "headquarters"),
    "home_capacity": ("home", "location"),
    "output_over_use": ("home", "location"),
    "local_content": ("home", "location"),
    "installed_use": ("home", "headquarters"),
    "firms_over_use": ("home", "headquarters"),
    "world_share_location": ("world", "location"),
    "world_share_headquarters": ("world", "headquarters"),
}
_OF_PLANTS = ("output less exports", "Chinese plants", "import")
_OF_BRANDS = ("brands",)
# How sure the chains are, in the panel's words.
_SURE = {"high": "read", "medium": "medium", "low": "low"}
# What stands with a share that nobody observed.
_OURS = "our estimate"
# People are no technology.
_NO_TECHNOLOGY = ("skill",)


@dataclass(frozen=True)
class _At:
    """A node of a chain."""

    chain: Chain
    name: str
    node: Node

    @property
    def label(self) -> str:
        return f"{self.chain.chain}/{self.name}"

    def source(self, key: str) -> str:
        """The source in words; a fact by its id."""
        found = self.chain.sources.get(key)
        return f"{found.authors} ({found.year}): {found.title}" if found else key

    def observed(self, key: str) -> bool:
        """Whether it is an observation: no judgement, no assumption."""
        found = self.chain.sources.get(key)
        return found.kind != "judgement" if found else key.startswith("F")

    def recalled(self, key: str) -> bool:
        """Whether its source was not seen."""
        found = self.chain.sources.get(key)
        return found is not None and found.kind == "recalled"


def vintage_rows() -> Iterator[Row]:
    """Observations of all shipped chains; what a node takes from another chain is counted there."""
    for chain in shipped_chains().values():
        for name, node in chain.nodes.items():
            if node.same_as or node.input in _NO_TECHNOLOGY:
                continue
            at = _At(chain, name, node)
            for block in node.suppliers:
                yield from _of_suppliers(at, block)
            for home in node.home_shares:
                yield from _of_home(at, home)


def _of_suppliers(at: _At, block: SupplierBlock) -> Iterator[Row]:
    if not at.observed(block.source):
        return
    for region, percent in block.shares.items():
        if region == OTHER:
            continue
        if region not in block.confirmed and _OURS in block.note:
            continue
        read = region in block.confirmed and not at.recalled(block.source)
        yield Row(
            subject=at.node.name,
            node=at.label,
            region=region,
            place="world",
            basis=block.basis,
            measure=block.measure,
            kind=_kind(at.node, block.measure),
            year=float(block.year),
            percent=float(percent),
            source=at.source(block.source),
            confidence=_SURE[block.confidence] if read else "recalled",
            note=block.note,
        )


def _of_home(at: _At, home: HomeShare) -> Iterator[Row]:
    meaning = _DEFINITIONS.get(home.definition)
    if meaning is None or not at.observed(home.source) or home.value > 100:
        return
    place, basis = meaning
    if home.definition == "home_market":
        if any(words in home.means for words in _OF_PLANTS):
            basis = "location"
        elif any(words in home.means for words in _OF_BRANDS):
            basis = "brand"
    words = home.definition.replace("_", " ")
    yield Row(
        subject=f"{at.node.name}: {home.scope}" if home.scope else at.node.name,
        # A figure about a part of the node, or about more, never stands for the node.
        node="" if home.scope else at.label,
        region=home.region,
        place=place,
        basis=basis,
        measure=words,
        kind=_kind(at.node, f"{words} {home.means}"),
        year=float(home.year),
        percent=float(home.value),
        source=at.source(home.source),
        confidence="recalled" if at.recalled(home.source) else _SURE[home.confidence],
        note=f"{home.year}: {home.means}" + (f"; {home.note}" if home.note else ""),
    )


def _kind(node: Node, words: str) -> str:
    if "capacity" in words:
        return "capacity"
    return "mineral" if node.stage == "raw_material" else "market"
