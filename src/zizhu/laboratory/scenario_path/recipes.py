"""The money levers as recipes: the same outlay, each spent its own way on one field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from zizhu.policy.units import MONEY, Size


@dataclass(frozen=True)
class Aim:
    """Whom money is for.

    nodes       traded nodes of the field's chains, `chain/node`; none where it has no chain
    sectors     sectors whose producers make it
    start, end  first and last day of spending
    """

    region: str
    nodes: tuple[str, ...]
    sectors: tuple[str, ...]
    start: dt.date
    end: dt.date


# Fields of a measure whose outlay is proportional to the last argument.
Fields = Callable[[Aim, float], Mapping[str, Any]]


class Recipe(NamedTuple):
    """One way of spending: a lever, on nodes or sectors.

    on      `nodes`, `sectors`, or nothing where the lever knows no target
    fields  of its measure beside label and dates
    note    what a reader must know to compare it
    """

    name: str
    lever: str
    on: str
    fields: Fields
    note: str


def _money(bn: float) -> Size:
    return Size(1e9 * bn, MONEY, "USD")


def _fund(on: str) -> Fields:
    def fields(aim: Aim, size: float) -> Mapping[str, Any]:
        shared = {"region": aim.region, "split": "purchases", "from": aim.start}
        return {**shared, on: list(getattr(aim, on)), "size": _money(size)}

    return fields


def _subsidy(on: str) -> Fields:
    def fields(aim: Aim, size: float) -> Mapping[str, Any]:
        shared = {"regions": aim.region, "from": aim.start, "to": aim.end}
        split = {"split": "purchases"} if on == "nodes" else {}
        return {**shared, **split, on: list(getattr(aim, on)), "size": _money(size)}

    return fields


def _local(aim: Aim, size: float) -> Mapping[str, Any]:
    dates = {"from": aim.start, "to": aim.end}
    return {"regions": aim.region, "sectors": list(aim.sectors), "size": _money(size), **dates}


def _research(aim: Aim, size: float) -> Mapping[str, Any]:
    return {"regions": aim.region, "size": _money(size), "from": aim.start, "to": aim.end}


def _little_giants(aim: Aim, size: float) -> Mapping[str, Any]:
    return {
        "region": aim.region,
        "nodes": list(aim.nodes),
        "split": "purchases",
        "firms": 1e3 * size,
        "grant": "100 %",
        "from": aim.start,
        "to": aim.end,
    }


def _recruits(aim: Aim, size: float) -> Mapping[str, Any]:
    return {"regions": aim.region, "people": 1e3 * size, "from": aim.start, "to": aim.end}


_PAID_IN = "announced in the first year and paid in over ten, spent with a delay: late in the path"
_WIDE = "raises productivity of all sectors, not of the field alone"
RECIPES = (
    Recipe("fund-nodes", "investment_fund", "nodes", _fund("nodes"), _PAID_IN),
    Recipe("fund-sectors", "investment_fund", "sectors", _fund("sectors"), _PAID_IN),
    Recipe("production-nodes", "production_subsidy", "nodes", _subsidy("nodes"), ""),
    Recipe("production-sectors", "production_subsidy", "sectors", _subsidy("sectors"), ""),
    Recipe("investment-nodes", "investment_subsidy", "nodes", _subsidy("nodes"), ""),
    Recipe("investment-sectors", "investment_subsidy", "sectors", _subsidy("sectors"), ""),
    Recipe("entry-nodes", "entry_subsidy", "nodes", _subsidy("nodes"), ""),
    Recipe("entry-sectors", "entry_subsidy", "sectors", _subsidy("sectors"), ""),
    Recipe("local-support", "local_support", "sectors", _local, ""),
    Recipe("little-giants", "little_giants", "nodes", _little_giants, "the state pays all of it"),
    Recipe("research", "research_spending", "", _research, _WIDE),
    Recipe("recruitment", "talent_recruitment", "", _recruits, _WIDE),
)
# Levers that cost public money and are not compared, and why not.
NOT_COMPARED = {
    "cluster": "no source says how much density a given sum buys",
    "champion": "a subsidy together with a preference that costs no planned money",
    "research_tax_credit": "its outlay is revenue lost on all research, old and new",
    "talent_pipeline": "graduates of a place paid for today come after most of the path",
}
