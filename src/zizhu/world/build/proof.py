"""How wrong the builder is, measured where the truth is known (WIOD, 1995-2011)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from jaxtyping import Float

from zizhu.world.build.assemble import USES, Assembled, Method, assemble
from zizhu.world.build.figures import figures_of, foreign, size_of
from zizhu.world.build.ingredients import Ingredients
from zizhu.world.build.rehearsal import WITHOUT_OLD, other_edition, rehearse
from zizhu.world.build.wiod import GOODS, WiodTable, read_wiod
from zizhu.world.doubt import (
    FIGURE_SIZE,
    FIGURES,
    FOREIGN,
    SECTOR_KIND,
    STRUCTURE,
    CellClass,
    FigureClass,
    class_of,
    every_class,
    every_figure,
)
from zizhu.world.ras import Margin, fit
from zizhu.world.world import FINAL_USES

Table = Float[np.ndarray, "..."]
Progress = Callable[[str], None]

ELECTRONICS = "30t33"
WATCHED = ("CHN", "KOR", "TWN", "MEX", "JPN", "USA")
# Tables of these years are rebuilt; classes of cells are measured over all of them.
YEARS = (2005, 2010, 2011)
SPANS = ((2005, 2010), (2000, 2005), (2006, 2011))
# A factor of more than e^3 is counted as e^3: a cell that was missed altogether.
LARGEST_LOG = 3.0
# Classes with fewer cells take the error of wider ones.
FEWEST_CELLS = 20

ALL = Method()
AS_USED = "all sources, editions differ"
AS_USED_WITHOUT = "no official uses, editions differ"
ABLATIONS: dict[str, Method] = {
    AS_USED: ALL,
    AS_USED_WITHOUT: replace(ALL, official=0.0),
    "all sources": ALL,
    "no old tables": replace(
        ALL, technology=0.0, final=0.0, services=0.0, value_added=0.0, origins=0.0
    ),
    "old tables, but not for origins": replace(ALL, origins=0.0),
    "old tables, but not for technology": replace(ALL, technology=0.0, final=0.0, value_added=0.0),
    "no official table": replace(ALL, official=0.0),
    "no GDP": replace(ALL, gdp=0.0),
    "GDP taken as exact": replace(ALL, gdp=1.0),
    "pooled structure and trade only": Method(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
}


@dataclass(frozen=True)
class Score:
    """Weighted absolute errors: sum of |estimate - truth| over sum of truth.

    intermediate  cells [i,k,n,j]
    imported      those of them that cross a border
    technology    inputs [k,n,j] of all origins
    final         cells [i,k,n,u]
    value_added   cells [n,j]
    """

    intermediate: float
    imported: float
    technology: float
    final: float
    value_added: float


def score(uses: Table, value_added: Table, truth: WiodTable) -> Score:
    """Compare a rebuilt table with the true one."""
    width = len(truth.sectors)
    z, f = uses[..., :width], uses[..., width:]
    abroad = 1.0 - np.eye(len(truth.regions))[:, None, :, None]

    def miss(found: Table, true: Table) -> float:
        return float(np.abs(found - true).sum() / true.sum())

    return Score(
        miss(z, truth.intermediate),
        miss(z * abroad, truth.intermediate * abroad),
        miss(z.sum(axis=0), truth.intermediate.sum(axis=0)),
        miss(f, truth.final),
        miss(value_added, truth.value_added),
    )


def full_information(old: WiodTable, new: WiodTable, *, value_added_known: bool) -> Score:
    """Rebuild `new` from the cells of `old` and the margins of `new`.

    Known are bilateral trade by sector, outputs and, on request, value added by sector; without
    it value-added shares of the old table are used.
    """
    trade, width = new.flows, len(new.sectors)
    output, before = trade.sum(axis=2), old.flows.sum(axis=2)
    old_share = np.divide(old.value_added, before, out=np.zeros_like(before), where=before > 0)
    share = np.divide(new.value_added, output, out=np.zeros_like(output), where=output > 0)
    inputs = output * (1 - (share if value_added_known else old_share))
    start = old.uses.copy()
    # Flows and inputs that are new have the uses of all suppliers, and a little of everything.
    every = start.sum(axis=0) + 1e-9 * trade.sum(axis=0)[..., None] * np.append(
        inputs, np.ones((len(inputs), USES)), axis=1
    ) / np.maximum(inputs.sum(axis=1)[:, None], 1.0)
    every /= np.maximum(every.sum(axis=2, keepdims=True), 1e-30)
    start += 1e-6 * trade[..., None] * every[None]
    free = np.full((len(inputs), USES), np.nan)
    columns = np.append(inputs, free, axis=1)
    found = fit(
        start,
        [Margin("inputs", (2, 3), columns), Margin("trade", (0, 1, 2), trade)],
        tolerance=1e-6,
    ).table
    return score(found, output - found[..., :width].sum(axis=(0, 1)), new)


def scaled(old: WiodTable, new: WiodTable) -> Score:
    """The naive rival: every cell of the old table grows as the output of its seller."""
    before, now = old.flows.sum(axis=2), new.flows.sum(axis=2)
    growth = np.divide(now, before, out=np.ones_like(now), where=before > 0)
    return score(old.uses * growth[:, :, None, None], old.value_added * growth, new)


def imported_inputs(intermediate: Table, sector: int) -> Float[np.ndarray, " n"]:
    """Imported share of the inputs of one sector, by region."""
    bought = intermediate[..., sector].sum(axis=1)  # i n
    return np.asarray(1 - np.diag(bought) / np.maximum(bought.sum(axis=0), 1e-9))


def prove(folder: str | Path, progress: Progress = lambda _: None) -> dict[str, object]:
    """Every figure of the proof as plain data; the docs page and the shipped errors come from it.

    full          rebuilt with full information: years, errors, and the scaled old table
    degraded      rebuilt under the conditions of use, by year and by source left out
    electronics   imported share of the inputs of electronics, true and rebuilt
    classes       error, cells and value by class of cell
    figures       error of figures of dependence by class of figure
    """
    full = []
    for first, last in SPANS:
        progress(f"full information, {first} to {last}")
        old, new = read_wiod(folder, first), read_wiod(folder, last)
        full.append(
            {
                "from": first,
                "to": last,
                "known": asdict(full_information(old, new, value_added_known=True)),
                "unknown": asdict(full_information(old, new, value_added_known=False)),
                "scaled": asdict(scaled(old, new)),
            }
        )
    degraded, electronics, pairs = [], [], []
    for year in YEARS:
        made_of, truth = rehearse(folder, year)
        at = truth.sectors.index(ELECTRONICS)
        for name, method in ABLATIONS.items():
            progress(f"conditions of use, {year}: {name}")
            found = assemble(_edition(made_of, name), method)
            errors = asdict(score(found.uses, found.value_added, truth))
            degraded.append({"year": year, "sources": name, **errors})
            if name == AS_USED:
                pairs.append((found, truth))
                shares = imported_inputs(found.uses[..., : len(truth.sectors)], at)
                true = imported_inputs(truth.intermediate, at)
                electronics += [
                    {
                        "year": year,
                        "region": region,
                        "true": float(true[truth.regions.index(region)]),
                        "rebuilt": float(shares[truth.regions.index(region)]),
                    }
                    for region in WATCHED
                ]
    progress("conditions of use, every country of 2010 on its own")
    made_of, truth = rehearse(folder, 2010, every_country=True)
    found = assemble(other_edition(made_of), ALL)
    apart = {"year": 2010, **asdict(score(found.uses, found.value_added, truth))}
    return {
        "full": full,
        "degraded": degraded,
        "every_country": apart,
        "electronics": electronics,
        "classes": classes((found.uses, truth) for found, truth in pairs),
        "figures": figure_classes(pairs),
    }


def _edition(made_of: Ingredients, name: str) -> Ingredients:
    return other_edition(made_of) if name in (AS_USED, AS_USED_WITHOUT) else made_of


def classes(pairs: Iterable[tuple[Table, WiodTable]]) -> list[dict[str, object]]:
    """Value-weighted root mean square of ln(estimate / truth) by class of the estimate's cells."""
    count = len(list(every_class()))
    square, weight, cells = np.zeros(count), np.zeros(count), np.zeros(count, dtype=int)
    for uses, truth in pairs:
        goods = tuple(k < GOODS for k in range(len(truth.sectors)))
        own = tuple(label not in (*WITHOUT_OLD, "ROW") for label in truth.regions)
        index = class_of(uses, goods, FINAL_USES, own)
        true = truth.uses
        # Tables are rounded to whole millions: smaller cells say nothing about the method.
        seen = (uses >= 1) & (true >= 1)
        missed = (uses >= 10) & (true < 1)
        log = np.full(uses.shape, LARGEST_LOG)
        log[seen] = np.clip(np.log(uses[seen] / true[seen]), -LARGEST_LOG, LARGEST_LOG)
        use = seen | missed
        value = np.where(use, uses, 0.0)
        square += np.bincount(index.ravel(), (value * log**2).ravel(), count)
        weight += np.bincount(index.ravel(), value.ravel(), count)
        cells += np.bincount(index[use].ravel(), minlength=count)
    total = weight.sum()
    every = list(every_class())

    def pooled_over(like: CellClass) -> float:
        alike = (like.supply, like.origin, like.size)
        chosen = np.array([(o.supply, o.origin, o.size) == alike for o in every])
        return float(np.sqrt(square[chosen].sum() / weight[chosen].sum()))

    rows = []
    for n, one in enumerate(every):
        if cells[n] >= FEWEST_CELLS:
            error = float(np.sqrt(square[n] / weight[n]))
        else:  # too few to say: the error of the same supply, origin and size
            error = pooled_over(one)
        rows.append(
            {
                **one._asdict(),
                "error": error,
                "cells": int(cells[n]),
                "value_share": float(weight[n] / total),
            }
        )
    return rows


def figure_classes(
    pairs: Iterable[tuple[Assembled, WiodTable]],
) -> list[dict[str, object]]:
    """Value-weighted root mean square of ln(rebuilt / true) of figures of dependence."""
    square = dict.fromkeys(every_figure(), 0.0)
    weight, count = dict(square), dict.fromkeys(every_figure(), 0)
    for found, truth in pairs:
        rebuilt = figures_of(found.uses, found.value_added)
        true = figures_of(truth.uses, truth.value_added)
        for one, value, log, size in _compared(rebuilt, true, truth):
            square[one] += float((value * log**2).sum())
            weight[one] += float(value.sum())
            count[one] += size
    return [
        {
            **one._asdict(),
            "error": (square[one] / weight[one]) ** 0.5 if weight[one] > 0 else LARGEST_LOG,
            "count": count[one],
        }
        for one in every_figure()
    ]


def _compared(
    rebuilt: dict[str, tuple[Table, Table]], true: dict[str, tuple[Table, Table]], truth: WiodTable
) -> Iterator[tuple[FigureClass, Table, Table, int]]:
    """By class of figure: weights, ln(rebuilt / true) and their number."""
    own = np.array([label not in (*WITHOUT_OLD, "ROW") for label in truth.regions])
    good = np.arange(len(truth.sectors)) < GOODS
    abroad = np.broadcast_to(1.0 - np.eye(len(own))[:, :, None], (len(own), len(own), len(good)))
    for name in FIGURES:
        (found, value), (wanted, _) = rebuilt[name], true[name]
        sizes = np.where(abroad > 0, size_of(found), -1)
        together = (foreign(found)[None], foreign(wanted)[None], np.full((1, *value.shape), 3))
        for shares, right, size in ((found, wanted, sizes), together):
            both = (shares > 0) & (right > 0)
            ratio = np.divide(shares, right, out=np.ones_like(shares), where=both)
            log = np.clip(np.log(ratio), -LARGEST_LOG, LARGEST_LOG)
            for at, kind, row in product(range(4), SECTOR_KIND, STRUCTURE):
                chosen = (
                    both
                    & (size == at)
                    & (own == (row == "own"))[None, :, None]
                    & (good == (kind == "goods"))[None, None, :]
                )
                partner = (*FIGURE_SIZE, FOREIGN)[at]
                weight = np.broadcast_to(value, shares.shape)[chosen] * shares[chosen]
                one = FigureClass(name, kind, partner, row)
                yield one, weight, log[chosen], int(chosen.sum())


def errors_by_figure(proof: dict[str, object]) -> dict[FigureClass, float]:
    """The figures of a proof as a mapping."""
    rows = proof["figures"]
    assert isinstance(rows, list)
    return {FigureClass(*(row[part] for part in FigureClass._fields)): row["error"] for row in rows}


def errors_by_class(proof: dict[str, object]) -> dict[CellClass, float]:
    """The classes of a proof as a mapping."""
    rows = proof["classes"]
    assert isinstance(rows, list)
    return {CellClass(*(row[part] for part in CellClass._fields)): row["error"] for row in rows}
