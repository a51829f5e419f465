"""Numbers of a group of checks, kept between runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from zizhu.cache import remembered
from zizhu.errors import ZizhuError
from zizhu.laboratory.validation.check import Group, Numbers
from zizhu.laboratory.validation.runs import Runs

# What is only shown changes no number.
_SHOWN = {"cli", "report"}
_READ = {".py", ".yaml", ".nc", ".csv", ".json"}


class NotKnown(ZizhuError):
    """Numbers that were not computed yet."""


def remember(group: Group, runs: Runs) -> Numbers:
    """Numbers of a group: as they were found before by the same package, or by running the model.

    Raises `NotConverged` if a path was not solved.
    """

    def compute() -> Sequence[float]:
        found = group.measure(runs)
        return [float(found[name]) for name in group.names]

    return _numbers(group, compute)


def recall(group: Group) -> Numbers | None:
    """Numbers of a group if they are known already; nothing is run."""

    def unknown() -> Sequence[float]:
        raise NotKnown(group.name)

    try:
        return _numbers(group, unknown)
    except NotKnown:
        return None


def _numbers(group: Group, compute: Callable[[], Sequence[float]]) -> Numbers:
    if not group.names:
        return {}
    names = np.frombuffer(" ".join(group.names).encode(), dtype=np.uint8)
    found = remembered(f"validation {group.name}", [_package(), names], compute)
    return dict(zip(group.names, found, strict=True))


@lru_cache(maxsize=1)
def _package() -> np.ndarray:
    """Digest of everything that numbers depend on: code, parameters, tables."""
    top = Path(str(files("zizhu")))
    digest = hashlib.sha256()
    for file in sorted(top.rglob("*")):
        inside = file.relative_to(top)
        if file.suffix in _READ and inside.parts[0] not in _SHOWN:
            digest.update(str(inside).encode() + file.read_bytes())
    return np.frombuffer(digest.digest(), dtype=np.uint8)
