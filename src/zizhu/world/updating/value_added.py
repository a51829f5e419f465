"""Value added and GDP as margins: output and purchases whose difference is what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError
from zizhu.world.ras import EXACT, Margin
from zizhu.world.updating.agreement import SAME, Array, sides, summed
from zizhu.world.updating.margins import GDP, VALUE_ADDED, Wanted
from zizhu.world.world import World


@dataclass(frozen=True)
class Taxes:
    """Duties by tariff; other net taxes as a rate on inputs, or on output where there are none."""

    tariff: Float[np.ndarray, "i k n"]
    on_inputs: Float[np.ndarray, "n j"]
    on_output: Float[np.ndarray, "n j"]

    @classmethod
    def of(cls, world: World) -> Taxes:
        """The rates of a world."""
        inputs = world.intermediate.sum(axis=(0, 1))
        other = world.taxes - (world.intermediate * world.tariff[..., None]).sum(axis=(0, 1))
        on_inputs = np.divide(other, inputs, out=np.zeros_like(other), where=inputs > 0)
        rest = np.where(inputs > 0, 0.0, other)
        on_output = np.divide(rest, world.output, out=np.zeros_like(rest), where=world.output > 0)
        return cls(world.tariff, on_inputs, on_output)

    def paid(self, table: Array) -> Float[np.ndarray, "n j"]:
        """Net taxes on products at the rates, duties included."""
        bought = table[..., : table.shape[1]]
        duties = (bought * self.tariff[..., None]).sum(axis=(0, 1))
        return np.asarray(
            duties
            + self.on_inputs * bought.sum(axis=(0, 1))
            + self.on_output * table.sum(axis=(2, 3))
        )


@dataclass(frozen=True)
class Residual:
    """Margins for the value added of producers, at the level of a sector or of a region.

    wanted   value added [n,j], or GDP [n]; not-a-number where it is free
    output   output to go with it; not-a-number where the table's own output is used
    """

    name: str
    axes: tuple[int, ...]
    wanted: Array
    output: Array
    weight: float

    def level(self, by_producer: Float[np.ndarray, "n j"]) -> Array:
        """A quantity by producer, summed to the level."""
        return by_producer if len(self.axes) == 2 else by_producer.sum(axis=1)


def residuals_of(
    world: World, base: Array, margins: Sequence[Margin], rows: Sequence[Wanted]
) -> tuple[list[Residual], list[Margin]]:
    """What value added and GDP ask for, and the output margins that go with it."""
    found: list[Residual] = []
    implied: list[Margin] = []
    cells = np.full((len(world.regions), len(world.sectors)), np.nan)
    for row in rows:
        if row.margin == VALUE_ADDED:
            cells[world.regions.index(row.supplier), world.sectors.index(row.sector)] = row.value
    whole = np.where(np.isnan(cells) & (world.value_added == 0), 0.0, cells).sum(axis=1)
    for kind, axes in ((VALUE_ADDED, (0, 1)), (GDP, (0,))):
        members = [row for row in rows if row.margin == kind]
        if kind == GDP:
            members = [row for row in members if not _is_sum(world, row, whole)]
        for weight in dict.fromkeys(row.weight for row in members):
            some = [row for row in members if row.weight == weight]
            residual = _residual(world, base, margins, some, axes)
            found.append(residual)
            follows = np.where(_given_output(base, margins, axes), np.nan, residual.output)
            if not np.isnan(follows).all():
                name = f"output that goes with {residual.name}"
                implied.append(Margin(name, axes, follows, {}, weight))
    return found, implied


def _is_sum(world: World, row: Wanted, whole: Float[np.ndarray, " n"]) -> bool:
    """Whether a GDP is the sum of value added that is given in full; it must then agree."""
    total = whole[world.regions.index(row.supplier)]
    if np.isnan(total):
        return False
    if abs(total - row.value) > SAME * max(total, row.value):
        raise WorldError(
            f"{row.what} is {row.value:.10g}, but the value added given for its sectors sums to "
            f"{total:.10g}; make them agree"
        )
    return True


def _residual(
    world: World,
    base: Array,
    margins: Sequence[Margin],
    rows: Sequence[Wanted],
    axes: tuple[int, ...],
) -> Residual:
    shape = base.shape[: len(axes)]
    wanted, output = np.full(shape, np.nan), np.full(shape, np.nan)
    fixed = _fixed_output(base, margins, axes)
    loose = _given_output(base, margins, axes)
    now_output = base.sum(axis=tuple(range(len(axes), 4)))
    now_added = world.value_added if len(axes) == 2 else world.gdp
    for row in rows:
        at: tuple[int, ...] = (world.regions.index(row.supplier),)
        at += (world.sectors.index(row.sector),) if len(axes) == 2 else ()
        wanted[at] = row.value
        if not np.isnan(fixed[at]):
            output[at] = fixed[at]
        elif not loose[at]:
            if now_added[at] <= 0 and row.value > 0:
                raise WorldError(
                    f"{row.what} is to be {row.value:g}, but the table has none there whose share "
                    "in output could be kept; give the output as well"
                )
            share = row.value / now_added[at] if now_added[at] > 0 else 1.0
            output[at] = now_output[at] * share
        if row.value > output[at] * (1 + SAME):
            raise WorldError(
                f"{row.what} is to be {row.value:.8g}, more than its output of {output[at]:.8g}"
            )
    return Residual(rows[0].name, axes, wanted, output, rows[0].weight)


def _fixed_output(base: Array, margins: Sequence[Margin], axes: tuple[int, ...]) -> Array:
    """Output that exact margins determine, not-a-number elsewhere."""
    found = np.full(base.shape[: len(axes)], np.nan)
    for margin in margins:
        if margin.weight == EXACT and set(axes) <= set(margin.axes):
            sums = summed(margin, base, axes)[0]
            found = np.where(np.isnan(found), sums, found)
    return found


def _given_output(base: Array, margins: Sequence[Margin], axes: tuple[int, ...]) -> np.ndarray:
    """Where output is determined by exact margins, or is itself to be fitted."""
    found = ~np.isnan(_fixed_output(base, margins, axes))
    for margin in margins:
        if margin.axes == axes:
            found |= ~np.isnan(margin.wanted(base))
    return np.asarray(found)


def input_margin(world: World, taxes: Taxes, residual: Residual) -> Margin:
    """The margin that holds purchases of inputs to what leaves the value added wanted.

    Its target follows from the table: at the tax rates of its mix of inputs, and at its output
    where none is given. Final uses stay free.
    """
    sectors, uses = len(world.sectors), len(world.sectors) + len(world.final_uses)

    def purchases(table: np.ndarray) -> np.ndarray:
        inputs = residual.level(table[..., :sectors].sum(axis=(0, 1)))
        cost = inputs + residual.level(taxes.paid(table))
        output = residual.level(table.sum(axis=(2, 3)))
        left = np.where(np.isnan(residual.output), output, residual.output) - residual.wanted
        share = np.divide(inputs, cost, out=np.zeros_like(inputs), where=cost > 0)
        wanted = np.maximum(left, 0.0) * share
        if len(residual.axes) == 1:
            return np.stack([wanted, np.full_like(wanted, np.nan)], axis=-1)
        column = np.full((wanted.shape[0], uses), np.nan)
        column[:, :sectors] = wanted
        return column

    groups = {3: sides(sectors, uses)} if len(residual.axes) == 1 else {}
    name = f"inputs that go with {residual.name}"
    return Margin(name, (2, 3), purchases, groups, residual.weight)
