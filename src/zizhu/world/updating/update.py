"""Bringing a table to new margins: a new year, a region corrected, trade from another source.

Sales between sectors and to final uses are scaled jointly by `zizhu.world.ras.fit` to every margin
(`zizhu.world.updating.margins`). Tariffs and the rates of other taxes stay; value added is what is
left.

Value added and GDP are not sums of sales, and so become two margins of their producer: output and
purchases of inputs, whose difference less taxes is the value wanted. Where output is given, or
follows from sales that are given, it is that one. Otherwise the share of value added in output
stays, at the level of the row: of the sector for `value_added`, of the region for `gdp`. Taxes
move with the mix of inputs, so that the purchases wanted follow from the table as it is scaled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError, short
from zizhu.world.ras import EXACT, Fit, Margin, fit
from zizhu.world.updating.agreement import SAME, Array, check_agreement, sides
from zizhu.world.updating.margins import BOTH_SIDES, OUTPUT, SALES, Wanted, check
from zizhu.world.updating.value_added import Residual, Taxes, input_margin, residuals_of
from zizhu.world.world import World

# Relative: value added that is further from what is wanted was not reached.
_MISSED = 1e-8
# Scaling that has not come nearer between these passes never will.
_HALF, _PATIENCE = 1_000, 2_000

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Update:
    """An updated world and how it came about.

    moved   half the sum of absolute changes of the cells' shares in the table: what moved beyond
            growth of the whole
    growth  of the table's total, as a fraction
    gaps    by margin, sum of absolute gaps as a share of the sum wanted
    passes  of the scaling
    """

    world: World
    moved: float
    growth: float
    gaps: Mapping[str, float]
    passes: int


def update(
    world: World,
    rows: Sequence[Wanted],
    *,
    year: int | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Update:
    """Scale a world to margins; see `zizhu.world.updating.margins` for what a row says.

    The new world has the given year and name (`NAME-YEAR` without one), and notes on how much
    moved and how near each margin is. `progress` is called with what is being done. Raises
    `WorldError` if margins contradict each other, want something where the table has nothing, or
    leave a producer without value added.
    """
    if year is not None and not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise WorldError(f"year: {short(year)} found; a year such as {world.year + 1} is right")
    check(world, rows)
    base = np.concatenate([world.intermediate, world.final], axis=3)
    taxes = Taxes.of(world)
    margins = _sales_margins(world, base, rows)
    residuals, implied = residuals_of(world, base, margins, rows)
    given = [*margins, *implied]
    check_agreement(world, base, given)
    inputs = [input_margin(world, taxes, residual) for residual in residuals]
    fitted = _fit(base, [*given, *inputs], progress)
    named = {margin.name: fitted.gaps[margin.name] for margin in margins}
    added, paid = _value_added(world, fitted.table, taxes)
    named.update({found.name: _gap(found, added) for found in residuals})
    table, when = fitted.table, world.year if year is None else year
    growth = float(table.sum() / base.sum() - 1)
    moved = float(np.abs(table / table.sum() - base / base.sum()).sum() / 2)
    made = replace(
        world,
        name=name or f"{world.name}-{when}",
        year=when,
        intermediate=table[..., : len(world.sectors)].copy(),
        final=table[..., len(world.sectors) :].copy(),
        value_added=added,
        taxes=paid,
        notes=(
            *world.notes,
            *_notes(world, rows, year=when, growth=growth, moved=moved, gaps=named),
        ),
        # What was published was published for the old year.
        doubt=world.doubt and replace(world.doubt, published=False),
        # A margin that names supplier and use makes origins differ by use.
        pooled_origins=world.pooled_origins and not any(row.supplier and row.use for row in rows),
    )
    return Update(made, moved, growth, named, fitted.passes)


def _sales_margins(world: World, base: Array, rows: Sequence[Wanted]) -> list[Margin]:
    """One margin for all rows that fill the same columns with the same weight."""
    grouped: dict[str, list[Wanted]] = {}
    for row in rows:
        if row.margin in (SALES, OUTPUT):
            grouped.setdefault(row.name, []).append(row)
    uses = (*world.sectors, *world.final_uses)
    places = [
        {label: at for at, label in enumerate(labels)}
        for labels in (world.regions, world.sectors, world.regions, uses)
    ]
    side = {label: at for at, label in enumerate(BOTH_SIDES)}
    found = []
    for name, members in grouped.items():
        axes = tuple(axis for axis in range(4) if members[0].labels[axis])
        by_side = members[0].use in BOTH_SIDES
        shape = tuple(2 if axis == 3 and by_side else base.shape[axis] for axis in axes)
        target = np.full(shape, np.nan)
        margin = Margin(
            name,
            axes,
            target,
            {3: sides(len(world.sectors), base.shape[3])} if by_side else {},
            members[0].weight,
            "; ".join(dict.fromkeys(row.source for row in members if row.source)),
        )
        sums = margin.sums(base)
        for row in members:
            at = tuple(
                (side if axis == 3 and by_side else places[axis])[row.labels[axis]] for axis in axes
            )
            if row.value > 0 and sums[at] <= 0:
                raise WorldError(
                    f"{row.what} is to be {row.value:g}, but the table has nothing there that "
                    "could be scaled"
                )
            target[at] = row.value
        found.append(margin)
    return found


def _fit(base: Array, margins: Sequence[Margin], progress: Progress | None) -> Fit:
    """Scale, and give up early where passes stop to come nearer."""
    changes: dict[int, float] = {}

    def report(number: int, change: float) -> None:
        changes[number] = change
        if progress is not None and number % 10 == 1:
            progress(f"scaling, pass {number}, factors change by {change:.0e}")

    try:
        # Where margins contradict each other, factors may grow until they are no numbers.
        with np.errstate(over="raise"):
            try:
                return fit(base, margins, most_passes=_PATIENCE, progress=report)
            except WorldError:
                if changes.get(_PATIENCE, np.inf) > 0.9 * changes.get(_HALF, 0.0):
                    raise
            return fit(base, margins, progress=report)
    except FloatingPointError as error:
        raise WorldError(
            f"margins: factors grow without end after {len(changes)} passes, so that the exact "
            "margins contradict each other; give one of them a weight below 1"
        ) from error
    except WorldError as error:
        text = str(error).removeprefix("RAS").lstrip(":, ")
        raise WorldError(f"margins: {text}; give one of them a weight below 1") from error


def _value_added(
    world: World, table: Array, taxes: Taxes
) -> tuple[Float[np.ndarray, "n j"], Float[np.ndarray, "n j"]]:
    """What is left to the producers, and the taxes that they pay."""
    output, paid = table.sum(axis=(2, 3)), taxes.paid(table)
    inputs = table[..., : len(world.sectors)].sum(axis=(0, 1))
    added = output - inputs - paid
    share = np.divide(added, output, out=np.zeros_like(added), where=output > 0)
    worst = tuple(map(int, np.unravel_index(int(np.argmin(share)), share.shape)))
    if added[worst] < -SAME * output[worst]:
        raise WorldError(
            f"margins: value added of {world.regions[worst[0]]} {world.sectors[worst[1]]} would be "
            f"{added[worst]:.6g}, output {output[worst]:.6g} less inputs {inputs[worst]:.6g} and "
            f"taxes {paid[worst]:.6g}; raise its output, or give its value added"
        )
    return np.maximum(added, 0.0), paid


def _gap(residual: Residual, added: Float[np.ndarray, "n j"]) -> float:
    """How far value added is from what is wanted, as a share of it."""
    missed = float(np.nansum(np.abs(residual.level(added) - residual.wanted)))
    gap = missed / max(float(np.nansum(residual.wanted)), 1e-300)
    if residual.weight == EXACT and gap > _MISSED:
        raise WorldError(
            f"margins: {residual.name} is missed by {100 * gap:.2g} percent, because there are no "
            "inputs that could be scaled; give the output of these producers as well"
        )
    return gap


def _notes(
    world: World,
    rows: Sequence[Wanted],
    *,
    year: int,
    growth: float,
    moved: float,
    gaps: Mapping[str, float],
) -> list[str]:
    notes = [
        f"updated from {world.name} ({world.year}) to {len(rows)} sums of {year}: the table's "
        f"total changed by {100 * growth:+.2f} percent, {100 * moved:.2f} percent of it moved "
        "between cells; tariffs and the rates of other taxes on products are unchanged"
    ]
    for margin, gap in gaps.items():
        members = [row for row in rows if row.name == margin]
        sources = "; ".join(dict.fromkeys(row.source for row in members if row.source))
        after = f"; source: {sources}" if sources else ""
        notes.append(
            f"margin {margin}: {len(members)} sums, missed by {100 * gap:.2g} percent{after}"
        )
    return notes
