"""The one door between policy and the yearly loop: arrays of changes by year."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError

# Parts of a whole: what one policy leaves is cut again by the other.
PARTS = ("barred", "barred_above", "lifted", "isolation", "listed", "mandate")


class PathWedges(NamedTuple):
    """Changes from the base in each year of a path; all zeros is no policy.

    Letters: t year (the first is the base year), i supplier region, k sector, n user region, m node
    of a chain (nodes of all chains in a row), f listed firm.

    tariff           [t,i,k,n] change of the ad valorem tariff, as a fraction
    export_tax       [t,i,k,n] change of the ad valorem export tax, as a fraction
    subsidy          [t,n,k] change of the production subsidy, share of cost
    log_iceberg      [t,i,k,n] log change of iceberg trade cost, alike for all uses
    log_productivity [t,n,k] log change of productivity
    log_labour       [t,n] log change of labour
    home_preference  [t,n,k] price advantage in logs of home goods with the public buyer
    deficit          [t,n] change of the trade deficit, million USD; sums to zero over n
    outlay           [t,n] resources used without welfare, million USD
    barred           [t,m,n,i] part of what supplier i sells of node m to buyer n that is barred, of
                     what controls in the base year leave
    barred_above     [t,m,n,i] part of that flow ABOVE the threshold that export controls name
                     (advanced generations) that is barred; of a node without a threshold all of it
    lifted           [t,m,n,i] part of all bars on that flow, the base year's too, that is lifted
    node_money       [t,m,n] money at work on a node that goes through no fund, bn USD a year: for
                     its ability, or for capacity where the node is a plant
    commitment       [t,m,n] money that funds announce for a node in that year, bn USD
    node_preference  [t,m,n] price advantage in logs of home supplies of the node
    mandate          [t,m,n] part of the buyers of a node that must buy it at home
    node_ability     [t,m,n] log ability of makers of the node that comes from elsewhere in that
                     year, and stays
    hoarding         [t,m,n] purchases in advance made in that year, years of normal purchases
    isolation        [t,n,i] part of n's openness to people, patents and licences of i that is cut;
                     below zero: added to it
    research         [t,n] added research spending, million USD a year, real, net of relabelling
    sector_effort    [t,n,k] money at work on the abilities of makers in a sector, million USD a
                     year; nodes of the sector share it in proportion to what they sell
    graduates        [t,n] change of places at universities as a fraction of the base flow
    stay_rate        [t,n] change of the share of graduates that stay, as a fraction
    returnees        [t,n] part of the stock abroad that returns in that year, on top of the base
    density          [t,n,k] log change of cluster density
    support          [t,n,k] change of effective support, share of output
    listed           [t,f] part of the inputs of a listed firm that is barred

    Barred sales, lifted bars, mandates and listing are parts from 0 to 1, isolation is one from -1
    to 1.
    """

    tariff: Float[np.ndarray, "t i k i"]
    export_tax: Float[np.ndarray, "t i k i"]
    subsidy: Float[np.ndarray, "t i k"]
    log_iceberg: Float[np.ndarray, "t i k i"]
    log_productivity: Float[np.ndarray, "t i k"]
    log_labour: Float[np.ndarray, "t i"]
    home_preference: Float[np.ndarray, "t i k"]
    deficit: Float[np.ndarray, "t i"]
    outlay: Float[np.ndarray, "t i"]
    barred: Float[np.ndarray, "t m i i"]
    barred_above: Float[np.ndarray, "t m i i"]
    lifted: Float[np.ndarray, "t m i i"]
    node_money: Float[np.ndarray, "t m i"]
    commitment: Float[np.ndarray, "t m i"]
    node_preference: Float[np.ndarray, "t m i"]
    mandate: Float[np.ndarray, "t m i"]
    node_ability: Float[np.ndarray, "t m i"]
    hoarding: Float[np.ndarray, "t m i"]
    isolation: Float[np.ndarray, "t i i"]
    research: Float[np.ndarray, "t i"]
    sector_effort: Float[np.ndarray, "t i k"]
    graduates: Float[np.ndarray, "t i"]
    stay_rate: Float[np.ndarray, "t i"]
    returnees: Float[np.ndarray, "t i"]
    density: Float[np.ndarray, "t i k"]
    support: Float[np.ndarray, "t i k"]
    listed: Float[np.ndarray, "t f"]

    @classmethod
    def none(cls, years: int, regions: int, sectors: int, nodes: int, firms: int) -> PathWedges:
        """No policy, in arrays that cannot be written to: replace them, do not change them."""
        by_flow = _zeros(years, regions, sectors, regions)
        by_cell = _zeros(years, regions, sectors)
        by_region = _zeros(years, regions)
        by_node = _zeros(years, nodes, regions)
        by_sale = _zeros(years, nodes, regions, regions)
        return cls(
            tariff=by_flow,
            export_tax=by_flow,
            subsidy=by_cell,
            log_iceberg=by_flow,
            log_productivity=by_cell,
            log_labour=by_region,
            home_preference=by_cell,
            deficit=by_region,
            outlay=by_region,
            barred=by_sale,
            barred_above=by_sale,
            lifted=by_sale,
            node_money=by_node,
            commitment=by_node,
            node_preference=by_node,
            mandate=by_node,
            node_ability=by_node,
            hoarding=by_node,
            isolation=_zeros(years, regions, regions),
            research=by_region,
            sector_effort=by_cell,
            graduates=by_region,
            stay_rate=by_region,
            returnees=by_region,
            density=by_cell,
            support=by_cell,
            listed=_zeros(years, firms),
        )

    def together(self, other: PathWedges) -> PathWedges:
        """Both policies: changes add up, and of parts a and b the whole is 1 - (1-a)(1-b).

        Raises `ScenarioError` if the two are not about the same path.
        """
        if self.shape != other.shape:
            raise ScenarioError(
                f"two policies of different paths cannot go together: one has {_words(self.shape)},"
                f" the other {_words(other.shape)}"
            )
        both = {
            name: _parts(one, two) if name in PARTS else one + two
            for name, one, two in zip(self._fields, self, other, strict=True)
        }
        return PathWedges(**both)

    @property
    def shape(self) -> tuple[int, int, int, int, int]:
        """Numbers of years, regions, sectors, nodes and firms."""
        years, regions, sectors, _ = self.tariff.shape
        return years, regions, sectors, self.barred.shape[1], self.listed.shape[1]

    @property
    def is_none(self) -> bool:
        """Whether nothing differs from the base in any year."""
        return not any(map(moves, self))


def moves(array: Float[np.ndarray, "..."]) -> bool:
    """Whether a field is anything but zero; one zero that is seen many times is looked at once."""
    if array.size and not any(array.strides):
        return bool(array.flat[0] != 0)
    return bool(array.any())


def _zeros(*shape: int) -> Float[np.ndarray, "..."]:
    # One zero seen many times: no memory, and no array that two fields could change by accident.
    return np.broadcast_to(np.float64(0.0), shape)


def _parts(
    one: Float[np.ndarray, "*shape"], two: Float[np.ndarray, "*shape"]
) -> Float[np.ndarray, "*shape"]:
    """1 - (1-a)(1-b), written so that nothing and everything stay exact in any order."""
    larger, smaller = np.maximum(one, two), np.minimum(one, two)
    return np.asarray(larger + smaller * (1.0 - larger))


def _words(shape: tuple[int, int, int, int, int]) -> str:
    """Sizes of a path in words."""
    kinds = ("years", "regions", "sectors", "nodes", "firms")
    return ", ".join(f"{size} {kind}" for size, kind in zip(shape, kinds, strict=True))
