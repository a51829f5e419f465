"""What goes on without a new measure, and what the timeline of controls adds.

Standing, in the baseline and in every scenario: controls in force at the end of the base year, the
effort of those who are known to be entering a node (`entry` in chain files), and the drift of
sectors. Money that funds announced before the path is not here: what it does is in the
momentum of the base year, which fades, and in the plants under construction then.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.controls import barred_in_year
from zizhu.laboratory.path.sectors import drift_on
from zizhu.laboratory.path.traits import entrant
from zizhu.model.path_inputs import PathBase
from zizhu.policy.path_wedges import PathWedges


def standing_base(case: PathCase) -> PathBase:
    """The base of a path with what was barred, and the money at work, in the base year.

    Money of the base year goes on without being charged again: base data contain it.
    """
    at = case.chains.at_places
    whole, above = _base_barred(case)
    return case.base._replace(
        barred=jnp.asarray(at(whole, 0)),
        barred_above=jnp.asarray(at(above, 0)),
        node_money=jnp.asarray(at(_money(case), 0)),
    )


def standing_wedges(case: PathCase) -> PathWedges:
    """What goes on in every run, beyond the base year."""
    wedges = _controls(case, dt.date(case.years[0], 12, 31), hoarding=True)
    drift = drift_on(
        case.world, len(case.years), case.parameters, np.asarray(case.base.elasticities.trade)
    )
    return wedges._replace(log_productivity=drift)


class Barred(NamedTuple):
    """Parts of flows by node: of all of them, and once more of those above the threshold."""

    every: Float[np.ndarray, "*t m n n"]
    above: Float[np.ndarray, "*t m n n"]


def barred_in_baseline(case: PathCase) -> Barred:
    """Part of each flow of a node that the baseline bars, controls of the base year included."""
    base, standing = _base_barred(case), standing_wedges(case)
    return Barred(
        1 - (1 - base.every) * (1 - standing.barred),
        1 - (1 - base.above) * (1 - standing.barred_above),
    )


def control_wedges(case: PathCase, until: dt.date, *, hoarding: bool = True) -> PathWedges:
    """What the timeline of controls adds to the standing ones, none later than `until`.

    With `hoarding`, buyers store up in the year before a bar rises: years of cover times the part
    of their purchases that it will take away.
    """
    every, standing = _controls(case, until, hoarding=hoarding), standing_wedges(case)
    return every._replace(
        barred=_more(every.barred, standing.barred),
        barred_above=_more(every.barred_above, standing.barred_above),
        hoarding=np.maximum(every.hoarding - standing.hoarding, 0.0),
    )


def _more(
    total: Float[np.ndarray, "*shape"], had: Float[np.ndarray, "*shape"]
) -> Float[np.ndarray, "*shape"]:
    """Part to be barred of what `had` leaves, so that `total` is barred in all; none where less."""
    left = np.broadcast_to(1 - had, total.shape)
    kept = np.divide(1 - total, left, out=np.ones(total.shape), where=left > 0)
    return np.asarray(np.maximum(1 - kept, 0.0))


def _base_barred(case: PathCase) -> Barred:
    """What was barred in the base year, by node."""
    return _barred(case, case.years[0], dt.date(case.years[0], 12, 31))


def _barred(case: PathCase, year: int, until: dt.date) -> Barred:
    nodes, world, chosen = case.chains.nodes, case.world, case.parameters
    return Barred(
        *(
            barred_in_year(nodes, world, year, chosen, until=until, whole=whole)
            for whole in (True, False)
        )
    )


def _money(case: PathCase) -> Float[np.ndarray, "m n"]:
    """Bn USD a year at work on nodes: the effort of those who are known to be entering."""
    nodes, regions = case.chains.nodes, case.world.regions
    money = np.zeros((len(nodes), len(regions)))
    for row, name in enumerate(nodes):
        entry = case.chains.joined.nodes[name].entry
        # Also before it starts: its clock then runs up to zero.
        region = None if entry is None else entrant(entry, regions)
        if entry is not None and region is not None:
            money[row, region] = entry.effort
    return money


def _controls(case: PathCase, until: dt.date, *, hoarding: bool) -> PathWedges:
    """Bars as the timeline has them in each year, beyond those of the base year."""
    base = _base_barred(case)
    years = (*case.years, case.years[-1] + 1)
    barred = [Barred(*map(_more, _barred(case, year, until), base)) for year in years]
    # A rise takes only what the bars of the base year leave, of what is above the threshold.
    above = np.asarray(case.chains.technology.ladder.above(jnp.zeros(())))[case.chains.places]
    open_sales = case.sourcing * (1 - base.every)
    ahead = []
    for now, following in pairwise(barred):
        risen = [np.maximum(new - old, 0.0) for new, old in zip(following, now, strict=True)]
        taken = risen[0] + (1 - risen[0]) * risen[1] * (1 - base.above) * above[:, None, None]
        rise = np.einsum("mni,mni->mn", open_sales, taken)
        ahead.append(case.parameters["hoarding_cover"] * rise if hoarding else 0 * rise)
    # What was in force at once with the base year's end was not foreseen in it.
    ahead[0] = 0 * ahead[0]
    return case.labels.none()._replace(
        barred=np.array([one.every for one in barred[:-1]]),
        barred_above=np.array([one.above for one in barred[:-1]]),
        hoarding=np.array(ahead),
    )
