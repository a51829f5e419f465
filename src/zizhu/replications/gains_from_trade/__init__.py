"""Costinot and Rodriguez-Clare (2014): the gains from trade by country, WIOD 2008."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from zizhu.errors import WorldError
from zizhu.laboratory.gains_from_trade import gains_from_trade
from zizhu.reading import read_mapping
from zizhu.replications.gains_from_trade.table import chapter_table
from zizhu.replications.result import Replication, Row

TITLE = "Gains from trade by country, WIOD 2008, percent of real income"
SOURCE = (
    "Costinot and Rodriguez-Clare (2014), Handbook of International Economics 4, table of gains "
    "from trade under perfect competition, as the authors' own inputs give it"
)
COLUMNS = {
    "one_sector": "one sector",
    "many_sectors": "many sectors",
    "with_intermediates": "with intermediates",
}


class Reference(NamedTuple):
    """What the authors' inputs give.

    gains         percent by region: one sector, many sectors, with intermediates
    elasticities  trade elasticities by sector
    """

    gains: dict[str, tuple[float, ...]]
    elasticities: dict[str, float]


def reference() -> Reference:
    """The numbers of `published.yaml`, whose head says where they are from."""
    path = Path(str(files(__package__) / "published.yaml"))
    known = read_mapping(path, "reference", WorldError, "`reference` and `elasticities`")
    return Reference(
        {region: tuple(map(float, row)) for region, row in known["reference"].items()},
        {sector: float(value) for sector, value in known["elasticities"].items()},
    )


def replicate(data: str | Path | None = None) -> Replication:
    """Evaluate the closed form on the shipped table, or on WIOD in the folder `data`.

    And solve the model without trade on the same table without deficits: both must agree.
    """
    world = chapter_table(data)
    known = reference()
    found = gains_from_trade(world, known.elasticities)
    rows, beside = [], {}
    for place, (column, words) in enumerate(COLUMNS.items()):
        ours = found[column].to_series()
        theirs = np.array([known.gains[region][place] for region in world.regions])
        rows += [
            Row(f"{region}, {words}", known.gains[region][place], float(ours[region]), 1)
            for region in world.regions
        ]
        gap = np.abs(ours.to_numpy() - theirs)
        beside[f"{words}, mean over regions, theirs"] = float(theirs.mean())
        beside[f"{words}, mean over regions, ours"] = float(ours.mean())
        beside[f"{words}, mean absolute difference, points"] = float(gap.mean())
        beside[f"{words}, largest difference, points ({world.regions[int(gap.argmax())]})"] = float(
            gap.max()
        )
        beside[f"{words}, correlation"] = float(np.corrcoef(ours, theirs)[0, 1])
    balanced = gains_from_trade(world, known.elasticities, rebase=True, solver=True)
    agreement = np.abs(balanced.solver - balanced.with_intermediates).max()
    rows.append(
        Row(
            "closed form less solver, zero deficits, largest", 0.0, float(agreement), tolerance=1e-4
        )
    )
    return Replication(
        "gains-from-trade",
        TITLE,
        SOURCE,
        tuple(rows),
        beside,
        (
            "the chapter's printed table was not at hand: the reference is what the cubes of the "
            "authors' archive give by its formulas, at the one decimal that it prints",
            "on those cubes, tried once beside this run, our function gives the reference: the "
            "differences are those of the data; theirs is another edition of WIOD 2008, furthest "
            "from ours in China, Turkey, Taiwan, Denmark and the rest of the world",
            "the last row is in percentage points, 1e-4 of which is a millionth of real income",
        ),
    )
