"""Members of an ensemble: pairs of a baseline and a scenario under one draw, on threads.

A member runs by the programs of a single path, which are compiled already; compiled programs do not
hold Python's lock, so that members run beside each other. Chunks by `vmap` are no faster here
(benchmarks/README.md): a path keeps a core busy as it is. A year that is not solved at once is
followed from the year before, as in any single path; who is not solved even so is
named and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.laboratory.ensemble.levers import DRAWN_FIELDS, LeverDraw, Small
from zizhu.laboratory.ensemble.pace import OF_SECTORS, PaceDraw
from zizhu.laboratory.ensemble.structure import Alternative
from zizhu.laboratory.path.case import BY_NODE, PathCase
from zizhu.laboratory.path.draws import DRAWN, drawn_rates
from zizhu.laboratory.path.sectors import Measured, measured_on, sector_drift
from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.laboratory.scenario_path.glimpse import read_only
from zizhu.model.path_inputs import PathBase, Structure, YearWedges
from zizhu.model.path_record import Record
from zizhu.model.technology import Technology
from zizhu.model.walk import start_of, walk, years_of
from zizhu.policy.path_wedges import PathWedges

T = TypeVar("T")


class Member(NamedTuple):
    """One draw of everything.

    small  wedges of the scenario that the draw changes, see `levers`
    """

    pace: PaceDraw
    levers: LeverDraw
    small: Small
    technology: Technology
    structure: Alternative


@dataclass(frozen=True)
class Ground:
    """What all members of a case share.

    base      with what stands in the base year
    standing  wedges that stand in every run, without the drift of sectors and nodes
    before, after  baseline and scenario by year as registered, without that drift
    fixed     parameters that the scenario sets itself
    """

    case: PathCase
    base: PathBase
    measured: Measured
    standing: PathWedges
    before: Sequence[YearWedges]
    after: Sequence[YearWedges]
    fixed: frozenset[str]

    @classmethod
    def of(cls, case: PathCase, wedges: PathWedges, fixed: Sequence[str]) -> Ground:
        """Of a case and the wedges of a scenario on it."""
        standing = standing_wedges(case)
        still = standing._replace(
            log_productivity=np.zeros_like(standing.log_productivity),
            node_ability=np.zeros_like(standing.node_ability),
        )

        def ready(given: PathWedges) -> list[YearWedges]:
            return years_of(case.year_wedges(given))

        return cls(
            case=case,
            base=standing_base(case),
            measured=measured_on(case.world),
            standing=still,
            before=ready(still),
            after=ready(still.together(wedges)),
            fixed=frozenset(fixed),
        )

    def own(self, drawn: Mapping[str, float]) -> dict[str, float]:
        """Drawn parameters without those that the scenario sets."""
        return {name: value for name, value in drawn.items() if name not in self.fixed}

    def base_of(self, member: Member) -> PathBase:
        """The base of a member: its momentum, its tables, its elasticities."""
        chains, technology = self.case.chains, member.technology
        momentum = np.array(technology.momentum)
        momentum[chains.places] = member.pace.momentum
        moving = technology._replace(momentum=jnp.asarray(momentum))
        base = self.base._replace(technology=moving)
        curved = member.structure.curvature
        return base if curved is None else base._replace(**curved._asdict())

    def wedges_of(self, member: Member) -> tuple[list[YearWedges], list[YearWedges]]:
        """Baseline and scenario of a member by year: the same drift in both."""
        case = self.case
        drift = sector_drift(
            self.measured,
            len(case.years),
            {**case.parameters, **self.own({n: member.pace.parameters[n] for n in OF_SECTORS})},
            np.asarray(self.base_of(member).elasticities.trade),
            case.world.output,
            shocks=member.pace.shocks,
        )
        nodes = self._placed("node_ability", member.pace.ability)
        moving = {"log_productivity": drift, "node_ability": nodes}
        before = _with(self.before, moving)
        if not member.small:
            return before, before
        # What stands has nothing in these fields but the drift: see `standing_wedges`.
        small = {name: self._placed(name, member.small[name]) for name in DRAWN_FIELDS}
        small |= {name: small[name] + values for name, values in moving.items()}
        return before, _with(self.after, small)

    def _placed(self, name: str, values: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        return self.case.chains.at_places(values, 1) if name in BY_NODE else values


def _with(years: Sequence[YearWedges], changed: Small) -> list[YearWedges]:
    """Wedges by year with some fields replaced, which have years first."""
    return [
        YearWedges(**{**now._asdict(), **{name: of[year] for name, of in changed.items()}})
        for year, now in enumerate(years)
    ]


def run_pairs(
    ground: Ground,
    number: int,
    member: Callable[[int], Member],
    read: Callable[[Record], T],
    *,
    threads: int = 2,
    progress: Callable[[str], None] = lambda _: None,
) -> list[tuple[tuple[T, T] | None, str]]:
    """Baseline and scenario of each member: what `read` takes of both, or why there is none.

    member    makes a member by its place, on the thread that runs it
    progress  called with the number of members done, and of those not solved, after each
    """

    def one(place: int) -> tuple[tuple[T, T] | None, str]:
        return run_pair(ground, member(place), read)

    found: list[tuple[tuple[T, T] | None, str]] = []
    with ThreadPoolExecutor(threads) as pool:
        # The first compiles what is not compiled yet.
        first = [one(place) for place in range(number)[:1]]
        waiting = [pool.submit(one, place) for place in range(number)[1:]]
        try:
            for place in range(number):
                found.append(first[0] if place == 0 else waiting[place - 1].result())
                missed = sum(kept is None for kept, _ in found)
                unsolved = f", {missed} not solved" if missed else ""
                progress(f"draws for bands, {len(found)} of {number} pairs{unsolved}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def run_pair(
    ground: Ground, member: Member, read: Callable[[Record], T]
) -> tuple[tuple[T, T] | None, str]:
    """Baseline and scenario of one member, both solved; else nothing, and the year that was not."""
    case = ground.case
    every = ground.own({**member.levers.parameters, **member.pace.parameters})
    drawn = {name: every[name] for name in DRAWN if name in every}
    start = start_of(
        ground.base_of(member),
        drawn_rates(case, drawn),
        graduate_lag=case.graduate_lag,
        building_years=case.building_years,
        one_of_many=True,
    )
    on = Structure.of(**member.structure.switches)
    before, after = ground.wedges_of(member)
    kept: list[T] = []
    for what, wedges in (("baseline", before), ("scenario", after)):
        if what == "scenario" and wedges is before:
            kept.append(kept[0])
            continue
        record = walk(wedges, on, start, read_only)
        residual = np.asarray(record.solution.residual)
        # A residual that is not a number is not within the limit.
        missed = np.flatnonzero(~(residual <= case.parameters["largest_residual"]))
        if missed.size:
            return None, f"{what}, {case.years[int(missed[0])]}"
        kept.append(read(record))
    return (kept[0], kept[1]), ""
