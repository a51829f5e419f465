"""The levers, one file each; a new file in this folder is a new lever, nothing else changes."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.policy.measure import Measure


@lru_cache(maxsize=1)
def levers() -> dict[str, type[Measure]]:
    """Every lever by name: the `Measure` class of each module in this folder."""
    found: dict[str, type[Measure]] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        for value in vars(loaded).values():
            if (
                isinstance(value, type)
                and issubclass(value, Measure)
                and value.__module__ == loaded.__name__
            ):
                found[module.name] = value
    return found


def lever(name: object) -> type[Measure]:
    """Look a lever up; raises `ScenarioError` with the nearest name."""
    known = levers()
    if not isinstance(name, str) or name not in known:
        raise ScenarioError(f"lever {quoted(name)} is unknown{did_you_mean(name, known)}")
    return known[name]
