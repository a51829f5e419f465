"""Negative cells of published tables: the documented rules that lift them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError


def remove_negative_uses(
    intermediate: Float[np.ndarray, "s s"],
    final: Float[np.ndarray, "s f"],
    value_added: Float[np.ndarray, " s"],
    taxes: Float[np.ndarray, " s"],
) -> tuple[
    Float[np.ndarray, "s s"],
    Float[np.ndarray, "s f"],
    Float[np.ndarray, " s"],
    Float[np.ndarray, " s"],
    float,
]:
    """Set negative final uses (inventory run-downs) to zero and rebuild output around the rest.

    Output follows from the Leontief inverse, x = (I - A)^-1 f, with cost shares kept: the rule of
    Costinot and Rodriguez-Clare (2014). Rows and columns run over (region, sector). Returns the
    four tables and the value removed as a share of final use.
    """
    negative = np.minimum(final, 0.0)
    if not negative.any():
        return intermediate, final, value_added, taxes, 0.0
    kept = final - negative
    output = intermediate.sum(axis=1) + final.sum(axis=1)
    shares = np.divide(
        intermediate, output[None, :], out=np.zeros_like(intermediate), where=output[None, :] > 0
    )
    rebuilt = np.linalg.solve(np.eye(len(output)) - shares, kept.sum(axis=1))
    growth = np.divide(rebuilt, output, out=np.ones_like(output), where=output > 0)
    removed = float(-negative.sum() / kept.sum())
    return shares * rebuilt[None, :], kept, value_added * growth, taxes * growth, removed


# What `negatives` may say where a table is read.
REFUSE, ZERO = "refuse", "zero"
CHOICES = (REFUSE, ZERO)
# Cells named in one sentence.
_SHOWN = 4


@dataclass(frozen=True)
class Lifted:
    """A table without negative cells, and what that took.

    cells   negative sales to sectors and value added that were set to zero
    zeroed  their sum, as a share of output
    uses    negative final uses that were set to zero, as a share of output
    moved   sum over producers of the change of output in absolute terms, as a share of output
    """

    intermediate: Float[np.ndarray, "s s"]
    final: Float[np.ndarray, "s f"]
    value_added: Float[np.ndarray, " s"]
    taxes: Float[np.ndarray, " s"]
    cells: int
    zeroed: float
    uses: float
    moved: float

    @property
    def note(self) -> str:
        """What was done, in a sentence for the notes of a world."""
        return (
            f"{self.cells} negative sales and value added of {100 * self.zeroed:.2g} percent of "
            f"output and negative final uses of {100 * self.uses:.2g} percent set to zero; output, "
            "rebuilt by the Leontief inverse with the cost shares that were left, moved by "
            f"{100 * self.moved:.2g} percent"
        )


def lift_negatives(
    intermediate: Float[np.ndarray, "s s"],
    final: Float[np.ndarray, "s f"],
    value_added: Float[np.ndarray, " s"],
    taxes: Float[np.ndarray, " s"],
) -> Lifted:
    """Set every negative sale and value added to zero and rebuild output around the rest.

    With Z+, F+ and VA+ the tables whose negative cells are zero, and T net taxes, the costs of
    producer j are c[j] = sum_i Z+[i,j] + T[j] + VA+[j]. Its cost shares are a[i,j] = Z+[i,j] / c[j]
    and so on, and output is x = (I - a)^-1 F+. Columns without negative cells keep their shares, so
    that this is `remove_negative_uses` where only final uses are negative. A producer whose costs
    are not positive, but whose products are sold, has no known inputs: its output is value added.

    Rows and columns run over (region, sector). Raises `WorldError` if nothing is left to rebuild.
    """
    before = intermediate.sum(axis=1) + final.sum(axis=1)
    z, f, va = (np.maximum(table, 0.0) for table in (intermediate, final, value_added))
    costs = z.sum(axis=0) + taxes + va
    made = costs > 0
    scale = np.where(made, costs, 1.0)
    shares = np.where(made[None, :], z / scale[None, :], 0.0)
    try:
        output = np.linalg.solve(np.eye(len(before)) - shares, f.sum(axis=1))
    except np.linalg.LinAlgError as error:
        raise WorldError("negative cells: without them no value added is left anywhere") from error
    size = max(float(np.abs(before).sum()), np.finfo(float).tiny)
    return Lifted(
        intermediate=shares * output[None, :],
        final=f,
        value_added=np.where(made, va / scale, 1.0) * output,
        taxes=np.where(made, taxes / scale, 0.0) * output,
        cells=int((intermediate < 0).sum() + (value_added < 0).sum()),
        zeroed=float((z - intermediate).sum() + (va - value_added).sum()) / size,
        uses=float((f - final).sum()) / size,
        moved=float(np.abs(output - before).sum()) / size,
    )


def rounding_to_zero(
    value_added: Float[np.ndarray, " s"], output: Float[np.ndarray, " s"], tolerance: float
) -> Float[np.ndarray, " s"]:
    """Value added in which what is negative by no more than rounding of output is zero."""
    small = (value_added < 0) & (value_added >= -tolerance * np.abs(output))
    return np.where(small, 0.0, value_added)


def negative_cells(
    intermediate: Float[np.ndarray, "s s"],
    final: Float[np.ndarray, "s f"],
    value_added: Float[np.ndarray, " s"],
    names: Sequence[str],
) -> str:
    """All cells that no world can have, in one phrase; empty if there are none.

    They are negative sales to a sector, negative value added, and output that is negative, or
    nothing though the product is sold, because inventories ran down by more than was made. `names`
    are those of the producers. Negative final uses alone are lifted by `remove_negative_uses`.
    """
    output = intermediate.sum(axis=1) + final.sum(axis=1)
    sold = np.maximum(intermediate, 0.0).sum(axis=1) + np.maximum(final, 0.0).sum(axis=1)
    # Sales that cancel to the last digits are nothing.
    empty = (output <= 1e-12 * sold) & (sold > 0)
    # Real tables may have very many of them: only the lowest are put into words.
    sales = np.argwhere(intermediate < 0)
    sales = sales[np.argsort(intermediate[sales[:, 0], sales[:, 1]], kind="stable")]
    found = [
        (intermediate[i, j], f"sales of {names[i]} to {names[j]} of {intermediate[i, j]:.6g}")
        for i, j in sales[:_SHOWN].tolist()
    ]
    short = np.where(empty, np.minimum(output, 0.0), np.minimum(value_added, 0.0))
    producers = np.flatnonzero((value_added < 0) | empty)
    for j in producers[np.argsort(short[producers], kind="stable")][:_SHOWN].tolist():
        what = f"value added of {names[j]} of {value_added[j]:.6g} (output {output[j]:.6g})"
        found.append((short[j], f"output of {names[j]} of {output[j]:.6g}" if empty[j] else what))
    count = len(sales) + len(producers)
    if not count:
        return ""
    found.sort(key=lambda one: one[0])
    shown = "; ".join(text for _, text in found[:_SHOWN])
    more = f"; and {count - _SHOWN} more" if count > _SHOWN else ""
    size = -float(np.minimum(intermediate, 0.0).sum() + short[producers].sum())
    share = 100 * abs(size) / max(float(np.abs(output).sum()), np.finfo(float).tiny)
    nothing = " or be nothing beside sales" if empty.any() else ""
    cells = "1 cell" if count == 1 else f"{count} cells"
    return f"{cells} of {share:.2g} percent of output cannot be negative{nothing}: {shown}{more}"


def without_negatives(
    tables: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    names: Sequence[str],
    rule: str,
    advice: str,
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], list[str]]:
    """Intermediate, final, value added and taxes by producer without negative cells, and notes.

    `rule` is one of `CHOICES`. Raises `WorldError` naming the cells that no world can have, with
    `advice` as its end, if they are refused.
    """
    wrong = negative_cells(*tables[:3], names)
    if wrong and rule == REFUSE:
        raise WorldError(f"{wrong}; {advice}")
    if wrong:
        lifted = lift_negatives(*tables)
        found = (lifted.intermediate, lifted.final, lifted.value_added, lifted.taxes)
        return found, [lifted.note, f"before that, {wrong}"]
    z, f, va, taxes, removed = remove_negative_uses(*tables)
    if not removed:
        return (z, f, va, taxes), []
    return (z, f, va, taxes), [
        f"negative final uses of {100 * removed:.2g} percent of final use set to zero, output "
        "rebuilt by the Leontief inverse"
    ]


def also(names: Sequence[str]) -> str:
    """Further places of the same fault, a handful by name, for the end of a sentence."""
    if not names:
        return ""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"; the same in {', '.join(names[:_SHOWN])}{more}"
