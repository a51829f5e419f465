"""Stores that buyers lay in, where several measures bar the same sales.

Of purchases p, a bar B that rises to the next year takes p (B' - B) of what nothing else bars. Bars
of several measures are counted one after the other in the order of the scenario, the timeline of
controls first: those before as they will be, those after as they are,

    taken by k  =  (B_k' - B_k)  x  prod before k (1 - B')  x  prod after k (1 - B)

so that what all rises take adds up to the rise of the whole. No measure takes more than that rise,
since a bar that follows another one adds only what it has more.

Not counted: that a measure already in force leaves less for a later rise of the timeline to take,
and that a bar may be lifted.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from zizhu.policy.action import Action
from zizhu.policy.barring import following, laid_in, rises
from zizhu.policy.control import Control
from zizhu.policy.levers.controls_timeline import ControlsTimeline
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.scenario import Scenario


def storing(
    scenario: Scenario, actions: Mapping[str, Action], context: PathContext
) -> dict[str, Action]:
    """Actions whose stores are for what other bars leave."""
    found = dict(actions)
    hoarders = [one for one in scenario.measures if isinstance(one, Control) and one.hoarding]
    if not hoarders:
        return found
    order = sorted(scenario.measures, key=lambda one: not isinstance(one, ControlsTimeline))
    bars = [(one.label, _of_all(actions[one.label].wedges, context)) for one in order]
    bars = [(label, barred) for label, barred in bars if barred.any()]
    labels = [label for label, _ in bars]
    whole = rises(1 - np.prod([1 - context.barred, *(1 - barred for _, barred in bars)], axis=0))
    for measure in hoarders:
        if measure.label not in labels:
            continue
        place = labels.index(measure.label)
        left = following(1 - context.barred)
        for number, (_, barred) in enumerate(bars):
            if number != place:
                left = left * (1 - (following(barred) if number < place else barred))
        taken = np.minimum(rises(bars[place][1]) * left, whole)
        action = found[measure.label]
        stores = action.wedges._replace(hoarding=laid_in(context, taken))
        found[measure.label] = action._replace(wedges=stores)
    return found


def _of_all(wedges: PathWedges, context: PathContext) -> Float[np.ndarray, "t m n n"]:
    """Part of all of each flow that is barred, that above the threshold included."""
    if not wedges.barred_above.any():
        return wedges.barred
    above = context.above[:, :, None, None] * wedges.barred_above
    return np.asarray(wedges.barred + (1 - wedges.barred) * above)
