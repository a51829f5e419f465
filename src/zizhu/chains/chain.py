"""A technology chain: its fields, as written in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from zizhu.chains.motion import Above, Entry, Growth, Market, Research
from zizhu.chains.parts import Part, Percent, Source, Sourced, Within
from zizhu.errors import quoted
from zizhu.reading import Day, Year

# The rest of the world market, in a block of shares.
OTHER = "OTHER"

# Sectors as tables of the OECD name them: C26, C24A, C302T309, J58T60, J62_63, K, M_N.
_SECTOR = re.compile(r"[A-Z](\d{2,3}[A-Z]?)?([T_]([A-Z]|[A-Z]?\d{2,3}))?")


def _sector(code: str) -> str:
    if not _SECTOR.fullmatch(code):
        raise ValueError(f"{quoted(code)} is no code of a sector; one like C26 or J62_63 is right")
    return code


SectorCode = Annotated[str, AfterValidator(_sector)]


class Years(Within, Sourced):
    """Years until a substitute is qualified at useful volume by the dependent side."""

    note: str = ""


class Learning(Within, Sourced):
    """Fall of unit cost per doubling of cumulative output, as a fraction; negative is a rise."""

    limits: ClassVar[tuple[float, float]] = (-2.0, 0.9)

    note: str = ""


class SupplierBlock(Sourced):
    """World market shares of a node by country, percent, under one definition."""

    basis: Literal["headquarters", "location"]
    year: Year
    measure: str
    shares: dict[str, Annotated[float, Field(ge=0)]]
    confirmed: tuple[str, ...] = ()
    note: str = ""

    @property
    def recalled(self) -> tuple[str, ...]:
        """Countries whose value was not read in a source."""
        return tuple(code for code in self.shares if code not in (*self.confirmed, OTHER))

    @property
    def definition(self) -> str:
        """What the shares are shares of, in words."""
        whose = "firms by headquarters" if self.basis == "headquarters" else "plants by location"
        return f"share of the world market, {whose}, {self.measure}, {self.year}"


class HomeShare(Within, Sourced):
    """How far a country supplies itself, percent, with the definition that it is measured by.

    Made at home over home use, by location, is `output_over_use`; revenue of the country's firms
    over its market is `firms_over_use`. Both, and capacity over use, may exceed 100. A figure about
    a part of the node names it in `scope` and never stands for the node.
    """

    limits: ClassVar[tuple[float, float]] = (0.0, 1000.0)

    region: str
    definition: Literal[
        "home_market",
        "home_capacity",
        "world_share_location",
        "world_share_headquarters",
        "output_over_use",
        "local_content",
        "installed_use",
        "firms_over_use",
        "other",
    ]
    scope: str = Field(default="", description="part of the node; empty is the whole")
    means: str
    year: Year
    note: str = ""


class Node(Part):
    """One technology: what it is, who supplies it, how fast it can be replaced.

    `cost_base` says what the shares of its inputs are shares of. An aggregate, and what is marked
    `assembled_by_buyer`, is put together where it is used: its own supplier shares are shown but
    never used for sourcing. Of several supplier blocks the first one is used for sourcing; others
    of the same definition show how it moved. `sector` is the sector of the default world whose unit
    cost the node's own cost follows. `plants` marks what is made in plants that take years to
    build, `fabless` the product of firms that own none. `same_as` names the node of another chain
    that is the same product; all else is then that node's.
    """

    name: str
    stage: Literal["raw_material", "input", "tool", "stage", "product", "aggregate", "final"]
    input: Literal["consumable", "component", "capital", "licence", "service", "skill", "product"]
    cost_base: str = ""
    inputs_elasticity: float | None = Field(default=None, ge=0)
    inputs_elasticity_source: str = ""
    suppliers: tuple[SupplierBlock, ...] = ()
    assembled_by_buyer: bool = False
    years_to_qualify: Years
    learning: Learning | None = None
    home_shares: tuple[HomeShare, ...] = ()
    sector: SectorCode | None = None
    market: tuple[Market, ...] = ()
    growth: Growth | None = None
    research: Research | None = None
    plants: bool = False
    fabless: bool = False
    entry: Entry | None = None
    above: Above | None = None
    same_as: str = ""

    @property
    def assembled(self) -> bool:
        """Whether its buyer assembles it instead of buying it from a supplier."""
        return self.assembled_by_buyer or self.stage == "aggregate"

    def home_share(
        self, region: str, definition: str = "home_market", scope: str = ""
    ) -> HomeShare | None:
        """The youngest figure of a region's self-supply under one definition."""
        asked = (region, definition, scope)
        found = [h for h in self.home_shares if (h.region, h.definition, h.scope) == asked]
        return max(found, key=lambda one: one.year, default=None)


class Edge(Sourced):
    """An input of a parent and the part of the parent's cost that it makes up.

    `share` is in percent of `of`, or of the parent's cost base where `of` is empty; `of_part` says
    what part of the parent's cost base `of` makes up, in percent.
    """

    input: str
    parent: str
    share: Percent
    of: str = ""
    of_part: Percent | None = None
    of_source: str = ""
    essential: bool
    note: str = ""

    @property
    def cost_share(self) -> float:
        """Part of the parent's unit cost, as a fraction."""
        part = self.of_part.value if self.of_part else 100.0
        return self.share.value * part / 1e4


class Attachment(Sourced):
    """Sectors of a world that use the final product, and its part of their unit cost, percent."""

    sectors: Annotated[tuple[str, ...], Field(min_length=1)]
    cost_share: Percent


class ToolBuyer(Sourced):
    """A region's part of the world's purchases of what serves plants for years, percent."""

    region: str
    percent: Percent
    means: str
    year: Year


class Chain(Part):
    """A technology chain as written in its file; `checks.py` has the rules between the parts."""

    chain: str
    title: str
    final: str
    as_of: Day
    note: str = ""
    attached: Annotated[tuple[Attachment, ...], Field(min_length=1)]
    sources: dict[str, Source]
    nodes: Annotated[dict[str, Node], Field(min_length=1)]
    edges: tuple[Edge, ...] = ()
    tool_buyers: tuple[ToolBuyer, ...] = ()

    def inputs(self, parent: str) -> list[Edge]:
        """Edges into a node, the largest cost share first."""
        found = [edge for edge in self.edges if edge.parent == parent]
        return sorted(found, key=lambda edge: -edge.cost_share)

    def parents(self, node: str) -> list[Edge]:
        """Edges out of a node."""
        return [edge for edge in self.edges if edge.input == node]

    def blocks(self) -> Iterator[tuple[str, SupplierBlock]]:
        """All supplier blocks with the id of their node."""
        for name, node in self.nodes.items():
            for block in node.suppliers:
                yield name, block

    def share_counts(self) -> tuple[int, int]:
        """Numbers of supplier shares: confirmed in a source, and all; OTHER, a rest, is none.

        What a node takes from another chain is counted there.
        """
        confirmed = every = 0
        own = [node for node in self.nodes.values() if not node.same_as]
        for block in [block for node in own for block in node.suppliers]:
            confirmed += sum(code != OTHER for code in block.confirmed)
            every += sum(code != OTHER for code in block.shares)
        return confirmed, every

    @property
    def recalled_part(self) -> float:
        """Part of the supplier shares that was not read in a source, 0 to 1."""
        confirmed, every = self.share_counts()
        return 1 - confirmed / every if every else 0.0

    def order(self) -> list[str]:
        """Nodes so that every input comes before its parents."""
        waiting = {name: {e.input for e in self.edges if e.parent == name} for name in self.nodes}
        done: list[str] = []
        while waiting:
            ready = [name for name, needs in waiting.items() if not needs - set(done)]
            done += ready
            for name in ready:
                del waiting[name]
        return done
