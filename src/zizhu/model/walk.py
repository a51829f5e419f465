"""One path, year by year: the loop of `zizhu.model.simulate` in Python around compiled parts.

Each part of a year is a program of its own, which serves every year of every path on worlds of the
same size, however many years there are; the equilibrium's also serves whoever solves a single year.
The numbers are those of the scan to rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.model.anderson import Settings
from zizhu.model.continuation import between, follow
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import Solution, base_unknowns, by_newton, equilibrium
from zizhu.model.guess import REMEMBERED, starts_of_year
from zizhu.model.means import lacking, lacks_of
from zizhu.model.path_inputs import PathBase, Rates, Structure, YearWedges
from zizhu.model.path_record import Fixed, Record, Stocks
from zizhu.model.program import Program
from zizhu.model.shock import NoShock
from zizhu.model.simulate import SETTINGS, first_stocks, fixed_of
from zizhu.model.year import Opening, closing, opening, record_of

T = TypeVar("T")
# A year that misses by more is followed from the year before.
_LARGEST_RESIDUAL = 1e-9


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
# For many starts: takes longer to compile and a fifth of the time to run.
_starts_program = Program(_start, "graduate_lag", "building_years")
_opening_program = Program(opening)
_solved_program = Program(_solved, "settings")
_closing_program = Program(closing)


def start_of(
    base: PathBase,
    rates: Rates,
    *,
    graduate_lag: int,
    building_years: int,
    one_of_many: bool = False,
) -> Start:
    """Where paths start. Both numbers of years are delays and fix shapes.

    one_of_many  by a program that is compiled for speed
    """
    base, rates = _strong(base), _strong(rates)
    program = _starts_program if one_of_many else _start_program
    found = program(base, rates, graduate_lag=graduate_lag, building_years=building_years)
    return Start(base, rates, *_strong(found))


def solve_year(
    economy: Economy, elasticities: Elasticities, shock: NoShock, guess: Float[Array, "*s d"]
) -> Solution:
    """Equilibrium of one year, searched from one guess after the other.

    As many guesses as a year of a path has use its program. NOT checked: it carries its residual.
    """
    return _solved_program(economy, elasticities, shock, guess, settings=SETTINGS)


def compile_solver(economy: Economy, elasticities: Elasticities) -> None:
    """Compile the equilibrium on a thread while other things are read: most of what takes time."""
    base = base_unknowns(economy)
    starts = starts_of_year(jnp.stack([base] * REMEMBERED), economy)
    _solved_program.ahead(economy, elasticities, _no_change(economy), starts, settings=SETTINGS)


def years_of(wedges: YearWedges) -> list[YearWedges]:
    """Wedges with a leading axis of years, year by year where programs find them."""
    by_year: YearWedges = jax.tree.map(np.asarray, wedges)
    return [
        jax.device_put(jax.tree.map(itemgetter(y), by_year)) for y in range(len(by_year.outlay))
    ]


def walk(
    wedges: YearWedges | Sequence[YearWedges],
    structure: Structure,
    start: Start,
    keep: Callable[[Record], Record] = lambda year: year,
) -> Record:
    """A path in NumPy: one record per year of the wedges, the base year first.

    wedges  with a leading axis of years, or a year each (`years_of`), which many paths may share
    keep    the record of a year without the parts that nobody will read

    A year that cannot be solved at once is followed from the year before, which the scan cannot.
    NOT checked, as `zizhu.model.simulate.simulate`.
    """
    by_year = years_of(wedges) if isinstance(wedges, YearWedges) else wedges
    base, fixed, rates, on = start.base, start.fixed, start.rates, _strong(structure)
    stocks, years = start.stocks, []
    shock, solved = _no_change(base.economy), True
    for now in by_year:
        opened = _opening_program(stocks, now, base, fixed=fixed, rates=rates, structure=on)
        solution = solve_year(base.economy, base.elasticities, opened.shock, opened.guess)
        if solved and not float(solution.residual) <= _LARGEST_RESIDUAL:
            solution = _followed(base, solution, shock, stocks.solved[-1], opened)
            solved = float(solution.residual) <= _LARGEST_RESIDUAL
        shock = opened.shock
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
        years.append(keep(record_of(stocks, opened, solution, closed)))
        stocks = following
    record: Record = jax.tree.map(lambda *leaves: np.stack([*map(np.asarray, leaves)]), *years)
    return record


def _no_change(economy: Economy) -> NoShock:
    """What the base year's markets meet, in the shapes of a path."""
    neutral = NoShock.of(economy)
    return neutral._replace(log_iceberg=neutral.log_iceberg[..., :1])


def _followed(
    base: PathBase,
    missed: Solution,
    before: NoShock,
    known: Float[Array, " d"],
    opened: Opening,
) -> Solution:
    """A year's equilibrium in growing parts of what is new in it, by Newton's method.

    missed         what the search at once found, kept where this leads nowhere
    before, known  shock and unknowns of the year before

    Ends where a region lacks the means to live, with what is found there: beyond, there is no
    equilibrium. Nothing is followed under scale economies at once: they may make the base unstable,
    and Newton's method would find the branch that any push leaves (see
    `zizhu.model.equilibrium.reach`).
    """
    economy, elasticities, now = base.economy, base.elasticities, opened.shock
    if bool(jnp.any(elasticities.scale > 0)) or lacking(economy, missed, np.asarray(now.deficit)):
        return missed
    evaluations, poor = int(missed.iterations), list[tuple[NoShock, Float[Array, " d"]]]()

    def attempt(part: float, guess: Float[Array, " d"]) -> tuple[Float[Array, " d"], float]:
        nonlocal evaluations
        shock = between(before, now, part)
        found = by_newton(economy, elasticities, shock, guess, settings=SETTINGS)
        evaluations += int(found.iterations)
        residual = float(found.residual)
        regions = economy.regions
        wages = np.asarray(economy.wage_bill) * np.exp(found.x[:regions] + shock.log_labour)
        lack = float(lacks_of(economy, found.x, np.asarray(wages)).max())
        if residual <= _LARGEST_RESIDUAL < lack:
            poor.append((shock, found.x))
        return found.x, max(residual, lack)

    found = follow(attempt, known, _LARGEST_RESIDUAL)
    if found.part == 1.0:
        shock, x = now, found.x
    elif poor:
        shock, x = poor[-1]
    else:
        return missed
    solution = solve_year(economy, elasticities, shock, jnp.broadcast_to(x, opened.guess.shape))
    return solution._replace(iterations=solution.iterations + evaluations)


def _strong(tree: T) -> T:
    """The same without weak types, which Python's numbers leave and each of which is a program."""
    leaves, form = jax.tree.flatten(tree)
    weak = [place for place, leaf in enumerate(leaves) if not _is_strong(leaf)]
    # One transfer of all: to make arrays one by one would compile for each shape.
    made = jax.device_put([np.asarray(leaves[place]) for place in weak])
    for place, leaf in zip(weak, made, strict=True):
        leaves[place] = leaf
    strong: T = jax.tree.unflatten(form, leaves)
    return strong


def _is_strong(leaf: object) -> bool:
    return isinstance(leaf, jax.Array) and not leaf.aval.weak_type
