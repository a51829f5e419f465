"""The cost of public funds on a path: what taxes cost beyond what they raise.

A measure whose public payers plan to spend P_nt more uses, beside its own outlays,

    (public_funds - 1) P_nt

of region n's resources. Money of firms and of state firms is not raised by taxes and costs itself;
what the baseline has already is in its tables. The ledger counts the same.
"""

from __future__ import annotations

from zizhu.policy.action import PUBLIC, Action
from zizhu.policy.path_wedges import PathWedges


def with_excess(action: Action, public_funds: float) -> PathWedges:
    """Wedges of a measure with the excess cost of the public money that it plans to spend.

    public_funds  what one unit of public money costs, 1 with lump-sum taxes
    """
    public = [one for one in action.spending if one.payer in PUBLIC and not one.before]
    if public_funds == 1 or not public:
        return action.wedges
    outlay = action.wedges.outlay.copy()
    for spending in public:
        outlay[:, spending.region] += (public_funds - 1) * spending.by_year
    return action.wedges._replace(outlay=outlay)
