"""What a measure does on a path: wedges by year, and who spends how much."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from zizhu.policy.path_wedges import PathWedges

Payer = Literal[
    "central government", "local governments", "state funds and banks", "state firms", "firms"
]
PUBLIC: tuple[Payer, ...] = ("central government", "local governments", "state funds and banks")


class Spending(NamedTuple):
    """Money that a measure plans to spend.

    region   place of the region that pays
    by_year  [t] million of the world's currency at prices of the base year
    before   true where the money is in the baseline already (announced before the base year)
    """

    payer: Payer
    region: int
    by_year: Float[np.ndarray, " t"]
    before: bool = False


class Action(NamedTuple):
    """Wedges of one measure, its spending, and the sentences that its reader should see.

    borrowers  places of regions that spend more or less than they earn; the others lend or borrow
    """

    wedges: PathWedges
    spending: tuple[Spending, ...] = ()
    remarks: tuple[str, ...] = ()
    borrowers: tuple[int, ...] = ()
