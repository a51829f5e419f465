"""Bands of a scenario: its pairs of paths under draws, remembered as its other paths are.

Of every member only its headlines are kept, so that memory does not grow with what a path holds.
The first draw of a seed does not depend on what is run beside it; the same scenario, number and
seed give the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import xarray as xr

from zizhu.cache import remembered_arrays
from zizhu.laboratory.ensemble.design import (
    DRAWS,
    GROUPS,
    LEVERS,
    PACE,
    SEED,
    STRUCTURE,
    TABLE,
    Design,
    design,
)
from zizhu.laboratory.ensemble.headlines import AXES, headlines, labelled
from zizhu.laboratory.ensemble.levers import (
    LeverDraw,
    Small,
    lever_draws,
    parameters_read,
    planned_outlay,
    strength_drawn,
)
from zizhu.laboratory.ensemble.members import Ground, Member, run_pairs
from zizhu.laboratory.ensemble.pace import PaceDraw, pace_draws, still_pace
from zizhu.laboratory.ensemble.result import EnsembleResult
from zizhu.laboratory.ensemble.structure import Alternative, alternatives, weights, with_curvature
from zizhu.laboratory.ensemble.tables import technology_drawn
from zizhu.laboratory.path.arguments import Choices
from zizhu.laboratory.path.run import Path
from zizhu.laboratory.scenario_path.glimpse import Glimpse, glimpse_of
from zizhu.laboratory.scenario_path.memory import case_key
from zizhu.model.technology import Technology
from zizhu.policy.compile_path import CompiledPath
from zizhu.policy.path_context import PathContext
from zizhu.policy.scenario import Scenario

Progress = Callable[[str], None]


def ensemble(
    scenario: Scenario,
    path: Path,
    compiled: CompiledPath,
    choices: Choices,
    *,
    context: PathContext,
    dataset: xr.Dataset,
    region: str,
    key: bytes,
    number: int = DRAWS,
    seed: int = SEED,
    only: Sequence[str] = GROUPS,
    progress: Progress = lambda _: None,
) -> EnsembleResult:
    """Run a scenario and its baseline under draws of pace, levers, tables and structure.

    compiled, dataset  of the path as registered
    key       under which the answer is remembered, see `memory`
    number    pairs, at least one
    only      groups that are drawn; the others are as registered
    """
    targets = [one for one in scenario.targets if one.region == region]
    others = alternatives(path.case, choices, scenario.parameters)
    chosen = design(number, seed, weights(path.case, len(others)) if STRUCTURE in only else [1.0])

    def compute() -> Mapping[str, np.ndarray]:
        read = glimpse_of(path.case, region)
        progress("draws for bands")
        with ThreadPoolExecutor(1) as pool:
            try:
                maker = _draws(
                    scenario,
                    path,
                    compiled,
                    context=context,
                    chosen=chosen,
                    only=only,
                    others=others,
                    pool=pool,
                )
                ground = Ground.of(path.case, compiled.wedges, list(scenario.parameters))
                found = run_pairs(ground, number, maker.member, read, progress=progress)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        solved = [place for place, (kept, _) in enumerate(found) if kept is not None]
        pairs = [kept for kept, _ in found if kept is not None]
        spent = [planned_outlay(compiled, maker.levers_of(place)) for place in solved]
        some = headlines(
            pairs or [_pair(path, read)],
            spent or [planned_outlay(compiled)],
            path.case,
            dataset=dataset,
            region=region,
            targets=targets,
        )
        registered = headlines(
            [_pair(path, read)],
            [planned_outlay(compiled)],
            path.case,
            dataset=dataset,
            region=region,
            targets=targets,
        )
        return {
            "solved": np.isin(np.arange(number), solved),
            "trouble": np.array([said for _, said in found]),
            **{name: _spread(values, solved, number) for name, values in some.items()},
            **{f"registered {name}": values for name, values in registered.items()},
        }

    told = [one.model_dump_json() for one in targets]
    name = f"ensemble {number} {seed} {list(only)} {[o.name for o in others]} {told}"
    arrays = remembered_arrays(name, key, compute)
    labels = [one.label for one in targets]
    every = labelled({name: arrays[name] for name in AXES}, dataset, region, labels)
    every = every.assign(
        solved=("draw", arrays["solved"]),
        place=(("draw", "group"), np.stack([chosen.place[group] for group in GROUPS], axis=1)),
    ).assign_coords(group=list(GROUPS))
    every.attrs |= {"seed": seed, "structures": [one.name for one in others], "region": region}
    central = labelled(
        {name: arrays[f"registered {name}"] for name in AXES}, dataset, region, labels
    ).isel(draw=0, drop=True)
    trouble = {place: str(said) for place, said in enumerate(arrays["trouble"]) if str(said)}
    return EnsembleResult(every, central, trouble)


def _pair(path: Path, read: Callable[..., Glimpse]) -> tuple[Glimpse, Glimpse]:
    return read(path.baseline), read(path.record)


def _spread(values: np.ndarray, solved: Sequence[int], number: int) -> np.ndarray:
    found = np.full((number, *values.shape[1:]), np.nan)
    if solved:
        found[list(solved)] = values
    return found


class _Draws:
    """Draws of each group; one alone, as registered, where the group is not drawn.

    What takes Python's time, measures and tables, is made on a thread of its own while members run,
    in the order in which they need it.
    """

    def __init__(
        self,
        chosen: Design,
        levers: Sequence[LeverDraw],
        pace: Sequence[PaceDraw],
        structures: Sequence[Alternative],
    ) -> None:
        self._chosen, self._levers, self._pace = chosen, levers, pace
        self._structures = structures
        self._small: dict[int, Future[Small]] = {}
        self._tables: dict[int, Future[Technology]] = {}

    def prepare(
        self,
        pool: ThreadPoolExecutor,
        strength: Callable[[LeverDraw], Small],
        table: Callable[[int], Technology],
    ) -> None:
        """Let a thread make what members will need."""
        for place in range(self._chosen.number):
            lever, of = self._at(LEVERS, place, len(self._levers)), self._at(TABLE, place)
            if of not in self._tables:
                self._tables[of] = pool.submit(table, of)
            if lever not in self._small:
                self._small[lever] = pool.submit(strength, self._levers[lever])

    def levers_of(self, place: int) -> LeverDraw:
        """Strength of levers of a member."""
        return self._levers[self._at(LEVERS, place, len(self._levers))]

    def member(self, place: int) -> Member:
        """A member by its place."""
        lever = self._at(LEVERS, place, len(self._levers))
        return Member(
            pace=self._pace[self._at(PACE, place, len(self._pace))],
            levers=self._levers[lever],
            small=self._small[lever].result(),
            technology=self._tables[self._at(TABLE, place)].result(),
            structure=self._structures[self._at(STRUCTURE, place, len(self._structures))],
        )

    def _at(self, group: str, place: int, number: int | None = None) -> int:
        found = int(self._chosen.place[group][place])
        return found if number is None else found % number


def _draws(
    scenario: Scenario,
    path: Path,
    compiled: CompiledPath,
    *,
    context: PathContext,
    chosen: Design,
    only: Sequence[str],
    others: Sequence[Alternative],
    pool: ThreadPoolExecutor,
) -> _Draws:
    case, seed = path.case, chosen.seed
    read = parameters_read(scenario, compiled, context) if LEVERS in only else {}
    spread = case.parameters["assumed_size_spread"]
    number = chosen.distinct(LEVERS)
    found = _Draws(
        chosen,
        lever_draws(scenario, read, spread, number, seed)
        if LEVERS in only
        else [LeverDraw({}, {})],
        pace_draws(case, chosen.distinct(PACE), seed) if PACE in only else [still_pace(case)],
        [with_curvature(case, one, scenario.parameters) for one in others]
        if STRUCTURE in only
        else others[:1],
    )
    key = case_key(case)

    def table(place: int) -> Technology:
        if TABLE not in only:
            return case.base.technology
        return technology_drawn(case, place, seed, key=key)

    found.prepare(pool, lambda one: strength_drawn(scenario, compiled, context, one, read), table)
    return found
