"""`dependence`: where a region is exposed, sector by sector, and to whom.

The accounts of a world are read by `zizhu.indicators`, cuts are solved by
`equilibrium_extraction`, and the errors of an estimated world become marks and ranges.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zizhu.cache import use_compilation_cache
from zizhu.errors import ParameterError, WorldError
from zizhu.laboratory.dependence import of_pair, of_sector, tables
from zizhu.laboratory.dependence.accounts import Accounts
from zizhu.laboratory.dependence.answer import Column, Dependence, Headline, Table
from zizhu.laboratory.dependence.cuts import CUT, Cuts
from zizhu.laboratory.dependence.headlines import Asked, headlines, with_ranges
from zizhu.laboratory.dependence.history import history_of
from zizhu.laboratory.dependence.question import ask
from zizhu.world import World, open_world

__all__ = ["Column", "Dependence", "Headline", "Table", "dependence"]

DRAWS = 20


def dependence(
    region: str,
    *,
    sector: str | None = None,
    on: str | None = None,
    world: World | str | Path | None = None,
    equilibrium: bool = True,
    draws: int = DRAWS,
    progress: Callable[[str], None] | None = None,
) -> Dependence:
    """Answer how a region depends on others: headlines, ranked tables, doubts.

    region       label, group or name of a region; members of a group count as one region
    sector       narrows to the inputs, the products and the sales of one sector or group
    on           narrows to one other region, with its reverse dependence beside it
    world        a `World`, a catalogue name or a path; the default world if left out
    equilibrium  whether to solve the model for what a cut costs when everybody adjusts
    draws        tables drawn from the world's errors for ranges (10th to 90th percentile);
                 0 for none. A world without errors has no ranges and no marks.
    progress     called with the name of each step

    Losses cut 90 percent of imports (an assumption) of the sector's products, or of all goods.
    Raises `WorldError` for an unknown name or a negative number of draws.
    """
    step = progress or (lambda _: None)
    if draws < 0:
        raise WorldError(f"draws: {draws} found; 0 or more are right")
    step("reading the world")
    opened = world if isinstance(world, World) else open_world(world)
    question = ask(opened, region, sector, on)
    here, product, there = question.region, question.sector, question.on
    if len(question.world.regions) < 2:
        raise WorldError(f"world {opened.name} has one region; dependence needs two")
    step("reading the accounts")
    accounts = Accounts(question.world)
    cut_sectors = [product] if product else accounts.goods
    if equilibrium:
        use_compilation_cache()
    cuts = Cuts(accounts, cut_sectors, step, equilibrium=equilibrium)
    asked = Asked(here, product, there, there or accounts.leader(here, product))
    found = headlines(accounts, asked)
    drawn = draws if question.world.doubt is not None else 0
    if drawn:
        found = with_ranges(found, question.world, asked, drawn, step)
    shown = _tables(accounts, asked, cuts, found)
    past = history_of(opened, question, accounts.goods)
    if past is not None:
        shown.append(past)
    return Dependence(
        question.world,
        here,
        product,
        there,
        found,
        {one.name: one for one in shown},
        CUT,
        tuple(cut_sectors),
        cuts.model,
        drawn,
        tuple(cuts.notes),
    )


def _tables(
    accounts: Accounts, asked: Asked, cuts: Cuts, found: dict[str, Headline]
) -> list[Table]:
    region, sector, on = asked.region, asked.sector, asked.on
    if on is not None:
        shown = [
            of_pair.losses(accounts, region, on, cuts),
            of_pair.by_sector(accounts, region, on),
            of_pair.products(accounts, region, on),
        ]
        if sector is not None:
            shown.append(of_pair.inputs(accounts, region, on, sector))
        return shown
    if sector is not None:
        return [
            of_sector.suppliers(accounts, region, sector, cuts),
            of_sector.inputs(accounts, region, sector),
            of_sector.origins(accounts, region, sector),
            of_sector.concentration(accounts, region, sector),
            of_sector.self_sufficiency(found, sector),
            of_sector.value_added(accounts, region, sector),
            tables.markets(accounts, region, sector),
            *_ranking(accounts, asked, cuts),
        ]
    return [
        tables.sectors(accounts, region),
        tables.suppliers(accounts, region, cuts),
        tables.exposure(accounts, region),
        tables.markets(accounts, region),
        *_ranking(accounts, asked, cuts),
    ]


def _ranking(accounts: Accounts, asked: Asked, cuts: Cuts) -> list[Table]:
    """Products that could be missed least; none where sectors have no trade elasticity."""
    try:
        return [tables.chokepoints(accounts, asked.region, asked.sector)]
    except ParameterError as error:
        cuts.notes.append(f"no ranking of products: {error}")
        return []
