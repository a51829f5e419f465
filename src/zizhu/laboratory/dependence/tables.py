"""Ranked tables of a whole region: sectors, suppliers, markets, chokepoints, the matrix."""

from __future__ import annotations

import numpy as np

from zizhu.indicators import chokepoints as ranked_chokepoints
from zizhu.indicators.labelled import percent
from zizhu.laboratory.dependence.accounts import Accounts, Numbers, largest, make_table
from zizhu.laboratory.dependence.answer import Table
from zizhu.laboratory.dependence.cuts import Cuts

INPUTS = "percent of inputs of all tiers"


def sectors(accounts: Accounts, region: str) -> Table:
    """Sectors by their weight in the region's foreign exposure."""
    reliance, world = accounts.reliance.sel(region=region), accounts.world
    others = accounts.countries(region)
    size = world.output[world.regions.index(region)]
    exposed = np.nan_to_num(reliance.foreign_look_through.values) * size
    foreign = reliance.look_through_share.sel(supplier=others).fillna(0.0)
    first, leader = largest(foreign.transpose("supplier", "sector").values, others)
    errors = accounts.errors.sel(region=region)
    face = errors.foreign_inputs_error.values
    through = errors.foreign_inputs_look_through_error.values
    sold = errors.foreign_sales_look_through_error.values
    places = range(len(world.sectors))
    leader_error = [
        float(
            errors.inputs_look_through_error.sel(supplier=others[first[k]], sector=world.sectors[k])
        )
        for k in places
    ]
    exports = accounts.trade.exports.sel(region=region).values
    numbers = {
        "weight": Numbers(
            percent(exposed, exposed.sum()),
            "percent of the region's foreign production used",
            "share of the sector in the foreign production that the region's output needs at all "
            "tiers: exposure times size",
            through,
        ),
        **{
            name: Numbers(
                reliance[f"foreign_{name}_share"].values,
                INPUTS,
                reliance[f"foreign_{name}_share"].attrs["definition"],
                face if name == "face_value" else through,
            )
            for name in ("face_value", "look_through", "hidden")
        },
        "leader_share": Numbers(
            reliance.look_through_share.sel(supplier=others).max("supplier").values,
            INPUTS,
            "look-through share of the largest foreign country; a rest of the world is none",
            leader_error,
        ),
        "home_share": Numbers(
            accounts.sufficiency.home_share.sel(region=region).values,
            "percent of use",
            "domestic share of domestic use of the sector's products, all uses, before duties",
            [accounts.purchase_error(region, sector) for sector in world.sectors],
        ),
        "final_market": Numbers(
            accounts.markets.foreign_final_market.sel(region=region).values,
            "percent of output",
            accounts.markets.foreign_final_market.attrs["definition"],
            sold,
        ),
        "market_look_through": Numbers(
            accounts.markets.foreign_look_through_share.sel(region=region).values,
            "percent of all production that uses the output",
            accounts.markets.foreign_look_through_share.attrs["definition"],
            sold,
        ),
        "exports": Numbers(
            exports,
            f"million {world.currency}",
            "gross exports, all uses, before duties",
            [
                0.0 if accounts.published(k) else float(errors.foreign_sales_error.sel(sector=k))
                for k in world.sectors
            ],
        ),
        "internal_share": Numbers(
            accounts.circulation.internal_share.sel(region=region).values,
            "percent of value added",
            accounts.circulation.internal_share.attrs["definition"],
            sold,
        ),
    }
    keys = {"sector": world.sectors, "leader": leader}
    title = "Sectors by their weight in foreign exposure"
    return make_table(accounts, "sectors", title, keys, numbers, rank_by="weight")


def suppliers(accounts: Accounts, region: str, cuts: Cuts) -> Table:
    """Foreign suppliers by look-through reliance, with what is lost without them."""
    reliance = accounts.reliance.sel(region=region)
    others = accounts.others(region)
    error = {
        face: [accounts.inputs_error(region, [one], face=face) for one in others]
        for face in (True, False)
    }
    numbers = {
        name: Numbers(
            reliance[f"region_{name}_share"].sel(supplier=others).values,
            INPUTS,
            reliance[f"region_{name}_share"].attrs["definition"],
            error[name == "face_value"],
        )
        for name in ("face_value", "look_through", "hidden")
    }
    numbers |= cuts.columns(others, region)
    title = "Foreign suppliers by look-through reliance"
    return make_table(
        accounts, "suppliers", title, {"supplier": others}, numbers, rank_by="look_through"
    )


def exposure(accounts: Accounts, region: str) -> Table:
    """Look-through share of every supplier in the inputs of every sector."""
    found = accounts.reliance.look_through_share.sel(region=region)
    error = accounts.errors.inputs_look_through_error.sel(region=region)
    error = error.transpose("supplier", "sector")
    found = found.transpose("supplier", "sector")
    keys = {
        "supplier": np.repeat(found.supplier.values, found.sizes["sector"]),
        "sector": np.tile(found.sector.values, found.sizes["supplier"]),
    }
    numbers = {
        "look_through": Numbers(
            found.values.ravel(), INPUTS, found.attrs["definition"], error.values.ravel()
        )
    }
    return make_table(accounts, "exposure", "Sectors and their suppliers", keys, numbers)


def markets(accounts: Accounts, region: str, sector: str | None = None) -> Table:
    """Foreign markets by the value added that they absorb, of the region or one sector."""
    others, world = accounts.others(region), accounts.world
    pick = [sector] if sector else list(world.sectors)
    absorbed = accounts.trade.absorbed.sel(region=region, sector=pick, market=others).sum("sector")
    made = world.value_added[world.regions.index(region)]
    earned = made.sum() if sector is None else made[world.sectors.index(sector)]
    sold = accounts.flows.sel(supplier=region, sector=pick)
    output, there = float(sold.sum()), sold.sel(user=others).sum("sector").values
    wrong = accounts.errors.sales_look_through_error.sel(region=region, sector=pick, market=others)
    wrong = wrong.transpose("sector", "market")
    weight = sold.transpose("sector", "user").sel(user=others).values
    mean = (wrong.values * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-12)
    known = [accounts.published(k) for k in pick]
    direct = 0.0 if all(known) else mean
    what = f"sector {sector}" if sector else "the region"
    numbers = {
        "value_added_absorbed": Numbers(
            percent(absorbed.values, float(earned)),
            "percent of value added",
            f"value added of {what} that final demand of the market takes, directly or inside "
            "other products",
            mean,
        ),
        "sales": Numbers(
            percent(there, output),
            "percent of output",
            f"output of {what} sold to the market directly, all uses",
            direct,
        ),
        "exports": Numbers(
            there,
            f"million {world.currency}",
            f"sales of {what} to the market, all uses, before duties",
            direct,
        ),
    }
    return make_table(
        accounts,
        "markets",
        "Foreign markets by value added absorbed",
        {"market": others},
        numbers,
        rank_by="value_added_absorbed",
    )


def chokepoints(accounts: Accounts, region: str, sector: str | None = None) -> Table:
    """Foreign products that the region could miss least, all of them, the first one first."""
    found = ranked_chokepoints(accounts.system, region)
    names = (
        "rank",
        "rank_low",
        "rank_high",
        "top_ten",
        "score",
        "loss",
        "concentration",
        "substitution",
    )
    frame = found[list(names)].to_dataframe().reset_index().dropna(subset=["rank"])
    if sector is not None:
        frame = frame[frame.sector == sector]
    frame = frame.sort_values("rank", kind="stable").reset_index(drop=True)
    # Services are less certain than what their supplier makes on the whole.
    error = [
        accounts.inputs_error(region, [supplier], face=product not in accounts.goods)
        for supplier, product in zip(frame.supplier, frame.sector, strict=True)
    ]
    rule = f"; weights: {found.attrs['weights']} (assumption)"
    numbers = {
        name: Numbers(
            frame[name].to_numpy(),
            found[name].attrs["units"],
            found[name].attrs["definition"] + (rule if name in ("rank", "score") else ""),
            error if name == "loss" else None,
        )
        for name in names
    }
    keys = {"supplier": frame.supplier, "sector": frame.sector}
    title = "Foreign products that could be missed least"
    return make_table(accounts, "chokepoints", title, keys, numbers)
