"""Merging regions and sectors of a table of the user's own before anything of it is checked.

Published tables have parts that fail alone and hold together: China's processing exports beside the
rest of China, activities with negative value added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.world.aggregate import with_the_rest
from zizhu.world.sheets.layout import FLOWS, TARIFFS
from zizhu.world.sheets.rows import LongTable
from zizhu.world.sheets.settings import Settings

_REGION_COLUMNS = ("supplier", "user", "region")
Groups = dict[str, list[str]]


def merged(
    tables: Mapping[str, LongTable], settings: Settings
) -> tuple[dict[str, LongTable], Settings]:
    """Tables and settings in the labels that `merge` asks for.

    Rows of merged labels are summed; tariffs are averaged with sales as weights, and those between
    merged regions are none. What the settings say of labels is of those before merging; groups are
    of those after. Raises `WorldError` for a label that is unknown or merged twice.
    """
    flows, place = tables[FLOWS], f"{settings.path}, merge"
    regions = settings.regions or tuple(flows.labels["supplier"])
    sectors = settings.sectors or tuple(flows.labels["sector"])
    wanted: dict[str, Groups] = {"region": {}, "sector": {}}
    for new, members in settings.merge.items():
        wanted[_kind(place, members, regions, sectors)][new] = list(members)
    region_groups = with_the_rest("region", regions, wanted["region"], place)
    sector_groups = with_the_rest("sector", sectors, wanted["sector"], place)
    new_region = _new_labels(regions, region_groups)
    new_sector = _new_labels(sectors, sector_groups)
    found = {
        name: _summed(table, new_region, new_sector)
        for name, table in tables.items()
        if name != TARIFFS
    }
    if TARIFFS in tables:
        found[TARIFFS] = _averaged(tables[TARIFFS], flows, new_region, new_sector)
    kinds = settings.divisions(sectors)
    divisions: dict[str, tuple[int, ...]] = {}
    for sector, label in new_sector.items():
        held = kinds.divisions.get(sector, ())
        divisions[label] = tuple(sorted({*divisions.get(label, ()), *held}))
    note = f"merged from {len(regions)} regions and {len(sectors)} sectors before it was checked"
    return found, replace(
        settings,
        regions=tuple(dict.fromkeys(new_region.values())),
        sectors=tuple(dict.fromkeys(new_sector.values())),
        isic=divisions,
        classification=None,
        notes=(*settings.notes, *([kinds.note] if kinds.note else []), note),
    )


def _kind(
    place: str, members: Sequence[str], regions: Sequence[str], sectors: Sequence[str]
) -> str:
    for kind, labels, others in (("region", regions, sectors), ("sector", sectors, regions)):
        if set(members) <= set(labels):
            if set(members) <= set(others):
                raise WorldError(f"{place}: {quoted(members[0])} is a region and a sector")
            return kind
    known = (*regions, *sectors)
    wrong = next((one for one in members if one not in known), None)
    if wrong is None:
        raise WorldError(
            f"{place}: {', '.join(members)} are regions and sectors; one kind is right"
        )
    raise WorldError(
        f"{place}: {quoted(wrong)} is no region and no sector{did_you_mean(wrong, known)}"
    )


def _new_labels(labels: Sequence[str], groups: Groups | None) -> dict[str, str]:
    new_of = {old: new for new, members in (groups or {}).items() for old in members}
    return {label: new_of.get(label, label) for label in labels}


def _relabelled(
    table: LongTable, new_region: Mapping[str, str], new_sector: Mapping[str, str]
) -> LongTable:
    """The same rows in new labels; a label that no table names stays and is refused later."""
    labels, first, codes = {}, {}, {}
    for column, old in table.labels.items():
        new_of = new_region if column in _REGION_COLUMNS else new_sector
        new = [new_of.get(label, label) for label in old]
        labels[column] = list(dict.fromkeys(new))
        place = {label: at for at, label in enumerate(labels[column])}
        first[column] = [table.first[column][new.index(label)] for label in labels[column]]
        codes[column] = np.array([place[label] for label in new], dtype=np.int64)[
            table.codes[column]
        ]
    return replace(table, labels=labels, first=first, codes=codes)


def _cells(table: LongTable) -> np.ndarray:
    shape = tuple(len(labels) for labels in table.labels.values())
    return np.asarray(np.ravel_multi_index(tuple(table.codes.values()), shape))


def _summed(
    table: LongTable, new_region: Mapping[str, str], new_sector: Mapping[str, str]
) -> LongTable:
    """Rows of one cell added up; a cell with two rows before merging is refused as ever."""
    table.check_unique(_cells(table))
    new = _relabelled(table, new_region, new_sector)
    _, at, row_of = np.unique(_cells(new), return_index=True, return_inverse=True)
    return replace(
        new,
        codes={column: codes[at] for column, codes in new.codes.items()},
        values=np.bincount(row_of, weights=table.values, minlength=len(at)),
        lines=table.lines[at],
    )


def _averaged(
    rates: LongTable,
    flows: LongTable,
    new_region: Mapping[str, str],
    new_sector: Mapping[str, str],
) -> LongTable:
    """Tariffs of merged cells: duties over sales."""
    rates.check_unique(_cells(rates))
    regions, sectors = list(new_region), list(new_sector)
    shape = (len(regions), len(sectors), len(regions))
    index = tuple(
        np.ravel_multi_index(
            (
                table.at("supplier", regions, "region"),
                table.at("sector", sectors, "sector"),
                table.at("user", regions, "region"),
            ),
            shape,
        )
        for table in (flows, rates)
    )
    sales = np.bincount(index[0], weights=flows.values, minlength=int(np.prod(shape)))
    r, s = (
        np.array([list(dict.fromkeys(new.values())).index(one) for one in new.values()])
        for new in (new_region, new_sector)
    )
    i, k, n = np.unravel_index(np.arange(len(sales)), shape)
    small = (r.max() + 1, s.max() + 1, r.max() + 1)
    to = np.ravel_multi_index((r[i], s[k], r[n]), small)
    whole: Float[np.ndarray, " cells"] = np.bincount(to, weights=sales)
    # Between merged regions there is none; one on own sales stays, to be refused as ever.
    i, _, n = np.unravel_index(index[1], shape)
    kept = np.flatnonzero((r[i] != r[n]) | (i == n))
    rates = replace(
        rates,
        codes={column: codes[kept] for column, codes in rates.codes.items()},
        values=rates.values[kept],
        lines=rates.lines[kept],
    )
    old = index[1][kept]
    summed = _relabelled(rates, new_region, new_sector)
    _, at, row_of = np.unique(_cells(summed), return_index=True, return_inverse=True)
    duties = np.bincount(row_of, weights=rates.values * sales[old], minlength=len(at))
    size = whole[to[old[at]]]
    # What is not traded keeps the rate of its first row: it weighs nothing.
    plain = rates.values[at]
    return replace(
        summed,
        codes={column: codes[at] for column, codes in summed.codes.items()},
        values=np.divide(duties, size, out=plain.copy(), where=size > 0),
        lines=rates.lines[at],
    )
