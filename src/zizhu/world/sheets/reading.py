"""Reading a table of the user's own, a folder of csv files (see `layout`), as a world."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError, quoted
from zizhu.world.negatives import also, without_negatives
from zizhu.world.sheets.layout import COLUMNS, FLOWS, TARIFFS, TAXES, VALUE_ADDED, files_of
from zizhu.world.sheets.merging import merged
from zizhu.world.sheets.numbers import COMMA, POINT
from zizhu.world.sheets.rows import LongTable, Progress, read_long
from zizhu.world.sheets.settings import (
    FINAL_USE_FIELD,
    LIFT,
    SETTINGS_FILE,
    Settings,
    read_settings,
)
from zizhu.world.world import FINAL_USES, TOLERANCE, World

# A rate above this is taken for percent; `World` has the same limit.
_LARGEST_RATE = 5.0


def read_csv(folder: str | Path, *, progress: Progress | None = None) -> World:
    """Read a folder in the layout above as a world.

    Negative final uses are netted by `remove_negative_uses`, negative sales and value added by
    `lift_negatives` where the settings say so, and a note says how much. `progress`
    is called with what is being read. Raises `WorldError` naming file, line and field, what was
    found and what would be right.
    """
    place = Path(os.path.expanduser(folder))
    place = place.parent if place.name == SETTINGS_FILE else place
    paths = files_of(place)
    settings = read_settings(place / SETTINGS_FILE)
    found = {}
    for stem, path in paths.items():
        if progress is not None:
            progress(f"reading {path.name}")
        found[stem] = read_long(
            path,
            COLUMNS[stem][:-1],
            COLUMNS[stem][-1],
            progress,
            decimal=settings.decimal,
            advice=f"write decimal: {COMMA} or decimal: {POINT} in {SETTINGS_FILE}",
        )
    flows = found[FLOWS]
    if not flows.values.size:
        raise WorldError(f"{flows.path}: it has no rows")
    for column, kind in (("supplier", "region"), ("sector", "sector")):
        flows.check_labels(column, kind)
    if settings.merge:
        found, settings = merged(found, settings)
        flows = found[FLOWS]
    regions = settings.regions or tuple(flows.labels["supplier"])
    sectors = settings.sectors or tuple(flows.labels["sector"])
    uses, intermediate, final = _tables_of(flows, settings, regions, sectors)
    tariff = _tariffs_of(found.get(TARIFFS), regions, sectors)
    if progress is not None:
        progress("checking the accounts")
    notes = list(settings.notes)
    duties = (intermediate * tariff[..., None]).sum(axis=(0, 1))
    taxes = duties
    if TAXES in found:
        taxes = _by_producer(found[TAXES], regions, sectors) * settings.factor
    elif duties.any():
        notes.append("net taxes on products are the duties on inputs only")
    accounts = _Accounts(flows.path, settings, regions, sectors, intermediate, final, taxes)
    value_added = accounts.value_added(found.get(VALUE_ADDED), notes)
    shape, cells = (len(regions), len(sectors)), len(regions) * len(sectors)
    kinds = settings.divisions(sectors)
    notes += [kinds.note] if kinds.note else []
    try:
        (flat_z, flat_f, flat_va, flat_taxes), said = without_negatives(
            (
                intermediate.reshape(cells, cells),
                final.reshape(cells, -1),
                value_added.reshape(cells),
                taxes.reshape(cells),
            ),
            [f"{region} {sector}" for region in regions for sector in sectors],
            settings.negatives,
            LIFT.removeprefix("; "),
        )
        notes += said
        return World(
            name=settings.name,
            year=settings.year,
            currency=settings.currency,
            regions=regions,
            sectors=sectors,
            final_uses=uses,
            intermediate=flat_z.reshape(*shape, *shape),
            final=flat_f.reshape(*shape, len(regions), len(uses)),
            value_added=flat_va.reshape(shape),
            taxes=flat_taxes.reshape(shape),
            tariff=tariff,
            region_names=settings.region_names,
            sector_names=settings.sector_names,
            isic=kinds.divisions,
            source=settings.source,
            licence=settings.licence,
            groups=settings.groups,
            notes=tuple(notes),
            pooled_origins=settings.pooled_origins,
            doubt=settings.doubt,
        )
    except WorldError as error:
        raise WorldError(f"{place}: {error}") from error


def _tables_of(
    flows: LongTable, settings: Settings, regions: Sequence[str], sectors: Sequence[str]
) -> tuple[tuple[str, ...], Float[np.ndarray, "i k i k"], Float[np.ndarray, "i k i u"]]:
    """Final uses, intermediate and final table, in millions."""
    words = settings.use_words
    both = [word for word in words if word in sectors]
    if both:
        raise WorldError(
            f"{flows.path}: {quoted(both[0])} is a sector and a final use; rename the sector, or "
            "the "
            f"final use with {FINAL_USE_FIELD} in {SETTINGS_FILE}"
        )
    columns = [*sectors, *words]
    shape = (len(regions), len(sectors), len(regions), len(columns))
    index = (
        flows.at("supplier", regions, "region"),
        flows.at("sector", sectors, "sector"),
        flows.at("user", regions, "region"),
        flows.at("use", columns, "use"),
    )
    flows.check_unique(np.ravel_multi_index(index, shape))
    wrong = np.flatnonzero((flows.values < 0) & (index[3] < len(sectors)))
    if wrong.size and not settings.lifts:
        row = int(wrong[0])
        raise WorldError(
            f"{flows.path}, line {flows.lines[row]}: {flows.row(row)} is {flows.values[row]:g}; "
            "sales to a sector cannot be negative (only final uses can, as inventories run down)"
            + also([f"line {flows.lines[at]}" for at in wrong[1:]])
            + LIFT
        )
    table = np.zeros(shape)
    table[index] = flows.values * settings.factor
    present = {words[word] for word in flows.labels["use"] if word in words}
    uses = settings.final_uses or tuple(use for use in FINAL_USES if use in present)
    if not uses:
        raise WorldError(
            f"{flows.path}: no sales to a final use; use one of {', '.join(words)} in field use"
        )
    final = np.zeros((*shape[:3], len(uses)))
    for place, use in enumerate(words.values()):
        if use in uses:
            final[..., uses.index(use)] += table[..., len(sectors) + place]
    return uses, table[..., : len(sectors)].copy(), final


def _by_producer(
    rows: LongTable, regions: Sequence[str], sectors: Sequence[str]
) -> Float[np.ndarray, "i k"]:
    index = (rows.at("region", regions, "region"), rows.at("sector", sectors, "sector"))
    shape = (len(regions), len(sectors))
    rows.check_unique(np.ravel_multi_index(index, shape))
    table = np.zeros(shape)
    table[index] = rows.values
    return table


def _tariffs_of(
    rows: LongTable | None, regions: Sequence[str], sectors: Sequence[str]
) -> Float[np.ndarray, "i k i"]:
    shape = (len(regions), len(sectors), len(regions))
    table = np.zeros(shape)
    if rows is None:
        return table
    index = (
        rows.at("supplier", regions, "region"),
        rows.at("sector", sectors, "sector"),
        rows.at("user", regions, "region"),
    )
    rows.check_unique(np.ravel_multi_index(index, shape))
    rate = rows.values
    # Many rates above one are percent as well: no schedule has 100 percent as its usual rate.
    usual = np.median(rate[rate > 0]) if (rate > 0).any() else 0.0
    own = (index[0] == index[2]) & (rate != 0)
    for wrong, why in (
        ((rate > _LARGEST_RATE) | ((rate > 1) & (usual > 1)), "looks like percent; write 0.25"),
        (rate <= -1, "is no tariff; write a fraction above -1, such as 0.25"),
        (own, "is on own sales, which carry none; remove the row or write 0"),
    ):
        if wrong.any():
            row = int(np.argmax(wrong))
            end = " for 25 percent" if why.endswith("0.25") else ""
            raise WorldError(
                f"{rows.path}, line {rows.lines[row]}, field rate: {rate[row]:g} for "
                f"{rows.row(row)} {why}{end}"
            )
    table[index] = rate
    return table


@dataclass(frozen=True)
class _Accounts:
    """The accounts of the producers as far as the files give them, in millions."""

    flows: Path
    settings: Settings
    regions: Sequence[str]
    sectors: Sequence[str]
    intermediate: Float[np.ndarray, "i k i k"]
    final: Float[np.ndarray, "i k i u"]
    taxes: Float[np.ndarray, "i k"]

    def value_added(self, rows: LongTable | None, notes: list[str]) -> Float[np.ndarray, "i k"]:
        """Value added as given and checked, or what is left; adds to `notes`."""
        output = self.intermediate.sum(axis=(2, 3)) + self.final.sum(axis=(2, 3))
        inputs = self.intermediate.sum(axis=(0, 1))
        left = output - inputs - self.taxes
        size = np.maximum(np.abs(output), 1e-6 * np.abs(output).sum(axis=1, keepdims=True))
        size = np.where(size > 0, size, 1.0)
        given = left if rows is None else self._given(rows)
        wrong = -left / size if rows is None else np.abs(left - given) / size
        at = divmod(int(np.argmax(wrong)), len(self.sectors))
        sums = [table[at] / self.settings.factor for table in (output, inputs, self.taxes, left)]
        text = (
            f"{self.regions[at[0]]} {self.sectors[at[1]]}: sales of {sums[0]:.6g} less inputs of "
            f"{sums[1]:.6g} and taxes of {sums[2]:.6g} leave {sums[3]:.6g}"
        )
        if rows is None:
            bad = np.argwhere(wrong > TOLERANCE)
            if len(bad) and not self.settings.lifts:
                places = [f"{self.regions[i]} {self.sectors[k]}" for i, k in bad if (i, k) != at]
                raise WorldError(
                    f"{self.flows}, {text}, and value added cannot be negative{also(places)}{LIFT}"
                )
            notes.append("value added is output less inputs and taxes")
            return np.asarray(np.where(wrong > TOLERANCE, left, np.maximum(left, 0.0)))
        if wrong[at] > max(self.settings.rounding, TOLERANCE):
            raise WorldError(
                f"{rows.path}, {text}, but value added is {given[at] / self.settings.factor:.6g}, "
                f"off by {100 * wrong[at]:.3g} percent of output; correct it, or leave the file "
                f"out to take what is left, or set rounding above {wrong[at]:.2g} in "
                f"{SETTINGS_FILE}"
            )
        if wrong[at] > TOLERANCE:
            # What rounding left goes where no other account hangs on it.
            notes.append(
                f"value added takes up rounding of at most {100 * wrong[at]:.2g} percent of output "
                f"(in {self.regions[at[0]]} {self.sectors[at[1]]})"
            )
            return np.asarray(left if self.settings.lifts else np.maximum(left, 0.0))
        return given

    def _given(self, rows: LongTable) -> Float[np.ndarray, "i k"]:
        wrong = np.flatnonzero(rows.values < 0)
        if wrong.size and not self.settings.lifts:
            row = int(wrong[0])
            raise WorldError(
                f"{rows.path}, line {rows.lines[row]}, field value: {rows.values[row]:g} for "
                f"{rows.row(row)}; value added cannot be negative"
                + also([f"line {rows.lines[at]}" for at in wrong[1:]])
                + LIFT
            )
        return _by_producer(rows, self.regions, self.sectors) * self.settings.factor
