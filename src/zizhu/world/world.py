"""A table of the world economy whose accounts are checked when it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError, quoted
from zizhu.world.classification import is_good
from zizhu.world.doubt import Doubt
from zizhu.world.labels import as_text, keyed_by_text, look_alikes, names_a_sum, sums_of_others

Table = Float[np.ndarray, "..."]

HOUSEHOLD, GOVERNMENT, INVESTMENT = "household", "government", "investment"
FINAL_USES = (HOUSEHOLD, GOVERNMENT, INVESTMENT)
TABLES = ("intermediate", "final", "value_added", "taxes", "tariff")

# A published table rounds its cells; what is larger than this is an error, not rounding.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Identity:
    """One accounting identity: by how much it fails and where it fails most.

    relative  largest gap as a share of the (region, sector)'s output
    where     labels of that cell
    """

    name: str
    statement: str
    relative: float
    where: str

    @property
    def holds(self) -> bool:
        """Whether the gap is no more than rounding."""
        return bool(self.relative <= TOLERANCE)


@dataclass(frozen=True)
class World:
    """A balanced inter-regional table with tariffs, in one currency and one year.

    Letters: i supplier region, k supplied sector, n user region, j using sector, u final use.

    intermediate  Z[i,k,n,j], million units of `currency`, basic prices before tariffs
    final         F[i,k,n,u], the same; uses are a subset of household, government, investment
    value_added   VA[n,j]
    taxes         net taxes on products paid by producers, duties included [n,j]
    tariff        ad valorem [i,k,n], zero on own sales
    groups        names for several regions or several sectors, such as EU; scenarios may use them
    doubt         how wrong its cells may be, by class; nothing for a published table

    Tables are kept in double precision, rows in sequence, and cannot be written to; one that comes
    otherwise is copied, so that what happens to the caller's array happens to no world. Labels are
    text; whole numbers become their digits.

    Construction checks labels and shapes, that no flow is negative or not a number, that shares
    can be formed, and that output by use equals output by cost; it raises `WorldError` with the
    gap and its place.
    """

    name: str
    year: int
    currency: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    final_uses: tuple[str, ...]
    intermediate: Float[np.ndarray, "i k i k"]
    final: Float[np.ndarray, "i k i u"]
    value_added: Float[np.ndarray, "i k"]
    taxes: Float[np.ndarray, "i k"]
    tariff: Float[np.ndarray, "i k i"]
    region_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    isic: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    source: str = ""
    licence: str = ""
    notes: tuple[str, ...] = ()
    pooled_origins: bool = False
    doubt: Doubt | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._keep()
        self._check_labels()
        self._check_cells()
        self._check_sums()
        for identity in self.identities():
            if not identity.holds:
                raise WorldError(
                    f"world {self.name}: {identity.statement} fails by "
                    f"{100 * identity.relative:.3g} percent of output at {identity.where}; "
                    f"at most {100 * TOLERANCE:.4f} percent is rounding: rebalance the table first"
                )

    def _keep(self) -> None:
        """Labels as text and tables as they are computed with, whatever they came as."""
        try:
            kept: dict[str, Any] = {
                "regions": as_text("region", self.regions),
                "sectors": as_text("sector", self.sectors),
                "region_names": keyed_by_text("region", self.region_names),
                "sector_names": keyed_by_text("sector", self.sector_names),
                "isic": keyed_by_text("sector", self.isic),
                "groups": {
                    name: as_text("group member", members)
                    for name, members in keyed_by_text("group", self.groups).items()
                },
            }
        except WorldError as error:
            raise WorldError(f"world {self.name}: {error}") from error
        for name in TABLES:
            kept[name] = _kept(f"world {self.name}: table {name}", getattr(self, name))
        for name, value in kept.items():
            object.__setattr__(self, name, value)

    def _check_labels(self) -> None:
        regions, sectors, uses = len(self.regions), len(self.sectors), len(self.final_uses)
        for kind, labels in (
            ("region", self.regions),
            ("sector", self.sectors),
            ("final use", self.final_uses),
        ):
            repeated = sorted({label for label in labels if labels.count(label) > 1})
            if repeated:
                raise WorldError(
                    f"world {self.name}: {kind} {repeated[0]} appears twice; labels must be unique"
                )
            alike = look_alikes(labels)
            if alike is not None:
                raise WorldError(
                    f"world {self.name}: {kind}s {quoted(alike[0])} and {quoted(alike[1])} differ "
                    "by case or "
                    "spaces only; write them alike if they are one, or apart if they are two"
                )
        for group, members in self.groups.items():
            known = [names for names in (self.regions, self.sectors) if set(members) <= set(names)]
            if not members or not known or group in (*self.regions, *self.sectors):
                raise WorldError(
                    f"world {self.name}: group {group} is {list(members)}; a group has a name of "
                    "its own and members that are all regions or all sectors"
                )
        for use in self.final_uses:
            if use not in FINAL_USES:
                raise WorldError(
                    f"world {self.name}: final use {quoted(use)} is unknown; uses are "
                    f"{', '.join(FINAL_USES)}"
                )
        wanted: dict[str, tuple[int, ...]] = {
            "intermediate": (regions, sectors, regions, sectors),
            "final": (regions, sectors, regions, uses),
            "value_added": (regions, sectors),
            "taxes": (regions, sectors),
            "tariff": (regions, sectors, regions),
        }
        for name, shape in wanted.items():
            found = getattr(self, name).shape
            if found != shape:
                raise WorldError(
                    f"world {self.name}: table {name} has shape {found}, {shape} is right for "
                    f"{regions} regions, {sectors} sectors and {uses} final uses"
                )

    def _check_cells(self) -> None:
        for name in TABLES:
            table = getattr(self, name)
            bad = ~np.isfinite(table)
            if bad.any():
                raise WorldError(
                    f"world {self.name}: table {name} has {int(bad.sum())} cells that are not "
                    f"numbers, the first at {self._place(name, np.argwhere(bad)[0])}"
                )
            if name in ("taxes", "tariff"):
                continue
            if (table < 0).any():
                place = np.unravel_index(int(np.argmin(table)), table.shape)
                rule = "remove_negative_uses" if name == "final" else "lift_negatives"
                raise WorldError(
                    f"world {self.name}: table {name} has {int((table < 0).sum())} negative cells, "
                    f"the lowest {table.min():.4g} at {self._place(name, place)}; lift them first "
                    f"(zizhu.world.{rule})"
                )
        if (self.tariff <= -1).any():
            place = np.unravel_index(int(np.argmin(self.tariff)), self.tariff.shape)
            raise WorldError(
                f"world {self.name}: tariff of {self.tariff.min():.3g} at "
                f"{self._place('tariff', place)}; a tariff is a fraction above -1"
            )
        if (self.tariff > 5).any():
            place = np.unravel_index(int(np.argmax(self.tariff)), self.tariff.shape)
            raise WorldError(
                f"world {self.name}: tariff of {self.tariff.max():.4g} at "
                f"{self._place('tariff', place)} looks like percent; write 0.25 for 25 percent"
            )
        own = np.einsum("iki->ik", self.tariff)
        if (own != 0).any():
            region, sector = np.argwhere(own != 0)[0]
            raise WorldError(
                f"world {self.name}: own sales of {self.regions[region]} in "
                f"{self.sectors[sector]} carry a tariff of {own[region, sector]:.3g}; it must be 0"
            )
        left = self.output - (self.intermediate * (1 + self.tariff)[..., None]).sum(axis=(0, 1))
        if (left < -TOLERANCE * np.maximum(self.output, 1.0)).any():
            region, sector = np.unravel_index(int(np.argmin(left)), left.shape)
            raise WorldError(
                f"world {self.name}: inputs and duties of {self.regions[region]} "
                f"{self.sectors[sector]} exceed its output by {-left.min():.4g}; no value added "
                "is left"
            )
        idle = self.value_added.sum(axis=1) <= 0
        if idle.any():
            raise WorldError(
                f"world {self.name}: region {self.regions[int(np.argmax(idle))]} has no value added"
            )

    def _check_sums(self) -> None:
        """Rows of sums and of the accounts are not producers: counted as such they double all."""
        for kind, labels, axis in (("region", self.regions, 0), ("sector", self.sectors, 1)):
            found = names_a_sum(kind, labels)
            said = "names a sum or a row of the accounts"
            # Sales by user region first: those by use are a hundred times as many.
            if found is None and sums_of_others(self.flows, axis).any():
                uses = np.concatenate([self.intermediate, self.final], axis=3)
                sums = sums_of_others(uses, axis)
                found = labels[int(np.argmax(sums))] if sums.any() else None
                said = f"sells to every use what all other {kind}s sell to it together"
            if found is not None:
                raise WorldError(
                    f"world {self.name}: {kind} {quoted(found)} {said}, not a {kind}; leave its "
                    "rows and "
                    "columns out, or give it another name if it is one"
                )

    def _place(self, table: str, index: Iterable[Any]) -> str:
        axes: dict[str, tuple[Sequence[str], ...]] = {
            "intermediate": (self.regions, self.sectors, self.regions, self.sectors),
            "final": (self.regions, self.sectors, self.regions, self.final_uses),
            "tariff": (self.regions, self.sectors, self.regions),
        }
        labels = axes.get(table, (self.regions, self.sectors))
        return " ".join(names[int(at)] for names, at in zip(labels, index, strict=True))

    @property
    def output(self) -> Float[np.ndarray, "i k"]:
        """Output by use: sales to all users, before tariffs [i,k]."""
        return np.asarray(self.intermediate.sum(axis=(2, 3)) + self.final.sum(axis=(2, 3)))

    @property
    def flows(self) -> Float[np.ndarray, "i k n"]:
        """Sales by supplier, sector and user region, all uses, before tariffs [i,k,n]."""
        return np.asarray(self.intermediate.sum(axis=3) + self.final.sum(axis=3))

    @property
    def gdp(self) -> Float[np.ndarray, " n"]:
        """Value added by region [n], without net taxes on products."""
        return np.asarray(self.value_added.sum(axis=1))

    @property
    def deficit(self) -> Float[np.ndarray, " n"]:
        """Imports less exports by region [n]."""
        flows = self.flows
        return np.asarray(flows.sum(axis=(0, 1)) - flows.sum(axis=(1, 2)))

    def identities(self) -> tuple[Identity, ...]:
        """Every accounting identity with the gap at its worst cell."""
        by_use = self.output
        by_cost = self.intermediate.sum(axis=(0, 1)) + self.taxes + self.value_added
        # Cells with hardly any output are judged against a millionth of the region's output.
        size = np.maximum(by_use, 1e-6 * by_use.sum(axis=1, keepdims=True))
        gap = np.abs(by_use - by_cost) / np.where(size > 0, size, 1.0)
        at = np.unravel_index(int(np.argmax(gap)), gap.shape)
        balance = abs(self.deficit.sum()) / by_use.sum()
        return (
            Identity(
                "output",
                "output by use equals output by cost",
                float(gap[at]),
                self._place("value_added", at),
            ),
            Identity("trade", "world imports equal world exports", float(balance), "the world"),
        )

    def relative_errors(self) -> Float[np.ndarray, "i k i ju"] | None:
        """Relative error of every cell, sectors then final uses [i,k,n,j+u]; see `Doubt`.

        Nothing if the world does not say how wrong it may be.
        """
        if self.doubt is None:
            return None
        uses = np.concatenate([self.intermediate, self.final], axis=3)
        goods = tuple(is_good(self.isic.get(sector, ())) for sector in self.sectors)
        return self.doubt.cells(uses, self.regions, goods, self.final_uses)

    @classmethod
    def from_pymrio(cls, iosystem: Any, **details: Any) -> World:
        """Build a world from a `pymrio.IOSystem`; see `zizhu.world.from_pymrio.from_pymrio`."""
        from zizhu.world.from_pymrio import from_pymrio

        return from_pymrio(iosystem, **details)

    @classmethod
    def load(cls, path: str | Path) -> World:
        """Read a world file; see `zizhu.world.store.load`."""
        from zizhu.world.store import load

        return load(path)

    def save(self, path: str | Path) -> Path:
        """Write a world file; see `zizhu.world.store.save`."""
        from zizhu.world.store import save

        return save(self, path)

    def aggregate(
        self,
        *,
        regions: Mapping[str, Sequence[str]] | None = None,
        sectors: Mapping[str, Sequence[str]] | None = None,
    ) -> World:
        """Sum to groups of regions and sectors; see `zizhu.world.aggregate.aggregate`."""
        from zizhu.world.aggregate import aggregate

        return aggregate(self, regions=regions, sectors=sectors)

    def region_name(self, region: str) -> str:
        """Long name of a region, or its code."""
        return self.region_names.get(region, region)

    def sector_name(self, sector: str) -> str:
        """Long name of a sector, or its code."""
        return self.sector_names.get(sector, sector)


def _kept(what: str, values: Any) -> Table:
    """A table in double precision, rows in sequence, not to be written to; a copy where needed."""
    table = np.asarray(values)
    if not (np.issubdtype(table.dtype, np.integer) or np.issubdtype(table.dtype, np.floating)):
        raise WorldError(f"{what} holds {table.dtype}, real numbers are right")
    if table.dtype != np.float64 or not table.flags.c_contiguous or not _is_fixed(table):
        table = np.array(table, dtype=np.float64, order="C")
        table.flags.writeable = False
    return table


def _is_fixed(table: Table) -> bool:
    """Whether nobody can write to it: neither here nor where it is a view of."""
    owner: Any = table
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return False
        owner = owner.base
    return owner is None
