"""Draws of the levers' strength: parameters of rates and of measures, and sizes that are guesses.

Parameters come from the distributions of the registry, each on its own; what the scenario sets
itself stays. Measures that read a drawn parameter are compiled again on the path's own baseline
(assumption: what they read of another draw's baseline, GDP and output, hardly differs). Measures
whose source says that something of them is an assumption are multiplied by exp(s z), the whole
measure alike, with s the parameter `assumed_size_spread`; bars, tariffs and trade costs, which are
in force or not, keep their size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.ensemble.design import stratified
from zizhu.laboratory.ensemble.pace import OF_ABILITY
from zizhu.laboratory.path.draws import DRAWN
from zizhu.laboratory.scenario_path.doubts import assumed_measures
from zizhu.parameters import parameters
from zizhu.policy.compile_path import CompiledPath, compile_path
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PARTS, PathWedges, moves
from zizhu.policy.scenario import Scenario

# Of a size that memory feels, and in force or not: never drawn.
HELD = ("tariff", "export_tax", "log_iceberg", "barred", "barred_above", "lifted", "hoarding")
DRAWN_FIELDS = tuple(name for name in PathWedges._fields if name not in HELD)
# Whole years that fix shapes of arrays.
_SHAPES = ("deployment_lag", "early_pay_in_life", "graduate_lag", "pay_in_life")
Small = Mapping[str, Float[np.ndarray, "..."]]


class LeverDraw(NamedTuple):
    """One draw of the levers' strength.

    parameters  of rates and measures
    sizes       by measure whose size is a guess: what it is multiplied by
    """

    parameters: Mapping[str, float]
    sizes: Mapping[str, float]


class _Noted(Mapping[str, float]):
    """Parameters that note who reads them."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values_, self.read = values, set[str]()

    def __getitem__(self, name: str) -> float:
        self.read.add(name)
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def parameters_read(
    scenario: Scenario, compiled: CompiledPath, context: PathContext
) -> dict[str, set[str]]:
    """By measure, the parameters that it reads."""
    found = {}
    for measure in scenario.measures:
        noted = _Noted(context.parameters)
        measure.on_path(replace(context, parameters=noted))
        # Public money has its excess cost.
        spends = bool(compiled.ledger.of(measure=measure.label).entries)
        found[measure.label] = noted.read | ({"public_funds"} if spends else set())
    return found


def lever_draws(
    scenario: Scenario, read: Mapping[str, set[str]], spread: float, number: int, seed: int
) -> list[LeverDraw]:
    """Draws of all parameters of strength, and of the sizes that are guesses."""
    known = parameters()
    of_measures = set().union(*read.values()) if read else set()
    names = (set(DRAWN) | of_measures) - {*OF_ABILITY, *_SHAPES, *scenario.parameters}
    chosen = sorted(name for name in names if known[name].distribution.kind != "fixed")
    guessed = assumed_measures(scenario)
    noise = np.random.default_rng([seed, 4]).standard_normal((number, len(guessed)))
    sizes = np.exp(spread * noise)
    return [
        LeverDraw(table, dict(zip(guessed, map(float, row), strict=True)))
        for table, row in zip(stratified(chosen, number, seed + 3), sizes, strict=True)
    ]


def strength_drawn(
    scenario: Scenario,
    compiled: CompiledPath,
    context: PathContext,
    draw: LeverDraw,
    read: Mapping[str, set[str]],
) -> Small:
    """Wedges that a draw changes, of all measures together, field by field.

    Raises `ScenarioError` if a measure cannot be followed under the draw.
    """
    drawn = set(draw.parameters)
    levers = {one.lever for one in scenario.measures if read.get(one.label, set()) & drawn}
    # Measures of one lever make room for each other, and are compiled together.
    again = [one for one in scenario.measures if one.lever in levers]
    by_measure = dict(compiled.by_measure)
    if again:
        # Who finances a measure is asked of the scenario itself.
        free = {"unfinanced_outlay_limit": np.inf}
        changed = {**context.parameters, **draw.parameters, **free}
        part = scenario.model_copy(update={"measures": tuple(again)})
        by_measure |= compile_path(part, replace(context, parameters=changed)).by_measure
    return _together(
        [(wedges, draw.sizes.get(label, 1.0)) for label, wedges in by_measure.items()],
        compiled.wedges,
    )


def planned_outlay(compiled: CompiledPath, draw: LeverDraw | None = None) -> float:
    """New money that a scenario plans to spend, million; guesses at their drawn size."""
    sizes = {} if draw is None else draw.sizes
    return float(
        sum(
            sizes.get(label, 1.0) * compiled.ledger.of(measure=label).new.total
            for label in compiled.by_measure
        )
    )


def _together(parts: Sequence[tuple[PathWedges, float]], none: PathWedges) -> Small:
    """Fields that may be drawn of several wedges at multiples of their size."""
    found: dict[str, np.ndarray] = {}
    for name in DRAWN_FIELDS:
        arrays = [(array, size) for wedges, size in parts if moves(array := getattr(wedges, name))]
        if name in PARTS:
            left = np.ones(getattr(none, name).shape)
            for array, size in arrays:
                left = left * (1 - np.clip(size * array, -1.0, 1.0))
            found[name] = 1 - left
        else:
            found[name] = np.zeros(getattr(none, name).shape)
            for array, size in arrays:
                found[name] = found[name] + size * array
    return found
