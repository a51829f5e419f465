"""One path, year by year: the loop of `zizhu.model.simulate` in Python around compiled parts.

Each part of a year is a program of its own, which serves every year of every path on worlds of the
same size, however many years there are; the equilibrium's also serves whoever solves a single year.
The numbers are those of the scan to rounding.
"""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple, TypeVar

import jax
import numpy as np
from jaxtyping import Array, Float

from zizhu.model.anderson import Settings
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import Solution, base_unknowns, equilibrium
from zizhu.model.path_inputs import PathBase, Rates, Structure, YearWedges
from zizhu.model.path_record import Fixed, Record, Stocks
from zizhu.model.program import Program
from zizhu.model.shock import NoShock
from zizhu.model.simulate import SETTINGS, first_stocks, fixed_of
from zizhu.model.year import closing, opening, record_of

T = TypeVar("T")


class Start(NamedTuple):
    """What paths on one base with the same rates share.

    fixed   what all years share
    stocks  at the start of the base year
    """

    base: PathBase
    rates: Rates
    fixed: Fixed
    stocks: Stocks


def _start(
    base: PathBase, rates: Rates, graduate_lag: int, building_years: int
) -> tuple[Fixed, Stocks]:
    fixed = fixed_of(base, rates, building_years)
    return fixed, first_stocks(base, rates, fixed, graduate_lag)


def _solved(
    economy: Economy,
    elasticities: Elasticities,
    shock: NoShock,
    guess: Float[Array, "*s d"],
    settings: Settings,
) -> Solution:
    return equilibrium(economy, elasticities, shock, settings=settings, guess=guess)


_start_program = Program(_start, "graduate_lag", "building_years", once=True)
_opening_program = Program(opening)
_solved_program = Program(_solved, "settings")
_closing_program = Program(closing)


def start_of(base: PathBase, rates: Rates, *, graduate_lag: int, building_years: int) -> Start:
    """Where paths start. Both numbers of years are delays and fix shapes."""
    base, rates = _strong(base), _strong(rates)
    found = _start_program(base, rates, graduate_lag=graduate_lag, building_years=building_years)
    return Start(base, rates, *_strong(found))


def solve_year(
    economy: Economy, elasticities: Elasticities, shock: NoShock, guess: Float[Array, "*s d"]
) -> Solution:
    """Equilibrium of one year, searched from `guess`. NOT checked: it carries its residual."""
    return _solved_program(economy, elasticities, shock, guess, settings=SETTINGS)


def compile_solver(economy: Economy, elasticities: Elasticities) -> None:
    """Compile the equilibrium on a thread while other things are read: most of what takes time."""
    neutral = NoShock.of(economy)
    neutral = neutral._replace(log_iceberg=neutral.log_iceberg[..., :1])
    _solved_program.ahead(economy, elasticities, neutral, base_unknowns(economy), settings=SETTINGS)


def walk(wedges: YearWedges, structure: Structure, start: Start) -> Record:
    """A path in NumPy: one record per year of the wedges, the base year first.

    NOT checked, as `zizhu.model.simulate.simulate`.
    """
    by_year: YearWedges = jax.tree.map(np.asarray, wedges)
    base, fixed, rates, on = start.base, start.fixed, start.rates, _strong(structure)
    stocks, years = start.stocks, []
    for year in range(len(by_year.outlay)):
        now: YearWedges = jax.tree.map(itemgetter(year), by_year)
        opened = _opening_program(stocks, now, base, fixed=fixed, rates=rates, structure=on)
        solution = solve_year(base.economy, base.elasticities, opened.shock, opened.guess)
        following, closed = _closing_program(
            stocks,
            now,
            base,
            fixed=fixed,
            rates=rates,
            structure=on,
            opened=opened,
            solution=solution,
        )
        years.append(record_of(stocks, opened, solution, closed))
        stocks = following
    record: Record = jax.tree.map(lambda *leaves: np.stack([*map(np.asarray, leaves)]), *years)
    return record


def _strong(tree: T) -> T:
    """The same without weak types, which Python's numbers leave and each of which is a program."""
    # One transfer of all: to make arrays one by one would compile for each shape.
    leaves, form = jax.tree.flatten(tree)
    strong: T = jax.tree.unflatten(form, jax.device_put([*map(np.asarray, leaves)]))
    return strong
