"""Recipes at the size at which what they plan to spend inside a path adds up to a given sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zizhu.errors import ScenarioError
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.scenario_path.context import path_context
from zizhu.laboratory.scenario_path.recipes import Aim, Recipe
from zizhu.model.path_record import Record
from zizhu.parameters import values
from zizhu.policy.compile_path import CompiledPath, compile_path
from zizhu.policy.path_context import PathContext
from zizhu.policy.scenario import Scenario, validate

_AGREEMENT = 1e-12
_TRIES = 8


def compiled_recipes(
    case: PathCase, baseline: Record, aim: Aim, recipes: Sequence[Recipe], total: float
) -> tuple[dict[str, CompiledPath], dict[str, str]]:
    """Each recipe scaled to the same outlay, million, and why others cannot be followed."""
    context: PathContext | None = None
    found, left_out = {}, {}
    for recipe in recipes:
        if recipe.on and not getattr(aim, recipe.on):
            left_out[recipe.name] = f"the field has no {recipe.on} in this path"
            continue
        try:
            if context is None:
                context = path_context(_scenario(case, aim, (), total), case, baseline)
            found[recipe.name] = _scaled(case, aim, recipe, context, total)
        except ScenarioError as error:
            left_out[recipe.name] = str(error)
    return found, left_out


def _scaled(
    case: PathCase, aim: Aim, recipe: Recipe, context: PathContext, total: float
) -> CompiledPath:
    """The recipe at the size at which its ledger adds up to the outlay."""
    size = 1.0
    for _ in range(_TRIES):
        measure = {"lever": recipe.lever, "label": recipe.name, **recipe.fields(aim, size)}
        compiled = compile_path(_scenario(case, aim, (measure,), total), context)
        spent = compiled.ledger.new.total
        if not spent > 0:
            raise ScenarioError(f"{recipe.name}: it spends nothing inside the path")
        if abs(spent / total - 1) <= _AGREEMENT:
            return compiled
        size *= total / spent
    raise ScenarioError(f"{recipe.name}: no size spends {total:g} million inside the path")


def _scenario(
    case: PathCase, aim: Aim, measures: Sequence[Mapping[str, Any]], total: float
) -> Scenario:
    """A scenario of one measure, whose outlay is financed."""
    usual = values()
    changed = {name: value for name, value in case.parameters.items() if value != usual[name]}
    return validate(
        {
            "name": "equal-outlay",
            "title": "One lever alone at the outlay of all others",
            "world": case.world.name,
            "years": case.years[-1],
            "parameters": changed,
            # A first guess of a size may spend any sum; what is run spends the total.
            "budget": {aim.region: f"{1e6 + total} bn USD"},
            "measures": list(measures),
        },
        "equal outlay",
    )
