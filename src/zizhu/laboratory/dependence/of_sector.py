"""Tables of one sector of a region: suppliers, inputs, self-sufficiency, origin of value added."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zizhu.indicators import concentration as few_suppliers
from zizhu.indicators import input_reliance_by_input
from zizhu.indicators.labelled import percent
from zizhu.laboratory.dependence.accounts import Accounts, Numbers, largest, make_table
from zizhu.laboratory.dependence.answer import Headline, Table
from zizhu.laboratory.dependence.cuts import Cuts
from zizhu.laboratory.dependence.headlines import SIX, SIX_LABELS
from zizhu.laboratory.dependence.tables import INPUTS

OUTPUT = "percent of output"


def suppliers(accounts: Accounts, region: str, sector: str, cuts: Cuts) -> Table:
    """Foreign suppliers of the sector's inputs, and of its product."""
    reliance = accounts.reliance.sel(region=region, sector=sector)
    others = accounts.others(region)
    errors = accounts.errors.sel(region=region, sector=sector, supplier=others)
    face, through = errors.inputs_error.values, errors.inputs_look_through_error.values
    flows = accounts.flows.sel(user=region, sector=sector)
    abroad = flows.sel(supplier=others).values
    made = bool(reliance.foreign_look_through_share.notnull())
    bought = accounts.purchase_error(region, sector)
    numbers = {
        name: Numbers(
            reliance[f"{name}_share"].sel(supplier=others).values,
            INPUTS,
            f"inputs of {sector}: " + reliance[f"{name}_share"].attrs["definition"],
            face if name == "face_value" else through,
        )
        for name in ("face_value", "look_through", "hidden")
    }
    numbers["import_share"] = Numbers(
        percent(abroad, abroad.sum()),
        "percent of imports",
        f"share in the region's imports of products of {sector}, all uses, before duties",
        bought,
    )
    numbers["use_share"] = Numbers(
        percent(abroad, float(flows.sum())),
        "percent of use",
        f"share in the region's use of products of {sector}, home supply included",
        bought,
    )
    numbers |= cuts.columns(others, region)
    return make_table(
        accounts,
        "suppliers",
        f"Foreign suppliers of inputs of {sector} and of its products",
        {"supplier": others},
        numbers,
        # A sector that is not made has no inputs: who sells its product is what is left.
        rank_by="look_through" if made else "import_share",
    )


def inputs(accounts: Accounts, region: str, sector: str) -> Table:
    """Which inputs of the sector come from abroad, and from whom most."""
    world = accounts.world
    found = input_reliance_by_input(accounts.system).sel(region=region, sector=sector)
    others = accounts.others(region)
    n, j = world.regions.index(region), world.sectors.index(sector)
    rows = [world.regions.index(other) for other in others]
    bought = world.intermediate[:, :, n, j]
    abroad = bought[rows]
    countries = np.isin(others, accounts.countries(region))
    first, leader = largest(np.where(countries[:, None], abroad, -1.0), others)
    errors = world.relative_errors()
    wrong = np.zeros_like(abroad) if errors is None else errors[rows][:, :, n, j]
    error = (wrong * abroad).sum(axis=0) / np.maximum(abroad.sum(axis=0), 1e-12)
    places = np.arange(len(world.sectors))
    numbers = {
        **{
            name: Numbers(found[name].values, OUTPUT, found[name].attrs["definition"], error)
            for name in ("face_value", "look_through", "hidden")
        },
        "foreign_share": Numbers(
            percent(abroad.sum(axis=0), bought.sum(axis=0)),
            "percent of the input",
            "foreign share of what the sector buys of this input directly",
            error,
        ),
        "leader_share": Numbers(
            percent(abroad[first, places], abroad.sum(axis=0)),
            "percent of imports of the input",
            "share of the largest foreign country in what the sector imports of this input "
            "directly",
            wrong[first, places],
        ),
    }
    keys = {"input": world.sectors, "leader": leader}
    return make_table(
        accounts, "inputs", f"Foreign inputs of {sector}", keys, numbers, rank_by="look_through"
    )


def origins(accounts: Accounts, region: str, sector: str) -> Table:
    """Production behind the sector's inputs by supplier and product, all tiers (L - I)."""
    world = accounts.world
    unit = np.zeros((*accounts.system.output.shape, 1))
    place = world.regions.index(region), world.sectors.index(sector)
    unit[(*place, 0)] = 1.0
    needed = (accounts.system.solve(unit) - unit)[..., 0]
    # One product of one supplier is less certain than all of them: the error at face value.
    error = accounts.errors.inputs_error.sel(region=region, sector=sector).values
    keys = {
        "supplier": np.repeat(world.regions, len(world.sectors)),
        "input": np.tile(world.sectors, len(world.regions)),
    }
    numbers = {
        "look_through": Numbers(
            percent(needed, needed.sum()).ravel(),
            INPUTS,
            f"gross production of the input in the supplier region that goes into {sector}, all "
            "tiers (L - I), over inputs of all tiers and sources",
            np.repeat(error, len(world.sectors)),
        )
    }
    return make_table(accounts, "origins", f"Where inputs of {sector} are made", keys, numbers)


def concentration(accounts: Accounts, region: str, sector: str) -> Table:
    """How few suppliers there are of the sector's product, by use and scope."""
    found = few_suppliers(accounts.world).sel(user=region, sector=sector)
    frame = found.to_dataframe().reset_index()
    error = [
        accounts.purchase_error(region, sector)
        if use == "all"
        else accounts.inputs_error(region, accounts.others(region))
        for use in frame.use
    ]
    numbers = {
        name: Numbers(
            frame[name].to_numpy(),
            found[name].attrs["units"],
            found[name].attrs["definition"],
            error,
        )
        for name in ("hhi", "largest_share", "effective_number")
    }
    keys = {"use": frame.use, "scope": frame.scope, "supplier": frame.largest_supplier}
    return make_table(
        accounts, "concentration", f"Suppliers of products of {sector}", keys, numbers
    )


def self_sufficiency(found: dict[str, Headline], sector: str) -> Table:
    """Six definitions side by side, with ranges where tables were drawn."""
    chosen = [found[name] for name in SIX]
    frame = pd.DataFrame(
        {
            "definition": [SIX_LABELS[name] for name in SIX],
            "value": [one.value for one in chosen],
            "low": [np.nan if one.low is None else one.low for one in chosen],
            "high": [np.nan if one.high is None else one.high for one in chosen],
        }
    )
    errors = pd.DataFrame(index=frame.index)
    if any(one.error is not None for one in chosen):
        errors["value"] = [one.error or 0.0 for one in chosen]
    meaning = "; ".join(f"{SIX_LABELS[one.name]}: {one.column.definition}" for one in chosen)
    source = chosen[0].column.source
    columns = {
        "value": chosen[0].column._replace(units="percent", definition=meaning),
        "low": chosen[0].column._replace(
            units="percent", definition="10th percentile over drawn tables", source=source
        ),
        "high": chosen[0].column._replace(
            units="percent", definition="90th percentile over drawn tables", source=source
        ),
    }
    return Table(
        "self_sufficiency",
        f"Self-sufficiency of {sector} by definition",
        frame,
        ("definition",),
        columns,
        errors,
    )


def value_added(accounts: Accounts, region: str, sector: str) -> Table:
    """Whose value added is in the sector's exports, the region's own included."""
    cell = {"region": region, "sector": sector}
    origin = accounts.trade.origin.sel(cell).values
    exports = float(accounts.trade.exports.sel(cell))
    error = accounts.errors.inputs_look_through_error.sel(cell).values
    world = accounts.world
    numbers = {
        "share": Numbers(
            percent(origin, exports),
            "percent of exports",
            f"value added of the region in exports of {sector}, all tiers; the rest of 100 is net "
            "taxes on inputs",
            error,
        )
    }
    return make_table(
        accounts,
        "value_added",
        f"Whose value added is in exports of {sector}",
        {"origin": world.regions},
        numbers,
        rank_by="share",
    )
