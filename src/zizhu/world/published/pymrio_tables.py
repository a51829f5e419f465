"""The tables of a `pymrio.IOSystem` as arrays: labels, merging before any check, final uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.world.published.final_use_codes import DISCREPANCY, TOTAL
from zizhu.world.published.final_uses import DROP, meanings, why_not_a_use
from zizhu.world.world import FINAL_USES

PLACE = "pymrio system"
# A discrepancy above this share of final use is more than a discrepancy.
_LARGEST_DISCREPANCY = 0.01


@dataclass(frozen=True)
class Labels:
    """Labels of the system: as pymrio has them in `cells`, and as text."""

    cells: list[tuple[Any, Any]]
    regions: tuple[str, ...]
    sectors: tuple[str, ...]


def labels_of(z: Any) -> Labels:
    """Labels of a square table; raises `WorldError` unless regions all have the same sectors."""
    if not z.index.equals(z.columns):
        raise WorldError(f"{PLACE}: rows and columns of Z are labelled differently")
    regions = list(dict.fromkeys(z.index.get_level_values(0)))
    sectors = list(dict.fromkeys(z.index.get_level_values(1)))
    cells = [(region, sector) for region in regions for sector in sectors]
    if len(z.index) != len(cells):
        raise WorldError(
            f"{PLACE}: {len(z.index)} rows are not {len(regions)} regions times {len(sectors)} "
            "sectors"
        )
    if not z.index.is_unique or len(z.index.intersection(cells)) != len(cells):
        raise WorldError(f"{PLACE}: a row is there twice, or a region lacks a sector of another")
    return Labels(cells, tuple(map(str, regions)), tuple(map(str, sectors)))


class Merge:
    """Sums over groups of regions and sectors, of tables with rows or columns by producer."""

    def __init__(
        self,
        own: Labels,
        regions: Mapping[str, Sequence[str]] | None,
        sectors: Mapping[str, Sequence[str]] | None,
    ) -> None:
        members = {label: (label,) for label in own.regions} if regions is None else regions
        self.sector_members = (
            {label: (label,) for label in own.sectors} if sectors is None else sectors
        )
        self.own = own
        self.changed = regions is not None or sectors is not None
        self.regions, self.sectors = tuple(members), tuple(self.sector_members)
        self.names = [f"{region} {sector}" for region in self.regions for sector in self.sectors]
        self.region_at = {one: at for at, old in enumerate(members.values()) for one in old}
        sector_at = {one: at for at, old in enumerate(self.sector_members.values()) for one in old}
        self._cells = np.array(
            [
                self.region_at[region] * len(self.sectors) + sector_at[sector]
                for region in own.regions
                for sector in own.sectors
            ]
        )

    def rows(self, table: Float[np.ndarray, "old f"]) -> Float[np.ndarray, "new f"]:
        """Rows of producers summed to those of the groups."""
        if not self.changed:
            return np.ascontiguousarray(table)
        summed = np.zeros((len(self.names), table.shape[1]))
        np.add.at(summed, self._cells, table)
        return summed

    def columns(self, table: Any) -> Float[np.ndarray, "r new"]:
        """A table with columns by producer, summed over those of the groups, in its own unit."""
        found = table.reindex(columns=self.own.cells).to_numpy(dtype=float)
        return np.ascontiguousarray(self.rows(found.T).T)

    def both(self, table: Any, factor: float) -> Float[np.ndarray, "new new"]:
        """A square table summed over rows and columns, in millions."""
        rows = self.rows(table.to_numpy(dtype=float) * factor)
        return np.ascontiguousarray(self.rows(rows.T).T)


def final_uses(
    y: Any,
    merged: Merge,
    chosen: Mapping[str, str],
    factor: float,
    notes: list[str],
) -> Float[np.ndarray, "s n u"]:
    """Final uses by producer and region, in millions; adds to `notes` how columns were read.

    Raises `WorldError` for columns that are not known, and for exports and large discrepancies.
    """
    own = merged.own
    if len(y.index) != len(own.cells) or len(y.index.intersection(own.cells)) != len(own.cells):
        raise WorldError(f"{PLACE}: rows of Y are labelled differently from those of Z")
    if y.columns.nlevels < 2:
        raise WorldError(
            f"{PLACE}: columns of Y have no categories of final use; labels such as (region, "
            "category) are right"
        )
    rows = merged.rows(y.reindex(index=own.cells).to_numpy(dtype=float) * factor)
    columns = [(str(region), str(category)) for region, category in y.columns]
    categories = tuple(dict.fromkeys(category for _, category in columns))
    # A column that holds nothing (exports of a closed world) need not be known.
    held = {columns[at][1] for at in np.flatnonzero((rows != 0).any(axis=0))}
    known, read = meanings(categories, chosen, PLACE, held)
    final = np.zeros((len(merged.names), len(merged.regions), len(FINAL_USES)))
    left_out: dict[str, float] = {}
    for at, (region, category) in enumerate(columns):
        meaning = known.get(category)
        if meaning in FINAL_USES:
            if region not in merged.region_at:
                raise WorldError(
                    f"{PLACE}: column {region} {category} of Y has a region that Z does not have"
                    f"{did_you_mean(region, own.regions)}"
                )
            final[:, merged.region_at[region], FINAL_USES.index(meaning)] += rows[:, at]
        elif meaning is not None:
            left_out[category] = left_out.get(category, 0.0) + float(np.abs(rows[:, at]).sum())
    size = float(np.abs(final).sum())
    for category, amount in left_out.items():
        notes.append(_left_out(category, known[category], amount / size if size else np.inf))
    grouped = {use: [c for c in read if known[c] == use] for use in FINAL_USES}
    notes += [f"final use {use}: {', '.join(found)}" for use, found in grouped.items() if found]
    return final


def _left_out(category: str, meaning: str, share: float) -> str:
    """What is left out of Y, for the notes; refused unless it is meant, a total or small."""
    size = f"{100 * share:.2g} percent of final use"
    small = meaning == DISCREPANCY and share <= _LARGEST_DISCREPANCY
    if not (meaning in (DROP, TOTAL) or small):
        raise WorldError(
            f"{PLACE}: category {quoted(category)} of Y holds {size}; "
            f"{why_not_a_use(meaning, category)}"
        )
    what = "" if meaning == DROP else f", a {meaning},"
    return f"category {quoted(category)} of Y{what} left out: {size}"
