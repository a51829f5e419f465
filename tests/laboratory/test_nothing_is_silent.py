"""No measure of a shipped scenario is silent: it moves the path, or says why it does not.

The first test is about wedges and always runs. The second simulates.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from lever_contexts import YEARS, context

import zizhu as zz
from zizhu.policy import context_of, load_scenario, scenario_names
from zizhu.policy.compile_path import CompiledPath, compile_path

PATHS = [name for name in scenario_names() if load_scenario(name).years is not None]
# Least change of any share of a node, percentage points, or of a region's real income, percent.
LEAST = 1e-4


@cache
def compiled(name: str) -> CompiledPath:
    found = load_scenario(name)
    ours = replace(context(), groups=context_of(found, context().world).groups)
    return compile_path(found, ours)


def measures() -> list[tuple[str, str]]:
    """Scenario and label of every measure, one of those that are alike in several scenarios."""
    seen, found = set(), []
    for name in PATHS:
        for measure in load_scenario(name).measures:
            key = measure.model_dump_json()
            if key not in seen:
                seen.add(key)
                found.append((name, measure.label))
    return found


@pytest.mark.parametrize(("name", "label"), measures())
def test_a_measure_moves_a_wedge_or_says_why_not(name, label):
    found = compiled(name)
    if not found.by_measure[label].is_none:
        return
    said = [remark for remark in found.remarks if remark.startswith(f"{label}: ")]
    assert any("changes nothing" in one or "moves nothing" in one for one in said), said


@cache
def baseline() -> zz.PathOutcome:
    return zz.simulate(context().world, context().labels.none(), years=YEARS[-1], decompose=())


@pytest.mark.long
@pytest.mark.parametrize(("name", "label"), measures())
def test_a_measure_moves_the_path_or_says_why_not(name, label):
    wedges = compiled(name).by_measure[label]
    if wedges.is_none:
        return  # says why, see above
    moved = zz.simulate(context().world, wedges, years=YEARS[-1], decompose=())
    changes = []
    for variable in moved.dataset.data_vars:
        after, before = (one.dataset[variable] for one in (moved, baseline()))
        if after.dtype.kind == "f" and after.shape == before.shape:
            changes.append(float(np.nanmax(np.abs(after - before).to_numpy(), initial=0.0)))
    assert max(changes) > LEAST
