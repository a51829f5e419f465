"""Tables of two regions: how each depends on the other, sector by sector, product by product."""

from __future__ import annotations

import numpy as np

from zizhu.indicators.labelled import percent
from zizhu.laboratory.dependence.accounts import Accounts, Numbers, make_table
from zizhu.laboratory.dependence.answer import Table
from zizhu.laboratory.dependence.cuts import Cuts
from zizhu.laboratory.dependence.tables import INPUTS


def by_sector(accounts: Accounts, region: str, on: str) -> Table:
    """Sectors of both regions by how far each looks through to the other."""
    numbers: dict[str, Numbers] = {}
    world = accounts.world
    for prefix, user, supplier in (("", region, on), ("reverse_", on, region)):
        table = accounts.reliance.sel(region=user, supplier=supplier)
        errors = accounts.errors.sel(region=user, supplier=supplier)
        face, through = errors.inputs_error.values, errors.inputs_look_through_error.values
        for name in ("face_value", "look_through", "hidden"):
            one = table[f"{name}_share"]
            numbers[prefix + name] = Numbers(
                one.values,
                INPUTS,
                f"{user} on {supplier}: {one.attrs['definition']}",
                face if name == "face_value" else through,
            )
    weight = world.output[world.regions.index(region)]
    exposed = accounts.reliance.look_through.sel(region=region, supplier=on).values
    exposed = np.nan_to_num(exposed) * weight
    numbers["weight"] = Numbers(
        percent(exposed, exposed.sum()),
        f"percent of {region}'s use of production in {on}",
        f"share of the sector in the production of {on} that the output of {region} needs at all "
        "tiers: exposure times size",
        numbers["look_through"].error,
    )
    title = f"{region} on {on}, and {on} on {region}, by sector"
    keys = {"sector": world.sectors}
    return make_table(accounts, "by_sector", title, keys, numbers, rank_by="weight")


def products(accounts: Accounts, region: str, on: str) -> Table:
    """Which products each buys from the other."""
    numbers: dict[str, Numbers] = {}
    world = accounts.world
    for prefix, user, supplier in (("", region, on), ("reverse_", on, region)):
        bought = accounts.flows.sel(user=user)
        value = bought.sel(supplier=supplier).values
        imports = bought.sel(supplier=accounts.others(user)).sum("supplier").values
        used = bought.sum("supplier").values
        error = [accounts.purchase_error(user, sector) for sector in world.sectors]
        numbers |= {
            f"{prefix}imports": Numbers(
                value,
                f"million {world.currency}",
                f"what {user} buys from {supplier}, all uses, before duties",
                error,
            ),
            f"{prefix}import_share": Numbers(
                percent(value, imports),
                "percent of imports",
                f"share of {supplier} in {user}'s imports of the product",
                error,
            ),
            f"{prefix}use_share": Numbers(
                percent(value, used),
                "percent of use",
                f"share of {supplier} in {user}'s use of the product, home supply included",
                error,
            ),
        }
    title = f"What {region} and {on} buy from each other"
    keys = {"sector": world.sectors}
    return make_table(accounts, "products", title, keys, numbers, rank_by="imports")


def losses(accounts: Accounts, region: str, on: str, cuts: Cuts) -> Table:
    """What both lose if either is cut off from the other's products."""
    there = cuts.columns([on], region)
    back = cuts.columns([region], on)
    numbers = {
        name: one._replace(
            values=np.concatenate([np.asarray(one.values), np.asarray(back[name].values)]),
            error=[*_listed(one.error), *_listed(back[name].error)],
            definition=one.definition.replace("the region", "the user"),
        )
        for name, one in there.items()
    }
    keys = {"user": [region, on], "supplier": [on, region]}
    title = f"Losses if imports of {cuts.what} are cut"
    return make_table(accounts, "losses", title, keys, numbers)


def inputs(accounts: Accounts, region: str, on: str, sector: str) -> Table:
    """Which inputs of one sector come from the other region directly, both ways."""
    world = accounts.world
    numbers: dict[str, Numbers] = {}
    errors = world.relative_errors()
    j = world.sectors.index(sector)
    for prefix, user, supplier in (("", region, on), ("reverse_", on, region)):
        n, i = world.regions.index(user), world.regions.index(supplier)
        bought, total = world.intermediate[i, :, n, j], world.intermediate[:, :, n, j].sum(axis=0)
        error = None if errors is None else errors[i, :, n, j]
        numbers[f"{prefix}bought"] = Numbers(
            bought,
            f"million {world.currency}",
            f"what {sector} of {user} buys of the input from {supplier} directly",
            error,
        )
        numbers[f"{prefix}share"] = Numbers(
            percent(bought, total),
            "percent of the input",
            f"share of {supplier} in what {sector} of {user} buys of the input directly, home "
            "supply included",
            error,
        )
    title = f"Inputs of {sector} from each other"
    keys = {"input": world.sectors}
    return make_table(accounts, "inputs", title, keys, numbers, rank_by="bought")


def _listed(values: object) -> list[float]:
    return list(np.atleast_1d(np.asarray(values, dtype=float)))
