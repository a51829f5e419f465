"""What a builder needs from its sources, as arrays: the same for OECD's data and for the proof.

Letters: i supplier region, k supplied sector, n user region, j using sector, u final use,
K and J official groups of sectors, r pooled group of regions, a and b sectors of the old tables.
Flows are at basic prices, before duties, own sales included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Membership = Float[np.ndarray, "old new"]


@dataclass(frozen=True)
class Pooled:
    """Structure of a few groups of regions in full sector detail, some years before.

    membership   0/1 [n,r]
    inputs       intermediate flows [k,r,j]
    final        final use [k,r]
    value_added  share of value added in output [r,j]
    trade        sales by origin group, sector and user group [o,k,r]
    """

    membership: Membership
    inputs: Float[np.ndarray, "k r k"]
    final: Float[np.ndarray, "k r"]
    value_added: Float[np.ndarray, "r k"]
    trade: Float[np.ndarray, "r k r"]


@dataclass(frozen=True)
class Official:
    """The official table of a recent year in few groups of sectors, region by region.

    membership    0/1 [k,K]
    intermediate  [i,K,n,J]
    final         consumption and investment [i,K,n,2]
    value_added   share of value added in output [n,J]
    taxes         net taxes on products as a share of output [n,J]
    final_taxes   net taxes on final uses as a share of final uses [n]
    """

    membership: Membership
    intermediate: Float[np.ndarray, "i m i m"]
    final: Float[np.ndarray, "i m i 2"]
    value_added: Float[np.ndarray, "i m"]
    taxes: Float[np.ndarray, "i m"]
    final_taxes: Float[np.ndarray, " i"]


@dataclass(frozen=True)
class Old:
    """Full tables of a distant year: countries of their own, the others pooled in a rest.

    country   0/1 [n,c]: which old region stands for each region (its rest for those it lacks)
    sectors   0/1 [k,a]: which old sector holds each sector
    uses      [c,a,c,b + (household, government, investment)]
    output    [c,a]
    """

    country: Float[np.ndarray, "i c"]
    sectors: Float[np.ndarray, "k a"]
    uses: Float[np.ndarray, "c a c bu"]
    value_added: Float[np.ndarray, "c a"]


@dataclass(frozen=True)
class Ingredients:
    """Everything that a table of one year is made of.

    goods       number of goods; they come first, services after
    trade       [i, goods + one services aggregate, n] of the year of the table
    trade_then  the same of the official table's year
    gdp         gross domestic product [n] of the year, not-a-number where unknown
    """

    year: int
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    goods: int
    trade: Float[np.ndarray, "i g i"]
    trade_then: Float[np.ndarray, "i g i"]
    pooled: Pooled
    official: Official
    old: Old
    gdp: Float[np.ndarray, " i"]

    @property
    def with_services_pooled(self) -> Membership:
        """0/1 [k, goods + 1]: every good alone, all services together."""
        membership = np.zeros((len(self.sectors), self.goods + 1))
        membership[np.arange(self.goods), np.arange(self.goods)] = 1.0
        membership[self.goods :, self.goods] = 1.0
        return membership
