"""Scenarios and levers: from what a government decides to arrays that the model understands."""

from zizhu.policy.compile import compile_wedges, context_of, focus_of, remarks
from zizhu.policy.levers import lever, levers
from zizhu.policy.library import load_scenario, scenario_names, scenario_of
from zizhu.policy.measure import Measure
from zizhu.policy.scenario import Scenario, Variant, json_schema
from zizhu.policy.wedges import Wedges

__all__ = [
    "Measure",
    "Scenario",
    "Variant",
    "Wedges",
    "compile_wedges",
    "context_of",
    "focus_of",
    "json_schema",
    "lever",
    "levers",
    "load_scenario",
    "remarks",
    "scenario_names",
    "scenario_of",
]
