"""A world in the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zizhu.world import Update, World

# Output in millions above which a page is in billions.
_LARGE = 1e5


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < 2 else "right")
    return table


def _unit(world: World) -> tuple[float, str]:
    """What to divide millions by, and the unit that this gives."""
    if world.output.sum() >= _LARGE:
        return 1e3, f"bn {world.currency}"
    return 1.0, f"million {world.currency}"


def _amount(value: float, sign: str = "") -> str:
    digits = 0 if abs(value) >= 100 or value == 0 else 1
    return f"{value:{sign},.{digits}f}"


def identity_table(world: World) -> RenderableType:
    """Every accounting identity with the gap at its worst cell."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("identity", "largest gap, share of output", "where"):
        table.add_column(column)
    for identity in world.identities():
        table.add_row(identity.statement, f"{identity.relative:.1e}", identity.where)
    return table


def world_summary(world: World, *, notes: bool = True) -> RenderableType:
    """A world in a few lines: size, totals with their unit, notes."""
    size, unit = _unit(world)
    flows = world.flows
    own = sum(float(flows[n, :, n].sum()) for n in range(len(world.regions)))
    traded = float(flows.sum()) - own
    duties = float((flows * world.tariff).sum())
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    rows = [
        ("output", world.output.sum() / size, unit),
        ("inputs", world.intermediate.sum() / size, unit),
        *(
            (f"final use, {use}", world.final[..., place].sum() / size, unit)
            for place, use in enumerate(world.final_uses)
        ),
        ("value added (GDP)", world.gdp.sum() / size, unit),
        ("net taxes on products", world.taxes.sum() / size, unit),
        ("trade between regions", traded / size, unit),
        ("tariffs", 100 * duties / traded if traded > 0 else 0.0, "percent of this trade"),
    ]
    for what, value, of in rows:
        table.add_row(what, _amount(float(value)), of)
    parts: list[RenderableType] = [
        Text.assemble(
            (f"world {world.name}", "bold"),
            f"  {world.year}, {len(world.regions)} regions x {len(world.sectors)} sectors",
        ),
        table,
    ]
    if notes:
        parts += [Text(f"- {note}") for note in world.notes]
    return Group(*parts, Text())


def update_table(update: Update) -> RenderableType:
    """What an update moved, and how near it came to each margin."""
    table = _table("margin", "missed by, percent of the sums")
    for name, gap in update.gaps.items():
        missed = 100 * gap
        table.add_row(name, f"{missed:.2f}" if missed >= 0.01 else f"{missed:.1e}")
    moved = (
        f"the table's total changed by {100 * update.growth:+.2f} percent; "
        f"{100 * update.moved:.2f} percent of it moved between cells"
    )
    above: list[RenderableType] = [table, Text()] if update.gaps else []
    return Group(*above, Text(moved), Text())


def world_page(world: World) -> RenderableType:
    """Regions with their size, identities, sources and caveats."""
    size, unit = _unit(world)
    regions = _table("code", "region", f"GDP, {unit}", "output", "deficit", "tariffs paid, %")
    flows = world.flows
    for n, region in enumerate(world.regions):
        bought = flows[:, :, n].sum() - flows[n, :, n].sum()
        duty = (flows[:, :, n] * world.tariff[:, :, n]).sum()
        regions.add_row(
            region,
            world.region_name(region),
            _amount(world.gdp[n] / size),
            _amount(world.output[n].sum() / size),
            _amount(world.deficit[n] / size, "+"),
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
