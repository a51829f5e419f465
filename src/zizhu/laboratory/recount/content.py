"""Value at the end of chains counted again: from what is bought down to raw materials.

`indicators.path_content` walks up from raw materials. Here a unit of money spent on a final product
is followed the other way, from chain files: to who sells it, to what he buys for it, and so on;
what stays with a maker at home is home's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.tiers import PLANTS, VALUE_KINDS, tier_of
from zizhu.laboratory.recount.misses import Misses, miss


def nodes_of(case: Any, chain: str) -> list[str]:
    """Nodes of a chain from its final product on, each before what goes into it."""
    at = int(np.asarray(case.base.technology.final)[case.chains.names.index(chain)])
    first = case.chains.nodes[case.chains.places.tolist().index(at)]
    needs, found, waiting = _needs(case), {first}, [first]
    while waiting:
        new = set(needs[waiting.pop()]) - found
        found |= new
        waiting += new
    return [name for name in reversed(case.chains.nodes) if name in found]


def _needs(case: Any) -> dict[str, dict[str, float]]:
    """By node: its inputs, with their part of its cost."""
    found: dict[str, dict[str, float]] = {name: {} for name in case.chains.nodes}
    for edge in case.chains.joined.edges:
        found[edge.parent][edge.input] = found[edge.parent].get(edge.input, 0.0) + edge.cost_share
    return found


def _counts(case: Any, name: str) -> str:
    node = case.chains.joined.nodes[name]
    return "assembled" if node.assembled else str(node.suppliers[0].basis)


def group_of(case: Any, name: str) -> tuple[str, str]:
    """Tier of a node and how it is counted."""
    place = case.chains.places[case.chains.nodes.index(name)]
    plant = bool(np.asarray(case.base.technology.plant)[place])
    return tier_of(case.chains.joined.nodes[name], plant=plant), _counts(case, name)


def already(case: Any, name: str) -> float:
    """Part of a node's value that came by way of nodes of its own tier, counted alike."""
    needs, group = _needs(case), group_of(case, name)

    def by_way(of: str) -> float:
        parts = [
            part * (1.0 if group_of(case, one) == group else by_way(one))
            for one, part in needs[of].items()
        ]
        return sum(parts, 0.0)

    return by_way(name)


def _left(case: Any, along: list[str]) -> dict[str, float]:
    """What stays with the maker of each node, his work on what he assembles for it included."""
    needs, found = _needs(case), dict[str, float]()
    for name in reversed(along):
        found[name] = 1.0 - sum(needs[name].values())
        for one, part in needs[name].items():
            if _counts(case, one) == "assembled":
                found[name] += part * found[one]
    return found


def whole_value(case: Any, chain: str) -> list[float]:
    """Part by kind of value of what is bought at the end of a chain, if all of it can be had."""
    along, needs = nodes_of(case, chain), _needs(case)
    left, spent = _left(case, along), dict.fromkeys(along, 0.0)
    spent[along[0]] = 1.0
    found = dict.fromkeys(VALUE_KINDS, 0.0)
    for name in along:
        group = group_of(case, name)
        if group[1] != "assembled":
            found[group[1]] += left[name] * spent[name]
        if group == (PLANTS, "location"):
            found[PLANTS] += (1 - already(case, name)) * spent[name]
        for one, part in needs[name].items():
            spent[one] += part * spent[name]
    bought = 1 - left[along[0]] if _counts(case, along[0]) == "assembled" else 1.0
    return [found[kind] / bought for kind in VALUE_KINDS]


def _shares(record: Any) -> Float[np.ndarray, "t m n n"]:
    """Part of purchases from each supplier: what the two uses buy of each, together."""
    demand, sourcing = record.flows.demand, np.asarray(record.chains.sourcing)
    bought, above = np.asarray(demand.bought), np.asarray(demand.above)
    some = bought > 0
    high = np.where(some, above / np.where(some, bought, 1.0), 1.0)[..., None]
    return np.asarray((1 - high) * sourcing[:, 0] + high * sourcing[:, 1])


class Followed:
    """Money spent at the ends of chains by some regions in one run, followed to who is paid."""

    def __init__(self, record: Any, case: Any, users: slice = slice(None)) -> None:
        """Take a run; `users` are the regions that buy."""
        # Not at the top: a static run is counted again as well, and needs no chains.

        self._case, self._needs = case, _needs(case)
        self._shares = _shares(record)[:, case.chains.places]  # t m n i
        self._asked = np.asarray(record.flows.demand.bought)[:, case.chains.places]
        self._users = np.arange(self._asked.shape[2])[users]
        self._record = record

    def flows(self) -> float:
        """Miss of what makers sell, from the same shares and what is asked for."""
        sold = np.einsum("tmni,tmn->tmi", self._shares, self._asked)
        made = np.asarray(self._record.flows.demand.made)[:, self._case.chains.places]
        traded = [not self._case.chains.joined.nodes[n].assembled for n in self._case.chains.nodes]
        return miss(sold[:, traded], made[:, traded])

    def of_chain(self, chain: str) -> tuple[Float[np.ndarray, "t u"], ...]:
        """Bought, and home's part by kind of value: headquarters, location, plants."""
        case, names = self._case, self._case.chains.nodes
        along = nodes_of(case, chain)
        years, _, regions = self._asked.shape
        users = len(self._users)
        spent = {name: np.zeros((years, users, regions)) for name in along}  # by who buys it
        asked = self._asked[:, names.index(along[0]), self._users]
        spent[along[0]][:, range(users), self._users] = asked
        home = {kind: np.zeros((years, users)) for kind in VALUE_KINDS}
        bought = asked.copy()
        left = _left(case, along)
        if _counts(case, along[0]) == "assembled":
            bought = asked * (1 - left[along[0]])
        for name in along:
            counts, buys = _counts(case, name), spent[name]
            makes = buys
            if counts != "assembled":
                makes = np.einsum("tun,tni->tui", buys, self._shares[:, names.index(name)])
                mine = makes[:, range(users), self._users]
                home[counts] += left[name] * mine
                if group_of(case, name) == (PLANTS, "location"):
                    home[PLANTS] += (1 - already(case, name)) * mine
            for one, part in self._needs[name].items():
                spent[one] += part * makes
        return (bought, *(home[kind] for kind in VALUE_KINDS))


def value_misses(table: xr.Dataset, path: Any) -> Misses:
    """What regions buy at the end of chains, and whose value is in it, in both runs."""
    worst = 0.0
    for run, record in (("scenario", path.record), ("baseline", path.baseline)):
        followed, here = Followed(record, path.case), table.sel(run=run)
        worst = max(worst, followed.flows())
        for chain in path.case.chains.names:
            bought, *home = followed.of_chain(chain)
            added = home[0] + home[1]
            share = np.where(bought > 0, 100 * added / np.where(bought > 0, bought, 1.0), np.nan)
            of = here.sel(chain=chain)
            shown = of["chain_home_value"].transpose("value_kind", "year", "region").values
            worst = max(
                worst,
                miss(of["chain_bought"].transpose("year", "region").values, bought),
                miss(shown, np.stack(home), bought.max() or 1.0),
                miss(of["content_share"].transpose("year", "region").values, share, 100.0),
            )
    return {"value at the end of chains": worst}
