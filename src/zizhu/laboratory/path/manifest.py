"""What identifies a path: hashes of its inputs, versions, time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from zizhu.indicators.plausibility import Beyond
from zizhu.laboratory.manifest import recounted, world_hash
from zizhu.laboratory.path.arguments import Choices
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.recount.misses import Recount
from zizhu.model.path_audit import PathAudit
from zizhu.parameters import regime
from zizhu.policy.path_wedges import PathWedges


def wedges_hash(wedges: PathWedges) -> str:
    """SHA-256 of what differs from no policy, by kind of wedge."""
    digest = hashlib.sha256(str(wedges.shape).encode())
    for name, values in sorted(wedges._asdict().items()):
        if values.any():
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(values, dtype=np.float64).tobytes())
    return digest.hexdigest()


def audit_of(audits: Mapping[str, PathAudit], recount: Recount) -> dict[str, Any]:
    """Largest misses: of the model's identities by run, of what is shown by kind of number."""
    return {
        "identities": {
            run: {"largest": one.largest, "worst": one.worst} for run, one in audits.items()
        },
        "second_count": recounted(recount),
    }


def path_manifest(
    case: PathCase,
    wedges: PathWedges,
    *,
    texts: Sequence[str],
    structure: Mapping[str, bool],
    choices: Choices,
    controls: dt.date | None,
    audit: Mapping[str, Any],
    warnings: Sequence[Beyond],
    seconds: float,
) -> dict[str, Any]:
    """Everything that reproduces a path.

    wedges     of the scenario, controls of the timeline included
    texts      that wedges were written in; empty if they were given as arrays
    structure  every switch
    audit      largest misses, see `audit_of`
    warnings   where the answer lies beyond what the model can know
    """
    theta_psi = regime(choices.elasticities)
    parameters = dict(case.parameters)
    return {
        "world": {
            "name": case.world.name,
            "year": case.world.year,
            "sha256": world_hash(case.world),
        },
        "years": [case.years[0], case.years[-1]],
        "wedges": {"texts": list(texts), "sha256": wedges_hash(wedges)},
        "controls": controls.isoformat() if controls else None,
        "structure": {
            **structure,
            "scale": choices.scale,
            "elasticities": choices.elasticities,
            "origins": choices.origins,
        },
        "parameters": {"values": parameters, "sha256": _hash(parameters)},
        "elasticities": {
            "regime": theta_psi.name,
            "source": theta_psi.source,
            "sha256": _hash(theta_psi.model_dump(mode="json")),
        },
        "audit": dict(audit),
        "warnings": [str(one) for one in warnings],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("zizhu", "jax", "numpy", "xarray", "pydantic")},
        },
        "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
    }


def _hash(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()
