"""Many scenarios on one case: a path each, two at a time, all by the program of a single path.

Compiled programs do not hold Python's lock, so paths run beside each other on threads. Nothing new
is compiled, and of each record only what is read from it is kept: memory does not grow with the
number of scenarios.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from zizhu.errors import ScenarioError
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.run import Progress, solved_record, start_at
from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.model.path_inputs import Rates, Structure
from zizhu.model.path_record import Record
from zizhu.policy.path_wedges import PathWedges

T = TypeVar("T")
Switched = Mapping[str, bool]


def run_many(
    case: PathCase,
    wedges: Sequence[PathWedges],
    read: Callable[[Record], T],
    *,
    structure: Switched | Sequence[Switched] = {},  # noqa: B006 (never changed)
    rates: Rates | Sequence[Rates] | None = None,
    names: Sequence[str] = (),
    threads: int = 2,
    progress: Progress = lambda _: None,
) -> list[T]:
    """Run each of many wedges and keep what `read` takes from its record, in their order.

    wedges     of each member, beyond what stands in the baseline, as for `simulate_path`
    read       called with a member's record (NumPy, year first) on the thread that ran it; a slice
               keeps the whole array that it is cut from, a copy does not
    structure  switches of all members, or of each
    rates      of all members, or of each; by default those of the case
    names      of members, for complaints and progress
    threads    members that run beside each other
    progress   called with the number of members done after each

    The records are those of `simulate_path`, but their stocks are not audited. Raises
    `NotConverged` naming the member and the year that was not solved, `ScenarioError` for what does
    not fit.
    """
    members = len(wedges)
    if threads < 1:
        raise ScenarioError(f"paths: {threads} threads; at least 1 is right")
    given = [structure] * members if isinstance(structure, Mapping) else list(structure)
    _require_each(given, members, "structure")
    switches = [Structure.of(**one) for one in given]
    rates = case.rates if rates is None else rates
    chosen = [rates] * members if isinstance(rates, Rates) else list(rates)
    _require_each(chosen, members, "rates")
    called = list(names) or [f"path {place + 1} of {members}" for place in range(members)]
    if len(called) != members:
        raise ScenarioError(f"paths: {len(called)} names; {members} are right, one for each wedges")
    standing = standing_wedges(case)
    ready = replace(case, base=standing_base(case))
    # Members with the same rates start alike.
    starts = {id(one): start_at(ready, one) for one in {id(one): one for one in chosen}.values()}

    def one(place: int) -> T:
        together, start = standing.together(wedges[place]), starts[id(chosen[place])]
        return read(solved_record(ready, together, switches[place], start, called[place]))

    found: list[T] = []
    with ThreadPoolExecutor(threads) as pool:
        # The first path compiles, if that is needed; all others find the program ready.
        first = [one(place) for place in range(members)[:1]]
        waiting = [pool.submit(one, place) for place in range(members)[1:]]
        try:
            for name, result in zip(
                called, chain(first, (w.result() for w in waiting)), strict=True
            ):
                found.append(result)
                progress(f"{name}, {len(found)} of {members}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def _require_each(given: Sequence[object], members: int, what: str) -> None:
    if len(given) != members:
        raise ScenarioError(
            f"paths: {what} of {len(given)} members; {members} are right, one for each wedges"
        )
