"""The catalogue, the shipped worlds, and how their tables are made."""

from __future__ import annotations

from generate.fresh import write
from generate.markdown import table
from zizhu.world import World, catalogue, open_world, to_dataset
from zizhu.world.build import oecd
from zizhu.world.build.assemble import Method
from zizhu.world.build.make import own_structure
from zizhu.world.catalogue import DEFAULT, INPUT_TABLES

OLD, POOLED, OFFICIAL = oecd.OLD_YEAR, oecd.POOLED_YEAR, oecd.OFFICIAL_YEAR
SERVICES_OF = "services, one aggregate"


def worlds() -> None:
    """The catalogue, every shipped world and the file format."""
    rows = [
        (f"`{entry.name}`", entry.kind, entry.description)
        for entry in catalogue()
        if entry.name not in INPUT_TABLES
    ]
    rows += [
        (f"`{t.name}`", "replication input", f"{t.description}. Where to get it: {t.where_to_get}")
        for t in INPUT_TABLES.values()
    ]
    write("catalogue.md", table(("name", "kind", "what"), rows))
    now, before = open_world(DEFAULT), open_world("2017")
    dataset = to_dataset(now, compact=True)
    rows = [
        (f"`{name}`", " x ".join(map(str, v.dims)), v.attrs["units"], v.attrs["definition"])
        for name, v in dataset.data_vars.items()
    ]
    write("format.md", table(("variable", "dimensions", "unit", "definition"), rows))
    write("world-2022.md", _regions(now, members=True))
    write("world-2017.md", _regions(before, members=False))
    notes = "\n".join(f"- {note[0].upper()}{note[1:]}." for note in now.notes)
    write("world-notes.md", f"{notes}\n\nSource: {now.source}. Licence: {now.licence}.")
    rows = [(f"`{name}`", ", ".join(f"`{m}`" for m in found)) for name, found in now.groups.items()]
    write("world-groups.md", table(("group", "stands for"), rows))


def _regions(world: World, *, members: bool) -> str:
    own = own_structure()
    inside = {
        "REU": ", ".join(c for c in oecd.EUROPEAN_UNION if c not in oecd.SINGLE),
        "ANZ": "AUS, NZL",
    }
    flows, rows = world.flows, []
    for n, region in enumerate(world.regions):
        bought = flows[:, :, n].sum() - flows[n, :, n].sum()
        duty = (flows[:, :, n] * world.tariff[:, :, n]).sum()
        name = world.region_name(region)
        if members and region in inside:
            name += f" ({inside[region]})"
        row = [
            f"`{region}`",
            name,
            f"{world.gdp[n] / 1e3:,.0f}",
            f"{world.output[n].sum() / 1e3:,.0f}",
            f"{world.deficit[n] / 1e3:+,.0f}",
            f"{100 * duty / bought:.1f}",
        ]
        rows.append([*row, "yes" if region in own else "no"] if members else row)
    columns = (
        "code",
        "region",
        "value added, bn USD",
        "output, bn USD",
        "deficit, bn USD",
        "tariffs paid, %",
        *(["own table"] if members else []),
    )
    return table(columns, rows, "llrrrr" + ("l" if members else ""))


def making() -> None:
    """Margins with their weights, powers of the bends, and the concordance of sectors."""
    how = Method()
    exact = "exact"
    rows = [
        (
            "sales by good and pair of regions, own sales included",
            "supplier, good, user",
            "cube of bilateral sales",
            "year of the world",
            exact,
        ),
        (
            "sales of all services together by pair of regions",
            "supplier, user",
            "cube of bilateral sales",
            "year of the world",
            exact,
        ),
        (
            "inputs of each sector, given its value added and taxes",
            "region, using sector",
            "value added below",
            "year of the world",
            exact,
        ),
        (
            "GDP against value added at its last share of output",
            "region",
            "World Bank (Taiwan: IMF)",
            "year of the world",
            f"{how.gdp:g}, closed form",
        ),
        (
            "the same sales by good and all services, of the official year",
            "supplier, good, user",
            "cube of bilateral sales",
            str(OFFICIAL),
            exact,
        ),
        (
            "share of value added, in 11 groups of sectors",
            "region, group",
            "official table",
            str(OFFICIAL),
            f"{exact}, closed form",
        ),
        (
            "services by group, as shares of all services of a pair",
            "supplier, group, user",
            "official table",
            str(OFFICIAL),
            "start only",
        ),
        (
            "uses of each group of sectors, all origins",
            "group, user, using group, consumption, investment",
            "official table, as shares of what the cube says is bought",
            str(OFFICIAL),
            f"{how.official:g}, fitted",
        ),
        (
            "origins of each group in inputs, consumption and investment",
            "supplier, group, user, kind of use",
            "official table, as shares of what the cube says is bought",
            str(OFFICIAL),
            f"{how.official:g}, fitted",
        ),
        (
            "net taxes on products, share of output",
            "region, group",
            "official table",
            str(OFFICIAL),
            "taken as given",
        ),
        (
            "inputs by sector and using sector, final use by product",
            "7 groups of regions",
            "structure in 44 sectors",
            str(POOLED),
            "start only",
        ),
        (
            "share of value added of a sector",
            "7 groups of regions",
            "structure in 44 sectors",
            str(POOLED),
            "start only",
        ),
        (
            "sectors inside an official group of services",
            "7 groups of regions, by pair",
            "structure in 44 sectors",
            str(POOLED),
            "start only",
        ),
    ]
    columns = ("what", "by", "source", "year", "weight")
    write("margins.md", table(columns, rows))
    bends = [
        ("input shares of a region over those of its group", how.technology),
        ("shares of final use, the same", how.final),
        ("shares of services inside an official group", how.services),
        ("odds of value added", how.value_added),
        ("use shares of one supplier's goods over those of all suppliers", how.origins),
    ]
    write("bends.md", table(("bend by WIOD", "power"), [(a, f"{b:g}") for a, b in bends], "lr"))
    world = open_world(DEFAULT)
    rows = [
        (
            f"`{row.code}`",
            world.sector_name(row.code),
            ", ".join(f"{d:02d}" for d in world.isic[row.code]),
            ", ".join(row.cube) or SERVICES_OF,
            ", ".join(row.pooled),
            row.official.replace("_", " "),
            ", ".join(row.wiod),
        )
        for row in oecd.ROWS
    ]
    columns = (
        "code",
        "sector",
        "ISIC Rev. 4",
        "bilateral sales",
        f"structure of {POOLED}",
        f"official table of {OFFICIAL}",
        f"WIOD {OLD} (ISIC Rev. 3)",
    )
    write("concordance.md", table(columns, rows))
