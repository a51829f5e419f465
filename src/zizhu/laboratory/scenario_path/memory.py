"""Paths beside the scenario's own are remembered: the second run of a scenario reads them.

What is kept rests on the package, the case with all its arrays and rates, the switches, the wedges
of every measure and what the scenario says beside its wedges: whose measure is a pressure, which
size is an assumption, how money is sized on another baseline. A change in any of them is another
key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

import jax
import numpy as np

from zizhu.cache import remembered_arrays
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.run import Path
from zizhu.laboratory.scenario_path.glimpse import Glimpse
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.scenario import Scenario

# What a scenario says to its reader alone.
_SAID_ONLY = {"name", "title", "context", "sources", "targets"}


def path_key(
    scenario: Scenario, path: Path, by_measure: Mapping[str, PathWedges], region: str
) -> bytes:
    """Digest of everything that paths beside a scenario's own rest on."""
    digest = hashlib.blake2b(f"{region} {sorted(path.structure.items())}".encode())
    digest.update(scenario.model_dump_json(exclude=_SAID_ONLY).encode())
    digest.update(case_key(path.case))
    for label, wedges in by_measure.items():
        digest.update(label.encode())
        digest.update(digest_of(wedges))
    return digest.digest()


def case_key(case: PathCase) -> bytes:
    """Digest of a case: of its years, parameters, labels, arrays and rates."""
    digest = hashlib.blake2b(f"{case.years} {case.scale_regime}".encode())
    digest.update(f"{case.graduate_lag} {case.building_years}".encode())
    digest.update(repr(sorted(case.parameters.items())).encode())
    digest.update(repr((case.world.name, case.world.regions, case.chains.nodes)).encode())
    for leaf in jax.tree.leaves((case.base, case.rates)):
        values = np.ascontiguousarray(leaf)
        digest.update(f"{values.shape} {values.dtype}".encode())
        digest.update(values.tobytes())
    return digest.digest()


def digest_of(wedges: PathWedges) -> bytes:
    """Digest of wedges of a path whose shape is known: of what is not zero."""
    digest = hashlib.blake2b()
    for name, array in wedges._asdict().items():
        if array.any():
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


def remembered_glimpses(
    what: str, key: bytes, compute: Callable[[], Sequence[Glimpse]]
) -> list[Glimpse]:
    """Glimpses in their order, from the disk if they are known."""

    def stacked() -> Mapping[str, np.ndarray]:
        found = compute()
        if not found:
            return {}
        return {name: np.stack([getattr(g, name) for g in found]) for name in Glimpse._fields}

    arrays = remembered_arrays(what, key, stacked)
    if set(arrays) != set(Glimpse._fields):
        return []
    number = len(arrays[Glimpse._fields[0]])
    return [
        Glimpse(**{name: arrays[name][place] for name in Glimpse._fields})
        for place in range(number)
    ]
