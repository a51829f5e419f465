"""V05: foreign value added in Chinese exports, from a world of 2011 run to 2018.

Growth of economies is that of every baseline, half of it as measured from 2009 to 2019; nothing of
later trade is read. Chains are off: their figures are younger. Bands were set before the model was
asked.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from zizhu.evidence.derived import derived
from zizhu.indicators.path_circulation import Accounts, accounts_of_year
from zizhu.laboratory.path.case import path_case
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.model.path_record import Record
from zizhu.world import World
from zizhu.world.past import open_past

FIRST, LAST = 2011, 2018
# Name here, what the panel of tables calls it, the published figure of 2018 and how far off it may
# be (F6F and the list of findings).
EXPORTS = {"all": ("all exports", 17.2, 1.5), "electronics": ("electronics", 27.1, 3.0)}
_SECTOR = "C26"
_NAMES = tuple(f"{name} {year}" for name in EXPORTS for year in (FIRST, LAST))


def foreign_content(
    accounts: Accounts, value_added: Float[np.ndarray, "n k"], place: int
) -> tuple[Float[np.ndarray, " k"], Float[np.ndarray, " k"]]:
    """Foreign value added in a unit of each sector's exports of a region, and these exports [k].

    With A[ik,nj] input per unit of output, L = (I - A)^-1 and v value added per unit of output:
    the sum over i other than n, and over k, of v_ik L_ik,nj.

    place  of the region n
    """
    output = np.where(accounts.output > 0, accounts.output, 1.0)
    cells = output.size
    flows = accounts.sold[..., None] * accounts.by_input[None]  # i k n j
    need = np.eye(cells) - flows.reshape(cells, cells) / output.reshape(cells)
    added = value_added / output
    added[place] = 0.0
    foreign = np.linalg.solve(need.T, added.reshape(cells)).reshape(output.shape)[place]
    sold = (accounts.sold + accounts.final)[place]
    return foreign, sold.sum(axis=1) - sold[:, place]


def _of_china(record: Record, year: int, world: World) -> Numbers:
    """Percent of exports, of all sectors and of electronics."""
    accounts, value_added = accounts_of_year(record, year - FIRST)
    foreign, exports = foreign_content(accounts, value_added, world.regions.index(BUYER))
    return {
        f"all {year}": 100 * float(foreign @ exports / exports.sum()),
        f"electronics {year}": 100 * float(foreign[world.sectors.index(_SECTOR)]),
    }


def _measure(runs: Runs) -> Numbers:
    world = open_past(FIRST)
    case = path_case(world, tuple(range(FIRST, LAST + 1)))
    past = Runs(world, runs.progress)
    record = past.run(f"the world of {FIRST} to {LAST}", case=case, chains=False).record
    return {**_of_china(record, FIRST, world), **_of_china(record, LAST, world)}


def observed(exports: str, year: int) -> float:
    """Foreign part in a year by the tables that were estimated of it, percent."""
    table = derived("foreign_value_added").frame
    (value,) = table[
        (table.table == "zizhu") & (table.exports == exports) & (table.year == year)
    ].percent
    return float(value)


def _checks(found: Numbers) -> tuple[Check, ...]:
    missed = (
        "the baseline has growth of whole economies and no change of what sectors at home can "
        "make, which is what the fall of imported parts was; what was bought abroad stays so"
    )
    parts = []
    for name, (title, published, within) in EXPORTS.items():
        level = Part(
            f"content_{name}",
            f"foreign value added in {title} of China, {LAST}",
            found[f"{name} {LAST}"],
            "percent",
            (published - within, published + within),
            f"F6F ({published:g}, within {within:g})",
            note=f"{found[f'{name} {FIRST}']:.1f} in {FIRST}; tables estimated of {LAST} have "
            f"{observed(name, LAST):.1f}",
            missed=missed,
        )
        moved = observed(name, LAST) - observed(name, FIRST)
        change = replace(
            level,
            name=f"content_{name}_change",
            title=f"the same, {LAST} less {FIRST}",
            value=found[f"{name} {LAST}"] - found[f"{name} {FIRST}"],
            unit="percentage point",
            band=(moved - within, moved + within),
            source=f"tables estimated of both years ({moved:+.1f}); within {within:g} as in V05",
            note="",
        )
        parts += [level, change]
    return (
        Check(
            "V05",
            "Foreign value added in exports, to 2018",
            "21.9 percent of all exports in 2008 and 17.2 in 2018, 34.9 and 27.1 of electronics "
            "(F6F).",
            f"the world of {FIRST} in seven regions, the first year of which there is a table, "
            f"run to {LAST} without measures and chains; growth of economies is that of every "
            "baseline, half of it as measured from 2009 to 2019",
            tuple(parts),
        ),
    )


GROUP = Group("content", ("V05",), _NAMES, _measure, _checks)
