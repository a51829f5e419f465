"""A world in the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zizhu.world import World


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < 2 else "right")
    return table


def identity_table(world: World) -> RenderableType:
    """Every accounting identity with the gap at its worst cell."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("identity", "largest gap, share of output", "where"):
        table.add_column(column)
    for identity in world.identities():
        table.add_row(identity.statement, f"{identity.relative:.1e}", identity.where)
    return table


def world_page(world: World) -> RenderableType:
    """Regions with their size, identities, sources and caveats."""
    regions = _table(
        "code", "region", f"GDP, bn {world.currency}", "output", "deficit", "tariffs paid, %"
    )
    flows = world.flows
    for n, region in enumerate(world.regions):
        bought = flows[:, :, n].sum() - flows[n, :, n].sum()
        duty = (flows[:, :, n] * world.tariff[:, :, n]).sum()
        regions.add_row(
            region,
            world.region_name(region),
            f"{world.gdp[n] / 1e3:,.0f}",
            f"{world.output[n].sum() / 1e3:,.0f}",
            f"{world.deficit[n] / 1e3:+,.0f}",
            f"{100 * duty / bought:.1f}" if bought > 0 else "",
        )
    sectors = ", ".join(f"{code} {world.sector_name(code)}" for code in world.sectors)
    return Group(
        Text.assemble(
            (f"world {world.name}", "bold"),
            f"  {world.year}, {len(world.regions)} regions x {len(world.sectors)} sectors",
        ),
        Text(f"source: {world.source}\nlicence: {world.licence}", style="dim"),
        regions,
        Text.assemble(("\nfinal uses  ", "bold"), ", ".join(world.final_uses)),
        Text.assemble(("sectors  ", "bold"), sectors, "\n"),
        identity_table(world),
        Text("\nnotes", style="bold"),
        *(Text(f"- {note}") for note in world.notes),
    )
