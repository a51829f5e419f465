"""What the axes of a path stand for, and finding places on them by the names that people write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.policy.context import ALL, Context
from zizhu.policy.path_wedges import PathWedges
from zizhu.world import World

_SPAN = re.compile(r"(\d{4})?(-)?(\d{4})?", re.ASCII)
# Names beyond this number are counted, not listed.
_LISTED = 4


@dataclass(frozen=True)
class PathLabels:
    """What the axes of `PathWedges` stand for.

    years  one after the other, the first is the base year
    nodes  `chain/node`, nodes of all chains in a row
    firms  listed firms
    also   what nodes are called in a chain that shares them, and the label that they have here
    """

    world: World
    years: tuple[int, ...]
    nodes: tuple[str, ...]
    firms: tuple[str, ...]
    also: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = self.years[0] if self.years else 0
        if not self.years or self.years != tuple(range(first, first + len(self.years))):
            raise ScenarioError(
                f"years of a path are {self.years}; at least one year, and each the one after the "
                "last, is right"
            )

    def none(self) -> PathWedges:
        """No policy, in the right shapes."""
        world = self.world
        sizes = (len(world.regions), len(world.sectors), len(self.nodes), len(self.firms))
        return PathWedges.none(len(self.years), *sizes)

    def axis(self, key: str) -> tuple[str, ...]:
        """Labels of the axis on which a key of a raw wedge picks places."""
        axes = {"sector": self.world.sectors, "node": self.nodes, "firm": self.firms}
        return axes.get(key, self.world.regions)

    def places(self, key: str, given: str) -> list[int]:
        """Places of names separated by commas, in the order of the axis.

        Raises `ScenarioError` naming the key, what was found and what would be right.
        """
        names = given.split(",")
        if "" in names:
            raise ScenarioError(
                f"{key}: {quoted(given)} has an empty name beside a comma; leave it out"
            )
        if key == "sector":
            return self._by_sector.sectors(names, field=key)
        if key not in ("node", "firm"):
            return self._by_region.regions(names, field=key)
        pick = self._node if key == "node" else self._firm
        return sorted({place for name in names for place in pick(name)})

    def span(self, given: str) -> list[int]:
        """Places of the years of `2024`, `2024-2030`, `2024-` or `-2030`."""
        first, last = self.years[0], self.years[-1]
        match = _SPAN.fullmatch(given)
        start, dash, end = match.groups() if match else (None, None, None)
        if not (start or end) or not (dash or (start and not end)):
            raise ScenarioError(
                f"years: {quoted(given)} is not a span of years; write {first}, {first}-"
                f"{last}, {first}- "
                f"or -{last}"
            )
        begins = int(start) if start else first
        ends = int(end) if end else (last if dash else begins)
        for year in (begins, ends):
            if not first <= year <= last:
                raise ScenarioError(f"years: {year} lies outside the path, {first} to {last}")
        if begins > ends:
            raise ScenarioError(f"years: {given} runs backwards; write {ends}-{begins}")
        return list(range(begins - first, ends - first + 1))

    def words(self, key: str, given: str) -> str:
        """Names separated by commas, for people; a group keeps its name."""
        words = [self._word(key, name) for name in given.split(",")]
        if len(words) > _LISTED:
            words = [*words[: _LISTED - 1], f"{len(words) - _LISTED + 1} others"]
        return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

    def _word(self, key: str, name: str) -> str:
        if key == "node":
            chain, _, node = name.partition("/")
            if node == "*":
                return f"every node of {chain}"
            # A node that chains share has one name here, whichever it was given by.
            return self.nodes[self._node(name)[0]]
        if name == ALL:
            kinds = {"sector": "all sectors", "firm": "all listed firms", "against": "all others"}
            return kinds.get(key, "all regions")
        if key == "sector":
            named = self.world.sector_names.get(name)
            return f"{named} ({name})" if named else name
        return name if key == "firm" else self.world.region_names.get(name, name)

    @cached_property
    def _by_region(self) -> Context:
        return self._context(self.world.regions)

    @cached_property
    def _by_sector(self) -> Context:
        return self._context(self.world.sectors)

    def _context(self, labels: Sequence[str]) -> Context:
        # Groups of the other kind are left out, so that no complaint suggests them.
        groups = {name: of for name, of in self.world.groups.items() if set(of) <= set(labels)}
        return Context(self.world, groups, {})

    @cached_property
    def _chains(self) -> Mapping[str, Mapping[str, int]]:
        """Places of nodes by chain and bare name, in every chain that shares them."""
        rows = {label: place for place, label in enumerate(self.nodes)}
        rows |= {label: rows[own] for label, own in self.also.items() if own in rows}
        chains: dict[str, dict[str, int]] = {}
        for label, place in rows.items():
            chain, _, node = label.partition("/")
            chains.setdefault(chain, {})[node] = place
        return chains

    def _node(self, name: str) -> list[int]:
        chain, slash, node = name.partition("/")
        if not slash:
            return self._bare_node(name)
        if not chain or chain not in self._chains:
            known = list(self._chains)
            raise ScenarioError(
                f"node: chain {quoted(chain)} is unknown{did_you_mean(chain, known)}"
            )
        members = self._chains[chain]
        if node == "*":
            return list(members.values())
        if node not in members:
            hint = did_you_mean(node, members)
            raise ScenarioError(f"node: chain {chain} has no node {quoted(node)}{hint}")
        return [members[node]]

    def _bare_node(self, name: str) -> list[int]:
        holders = [chain for chain, members in self._chains.items() if name in members]
        if len({self._chains[chain][name] for chain in holders}) > 1:
            options = " or ".join(f"{chain}/{name}" for chain in holders)
            raise ScenarioError(f"node: several chains have {quoted(name)}; write {options}")
        if holders:
            return [self._chains[holders[0]][name]]
        if name in self._chains:
            raise ScenarioError(
                f"node: {quoted(name)} is a chain; write {name}/* for all its nodes or "
                f"{name}/NODE for "
                "one"
            )
        bare = dict.fromkeys(node for members in self._chains.values() for node in members)
        hint = did_you_mean(name, bare) or "; this path has no chains"
        raise ScenarioError(f"node: no chain has a node {quoted(name)}{hint}")

    def _firm(self, name: str) -> list[int]:
        if name == ALL and self.firms:
            return list(range(len(self.firms)))
        if name not in self.firms:
            hint = did_you_mean(name, self.firms) or "; this path has no listed firms"
            raise ScenarioError(f"firm: {quoted(name)} is unknown{hint}")
        return [self.firms.index(name)]
