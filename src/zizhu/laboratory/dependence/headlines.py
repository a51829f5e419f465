"""The numbers that a page leads with, and their ranges over drawn tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from zizhu.indicators.labelled import percent
from zizhu.laboratory.dependence.accounts import Accounts, source_of
from zizhu.laboratory.dependence.answer import Column, Headline
from zizhu.world import World, draw

LOW, HIGH = 10, 90
SIX = (
    "home_share",
    "output_to_use",
    "trade_balance",
    "value_added_home_share",
    "input_home_share",
    "world_share",
)
_INPUTS = "percent of inputs of all tiers"
_DIRECT = "percent of direct inputs"


class Asked(NamedTuple):
    """Labels of the question, and the supplier whose share is followed."""

    region: str
    sector: str | None
    on: str | None
    leader: str


class _Number(NamedTuple):
    label: str
    value: float
    units: str
    definition: str
    error: float | None


def headlines(accounts: Accounts, asked: Asked) -> dict[str, Headline]:
    """Every leading number of the question, without ranges."""
    world = accounts.world
    if asked.on is not None:
        found = _pair(accounts, asked.region, asked.on, asked.sector)
        found |= _pair(accounts, asked.on, asked.region, asked.sector, prefix="reverse_")
    elif asked.sector is not None:
        found = _sector(accounts, asked.region, asked.sector, asked.leader)
    else:
        found = _region(accounts, asked.region, asked.leader)
    source = source_of(world)
    return {
        name: Headline(
            name,
            one.label,
            one.value,
            Column(one.units, one.definition, source),
            one.error if world.doubt is not None else None,
        )
        for name, one in found.items()
    }


_HOME_SHARES = ("value_added_home_share", "input_home_share")
# 90th percentile of the standard normal.
_NORMAL_90 = 1.2816


def with_ranges(
    found: Mapping[str, Headline],
    world: World,
    asked: Asked,
    draws: int,
    progress: Callable[[str], None],
) -> dict[str, Headline]:
    """Add the 10th and 90th percentile over `draws` tables drawn from the world's errors.

    Both are shifted by what separates the number from the median of the draws, so that they are a
    spread around the estimate: drawing anew around an estimate adds its noise a second time, which
    moves the middle. Cells are drawn independently, and errors that go together give wider ranges:
    where an error was measured for such a figure (`zizhu.indicators.figure_errors`) and is wider,
    the range is the middle 80 percent of exp(error z) around the number, z standard normal.

    Numbers that published data determine do not move between draws and get no range.
    """
    values: dict[str, list[float]] = {name: [] for name in found}
    for seed in range(draws):
        progress(f"drawn table {seed + 1} of {draws}")
        for name, one in headlines(Accounts(draw(world, seed)), asked).items():
            values[name].append(one.value)
    ranged = {}
    for name, one in found.items():
        if np.isnan(one.value):
            ranged[name] = one  # what is not there in the table is in none drawn from it
            continue
        low, middle, high = np.nanpercentile(values[name], [LOW, 50, HIGH])
        fixed = high - low <= 1e-4 * max(abs(one.value), 1.0)
        ends = (one.value + low - middle, one.value + high - middle)
        factor = np.exp(_NORMAL_90 * (one.error or 0.0))
        # Errors were measured on foreign parts: a home share moves by that of the rest.
        foreign = 100 - one.value if name in _HOME_SHARES else one.value
        if foreign > 0 and foreign * (factor - 1 / factor) > ends[1] - ends[0]:
            ends = (foreign / factor, foreign * factor)
            ends = (100 - ends[1], 100 - ends[0]) if name in _HOME_SHARES else ends
        ranged[name] = one if fixed else replace(one, low=ends[0], high=ends[1])
    return ranged


def _direct(
    accounts: Accounts, user: str, suppliers: list[str], sector: str | None = None
) -> _Number:
    """Share of suppliers in the inputs that a region, or one sector of it, buys directly."""
    world = accounts.world
    chosen = slice(None) if sector is None else [world.sectors.index(sector)]
    bought = world.intermediate[:, :, world.regions.index(user)][..., chosen].sum(axis=(1, 2))
    of = [world.regions.index(one) for one in suppliers]
    who = "abroad" if len(of) == len(world.regions) - 1 else f"in {', '.join(suppliers)}"
    return _Number(
        "foreign, of inputs bought" if who == "abroad" else "of the inputs bought",
        float(percent(bought[of].sum(), bought.sum())),
        _DIRECT,
        f"inputs of {sector or 'all sectors'} of {user} bought {who}, over all that it buys",
        accounts.inputs_error(user, suppliers, sector, face=True),
    )


def _region(accounts: Accounts, region: str, leader: str) -> dict[str, _Number]:
    table = accounts.reliance.sel(region=region)
    others = accounts.others(region)
    face = table.region_face_value_share.sel(supplier=others)
    through = table.region_look_through_share.sel(supplier=others)
    error = accounts.inputs_error(region, others)
    goods = accounts.flows.sel(user=region, sector=accounts.goods)
    name = accounts.world.region_name
    return {
        "direct_share": _direct(accounts, region, others),
        "face_value": _Number(
            "foreign, first tier of all tiers",
            float(face.sum(min_count=1)),
            _INPUTS,
            "inputs of all sectors bought abroad directly, over inputs of all tiers and sources",
            accounts.inputs_error(region, others, face=True),
        ),
        "look_through": _Number(
            "foreign, all tiers",
            float(through.sum(min_count=1)),
            _INPUTS,
            "gross production abroad that goes into the output of all sectors, all tiers, over "
            "inputs of all tiers and sources",
            error,
        ),
        "leader_look_through": _Number(
            f"of these from {name(leader)}",
            float(through.sel(supplier=leader)),
            _INPUTS,
            f"the same for the largest foreign country, {leader}; rests of the world left out",
            accounts.inputs_error(region, [leader]),
        ),
        "home_share_goods": _Number(
            "goods made at home, of those used",
            float(percent(float(goods.sel(supplier=region).sum()), float(goods.sum()))),
            "percent of use",
            "domestic share of domestic use of goods, all uses, before duties",
            0.0,
        ),
        "foreign_value_added": _foreign_value_added(accounts, region),
        "external_share": _Number(
            "income from demand abroad",
            100 - float(accounts.circulation.region_internal_share.sel(region=region)),
            "percent of value added",
            "value added due to foreign final demand, over value added (dual circulation)",
            accounts.sales_error(region),
        ),
        "dual_circulation_ratio": _Number(
            "dual circulation ratio",
            float(accounts.circulation.region_dual_circulation_ratio.sel(region=region)),
            "ratio",
            "value added due to domestic over value added due to foreign final demand",
            accounts.sales_error(region),
        ),
    }


def _foreign_value_added(accounts: Accounts, region: str) -> _Number:
    inside = accounts.trade.absorbed.sel(market=region)
    others = accounts.others(region)
    spent = float(accounts.world.final[:, :, accounts.world.regions.index(region)].sum())
    return _Number(
        "foreign value added in final use",
        float(percent(float(inside.sel(region=others).sum()), spent)),
        "percent of final demand",
        "value added of other regions in what domestic final demand buys, all tiers",
        accounts.inputs_error(region, others),
    )


def _sector(accounts: Accounts, region: str, sector: str, leader: str) -> dict[str, _Number]:
    cell = {"region": region, "sector": sector}
    table = accounts.reliance.sel(cell)
    name = accounts.world.region_name
    others = accounts.others(region)
    error = accounts.inputs_error(region, others, sector)
    sold = accounts.sales_error(region, sector)
    numbers = {
        "direct_share": _direct(accounts, region, others, sector),
        "face_value": _Number(
            "foreign, first tier of all tiers",
            float(table.foreign_face_value_share),
            _INPUTS,
            str(table.foreign_face_value_share.attrs["definition"]),
            accounts.inputs_error(region, others, sector, face=True),
        ),
        "look_through": _Number(
            "foreign, all tiers",
            float(table.foreign_look_through_share),
            _INPUTS,
            str(table.foreign_look_through_share.attrs["definition"]),
            error,
        ),
        "leader_look_through": _Number(
            f"of these from {name(leader)}",
            float(table.look_through_share.sel(supplier=leader)),
            _INPUTS,
            f"the same for the largest foreign country, {leader}; rests of the world left out",
            accounts.inputs_error(region, [leader], sector),
        ),
    }
    # Errors of balances and of positions in the chain were not measured: draws alone speak.
    face = accounts.inputs_error(region, others, sector, face=True)
    errors = {"value_added_home_share": error, "input_home_share": face}
    known = 0.0 if accounts.published(sector) else None
    for one in SIX:
        found = accounts.sufficiency[one].sel(cell)
        numbers[one] = _Number(
            SIX_LABELS[one],
            float(found),
            str(found.attrs["units"]),
            str(found.attrs["definition"]),
            errors.get(one, known),
        )
    backward = accounts.trade.sector_backward_participation.sel(cell)
    abroad = accounts.markets.foreign_final_market.sel(cell)
    for one, label, found, rests_on in (
        ("foreign_in_exports", "foreign value added in exports", backward, error),
        ("final_market", "output for final demand abroad", abroad, sold),
        ("upstreamness", "upstreamness", accounts.position.upstreamness.sel(cell), None),
        ("downstreamness", "downstreamness", accounts.position.downstreamness.sel(cell), None),
    ):
        attrs = found.attrs
        numbers[one] = _Number(
            label, float(found), str(attrs["units"]), str(attrs["definition"]), rests_on
        )
    return numbers


SIX_LABELS = {
    "home_share": "home share of use",
    "output_to_use": "output over use",
    "trade_balance": "net exports over trade",
    "value_added_home_share": "home value added in final use",
    "input_home_share": "home share of its inputs",
    "world_share": "share of world output",
}


def _pair(
    accounts: Accounts, user: str, supplier: str, sector: str | None, prefix: str = ""
) -> dict[str, _Number]:
    """How far `user` depends on `supplier`, in one sector or all."""
    table = accounts.reliance.sel(region=user, supplier=supplier)
    products = [sector] if sector else accounts.goods
    flows = accounts.flows.sel(user=user, sector=products)
    imports = flows.sel(supplier=accounts.others(user)).sum()
    sold = float(flows.sel(supplier=supplier).sum())
    inside = accounts.trade.absorbed.sel(market=user, region=supplier)
    spent = float(accounts.world.final[:, :, accounts.world.regions.index(user)].sum())
    if sector:
        face, through = (table[name].sel(sector=sector) for name in _SECTOR_SHARES)
    else:
        face, through = (table[f"region_{name}"] for name in _SECTOR_SHARES)
    error = accounts.inputs_error(user, [supplier], sector)
    bought = max(accounts.purchase_error(user, one) for one in products)
    of = f"{sector} of {user}" if sector else f"all sectors of {user}"
    what = sector or "goods"
    numbers = {
        "direct_share": _direct(accounts, user, [supplier], sector),
        "face_value": _Number(
            "first tier of all tiers",
            float(face),
            _INPUTS,
            f"inputs of {of} bought in {supplier} directly, over inputs of all tiers and sources",
            accounts.inputs_error(user, [supplier], sector, face=True),
        ),
        "look_through": _Number(
            "inputs, all tiers",
            float(through),
            _INPUTS,
            f"gross production in {supplier} that goes into the output of {of}, all tiers, over "
            "inputs of all tiers and sources",
            error,
        ),
        "import_share": _Number(
            f"share in imports, {what}",
            float(percent(sold, float(imports))),
            "percent of imports",
            f"{supplier}'s share in what {user} imports of {what}, all uses, before duties",
            bought,
        ),
        "use_share": _Number(
            f"share in use, {what}",
            float(percent(sold, float(flows.sum()))),
            "percent of use",
            f"{supplier}'s share in what {user} uses of {what}, home supply included",
            bought,
        ),
        "value_added": _Number(
            "its value added in final demand",
            float(percent(float(inside.sum()), spent)),
            "percent of final demand",
            f"value added of {supplier}, all sectors, in what final demand of {user} buys",
            accounts.inputs_error(user, [supplier]),
        ),
    }
    return {prefix + name: one for name, one in numbers.items()}


_SECTOR_SHARES = ("face_value_share", "look_through_share")
