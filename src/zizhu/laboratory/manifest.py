"""What identifies a run: hashes of its inputs, versions, time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from zizhu.indicators.plausibility import Beyond
from zizhu.laboratory.recount.misses import Recount
from zizhu.model.audit import Audit
from zizhu.parameters import regime, values
from zizhu.policy import Scenario
from zizhu.world import World, to_dataset


def world_hash(world: World) -> str:
    """SHA-256 of a world's labels and cells."""
    digest = hashlib.sha256()
    for label in (*world.regions, *world.sectors, *world.final_uses):
        digest.update(label.encode())
    dataset = to_dataset(world)
    for attribute in ("year", "currency", "isic", "pooled_origins"):
        digest.update(str(dataset.attrs[attribute]).encode())
    for name, variable in sorted(dataset.data_vars.items()):
        digest.update(str(name).encode())
        digest.update(np.ascontiguousarray(variable.values).tobytes())
    return digest.hexdigest()


def _text_hash(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()


def recounted(recount: Recount) -> dict[str, Any]:
    """Largest misses of the second count, by kind of number, and what it could not count."""
    return {
        "largest": recount.largest,
        "worst": recount.worst,
        "by_kind": dict(recount.misses),
        "left_out": list(recount.left_out),
    }


def manifest(
    scenario: Scenario,
    world: World,
    audits: tuple[Audit, Recount],
    warnings: Sequence[Beyond],
    seconds: float,
) -> dict[str, Any]:
    """Everything that reproduces a run: content and hashes of its inputs, versions, time.

    audits    of the equations and of what is shown: their largest misses
    warnings  where the answer lies beyond what the model can know
    """
    audit, recount = audits
    chosen = values(scenario.parameters)
    theta_psi = regime(scenario.options.elasticities)
    content = scenario.model_dump(mode="json", by_alias=True)
    return {
        "scenario": {"name": scenario.name, "sha256": _text_hash(content), "content": content},
        "world": {"name": world.name, "year": world.year, "sha256": world_hash(world)},
        "parameters": {"values": chosen, "sha256": _text_hash(chosen)},
        "elasticities": {
            "regime": theta_psi.name,
            "source": theta_psi.source,
            "sha256": _text_hash(theta_psi.model_dump(mode="json")),
        },
        "audit": {
            "equations": {"largest": audit.largest, "worst": audit.worst},
            "second_count": recounted(recount),
        },
        "warnings": [str(one) for one in warnings],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("zizhu", "jax", "numpy", "xarray", "pydantic")},
        },
        "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
    }
