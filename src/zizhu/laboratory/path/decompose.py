"""Why real income differs from the baseline: exact Shapley values over named channels.

    prices      tariffs, export taxes, subsidies, iceberg costs, home preference, deficits
    sourcing    what buyers gain by turning to other suppliers; cuts across all other channels
    ideas       insight from those one buys from
    research    research spending and talent
    scale       scale and learning of sectors, dynamic regime (static: inside every other channel)
    bottleneck  technology chains, their ceiling, listed firms; nodes' learning acts through chains
    outlay      resources used without welfare
    factors     labour and capital
    other       misallocation by support, density of clusters, productivity given from outside

Each year stands alone: what an earlier year did to knowledge, capital or chains counts under the
channel through which it reaches this year's equilibrium. With a active channels a year takes 2^a
static solves; a channel that is the same in both runs gets exactly zero and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.errors import NotConverged
from zizhu.laboratory.path.coalitions import Inputs, inputs_of, reference_of, worth_of
from zizhu.laboratory.path.run import Path
from zizhu.laboratory.path.shapley import shapley
from zizhu.laboratory.path.standing import standing_wedges

CHANNELS = (
    "prices",
    "sourcing",
    "ideas",
    "research",
    "scale",
    "bottleneck",
    "outlay",
    "factors",
    "other",
)
# A solve from the inputs of a year must give its real income again, to what the solver allows.
_AGREEMENT = 1e-7


class Game(NamedTuple):
    """What the coalitions of a year's channels are worth.

    channels  that differ between the two runs; none where nothing does
    worth     [2^channels,n] ln of real income; bit p of a row says whether channel p is in
    """

    year: int
    channels: tuple[str, ...]
    worth: Float[np.ndarray, "coalitions n"]


def games_of(
    path: Path, years: Sequence[int], progress: Callable[[str], None] = lambda _: None
) -> tuple[Game, ...]:
    """What the coalitions of channels are worth in each of some years.

    Raises `NotConverged` if a coalition has no equilibrium.
    """
    case = path.case
    standing = standing_wedges(case)
    ours, theirs = (case.year_wedges(given) for given in (standing.together(path.wedges), standing))
    same, nothing = path.record is path.baseline, np.zeros((1, len(case.world.regions)))
    found = []
    for year in years:
        at = case.years.index(year)
        game = Game(year, (), nothing)
        if not same:
            both = inputs_of(path.record, ours, at), inputs_of(path.baseline, theirs, at)
            game = _year(path, year, both, progress)
        found.append(game)
    return tuple(found)


def contributions(games: Sequence[Game], regions: int) -> Float[np.ndarray, "y n c"]:
    """What each of `CHANNELS` gets: of ln(real income, scenario over baseline), by year and region.

    Sums over channels are exact.
    """
    found = np.zeros((len(games), regions, len(CHANNELS)))
    for row, game in enumerate(games):
        for channel, values in zip(game.channels, shapley(game.worth), strict=True):
            found[row, :, CHANNELS.index(channel)] = values
    return found


def packed(games: Sequence[Game]) -> Mapping[str, np.ndarray]:
    """Games as arrays by name, to be kept on disk."""
    found: dict[str, np.ndarray] = {}
    for number, game in enumerate(games):
        found[f"worth_{number}"] = game.worth
        found[f"channels_{number}"] = np.array([CHANNELS.index(one) for one in game.channels], int)
    return found


def unpacked(arrays: Mapping[str, np.ndarray], years: Sequence[int]) -> tuple[Game, ...]:
    """Games of `packed` arrays."""
    return tuple(
        Game(
            year,
            tuple(CHANNELS[int(place)] for place in arrays[f"channels_{number}"]),
            arrays[f"worth_{number}"],
        )
        for number, year in enumerate(years)
    )


def _year(
    path: Path, year: int, both: tuple[Inputs, Inputs], progress: Callable[[str], None]
) -> Game:
    """What the coalitions of the active channels are worth in one year."""
    case, base = path.case, path.case.base
    at = case.years.index(year)
    ours, theirs = both
    active = [place for place in range(len(Inputs._fields)) if _differ(ours[place], theirs[place])]
    if not active:
        at_rest = np.asarray(path.baseline.solution.log_real_income[at])
        return Game(year, (), at_rest[None])
    names = [Inputs._fields[place] for place in active]
    rows = 1 << len(active)
    progress(f"why real income differs in {year}, {rows} equilibria")
    reference = reference_of(path.baseline, theirs, base.economy, at)
    ends = path.baseline.solution, path.record.solution
    income: list[Float[np.ndarray, " n"]] = []
    gain: list[Float[np.ndarray, " n"]] = []
    unknowns: list[Float[np.ndarray, " d"]] = []
    for row in range(rows):
        members = [bit for bit in range(len(active)) if row >> bit & 1]
        inside = np.zeros(len(Inputs._fields), dtype=bool)
        inside[[active[bit] for bit in members]] = True
        if row in (0, rows - 1):
            guesses = [np.asarray(ends[int(row > 0)].unknowns[at])] * 3
        else:
            near = _predicted(unknowns, row, members)
            guesses = [near, *(np.asarray(end.unknowns[at]) for end in ends)]
        worth = worth_of(
            jnp.asarray(inside),
            ours,
            theirs,
            reference=reference,
            economy=base.economy,
            elasticities=base.elasticities,
            guess=jnp.asarray(np.stack(guesses)),
        )
        if not float(worth.residual) <= case.parameters["largest_residual"]:
            raise NotConverged(
                f"decomposition of {year}: no equilibrium found with the scenario's "
                f"{', '.join(names[bit] for bit in members)} alone, residual "
                f"{float(worth.residual):.1e}; decompose other years or none"
            )
        income.append(np.asarray(worth.income))
        gain.append(np.asarray(worth.sourcing))
        unknowns.append(np.asarray(worth.unknowns))
    for row, end in ((0, ends[0]), (-1, ends[1])):
        recorded = np.asarray(end.log_real_income[at])
        missed = float(np.abs(income[row] - recorded).max())
        if not missed <= _AGREEMENT:
            raise NotConverged(
                f"decomposition of {year}: real income of the path is missed by {missed:.1e}, "
                f"{_AGREEMENT:.0e} is asked; this is a defect of the program"
            )
        # The path's own numbers, so that sums are those of the path to rounding.
        income[row] = recorded
    # Sourcing is the last player: without it a coalition lacks what its buyers gain.
    without, together = np.array(income) - np.array(gain), np.array(income)
    return Game(year, (*names, "sourcing"), np.concatenate([without, together]))


def _differ(one: object, other: object) -> bool:
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return any(not np.array_equal(a, b) for a, b in pairs)


def _predicted(
    unknowns: Sequence[Float[np.ndarray, " d"]], row: int, members: Sequence[int]
) -> Float[np.ndarray, " d"]:
    """Where to start the search: what smaller coalitions say if no three players interact.

    They lie at smaller rows. Halves the iterations.
    """
    first = 1 << members[0]
    if len(members) == 1:
        return unknowns[0]
    second = 1 << members[1]
    if len(members) == 2:
        return np.asarray(unknowns[first] + unknowns[second] - unknowns[0])
    third = 1 << members[2]
    ones = unknowns[row ^ first] + unknowns[row ^ second] + unknowns[row ^ third]
    twos = (
        unknowns[row ^ first ^ second]
        + unknowns[row ^ first ^ third]
        + unknowns[row ^ second ^ third]
    )
    return np.asarray(ones - twos + unknowns[row ^ first ^ second ^ third])
