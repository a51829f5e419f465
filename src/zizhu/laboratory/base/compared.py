"""What sources say of a node beside what the yearly loop uses: one row per figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from zizhu.chains import HomeShare, SupplierBlock
from zizhu.chains.motion import Market
from zizhu.laboratory.base.at_base import Dated
from zizhu.laboratory.base.table import Reconciled

What = Literal["world share", "home share", "world market"]


@dataclass(frozen=True)
class Compared:
    """One figure: percent, or bn USD a year for the world market.

    published   at its own date; several countries of a source may be one region
    measured    the same at the base year, to which it was `carried` by a pace or not
    used        what the model has
    miss        used less measured in standard errors of the figure (its age included)
    named       whether the source gives it, or only the share of a group that the region is in
    given       where it was published
    """

    what: What
    region: str
    year: int
    published: float
    measured: float
    carried: bool
    used: float
    miss: float
    named: bool
    given: SupplierBlock | HomeShare | Market

    @property
    def difference(self) -> float:
        """Used less measured, points or bn USD."""
        return self.used - self.measured


@dataclass(frozen=True)
class Buyer:
    """What one region buys of the world's purchases and from itself, percent, and its home bias.

    bias  how many times likelier it buys at home than others buy from it; 0 where nobody there
          sells
    pace  log odds a year by which its world share moved around the base year, and on what it was
          measured (empty: not observed, 0 is the prior)
    """

    region: str
    bought: float
    home: float
    bias: float
    pace: float
    origin: str


@dataclass(frozen=True)
class NodeBase:
    """The base year of one node in the yearly loop.

    figures  the largest contradiction in standard errors first
    buyers   the largest first
    size     sales in the world that are used, bn USD a year
    implied  what cost shares of its users imply
    also     label of the node that this one is the same product as; empty if it is its own
    """

    node: str
    world: str
    base_year: int
    figures: tuple[Compared, ...]
    buyers: tuple[Buyer, ...]
    size: float
    implied: float
    also: str = ""


def compared(
    known: Dated,
    used: Reconciled,
    size: float,
    block: SupplierBlock,
    regions: Sequence[str],
) -> tuple[Compared, ...]:
    """Rows for every figure of a node, the largest contradiction in standard errors first.

    World shares below the entry threshold are left out, used or not.
    """
    rows = [
        Compared(
            what="world share",
            region=region,
            year=known.year,
            published=100 * known.published[n],
            measured=100 * known.shares[n],
            carried=bool(known.carried[n]),
            used=100 * used.shares[n],
            miss=float(used.share_miss[n]),
            named=bool(known.named[n]),
            given=block,
        )
        for n, region in enumerate(regions)
        if known.shares[n] > 0
    ]
    rows += [
        Compared(
            what="home share",
            region=regions[n],
            year=one.given.year,
            published=one.given.value,
            measured=100 * one.share,
            carried=one.carried,
            used=100 * float(used.home[n]),
            miss=used.home_miss[n],
            named=True,
            given=one.given,
        )
        for n, one in known.home.items()
    ]
    if known.market is not None:
        one_size = known.market
        rows.append(
            Compared(
                what="world market",
                region="",
                year=one_size.given.year,
                published=one_size.given.value,
                measured=one_size.size,
                carried=one_size.carried,
                used=size,
                miss=float(np.log(size / one_size.size) / one_size.error) if size > 0 else 0.0,
                named=True,
                given=one_size.given,
            )
        )
    return tuple(sorted(rows, key=lambda row: -abs(row.miss)))


def buyers_of(
    known: Dated, used: Reconciled, bought: Float[np.ndarray, " n"], regions: Sequence[str]
) -> tuple[Buyer, ...]:
    """What each region buys, the largest buyer first."""
    part = 100 * bought / bought.sum() if bought.sum() > 0 else np.zeros(len(regions))
    return tuple(
        Buyer(
            region=regions[n],
            bought=float(part[n]),
            home=100 * float(used.home[n]),
            bias=float(used.bias[n]),
            pace=float(known.paces.pace[n]),
            origin=known.paces.origins[n],
        )
        for n in np.argsort(-part, kind="stable")
    )
