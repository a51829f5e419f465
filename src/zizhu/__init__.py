"""zizhu: an open laboratory for technological self-reliance.

>>> import zizhu as zz
>>> outcome = zz.run("decoupling")
>>> outcome.real_income
"""

from __future__ import annotations

# Imported when first used, so that `zizhu --help`, bad input and interrupts answer at once: even
# `typing` takes a while.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from zizhu.chains import load_chain
    from zizhu.errors import (
        ChainError,
        EvidenceError,
        HistoryError,
        NotConverged,
        OutputError,
        ParameterError,
        ScenarioError,
        WorldError,
        ZizhuError,
    )
    from zizhu.evidence import claims, facts
    from zizhu.laboratory import Outcome, rebase_world
    from zizhu.laboratory.bottleneck import look_at_chain, rank_chains
    from zizhu.laboratory.dependence import dependence
    from zizhu.laboratory.either import run
    from zizhu.laboratory.gains_from_trade import gains_from_trade
    from zizhu.laboratory.path.outcome import PathOutcome, simulate
    from zizhu.laboratory.scenario_path.run import ScenarioPath
    from zizhu.policy import Scenario, load_scenario, scenario_names
    from zizhu.report.write import write
    from zizhu.world import World, open_world

_LAZY = {
    "ChainError": "zizhu.errors",
    "EvidenceError": "zizhu.errors",
    "HistoryError": "zizhu.errors",
    "NotConverged": "zizhu.errors",
    "OutputError": "zizhu.errors",
    "ParameterError": "zizhu.errors",
    "ScenarioError": "zizhu.errors",
    "WorldError": "zizhu.errors",
    "ZizhuError": "zizhu.errors",
    "Outcome": "zizhu.laboratory",
    "dependence": "zizhu.laboratory.dependence",
    "claims": "zizhu.evidence",
    "facts": "zizhu.evidence",
    "gains_from_trade": "zizhu.laboratory.gains_from_trade",
    "load_chain": "zizhu.chains",
    "look_at_chain": "zizhu.laboratory.bottleneck",
    "rank_chains": "zizhu.laboratory.bottleneck",
    "PathOutcome": "zizhu.laboratory.path.outcome",
    "rebase_world": "zizhu.laboratory",
    "run": "zizhu.laboratory.either",
    "Scenario": "zizhu.policy",
    "ScenarioPath": "zizhu.laboratory.scenario_path.run",
    "load_scenario": "zizhu.policy",
    "scenario_names": "zizhu.policy",
    "simulate": "zizhu.laboratory.path.outcome",
    "write": "zizhu.report",
    "World": "zizhu.world",
    "open_world": "zizhu.world",
}

__all__ = [
    "ChainError",
    "EvidenceError",
    "HistoryError",
    "NotConverged",
    "Outcome",
    "OutputError",
    "ParameterError",
    "PathOutcome",
    "Scenario",
    "ScenarioError",
    "ScenarioPath",
    "World",
    "WorldError",
    "ZizhuError",
    "claims",
    "dependence",
    "facts",
    "gains_from_trade",
    "load_chain",
    "load_scenario",
    "look_at_chain",
    "open_world",
    "rank_chains",
    "rebase_world",
    "run",
    "scenario_names",
    "simulate",
    "write",
]


def __getattr__(name: str) -> object:
    if name in _LAZY:
        import importlib  # noqa: PLC0415 (as above)

        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'zizhu' has no attribute {name!r}")
