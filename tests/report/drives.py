"""Scenarios with years on the small world that tests of their report look at; each runs once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from small_paths import LAST, four_by_six

from zizhu.laboratory.scenario_path.resilience import resilience
from zizhu.laboratory.scenario_path.run import ScenarioPath, run_path
from zizhu.policy import Scenario

FOCUS = "CHN"
FUND = {
    "lever": "investment_fund",
    "label": "fund",
    "region": "CHN",
    "nodes": "semiconductors/etch",
    "size": "50 bn USD",
    "from": "2022-06-01",
    "source": "F03 & <guesses>",
}
MEASURES: list[dict[str, Any]] = [
    {
        "lever": "tariff",
        "label": "duty",
        "importers": "USA",
        "exporters": "CHN",
        "size": "10 percentage points",
        "from": "2024-01-01",
    },
    {
        "lever": "production_subsidy",
        "label": "support",
        "regions": "CHN",
        "sectors": "C26",
        "size": "2 %",
        "from": "2023-07-01",
    },
    FUND,
]
TARGETS = [
    {
        "label": "chips",
        "title": "seventy percent of chips",
        "region": "CHN",
        "battleground": "semiconductors",
        "at_least": "70 %",
        "year": 2025,
        "source": "F60",
    },
    {
        "label": "late",
        "region": "CHN",
        "sector": "C26",
        "at_least": "1 %",
        "year": 2040,
    },
]


def scenario(name: str = "drive", **changes: Any) -> Scenario:
    """A tariff, a subsidy, a fund and two targets; some fields changed."""
    fields = {
        "name": name,
        "title": f"The {name} & its <pressures>",
        "context": "A paragraph for the reader.",
        "sources": ["a publication"],
        "years": LAST,
        "focus": FOCUS,
        "measures": MEASURES,
        "targets": TARGETS,
        **changes,
    }
    return Scenario.model_validate(fields)


@cache
def drive() -> ScenarioPath:
    """Everything run."""
    return run_path(scenario(), world=four_by_six())


@cache
def quick_drive() -> ScenarioPath:
    """The fund alone, without what needs many paths but the shocks of the last year."""
    found = run_path(scenario("fund-only", measures=[FUND]), world=four_by_six(), quick=True)
    return replace(found, resilience=resilience(found.outcome.path, FOCUS, years=(LAST,)))


@cache
def no_drive() -> ScenarioPath:
    """No measure and no target: the baseline."""
    return run_path(scenario("nothing", measures=[], targets=[]), world=four_by_six())
