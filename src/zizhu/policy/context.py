"""What a lever may know about the world when it turns a measure into wedges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.policy.wedges import Wedges
from zizhu.reading import listed
from zizhu.world import World
from zizhu.world.classification import is_good, is_manufacturing

ALL = "all"
INTERMEDIATE = "intermediate"
GOODS, SERVICES, MANUFACTURING = "goods", "services", "manufacturing"
# Groups that every world has.
BUILT_IN = (ALL, GOODS, SERVICES, MANUFACTURING)


@dataclass(frozen=True)
class Context:
    """A world with the region and sector groups that a scenario names.

    parameters  values of the scalar parameters that the run uses
    """

    world: World
    groups: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, float]

    @property
    def uses(self) -> tuple[str, ...]:
        """Uses in the order of the wedges: intermediate, then the final uses."""
        return (INTERMEDIATE, *self.world.final_uses)

    @cached_property
    def sector_groups(self) -> dict[str, tuple[str, ...]]:
        """Groups of sectors that every world has: all, goods, services, manufacturing."""
        isic, sectors = self.world.isic, self.world.sectors
        goods = tuple(s for s in sectors if is_good(isic.get(s, ())))
        makers = tuple(s for s in sectors if is_manufacturing(isic.get(s, ())))
        rest = tuple(s for s in sectors if s not in goods)
        return {ALL: tuple(sectors), GOODS: goods, SERVICES: rest, MANUFACTURING: makers}

    def none(self) -> Wedges:
        """Neutral wedges of the right shapes."""
        return Wedges.none(len(self.world.regions), len(self.world.sectors), len(self.uses))

    def regions(self, names: str | Iterable[str], *, field: str) -> list[int]:
        """Indices of regions and region groups, in the world's order."""
        regions = self.world.regions
        groups = {ALL: regions, **self.groups}
        return self._pick(names, regions, groups, field, "region")

    def sectors(self, names: str | Iterable[str], *, field: str = "sectors") -> list[int]:
        """Indices of sectors and sector groups, in the world's order."""
        groups = {**self.sector_groups, **self.groups}
        return self._pick(names, self.world.sectors, groups, field, "sector")

    def use_indices(self, names: str | Iterable[str], *, field: str = "uses") -> list[int]:
        """Indices of uses, intermediate first."""
        return self._pick(names, self.uses, {ALL: self.uses}, field, "use")

    def _pick(
        self,
        names: str | Iterable[str],
        labels: tuple[str, ...],
        groups: Mapping[str, tuple[str, ...]],
        field: str,
        kind: str,
    ) -> list[int]:
        chosen: set[int] = set()
        known = {*labels, *groups}
        for name in listed(names, known) if isinstance(names, str) else names:
            members = groups.get(name, (name,))
            for member in members:
                if member not in labels:
                    raise ScenarioError(
                        f"{field}: {kind} {quoted(member)} is not in world {self.world.name}"
                        f"{did_you_mean(member, [*labels, *groups])}"
                    )
                chosen.add(labels.index(member))
        if not chosen:
            raise ScenarioError(f"{field}: the target is empty; name at least one {kind}")
        return sorted(chosen)

    def flow_mask(
        self, suppliers: list[int], sectors: list[int], users: list[int]
    ) -> Float[np.ndarray, "i k i"]:
        """1 on the flows from suppliers to users in sectors, own sales never included.

        Raises `ScenarioError` if nothing but own sales is left.
        """
        mask = np.zeros(self.world.tariff.shape)
        mask[np.ix_(suppliers, sectors, users)] = 1.0
        own = np.arange(len(self.world.regions))
        mask[own, :, own] = 0.0
        if not mask.any():
            region = self.world.regions[suppliers[0]]
            raise ScenarioError(
                f"the target is empty: seller and buyer are both {region}, and own sales are never "
                "touched"
            )
        return mask

    def date(self, given: dt.date | None) -> dt.date:
        """The measure's date, or the middle of the world's year."""
        if given is None and not dt.MINYEAR <= self.world.year <= dt.MAXYEAR:
            raise ScenarioError(
                f"from: world {self.world.name} has no year; give the date of the money"
            )
        return given or dt.date(self.world.year, 7, 1)
