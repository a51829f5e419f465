"""The tests of the audits: each fault of `faults` is put in alone, and the run must refuse it.

What is right passes first. Docs: `docs/audit.md`, whose table is this one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import small_tables
from faults import FAULTS, LIMITS, PATH, STATIC, Fault
from small_paths import four_by_six

import zizhu
from zizhu.errors import NotConverged
from zizhu.laboratory.experiment import run
from zizhu.laboratory.scenario_path.run import run_path
from zizhu.policy import Scenario

LAST = 2025
DUTY = {
    "lever": "tariff",
    "label": "duty",
    "importers": "USA",
    "exporters": "CHN",
    "size": "10 percentage points",
    "from": "2024-01-01",
}
# Each is there for some fault: money in two currencies, waste, funds, bars, places, productivity.
MEASURES: list[dict[str, Any]] = [
    DUTY,
    {
        "lever": "investment_subsidy",
        "label": "plants",
        "regions": "CHN",
        "sectors": "C26",
        "size": "50 bn CNY",
        "from": "2023-07-01",
    },
    {
        "lever": "investment_fund",
        "label": "fund",
        "region": "CHN",
        "nodes": "semiconductors/etch",
        "size": "50 bn USD",
        "from": "2022-06-01",
    },
    {
        "lever": "research_spending",
        "label": "laboratories",
        "regions": "CHN",
        "size": "0.3 % of GDP",
        "from": "2023-01-01",
    },
    {
        "lever": "talent_pipeline",
        "label": "engineers",
        "regions": "CHN",
        "size": "20 %",
        "from": "2022-09-01",
    },
    {"lever": "controls_timeline", "label": "controls", "until": "2025-06-30"},
    {
        "lever": "productivity",
        "label": "better",
        "regions": "CHN",
        "sectors": "C27",
        "size": "1 %",
        "from": "2024-07-01",
    },
]
TARGET = {
    "label": "chips",
    "region": "CHN",
    "battleground": "semiconductors",
    "at_least": "70 %",
    "year": LAST,
}
NORTH = {"importers": "N", "exporters": "S", "sectors": "A", "size": "20 percentage points"}
STATIC_MEASURES = [
    {"lever": "tariff", "label": "duty", **NORTH},
    {
        "lever": "investment_subsidy",
        "label": "plants",
        "regions": "S",
        "sectors": "C10T12",
        "size": "10 %",
    },
]
LIMITED = [
    {
        "lever": "export_control",
        "label": "cut",
        "suppliers": "N",
        "users": "S",
        "sectors": "A",
        "cut": "60 %",
    }
]


def of_path() -> np.ndarray:
    """A path on the small world with something of everything; what it comes to."""
    scenario = Scenario.model_validate(
        {
            "name": "everything",
            "title": "Something of everything",
            "years": LAST,
            "focus": "CHN",
            "structure": ["reaction=on"],
            "parameters": {"public_funds": 1.3},
            "measures": MEASURES,
            "targets": [TARGET],
        }
    )
    found = run_path(scenario, world=four_by_six(), quick=True)
    return np.asarray(found.outcome.dataset["real_income_effect"].values)


def of_static(measures: list[dict[str, Any]]) -> np.ndarray:
    """A static run on a made-up world."""
    isic = {"A": (1, 2, 3), "C10T12": (10, 11, 12), "G": (45, 46, 47)}
    world = zizhu.World(**small_tables(isic=isic))
    scenario = Scenario.model_validate(
        {"name": "small", "title": "Small", "focus": "N", "measures": measures}
    )
    return np.asarray(run(scenario, world=world, variants=False, drivers=False).real_income.values)


RUNS: dict[str, Callable[[], np.ndarray]] = {
    PATH: of_path,
    STATIC: lambda: of_static(STATIC_MEASURES),
    LIMITS: lambda: of_static(LIMITED),
}
RIGHT: dict[str, np.ndarray] = {}


@pytest.fixture(autouse=True)
def nothing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No number of a faulty run is kept for a right one, and none of a right one is used."""
    zizhu.cache.use_compilation_cache()
    monkeypatch.setenv(zizhu.cache.CACHE_VARIABLE, str(tmp_path / "cache"))


def right(what: str) -> np.ndarray:
    if what not in RIGHT:
        RIGHT[what] = RUNS[what]()
    return RIGHT[what]


@pytest.mark.parametrize("what", [PATH, STATIC, pytest.param(LIMITS, marks=pytest.mark.long)])
def test_what_is_right_passes(what):
    assert np.abs(right(what)).max() > 1e-3


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=fault.name, marks=() if fault.quick else pytest.mark.long)
        for fault in FAULTS
    ],
)
def test_a_fault_is_refused(fault: Fault, monkeypatch: pytest.MonkeyPatch):
    if fault.why:
        expected = right(fault.what)
        fault.commit(monkeypatch)
        np.testing.assert_allclose(RUNS[fault.what](), expected, atol=1e-7)
        return
    fault.commit(monkeypatch)
    with pytest.raises(NotConverged) as refused:
        RUNS[fault.what]()
    assert re.search(fault.caught, str(refused.value)), str(refused.value)


def test_every_fault_is_named_once():
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)
    for fault in FAULTS:
        assert bool(fault.caught) != bool(fault.why), fault.name
    # The twenty kinds that a first suite had, and more.
    assert len(FAULTS) >= 20


def test_the_page_has_every_fault():
    page = Path(__file__).parents[2] / "docs" / "audit.md"
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    listed = {row.split("|")[1].strip().strip("*") for row in rows}
    assert {fault.name for fault in FAULTS} <= listed
