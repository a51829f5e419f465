"""The timeline of controls on a path: what its bars add in each year to those of the base year.

Parts are means over the days of a year. Of what is barred in a year the base year's part is in its
data; the rest is 1 - (1 - barred)/(1 - base), of what the base leaves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.path.controls import barred_in_year
from zizhu.world import World


class TimelineBars(NamedTuple):
    """Bars of the timeline; of all of a flow (`whole`), and of what is above the threshold.

    base_whole, base_above  [m,n,i] in the base year, in its data
    whole, above            [t,m,n,i] beyond the base year, of what it leaves; one year more than
                            the path, so that a rise after its last year can be seen ahead
    """

    base_whole: Float[np.ndarray, "m n n"]
    base_above: Float[np.ndarray, "m n n"]
    whole: Float[np.ndarray, "t m n n"]
    above: Float[np.ndarray, "t m n n"]


def timeline_bars(
    nodes: Sequence[str],
    world: World,
    years: Sequence[int],
    parameters: Mapping[str, float],
    *,
    until: dt.date,
) -> TimelineBars:
    """Bars of the timeline in each year, controls made after the day `until` left out.

    The base year has its own controls whatever `until` is.
    """

    def of(year: int, *, whole: bool, last: dt.date) -> Float[np.ndarray, "m n n"]:
        return barred_in_year(nodes, world, year, parameters, until=last, whole=whole)

    first = dt.date(years[0], 12, 31)
    base = {whole: of(years[0], whole=whole, last=first) for whole in (True, False)}
    last = max(until, first)

    def beyond(*, whole: bool) -> Float[np.ndarray, "t m n n"]:
        left = 1 - base[whole]
        found = []
        for year in (*years, years[-1] + 1):
            kept = 1 - of(year, whole=whole, last=last)
            more = 1 - np.divide(kept, left, out=np.ones_like(left), where=left > 0)
            found.append(np.maximum(more, 0.0))
        return np.array(found)

    return TimelineBars(base[True], base[False], beyond(whole=True), beyond(whole=False))
